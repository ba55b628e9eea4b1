"""Style pictures drawn by seeded code, so that where each is from is known to the last stroke.

`python -m genart_nb.models.restyler.drawings` draws the shelf anew.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from genart_nb.models.restyler.shelf import FOLDER

Chance = np.random.Generator
Draw = Callable[[Image.Image, ImageDraw.ImageDraw, Chance], Image.Image]

SIDE, FINE = 256, 1024
"""Side of a style picture, and of what it is drawn on before it is made small, in pixels."""


def _shades(text: str) -> list[tuple[int, int, int]]:
    return [(int(each[:2], 16), int(each[2:4], 16), int(each[4:], 16)) for each in text.split()]


def _field(chance: Chance, rough: int = 4) -> NDArray[np.float64]:
    """A smooth field in 0..1, (FINE, FINE), with about `rough` hills along a side."""
    coarse = Image.fromarray((chance.random((rough + 2, rough + 2)) * 255).astype(np.uint8))
    field = np.asarray(coarse.resize((FINE, FINE), Image.Resampling.BICUBIC), np.float64)
    return np.asarray((field - field.min()) / max(1.0, float(np.ptp(field))))


def _cells(chance: Chance, number: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Which of `number` points is nearest to each pixel, and how far the border to the next one is, in pixels."""
    points = chance.random((number, 2)) * FINE
    down, across = np.mgrid[0:FINE:2, 0:FINE:2]
    far = np.full((2, FINE // 2, FINE // 2), np.inf)
    near = np.zeros((FINE // 2, FINE // 2), np.intp)
    for index, (y, x) in enumerate(points):
        distance = np.hypot(down - y, across - x)
        nearer = distance < far[0]
        far[1] = np.where(nearer, far[0], np.minimum(far[1], distance))
        near[nearer] = index
        far[0] = np.minimum(far[0], distance)
    return near.repeat(2, 0).repeat(2, 1), (far[1] - far[0]).repeat(2, 0).repeat(2, 1)


def _celled(chance: Chance, number: int, shades: str, lead: str, wide: float) -> Image.Image:
    near, border = _cells(chance, number)
    palette = np.array(_shades(shades), np.float64)
    chosen = palette[chance.integers(len(palette), size=number)] * chance.uniform(0.8, 1.1, (number, 1))
    lit = chosen[near] * (0.85 + 0.3 * _field(chance, 24)[..., None])
    lit[border < wide] = _shades(lead)[0]
    return Image.fromarray(lit.clip(0, 255).astype(np.uint8))


def leadlight(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Coloured glass in lead."""
    return _celled(chance, 46, "c0392b e1a730 1f6f8b 2e8b57 6a3d9a 1d4e9e e8d8a0", "141414", 16)


def mosaic(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Small stones in pale mortar."""
    return _celled(chance, 520, "b5533c d9a15b 2f5d73 7fa3a0 e9dcc0 45352b 8a9a5b", "d8d0c0", 7)


def waves(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Rows of arcs that overlap like scales, blue on white."""
    for row in range(-1, 20):
        for column in range(-1, 10):
            x, y = column * 128 + row % 2 * 64, row * 56
            tone = int(chance.integers(0, 3))
            for ring, radius in enumerate((70, 54, 38, 22)):
                fill = _shades("1b3a6b 24508f 2f66ad")[tone] if ring % 2 == 0 else (238, 234, 220)
                pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    return ground


def engraving(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Black lines on cream that swell where it is dark."""
    field, down = _field(chance, 3), np.mgrid[0:FINE, 0:FINE][0]
    bent = down + 60 * _field(chance, 2) + 14 * np.sin(np.mgrid[0:FINE, 0:FINE][1] / 60)
    ink = np.abs((bent / 20) % 1 - 0.5) * 2 < 0.15 + 0.7 * field
    return Image.fromarray(np.where(ink[..., None], _shades("1c1814"), _shades("efe6d2")).astype(np.uint8))


def stipple(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Dots of pure colour beside each other."""
    field = _field(chance, 3)
    shades = _shades("1f4e9e 3a8fc7 f2c230 e8762c c8342b 3f8f4a f4ead0")
    for x, y in chance.random((5200, 2)) * FINE:
        tone = field[int(y), int(x)] * len(shades) + chance.normal(0, 0.9)
        radius = chance.uniform(7, 13)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=shades[int(np.clip(tone, 0, 6))])
    return ground


def strokes(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Thick strokes of a brush that follow one another round."""
    turn, field = _field(chance, 3) * 2 * math.pi, _field(chance, 4)
    shades = _shades("12284c 1f4f8a 3f86b8 86b9c9 e9d27a f0a63a 28456b")
    for x, y in chance.random((2600, 2)) * FINE:
        line = [(x, y)]
        for _ in range(7):
            angle = turn[int(np.clip(y, 0, FINE - 1)), int(np.clip(x, 0, FINE - 1))]
            x, y = x + 13 * math.cos(angle), y + 13 * math.sin(angle)
            line.append((x, y))
        tone = field[int(line[0][1]), int(line[0][0])] * 7 + chance.normal(0, 0.7)
        shade = np.array(shades[int(np.clip(tone, 0, 6))]) * chance.uniform(0.85, 1.15)
        pen.line(line, fill=tuple(int(each) for each in shade.clip(0, 255)), width=int(chance.integers(11, 19)))
    return ground


def weave(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Coloured yarn, over and under."""
    size = 32
    across, along = (chance.integers(0, 5, FINE // size) for _ in range(2))
    shades = _shades("8c2f39 d9a441 e8ddc5 2f5d50 27364f")
    for row in range(FINE // size):
        for column in range(FINE // size):
            over = (row + column) % 2 == 0
            shade = np.array(shades[across[row] if over else along[column]], np.float64)
            for thread in range(0, size, 4):
                light = 0.7 + 0.35 * math.sin(math.pi * (thread + 2) / size) + chance.normal(0, 0.04)
                fill = tuple(int(each) for each in (shade * light).clip(0, 255))
                x, y = column * size, row * size
                box = (x, y + thread, x + size, y + thread + 3) if over else (x + thread, y, x + thread + 3, y + size)
                pen.rectangle(box, fill=fill)
    return ground


def marbling(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Colours swum on water and combed."""
    down, across = np.mgrid[0:FINE, 0:FINE] / FINE
    bands = 9 * down + 1.6 * _field(chance, 3) + 1.1 * np.sin(12 * across + 3 * _field(chance, 2))
    bands += 0.5 * np.sin(34 * across + 9 * down) + 0.7 * _field(chance, 7)
    shades = np.array(_shades("1d3557 f1e9d6 b23a48 f1e9d6 457b9d e0a93f"), np.float64)
    picked = shades[(bands * 2).astype(int) % len(shades)]
    edge = np.abs((bands * 2) % 1 - 0.5)[..., None] > 0.47
    return Image.fromarray(np.where(edge, picked * 0.6, picked).astype(np.uint8))


def paper(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """Plain shapes cut from coloured paper, each with a soft shadow."""
    shades = _shades("e4572e f3a712 29335c 669bbc a8c686 f4e8d0 db2b39")
    ground = Image.new("RGB", (FINE, FINE), shades[5])
    for _ in range(38):
        x, y, size = *(chance.random(2) * FINE), chance.uniform(70, 190)
        turns = np.sort(chance.random(int(chance.integers(4, 8)))) * 2 * math.pi
        shape = [(x + size * math.cos(turn), y + size * math.sin(turn)) for turn in turns]
        shadow = Image.new("L", (FINE, FINE), 0)
        ImageDraw.Draw(shadow).polygon([(a + 9, b + 11) for a, b in shape], fill=120)
        ground.paste((30, 22, 18), mask=shadow.filter(ImageFilter.BoxBlur(7)))
        ImageDraw.Draw(ground).polygon(shape, fill=shades[int(chance.integers(len(shades)))])
    return ground


def hatching(ground: Image.Image, pen: ImageDraw.ImageDraw, chance: Chance) -> Image.Image:
    """A pen's short lines, crossed where it is dark."""
    field = _field(chance, 3)
    ground.paste(_shades("f3ecdc")[0], (0, 0, FINE, FINE))
    for angle, floor in ((0.7, 0.25), (-0.7, 0.5), (0.1, 0.72)):
        for x, y in chance.random((2600, 2)) * FINE:
            if field[int(y), int(x)] > floor:
                tilt = angle + chance.normal(0, 0.06)
                far = chance.uniform(30, 70)
                end = (x + far * math.cos(tilt), y + far * math.sin(tilt))
                pen.line([(x, y), end], fill=_shades("26242c")[0], width=4)
    return ground


SHELF: dict[str, tuple[Draw, str, int]] = {
    "leadlight": (leadlight, "stained glass window, coloured glass in lead", 3),
    "mosaic": (mosaic, "mosaic of small stones in mortar", 5),
    "waves": (waves, "blue and white pattern of overlapping arcs", 7),
    "engraving": (engraving, "copper engraving, black swelling lines on cream paper", 11),
    "stipple": (stipple, "pointillist painting, dots of pure colour", 13),
    "strokes": (strokes, "oil painting, thick swirling brush strokes, blue and gold", 17),
    "weave": (weave, "woven tapestry, coloured yarn", 19),
    "marbling": (marbling, "marbled paper, combed colours", 23),
    "paper": (paper, "collage of cut coloured paper with soft shadows", 29),
    "hatching": (hatching, "pen and ink drawing, cross-hatching", 31),
}
"""What draws each style picture, how it looks in words, and its seed."""


def drawing(name: str) -> Image.Image:
    """A style picture drawn anew, RGB, 256 pixels square."""
    draw, _, seed = SHELF[name]
    ground = Image.new("RGB", (FINE, FINE), (244, 238, 224))
    done = draw(ground, ImageDraw.Draw(ground), np.random.Generator(np.random.Philox(seed)))
    return done.resize((SIDE, SIDE), Image.Resampling.BOX)


def main() -> None:
    """Draw every style picture and write the shelf's list."""
    FOLDER.mkdir(exist_ok=True)
    rows = []
    for name, (_, words, seed) in SHELF.items():
        path = FOLDER / f"{name}.webp"
        drawing(name).save(path, "WEBP", quality=88, method=6)
        rows.append({
            "name": name, "words": words, "made": f"drawn by genart_nb.models.restyler.drawings, seed {seed}",
            "licence": "CC0-1.0", "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        })  # fmt: skip
    (FOLDER / "shelf.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
