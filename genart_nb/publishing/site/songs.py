"""Songs on a page: read again from the roll that a notebook stores, and everything that a player needs of one.

The stored HTML is never copied: the numbers of its roll and legend are tried until they are the notes of the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genart_nb.errors import GenartError
from genart_nb.media import song_engraving, song_midi, song_player, song_roll, song_sound, song_xml
from genart_nb.media.base import sha256
from genart_nb.media.song import TICKS, Note, Song, bar_ticks
from genart_nb.media.song_medium import notes_sha256
from genart_nb.publishing.site.notebook import joined

NARROW = 1250
"""Width of the score for a narrow screen, in verovio's units; that of a wide one is 2100."""
SCORED = 64
"""Bars of the longest song whose score is engraved; the MusicXML of a longer one can still be opened elsewhere."""
SHORT = 16
"""Bars of the longest song whose score is unfolded at first."""

_ELSEWHERE = "The sound is as the notebook holds it: made with another SoundFont than the one here."

_BOX = re.compile(r'viewBox="0 0 (\d{1,7}) (\d{1,3})"')
_VOICE = re.compile(r'<path class="genart-voice" [^>]*? d="([^"]*)"')
_NOTE = re.compile(r"M(\d{1,7}) (\d{1,3})h(\d{1,7})v\.9h-\d+z")
_LEGEND = re.compile(
    r"<span>([A-G][b#]?) (major|minor) · (\d{1,2}/\d{1,2}) · ♩ = (\d{1,3}) · (\d{1,5}) bars"
    r" · \d+ s · ([\w ]{1,40})</span>"
)
_BLACK_ROW = re.compile(r'<rect class="genart-black" x="0" y="(\d{1,3})"')
_BLACK = (1, 3, 6, 8, 10)
MOST = 20_000
"""Notes of the longest song that is read again."""

Keep = Callable[[str, bytes], str]
"""Takes what a file's name ends with and its bytes, returns its path in the site."""


def read(bundle: Mapping[str, Any], record: Mapping[str, Any]) -> Song | None:
    """The song in a stored roll, if its notes are those of the record; else None."""
    html = joined(bundle.get("text/html"))
    fingerprint = record.get("fingerprint")
    told: Mapping[str, Any] = fingerprint if isinstance(fingerprint, dict) else {}
    wanted = told.get("sha256")
    box, legend = _BOX.search(html), _LEGEND.search(html)
    if wanted is None or box is None or legend is None:
        return None
    drawn = [[tuple(map(int, note)) for note in _NOTE.findall(path)] for path in _VOICE.findall(html)]
    if not 0 < sum(map(len, drawn)) <= MOST:
        return None
    recipe = record.get("recipe")
    prompt = recipe.get("prompt") if isinstance(recipe, dict) else ""
    title = " ".join(str(prompt or "").split())[:80]
    for top in _tops(drawn, [int(row) for row in _BLACK_ROW.findall(html)]):
        voices = tuple(tuple(Note(at, wide + 1, top - row) for at, row, wide in voice) for voice in drawn)
        for tempo in _tempos(int(box[1]), told, int(legend[4])):
            song = _song(voices, legend, tempo, title)
            if song is not None and notes_sha256(song) == wanted:
                return song
    return None


def _tops(drawn: list[list[tuple[int, ...]]], black: list[int]) -> Iterator[int]:
    """Pitches of the uppermost row with which every note is a pitch of MIDI and every dark row a black key."""
    rows = [note[1] for voice in drawn for note in voice]
    for top in range(max(rows), 128 + min(rows)):
        if all((top - row) % 12 in _BLACK for row in black):
            yield top


def _tempos(ticks: int, told: Mapping[str, Any], rounded: int) -> Iterator[float]:
    """Tempos that the legend may mean: the whole number, or one that takes as long as the record says."""
    yield from (rounded, float(rounded))
    seconds = told.get("seconds")
    if isinstance(seconds, int | float) and seconds > 0:
        exact = ticks / TICKS * 60 / seconds
        yield from (round(exact, digits) for digits in (1, 2, 3))


def _song(voices: tuple[tuple[Note, ...], ...], legend: re.Match[str], tempo: float, title: str) -> Song | None:
    try:
        bar_ticks(legend[3])
        tonic = song_midi.tonic_of(legend[1])
        return Song(voices, tonic, legend[2], legend[3], tempo, int(legend[5]), legend[6], title)
    except (ValueError, ZeroDivisionError, GenartError):
        return None


@dataclass(frozen=True)
class Shown:
    """What the template is given of a song; `sound`, `score` and `narrow` are paths, both scores empty without verovio.

    `roll` and `legend` are HTML of ours. `seconds` is how long it sounds without its echo, `bar` one bar of it,
    `length` the same in words; `short`: its score is unfolded. `files` are (path, format, file name) for download.
    """

    roll: str
    legend: str
    sound: str
    seconds: float
    bar: float
    length: str
    score: str = ""
    narrow: str = ""
    note: str = ""
    short: bool = True
    files: tuple[tuple[str, str, str], ...] = ()


def shown(song: Song, fingerprint: Mapping[str, Any], stored: bytes, keep: Keep) -> Shown:
    """Make the files of a song; `stored` is the sound that the notebook holds.

    It is used where this computer's SoundFont would sound otherwise than the author's, and where it has none.
    """
    content, other = _sound(song, fingerprint, stored)
    sound = keep(".mp3", content)
    xml = keep(".musicxml", song_xml.musicxml(song))
    score = narrow = ""
    if song_engraving.available() and song.bars <= SCORED:
        score = keep("-score.svg", song_engraving.svg(song).encode())
        narrow = keep("-score-narrow.svg", song_engraving.svg(song, NARROW).encode())
    files = ((xml, "MusicXML"), (sound, "MP3"), *([(score, "Score (SVG)")] if score else []))
    return Shown(
        song_roll.svg(song), song_player.legend(song), sound, round(song.seconds, 3),
        round(song.seconds / song.bars, 3), clock(song.seconds), score, narrow, other, song.bars <= SHORT,
        tuple((path, label, path.rpartition("/")[2]) for path, label in files),
    )  # fmt: skip


def cover(song: Song) -> Any:
    """A square picture of a song, for cards and shared links: its roll with room around it."""
    from PIL import Image

    side, room = 960, 64
    sheet = Image.new("RGB", (side, side), "white")
    sheet.paste(song_roll.picture(song, side - 2 * room, side - 2 * room), (room, room))
    return sheet


def clock(seconds: float) -> str:
    """Minutes and seconds, as a player shows them: 1:05."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _sound(song: Song, fingerprint: Mapping[str, Any], stored: bytes) -> tuple[bytes, str]:
    """The sound as MP3, and a note where it is not rendered here."""
    try:
        if not stored or sha256(song_sound.rendered(song).tobytes()) == fingerprint.get("samples"):
            return song_sound.encoded(song, ".mp3"), ""
    except GenartError:
        if not stored:
            raise
    return stored, _ELSEWHERE
