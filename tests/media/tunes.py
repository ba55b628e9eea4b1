"""Small songs for tests."""

from __future__ import annotations

import numpy as np

from genart_nb.media.song import TICKS, Note, Song

ABC = """X:1
T:A tune of ours
M:6/8
L:1/8
K:G
G2A BAG|D2E G3|A2B c2B|A2G G3|
"""


def scale(voices: int = 1, bars: int = 2, **facts: object) -> Song:
    """Crotchets up a scale, each voice a fifth below the one above."""
    steps = (0, 2, 4, 5, 7, 5, 4, 0)
    made = []
    for at in range(voices):
        pitches = [72 - 7 * at + steps[count % 8] for count in range(4 * bars)]
        made.append(tuple(Note(count * TICKS, TICKS, pitch) for count, pitch in enumerate(pitches)))
    return Song(tuple(made), bars=bars, **facts)  # type: ignore[arg-type]


def wandering(seed: int, voices: int = 1, bars: int = 4) -> Song:
    """Notes and rests of many lengths, whose sums do not care for bar lines."""
    chance = np.random.default_rng(seed)
    made = []
    for at in range(voices):
        notes, time, end = [], 0, bars * 4 * TICKS
        while time < end:
            length = min(int(chance.choice([3, 6, 9, 12, 18, 24, 36, 60, 90])), end - time)
            if chance.random() < 0.85:
                notes.append(Note(time, length, 70 - 5 * at + int(chance.integers(-6, 7))))
            time += length
        made.append(tuple(notes))
    return Song(tuple(made), tonic=7, mode="minor", bars=bars, tempo=132.0, instrument="violin", title='<b>"x"</b>')
