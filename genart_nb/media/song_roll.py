"""The piano roll: a song drawn as bars of colour, once as SVG for the player and once as pixels for a still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genart_nb.media.song import TICKS, Song
from genart_nb.media.typeset.frame import HUES

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 720, 200
_MARGIN = 2
_BLACK = (1, 3, 6, 8, 10)


def span(song: Song) -> tuple[int, int]:
    """Lowest and highest pitch drawn, an octave apart at least."""
    pitches = [note.pitch for voice in song.voices for note in voice] or [60]
    low, high = min(pitches) - _MARGIN, max(pitches) + _MARGIN
    grow = max(0, 12 - (high - low))
    return low - grow // 2, high + grow - grow // 2


def svg(song: Song) -> str:
    """An SVG that fills its box: time to the right, pitch upwards, one hue a voice; colours follow the page."""
    low, high = span(song)
    rows = high - low + 1
    parts = [f'<rect class="genart-black" x="0" y="{high - pitch}" width="{song.ticks}" height="1"/>'
             for pitch in range(low, high + 1) if pitch % 12 in _BLACK]  # fmt: skip
    for at in range(song.bar, song.ticks, song.bar):
        parts.append(f'<path class="genart-bar" d="M{at} 0V{rows}"/>')
    for number, voice in enumerate(song.voices):
        boxes = ((note.start, high - note.pitch, max(1, note.length - 1)) for note in voice)
        notes = "".join(f"M{left} {top}h{wide}v.9h-{wide}z" for left, top, wide in boxes)
        parts.append(f'<path class="genart-voice" fill="{HUES[number % len(HUES)]}" d="{notes}"/>')
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {song.ticks} {rows}" preserveAspectRatio="none" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="piano roll">{body}</svg>'
    )


def picture(song: Song, width: int = WIDTH, height: int = HEIGHT) -> Image:
    """The same as RGB pixels, on white."""
    from PIL import Image, ImageColor, ImageDraw

    low, high = span(song)
    rows = high - low + 1
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    across, down = width / max(1, song.ticks), height / rows
    for pitch in range(low, high + 1):
        if pitch % 12 in _BLACK:
            draw.rectangle((0, (high - pitch) * down, width, (high - pitch + 1) * down - 1), fill="#f3f3f3")
    for at in range(song.bar, song.ticks, song.bar):
        draw.line((at * across, 0, at * across, height), fill="#d8d8d8")
    for number, voice in enumerate(song.voices):
        colour = ImageColor.getrgb(HUES[number % len(HUES)])
        for note in voice:
            left, top = note.start * across, (high - note.pitch) * down
            draw.rectangle((left, top, max(left + 1, note.end * across - 2), top + down - 1), fill=colour)
    return image


def seconds(ticks: int, tempo: float) -> float:
    """Seconds that ticks take at a tempo in crotchets a minute."""
    return ticks / TICKS * 60 / tempo
