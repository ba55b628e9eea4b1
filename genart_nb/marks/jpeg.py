"""JPEG: EXIF and XMP in APP1 segments of at most 64 kB; a long record goes on in extended XMP."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import exif, xmp
from genart_nb.marks.base import READ_MAX, Found, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_APP0, _APP1, _COM, _SOS, _EOI = 0xE0, 0xE1, 0xFE, 0xDA, 0xD9
_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_LARGEST = 65533  # bytes after the two that hold the length
_PIECE = _LARGEST - len(_MORE) - 32 - 8


class Jpeg:
    """A JPEG file."""

    suffixes = (".jpg", ".jpeg")

    def knows(self, content: bytes) -> bool:
        """Its first two markers."""
        return content.startswith(b"\xff\xd8\xff")

    def put(self, content: bytes, mark: Mark) -> bytes:
        """After the JFIF header; where another program has its EXIF or XMP, that stays and ours goes into the other."""
        bodies = [content[begin:end] for kind, begin, end in _segments(content) if kind == _APP1]
        theirs = {head for head in (_EXIF, _XMP) for body in bodies if body.startswith(head)}
        if _XMP in theirs:
            raise ValueError("another program's XMP is in the way")
        told = b"" if _EXIF in theirs else _segment(_EXIF + exif.block(mark.parameters, mark.software))
        at = next((end for kind, _, end in _segments(content) if kind == _APP0), 2)
        return content[:at] + told + _packets(mark) + content[at:]

    def find(self, content: bytes) -> Found:
        """The first EXIF, XMP and comment."""
        bodies = [(kind, content[begin:end]) for kind, begin, end in _segments(content) if kind in (_APP1, _COM)]
        packet = next((body[len(_XMP) :] for _, body in bodies if body.startswith(_XMP)), b"")
        block = next((body[len(_EXIF) :] for _, body in bodies if body.startswith(_EXIF)), b"")
        said, software = exif.comment(block) if block else ("", "")
        remark = next((text_of(body) for kind, body in bodies if kind == _COM), "")
        record = xmp.record(packet)
        if record is None and xmp.is_ours(packet):
            record = xmp.record(_joined([body for _, body in bodies if body.startswith(_MORE)]))
        return Found(record, said, software or xmp.tool(packet), remark)

    def strip(self, content: bytes) -> bytes:
        """Without the segments that `put` writes."""
        spans = [(begin, end) for kind, begin, end in _segments(content) if kind == _APP1]
        packet = next((content[begin:end] for begin, end in spans if content.startswith(_XMP, begin)), b"")
        if not xmp.is_ours(packet):
            return content
        kept, done = [], 0
        for begin, end in spans:
            body = content[begin:end]
            if body == packet or body.startswith(_MORE) or (body.startswith(_EXIF) and b"genart_nb " in body[:80]):
                kept.append(content[done : begin - 4])
                done = end
        return b"".join(kept) + content[done:]


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of the body of each segment before the pixels."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":  # markers may have any number of these before them
            at += 1
        if at + 4 > len(content) or content[at] != 0xFF:
            raise ValueError("the file ends, or goes astray, among its segments")
        kind, size = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if kind in (_SOS, _EOI):
            return
        begin, end = at + 4, at + 2 + size
        if size < 2 or end > len(content):
            raise ValueError("the file ends in the middle of a segment")
        yield kind, begin, end
        at = end


def _segment(body: bytes) -> bytes:
    if len(body) > _LARGEST:
        raise ValueError("it does not fit a segment")
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body


def _packets(mark: Mark) -> bytes:
    """The packet in one segment, or a short one that names those with the rest."""
    whole = mark.xmp()
    if len(_XMP) + len(whole) <= _LARGEST:
        return _segment(_XMP + whole)
    rest = xmp.inner(whole)
    name = hashlib.md5(rest, usedforsecurity=False).hexdigest().upper().encode()
    first = _segment(_XMP + mark.xmp(record=False, extra={"xmpNote:HasExtendedXMP": name.decode()}))
    pieces = [
        _segment(_MORE + name + len(rest).to_bytes(4) + at.to_bytes(4) + rest[at : at + _PIECE])
        for at in range(0, len(rest), _PIECE)
    ]
    return first + b"".join(pieces)


def _joined(bodies: list[bytes]) -> bytes:
    """The extended packet; pieces say where they belong, and may come in any order."""
    head = len(_MORE) + 32 + 4
    placed = sorted((int.from_bytes(body[head : head + 4]), body[head + 4 :]) for body in bodies)
    return b"".join(piece for _, piece in placed)[:READ_MAX]
