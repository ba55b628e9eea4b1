"""C2PA: signed statements of how a file came about, in the file itself (https://spec.c2pa.org).

Signing comes last: whatever is written to a file afterwards breaks its signature, which is what it is for.
"""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from genart_nb import marks
from genart_nb.errors import MarkError
from genart_nb.publishing.identity import anchors, identity
from genart_nb.publishing.outcome import INSTALL, Outcome
from genart_nb.version import __version__

LABEL = "vnd.genart.record"
"""Of the assertion that holds the recipe."""

_TYPES = {
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp", ".gif": "image/gif",
    ".svg": "image/svg+xml", ".mp4": "video/mp4", ".wav": "audio/wav", ".mp3": "audio/mpeg",
}  # fmt: skip
_APART = "application/octet-stream"
_UNTRUSTED = "signingCredential.untrusted"
# The name of a manifest store as its box has it, and what holds one in SVG: neither can stand in a text.
_MANIFEST = (b"jumdc2pa" + bytes.fromhex("00110010800000aa00389b71"), b"<c2pa:manifest>")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a signature says, and whether it holds.

    `state`: ours (signed by this computer), foreign (whole, signed by somebody unknown here), broken (the file was
    changed since, or the signature itself). `failures` are C2PA's codes; `record` is our assertion, if it has one.
    """

    state: Literal["ours", "foreign", "broken"]
    signer: str = ""
    generator: str = ""
    source_type: str = ""
    record: Mapping[str, Any] | None = None
    failures: tuple[str, ...] = ()


def missing() -> str:
    """Why nothing can be signed or verified here; empty where it can."""
    lacking = [name for name in ("c2pa", "cryptography") if importlib.util.find_spec(name) is None]
    return f"signing needs {' and '.join(lacking)}: {INSTALL}" if lacking else ""


def sign(path: Path, record: Mapping[str, Any], author: str = "") -> Outcome:
    """Sign a file as it lies there; the signature goes into it, or beside it as `NAME.c2pa` for formats without room.

    `record` is `Artwork.record`; `author` is named in the statement, if given. Without the extra `publish` nothing
    happens, and the reason says so. Raises MarkError where the file cannot be signed, which is then as it was.
    """
    if reason := missing():
        return Outcome(None, reason)
    kind = _TYPES.get(path.suffix.lower(), _APART)
    target = path if kind != _APART else path.with_name(path.name + ".c2pa")
    try:
        content = path.read_bytes()
        manifest, signed = _signed(content, kind, _statement(path.name, record, author))
        part = target.with_name(f".{target.name}.part")
        part.write_bytes(signed if target == path else manifest)
        part.replace(target)
    except OSError as error:
        raise MarkError(f"{path} cannot be signed: {error.strerror}.", "see that it can be written") from None
    return Outcome(target)


def is_signed(content: bytes) -> bool:
    """Whether a file seems to carry a C2PA manifest; needs nothing installed."""
    return any(sign in content for sign in _MANIFEST)


def verify(content: bytes, suffix: str, manifest: bytes | None = None) -> Credentials | None:
    """What the signature of a file says, or None for one without; `manifest` is the content of the file beside it.

    Nothing is fetched. Raises MarkError where the extra `publish` is not installed.
    """
    if reason := missing():
        raise MarkError(f"The signature cannot be verified: {reason.partition(':')[0]}.", INSTALL)
    import c2pa

    kind = _TYPES.get(suffix.lower(), _APART)
    try:
        with _context() as context, c2pa.Reader(kind, io.BytesIO(content), manifest, context=context) as reader:
            return _credentials(reader)
    except c2pa.C2paError.ManifestNotFound:
        return Credentials("broken", failures=("the manifest cannot be found",)) if is_signed(content) else None
    except c2pa.C2paError as error:
        if not manifest and not is_signed(content):
            return None
        return Credentials("broken", failures=(str(error)[:200],))


def _statement(title: str, record: Mapping[str, Any], author: str) -> dict[str, Any]:
    source = marks.source_type(record)
    created = {
        "action": "c2pa.created",
        "digitalSourceType": source,
        "softwareAgent": {"name": "genart_nb", "version": __version__},
    }
    assertions: list[dict[str, Any]] = [
        {"label": "c2pa.actions.v2", "data": {"actions": [created]}},
        {"label": LABEL, "data": _told(record)},
    ]
    if author:
        whose = {"@type": "CreativeWork", "author": [{"@type": "Person", "name": author}]}
        data = {"@context": "https://schema.org", **whose}
        assertions.append({"label": "stds.schema-org.CreativeWork", "data": data})
    agent = {"name": "genart_nb", "version": __version__}
    return {"title": title, "claim_generator_info": [agent], "assertions": assertions}


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record as the public may have it, without the thumbnails, which the file itself shows."""
    public = dict(marks.public(record))
    if "fingerprint" in public:
        public["fingerprint"] = {"sha256": public["fingerprint"]["sha256"]}
    return public


def _signed(content: bytes, kind: str, statement: dict[str, Any]) -> tuple[bytes, bytes]:
    """The manifest, and the file with it inside where that is possible."""
    import c2pa

    who = identity()
    info = c2pa.C2paSignerInfo(b"es256", who.chain.encode(), who.key.encode(), None)
    target = io.BytesIO()
    try:
        with _context() as context, c2pa.Signer.from_info(info) as signer, c2pa.Builder(statement, context) as builder:
            if kind == _APART:
                builder.set_no_embed()
            manifest = builder.sign(signer, kind, io.BytesIO(content), target)
    except c2pa.C2paError as error:
        what = f"The file cannot be signed: {str(error)[:200]}."
        raise MarkError(what, "see that it opens, or publish it unsigned") from None
    return bytes(manifest), target.getvalue()


@contextmanager
def _context() -> Iterator[Any]:
    """C2PA's settings: our own authorities are trusted, nothing is fetched, no thumbnail is added."""
    import c2pa

    settings: dict[str, Any] = {
        "verify": {"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        "builder": {"thumbnail": {"enabled": False}},
    }
    if trusted := anchors():
        settings["trust"] = {"trust_anchors": trusted}
    with c2pa.Context.from_dict(settings) as context:
        yield context


def _credentials(reader: Any) -> Credentials:
    state = reader.get_validation_state()
    results = (reader.get_validation_results() or {}).get("activeManifest", {})
    failures = tuple(str(each.get("code")) for each in results.get("failure", ()))
    active = reader.get_active_manifest() or {}
    told = {each.get("label"): each.get("data") for each in active.get("assertions", ())}
    actions = (told.get("c2pa.actions.v2") or told.get("c2pa.actions") or {}).get("actions", ())
    signature = active.get("signature_info") or {}
    generator: dict[str, Any] = next(iter(active.get("claim_generator_info") or ()), {})
    return Credentials(
        {"Trusted": "ours", "Valid": "foreign"}.get(state, "broken"),  # type: ignore[arg-type]
        str(signature.get("issuer") or signature.get("common_name") or ""),
        " ".join(str(generator[key]) for key in ("name", "version") if key in generator),
        next((str(each["digitalSourceType"]) for each in actions if "digitalSourceType" in each), ""),
        _plain(told.get(LABEL)),
        tuple(code for code in failures if code != _UNTRUSTED),
    )


def _plain(record: Any) -> dict[str, Any] | None:
    return json.loads(json.dumps(record)) if isinstance(record, dict) else None
