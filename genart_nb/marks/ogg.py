"""Ogg pages: the Vorbis comments taken out of them, and others put in. https://www.rfc-editor.org/rfc/rfc3533."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

_HEADER = b"\x03vorbis"
_HEADERS = 3  # packets before the sound: identification, comments, setup
_CONTINUED = 1
_NOWHERE = (1 << 64) - 1  # the position of a page on which no packet ends
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class _Page:
    flags: int
    position: int
    stream: bytes
    number: int
    lacing: bytes
    body: bytes

    @property
    def content(self) -> bytes:
        head = b"OggS\0" + bytes([self.flags]) + self.position.to_bytes(8, "little") + self.stream
        head += self.number.to_bytes(4, "little")
        rest = bytes([len(self.lacing)]) + self.lacing + self.body
        return head + _checksum(head + bytes(4) + rest) + rest


def comments(content: bytes) -> tuple[bytes, bytes]:
    """The block of Vorbis comments, and the bytes that end its packet."""
    packet = _headers(list(_pages(content)))[0][0]
    if not packet.startswith(_HEADER):
        raise ValueError("the stream has no comments")
    return packet[len(_HEADER) : -1], packet[-1:]


def with_comments(content: bytes, block: bytes) -> bytes:
    """The file with another block of comments, its last byte included; every page behind it is numbered anew."""
    pages = list(_pages(content))
    (_, setup), used = _headers(pages)
    first = pages[0]
    fresh = [first, *_paged([_HEADER + block, setup], first.stream)]
    rest = [
        _Page(page.flags, page.position, page.stream, number, page.lacing, page.body)
        for number, page in enumerate(pages[used:], len(fresh))
    ]
    return b"".join(page.content for page in [*fresh, *rest])


def _pages(content: bytes) -> Iterator[_Page]:
    at = 0
    while at < len(content):
        count = content[at + 26] if len(content) > at + 26 else 256
        begin = at + 27 + count
        lacing = content[at + 27 : begin]
        end = begin + sum(lacing)
        if content[at : at + 4] != b"OggS" or end > len(content):
            raise ValueError("the file ends, or goes astray, in a page")
        position = int.from_bytes(content[at + 6 : at + 14], "little")
        number = int.from_bytes(content[at + 18 : at + 22], "little")
        yield _Page(content[at + 5], position, content[at + 14 : at + 18], number, lacing, content[begin:end])
        at = end


def _headers(pages: list[_Page]) -> tuple[list[bytes], int]:
    """The packets of comments and setup, and how many pages come before the sound; raises ValueError for others."""
    packets, piece = list[bytes](), b""
    for used, page in enumerate(pages, 1):
        if page.stream != pages[0].stream:
            raise ValueError("the file has several streams")
        at = 0
        for size in page.lacing:
            piece += page.body[at : at + size]
            at += size
            if size < 255:
                packets.append(piece)
                piece = b""
        if len(packets) > _HEADERS or (len(packets) == _HEADERS and piece):
            raise ValueError("the sound begins on a page of headers")
        if len(packets) == _HEADERS:
            return packets[1:], used
    raise ValueError("the stream ends in its headers")


def _paged(packets: list[bytes], stream: bytes) -> list[_Page]:
    """Packets on pages of at most 255 pieces, the second page of the stream being the first."""
    pages, lacing, body, flags, ended = list[_Page](), b"", b"", 0, False
    for packet in packets:
        for at in range(0, len(packet) + 1, 255):
            if len(lacing) == 255:
                pages.append(_Page(flags, 0 if ended else _NOWHERE, stream, len(pages) + 1, lacing, body))
                flags, lacing, body, ended = _CONTINUED if at else 0, b"", b"", False
            piece = packet[at : at + 255]
            lacing, body = lacing + bytes([len(piece)]), body + piece
            ended = ended or len(piece) < 255
    pages.append(_Page(flags, 0, stream, len(pages) + 1, lacing, body))
    return pages


def _checksum(page: bytes) -> bytes:
    """Ogg's CRC-32: zlib's, of mirrored bits, with neither of its inversions."""
    mirrored = zlib.crc32(page.translate(_REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2).to_bytes(4, "little")
