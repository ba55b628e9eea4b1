"""Backdrops drawn by code in a flat style: sky, ground, sea, night with stars, rain, a plain colour."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from genart_nb.models.painter.phrases import Setting
from genart_nb.models.painter.vocabulary import COLOURS

SIDE = 128
_FINE = 2  # drawn at twice the size, then reduced: edges come out smooth
_Colour = tuple[int, int, int]

_SKIES: dict[str, tuple[_Colour, _Colour]] = {
    "day": ((150, 208, 245), (226, 243, 252)),
    "night": ((20, 26, 66), (58, 66, 124)),
    "sunset": ((106, 76, 150), (255, 178, 102)),
    "space": ((14, 12, 36), (42, 30, 78)),
    "rain": ((128, 144, 164), (188, 200, 212)),
    "underwater": ((80, 180, 220), (18, 84, 150)),
    "room": ((246, 230, 205), (250, 238, 220)),
    "table": ((214, 232, 230), (236, 244, 240)),
}
_GROUNDS: dict[str, tuple[_Colour, _Colour]] = {
    "grass": ((126, 196, 92), (104, 176, 78)),
    "forest": ((92, 160, 78), (76, 140, 66)),
    "beach": ((245, 222, 170), (236, 206, 148)),
    "desert": ((238, 198, 128), (226, 178, 104)),
    "snow": ((240, 246, 252), (222, 234, 246)),
    "city": ((150, 154, 164), (128, 132, 144)),
    "mountains": ((130, 184, 108), (108, 164, 92)),
    "room": ((196, 150, 104), (180, 134, 90)),
    "table": ((206, 158, 108), (190, 140, 92)),
    "moonscape": ((196, 198, 210), (172, 174, 190)),
    "sea": ((66, 150, 210), (44, 118, 182)),
}
AIRY = frozenset(("space", "underwater", "sky"))
"""Places without a ground to stand on: things float in the middle."""


def draw(setting: Setting, rng: np.random.Generator) -> Image.Image:
    """Draw a setting, RGB 128x128; an empty one is white."""
    if setting.colour:
        return Image.new("RGB", (SIDE, SIDE), COLOURS[setting.colour])
    if not setting:
        return Image.new("RGB", (SIDE, SIDE), "white")
    place = setting.place or ("snow" if setting.weather == "snow" else "grass")
    indoors = place in ("space", "underwater", "room", "table")
    weather = "rain" if setting.weather == "rain" else "day"
    sky = "space" if place == "moonscape" else place if indoors else setting.time or weather
    side = SIDE * _FINE
    pixels = _gradient(*_SKIES[sky], side)
    canvas = Image.fromarray(pixels)
    pen = ImageDraw.Draw(canvas, "RGBA")
    if sky in ("night", "space"):
        _stars(pen, side, rng, 70 if sky == "space" else 36)
    if sky == "sunset" and place in _GROUNDS:
        x = float(rng.uniform(0.25, 0.75)) * side
        pen.ellipse(_round(x, 0.62 * side, 0.15 * side), fill=(255, 226, 140, 255))
    if sky == "day":
        _clouds(pen, side, rng)
    _distance(pen, place, side, rng, sky)
    if place in _GROUNDS:
        _ground(pen, place, side, sky)
    if place == "underwater":
        _bubbles(pen, side, rng)
    _falling(pen, setting.weather, side, rng)
    return canvas.resize((SIDE, SIDE), Image.Resampling.BOX)


def _gradient(top: _Colour, bottom: _Colour, side: int) -> NDArray[np.uint8]:
    share = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    column = np.array(top, np.float32) * (1 - share) + np.array(bottom, np.float32) * share
    return np.repeat(column, side, axis=1).round().astype(np.uint8)


def _round(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _shade(colour: _Colour, sky: str) -> _Colour:
    """A colour of the ground as it looks by night, at sunset or in rain."""
    light = {"night": (0.34, 0.38, 0.56), "sunset": (0.88, 0.72, 0.66), "rain": (0.8, 0.84, 0.86)}
    red, green, blue = light.get(sky, (1.0, 1.0, 1.0))
    return int(colour[0] * red), int(colour[1] * green), int(colour[2] * blue)


def _stars(pen: ImageDraw.ImageDraw, side: int, rng: np.random.Generator, count: int) -> None:
    for x, y, size in zip(rng.random(count), rng.random(count), rng.random(count), strict=True):
        pen.ellipse(_round(x * side, y * side, 0.8 + 1.8 * size**3), fill=(255, 250, 225, int(130 + 125 * size)))


def _clouds(pen: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    for x in (rng.uniform(0.05, 0.35), rng.uniform(0.6, 0.95)):
        y, size = rng.uniform(0.1, 0.26), rng.uniform(0.035, 0.055)
        for shift, grow in ((-1.3, 0.7), (0.0, 1.0), (1.3, 0.75)):
            middle = (x + shift * size) * side, (y - (grow - 0.7) * size) * side
            pen.ellipse(_round(*middle, grow * size * side), fill=(255, 255, 255, 255))


def _distance(pen: ImageDraw.ImageDraw, place: str, side: int, rng: np.random.Generator, sky: str) -> None:
    """What stands between the sky and the ground."""
    horizon = 0.72 * side
    if place == "forest":
        pen.rectangle((0, horizon - 0.14 * side, side, horizon), fill=_shade((62, 122, 74), sky))
        for x in np.linspace(-0.02, 1.02, 9) + rng.uniform(-0.03, 0.03, 9):
            high, wide = rng.uniform(0.34, 0.52) * side, rng.uniform(0.075, 0.1) * side
            green = _shade((70 + int(rng.integers(0, 22)), 140 + int(rng.integers(0, 22)), 84), sky)
            for step in (0.0, 0.28, 0.56):
                tip = horizon - high + step * high * 0.62
                half = wide * (0.6 + 0.6 * step)
                pen.polygon([(x * side, tip), (x * side - half, tip + 0.45 * high),
                             (x * side + half, tip + 0.45 * high)], fill=green)  # fmt: skip
            pen.rectangle((x * side - 3, horizon - 0.05 * high, x * side + 3, horizon + 4), fill=(110, 78, 54))
    elif place == "mountains":
        for x, high in ((rng.uniform(0.1, 0.3), 0.42), (rng.uniform(0.65, 0.9), 0.36), (0.5, 0.5)):
            tip, half = horizon - high * side, high * 0.75 * side
            pen.polygon([(x * side, tip), (x * side - half, horizon), (x * side + half, horizon)],
                        fill=_shade((126, 138, 170), sky))  # fmt: skip
            pen.polygon([(x * side, tip), (x * side - half * 0.25, tip + 0.25 * high * side),
                         (x * side + half * 0.25, tip + 0.25 * high * side)],
                        fill=_shade((248, 250, 255), sky))  # fmt: skip
    elif place == "city":
        left = 0.0
        while left < side:
            wide, high = rng.uniform(0.1, 0.17) * side, rng.uniform(0.2, 0.5) * side
            pen.rectangle((left, horizon - high, left + wide - 2, horizon), fill=_shade((158, 172, 196), sky))
            for y in np.arange(horizon - high + 8, horizon - 8, 14):
                lit = (255, 226, 140) if sky in ("night", "sunset") else (214, 226, 240)
                for x in (0.2, 0.6):
                    pen.rectangle((left + x * wide, y, left + (x + 0.2) * wide, y + 6), fill=lit)
            left += wide
    elif place == "beach":
        pen.rectangle((0, 0.58 * side, side, side), fill=_shade((84, 176, 220), sky))


def _ground(pen: ImageDraw.ImageDraw, place: str, side: int, sky: str) -> None:
    near, far = (_shade(colour, sky) for colour in _GROUNDS[place])
    if place in ("grass", "snow", "desert", "beach", "moonscape"):
        top = (0.66 if place != "beach" else 0.76) * side
        pen.ellipse((-0.35 * side, top, 0.85 * side, top + side), fill=far)
        pen.ellipse((0.1 * side, top + 0.02 * side, 1.5 * side, top + side), fill=near)
        pen.rectangle((0, 0.86 * side, side, side), fill=near)
    else:
        top = (0.58 if place == "sea" else 0.72) * side
        pen.rectangle((0, top, side, side), fill=far)
        pen.rectangle((0, top + 0.1 * side, side, side), fill=near if place != "sea" else far)
    if place == "sea":
        for row in range(4):
            y = top + (0.06 + 0.1 * row) * side
            for x in range(-1, 6):
                start = (x * 0.2 + 0.1 * (row % 2)) * side
                pen.arc((start, y, start + 0.2 * side, y + 0.07 * side), 20, 160, fill=near, width=4)


def _bubbles(pen: ImageDraw.ImageDraw, side: int, rng: np.random.Generator) -> None:
    for x, y, size in rng.random((14, 3)):
        pen.ellipse(_round(x * side, y * side, 3 + 6 * size), outline=(220, 244, 255, 170), width=2)


def _falling(pen: ImageDraw.ImageDraw, weather: str, side: int, rng: np.random.Generator) -> None:
    if weather == "rain":
        for x, y in rng.random((60, 2)) * side:
            pen.line((x, y, x - 4, y + 14), fill=(214, 232, 250, 220), width=2)
    elif weather == "snow":
        for x, y, size in rng.random((60, 3)):
            pen.ellipse(_round(x * side, y * side, 1.5 + 2.5 * size), fill=(255, 255, 255, 235))
