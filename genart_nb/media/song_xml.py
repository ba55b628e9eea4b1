"""Songs as MusicXML 4.0 (https://www.w3.org/2021/06/musicxml40/), for notation programs and for our own engraving."""

from __future__ import annotations

from xml.etree import ElementTree as Tree

from genart_nb.media.song import TICKS, Note, Song, key_name
from genart_nb.media.song_midi import VOICES, fifths
from genart_nb.media.song_spelling import spelt

# Ticks to (type, dots, triplet); what is not here is written as tied parts of what is.
_TYPES = {
    192: ("breve", 0, False), 144: ("whole", 1, False), 96: ("whole", 0, False), 72: ("half", 1, False),
    48: ("half", 0, False), 36: ("quarter", 1, False), 24: ("quarter", 0, False), 18: ("eighth", 1, False),
    16: ("quarter", 0, True), 12: ("eighth", 0, False), 9: ("16th", 1, False), 8: ("eighth", 0, True),
    6: ("16th", 0, False), 4: ("16th", 0, True), 3: ("32nd", 0, False),
}  # fmt: skip


def musicxml(song: Song) -> bytes:
    """A score-partwise document, one part a voice."""
    root = Tree.Element("score-partwise", version="4.0")
    if song.title:
        Tree.SubElement(Tree.SubElement(root, "work"), "work-title").text = song.title
    parts = Tree.SubElement(root, "part-list")
    names = VOICES.get(len(song.voices), ("",) * len(song.voices))
    for at, name in enumerate(names):
        part = Tree.SubElement(parts, "score-part", id=f"P{at + 1}")
        Tree.SubElement(part, "part-name").text = name
    for at, voice in enumerate(song.voices):
        _part(Tree.SubElement(root, "part", id=f"P{at + 1}"), song, voice)
    body: bytes = Tree.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _part(part: Tree.Element, song: Song, voice: tuple[Note, ...]) -> None:
    middle = sum(note.pitch for note in voice) / max(1, len(voice))
    clef = ("F", "4", 0) if middle < 55 else ("G", "2", -1) if middle < 61 and len(song.voices) > 1 else ("G", "2", 0)
    pieces = _pieces(song, voice)
    beams = _beams(song, pieces)
    for number in range(song.bars):
        measure = Tree.SubElement(part, "measure", number=str(number + 1))
        if number == 0:
            _attributes(measure, song, clef)
        begin = number * song.bar
        for piece in pieces:
            if begin <= piece[0] < begin + song.bar:
                _note(measure, song, piece, beams.get(piece[0], ""))
        if number == song.bars - 1:
            barline = Tree.SubElement(measure, "barline", location="right")
            Tree.SubElement(barline, "bar-style").text = "light-heavy"


def _attributes(measure: Tree.Element, song: Song, clef: tuple[str, str, int]) -> None:
    attributes = Tree.SubElement(measure, "attributes")
    Tree.SubElement(attributes, "divisions").text = str(TICKS)
    key = Tree.SubElement(attributes, "key")
    Tree.SubElement(key, "fifths").text = str(fifths(song.tonic, song.mode))
    Tree.SubElement(key, "mode").text = song.mode
    time = Tree.SubElement(attributes, "time")
    beats, _, kind = song.metre.partition("/")
    Tree.SubElement(time, "beats").text, Tree.SubElement(time, "beat-type").text = beats, kind
    sign = Tree.SubElement(attributes, "clef")
    Tree.SubElement(sign, "sign").text, Tree.SubElement(sign, "line").text = clef[0], clef[1]
    if clef[2]:
        Tree.SubElement(sign, "clef-octave-change").text = str(clef[2])
    Tree.SubElement(measure, "sound", tempo=f"{song.tempo:g}")


Piece = tuple[int, int, int | None, bool, bool]
"""Start, length, pitch (None: a rest), and whether it is tied from the one before and to the one after."""


def _pieces(song: Song, voice: tuple[Note, ...]) -> list[Piece]:
    """Notes and rests cut at bar lines into lengths that can be written."""
    found: list[Piece] = []
    at = 0
    for note in (*voice, None):
        start = note.start if note else song.ticks
        found += _cut(song.bar, at, start, None)
        if note:
            found += _cut(song.bar, note.start, note.end, note.pitch)
            at = note.end
    return found


def _cut(bar: int, start: int, end: int, pitch: int | None) -> list[Piece]:
    found: list[Piece] = []
    first = start
    while start < end:
        room = min(end, start - start % bar + bar) - start
        length = max((each for each in _TYPES if each <= room and _even(start, each)), default=room)
        sung = pitch is not None
        found.append((start, length, pitch, sung and start > first, sung and start + length < end))
        start += length
    return found


def _even(start: int, length: int) -> bool:
    """Whether a length may begin there: triplets off the straight grid, straight notes on it."""
    return (length in (4, 8, 16)) if start % 3 else True


def _beams(song: Song, pieces: list[Piece]) -> dict[int, str]:
    """By start: begin, continue or end of a beam, for quavers and shorter notes of one beat."""
    beat = 36 if song.metre.endswith("/8") else TICKS
    groups: list[list[int]] = []
    last = -1
    for start, length, pitch, _, _ in pieces:
        if pitch is None or length >= 18 or length == 16:
            last = -1
            continue
        if last == start and start // beat == groups[-1][-1] // beat:
            groups[-1].append(start)
        else:
            groups.append([start])
        last = start + length
    found: dict[int, str] = {}
    for group in (each for each in groups if len(each) > 1):
        found |= {start: "continue" for start in group} | {group[0]: "begin", group[-1]: "end"}
    return found


def _note(measure: Tree.Element, song: Song, piece: Piece, beam: str) -> None:
    _, length, pitch, stops, starts = piece
    ties = [kind for kind, wanted in (("stop", stops), ("start", starts)) if wanted]
    note = Tree.SubElement(measure, "note")
    if pitch is None:
        Tree.SubElement(note, "rest")
    else:
        letter, alteration, octave = spelt(pitch, key_name(song.tonic, song.mode), song.mode)
        place = Tree.SubElement(note, "pitch")
        Tree.SubElement(place, "step").text = letter
        if alteration:
            Tree.SubElement(place, "alter").text = str(alteration)
        Tree.SubElement(place, "octave").text = str(octave)
    Tree.SubElement(note, "duration").text = str(length)
    for each in ties:
        Tree.SubElement(note, "tie", type=each)
    kind, dots, triplet = _TYPES.get(length, ("quarter", 0, False))
    Tree.SubElement(note, "type").text = kind
    for _ in range(dots):
        Tree.SubElement(note, "dot")
    if triplet:
        change = Tree.SubElement(note, "time-modification")
        Tree.SubElement(change, "actual-notes").text, Tree.SubElement(change, "normal-notes").text = "3", "2"
    if beam:
        Tree.SubElement(note, "beam", number="1").text = beam
    if ties:
        notations = Tree.SubElement(note, "notations")
        for each in ties:
            Tree.SubElement(notations, "tied", type=each)
