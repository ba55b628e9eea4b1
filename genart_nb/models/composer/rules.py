"""Which tokens may come next: bars are filled exactly, voices keep their ranges, and the end is a cadence.

Part-writing of chorales after any textbook: voices do not cross, and no two move in parallel fifths or octaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.media.song import TICKS
from genart_nb.models.composer.grammar import (
    FIRST_LENGTH,
    FIRST_PITCH,
    HIGH,
    HOLD,
    LENGTHS,
    LOW,
    REST,
    VOCABULARY,
    Walk,
    is_pitch,
    steps,
)

Mask = NDArray[np.bool_]

_TONIC, _TRIAD = (0,), (0, 3, 4, 7)
_BEFORE_LAST = (7, 5, 2, 11)
"""Degrees of the bass that lead to the tonic: authentic, plagal and leading-note cadences."""
_PERFECT = (0, 7)
_STRICT = ("chorale",)
_CLASSES = np.arange(LOW, HIGH + 1) % 12
_PITCHES = np.arange(FIRST_PITCH, FIRST_LENGTH)


@dataclass(frozen=True)
class Habits:
    """What the corpus does, by style: the range of each voice (MIDI), and by style and mode which degrees occur."""

    ranges: dict[str, list[list[int]]]
    degrees: dict[str, list[int]]

    @classmethod
    def read(cls, data: dict[str, Any]) -> Habits:
        """From the JSON beside the weights."""
        return cls(data["ranges"], data["degrees"])


def last_onset(walk: Walk) -> int:
    """When the last chord begins: half a bar of four before the end, a beat in dances."""
    style, bar = walk.condition.style, walk.bar
    compound = walk.condition.metre.endswith("/8")
    if walk.condition.voices > 1:
        return walk.end - min(48, bar)
    return walk.end - min(bar, 36 if compound else 48 if style == "song" else 24)


def allowed(walk: Walk, habits: Habits) -> Mask:
    """The tokens that may come, (vocabulary,); never none."""
    return _lengths(walk) if walk.pending else _heads(walk, habits)


def _lengths(walk: Walk) -> Mask:
    mask = np.zeros(VOCABULARY, np.bool_)
    time = walk.time
    fits = steps(walk.bar)[time % walk.bar]
    if walk.pending == REST and walk.condition.voices == 1:  # a tune takes breath, no more
        fits = tuple(length for length in fits if length <= TICKS) or fits
    goal = next((goal for goal in _goals(walk) if goal > time), 0)
    if goal:  # nothing sounds over the beginning of the last chord, nor in the bass over that of the one before
        room = goal - time
        inside = [length for length in fits if length == room or (length < room and _leads(walk, time + length, goal))]
        fits = tuple(inside) or tuple(length for length in fits if length <= room) or fits
    else:
        fits = (max(fits),)
    mask[[FIRST_LENGTH + LENGTHS.index(length) for length in fits]] = True
    return mask


def _goals(walk: Walk) -> tuple[int, ...]:
    """Times at which this voice must begin a note: the last chord, and in the lowest of several the beat before."""
    last, count = last_onset(walk), walk.condition.voices
    return (last - TICKS, last) if count > 1 and walk.voice == count - 1 else (last,)


def _leads(walk: Walk, time: int, goal: int) -> bool:
    """Whether a goal can still be met exactly from a time in its bar or before."""
    if time // walk.bar < goal // walk.bar:
        return True
    place, goal = time % walk.bar, goal % walk.bar
    seen, heap = {place}, [place]
    while heap:
        at = heap.pop()
        for length in steps(walk.bar)[at]:
            if at + length == goal:
                return True
            if at + length < goal and at + length not in seen:
                seen.add(at + length)
                heap.append(at + length)
    return False


def _heads(walk: Walk, habits: Habits) -> Mask:
    """Pitches, REST and HOLD that may begin here, the rules that matter least given up first."""
    wishes = [_in_range(walk, habits), _in_cadence(walk), _uncrossed(walk), _of_the_key(walk, habits), _apart(walk)]
    pitches = np.ones(len(_PITCHES), np.bool_)
    for wish in wishes:
        narrowed = pitches & wish
        if narrowed.any():
            pitches = narrowed
    mask = np.zeros(VOCABULARY, np.bool_)
    mask[_PITCHES] = pitches
    at_end = walk.time >= last_onset(walk)
    voice = walk.voice
    begun = bool(walk.notes[voice]) and walk.notes[voice][-1].end == walk.time
    closing = walk.time >= _goals(walk)[0]
    mask[HOLD] = begun and not closing and bool(_uncrossed(walk)[walk.sounds[walk.voice] - FIRST_PITCH])
    mask[REST] = not closing and walk.condition.style not in _STRICT and not _silent(walk)
    if at_end and walk.time > last_onset(walk):  # what is left of the last chord's time
        mask[:] = False
        mask[HOLD if begun else REST] = True
    return mask


def _silent(walk: Walk) -> bool:
    """Whether nothing else sounds: a tune does not pause twice, nor begin with a pause, and somebody always sings."""
    if walk.condition.voices == 1:
        return not walk.sounds[0]
    others = [voice for voice in range(walk.condition.voices) if voice != walk.voice]
    return all(walk.free[voice] > walk.time and not is_pitch(walk.sounds[voice]) for voice in others)


def _in_range(walk: Walk, habits: Habits) -> Mask:
    low, high = habits.ranges[walk.condition.style][walk.voice]
    midi = np.arange(LOW, HIGH + 1) + walk.condition.base
    return (midi >= low) & (midi <= high)


def _of_the_key(walk: Walk, habits: Habits) -> Mask:
    return np.isin(_CLASSES, habits.degrees[f"{walk.condition.style} {walk.condition.mode}"])


def _in_cadence(walk: Walk) -> Mask:
    """Degrees of the last chord, and of the bass before it."""
    last, count = last_onset(walk), walk.condition.voices
    bass = walk.voice == count - 1
    if walk.time >= last:
        if count == 1 or bass:
            return np.isin(_CLASSES, _TONIC)
        return np.isin(_CLASSES, _TRIAD) & ~_other_third(walk)
    if count > 1 and bass and walk.time >= last - TICKS:
        return np.isin(_CLASSES, _BEFORE_LAST)
    return np.ones(len(_CLASSES), np.bool_)


def _other_third(walk: Walk) -> Mask:
    """In the last chord: the third that is not the mode's, or not the one that sounds already."""
    now = [(token - FIRST_PITCH + LOW) % 12 for at, token in enumerate(walk.sounds) if _settled(walk, at)]
    third = next((each for each in now if each in (3, 4)), 4 if walk.condition.mode == "major" else 0)
    if third == 0:  # minor: either may end it
        return np.zeros(len(_CLASSES), np.bool_)
    return np.isin(_CLASSES, (7 - third,))


def _settled(walk: Walk, voice: int) -> bool:
    """Whether what a voice sounds holds at this time, not only until it."""
    return voice != walk.voice and walk.free[voice] > walk.time and is_pitch(walk.sounds[voice])


def _uncrossed(walk: Walk) -> Mask:
    mask = np.ones(len(_PITCHES), np.bool_)
    if walk.condition.style not in _STRICT:
        return mask
    for voice, token in enumerate(walk.sounds):
        if _settled(walk, voice):
            mask &= token >= _PITCHES if voice < walk.voice else token <= _PITCHES
    return mask


def _apart(walk: Walk) -> Mask:
    """Not the pitches that would move in parallel fifths or octaves with a voice that has just moved."""
    mask = np.ones(len(_PITCHES), np.bool_)
    mine = walk.sounds[walk.voice]
    if walk.condition.style not in _STRICT or not is_pitch(mine):
        return mask
    for voice, token in enumerate(walk.sounds):
        moved = _settled(walk, voice) and walk.onsets[voice] == walk.time and is_pitch(walk.before[voice])
        if not moved or walk.before[voice] == token:
            continue
        interval = abs(mine - walk.before[voice]) % 12
        if interval in _PERFECT:
            mask &= (np.abs(_PITCHES - token) % 12 != interval) | (mine == _PITCHES)
    return mask
