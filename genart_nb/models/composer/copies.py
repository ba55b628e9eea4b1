"""How much of a melody is the training set's own: runs of notes, told by their steps and lengths in any key."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genart_nb.media.song import Note

RUN = 12
"""Notes that are looked up together; a shorter likeness is what a style is."""
MOST = 24
"""Notes in a row that a melody may share with a piece it learnt from."""
_FACTOR = 0x9E3779B97F4A7C15
_POWERS = np.array([pow(_FACTOR, RUN - at, 2**64) for at in range(RUN)], np.uint64)

Prints = NDArray[np.uint32]


def prints(notes: Sequence[Note]) -> Prints:
    """One 32-bit number for every run of RUN notes, (n - RUN,): the step to each and its length."""
    if len(notes) <= RUN:
        return np.zeros(0, np.uint32)
    pitches = np.array([note.pitch for note in notes], np.int64)
    lengths = np.array([note.length for note in notes], np.int64)
    marks = ((np.diff(pitches) + 128) * 1024 + np.minimum(lengths[1:], 1023)).astype(np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(marks, RUN)
    found: Prints = ((runs * _POWERS).sum(1, dtype=np.uint64) >> np.uint64(32)).astype(np.uint32)
    return found


class Seen:
    """Every run of the training set."""

    def __init__(self, known: Prints) -> None:
        self._known = np.unique(known)

    def longest(self, notes: Sequence[Note]) -> int:
        """Notes of the longest run that is also in the training set; 0 where none reaches RUN."""
        best = run = 0
        for hit in self._hits(notes):
            run = run + 1 if hit else 0
            best = max(best, run)
        return best + RUN if best else 0

    def current(self, notes: Sequence[Note]) -> int:
        """Notes of the run that the last note ends; 0 where there is none."""
        hits = self._hits(notes[-(MOST + 1) :])
        run = int(np.argmin(hits[::-1])) if not hits.all() else len(hits)
        return run + RUN if run else 0

    def leads_on(self, notes: Sequence[Note], pitch: int, lengths: Sequence[int]) -> bool:
        """Whether a next note of that pitch, of any of the lengths, would make the run longer."""
        tail = list(notes[-RUN:])
        return any(bool(self._hits([*tail, Note(tail[-1].end, length, pitch)]).any()) for length in lengths)

    def _hits(self, notes: Sequence[Note]) -> NDArray[np.bool_]:
        """Which runs of these notes are known, (n - RUN,)."""
        runs = prints(notes)
        if not len(self._known):
            return np.zeros(len(runs), np.bool_)
        places = np.minimum(np.searchsorted(self._known, runs), len(self._known) - 1)
        found: NDArray[np.bool_] = self._known[places] == runs
        return found
