"""Songs as sound: symusic's synthesiser plays them from a SoundFont, libsndfile writes the files.

The small SoundFont that ships is cut from MuseScore_General (MIT; see NOTICE). GENART_SOUNDFONT names a larger one.
"""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import GenartError, UsageError
from genart_nb.media.song import Song

if TYPE_CHECKING:
    from collections.abc import Mapping

RATE = 44100
"""Samples a second."""
INLINE_RATE = 22050
PEAK = 0.89
"""Loudest sample, of 1: one decibel below clipping."""
TAIL = 1.5
"""Seconds that the last chord may ring on, at most."""
VARIABLE = "GENART_SOUNDFONT"

Samples = NDArray[np.float32]

FORMATS: Mapping[str, tuple[str, str]] = {
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
    ".mp3": ("MP3", "MPEG_LAYER_III"),
}


def soundfont() -> Path:
    """The SoundFont in use; raises GenartError when it is not there."""
    named = os.environ.get(VARIABLE, "")
    path = Path(named).expanduser() if named else Path(__file__).parent / "song_font" / "small.sf3"
    if not path.is_file():
        fix = f"point {VARIABLE} at a .sf2 or .sf3 file, or unset it" if named else "reinstall genart_nb"
        raise GenartError(f"There is no SoundFont at {path}.", fix)
    return path


def rendered(song: Song) -> Samples:
    """Stereo samples (2, n) in -1..1 at RATE, as loud as PEAK; the same song gives the same samples."""
    font = soundfont()
    return _rendered(_Key(song), str(font), font.stat().st_mtime_ns)


class _Key:
    """A song by what it sounds like, for the cache."""

    def __init__(self, song: Song) -> None:
        self.song = song
        self._parts = (song.voices, song.tempo, song.instrument, song.ticks)

    def __hash__(self) -> int:
        return hash(self._parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts


@functools.lru_cache(maxsize=4)
def _rendered(key: _Key, font: str, _: int) -> Samples:
    from symusic import Synthesizer

    from genart_nb.media.song_midi import score_of

    try:
        synthesiser = Synthesizer(font, RATE, 0)
        found: Any = np.asarray(synthesiser.render(score_of(key.song), True), np.float32)
    except Exception as error:  # the library raises RuntimeErrors
        what = f"{Path(font).name} is no SoundFont that can be played: {error}."
        raise GenartError(what, f"unset {VARIABLE}") from None
    found = found[:, : round((key.song.seconds + TAIL) * RATE)]
    fade = min(found.shape[1], RATE // 4)
    if fade:
        found[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    loudest = float(np.abs(found).max()) if found.size else 0.0
    louder: Samples = found * np.float32(PEAK / loudest) if loudest else found
    return louder


def encoded(song: Song, suffix: str) -> bytes:
    """A sound file by its ending; raises UsageError for one that is none of FORMATS."""
    import soundfile

    if suffix not in FORMATS:
        raise UsageError(f"A song cannot be saved as {suffix}.", f"use one of {', '.join(FORMATS)}")
    format, subtype = FORMATS[suffix]
    target = io.BytesIO()
    soundfile.write(target, rendered(song).T, RATE, format=format, subtype=subtype)
    return target.getvalue()


def inline(song: Song) -> bytes:
    """A small MP3, one channel at half the rate, for notebooks: about 5 kB a second."""
    font = soundfont()
    return _inline(_Key(song), str(font), font.stat().st_mtime_ns)


@functools.lru_cache(maxsize=4)
def _inline(key: _Key, font: str, changed: int) -> bytes:
    import soundfile

    mono = _rendered(key, font, changed).mean(0)
    half = (mono[: len(mono) // 2 * 2].reshape(-1, 2)).mean(1)
    target = io.BytesIO()
    soundfile.write(target, half, INLINE_RATE, format="MP3", subtype="MPEG_LAYER_III", compression_level=0.75)
    return target.getvalue()
