"""Fills the bank: what a style has no drawing of, redrawn by the redrawer from the nearest style that has one."""

from __future__ import annotations

import functools
import json
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter
from torch import Tensor

from genart_nb.models import noise
from genart_nb.models.painter import pixels
from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.restyle import cut
from genart_nb.models.weights import STARTER
from genart_nb.training import autoencoder, data, denoiser, icons, latents, pairs, precision, redrawer
from genart_nb.training.colouring import coloured
from genart_nb.training.vocabulary import STYLES, phrase

Floats = NDArray[np.float32]
Drawn = tuple[data.Entry, Image.Image]
"""What a picture shows, and the picture, RGBA."""

NEAREST = {
    "flat": ("3d", "bold", "shaded", "outline", "ink"),
    "3d": ("flat", "shaded", "bold", "outline", "ink"),
    "shaded": ("bold", "flat", "3d", "outline", "ink"),
    "bold": ("shaded", "flat", "3d", "outline", "ink"),
    "ink": ("flat", "bold", "shaded", "outline", "3d"),
    "outline": ("bold", "flat", "shaded", "3d", "ink"),
}
"""Which style to redraw from, best first: those in which the same hand or the same lines are seen."""

BATCH = 32
QUALITY = 70
PAGE = pairs.Place()

GUESSED = {"begin": 1.0, "speech": 4.0}
"""How an icon's colours are guessed, with its shape and name to go by."""
FROM_ICON, FROM_DRAWING = {"begin": 0.5, "speech": 7.0}, {"begin": 0.6, "speech": 9.0}
"""How a coloured icon is redrawn in another style, and how a drawing is.

Of 50 held-out pairs 44 in 100 are then seen to be in the style wanted and 94 are known for what they are; at 0.6 and 6,
28 and 94; at 0.6 and 14, 48 and 86; at 0.7 and 9, 50 and 84; at 0.8 and 8, 62 and 70.
"""
STROKE = 9
"""Pixels across: twice what an outline may add to a drawing's edge, and one."""
COLOURED = "flat"
"""The style that a coloured icon is in."""


@dataclass(frozen=True)
class Task:
    """A drawing, what it is of, and the style to redraw it in."""

    source: data.Entry
    picture: Image.Image
    style: str

    @property
    def laid(self) -> Image.Image:
        """The drawing on its page, RGBA."""
        return pairs.layer(self.picture, PAGE)

    @property
    def entry(self) -> data.Entry:
        """What the bank will know it as."""
        first = self.source.source or self.source.id
        return replace(self.source, id=f"{first}/{self.style}", style=self.style, source=first)


def tasks(drawn: Iterable[Drawn]) -> list[Task]:
    """What is missing: every thing in every style in which nobody drew it."""
    by: dict[str, dict[str, Drawn]] = {}
    for entry, picture in drawn:
        by.setdefault(entry.name, {}).setdefault(entry.style, (entry, picture))
    found = []
    for have in by.values():
        for style in STYLES:
            if style not in have:
                source = next(have[near] for near in NEAREST[style] if near in have)
                found.append(Task(*source, style))
    return found


@dataclass
class Redrawn:
    """Pictures (RGBA, 128 px) as WebP, and what they show."""

    entries: list[data.Entry]
    files: list[bytes]


def path() -> Path:
    """Where they are kept once made."""
    return data.home() / "redrawn.safetensors"


def make(drawn: Iterable[Drawn], workers: int = 2) -> Redrawn:
    """Colour the icons, redraw what is missing then, `workers` batches at a time, and keep all."""
    from safetensors.numpy import save_file

    drawn = list(drawn)
    black = [Task(entry, picture, COLOURED) for entry, picture in drawn if entry.set == icons.KEY]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        made = _over(pool, _coloured, black)
        todo = tasks([*drawn, *made])
        made += _over(pool, _from_icons, [task for task in todo if task.source.set == icons.KEY])
        made += _over(pool, _from_drawings, [task for task in todo if task.source.set != icons.KEY])
    found = Redrawn([entry for entry, _ in made], [data.webp(np.asarray(picture), QUALITY) for _, picture in made])
    save_file(data.packed(found.files), path(), {"entries": json.dumps([asdict(entry) for entry in found.entries])})
    return found


def _over(pool: ProcessPoolExecutor, work: Callable[[list[Task]], list[Image.Image]], todo: list[Task]) -> list[Drawn]:
    parts = [todo[start : start + BATCH] for start in range(0, len(todo), BATCH)]
    found: list[Drawn] = []
    for part, pictures in zip(parts, pool.map(work, parts), strict=True):
        found += [(task.entry, picture) for task, picture in zip(part, pictures, strict=True)]
        print(f"redrawn {len(found)} of {len(todo)}", flush=True)
    return found


def load(drawn: Iterable[Drawn]) -> Redrawn:
    """Those that were made; made now where there are none, or others than are missing, if a redrawer was trained.

    Without one, those that ship.
    """
    from safetensors import safe_open

    drawn = list(drawn)
    if path().exists():
        with safe_open(path(), "numpy") as file:
            entries = [data.read(row) for row in json.loads(file.metadata()["entries"])]
            stored, at = file.get_tensor("webp").tobytes(), file.get_tensor("offsets")
        if {entry.id for entry in entries} == {task.entry.id for task in tasks(drawn)}:
            return Redrawn(entries, [stored[start:end] for start, end in pairwise(at.tolist())])
    trained = (redrawer.folder() / "checkpoint.safetensors").exists()
    return make(drawn) if trained else shipped(drawn)


def shipped(drawn: Iterable[Drawn]) -> Redrawn:
    """Those in the bank that ships, of what was drawn."""
    bank, by = Bank.load(STARTER / "painter" / "bank"), {entry.id: entry for entry, _ in drawn}
    again = [(index, entry) for index, entry in enumerate(bank.entries) if entry.source in by]
    return Redrawn(
        [replace(by[entry.source], id=entry.id, style=entry.style, source=entry.source) for _, entry in again],
        [bank.webp(index) for index, _ in again],
    )


def _coloured(part: Sequence[Task]) -> list[Image.Image]:
    torch.set_num_threads(1)
    guesses = _easel().redrawn(part, **GUESSED)
    return [coloured(task.laid, guess) for task, guess in zip(part, guesses, strict=True)]


def _from_icons(part: Sequence[Task]) -> list[Image.Image]:
    return _redrawn(part, FROM_ICON)


def _from_drawings(part: Sequence[Task]) -> list[Image.Image]:
    return _redrawn(part, FROM_DRAWING)


def _redrawn(part: Sequence[Task], manner: dict[str, float]) -> list[Image.Image]:
    torch.set_num_threads(1)
    pictures = _easel().redrawn(part, **manner)
    return [within(cut(picture[None], task.laid), task.laid) for task, picture in zip(part, pictures, strict=True)]


def within(picture: Image.Image, before: Image.Image) -> Image.Image:
    """A picture (RGBA) without what lies further than a stroke's width from what it was redrawn from."""
    near = before.getchannel("A").point(lambda level: 255 * (level > 96)).filter(ImageFilter.MaxFilter(STROKE))
    found = picture.copy()
    found.putalpha(ImageChops.multiply(picture.getchannel("A"), near.filter(ImageFilter.BoxBlur(1))))
    return found


class Easel:
    """The networks that redraw."""

    def __init__(self) -> None:
        self.model, self.coder, self.reader = precision.suited(redrawer.load(), "cpu"), autoencoder.load(), MiniLM()
        self.shift, self.scale = (torch.from_numpy(each) for each in pairs.normalisation())

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def redrawn(self, part: Sequence[Task], **manner: Any) -> Floats:
        """Drawings as their tasks have them, (n, 3, 128, 128) in -1..1 on white; `manner` is `redrawer.redraw`'s."""
        before = np.concatenate([pixels.array(task.laid) for task in part])
        shown = (self.coder.encode(_last(before)).latent - self.shift) / self.scale
        drawn = self._decoded(shown)
        names = [phrase(task.source.name) for task in part]
        states, pooled = (torch.from_numpy(each) for each in self.reader.encode(names, latents.TOKENS))
        told, own = (
            (states, denoiser.conditions(pooled, _styles(styles)))
            for styles in ([task.style for task in part], [task.source.style for task in part])
        )
        fresh = np.stack([noise.normal(crc32(task.entry.id.encode()), shown.shape[1:], 0) for task in part])
        made = redrawer.redraw(self.model, shown, told, own, torch.from_numpy(fresh), **manner)
        return pixels.carried(self._decoded(made), before, drawn)

    def _decoded(self, found: Tensor) -> Floats:
        made: Floats = self.coder.decode(found * self.scale + self.shift).sample.clamp(-1, 1).numpy()
        return made


@functools.cache
def _easel() -> Easel:
    return Easel()


def _last(pictures: Floats) -> Tensor:
    return torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last)


def _styles(names: Sequence[str]) -> Tensor:
    return torch.from_numpy(np.stack([denoiser.style_weights(name) for name in names]))


def drawn() -> list[Drawn]:
    """All that people drew: the sets in a style, but for the held-out pairs, and the chosen icons."""
    entries, pictures = pairs.chosen()
    found = [(entry, Image.fromarray(picture)) for entry, picture in zip(entries, pictures, strict=True)]
    return found + [(entry, Image.fromarray(data.render(source))) for entry, source in icons.collect()]
