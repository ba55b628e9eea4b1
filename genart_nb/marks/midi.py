"""MIDI files: the record as a text event at the very beginning of the first track. Standard MIDI Files 1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genart_nb.marks.base import READ_MAX, Found

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_TEXT = b"\0\xff\x01"  # at once, a meta event, of text
_OURS = b"genart-record:"
_LONGEST = (1 << 28) - 1  # what a number of variable length can say


class Midi:
    """A Standard MIDI File."""

    suffixes = (".mid", ".midi")

    def knows(self, content: bytes) -> bool:
        """Its first chunk."""
        return content[:4] == b"MThd"

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Before the first track's first event."""
        begin, end = _track(content)
        text = _OURS + mark.json
        return _with(content, begin, end, _TEXT + _number(len(text)) + text + content[begin:end])

    def find(self, content: bytes) -> Found:
        """Our event, or another first text."""
        text, _ = _first(content)
        if text.startswith(_OURS):
            return Found(text[len(_OURS) :], software="genart_nb")
        return Found(comment=text.decode("latin-1"))

    def strip(self, content: bytes) -> bytes:
        """Without our event."""
        text, after = _first(content)
        begin, end = _track(content)
        return _with(content, begin, end, content[after:end]) if text.startswith(_OURS) else content


def _track(content: bytes) -> tuple[int, int]:
    """Begin and end of the events of the first track."""
    at = 8 + int.from_bytes(content[4:8])
    while content[at : at + 4] not in (b"MTrk", b""):
        at += 8 + int.from_bytes(content[at + 4 : at + 8])
    end = at + 8 + int.from_bytes(content[at + 4 : at + 8])
    if not content[at : at + 4] or end > len(content):
        raise ValueError("the file has no whole track")
    return at + 8, end


def _first(content: bytes) -> tuple[bytes, int]:
    """The text of the first event, and where that ends; empty where it is no text."""
    begin, end = _track(content)
    if content[begin : begin + 3] != _TEXT:
        return b"", begin
    at, size = begin + 3, 0
    for _ in range(min(4, end - at)):
        size = size << 7 | content[at] & 0x7F
        at += 1
        if not content[at - 1] & 0x80:
            break
    if at + size > end:
        raise ValueError("the text is longer than its track")
    return content[at : at + min(size, READ_MAX)], at + size


def _with(content: bytes, begin: int, end: int, events: bytes) -> bytes:
    return content[: begin - 4] + len(events).to_bytes(4) + events + content[end:]


def _number(value: int) -> bytes:
    """A number of variable length: seven bits a byte, the highest bit set on all but the last."""
    if value > _LONGEST:
        raise ValueError("it is too long for an event")
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
