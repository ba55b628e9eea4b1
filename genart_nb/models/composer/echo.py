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
        self._bar = bar
        self._shifts = tuple(bars * bar for bars in BACK)
        self._begun: dict[int, tuple[int, int]] = {}
        self._runs = [0] * len(BACK)
        self._planned = (0, 0)  # bars back, and for how many notes in a row that has been followed

    def add(self, time: int, what: int, length: int, planned: int = 0) -> None:
        """Something began: `what` is 1 for a rest, 2 for a hold, 3 and more for pitches; `length` is from 1.

        `planned` is how many bars back the plan of the piece says that it comes from, 0 for none.
        """
        for at, shift in enumerate(self._shifts):
            self._runs[at] = min(LONGEST, self._runs[at] + 1) if self._same(time, shift, what, length) else 0
        back, run = self._planned
        follows = planned and self._same(time, planned * self._bar, what, length)
        self._planned = planned, min(LONGEST, (run if back == planned else 0) + 1) if follows else 0
        self._begun[time] = what, length

    def at(self, time: int) -> list[int]:
        """PER_BAR values for each of BACK."""
        told = (self._told(time, shift, run) for shift, run in zip(self._shifts, self._runs, strict=True))
        return [value for each in told for value in each]

    def planned(self, time: int, back: int) -> list[int]:
        """PER_BAR values for what the plan says comes back from so many bars before; zeros where nothing does."""
        if not back:
            return [0] * PER_BAR
        return self._told(time, back * self._bar, self._planned[1] if self._planned[0] == back else 0)

    def _same(self, time: int, shift: int, what: int, length: int) -> bool:
        return self._begun.get(time - shift) == (what, length)

    def _told(self, time: int, shift: int, run: int) -> list[int]:
        first = next(iter(self._begun), time)
        known = self._begun.get(time - shift) or ((INSIDE, 0) if time - shift >= first else (NOTHING, 0))
        return [*known, run]
