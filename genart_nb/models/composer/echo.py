"""What a voice sang at the same place some bars before: known, so that a phrase can come back."""

from __future__ import annotations

BACK = (1, 2, 4, 8)
"""How many bars lie between a phrase and its return."""
LONGEST = 3
"""A return is followed for so many notes in a row; longer ones count as this."""
NOTHING, INSIDE = 0, 2
"""Before the piece began; while a note or rest was under way."""
PER_BAR = 3
"""Values told for each distance: what began there, its length, and how long it has been followed."""


class Echo:
    """One voice's notes, rests and holds by when they began, and which of its own phrases it follows just now."""

    def __init__(self, bar: int) -> None:
        self._shifts = tuple(bars * bar for bars in BACK)
        self._begun: dict[int, tuple[int, int]] = {}
        self._runs = [0] * len(BACK)

    def add(self, time: int, what: int, length: int) -> None:
        """Something began: `what` is 1 for a rest, 2 for a hold, 3 and more for pitches; `length` is from 1."""
        for at, shift in enumerate(self._shifts):
            same = self._begun.get(time - shift) == (what, length)
            self._runs[at] = min(LONGEST, self._runs[at] + 1) if same else 0
        self._begun[time] = what, length

    def at(self, time: int) -> list[int]:
        """PER_BAR values for each of BACK."""
        told = []
        first = next(iter(self._begun), time)
        for shift, run in zip(self._shifts, self._runs, strict=True):
            known = self._begun.get(time - shift) or ((INSIDE, 0) if time - shift >= first else (NOTHING, 0))
            told += [*known, run]
        return told
