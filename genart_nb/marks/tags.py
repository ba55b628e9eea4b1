"""Sound files with tags: MP3 (ID3), FLAC and Ogg Vorbis (Vorbis comments).

https://id3.org/id3v2.4.0-structure, https://www.rfc-editor.org/rfc/rfc9639 and https://xiph.org/vorbis/doc/v-comment.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import ogg
from genart_nb.marks.base import READ_MAX, Found, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_KEY = "genart"
_UTF8 = b"\x03"
_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_COMMENTS = 4  # the type of FLAC's block of comments
_OURS = b"GENART="
_PADDING = 16  # bytes by which readers know that the last frame has ended
_FIELDS = 2  # that we add: a title, then the record


class Mp3:
    """An MP3 file."""

    suffixes = (".mp3",)

    def knows(self, content: bytes) -> bool:
        """An ID3 tag, or a frame of layer III."""
        return content[:3] == b"ID3" or (content[:1] == b"\xff" and len(content) > 1 and content[1] & 0xE6 == 0xE2)

    def put(self, content: bytes, mark: Mark) -> bytes:
        """A tag before everything; raises ValueError where another program has one."""
        if content[:3] == b"ID3":
            raise ValueError("another program's tag is in the way")
        frames = (
            _frame(b"TIT2", _UTF8 + mark.title.encode())
            + _frame(b"TSSE", _UTF8 + mark.software.encode())
            + _frame(b"TXXX", _UTF8 + _KEY.encode() + b"\0" + mark.json)
            + bytes(_PADDING)
        )
        return b"ID3\x04\0\0" + _synchsafe(len(frames)) + frames + content

    def find(self, content: bytes) -> Found:
        """The frames that we know."""
        held = {kind: data for kind, data in reversed(list(_frames(content)))}
        record = next((data for kind, data in _frames(content) if _is_ours(kind, data)), None)
        told = record.partition(b"\0")[2][:READ_MAX] if record is not None else None
        return Found(told, software=_text(held.get(b"TSSE", b"")), comment=_text(held.get(b"COMM", b"")))

    def strip(self, content: bytes) -> bytes:
        """Without the tag, if the record is in it."""
        ours = any(_is_ours(kind, data) for kind, data in _frames(content))
        return content[_tag_end(content) :] if ours else content


class Flac:
    """A FLAC file."""

    suffixes = (".flac",)

    def knows(self, content: bytes) -> bool:
        """Its signature."""
        return content[:4] == b"fLaC"

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Two more comments in the block that every encoder writes; raises ValueError where there is none."""
        begin, end = self._block(content)
        return _flac(content, begin, end, with_fields(content[begin:end], mark))

    def find(self, content: bytes) -> Found:
        """The comments."""
        begin, end = self._block(content)
        return found_in(content[begin:end])

    def strip(self, content: bytes) -> bytes:
        """Without our comments."""
        begin, end = self._block(content)
        return _flac(content, begin, end, without_fields(content[begin:end]))

    def _block(self, content: bytes) -> tuple[int, int]:
        at, last = 4, False
        while not last and at + 4 <= len(content):
            last, kind = content[at] >= 0x80, content[at] & 0x7F
            end = at + 4 + int.from_bytes(content[at + 1 : at + 4])
            if kind == _COMMENTS and end <= len(content):
                return at + 4, end
            at = end
        raise ValueError("the file has no comments")


class Ogg:
    """An Ogg file with one Vorbis stream."""

    suffixes = (".ogg", ".oga")

    def knows(self, content: bytes) -> bool:
        """An Ogg page that begins a Vorbis stream."""
        return content[:4] == b"OggS" and b"\x01vorbis" in content[:64]

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Two more comments; the pages are cut and numbered anew."""
        comments, frame = ogg.comments(content)
        return ogg.with_comments(content, with_fields(comments, mark) + frame)

    def find(self, content: bytes) -> Found:
        """The comments."""
        return found_in(ogg.comments(content)[0])

    def strip(self, content: bytes) -> bytes:
        """Without our comments; the sound's own bytes are the same, its first pages may be cut otherwise."""
        comments, frame = ogg.comments(content)
        kept = without_fields(comments)
        return content if kept == comments else ogg.with_comments(content, kept + frame)


def with_fields(block: bytes, mark: Mark) -> bytes:
    """A block of Vorbis comments with a title and the record behind the others."""
    vendor, fields = _comments(block)
    return _block_of(vendor, [*fields, b"TITLE=" + mark.title.encode(), _OURS + mark.json])


def without_fields(block: bytes) -> bytes:
    """The block without what `with_fields` put there."""
    vendor, fields = _comments(block)
    return _block_of(vendor, fields[:-_FIELDS]) if fields and fields[-1].startswith(_OURS) else block


def found_in(block: bytes) -> Found:
    """What Vorbis comments say."""
    vendor, fields = _comments(block)
    held = {key.upper(): text for key, _, text in (field.partition(b"=") for field in fields)}
    remark = held.get(b"DESCRIPTION", held.get(b"COMMENT", b""))
    software = text_of(held.get(b"ENCODER", vendor))
    record = held.get(_OURS[:-1])
    return Found(record, software="genart_nb" if record else software, comment=text_of(remark))


def _comments(block: bytes) -> tuple[bytes, list[bytes]]:
    at = 4 + int.from_bytes(block[:4], "little")
    vendor, count = block[4:at], int.from_bytes(block[at : at + 4], "little")
    at, fields = at + 4, []
    for _ in range(count):
        end = at + 4 + int.from_bytes(block[at : at + 4], "little")
        if end > len(block) or at + 4 > len(block):
            raise ValueError("the comments end too soon")
        fields.append(block[at + 4 : end])
        at = end
    return vendor, fields


def _block_of(vendor: bytes, fields: list[bytes]) -> bytes:
    told = b"".join(len(field).to_bytes(4, "little") + field for field in fields)
    return len(vendor).to_bytes(4, "little") + vendor + len(fields).to_bytes(4, "little") + told


def _flac(content: bytes, begin: int, end: int, block: bytes) -> bytes:
    return content[: begin - 3] + len(block).to_bytes(3) + block + content[end:]


def _synchsafe(value: int) -> bytes:
    """Seven bits a byte, so that no size looks like the beginning of a frame of sound."""
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))


def _size(content: bytes, *, safe: bool = True) -> int:
    return sum(byte << shift for byte, shift in zip(content, (21, 14, 7, 0) if safe else (24, 16, 8, 0), strict=True))


def _frame(kind: bytes, data: bytes) -> bytes:
    return kind + _synchsafe(len(data)) + b"\0\0" + data


def _tag_end(content: bytes) -> int:
    if content[:3] != b"ID3":
        return 0
    end = 10 + _size(content[6:10]) if len(content) >= 10 else len(content) + 1
    if end > len(content):
        raise ValueError("the file ends in its tag")
    return end


def _frames(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    end, at = _tag_end(content), 10
    safe = end > 0 and content[3] >= 4
    while at + 10 <= end and content[at]:
        size = _size(content[at + 4 : at + 8], safe=safe)
        if at + 10 + size > end:
            raise ValueError("a frame is longer than its tag")
        yield content[at : at + 4], content[at + 10 : at + 10 + size]
        at += 10 + size


def _is_ours(kind: bytes, data: bytes) -> bool:
    return kind == b"TXXX" and data[1:].startswith(_KEY.encode() + b"\0")


def _text(data: bytes) -> str:
    return data[1:READ_MAX].decode(_ENCODINGS.get(data[0], "latin-1"), "replace").strip("\0\ufeff") if data else ""
