"""GIF: an XMP packet as an application extension, which viewers pass over.

https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import xmp
from genart_nb.marks.base import READ_MAX, Found, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_XMP = b"\x21\xff\x0bXMP DataXMP"
# Readers who take the packet for a chain of blocks land somewhere in this and are led to its end.
_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
_COMMENT = b"\x21\xfe"
_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B


class Gif:
    """A GIF file, still or moving."""

    suffixes = (".gif",)

    def knows(self, content: bytes) -> bool:
        """Its signature."""
        return content[:6] in (b"GIF87a", b"GIF89a")

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Behind the last frame; only the version of 1989 has extensions."""
        blocks = list(_blocks(content))
        if any(content.startswith(_XMP, begin) for begin, _ in blocks):
            raise ValueError("another program's XMP is in the way")
        at = blocks[-1][1] if blocks else _head(content)
        return b"GIF89a" + content[6:at] + _XMP + mark.xmp() + _TRAILER + content[at:]

    def find(self, content: bytes) -> Found:
        """The packet and the first comment."""
        spans = [content[begin:end] for begin, end in _blocks(content)]
        packet = next((span[len(_XMP) :] for span in spans if span.startswith(_XMP)), b"")
        remark = next((span for span in spans if span.startswith(_COMMENT)), b"")
        said = b"".join(remark[begin + 1 : end] for begin, end in _chain(remark, 2)) if remark else b""
        return Found(xmp.record(packet), software=xmp.tool(packet), comment=text_of(said[:READ_MAX]))

    def strip(self, content: bytes) -> bytes:
        """Without our packet."""
        for begin, end in _blocks(content):
            if content.startswith(_XMP, begin) and xmp.is_ours(content[begin:end]):
                return content[:begin] + content[end:]
        return content


def _head(content: bytes) -> int:
    if len(content) < 13:
        raise ValueError("the file ends in its header")
    flags = content[10]
    return 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def _blocks(content: bytes) -> Iterator[tuple[int, int]]:
    """Begin and end of each image and extension, up to the end mark."""
    at = _head(content)
    while at < len(content) and content[at] != _END:
        begin = at
        if content.startswith(_XMP, at):
            end = content.find(_TRAILER, at)
            if end < 0:
                raise ValueError("the file ends in the middle of an XMP packet")
            at = end + len(_TRAILER)
        elif content[at] == _EXTENSION:
            at = _after(content, at + 2)
        elif content[at] == _IMAGE and at + 10 < len(content):
            flags = content[at + 9]
            at = _after(content, at + 10 + (3 << (flags & 7) + 1 if flags & 0x80 else 0) + 1)
        else:
            raise ValueError("the file goes astray between its frames")
        yield begin, at
    if at >= len(content):
        raise ValueError("the file has no end mark")


def _chain(content: bytes, at: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each block of a chain, the empty one that ends it left out."""
    while at < len(content) and content[at]:
        yield at, at + 1 + content[at]
        at += 1 + content[at]


def _after(content: bytes, at: int) -> int:
    for _, at in _chain(content, at):  # noqa: B007, B020 - only where the last one ends matters
        pass
    return at + 1
