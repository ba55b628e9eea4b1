"""What the composer learns from: chorales, madrigals, dances and airs of the music21 corpus, read once into JSON lines.

music21's corpus licence asks that each source's own terms be kept. Taken are the four below. Left out: the Essen folk
songs ("non-commercial distribution", of unclear status), Palestrina ("Rights to all derivative electronic formats
reserved"), Bach files of CCARH (the same words), Josquin (GPL-2), Ciconia and Luca (CC-BY-SA), two Monteverdi files
that name UT Orpheus, and Aird's airs (whose transcriber's terms are not in the files).
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from genart_nb.errors import GenartError
from genart_nb.media.song import TICKS
from genart_nb.paths import cache_home

SOURCES = {
    "chorale": "bach/*.mxl",
    "madrigal": "monteverdi/*.mxl",
    "ryan": "ryansMammoth/*.abc",
    "oneill": "oneills1850/*.abc",
}
FORBIDDEN = re.compile(rb"UT ?ORPHEUS|Rights to all derivative|All rights reserved", re.I)
PARTS = {"chorale": 4, "madrigal": 5, "ryan": 1, "oneill": 1}
TICK = Fraction(1, TICKS)
OTHERS = ("strathspey", "clog", "fling", "march", "walk", "polka", "slide")
O_NEILL = ((635, "song"), (700, ""), (1175, "jig"), (1555, "reel"), (1750, "hornpipe"))
"""Music of Ireland (1903) is in order of kinds: the number up to which each goes. 636 to 700 are harpers' pieces."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: `voices` hold (start, length, MIDI pitch) in ticks, highest voice first; the rest is silence.

    `tonic` is a pitch class, `mode` major or minor; `offset` is how far into a bar the first note stands.
    """

    name: str
    style: str
    tonic: int
    mode: str
    metre: str
    offset: int
    voices: tuple[tuple[tuple[int, int, int], ...], ...]


def place() -> Path:
    """Where the pieces are kept."""
    return cache_home() / "training" / "composer" / "pieces.jsonl"


def pieces() -> list[Piece]:
    """All pieces, as `read_corpus` left them."""
    rows = (json.loads(line) for line in place().read_text(encoding="utf-8").splitlines())
    return [
        Piece(**{**row, "voices": tuple(tuple(tuple(note) for note in voice) for voice in row["voices"])})
        for row in rows
    ]


def read_corpus(workers: int = 2) -> int:
    """Read every source into `place()`, unless that is done; returns how many pieces there are.

    The order is that of the files, however many processes read them.
    """
    path = place()
    if path.exists():
        return len(path.read_text(encoding="utf-8").splitlines())
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    count = 0
    with part.open("w", encoding="utf-8") as file, ProcessPoolExecutor(workers) as pool:
        for name in SOURCES:
            for found in pool.map(functools.partial(_read, name), _files(name), chunksize=8):
                for piece in found:
                    file.write(json.dumps({each: getattr(piece, each) for each in Piece.__slots__}) + "\n")
                count += len(found)
            print(f"{name}: {count} pieces so far", flush=True)
    part.replace(path)
    return count


def _files(name: str) -> list[Path]:
    try:
        from music21 import corpus
    except ImportError:
        raise GenartError("Training the composer needs music21.", "pip install 'genart_nb[train]'") from None
    return [path for path in sorted(Path(corpus.__file__).parent.glob(SOURCES[name])) if _allowed(path)]


def _read(name: str, path: Path) -> list[Piece]:
    """Pieces of one file, as far as it can be read."""
    found: list[Piece] = []
    try:
        found.extend(_file(name, path))
    except Exception as error:  # music21 raises what it likes; a file less is no harm
        print(f"{path.name} is left out from #{len(found)} on: {type(error).__name__}: {str(error)[:80]}", flush=True)
    return found


def _allowed(path: Path) -> bool:
    """Whether nothing in the file forbids its use."""
    import zipfile

    if path.suffix != ".mxl":
        return not FORBIDDEN.search(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        return not any(FORBIDDEN.search(archive.read(each)) for each in archive.namelist())


def _file(name: str, path: Path) -> Iterator[Piece]:
    from music21 import converter

    read = converter.parse(path)
    scores = list(read.scores) if hasattr(read, "scores") else [read]
    kinds = re.findall(r"^R:\s*(.*)$", path.read_text(encoding="latin-1"), re.M) if len(scores) == 1 else []
    for at, score in enumerate(scores):
        title = str((score.metadata and score.metadata.title) or path.stem)
        kind = f"{title} {kinds[0] if kinds else ''}".lower()
        made = _piece(name, f"{path.parent.name}/{path.stem}#{at}", kind, score)
        if made:
            yield made


def _piece(source: str, name: str, title: str, score: Any) -> Piece | None:
    """One score as a Piece; None where it is not of the kind wanted."""
    parts = [part for part in score.parts if part.recurse().notes]
    if source == "chorale":
        parts = [part for part in parts if str(part.partName) in ("Soprano", "Alto", "Tenor", "Bass")] or parts
    metres = [str(each.ratioString) for each in parts[0].recurse().getElementsByClass("TimeSignature")] if parts else []
    if len(parts) != PARTS[source] or not metres or len(set(metres)) > 1:
        return None
    style = _style(source, title, metres[0], name)
    key = score.analyze("key")
    if source in ("ryan", "oneill"):
        signatures = list(parts[0].recurse().getElementsByClass("Key"))
        key = signatures[0] if signatures else key
    voices = [_voice(part) for part in parts]
    if not style or not all(voices):
        return None
    bar = int(Fraction(metres[0]) * 4 * TICKS)
    first = parts[0].getElementsByClass("Measure").first()
    length = round(Fraction(first.duration.quarterLength) * TICKS)
    offset = (bar - length) % bar
    voices.sort(key=lambda voice: -sum(note[2] for note in voice) / len(voice))
    minor = key.mode in ("minor", "dorian", "aeolian", "phrygian")
    return Piece(
        name, style, key.tonic.pitchClass, "minor" if minor else "major", metres[0], offset,
        tuple(tuple(voice) for voice in voices),
    )  # fmt: skip


def _style(source: str, title: str, metre: str, name: str) -> str:
    """The style by what a tune calls itself, else by where it stands in O'Neill's collection; "" for others."""
    if source in ("chorale", "madrigal"):
        return source
    for style in ("hornpipe", "reel", "jig"):
        if style in title:
            return style
    if source != "oneill" or any(word in title for word in OTHERS):
        return ""
    first = int(re.findall(r"\d+", name.rpartition("/")[2])[0])
    style = next((style for last, style in O_NEILL if first <= last), "")
    if style == "jig" and not metre.endswith("/8"):
        return ""
    return style if style in ("song", "jig") or not metre.endswith("/8") else ""


def _voice(part: Any) -> list[tuple[int, int, int]]:
    """Notes of a part: (start, length, pitch), tied notes joined, of chords the highest, graces dropped."""
    notes: list[tuple[int, int, int]] = []
    tied = False
    for note in part.flatten().notes:
        length = Fraction(note.quarterLength)
        if not length:
            continue
        begin, end = Fraction(note.offset) / TICK, Fraction(note.offset + note.quarterLength) / TICK
        start, stop = round(begin), round(end)
        pitch = max(each.midi for each in note.pitches)
        if tied and notes and notes[-1][2] == pitch and notes[-1][0] + notes[-1][1] == start:
            notes[-1] = (notes[-1][0], stop - notes[-1][0], pitch)
        elif stop > start and (not notes or start >= notes[-1][0] + notes[-1][1]):
            notes.append((start, stop - start, pitch))
        tied = note.tie is not None and note.tie.type in ("start", "continue")
    return notes
