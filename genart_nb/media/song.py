"""Music as data: voices of notes on a grid that every bar fills exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from genart_nb.errors import GalleryError

TICKS = 24
"""Ticks of a crotchet: thirty-second notes and triplet semiquavers are whole numbers of them."""

NAMES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""Tonics by pitch class, as major keys are usually written."""

INSTRUMENTS = {
    "piano": 0, "harpsichord": 6, "organ": 19, "guitar": 24, "violin": 40, "harp": 46, "choir": 52, "oboe": 68,
    "flute": 73, "recorder": 74, "whistle": 78,
}  # fmt: skip
"""General MIDI programs of the instruments that the small SoundFont has."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note: `start` and `length` in ticks, `pitch` as MIDI counts (60 is middle C)."""

    start: int
    length: int
    pitch: int

    @property
    def end(self) -> int:
        """The first tick at which it is silent again."""
        return self.start + self.length


@dataclass(frozen=True)
class Song:
    """A piece: `voices` hold notes in order of time, none overlapping, the highest voice first.

    `tonic` is a pitch class 0..11, `mode` major or minor, `metre` written `4/4`, `tempo` in crotchets a minute,
    `bars` how many there are. Raises ValueError where a note lies outside the bars or overlaps the one before it.
    `info["facts"]` is what was learnt while it was made; it is not part of the song.
    """

    voices: tuple[tuple[Note, ...], ...]
    tonic: int = 0
    mode: str = "major"
    metre: str = "4/4"
    tempo: float = 96.0
    bars: int = 1
    instrument: str = "piano"
    title: str = ""
    info: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for voice in self.voices:
            at = 0
            for note in voice:
                if note.start < at or note.length < 1 or note.end > self.ticks or not 0 <= note.pitch <= 127:
                    raise ValueError(f"{note} does not fit: it must begin at {at} or later and end by {self.ticks}")
                at = note.end

    @property
    def bar(self) -> int:
        """Ticks of one bar."""
        return bar_ticks(self.metre)

    @property
    def ticks(self) -> int:
        """Ticks of the whole."""
        return self.bars * self.bar

    @property
    def seconds(self) -> float:
        """How long it sounds, without the echo at its end."""
        return self.ticks / TICKS * 60 / self.tempo

    @property
    def key(self) -> str:
        """The key in words."""
        return f"{key_name(self.tonic, self.mode)} {self.mode}"

    def __repr__(self) -> str:
        """One stable line."""
        count = sum(map(len, self.voices))
        return f"<song {self.bars} bars {self.metre} {self.key}, {len(self.voices)} voices, {count} notes>"


def bar_ticks(metre: str) -> int:
    """Ticks of a bar of a metre written `3/4`; raises ValueError for one that is not."""
    top, _, bottom = metre.partition("/")
    ticks = Fraction(int(top), int(bottom)) * 4 * TICKS
    if ticks.denominator != 1 or ticks < 1:
        raise ValueError(f"{metre} is no metre that this grid can hold")
    return int(ticks)


def by_bar(notes: Iterable[Note], bar: int, bars: int) -> list[list[tuple[int, int, int]]]:
    """What begins in each of the first `bars` bars of `bar` ticks: (place in the bar, pitch, length) of each note."""
    inside: list[list[tuple[int, int, int]]] = [[] for _ in range(bars)]
    for note in notes:
        if note.start < bars * bar:
            inside[note.start // bar].append((note.start % bar, note.pitch, note.length))
    return inside


def key_name(tonic: int, mode: str) -> str:
    """The tonic as that key is usually written: C# minor, but Db major."""
    minor = {1: "C#", 3: "Eb", 6: "F#", 8: "G#", 10: "Bb"}
    return minor.get(tonic, NAMES[tonic]) if mode == "minor" else NAMES[tonic]


def to_json(song: Song) -> dict[str, Any]:
    """Everything of a song but what was learnt while it was made, as JSON values."""
    return {
        "voices": [[[note.start, note.length, note.pitch] for note in voice] for voice in song.voices],
        "tonic": song.tonic, "mode": song.mode, "metre": song.metre, "tempo": song.tempo, "bars": song.bars,
        "instrument": song.instrument, "title": song.title,
    }  # fmt: skip


def from_json(data: dict[str, Any]) -> Song:
    """The inverse of `to_json`; raises GalleryError for what is no song."""
    try:
        voices = tuple(tuple(Note(*map(int, note)) for note in voice) for voice in data["voices"])
        return Song(**{**data, "voices": voices})
    except (KeyError, TypeError, ValueError) as error:
        raise GalleryError(f"This is no song: {error}.", "`%genart remake` makes it again") from error
