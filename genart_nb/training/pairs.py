"""What the redrawer reads: every drawing in the same few places of the page, and again in plain black and white.

All drawings of one thing are laid alike, so any two of them are a lesson: this one in the style of that one. Those in
black and white are made from the drawing itself, as icons are cut: a silhouette with its inner lines left out, or the
lines alone.
"""

from __future__ import annotations

import json
import multiprocessing
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.weights import STARTER
from genart_nb.training import augment, data, latents, precision
from genart_nb.training.vocabulary import phrase

PLACES = 4
"""Of each thing on the page; the first is in the middle, and large."""
FULL = 0.94
FILE = "pairs.safetensors"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Place:
    """Where a drawing lies: centre and longer side in parts of the page, its tilt in degrees, and its side."""

    x: float = 0.5
    y: float = 0.5
    size: float = FULL
    tilt: float = 0.0
    mirrored: bool = False


@dataclass
class Pairs:
    """Latents int8 (drawings, places, 2, 8, 16, 16), the drawing and its black and white; rows of `states` by name."""

    latents: NDArray[np.int8]
    entries: list[data.Entry]
    states: NDArray[np.float16]
    pooled: NDArray[np.float16]
    captions: list[list[int]]


def place(code: str, number: int, seed: int = 0) -> Place:
    """One of the places of a thing; the same for all its drawings."""
    if number == 0:
        return Place()
    dice = random.Random(f"{seed} {code} {number}")
    size = dice.uniform(0.62, FULL)
    slack = (1 - size) / 2
    x, y = (0.5 + dice.uniform(-slack, slack) for _ in "xy")
    tilt = dice.uniform(-9, 9) if dice.random() < 0.4 else 0.0
    return Place(x, y, size, tilt, dice.random() < 0.4)


def layer(picture: Image.Image, at: Place, side: int = augment.SIDE) -> Image.Image:
    """A drawing (RGBA), cut to what can be seen of it, at its place on an empty page (RGBA) of `side` pixels."""
    box = picture.getchannel("A").point(lambda level: 255 * (level > 24)).getbbox()
    seen = picture.crop(box) if box else picture
    scale = at.size * side / max(seen.size)
    size = max(1, round(seen.width * scale)), max(1, round(seen.height * scale))
    seen = seen.convert("RGBa").resize(size, Image.Resampling.BICUBIC if scale > 1 else Image.Resampling.LANCZOS)
    page = Image.new("RGBa", (side, side))
    page.paste(seen, (round(at.x * side - size[0] / 2), round(at.y * side - size[1] / 2)))
    if at.mirrored:
        page = page.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = page.convert("RGBA")
    return found.rotate(at.tilt, Image.Resampling.BICUBIC) if at.tilt else found


def laid(picture: Image.Image, at: Place, side: int = augment.SIDE) -> Image.Image:
    """The same on white, RGB."""
    page = Image.new("RGBA", (side, side), "white")
    page.alpha_composite(layer(picture, at, side))
    return page.convert("RGB")


def plain(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A drawing (RGBA) in black and white, RGBA: a silhouette with its inner lines left out, or its lines alone."""
    rgba = np.asarray(picture.convert("RGBA"))
    grey = np.asarray(picture.convert("RGB").convert("L"), np.float32) / 255
    seen = rgba[..., 3] > 128
    shape = np.where(seen, grey, 1.0)
    steps = _steps(rgba, seen)
    inside = np.asarray(Image.fromarray(seen).convert("L").filter(ImageFilter.MinFilter(5))) > 0
    lines = (steps > dice.uniform(0.08, 0.2)) & inside
    width = dice.choice([1, 3, 3])
    if width > 1:
        lines = np.asarray(Image.fromarray(lines).convert("L").filter(ImageFilter.MaxFilter(width))) > 0
    if dice.random() < 0.3:
        rim = seen & ~inside
        black = lines | (np.asarray(Image.fromarray(rim).convert("L").filter(ImageFilter.MaxFilter(3))) > 0)
        cover = seen | black
    else:
        black = seen & ~lines
        if dice.random() < 0.35 and seen.any():
            black &= shape <= np.quantile(shape[seen], dice.uniform(0.75, 0.97))
        cover = seen
    level = np.where(black, 0, 255).astype(np.uint8)
    return Image.fromarray(np.dstack([level] * 3 + [np.where(cover, 255, 0).astype(np.uint8)]), "RGBA")


def _steps(rgba: Pixels, seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How far colour changes at each pixel, 0..1."""
    colour = np.where(seen[..., None], rgba[..., :3], 255).astype(np.float32) / np.float32(255)
    down, across = np.gradient(colour, axis=(0, 1))
    found: NDArray[np.float32] = np.hypot(down, across).max(-1)
    return found


def normalisation() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Shift and scale of the latents as they ship, (8, 1, 1) each."""
    told = json.loads((STARTER / "painter" / "autoencoder" / "latents.json").read_text())
    shift, scale = (np.array(told[name], np.float32)[:, None, None] for name in ("shift", "scale"))
    return shift, scale


def chosen() -> tuple[list[data.Entry], Pixels]:
    """The drawings that lessons are made of: all that have a style, but for the held-out pairs."""
    entries, pictures = data.load(data.SIDE)
    keep = [i for i, entry in enumerate(entries) if entry.style and not entry.held_out]
    return [entries[i] for i in keep], pictures[keep]


def draw(seed: int = 0, workers: int = 2) -> None:
    """Lay out and encode all into `pairs.safetensors`."""
    from safetensors.numpy import save_file

    entries, pictures = chosen()
    parts = [part.tolist() for part in np.array_split(np.arange(len(entries)), workers * 8)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        jobs = [pool.submit(_encoded, [entries[i] for i in part], pictures[part], seed) for part in parts]
        found = np.concatenate([job.result() for job in jobs])
    save_file({"latents": found}, data.home() / FILE)


@torch.no_grad()  # type: ignore[untyped-decorator]
def _encoded(entries: list[data.Entry], pictures: Pixels, seed: int) -> NDArray[np.int8]:
    from genart_nb.training import autoencoder

    torch.set_num_threads(1)
    model = autoencoder.load()
    shift, scale = normalisation()
    found = np.empty((len(entries), PLACES, 2, 8, 16, 16), np.int8)
    for row, (entry, pixels) in enumerate(zip(entries, pictures, strict=True)):
        picture = Image.fromarray(pixels)
        pages = []
        for number in range(PLACES):
            at = place(entry.code, number, seed)
            simple = plain(picture, random.Random(f"{seed} {entry.id} {number} plain"))
            pages += [laid(each, at) for each in (picture, simple)]
        batch = torch.from_numpy(np.stack([np.asarray(page) for page in pages])).permute(0, 3, 1, 2).float() / 127.5 - 1
        with precision.mixed("cpu"):
            made = model.encode(batch.contiguous(memory_format=torch.channels_last)).latent
        unit = (made.float().numpy() - shift) / scale * latents.STEPS_PER_UNIT
        found[row] = np.clip(np.rint(unit), -127, 127).astype(np.int8).reshape(found.shape[1:])
    return found


def names(entry: data.Entry) -> list[str]:
    """What a drawing may be called."""
    called = dict.fromkeys([phrase(entry.name), entry.name, *map(phrase, entry.names[1:2])])
    return [name for name in called if len(name) < 40]


def load() -> Pairs:
    """All lessons; made first where they are missing."""
    from safetensors.numpy import load_file

    if not (data.home() / FILE).exists():
        draw()
    entries = [entry for entry in data.listed() if entry.style and not entry.held_out]
    texts = sorted({name for entry in entries for name in names(entry)})
    rows = {text: row for row, text in enumerate(texts)}
    states, pooled = MiniLM().encode(texts, latents.TOKENS)
    captions = [[rows[name] for name in names(entry)] for entry in entries]
    tensors: dict[str, Any] = load_file(data.home() / FILE)
    return Pairs(tensors["latents"], entries, states.astype(np.float16), pooled.astype(np.float16), captions)
