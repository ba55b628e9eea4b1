"""An art form that needs no weights: hills under a sky, gone over step by step, each of its options plain to see."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from genart_nb import plugins
from genart_nb.arts import wording
from genart_nb.arts.form import ArtForm
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.gallery import Gallery
from genart_nb.models.card import Folder, ModelCard
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio, studio

STYLES = {
    "dawn": ((255, 214, 170), (240, 120, 110), (72, 40, 84)),
    "noon": ((186, 226, 255), (84, 160, 232), (40, 92, 60)),
    "dusk": ((255, 158, 128), (84, 60, 140), (24, 20, 52)),
    "snow": ((236, 244, 252), (170, 196, 226), (96, 120, 150)),
}


class MeadowOptions(Options):
    style: str = option("", "how it looks: names with weights", max_length=200)
    freedom: float = option(0.5, "how wild the hills are", ge=0, le=1, step=0.05)
    guidance: float = option(3.5, "how high the sun stands", ge=0, le=20, step=0.25)
    steps: int = option(8, "how many times it is gone over", ge=1, le=150, step=1)
    mix: str = option("", "other prompts to blend in", max_length=200)
    saturation: float = option(1.0, "strength of its colours", ge=0, le=2, step=0.05, stage=1.0)
    contrast: float = option(1.0, "difference of light and dark", ge=0.25, le=2, step=0.05, stage=1.0)
    strength: float = option(0.6, "how much of the first picture is painted over", ge=0, le=1, step=0.05)
    init: str = option("", "picture to start from", takes="picture")
    size: int | None = option(None, "its longer side", ge=64, le=512, step=8, unit="px")
    pause: float = option(0.005, "seconds each step takes", ge=0, le=10, step=0.001, unit="s")
    fault: bool = option(False, "fail at the second step")
    signature: str = option("", "what stands in the corner", max_length=40)


def make(recipe: Recipe, model: Any = None) -> Iterator[Event]:
    options = MeadowOptions.read(recipe.options)
    whole = picture(recipe, options)
    for done in range(1, options.steps + 1):
        time.sleep(options.pause)
        if options.fault and done == 2:
            raise OptionError("The paint has run dry.", "switch fault off")
        if done < options.steps and done % 4 == 0:
            yield Preview(whole.filter(ImageFilter.GaussianBlur(6 * (1 - done / options.steps))))
        yield Step(done, options.steps)
    yield Preview(whole if options.steps > 4 else whole.filter(ImageFilter.GaussianBlur(1.2)))


def picture(recipe: Recipe, options: MeadowOptions) -> Image.Image:
    """A pure function of the recipe."""
    side = options.size or 256
    weights = dict(wording.styles(options.style)) or {"noon": 1.0}
    blend = [sum(np.array(STYLES[name][at]) * weight for name, weight in weights.items()) for at in range(3)]
    low, high, ground = blend
    down = np.linspace(0, 1, side)[:, None, None]
    canvas = high * (1 - down) + low * down + np.zeros((side, side, 3))
    across, rows = np.linspace(0, 1, side), np.arange(side)[:, None]
    yy, xx = np.mgrid[0:side, 0:side] / side
    sun = np.hypot(xx - 0.7, yy - (0.75 - 0.6 * min(options.guidance, 10) / 10))
    glow = np.clip(1.15 - sun * 9, 0, 1)[..., None]
    canvas = canvas * (1 - glow) + np.array([255, 246, 214]) * glow
    dice = np.random.default_rng(recipe.seed + sum(map(ord, recipe.prompt)))
    for layer in range(4):
        base = 0.52 + 0.11 * layer
        wave = sum(np.sin(across * dice.uniform(2, 9) * (k + 1) + dice.uniform(0, 6)) / (k + 1) for k in range(4))
        ridge = (base - 0.10 * options.freedom * wave) * side
        shade = ground * (0.45 + 0.55 * (layer + 1) / 4) + low * (0.5 - 0.13 * layer)
        mask = (rows >= ridge[None, :])[..., None]
        canvas = np.where(mask, np.clip(shade, 0, 255), canvas)
    image = Image.fromarray(np.clip(canvas, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))
    image = ImageEnhance.Color(image).enhance(options.saturation)
    return ImageEnhance.Contrast(image).enhance(options.contrast)


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    return Artwork(recipe, data, "picture", layout="picture", partial=partial)


MEADOW = ArtForm(
    "meadow", "Hills under a sky.", MeadowOptions, make, finish, "meadow", "hills at dawn",
    drafts=({"steps": 2, "size": 128}, {"steps": 4, "size": 192}),
)  # fmt: skip
CARD = ModelCard(
    id="meadow-hand", kind="meadow", title="Meadow", loader="meadow", source=Folder(path="/"), revision="1",
    choices={"style": tuple(STYLES)},
)  # fmt: skip


class Hand:
    nbytes = 0

    def close(self) -> None:
        pass


def load(card: ModelCard, progress: Any) -> Hand:
    return Hand()


POINTS = [
    EntryPoint("meadow", "meadow:MEADOW", "genart_nb.arts"),
    EntryPoint("meadow-hand", "meadow:CARD", "genart_nb.models"),
    EntryPoint("meadow", "meadow:load", "genart_nb.loaders"),
]


def offer(patch: Any = None) -> None:
    """Let `plugins` find the form as it finds everybody's; `patch` takes it back when a test is over."""
    real = plugins.entry_points
    points = lambda group: [*real(group=group), *(each for each in POINTS if each.group == group)]  # noqa: E731
    if patch:
        patch.setattr(plugins, "entry_points", points)
    else:
        plugins.entry_points = points
    plugins.offered.cache_clear()


def on_offer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[Studio]:
    """The kernel's studio, new, with the meadow on offer and a gallery of its own; for a fixture to hand on."""
    offer(monkeypatch)
    studio.cache_clear()
    desk = studio()
    desk.gallery = Gallery(folder / "gallery")
    yield desk
    desk.close()
    studio.cache_clear()
