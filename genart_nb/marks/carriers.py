"""Which carrier a file is of: told by its first bytes, never by its name."""

from __future__ import annotations

from genart_nb.marks.base import Carrier
from genart_nb.marks.gif import Gif
from genart_nb.marks.jpeg import Jpeg
from genart_nb.marks.midi import Midi
from genart_nb.marks.mp4 import Mp4
from genart_nb.marks.musicxml import MusicXml
from genart_nb.marks.png import Png
from genart_nb.marks.riff import Wav, WebP
from genart_nb.marks.svg import Svg
from genart_nb.marks.tags import Flac, Mp3, Ogg

CARRIERS: tuple[Carrier, ...] = (
    Png(), WebP(), Jpeg(), Gif(), Mp4(), Wav(), Midi(), Flac(), Ogg(), Mp3(), Svg(), MusicXml(),
)  # fmt: skip


def carrier_of(content: bytes) -> Carrier | None:
    """The carrier that knows the file, or None."""
    return next((each for each in CARRIERS if each.knows(content)), None)
