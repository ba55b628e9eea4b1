"""RIFF files: WebP (EXIF and XMP chunks) and WAV (a LIST of INFO tags).

https://developers.google.com/speed/webp/docs/riff_container and Microsoft's RIFF specification of 1991.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import exif, xmp
from genart_nb.marks.base import READ_MAX, Found, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_HAS_ALPHA, _HAS_EXIF, _HAS_XMP = 0x10, 0x08, 0x04
_NOTE = b"genart fps="  # what a clip says of its frames stands where the packet goes


class WebP:
    """A WebP file, still or moving."""

    suffixes = (".webp",)

    def knows(self, content: bytes) -> bool:
        """RIFF of the form WEBP."""
        return content[:4] == b"RIFF" and content[8:12] == b"WEBP"

    def put(self, content: bytes, mark: Mark) -> bytes:
        """EXIF and XMP at the end; a note about a clip's frames moves into the packet."""
        chunks, tail = _chunks(content)
        held = {kind: data for kind, data in chunks}
        packet = held.get(b"XMP ", b"")
        if packet and not packet.startswith(_NOTE):
            raise ValueError("another program's XMP is in the way")
        chunks = [each for each in chunks if each[0] != b"XMP "]
        if b"EXIF" not in held:
            chunks.append((b"EXIF", exif.block(mark.parameters, mark.software)))
        chunks.append((b"XMP ", mark.xmp(note=packet.decode())))
        return _whole(b"WEBP", _flagged(chunks), tail)

    def find(self, content: bytes) -> Found:
        """What EXIF and XMP say."""
        held = {kind: data for kind, data in reversed(_chunks(content)[0])}
        packet, block = held.get(b"XMP ", b""), held.get(b"EXIF", b"").removeprefix(b"Exif\0\0")
        said, software = exif.comment(block) if block else ("", "")
        return Found(xmp.record(packet), said, software or xmp.tool(packet))

    def strip(self, content: bytes) -> bytes:
        """Without our packet and our EXIF; a clip's note goes back to its place."""
        chunks, tail = _chunks(content)
        ours = next((data for kind, data in chunks if kind == b"XMP " and xmp.is_ours(data)), b"")
        if not ours:
            return content
        kept = [(kind, data) for kind, data in chunks if data != ours and not _our_exif(kind, data)]
        if note := xmp.note(ours):
            kept.append((b"XMP ", note))
        return _whole(b"WEBP", _flagged(kept), tail)


class Wav:
    """A WAV file."""

    suffixes = (".wav",)

    def knows(self, content: bytes) -> bool:
        """RIFF of the form WAVE."""
        return content[:4] == b"RIFF" and content[8:12] == b"WAVE"

    def put(self, content: bytes, mark: Mark) -> bytes:
        """A LIST of title, software and comment after the samples; the comment is the record."""
        chunks, tail = _chunks(content)
        tags = [(b"INAM", mark.title.encode()), (b"ISFT", mark.software.encode()), (b"ICMT", mark.json)]
        told = b"INFO" + b"".join(_chunk(kind, text + b"\0") for kind, text in tags if text)
        return _whole(b"WAVE", [*chunks, (b"LIST", told)], tail)

    def find(self, content: bytes) -> Found:
        """Our LIST if there is one, else the first of another program."""
        lists = [_tags(data) for kind, data in _chunks(content)[0] if kind == b"LIST" and data[:4] == b"INFO"]
        lists.sort(key=lambda tags: not _ours(tags))
        tags = lists[0] if lists else {}
        said = tags.get(b"ICMT", b"")[:READ_MAX]
        software = text_of(tags.get(b"ISFT", b""))
        return Found(said, software=software) if _ours(tags) else Found(software=software, comment=text_of(said))

    def strip(self, content: bytes) -> bytes:
        """Without our LIST."""
        chunks, tail = _chunks(content)
        kept = [(kind, data) for kind, data in chunks if not (kind == b"LIST" and _ours(_tags(data)))]
        return _whole(b"WAVE", kept, tail) if len(kept) < len(chunks) else content


def _ours(tags: dict[bytes, bytes]) -> bool:
    return tags.get(b"ISFT", b"").startswith(b"genart_nb ") and tags.get(b"ICMT", b"").startswith(b"{")


def _tags(data: bytes) -> dict[bytes, bytes]:
    try:
        return {kind: text.rstrip(b"\0") for kind, text in _parts(data[4:])}
    except ValueError:
        return {}


def _our_exif(kind: bytes, data: bytes) -> bool:
    return kind == b"EXIF" and b"genart_nb " in data[:80]


def _chunks(content: bytes) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """Every chunk, and what stands behind the RIFF, which is none of ours."""
    size = 8 + int.from_bytes(content[4:8], "little")
    if size > len(content) + 1:  # one may be missing: some writers forget the last byte's padding
        raise ValueError("the file ends before its RIFF does")
    return list(_parts(content[12:size])), content[size:]


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + size > len(content):
            raise ValueError("the file ends in the middle of a chunk")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def _whole(form: bytes, chunks: list[tuple[bytes, bytes]], tail: bytes) -> bytes:
    body = form + b"".join(_chunk(*each) for each in chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body + tail


def _flagged(chunks: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The chunks of a WebP with a VP8X header that tells of EXIF and XMP; without one where nothing needs it."""
    rest = [each for each in chunks if each[0] != b"VP8X"]
    kinds = {kind for kind, _ in rest}
    header = next((data for kind, data in chunks if kind == b"VP8X"), b"") or _header(rest)
    if len(header) < 10:
        raise ValueError("its VP8X chunk is too short")
    flags = header[0] & ~(_HAS_EXIF | _HAS_XMP)
    flags |= _HAS_EXIF * (b"EXIF" in kinds) | _HAS_XMP * (b"XMP " in kinds)
    if len(rest) == 1 and not flags & ~_HAS_ALPHA:
        return rest
    return [(b"VP8X", bytes([flags]) + header[1:]), *rest]


def _header(chunks: list[tuple[bytes, bytes]]) -> bytes:
    """A VP8X for a still that has none: its size and transparency, as the picture's own header has them."""
    kind, data = chunks[0] if chunks else (b"", b"")
    if kind == b"VP8L" and len(data) >= 5 and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    elif kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a" and len(data) >= 10:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        width, height, alpha = width - 1, height - 1, 0
    else:
        raise ValueError("it does not begin with a picture")
    return bytes([_HAS_ALPHA * alpha, 0, 0, 0]) + width.to_bytes(3, "little") + height.to_bytes(3, "little")
