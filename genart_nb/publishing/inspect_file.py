"""What a file says of itself, and whether it is true: its record, its content, its signature.

Nothing in the file is believed. A recipe is held against its digest, the content against its fingerprint, the whole
against its signature; a file that has lost its record is looked up among the reader's own works by its content.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from genart_nb import marks
from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError, GenartError, MarkError, UsageError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import Entry
from genart_nb.marks.parameters import Parameters, parsed
from genart_nb.media import medium
from genart_nb.media.base import Medium
from genart_nb.publishing import signing
from genart_nb.publishing.rebuilt import cell_of, foreign_cell
from genart_nb.publishing.signing import Credentials
from genart_nb.recipe import Recipe

if TYPE_CHECKING:
    from genart_nb.media.likeness import Comparison

LARGEST = 1 << 30
"""Bytes of a file that is read at all."""

Content = Literal["same", "close", "different", "unread", ""]
Origin = Literal["ours", "gallery", "foreign", "unknown"]

_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
_FILMS = (".webp", ".gif", ".mp4")
_LOSSLESS = (".png", ".svg", ".wav", ".mid", ".midi", ".txt", ".mp4")


@dataclass(frozen=True)
class Report:
    """What was found. `faults` are what is wrong with it, each a sentence; without any, it is what it says.

    `origin`: ours (it carries our record), gallery (it does not, but a work of this gallery is the same), foreign (it
    says how another program made it), unknown. `content`: same, close, different, or unread where it cannot be
    compared. `signature` is None for a file without one, or where `unverified` says why it was not looked at.
    """

    path: Path
    origin: Origin
    record: Mapping[str, Any] | None = None
    recipe: Recipe | None = None
    cell: str = ""
    content: Content = ""
    content_told: str = ""
    signature: Credentials | None = None
    unverified: str = ""
    parameters: Parameters | None = None
    said: Mapping[str, str] | None = None
    entry: Entry | None = None
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def examine(path: Path, gallery: Gallery) -> Report:
    """Look at one file; raises UsageError where there is none to look at."""
    content = _read(path)
    found = marks.find(content)
    signature, unverified = _signature(path, content)
    faults = _signature_faults(signature)
    record, from_signature = None, False
    try:
        record = marks.read(content)
    except MarkError as error:
        faults.append(error.what)
    if record is None and signature and signature.record and isinstance(signature.record.get("recipe"), dict):
        record, from_signature = dict(signature.record), True
    known: dict[str, Any] = {"path": path, "signature": signature, "unverified": unverified}
    if record is not None:
        told = ("its metadata is gone; the recipe was read from its signature",) if from_signature else ()
        return _ours(content, record, known, faults, told)
    entry, work, notes = _lookup(path, content, gallery)
    if entry and work:
        return Report(**known, origin="gallery", record=work.record, recipe=work.recipe, cell=cell_of(work.recipe),
                      content="same", entry=entry, faults=tuple(faults))  # fmt: skip
    said = {name: text for name, text in (("software", found.software), ("comment", found.comment)) if text}
    if found.parameters:
        known["parameters"] = parsed(found.parameters)
        if recalled := _recalled(known["parameters"], path, content, gallery):
            notes = ("its record is gone; the recipe it names is in your gallery, and the content is that work's",)
            return _ours(content, recalled, known, faults, notes)
        cell = foreign_cell(known["parameters"])
        return Report(**known, origin="foreign", said=said, cell=cell, notes=notes, faults=tuple(faults))
    origin: Origin = "foreign" if said or signature else "unknown"
    return Report(**known, origin=origin, said=said, notes=notes, faults=tuple(faults))


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UsageError(f"There is no file {path}.", "name a picture, song or clip")
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} is larger than {LARGEST >> 20} MB.", "name a picture, song or clip")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.", "see that you may read it") from None


def _ours(
    content: bytes, record: dict[str, Any], known: Mapping[str, Any], faults: list[str], notes: tuple[str, ...]
) -> Report:
    left_out = record.get("left_out") if isinstance(record.get("left_out"), dict) else {}
    recipe, digest = None, str(record.get("digest", ""))[:16]
    try:
        recipe = Recipe.read(record["recipe"])
    except GenartError as error:
        faults.append(error.what)
    if recipe and left_out:
        notes += (f"left out of the file: {', '.join(map(str, left_out))[:200]}; so its digest cannot be checked",)
    elif recipe and recipe.digest != digest:
        faults.append(f"The recipe was edited: it is {recipe.digest}, and the work was made from {digest!r}.")
    signed = known["signature"].record if known["signature"] else None
    if signed and signed.get("recipe") != record["recipe"]:
        faults.append("The recipe in the file is not the one that was signed.")
    verdict, told = _compared(content, record, known["path"].suffix.lower())
    if verdict == "different":
        faults.append(f"The content is not what the record says: {told}.")
    elif verdict == "close" and known["path"].suffix.lower() in _LOSSLESS and not _derived(record, known["path"]):
        faults.append(f"The content was changed, a little: {told}.")
    return Report(**known, origin="ours", record=record, recipe=recipe, cell=cell_of(recipe) if recipe else "",
                  content=verdict, content_told=told, notes=notes, faults=tuple(faults))  # fmt: skip


def _derived(record: Mapping[str, Any], path: Path) -> bool:
    """Whether the file is in another format than the medium keeps, so that the content may differ by rights."""
    try:
        return medium(str(record.get("medium"))).suffix != path.suffix.lower()
    except GenartError:
        return True


def _compared(content: bytes, record: Mapping[str, Any], suffix: str) -> tuple[Content, str]:
    """How the content stands to the record's fingerprint, and in words why."""
    from genart_nb.media.likeness import Shown, anything, pictures

    then = record.get("fingerprint")
    if not isinstance(then, dict) or "sha256" not in then:
        return "unread", "the record has no fingerprint"
    own = str(record.get("medium", ""))
    for name in dict.fromkeys([own, "picture"]):  # what shows a work, a film strip for one, is a picture
        now = _fingerprint(name, content)
        if now is None:
            continue
        if now["sha256"] == then["sha256"] or (name == "picture" and now["sha256"] == then.get("still")):
            return "same", ""
        if name == "picture" and name != own and "thumbnail" not in then:
            continue
        if set(then) == {"sha256"}:
            lossless = suffix in _LOSSLESS and suffix != ".mp4"
            return ("different", "its bits differ") if lossless else ("unread", "its signature alone can tell")
        try:
            then = _scaled(then, now) if name == "picture" else then
            how = pictures if name == "picture" else getattr(medium(name), "compare", anything)
            found: Comparison = how(Shown(then), Shown(now))
            return _verdict(found)
        except Exception:  # a fingerprint from a file may be anything at all
            return "unread", "the record's fingerprint is broken"
    return "unread", f"a {own or 'work'} cannot be read from a {suffix or 'file without ending'}"


def _verdict(found: Comparison) -> tuple[Content, str]:
    """Close, if the eye says so: a perceptual hash of smooth colours is thrown off by a mere change of format."""
    from genart_nb.media.likeness import DRIFTED, Verdict

    alike = found.verdict is not Verdict.DIFFERENT or found.distances.get("grey", 255) <= DRIFTED["grey"]
    far = ", ".join(f"{name} {value:.3g}" for name, value in found.distances.items())
    told = f"apart by {far}" if far else "; ".join(found.reasons).rstrip(".")
    return "close" if alike else "different", told


def _scaled(then: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The fingerprint of the same picture in the size of a copy; as it is, where the copy is of another shape.

    What a song looks like has no size of its own.
    """
    if "width" not in then:
        return {**then, "width": now["width"], "height": now["height"]}
    across, down = now["width"] / then["width"], now["height"] / then["height"]
    return {**then, "width": now["width"], "height": now["height"]} if abs(across / down - 1) < 0.02 else then


def _fingerprint(name: str, content: bytes) -> dict[str, Any] | None:
    """The fingerprint of a file's content as one medium sees it; None where it is none of its files."""
    try:
        kind: Medium = medium(name)
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # Pillow warns of a bomb before it unpacks one
            return kind.fingerprint(kind.load(marks.strip(content)))
    except Exception:  # whatever a broken or foreign file does to its reader, it has no fingerprint
        return None


def _lookup(
    path: Path, content: bytes, gallery: Gallery
) -> tuple[Entry | None, Artwork | None, tuple[str, ...]]:  # fmt: skip
    """The work of the gallery with the very same content, or what hindered the search."""
    suffix = path.suffix.lower()
    names = ["contact", "picture"] if suffix in _PICTURES else []
    names += [f"clip-{suffix[1:]}" if suffix != ".webp" else "clip"] if suffix in _FILMS else []
    names += ["vector"] if suffix == ".svg" else []
    names += ["text"] if not names else []
    try:
        for name in names:
            found = _fingerprint(name, content)
            entries = gallery.search(sha256=str(found["sha256"]), limit=1) if found else []
            if entries:
                return entries[0], gallery.get(entries[0].id), ()
    except GalleryError as error:
        return None, None, (f"your gallery was asked in vain: {error.what}",)
    return None, None, ()


def _recalled(told: Parameters, path: Path, content: bytes, gallery: Gallery) -> dict[str, Any] | None:
    """The record of a work whose recipe our own `parameters` name, where the content bears it out."""
    digest = told.settings.get("Recipe", "")
    if not told.settings.get("Version", "").startswith("genart_nb ") or not digest:
        return None
    try:
        records = [gallery.get(entry.id).record for entry in gallery.search(digest=digest, limit=5)]
    except GalleryError:
        return None
    suffix = path.suffix.lower()
    return next((each for each in records if _compared(content, each, suffix)[0] in ("same", "close")), None)


def _signature(path: Path, content: bytes) -> tuple[Credentials | None, str]:
    beside = path.with_name(path.name + ".c2pa")
    manifest = beside.read_bytes() if beside.is_file() and beside.stat().st_size < LARGEST else None
    if manifest is None and not signing.is_signed(content):
        return None, ""
    if reason := signing.missing():
        return None, f"it is signed (C2PA), but {reason}"
    return signing.verify(content, path.suffix, manifest), ""


def _signature_faults(signature: Credentials | None) -> list[str]:
    if signature is None or signature.state != "broken":
        return []
    told = ", ".join(signature.failures)
    return [f"The signature does not hold: the file was changed after it was signed, or was never whole ({told})."]
