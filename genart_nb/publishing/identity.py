"""Who signs: a certificate authority and a signer of this computer's own, made on first use.

C2PA refuses a certificate that signs itself, so there are two: an authority, whose key signs once and is then
forgotten, and the signer it vouches for. They name no person. Files signed with them verify here; elsewhere they are
well signed, by somebody unknown, until `anchors.pem` is trusted there.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from genart_nb.errors import MarkError
from genart_nb.paths import data_home

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, KeyUsage, Name

ORGANIZATION = "Made with genart_nb"
"""C2PA wants one; a person's name is added to a work only by its author."""

_DAYS = 3650
_RENEW = datetime.timedelta(days=30)  # before the end, a new identity is made
_PARTS = ("key.pem", "chain.pem", "anchors.pem")
_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"  # a purpose that C2PA accepts of a signer


@dataclass(frozen=True, slots=True)
class Identity:
    """PEM texts: the signer's private key, its certificate with the authority's, and every authority there has been."""

    key: str
    chain: str
    anchors: str


def home() -> Path:
    """Where it is kept."""
    return data_home() / "identity"


def anchors() -> str:
    """Certificates of this computer's authorities, PEM; empty where nothing was ever signed."""
    try:
        return (home() / "anchors.pem").read_text(encoding="ascii")
    except (OSError, ValueError):
        return ""


def identity() -> Identity:
    """The identity of this computer, made now if there is none or it ends soon.

    Raises MarkError where it is damaged or the disk will not take it.
    """
    try:
        if not (home() / "key.pem").exists():
            _make(home(), "")
        held = _read(home())
        if _ends(held) - datetime.datetime.now(datetime.UTC) < _RENEW:
            held = _renewed(held)
    except (OSError, ValueError) as error:
        what = f"The signing identity in {home()} cannot be used: {error}."
        raise MarkError(what, f"move {home()} away, and a new one is made") from None
    return held


def _read(folder: Path) -> Identity:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    held = Identity(*((folder / name).read_text(encoding="ascii") for name in _PARTS))
    load_pem_private_key(held.key.encode(), None)
    return held


def _ends(held: Identity) -> datetime.datetime:
    from cryptography import x509

    return x509.load_pem_x509_certificate(held.chain.encode()).not_valid_after_utc


def _renewed(held: Identity) -> Identity:
    """A new identity in the old one's place; the old authority is trusted still, for what it signed."""
    old = home().with_name(f"identity-{_ends(held):%Y-%m-%d}")
    home().rename(old)
    _make(home(), held.anchors)
    return _read(home())


def _make(target: Path, earlier: str) -> None:
    """Write a new identity, whole or not at all; one that another process has made meanwhile stands."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".identity-", dir=target.parent))  # 0700
    try:
        key, chain, anchor = _pair()
        for name, text in zip(_PARTS, (key, chain, earlier + anchor), strict=True):
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
        folder.rename(target)
    except OSError:
        if not (target / "key.pem").exists():
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pair() -> tuple[str, str, str]:
    """Signer's key, chain and authority, PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _authority(authority_key)
    signer = _signer(key, authority, authority_key)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    above, below = (each.public_bytes(serialization.Encoding.PEM).decode() for each in (authority, signer))
    return private, below + above, above


def _authority(key: EllipticCurvePrivateKey) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    name = _name("genart_nb local authority")
    builder = _begun(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True).sign(key, hashes.SHA256())


def _signer(
    key: EllipticCurvePrivateKey, authority: Certificate, authority_key: EllipticCurvePrivateKey
) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    builder = (
        _begun(_name("genart_nb local signer"), authority.subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage("digital_signature"), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(_EMAIL_PROTECTION)]), critical=False)
    )
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return builder.add_extension(above, critical=False).sign(authority_key, hashes.SHA256())


def _name(common: str) -> Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    parts = [(NameOID.ORGANIZATION_NAME, ORGANIZATION), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(*part) for part in parts])


def _begun(subject: Name, issuer: Name, key: EllipticCurvePrivateKey) -> CertificateBuilder:
    from cryptography import x509

    begin = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)  # clocks differ
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*allowed: str) -> KeyUsage:
    from cryptography import x509

    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{name: name in allowed for name in every})
