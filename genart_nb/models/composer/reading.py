"""From notes to tokens: what a model learns from, and what it goes on from."""

from __future__ import annotations

from collections.abc import Sequence

from genart_nb.media.song import TICKS, Note, bar_ticks
from genart_nb.models.composer import form
from genart_nb.models.composer.grammar import FIRST_LENGTH, HOLD, LENGTHS, REST, Condition, Walk, pitch_token, steps


class Line:
    """One voice that is given: which token comes at a place, if it is to be sung as written."""

    def __init__(self, notes: Sequence[Note], base: int) -> None:
        self._notes, self._base, self._at = list(notes), base, 0

    def token(self, time: int) -> int:
        """A pitch where a note begins, HOLD while it lasts, REST in silence."""
        note = self._note(time)
        if note is None or note.start > time:
            return REST
        return pitch_token(note.pitch, self._base) if note.start == time else HOLD

    def length(self, time: int, bar: int) -> int:
        """Token of the length that may stand here: as much of note or silence as the bar and the tokens allow.

        Raises ValueError where the grid does not hold the rhythm.
        """
        note = self._note(time)
        until = time + bar if note is None else note.end if note.start <= time else note.start
        room = min(until - time, bar - time % bar)
        fits = [length for length in steps(bar)[time % bar] if length <= room]
        if not fits:
            raise ValueError(f"no length fits {room} ticks at {time % bar} of {bar}")
        exact = room if room in fits else max(fits)
        return FIRST_LENGTH + LENGTHS.index(exact)

    def pitch_at(self, time: int) -> int:
        """Token of the pitch that sounds then, 0 in silence."""
        for note in self._notes[self._at :]:
            if note.start > time:
                return 0
            if note.end > time:
                return pitch_token(note.pitch, self._base)
        return 0

    def _note(self, time: int) -> Note | None:
        while self._at < len(self._notes) and self._notes[self._at].end <= time:
            self._at += 1
        return self._notes[self._at] if self._at < len(self._notes) else None


def ahead(line: Line, time: int) -> tuple[int, int]:
    """Tokens of the pitches one and two beats after a time."""
    return line.pitch_at(time + TICKS), line.pitch_at(time + 2 * TICKS)


def written(
    condition: Condition, voices: Sequence[Sequence[Note]], bars: int, offset: int = 0, *, see: bool = False
) -> tuple[list[int], list[list[int]], list[int]]:
    """Tokens of a piece, what is known before each of them, and the bar that each stands in.

    `see` says that the top voice is known ahead. The form is told as the top voice turns out to have it. Raises
    ValueError where pitches or rhythms are out of reach.
    """
    walk = Walk(condition, bars, offset, form.heard(voices[0], bar_ticks(condition.metre), bars))
    lines = [Line(notes, condition.base) for notes in voices]
    contexts, places = [], []
    while not walk.done:
        voice, time = walk.voice, walk.time
        contexts.append(walk.context(ahead(lines[0], time) if see else ()))
        places.append(time // walk.bar)
        line = lines[voice]
        walk.push(line.length(time, walk.bar) if walk.pending else line.token(time))
    return walk.tokens[1:], contexts, places
