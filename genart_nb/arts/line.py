"""A part of a text while it is written."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from genart_nb.arts.slots import Slot, flat
from genart_nb.models.sampling import Sampler


@dataclass
class Line:
    """A part while it is written: bytes wait until they are characters, spaces until something follows them."""

    slot: Slot
    sampler: Sampler
    written: list[int]
    text: str = ""
    unfed: str = ""
    ended: bool = False
    _waiting: str = ""
    _characters: codecs.IncrementalDecoder = field(
        default_factory=lambda: codecs.getincrementaldecoder("utf-8")("replace")
    )

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def missing(self) -> str:
        """What would complete it."""
        return self.slot.ending(self.text)

    def add(self, piece: bytes) -> str:
        """Take in bytes; gives the text that they complete."""
        waiting = self._waiting + flat(self._characters.decode(piece))
        if not self.slot.raw:
            waiting = waiting if self.text else waiting.lstrip()
        solid = waiting if self.slot.raw else waiting.rstrip()
        self._waiting = waiting[len(solid) :]
        self.text += solid
        return solid


def until(piece: bytes, stop: str) -> tuple[bytes, bool]:
    """What comes before a stop character, and whether there is one."""
    places = [place for place in (piece.find(mark.encode()) for mark in stop) if place >= 0]
    return (piece[: min(places)], True) if places else (piece, False)
