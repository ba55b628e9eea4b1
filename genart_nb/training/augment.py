"""Scenes for training: one drawing or two on a 128-px ground, each with the captions that fit it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genart_nb.training import colours
from genart_nb.training.data import Entry
from genart_nb.training.vocabulary import phrase

SIDE = 128
Picture = NDArray[np.uint8]
Box = tuple[float, float, float]
"""Centre x, centre y and side, in parts of the canvas."""

WEARABLE = {"top hat", "crown", "straw hat", "graduation cap", "baseball cap", "army helmet", "rescue workers helmet"}
EYEWEAR = {"glasses", "sunglasses", "goggles"}
RIDES = {"car", "blue car", "bus", "taxi", "pickup truck", "sailboat", "canoe", "speedboat", "race car", "police car",
         "tractor", "delivery truck", "train", "basket", "bucket", "bathtub", "shopping cart", "nest with eggs",
         "potted plant", "cup of coffee", "gift", "package", "teacup without handle"}  # fmt: skip
SEATS = {"chair", "bed", "couch and lamp", "tree", "house", "mushroom", "rock", "books", "skateboard", "bicycle",
         "ocean wave", "cloud", "mountain", "pizza", "birthday cake", "hut", "castle", "piano", "wood", "sled",
         "motor scooter", "horse", "elephant", "turtle", "whale"}  # fmt: skip
SKY = {"sun", "full moon", "crescent moon", "rainbow", "cloud", "star", "rain cloud", "balloon", "kite", "airplane",
       "helicopter", "ufo", "sun behind a cloud", "snowflake", "shooting star", "bird", "butterfly"}  # fmt: skip


@dataclass
class Scene:
    """An RGB picture (128, 128, 3) and its captions, any of which may be drawn."""

    picture: Picture
    captions: list[str]
    entry: Entry
    kind: str


class Studio:
    """Draws scenes from the pictures of one style at a time; the same seed gives the same scenes."""

    def __init__(
        self, entries: list[Entry], pictures: Picture, seed: int, synonyms: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.entries, self.pictures, self.synonyms = entries, pictures, synonyms or {}
        self.seed, self.dice = seed, random.Random(seed)
        self.natural: dict[int, str] = {}
        self.by: dict[tuple[str, str], list[int]] = {}
        for index, entry in enumerate(entries):
            for key in {entry.category, *_roles(entry)}:
                self.by.setdefault((entry.style, key), []).append(index)

    def scene(self, index: int, variant: int) -> Scene:
        """One scene about a drawing; variant 0 is the drawing itself on white. Each has dice of its own."""
        entry, first = self.entries[index], variant == 0
        dice = self.dice = random.Random(f"{self.seed} {entry.id} {variant}")
        roll = 1.0 if first else dice.random()
        if roll < 0.26:
            made = self._two(index)
            if made:
                return made
        drawing, word = self.pictures[index], ""
        if roll < 0.12 + 0.26 and entry.style != "ink" and not _coloured(entry.name):
            word = dice.choice(colours.WORDS)
            drawing = colours.recoloured(drawing, word)
        canvas, ground = self._ground(0.0 if first else 0.28, entry.style)
        size = 1.0 if first else dice.uniform(0.78, 1.0)
        slack = (1 - size) / 2
        at = (0.5 + dice.uniform(-slack, slack), 0.5 + dice.uniform(-slack, slack), size)
        place(canvas, drawing, at, mirrored=not first and dice.random() < 0.35)
        captions = self._captions(index, word)
        if ground:
            captions = self._before_colour(index, word, dice.choice(captions[:2]), ground)
        return Scene(canvas, captions, entry, "ground" if ground else "colour" if word else "plain")

    def _captions(self, index: int, word: str) -> list[str]:
        """Main name first; the natural colour is named when there is one."""
        entry = self.entries[index]
        others = self.synonyms.get(entry.name, ())
        if word:
            thing = phrase(f"{word} {entry.name}")
            found = [thing, f"{word} {entry.name}", f"a picture of {thing}", f"{phrase(entry.name)} that is {word}"]
            return found + [phrase(f"{word} {other}") for other in others[:2]]
        main = entry.name
        found = [phrase(main), main, f"a picture of {phrase(main)}", f"a drawing of {phrase(main)}"]
        found += [phrase(other) for other in others]
        found += [phrase(other) for other in entry.names[1:2] if other != main and len(other) < 28]
        if index not in self.natural:
            plain = entry.style != "ink" and not _coloured(main)
            self.natural[index] = colours.named(self.pictures[index]) if plain else ""
        if natural := self.natural[index]:
            found += [phrase(f"{natural} {main}")]
        if main.endswith(" face") and entry.category == "animal":
            found += [phrase(main.removesuffix(" face"))]
        return found

    def _before_colour(self, index: int, word: str, said: str, ground: str) -> list[str]:
        """Captions of a thing on a coloured ground, the first as `said`."""
        names = (self.entries[index].name, *self.synonyms.get(self.entries[index].name, ())[:2])
        things = [phrase(f"{word} {name}".strip()) for name in names]
        found = [f"{said} on a {ground} background", f"{things[0]} against a {ground} background"]
        return found + [f"{thing} on {ground}" for thing in things]

    def _ground(self, chance: float, style: str) -> tuple[Picture, str]:
        """A canvas and the word for its colour, "" for white."""
        canvas = np.full((SIDE, SIDE, 3), 255, np.uint8)
        if self.dice.random() >= chance:
            return canvas, ""
        word = self.dice.choice([each for each in colours.GROUNDS if style != "ink" or each not in colours.NEUTRAL])
        colour = np.array(colours.GROUNDS[word], np.float32) + np.array([self.dice.uniform(-14, 14) for _ in "rgb"])
        if self.dice.random() < 0.35:  # towards lighter below
            fade = np.linspace(0, self.dice.uniform(0.3, 0.6), SIDE, dtype=np.float32)[:, None, None]
            canvas[:] = np.clip(colour + (255 - colour) * fade, 0, 255).astype(np.uint8)
        else:
            canvas[:] = np.clip(colour, 0, 255).astype(np.uint8)
        return canvas, word

    def _pick(self, style: str, role: str) -> int | None:
        found = self.by.get((style, role))
        return self.dice.choice(found) if found else None

    def _two(self, index: int) -> Scene | None:
        """Two drawings that meet, as a collage would lay them out."""
        entry = self.entries[index]
        being = entry.category in ("animal", "person")
        ways: list[Callable[[int], Scene | None]] = [self._beside, self._before]
        if being:
            ways += [self._wearing, self._wearing, self._riding, self._sitting]
        if entry.category in ("place", "plant", "vehicle", "animal"):
            ways += [self._below]
        if entry.category == "vehicle":
            ways += [self._before]
        if entry.category == "scene":
            ways = [self._behind]
        elif "hat" in _roles(entry):
            ways += [self._worn, self._worn]
        return self.dice.choice(ways)(index)

    def _worn(self, index: int) -> Scene | None:
        being = self._pick(self.entries[index].style, self.dice.choice(["animal", "person"]))
        return None if being is None else self._wearing(being, index)

    def _behind(self, index: int) -> Scene | None:
        front = self._pick(
            self.entries[index].style, self.dice.choice(["animal", "vehicle", "person", "place", "object"])
        )
        return None if front is None else self._before(front, index)

    def _wearing(self, index: int, worn: int | None = None) -> Scene | None:
        dice, entry = self.dice, self.entries[index]
        worn = self._pick(entry.style, "hat" if dice.random() < 0.7 else "eyes") if worn is None else worn
        if worn is None:
            return None
        canvas, ground = self._ground(0.15, entry.style)
        being = self.pictures[index]
        _, _, width, _ = extent(being)
        size, face = dice.uniform(0.66, 0.76), entry.name.endswith("face") or entry.category == "person"
        x, y = 0.5, 1 - size / 2 - dice.uniform(0.0, 0.03)
        place(canvas, being, (x, y, size))
        head = head_of(being)
        scale = size * (max(width * 0.75, 0.5) if face else dice.uniform(0.42, 0.5))
        hx, hy = x + (head[0] - 0.5) * size, y + (head[1] - 0.5) * size
        if self.entries[worn].name in EYEWEAR:
            place(canvas, self.pictures[worn], (hx, hy + size * (0.36 if face else 0.14), scale * 0.8))
        else:
            place(canvas, self.pictures[worn], (hx, hy - scale * 0.24, scale))
        what = phrase(self.entries[worn].name)
        verb = dice.choice(["wearing", "wearing", "with", "in"])
        return self._scene(canvas, f"{phrase(entry.name)} {verb} {what}", ground, entry)

    def _riding(self, index: int) -> Scene | None:
        return self._stacked(index, "ride", "in", 0.54, 0.68)

    def _sitting(self, index: int) -> Scene | None:
        return self._stacked(index, "seat", "on", 0.5, 0.66)

    def _stacked(self, index: int, role: str, word: str, small: float, big: float) -> Scene | None:
        """One thing above another, which hides its feet when it is in it."""
        entry, dice = self.entries[index], self.dice
        under = self._pick(entry.style, role)
        if under is None or self.entries[under].code == entry.code:
            return None
        canvas, ground = self._ground(0.15, entry.style)
        base, thing = self.pictures[under], self.pictures[index]
        by = 1 - big / 2
        _, top, _, _ = extent(base)
        crown = by + (top - 0.5) * big
        _, _, _, low = extent(thing)
        sink = 0.45 if word == "in" else 0.12
        ty = crown + small * (sink - (low - 0.5))
        lower, upper = (base, (0.5, by, big)), (thing, (0.5 + dice.uniform(-0.06, 0.06), max(small / 2, ty), small))
        for drawing, box in (upper, lower) if word == "in" else (lower, upper):
            place(canvas, drawing, box)
        verb = dice.choice([word, word, f"sitting {word}"])
        return self._scene(canvas, f"{phrase(entry.name)} {verb} {phrase(self.entries[under].name)}", ground, entry)

    def _beside(self, index: int) -> Scene | None:
        entry, dice = self.entries[index], self.dice
        other = self._pick(
            entry.style, dice.choice(["animal", "plant", "place", "object", "food", "vehicle", "person"])
        )
        if other is None or self.entries[other].code == entry.code:
            return None
        canvas, ground = self._ground(0.15, entry.style)
        for drawing, x in ((self.pictures[index], 0.27), (self.pictures[other], 0.73)):
            size = dice.uniform(0.46, 0.56)
            place(canvas, drawing, (x, 0.78 - size / 2, size), mirrored=dice.random() < 0.3)
        link = dice.choice(["beside", "next to", "and", "and", "with"])
        return self._scene(canvas, f"{phrase(entry.name)} {link} {phrase(self.entries[other].name)}", ground, entry)

    def _below(self, index: int) -> Scene | None:
        entry, dice = self.entries[index], self.dice
        above = self._pick(entry.style, "sky")
        if above is None or self.entries[above].code == entry.code:
            return None
        canvas, ground = self._ground(0.3, entry.style)
        size, small = dice.uniform(0.58, 0.66), dice.uniform(0.34, 0.4)
        place(canvas, self.pictures[above], (dice.choice([0.25, 0.5, 0.75]), small / 2 + 0.01, small))
        place(canvas, self.pictures[index], (0.5 + dice.uniform(-0.1, 0.1), 1 - size / 2, size))
        over, thing = phrase(self.entries[above].name), phrase(entry.name)
        return self._scene(canvas, dice.choice([f"{thing} under {over}", f"{over} above {thing}"]), ground, entry)

    def _before(self, index: int, scene: int | None = None) -> Scene | None:
        entry, dice = self.entries[index], self.dice
        behind = self._pick(entry.style, "scene") if scene is None else scene
        if behind is None or entry.category == "scene":
            return None
        canvas, _ = self._ground(0.0, entry.style)
        place(canvas, self.pictures[behind], (0.5, 0.5, dice.uniform(1.05, 1.3)))
        size = dice.uniform(0.46, 0.58)
        place(canvas, self.pictures[index], (0.5 + dice.uniform(-0.16, 0.16), 0.98 - size / 2, size))
        place_word = phrase(self.entries[behind].name)
        link = (
            dice.choice(["on", "in front of", "at"]) if place_word == "a beach" else dice.choice(["in front of", "in"])
        )
        return self._scene(canvas, f"{phrase(entry.name)} {link} {place_word}", "", entry)

    def _scene(self, canvas: Picture, caption: str, ground: str, entry: Entry) -> Scene:
        return Scene(canvas, [f"{caption} on a {ground} background" if ground else caption], entry, "two")


def _roles(entry: Entry) -> set[str]:
    groups = {"hat": WEARABLE, "eyes": EYEWEAR, "ride": RIDES, "seat": SEATS, "sky": SKY}
    return {role for role, names in groups.items() if entry.name in names}


def _coloured(name: str) -> bool:
    return any(word in name.split() for word in colours.WORDS)


def extent(picture: Picture) -> tuple[float, float, float, float]:
    """Left, top, width and bottom of what is visible, in parts of the side."""
    seen = picture[..., 3] > 96
    rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
    if not len(rows):
        return 0.0, 0.0, 1.0, 1.0
    side = picture.shape[0]
    return columns[0] / side, rows[0] / side, (columns[-1] - columns[0] + 1) / side, (rows[-1] + 1) / side


def head_of(picture: Picture) -> tuple[float, float]:
    """Where a hat would sit: the middle of the topmost part that is more than a tip, in parts of the side."""
    seen = picture[..., 3] > 96
    side = picture.shape[0]
    for row in range(side):
        columns = np.flatnonzero(seen[row])
        if len(columns) > side * 0.14:
            return float(columns.mean()) / side, row / side
    return 0.5, 0.1


def place(canvas: Picture, drawing: Picture, box: Box, mirrored: bool = False) -> None:
    """Draw RGBA over the RGB canvas, in place; parts beyond the edge are cut off."""
    from PIL import Image

    x, y, size = box
    side = max(8, round(size * SIDE))
    picture = Image.fromarray(drawing[:, ::-1] if mirrored else drawing).convert("RGBa")
    small = np.asarray(picture.resize((side, side), Image.Resampling.BOX if side <= SIDE else Image.Resampling.BICUBIC))
    left, top = round(x * SIDE - side / 2), round(y * SIDE - side / 2)
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + side, SIDE), min(top + side, SIDE)
    if x0 >= x1 or y0 >= y1:
        return
    part = small[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32)
    under = canvas[y0:y1, x0:x1].astype(np.float32)
    canvas[y0:y1, x0:x1] = np.clip(part[..., :3] + under * (1 - part[..., 3:] / 255), 0, 255).astype(np.uint8)
