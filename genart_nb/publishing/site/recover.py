"""A work's data out of the output that a notebook stores: what a page shows is made anew from it, never copied HTML.

Every function takes the mime bundle and the record; it returns the data, or None where the output no longer holds it.
"""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Callable, Mapping
from html import unescape
from itertools import product
from typing import Any

from genart_nb.errors import GenartError
from genart_nb.media.base import medium, sha256
from genart_nb.publishing.site import songs
from genart_nb.publishing.site.notebook import joined

PIXELS = 80_000_000
"""Pixels of the largest picture that is decoded."""

_CLIP = re.compile(r'src="data:(?:image/(?:webp|gif)|video/mp4);base64,([A-Za-z0-9+/=]+)"')
_SOUND = re.compile(r'src="data:audio/mpeg;base64,([A-Za-z0-9+/=]+)"')
_LABEL = re.compile(r'<div class="genart-tile"><img [^>]*>([^<]*)</div>')
_SHAPES = "svg|g|path|rect|circle|ellipse|polygon|title|desc|defs"
_SAFE_SVG = re.compile(rf"</?(?:{_SHAPES})(?:\s+[\w:.-]+=\"[^\"<>]*\")*\s*/?>")
_CALLS = re.compile(r"\son\w+\s*=|href|url\s*\(|javascript:|style\s*=", re.IGNORECASE)


class Text(str):
    """A text with what stood around it."""

    heading: str = ""
    note: str = ""


def text(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Text | None:
    """The text between its title and its mark, as long as the fingerprint says; else what stands there."""
    plain = joined(bundle.get("text/plain"))
    lines = plain.split("\n")
    if lines and lines[-1].startswith("<genart "):
        lines.pop()
    whole = "\n".join(lines).strip("\n")
    if not whole:
        return None
    wanted = str(record.get("fingerprint", {}).get("sha256", ""))
    head, _, body = whole.partition("\n\n")
    before, _, note = whole.rpartition("\n\n")
    inner, _, inner_note = body.rpartition("\n\n")
    tries = [(whole, "", ""), (before, "", note), (body, head, ""), (inner, head, inner_note)]
    for (candidate, title, note), padding in product(tries, ("", "\n", "\n\n")):
        if candidate and sha256((candidate + padding).encode()) == wanted:
            return _told(candidate + padding, title, note)
    return _told(whole, "", "")


def picture(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """The picture in the PNG."""
    content = decoded(bundle.get("image/png"))
    return image(content) if content else None


def vector(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """The drawing and its picture; None where the SVG has anything but shapes in it."""
    from genart_nb.media.vector import Vector

    svg, still = joined(bundle.get("image/svg+xml")), picture(bundle, record)
    return Vector(svg, still) if still is not None and harmless(svg) else None


def contact(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """The pictures, cut out of the sheet: of all ways to lay it out, the one whose pictures are those known."""
    from genart_nb.media.contact import _GAP as GAP
    from genart_nb.media.contact import _LABEL as LABEL
    from genart_nb.media.contact import ContactSheet
    from genart_nb.media.picture import pixels_sha256

    sheet = picture(bundle, record)
    wanted = record.get("fingerprint", {}).get("pictures")
    if sheet is None or not isinstance(wanted, list) or not 0 < len(wanted) <= 64:
        return None
    labels = [unescape(each) for each in _LABEL.findall(joined(bundle.get("text/html")))]
    labels = labels if len(labels) == len(wanted) else [""] * len(wanted)
    for columns in range(1, len(wanted) + 1):
        rows = -(-len(wanted) // columns)
        wide, odd = divmod(sheet.width - GAP * (columns + 1), columns)
        high, odder = divmod(sheet.height - GAP - rows * (GAP + LABEL), rows)
        if odd or odder or wide <= 0 or high <= 0:
            continue
        blank = ContactSheet((sheet.crop((0, 0, wide, high)),) * len(wanted), tuple(labels), columns)
        cut = tuple(sheet.crop((x, y, x + wide, y + high)) for x, y in blank.places())
        if all(pixels_sha256(each) == one for each, one in zip(cut, wanted, strict=True)):
            return ContactSheet(cut, tuple(labels), columns)
    return None


def clip(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """The clip in the player; a lighter copy where the notebook holds no other."""
    from genart_nb.media.clip import read

    found = _CLIP.search(joined(bundle.get("text/html")))
    content = decoded(found[1]) if found else None
    try:
        return read(content) if content else None
    except (ValueError, GenartError):
        return None


def sound(bundle: Mapping[str, Any]) -> bytes:
    """The MP3 in a song's player; empty where there is none."""
    found = _SOUND.search(joined(bundle.get("text/html")))
    content = decoded(found[1]) if found else None
    return content if content and (content[:3] == b"ID3" or (content[0] == 0xFF and content[1] >= 0xE0)) else b""


Recovery = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]
MEDIA: dict[str, Recovery] = {
    "text": text, "picture": picture, "vector": vector, "contact": contact,
    "clip": clip, "clip-gif": clip, "clip-mp4": clip, "song": songs.read,
}  # fmt: skip


def data(name: str, bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Any:
    """The data of a work of that medium, or None."""
    return MEDIA[name](bundle, record) if name in MEDIA else None


def matches(name: str, found: Any, record: Mapping[str, Any]) -> bool:
    """Whether the data is what the record's fingerprint was taken of."""
    try:
        fingerprint = medium(name).fingerprint(str(found) if name == "text" else found)
    except (GenartError, ValueError, OSError, AttributeError):
        return False
    return bool(fingerprint["sha256"] == record.get("fingerprint", {}).get("sha256"))


def decoded(content: Any) -> bytes | None:
    """Bytes of base64 text; None for what is none."""
    try:
        return base64.b64decode(joined(content), validate=False) or None
    except (binascii.Error, ValueError):
        return None


def image(content: bytes) -> Any:
    """The picture as RGB; None for a file that is broken or too large to open."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as held:
            return held.convert("RGB") if held.width * held.height <= PIXELS else None
    except Exception:  # Pillow's decoders raise whatever they like
        return None


def harmless(svg: str) -> bool:
    """Whether an SVG has nothing but plain shapes in it, so that it can do nothing when it is opened by itself."""
    tags = re.sub(r"^\s*<\?xml[^>]*\?>|<!--(?:(?!--).)*-->", "", svg, flags=re.DOTALL)
    left = _SAFE_SVG.sub("", tags)
    return "<svg" in svg and "<" not in left and not _CALLS.search(svg)


def _told(words: str, title: str, note: str) -> Text:
    made = Text(words)
    made.heading, made.note = title, note
    return made
