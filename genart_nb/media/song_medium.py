"""Songs as a medium: kept as MIDI, shown as a player with a piano roll, saved as sound, score or MusicXML."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

from genart_nb.errors import OptionError, UsageError
from genart_nb.media import song_engraving, song_likeness, song_midi, song_player, song_roll, song_sound, song_xml
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.likeness import Comparison, Shown
from genart_nb.media.picture import encoded, encoded_as, pixels_sha256, thumbnail
from genart_nb.media.song import Song, to_json
from genart_nb.media.typeset import figure
from genart_nb.options import shown

_ABC = re.compile(r"^K:.*\n", re.M)
SUFFIXES = (".mid", ".musicxml", ".xml", ".svg", *song_sound.FORMATS, ".png")


class SongMedium:
    """A Song."""

    name = "song"
    suffix = ".mid"

    def dump(self, data: Song) -> bytes:
        """A Standard MIDI File."""
        return song_midi.midi(data)

    def encode(self, data: Song, suffix: str) -> bytes:
        """MIDI, MusicXML, an engraved SVG, sound, or the piano roll as PNG; raises UsageError for another ending."""
        if suffix in (".mid", ".midi"):
            return self.dump(data)
        if suffix in (".musicxml", ".xml"):
            return song_xml.musicxml(data)
        if suffix == ".svg":
            return song_engraving.svg(data).encode()
        if suffix in song_sound.FORMATS:
            return song_sound.encoded(data, suffix)
        if suffix == ".png":
            return encoded_as(song_roll.picture(data), suffix)
        raise UsageError(f"A song cannot be saved as {suffix}.", f"end the file's name in {', '.join(SUFFIXES)}")

    def taken(self, value: object, flag: str) -> Song:
        """The song that a Song, a .mid or .abc file or the text of an ABC tune is; raises OptionError for another."""
        use = "name a .mid or .abc file, or a variable that holds a song"
        try:
            if isinstance(value, Song):
                song = value
            elif isinstance(value, str) and _ABC.search(value):
                song = song_midi.read_abc(value)
            elif isinstance(value, str | Path) and Path(value).expanduser().is_file():
                song = song_midi.read_file(Path(value).expanduser())
            else:
                named = isinstance(value, str | Path)
                what = f"there is no file {shown(str(value))}" if named else f"this is a {type(value).__name__}"
                raise OptionError(f"{flag} takes a song: {what}.", use)
        except (OSError, ValueError) as error:
            raise OptionError(f"{flag}: {shown(str(value))} is no song that can be read: {error}.", use) from None
        if not any(song.voices):
            raise OptionError(f"{flag}: there are no notes in it.", "give a song with a melody")
        return song

    def load(self, content: bytes) -> Song:
        """The song in a MIDI file."""
        return song_midi.read_midi(content)

    def fingerprint(self, data: Song) -> dict[str, Any]:
        """SHA-256 of the notes and of the samples, how often each pitch class sounds, and a 32x32 grey piano roll.

        `pitch_classes` are crotchets that each of the twelve sounds, C first; `font` names the SoundFont.
        """
        weight = [0] * 12
        for voice in data.voices:
            for note in voice:
                weight[note.pitch % 12] += note.length
        return {
            "sha256": notes_sha256(data),
            "samples": sha256(song_sound.rendered(data).tobytes()),
            "font": sha256(song_sound.soundfont().read_bytes())[:16],
            "bars": data.bars,
            "notes": sum(map(len, data.voices)),
            "seconds": round(data.seconds, 3),
            "pitch_classes": [round(each / 24, 3) for each in weight],
            "still": pixels_sha256(song_roll.picture(data)),
            "thumbnail": thumbnail(song_roll.picture(data)),
        }

    def compare(self, old: Shown, new: Shown) -> Comparison:
        """Compare two songs by their notes, their samples and where they part."""
        return song_likeness.compare(old, new)

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The stable line, the piano roll as PNG, and a player; while it grows, the roll alone."""
        song: Song = sheet.data
        if sheet.live:
            body = figure(song_player.growing(song), sheet, song_player.CSS)
            return {"text/plain": sheet.mark, "text/html": body}
        still = encoded(song_roll.picture(song), "PNG")
        body = song_player.player(song, sheet.prompt or sheet.title or song.key)
        return {
            "text/plain": sheet.mark,
            "image/png": base64.b64encode(still).decode(),
            "text/html": figure(body, sheet, song_player.CSS),
        }


def notes_sha256(song: Song) -> str:
    """SHA-256 of everything of a song but its title: what tells it from another."""
    notes = {name: value for name, value in to_json(song).items() if name != "title"}
    return sha256(json.dumps(notes, sort_keys=True, separators=(",", ":")).encode())


SONG = SongMedium()
