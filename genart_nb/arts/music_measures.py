"""What can be measured of a song: its key, its bars, its part-writing, its cadence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise

from genart_nb.media.song import Note, Song, by_bar

SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 9, 10, 11)}
"""Degrees in the key; in minor both sixths and sevenths are."""


def in_key(song: Song) -> float:
    """Share of the notes that are in the key, 0..1."""
    degrees = [(note.pitch - song.tonic) % 12 for voice in song.voices for note in voice]
    return sum(each in SCALES[song.mode] for each in degrees) / max(1, len(degrees))


def bars_filled(song: Song) -> float:
    """Share of bars that every voice fills exactly, with notes or with rests that can be written, 0..1."""
    filled = 0
    for number in range(song.bars):
        begin, end = number * song.bar, (number + 1) * song.bar
        edges = [edge for voice in song.voices for note in voice for edge in (note.start, note.end)]
        inside = [edge - begin for edge in edges if begin <= edge <= end]
        filled += all(edge % 3 == 0 or edge % 4 == 0 for edge in inside)
    return filled / song.bars


def chords(song: Song) -> list[tuple[int, ...]]:
    """What sounds at each moment at which anything begins, highest voice first; not while a voice is silent."""
    times = sorted({note.start for voice in song.voices for note in voice})
    found = []
    for time in times:
        now = [next((n.pitch for n in voice if n.start <= time < n.end), None) for voice in song.voices]
        if None not in now:
            found.append(tuple(pitch for pitch in now if pitch is not None))
    return found


def parallels(song: Song) -> float:
    """Parallel fifths and octaves between any two voices, per 100 changes of chord."""
    count, changes = 0, 0
    for before, after in pairwise(chords(song)):
        changes += before != after
        for one, other in combinations(range(len(after)), 2):
            moved = before[one] != after[one] and before[other] != after[other]
            first, second = abs(before[one] - before[other]) % 12, abs(after[one] - after[other]) % 12
            count += moved and first == second and first in (0, 7)
    return 100 * count / max(1, changes)


def crossings(song: Song) -> float:
    """Share of chords in which a voice sounds above a higher one, 0..1."""
    found = chords(song)
    return sum(any(one < other for one, other in pairwise(chord)) for chord in found) / max(1, len(found))


def cadence(song: Song) -> bool:
    """Whether it ends at rest: on the tonic in the lowest voice, got to from the fifth, fourth or a step away.

    A melody alone need only end on the tonic.
    """
    bass = song.voices[-1]
    if not bass or (bass[-1].pitch - song.tonic) % 12:
        return False
    if len(song.voices) == 1 or len(bass) < 2:
        return True
    before = next((n for n in reversed(bass[:-1]) if (n.pitch - song.tonic) % 12), None)
    return before is None or (before.pitch - song.tonic) % 12 in (7, 5, 2, 11)


def pitch_classes(song: Song) -> list[float]:
    """How much of the sounding time each degree above the tonic has, 12 numbers that add up to 1."""
    weight: Counter[int] = Counter()
    for voice in song.voices:
        for note in voice:
            weight[(note.pitch - song.tonic) % 12] += note.length
    return [weight[degree] / max(1, weight.total()) for degree in range(12)]


def intervals(song: Song) -> list[float]:
    """How often each melodic step of the top voice occurs, from an octave down to an octave up, 25 numbers."""
    steps = Counter(max(-12, min(12, after.pitch - before.pitch)) for before, after in pairwise(song.voices[0]))
    return [steps[step] / max(1, steps.total()) for step in range(-12, 13)]


def out_of_range(song: Song, ranges: list[list[int]]) -> float:
    """Share of notes outside their voice's range (MIDI), 0..1."""
    notes = list(_with_range(song, ranges))
    return sum(not low <= note.pitch <= high for note, (low, high) in notes) / max(1, len(notes))


def _with_range(song: Song, ranges: list[list[int]]) -> Iterator[tuple[Note, list[int]]]:
    for voice, span in zip(song.voices, ranges, strict=False):
        for note in voice:
            yield note, span


def returning(song: Song, bars: int | None = None) -> float:
    """Share of the top voice's bars but the first that are an earlier bar, note for note, 0..1; of the first `bars`."""
    count = min(song.bars, bars or song.bars)
    written = by_bar(song.voices[0], song.bar, count)
    again = sum(bool(bar) and bar in written[:at] for at, bar in enumerate(written))
    return again / max(1, count - 1)


def distance(one: list[float], other: list[float]) -> float:
    """Total variation between two histograms, 0 (the same) to 1."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2
