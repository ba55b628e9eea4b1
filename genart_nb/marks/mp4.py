"""MP4: the packet in a `uuid` box behind everything else, so that no offset into the film moves. ISO/IEC 14496-12."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import xmp
from genart_nb.marks.base import READ_MAX, Found

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_HEAD = 8 + 16  # size, type and name of a uuid box


class Mp4:
    """An MP4 file."""

    suffixes = (".mp4", ".m4v", ".mov")

    def knows(self, content: bytes) -> bool:
        """Its first box."""
        return content[4:8] == b"ftyp"

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Behind the last box; raises ValueError where that one has no end."""
        boxes = list(_boxes(content))
        last = boxes[-1][1]
        if int.from_bytes(content[last : last + 4]) == 0 or any(_is_xmp(content, *box) for box in boxes):
            raise ValueError("its last box has no end, or another program's XMP is in the way")
        packet = mark.xmp()
        return content + (_HEAD + len(packet)).to_bytes(4) + b"uuid" + _XMP + packet

    def find(self, content: bytes) -> Found:
        """The packet."""
        packet = next((content[b + _HEAD : e] for k, b, e in _boxes(content) if _is_xmp(content, k, b, e)), b"")
        return Found(xmp.record(packet[:READ_MAX]), software=xmp.tool(packet[:READ_MAX]))

    def strip(self, content: bytes) -> bytes:
        """Without our box."""
        for kind, begin, end in _boxes(content):
            if _is_xmp(content, kind, begin, end) and xmp.is_ours(content[begin:end]) and end == len(content):
                return content[:begin]
        return content


def _is_xmp(content: bytes, kind: bytes, begin: int, end: int) -> bool:
    return kind == b"uuid" and end - begin > _HEAD and content[begin + 8 : begin + _HEAD] == _XMP


def _boxes(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, begin and end of each box of the file itself."""
    at = 0
    while at < len(content):
        size, head = int.from_bytes(content[at : at + 4]), 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(content) - at
        if size < head or at + size > len(content):
            raise ValueError("the file ends in the middle of a box")
        yield content[at + 4 : at + 8], at, at + size
        at += size
