"""What an easel sends of a work: small and soon while a hand moves, exact when it lets go."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Any

from PIL import Image

from genart_nb.artwork import Artwork
from genart_nb.media.song import Song

THUMBNAIL = 96
"""Longer side of a past try in the strip, in pixels."""
DRAFT_QUALITY = 82
SONG = "application/vnd.genart.song+json"
"""A song for an easel: its drawn roll and what its player has to know. See `song`."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Encoded content; `width` and `height` are in pixels, 0 for what has none. `sound` is the MP3 of a song."""

    mime: str
    data: bytes
    width: int = 0
    height: int = 0
    sound: bytes = b""

    @property
    def buffers(self) -> list[bytes]:
        """What is sent of it."""
        return [self.data, self.sound] if self.sound else [self.data]


def draft(picture: Image.Image) -> Frame:
    """A picture as WebP, encoded in the quickest way."""
    return _picture(picture, "WEBP", quality=DRAFT_QUALITY, method=0)


def whole(work: Artwork) -> Frame:
    """A finished work: a picture without loss, else text. What is neither is shown as its medium shows it."""
    if isinstance(work.data, Image.Image):
        return _picture(work.data, "PNG", compress_level=3)
    if isinstance(work.data, str):
        return text(work.data)
    bundle = work.medium.bundle(work.sheet)
    if "image/png" in bundle:
        content = base64.b64decode(bundle["image/png"])
        with Image.open(io.BytesIO(content)) as image:
            return Frame("image/png", content, *image.size)
    return text(str(bundle["text/plain"]))


def growing(data: Any) -> Frame | None:
    """A work that is not finished; None for what cannot be shown before it is."""
    if isinstance(data, Image.Image):
        return draft(data)
    return text(data) if isinstance(data, str) else None


def song(music: Song, *, sound: bool = False) -> Frame:
    """A song's roll, with its `sound` or without: the roll is drawn at once, the sound takes a moment.

    `seconds` is how long it plays, `bar` how long a bar does; songs of the same `notes` differ in their sound alone.
    """
    from genart_nb.media import song_player, song_roll, song_sound

    told = {
        "picture": song_roll.svg(music), "legend": song_player.legend(music), "seconds": music.seconds,
        "bar": music.seconds / music.bars, "tempo": music.tempo,
        "notes": hashlib.sha256(repr((music.voices, music.metre, music.bars)).encode()).hexdigest()[:16],
    }  # fmt: skip
    return Frame(SONG, json.dumps(told).encode(), sound=song_sound.inline(music) if sound else b"")


def text(words: str) -> Frame:
    """Words as UTF-8."""
    return Frame("text/plain", words.encode())


def thumbnail(frame: Frame, data: Any = None) -> Frame:
    """A small WebP of a picture, or of the roll of a song `data`; the beginning of a text."""
    if isinstance(data, Song):
        from genart_nb.media import song_roll

        return draft(song_roll.picture(data, THUMBNAIL, THUMBNAIL))
    if not frame.mime.startswith("image/"):
        return text(frame.data.decode()[:48])
    with Image.open(io.BytesIO(frame.data)) as image:
        small = image.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return draft(small)


def _picture(picture: Image.Image, format: str, **options: Any) -> Frame:
    target = io.BytesIO()
    picture.convert("RGB").save(target, format, **options)
    return Frame(f"image/{format.lower()}", target.getvalue(), *picture.size)
