"""Signatures: every format is signed, C2PA's own reader agrees, and a single changed byte is noticed."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtensionOID, NameOID
from marked_files import FILES, recipe, shown, suffix, text_png, work

from genart_nb import marks
from genart_nb.errors import MarkError
from genart_nb.publishing import identity, signing
from genart_nb.publishing.signing import LABEL, sign, verify

KINDS = list(FILES)
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
TYPES = {".jpg": "image/jpeg", ".svg": "image/svg+xml", ".mp4": "video/mp4", ".wav": "audio/wav", ".mp3": "audio/mpeg"}
APART = (".mid", ".flac", ".ogg", ".musicxml")


@pytest.fixture(autouse=True)
def home(genart_home: Path) -> Iterator[Path]:
    yield genart_home


def signed(folder: Path, kind: str, **more: Any) -> tuple[Path, bytes | None]:
    """A marked and signed file, and the manifest beside it if it is not inside."""
    record = more.pop("record", work().record)
    path = folder / f"work{suffix(kind)}"
    path.write_bytes(marks.write(FILES[kind](), path.suffix, record))
    told = sign(path, record, **more)
    assert told and told.file is not None
    return path, told.file.read_bytes() if told.file != path else None


def library_says(content: bytes, kind: str, manifest: bytes | None, anchors: str) -> tuple[str, list[str]]:
    """The state and the failures, as C2PA's reader has them with these anchors."""
    told: dict[str, Any] = {"verify": {"verify_trust": True}}
    if anchors:
        told["trust"] = {"trust_anchors": anchors}
    mime = TYPES.get(suffix(kind), f"image/{suffix(kind)[1:]}") if not manifest else "application/octet-stream"
    with c2pa.Context.from_dict(told) as context:
        reader = c2pa.Reader(mime, io.BytesIO(content), manifest, context=context)
        failures = reader.get_validation_results()["activeManifest"]["failure"]
        return reader.get_validation_state(), [each["code"] for each in failures]


@pytest.mark.parametrize("kind", KINDS)
def test_every_format_is_signed_and_stays_what_it_was(kind: str, tmp_path: Path) -> None:
    path, manifest = signed(tmp_path, kind)
    content = path.read_bytes()
    found = verify(content, path.suffix, manifest)
    assert found is not None and found.state == "ours" and found.failures == ()
    assert found.source_type == TRAINED and found.signer == identity.ORGANIZATION
    assert found.record is not None and found.record["recipe"] == recipe().model_dump(mode="json")
    assert shown(content, kind) == shown(FILES[kind](), kind)
    assert marks.read(content) == marks.read(marks.write(FILES[kind](), path.suffix, work().record))
    assert (manifest is None) == (kind not in APART) and not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_librarys_own_reader_agrees(kind: str, tmp_path: Path) -> None:
    path, manifest = signed(tmp_path, kind)
    assert library_says(path.read_bytes(), kind, manifest, identity.anchors()) == ("Trusted", [])
    assert library_says(path.read_bytes(), kind, manifest, "") == ("Valid", ["signingCredential.untrusted"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_byte_breaks_it(kind: str, tmp_path: Path) -> None:
    path, manifest = signed(tmp_path, kind)
    content, plain = bytearray(path.read_bytes()), FILES[kind]()
    middle = plain[len(plain) // 2 :][:12]  # of the work, not of the manifest's padding
    piece = {".svg": b"#246", ".musicxml": b"<part id"}.get(kind, middle)
    content[content.index(piece) + 1] ^= 1
    found = verify(bytes(content), path.suffix, manifest)
    assert found is not None and found.state == "broken" and found.failures


@pytest.mark.parametrize("kind", [".png", ".mid"])
def test_a_changed_signature_is_broken(kind: str, tmp_path: Path) -> None:
    path, manifest = signed(tmp_path, kind)
    content = bytearray(manifest or path.read_bytes())
    content[content.index(b"trainedAlgorithmicMedia") + 3] ^= 1
    beside = (path.read_bytes(), bytes(content)) if manifest else (bytes(content), None)
    found = verify(beside[0], path.suffix, beside[1])
    assert found is not None and found.state == "broken"


def test_another_recipe_in_a_signed_file_breaks_it(tmp_path: Path) -> None:
    path, _ = signed(tmp_path, ".png")
    swapped = marks.write(path.read_bytes(), ".png", work("a dog").record)
    found = verify(swapped, ".png")
    assert found is not None and found.state == "broken"


def test_a_file_without_a_signature_has_none() -> None:
    for kind in KINDS:
        assert verify(FILES[kind](), suffix(kind)) is None
    assert verify(b"", ".png") is None and verify(b"hello", ".txt") is None


def test_the_certificates_are_a_chain_that_names_an_organization_and_nobody(home: Path, tmp_path: Path) -> None:
    signed(tmp_path, ".png")
    signer, authority = x509.load_pem_x509_certificates((home / "identity" / "chain.pem").read_bytes())
    public = authority.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    signer.verify_directly_issued_by(authority)
    assert authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert signer.extensions.get_extension_for_oid(ExtensionOID.AUTHORITY_KEY_IDENTIFIER)
    for each in (signer, authority):
        names = {attribute.oid: attribute.value for attribute in each.subject}
        assert names[NameOID.ORGANIZATION_NAME] == "Made with genart_nb" and len(names) == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps permissions elsewhere")
def test_only_its_owner_reads_the_key_and_the_authoritys_is_kept_nowhere(home: Path, tmp_path: Path) -> None:
    signed(tmp_path, ".png")
    folder = home / "identity"
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private = [path.name for path in folder.iterdir() if "PRIVATE KEY" in path.read_text()]
    assert private == ["key.pem"] and (folder / "key.pem").read_text().count("PRIVATE KEY") == 2


def test_many_who_sign_first_at_once_share_one_identity(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(lambda _: identity.identity(), range(8)))
    assert len(set(held)) == 1 and [path.name for path in home.iterdir()] == ["identity"]


def test_an_identity_that_ends_is_renewed_and_what_it_signed_still_verifies(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity, "_DAYS", 20)
    monkeypatch.setattr(identity, "_RENEW", identity.datetime.timedelta(days=0))
    path, _ = signed(tmp_path, ".png")
    old = identity.identity()
    monkeypatch.undo()
    monkeypatch.setenv("GENART_HOME", str(home))
    new = identity.identity()
    assert new.key != old.key and new.anchors.startswith(old.anchors) and new.anchors != old.anchors
    found = verify(path.read_bytes(), ".png")
    assert found is not None and found.state == "ours"
    assert identity.identity() == new


@pytest.mark.parametrize("name, text", [("key.pem", "no key"), ("chain.pem", "none"), ("chain.pem", None)])
def test_a_damaged_identity_is_told_with_what_helps(home: Path, tmp_path: Path, name: str, text: str | None) -> None:
    path, _ = signed(tmp_path, ".png")
    part = home / "identity" / name
    part.unlink() if text is None else part.write_text(text)
    before = path.read_bytes()
    with pytest.raises(MarkError) as told:
        sign(path, work().record)
    assert str(home / "identity") in f"{told.value.what} {told.value.fix}" and path.read_bytes() == before


def test_a_file_that_is_not_what_its_name_says_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "x.mp4"
    path.write_bytes(b"no film at all")
    with pytest.raises(MarkError, match="cannot be signed"):
        sign(path, work().record)
    assert path.read_bytes() == b"no film at all"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["genart_home", "x.mp4"]
    with pytest.raises(MarkError, match="cannot be signed"):
        sign(tmp_path / "none.png", work().record)


@pytest.mark.parametrize("art, model, kind", [
    ("code", "smollm2-135m", "algorithmicMedia"), ("paint", "painter", "trainedAlgorithmicMedia"),
])  # fmt: skip
def test_what_made_it_is_stated(art: str, model: str, kind: str, tmp_path: Path) -> None:
    record = {**work().record, "recipe": recipe(art=art, model=model).model_dump(mode="json")}
    path, _ = signed(tmp_path, ".svg", record=record)
    with c2pa.Reader("image/svg+xml", io.BytesIO(path.read_bytes())) as reader:
        told = {each["label"]: each["data"] for each in reader.get_active_manifest()["assertions"]}
    (action,) = told["c2pa.actions.v2"]["actions"]
    assert action["action"] == "c2pa.created" and action["digitalSourceType"].endswith("/" + kind)
    assert set(told) == {"c2pa.actions.v2", LABEL}


def test_an_author_is_named_only_if_given_and_no_path_is(tmp_path: Path) -> None:
    record = work(model="/home/jo/models/mine").record
    path, _ = signed(tmp_path, ".png", record=record, author="Ada <ada@example.org>")
    with c2pa.Reader("image/png", io.BytesIO(path.read_bytes())) as reader:
        text = json.dumps(json.loads(reader.json()))
    assert "Ada <ada@example.org>" in text and "/home" not in text and '"mine"' in text
    assert str(tmp_path) not in text and os.uname().nodename not in text


def test_without_the_extra_it_is_said_and_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, _ = signed(tmp_path, ".png")
    before = path.read_bytes()
    monkeypatch.setitem(sys.modules, "c2pa", None)
    monkeypatch.setattr(signing.importlib.util, "find_spec", lambda name: None)
    told = sign(path, work().record)
    assert not told and told.reason == "signing needs c2pa and cryptography: pip install 'genart_nb[publish]'"
    assert path.read_bytes() == before and signing.is_signed(before)
    with pytest.raises(MarkError) as raised:
        verify(before, ".png")
    assert raised.value.fix == "pip install 'genart_nb[publish]'"


def test_a_picture_that_only_speaks_of_signatures_and_one_whose_manifest_is_lost(tmp_path: Path) -> None:
    assert not signing.is_signed(text_png(Comment="jumdc2pa <c2pa:manifest"))
    lost = text_png(Comment=signing._MANIFEST[0].decode("latin-1"))
    found = verify(lost, ".png")
    assert signing.is_signed(lost) and found is not None and found.state == "broken"
