"""The form of a song as its notes have it: phrases of the top voice, and which of them come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from genart_nb.media.song import Song, by_bar

LENGTHS = (4, 8, 2)
"""Bars of a phrase, the usual one first: of two that explain as much it is the form."""
LEAST = 0.2
"""The share of bars that must come back for a song to have one."""

Bar = list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Phrase:
    """`letter` says which phrase it is, A the first; `varied` ones begin as that one does and end otherwise."""

    letter: str
    bars: int
    varied: bool = False

    def __str__(self) -> str:
        """Such as A′."""
        return self.letter + "′" * self.varied


def phrases(song: Song) -> list[Phrase]:
    """The phrases of a song, bars left over last; none where hardly anything comes back.

    A phrase is another again if all its bars are, note for note; varied, if the first half are. The last bar of all
    may differ, for it is a cadence.
    """
    if not any(song.voices):
        return []
    bars = by_bar(song.voices[0], song.bar, song.bars)
    found, most = [], LEAST * song.bars
    for length in LENGTHS:
        told, explained = _told(bars, length)
        if explained > most:
            found, most = told, float(explained)
    return found


def _told(bars: Sequence[Bar], length: int) -> tuple[list[Phrase], int]:
    """Phrases of a length, and how many bars of them come from one before."""
    known: list[Sequence[Bar]] = []
    told, explained = [], 0
    whole = len(bars) // length * length
    for start in range(0, whole, length):
        mine = bars[start : start + length]
        least = length - (start + length == len(bars))
        same = next((at for at, other in enumerate(known) if _begins(mine, other, least)), None)
        begun = next((at for at, other in enumerate(known) if _begins(mine, other, length // 2)), None)
        source = same if same is not None else begun
        if source is None:
            told.append(Phrase(ascii_uppercase[len(known) % 26], length))
            known.append(mine)
        else:
            told.append(Phrase(ascii_uppercase[source % 26], length, varied=same is None))
            explained += sum(bool(one) and one == other for one, other in zip(mine, known[source], strict=True))
    if whole < len(bars):
        told.append(Phrase(ascii_uppercase[len(known) % 26], len(bars) - whole))
    return told, explained


def _begins(one: Sequence[Bar], other: Sequence[Bar], count: int) -> bool:
    """Whether both begin with the same so many bars."""
    return one[:count] == other[:count] and all(one[:count])
