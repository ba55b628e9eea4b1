"""Songs as MIDI files, and MIDI, ABC and MusicXML files as songs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from genart_nb.errors import UsageError
from genart_nb.media.song import INSTRUMENTS, NAMES, TICKS, Note, Song, bar_ticks, from_json, to_json

PER_CROTCHET = 480
_MARK = "genart:"
_SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_LOUDNESS = 84
VOICES = {4: ("Soprano", "Alto", "Tenor", "Bass"), 5: ("Canto", "Quinto", "Alto", "Tenore", "Basso")}
LONGEST = 600
"""Bars of the longest file that is read."""


def score_of(song: Song) -> Any:
    """The song as a symusic Score: one track a voice, 480 ticks a crotchet."""
    from symusic import KeySignature, Score, Tempo, TimeSignature, Track
    from symusic import Note as Sounded

    times = PER_CROTCHET // TICKS
    score: Any = Score(PER_CROTCHET)  # its stubs join three units of time in one type
    top, _, bottom = song.metre.partition("/")
    score.time_signatures.append(TimeSignature(0, int(top), int(bottom)))
    score.tempos.append(Tempo(0, qpm=song.tempo))
    score.key_signatures.append(KeySignature(0, fifths(song.tonic, song.mode), int(song.mode == "minor")))
    for at, voice in enumerate(song.voices):
        names = VOICES.get(len(song.voices), ("",) * len(song.voices))
        track: Any = Track(name=names[at], program=INSTRUMENTS.get(song.instrument, 0), is_drum=False)
        for note in voice:
            track.notes.append(Sounded(note.start * times, note.length * times, note.pitch, _LOUDNESS))
        score.tracks.append(track)
    return score


def midi(song: Song) -> bytes:
    """A Standard MIDI File; what MIDI has no word for stands in a marker, so that `read_midi` gives the song back."""
    from symusic import TextMeta

    score = score_of(song)
    score.markers.append(TextMeta(0, _MARK + json.dumps(to_json(song), separators=(",", ":"), sort_keys=True)))
    found: bytes = score.dumps_midi()
    return found


def read_midi(content: bytes) -> Song:
    """The song in a MIDI file of ours or anybody's; raises UsageError for one that is broken or holds no notes."""
    from symusic import Score

    score: Any
    try:
        score = Score.from_midi(content)
    except Exception as error:  # the library raises RuntimeErrors of many words
        raise UsageError(f"This is no MIDI file that can be read: {_first(error)}.", "open and save it again") from None
    for marker in score.markers:
        if marker.text.startswith(_MARK):
            return from_json(json.loads(marker.text.removeprefix(_MARK)))
    return _song(score)


def read_file(path: Path) -> Song:
    """The song in a .mid or .abc file; raises UsageError for another, a broken or an empty one."""
    suffix = path.suffix.lower()
    if suffix in (".mid", ".midi"):
        return read_midi(path.read_bytes())
    if suffix != ".abc":
        raise UsageError(f"{path.name} is no music that can be read.", "name a .mid, .midi or .abc file")
    return read_abc(path.read_text(encoding="utf-8", errors="replace"))


def read_abc(text: str) -> Song:
    """The song in ABC notation, its repeats played; raises UsageError for what is none."""
    from symusic import Score

    try:
        score = Score.from_abc(text)
    except Exception as error:  # the library raises RuntimeErrors of many words
        fix = "it begins with X:1 and has K: before its notes"
        raise UsageError(f"This is no ABC that can be read: {_first(error)}.", fix) from None
    return _song(score)


def fifths(tonic: int, mode: str) -> int:
    """Sharps (or, below 0, flats) of a key signature."""
    major = tonic + 3 if mode == "minor" else tonic
    count = major * 7 % 12
    return count if count <= 6 else count - 12


def key_of(voices: Sequence[Sequence[Note]]) -> tuple[int, str]:
    """The key whose scale holds most of the sounding time, the last bass note's preferred."""
    weight = [0.0] * 12
    for voice in voices:
        for note in voice:
            weight[note.pitch % 12] += note.length
    weight[voices[-1][-1].pitch % 12] += 0.15 * sum(weight)

    def fit(tonic: int, mode: str) -> float:
        inside = sum(weight[(tonic + step) % 12] for step in _SCALES[mode])
        return inside + weight[tonic] + 0.5 * weight[(tonic + 7) % 12]

    return max(((tonic, mode) for mode in _SCALES for tonic in range(12)), key=lambda key: fit(*key))


def _song(score: Any) -> Song:
    """A score of anybody's, on our grid: each track's highest line, at most five of them, sorted by height."""
    per = score.ticks_per_quarter
    lines = [_line(track.notes, per) for track in score.tracks if not track.is_drum]
    lines = sorted((line for line in lines if line), key=lambda line: -sum(n.pitch for n in line) / len(line))[:5]
    if not lines:
        raise UsageError("There are no notes in this music.", "give a file with a melody in it")
    metre = "4/4"
    if score.time_signatures:
        first = score.time_signatures[0]
        metre = f"{first.numerator}/{first.denominator}"
    bar = bar_ticks(metre)
    bars = -(-max(line[-1].end for line in lines) // bar)
    if bars > LONGEST:
        raise UsageError(f"This music is {bars:,} bars long.", f"give one of at most {LONGEST} bars")
    tonic, mode = key_of(lines)
    tempo = float(score.tempos[0].qpm) if score.tempos else 96.0
    return Song(tuple(map(tuple, lines)), tonic, mode, metre, min(400.0, max(20.0, tempo)), bars)


def _line(notes: Any, per: int) -> list[Note]:
    """One voice: of notes that begin together the highest, each cut where the next begins."""
    found: list[Note] = []
    for note in sorted(notes, key=lambda each: (each.time, -each.pitch)):
        start, stop = (round(at * TICKS / per / 3) * 3 for at in (note.time, note.time + note.duration))
        if found and start < found[-1].end:
            if start == found[-1].start:
                continue
            found[-1] = Note(found[-1].start, start - found[-1].start, found[-1].pitch)
        found.append(Note(start, max(3, stop - start), note.pitch))
    return found


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]


def tonic_of(name: str) -> int:
    """The pitch class of a name such as `F#` or `Bb`; raises UsageError that names them all."""
    letters = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    letter, signs = name[:1].upper(), name[1:].replace("♯", "#").replace("♭", "b")
    if letter not in letters or signs not in ("", "#", "b"):
        raise UsageError(f"There is no key {name[:20]!r}.", f"use one of {', '.join(NAMES)}, or G#, C# ...")
    return (letters[letter] + signs.count("#") - signs.count("b")) % 12
