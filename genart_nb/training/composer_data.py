"""Batches for the composer: pieces as tokens, in keys that suit their voices, with what was measured of their mood."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genart_nb.media.song import Note, bar_ticks
from genart_nb.models.composer.grammar import (
    BEGIN,
    FIELDS,
    FORM,
    HEARD,
    METRES,
    MOST_VOICES,
    STYLES,
    UNPLANNED,
    UNTOLD,
    Condition,
)
from genart_nb.models.composer.reading import written
from genart_nb.training.composer_corpus import Piece, pieces

WINDOW = 384
HELD_OUT = 20
"""One piece in so many is never trained on, and measures the rest."""
UNSAID = 0.3
"""How often a mood is left unsaid while learning, so that it may be left unsaid later."""
FREE = 0.3
"""How often nothing is told of the form while learning."""
DEAF = 0.1
"""How often each of the notes that the network goes by is kept from it, so that no place is known by heart."""
SEEN = 0.4
"""How often the top voice is known ahead, as it is when a melody is harmonised."""
SHORTEST, LONGEST = 4, 200  # bars
LONG = 2.0
"""How often a piece of many windows is drawn at most, beside one of a single window: the few madrigals are long."""


@dataclass(frozen=True)
class Learnt:
    """One piece in one key: arrays of tokens (n,), contexts (n, fields), and where its bars begin."""

    style: str
    tokens: np.ndarray[Any, Any]
    contexts: np.ndarray[Any, Any]
    begins: tuple[int, ...]


def fitted(piece: Piece) -> Piece | None:
    """The piece on the grid: dances in two crotchets a bar are written in four, its end fills its bar."""
    if piece.style in ("reel", "hornpipe") and piece.metre in ("2/4", "2/2", "4/4"):
        times = 2 if piece.metre == "2/4" else 1
        voices = tuple(tuple((s * times, n * times, p) for s, n, p in voice) for voice in piece.voices)
        piece = replace(piece, metre="4/4", offset=piece.offset * times, voices=voices)
    if piece.metre not in METRES or (piece.style == "jig" and piece.metre not in ("6/8", "9/8", "12/8")):
        return None
    bar = bar_ticks(piece.metre)
    last = max(voice[-1][0] + voice[-1][1] for voice in piece.voices) + piece.offset
    bars = -(-last // bar)
    if not SHORTEST <= bars <= LONGEST:
        return None
    return replace(piece, voices=tuple(_ended(voice, piece.offset, last, bars * bar) for voice in piece.voices))


def _ended(voice: tuple[Any, ...], offset: int, last: int, end: int) -> tuple[Any, ...]:
    moved = [(start + offset, length, pitch) for start, length, pitch in voice]
    start, length, pitch = moved[-1]
    if start + length == last:  # what ended the piece fills its bar
        moved[-1] = (start, end - start, pitch)
    return tuple(moved)


def features(piece: Piece) -> tuple[float, float, float]:
    """Notes a crotchet, mean interval in semitones, and mean pitch above the tonic, of the top voice."""
    top = piece.voices[0]
    length = (top[-1][0] + top[-1][1] - top[0][0]) / 24
    pitches = np.array([note[2] for note in top], float)
    leaps = float(np.abs(np.diff(pitches)).mean()) if len(top) > 1 else 0.0
    base = 60 + (piece.tonic + 6) % 12 - 6
    return len(top) / length, leaps, float(pitches.mean()) - base


@functools.cache
def prepared() -> tuple[list[Piece], dict[str, list[list[float]]], dict[str, list[list[int]]]]:
    """Pieces on the grid, thirds of each feature by style, and the range of each voice by style (MIDI)."""
    found = [fit for piece in pieces() if (fit := fitted(piece)) and _readable(fit)]
    measured: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    heard: dict[str, list[list[int]]] = {style: [[] for _ in range(MOST_VOICES)] for style in STYLES}
    for piece in found:
        measured[piece.style].append(features(piece))
        for at, voice in enumerate(piece.voices):
            heard[piece.style][at].extend(note[2] for note in voice)
    thirds = {style: np.quantile(np.array(rows), [1 / 3, 2 / 3], axis=0).T.tolist() for style, rows in measured.items()}
    ranges = {
        style: [[int(np.quantile(voice, 0.002)), int(np.quantile(voice, 0.998))] for voice in voices if voice]
        for style, voices in heard.items()
    }
    return found, thirds, ranges


def _readable(piece: Piece) -> bool:
    try:
        learnt(piece, False)
    except ValueError:
        return False
    return True


@functools.cache
def learnt(piece: Piece, see: bool) -> Learnt:
    """A piece as tokens, in its own key, its mood unsaid; `see`: with the top voice known ahead.

    Raises ValueError where the grid or the tokens cannot hold it.
    """
    condition = Condition(piece.style, piece.mode, piece.metre, piece.tonic)
    voices = [[Note(*note) for note in voice] for voice in piece.voices]
    end = max(voice[-1].end for voice in voices)
    tokens, contexts, bars = written(condition, voices, end // bar_ticks(piece.metre), piece.offset, see=see)
    places = np.array(bars)
    begins = (0, *(int(at) for at in np.flatnonzero(np.diff(places)) + 1))
    return Learnt(piece.style, np.array(tokens, np.int16), np.array(contexts, np.int16), begins)


def keys(piece: Piece, ranges: list[list[int]]) -> list[int]:
    """Tonics to which a piece may be moved, half an octave at most, without a voice leaving its range."""
    own = Condition(piece.style, piece.mode, piece.metre, piece.tonic)
    spans = [(min(note[2] for note in voice), max(note[2] for note in voice)) for voice in piece.voices]
    found = []
    for tonic in range(12):
        shift = replace_tonic(own, tonic).base - own.base
        inside = (low <= least + shift and most + shift <= high
                  for (least, most), (low, high) in zip(spans, ranges, strict=True))  # fmt: skip
        if abs(shift) <= 6 and all(inside):
            found.append(tonic)
    return found or [piece.tonic]


def replace_tonic(condition: Condition, tonic: int) -> Condition:
    """The same in another key."""
    return replace(condition, tonic=tonic)


class Batches:
    """Windows of pieces; what comes at a step depends on the seed and the step alone."""

    def __init__(self, *, held_out: bool = False) -> None:
        found, self.thirds, ranges = prepared()
        self.pieces = [piece for at, piece in enumerate(found) if (at % HELD_OUT == 0) == held_out]
        self.keys = [keys(piece, ranges[piece.style]) for piece in self.pieces]
        counts = Counter(piece.style for piece in self.pieces)
        # Rare styles are drawn more often, as the square root of their share.
        self.weights = np.array([1 / counts[piece.style] ** 0.5 for piece in self.pieces])
        self.weights *= np.array([min(LONG, max(1.0, _size(piece) / WINDOW)) for piece in self.pieces])
        self.weights /= self.weights.sum()

    def mood(self, piece: Piece) -> tuple[int, int, int]:
        """Each feature as 1, 2 or 3: the third of its style in which it lies."""
        values = zip(features(piece), self.thirds[piece.style], strict=True)
        low, middle, high = (1 + int(np.searchsorted(cuts, value)) for value, cuts in values)
        return low, middle, high

    def draw(
        self, rows: int, generator: np.random.Generator, deaf: float = DEAF
    ) -> list[tuple[Tensor, Tensor, Tensor]]:
        """Two batches of `rows` windows together, the short and the long ones.

        Each is tokens before (rows, n), contexts (rows, n, fields) and tokens to come, -100 where none is.
        """
        drawn = sorted((self._window(generator, deaf) for _ in range(rows)), key=lambda window: len(window[0]))
        half = rows // 2
        return [_stacked(part) for part in (drawn[:half], drawn[half:]) if part]

    def _window(self, generator: np.random.Generator, deaf: float) -> tuple[Any, Any, Any]:
        at = int(generator.choice(len(self.pieces), p=self.weights))
        piece = self.pieces[at]
        work = learnt(piece, bool(generator.random() < SEEN))
        later = len(work.tokens) > WINDOW or generator.random() < 0.2
        begin = int(generator.choice(work.begins)) if later else 0
        told = work.contexts[begin : begin + WINDOW].astype(np.int64)
        tonic = int(generator.choice(self.keys[at]))
        told[:, 3] += tonic - piece.tonic
        told[:, 4:7] += np.where(generator.random(3) < UNSAID, 0, np.array(self.mood(piece)))
        if generator.random() < FREE:
            told[:, -FORM:] = UNPLANNED
        unheard = generator.random((len(told), FIELDS - HEARD - FORM)) < deaf
        told[:, HEARD:-FORM] = np.where(unheard, UNTOLD[HEARD:-FORM], told[:, HEARD:-FORM])
        before = BEGIN if begin == 0 else int(work.tokens[begin - 1])
        targets = work.tokens[begin : begin + WINDOW].astype(np.int64)
        return np.concatenate([[before], targets[:-1]]), told, targets


def windows(piece: Piece, *, form: bool = True) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """A piece from beginning to end, in batches of one window as `Batches.draw` gives them, nothing kept from it."""
    work = learnt(piece, False)
    told, before = work.contexts.astype(np.int64), np.concatenate([[BEGIN], work.tokens[:-1]]).astype(np.int64)
    if not form:
        told[:, -FORM:] = UNPLANNED
    for at in range(0, len(before), WINDOW):
        part = slice(at, at + WINDOW)
        yield _stacked([(before[part], told[part], work.tokens[part].astype(np.int64))])


def _stacked(rows: list[tuple[Any, Any, Any]]) -> tuple[Tensor, Tensor, Tensor]:
    length = max(len(row[0]) for row in rows)
    inputs = np.zeros((len(rows), length), np.int64)
    contexts = np.zeros((len(rows), length, FIELDS), np.int64)
    targets = np.full((len(rows), length), -100, np.int64)
    for row, (before, told, after) in enumerate(rows):
        inputs[row, : len(before)], contexts[row, : len(told)], targets[row, : len(after)] = before, told, after
    return torch.from_numpy(inputs), torch.from_numpy(contexts), torch.from_numpy(targets)


def _size(piece: Piece) -> int:
    return 2 * sum(map(len, piece.voices))
