"""Music as tokens: every note is a pitch and a length, the voices taken in the order in which they fall silent.

No token says whose note it is or when: the voice that is first to need a note gets it, the highest first where several
do, the lowest right after it. So a rule can name, before each token, every one that keeps the bars whole. Pitches count
from the tonic, so all keys share what is learnt. A note over a bar line is a note and a HOLD.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from genart_nb.media.song import TICKS, Note, bar_ticks
from genart_nb.models.composer import echo, form

Ids = NDArray[np.int64]

BEGIN, REST, HOLD = 0, 1, 2
LOW, HIGH = -30, 33
"""Pitches from this far below the tonic near middle C to this far above it, in semitones."""
FIRST_PITCH = 3
LENGTHS = (3, 4, 6, 8, 9, 12, 16, 18, 24, 36, 48, 72, 96, 144, 192)
"""Lengths in ticks that have a token; others are held together."""
FIRST_LENGTH = FIRST_PITCH + HIGH - LOW + 1
VOCABULARY = FIRST_LENGTH + len(LENGTHS)

STYLES = ("chorale", "madrigal", "reel", "jig", "hornpipe", "song")
VOICES = {"chorale": 4, "madrigal": 5}
MODES = ("major", "minor")
METRES = ("2/4", "3/4", "4/4", "2/2", "3/2", "4/2", "6/8", "9/8", "3/8", "12/8", "6/4")
MOST_VOICES = 5
_PITCHES = HIGH - LOW + 2
_FIELDS = (
    ("style", len(STYLES) + 1), ("mode", len(MODES) + 1), ("metre", len(METRES) + 1), ("tonic", 13),
    ("density", 4), ("leaps", 4), ("register", 4),
    ("slot", 2 * MOST_VOICES), ("place", 193), ("left", 34),
    *((f"sound{voice}", _PITCHES) for voice in range(MOST_VOICES)), ("next", _PITCHES), ("after", _PITCHES),
    *(field for bars in echo.BACK for field in (
        (f"back{bars}", FIRST_LENGTH), (f"length{bars}", len(LENGTHS) + 1), (f"run{bars}", echo.LONGEST + 1),
    )),
    ("form", form.SAME + 1), ("returns", FIRST_LENGTH), ("returns for", len(LENGTHS) + 1),
    ("returned", echo.LONGEST + 1),
)  # fmt: skip
_STARTS = np.concatenate([[0], np.cumsum([size for _, size in _FIELDS])]).astype(np.int64)
CONTEXT = int(_STARTS[-1])
"""Rows of the table of everything that is known beside the token before."""
FIELDS = len(_FIELDS)
CONDITIONS = 7
"""How many of the fields hold for a whole piece."""
FORM = 1 + echo.PER_BAR
"""How many of the last fields tell of the form."""
UNTOLD = tuple(int(start) for start in _STARTS[:-1])
"""The row of each field where nothing is told."""
UNPLANNED = UNTOLD[-FORM:]
HEARD = CONDITIONS + 3
"""The first of the fields that tell what was sung; before it stand whose turn it is, the place and the bars left."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What holds for a whole piece. `density`, `leaps` and `register` are 1 (low) to 3 (high), 0 for unknown."""

    style: str
    mode: str
    metre: str
    tonic: int
    density: int = 0
    leaps: int = 0
    register: int = 0

    @property
    def voices(self) -> int:
        """How many voices sing."""
        return VOICES.get(self.style, 1)

    @property
    def base(self) -> int:
        """The tonic near middle C, as MIDI counts: 54 to 65."""
        return 60 + (self.tonic + 6) % 12 - 6

    def ids(self) -> list[int]:
        """Its rows of the table."""
        metre = METRES.index(self.metre) + 1 if self.metre in METRES else 0
        values = (
            STYLES.index(self.style) + 1, MODES.index(self.mode) + 1, metre, self.tonic + 1,
            self.density, self.leaps, self.register,
        )  # fmt: skip
        return [int(_STARTS[at]) + value for at, value in enumerate(values)]


def pitch_token(pitch: int, base: int) -> int:
    """The token of a MIDI pitch; raises ValueError outside of what tokens reach."""
    if not LOW <= pitch - base <= HIGH:
        raise ValueError(f"{pitch} is out of reach of tonic {base}")
    return FIRST_PITCH + pitch - base - LOW


def pitch_of(token: int, base: int) -> int:
    """The MIDI pitch of a token."""
    return token - FIRST_PITCH + LOW + base


def is_pitch(token: int) -> bool:
    """Whether a token is a pitch, not a rest, hold or length."""
    return FIRST_PITCH <= token < FIRST_LENGTH


@cache
def order(voices: int) -> tuple[int, ...]:
    """Who goes first where several voices need a note: the highest, the lowest, then the rest downwards."""
    return (0, voices - 1, *range(1, voices - 1)) if voices > 1 else (0,)


class Walk:
    """A piece as far as it is written: whose note comes next, when, and what sounds meanwhile.

    `plan` says which bars come back; nothing is said of those beyond its end.
    """

    def __init__(self, condition: Condition, bars: int, offset: int = 0, plan: form.Plan = ()) -> None:
        self.condition = condition
        self.plan = plan
        self.bar = bar_ticks(condition.metre)
        self.end = bars * self.bar
        count = condition.voices
        self.free = [offset] * count  # from when on each voice needs a note
        self.sounds = [0] * count  # pitch token of what each sang last, 0 for a rest
        self.before = [0] * count  # and of the pitch it had before that
        self.onsets = [offset] * count
        self.notes: list[list[Note]] = [[] for _ in range(count)]
        self._echoes = [echo.Echo(self.bar) for _ in range(count)]
        self.tokens: list[int] = [BEGIN]
        self.pending = 0  # the pitch, REST or HOLD whose length comes next
        self._order = order(count)
        self._fixed = condition.ids()

    @property
    def voice(self) -> int:
        """Whose note is next."""
        return min(self._order, key=lambda voice: self.free[voice])

    @property
    def time(self) -> int:
        """When it begins, in ticks."""
        return min(self.free)

    @property
    def done(self) -> bool:
        """Whether every voice has reached the end."""
        return self.time >= self.end

    def push(self, token: int) -> None:
        """Write one token."""
        self.tokens.append(token)
        if not self.pending:
            self.pending = token
            return
        voice, length = self.voice, LENGTHS[token - FIRST_LENGTH]
        start, mine = self.free[voice], self.notes[voice]
        if self.pending == HOLD and mine:
            mine[-1] = Note(mine[-1].start, mine[-1].length + length, mine[-1].pitch)
        elif self.pending == REST:
            self.before[voice], self.sounds[voice] = self.sounds[voice], 0
        elif is_pitch(self.pending):
            mine.append(Note(start, length, pitch_of(self.pending, self.condition.base)))
            self.before[voice], self.sounds[voice] = self.sounds[voice], self.pending
            self.onsets[voice] = start
        self._echoes[voice].add(start, self.pending, token - FIRST_LENGTH + 1, self._returns(start))
        self.free[voice] += length
        self.pending = 0

    def context(self, ahead: Sequence[int] = ()) -> list[int]:
        """Rows of the table that tell what the next token is for; `ahead`, top pitches one and two beats later."""
        voice, time = self.voice, self.time
        sounds = [0] * MOST_VOICES
        for each, token in enumerate(self.sounds):
            sounds[each] = _sound(token)
        if is_pitch(self.pending):
            sounds[voice] = _sound(self.pending)
        left = min(33, max(0, -(-(self.end - time) // self.bar)))
        values = [2 * voice + bool(self.pending), min(time % self.bar, 192), left, *sounds]
        values += [_sound(token) for token in (*ahead, 0, 0)[:2]]
        values += self._echoes[voice].at(time)
        values += [form.kind(self.plan, time // self.bar), *self._echoes[voice].planned(time, self._returns(time))]
        return self._fixed + [int(_STARTS[CONDITIONS + at]) + value for at, value in enumerate(values)]

    def _returns(self, time: int) -> int:
        """From how many bars before the plan says that a time comes back, 0 for none."""
        number = time // self.bar
        return abs(self.plan[number]) if number < len(self.plan) else 0


def _sound(token: int) -> int:
    return token - FIRST_PITCH + 1 if is_pitch(token) else 0


@cache
def steps(bar: int) -> tuple[tuple[int, ...], ...]:
    """For every place in a bar, the lengths that may stand there and leave the rest of the bar fillable."""
    able = [False] * bar + [True]
    found: list[tuple[int, ...]] = [()] * bar
    for place in range(bar - 1, -1, -1):
        fits = [length for length in LENGTHS if place + length <= bar and _sits(place, length)]
        found[place] = tuple(length for length in fits if able[place + length])
        able[place] = bool(found[place])
    return tuple(found)


def _sits(place: int, length: int) -> bool:
    """Whether a length may begin here: triplets stay in their beat, short notes pair up before longer ones come."""
    beat = place % TICKS
    if beat % 3:  # inside a triplet
        return length in (4, 8, 16) and beat + length <= TICKS
    if length == 4:
        return beat % 12 == 0
    if length in (8, 16):
        return beat == 0
    if beat % 6 == 3:
        return length in (3, 9)
    return True
