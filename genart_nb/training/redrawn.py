"""Fills the bank: what a style has no drawing of, redrawn by the redrawer from the nearest style that has one."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.restyle import cut
from genart_nb.training import data, denoiser, icons, latents, pairs
from genart_nb.training.vocabulary import STYLES, phrase

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
QUALITY = 75
PAGE = pairs.Place()


@dataclass(frozen=True)
class Task:
    """A drawing, what it is of, and the style to redraw it in."""

    source: data.Entry
    picture: Image.Image
    style: str

    @property
    def entry(self) -> data.Entry:
        """What the bank will know it as."""
        named = f"{self.source.id}/{self.style}"
        return replace(self.source, id=named, style=self.style, source=self.source.id)


def tasks(drawn: Iterable[tuple[data.Entry, Image.Image]]) -> list[Task]:
    """What is missing: every thing in every style in which nobody drew it."""
    by: dict[str, dict[str, tuple[data.Entry, Image.Image]]] = {}
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


def make(todo: Sequence[Task], workers: int = 2) -> Redrawn:
    """Redraw all, `workers` at a time, and keep them."""
    from safetensors.numpy import save_file

    parts = [list(todo[start : start + BATCH]) for start in range(0, len(todo), BATCH)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        files = [file for part in pool.map(_files, parts) for file in part]
    found = Redrawn([task.entry for task in todo], files)
    tensors: dict[str, Any] = {
        "webp": np.frombuffer(b"".join(files), np.uint8),
        "offsets": np.cumsum([0, *map(len, files)]).astype(np.int64),
    }
    save_file(tensors, path(), {"entries": json.dumps([asdict(entry) for entry in found.entries])})
    return found


def load(drawn: Iterable[tuple[data.Entry, Image.Image]]) -> Redrawn:
    """Those that were made; made now where there are none."""
    from safetensors import safe_open

    if not path().exists():
        return make(tasks(drawn))
    with safe_open(path(), "numpy") as file:
        rows = json.loads(file.metadata()["entries"])
        stored, at = file.get_tensor("webp").tobytes(), file.get_tensor("offsets")
    files = [stored[start:end] for start, end in pairwise(at.tolist())]
    return Redrawn([data.read(row) for row in rows], files)


def _files(part: Sequence[Task]) -> list[bytes]:
    from genart_nb.training.bank import webp

    torch.set_num_threads(1)
    return [webp(np.asarray(picture), QUALITY) for picture in redraw(part)]


@torch.no_grad()  # type: ignore[untyped-decorator]
def redraw(part: Sequence[Task], model: Any = None, **manner: Any) -> list[Image.Image]:
    """The pictures that some tasks ask for, RGBA; `manner` goes to `redrawer.redraw`."""
    from genart_nb.training import autoencoder, redrawer

    coder = autoencoder.load()
    shift, scale = (torch.from_numpy(each) for each in pairs.normalisation())
    pages = np.stack([np.asarray(pairs.laid(task.picture, PAGE)) for task in part])
    pixels = torch.from_numpy(pages).permute(0, 3, 1, 2).float() / 127.5 - 1
    shown = (coder.encode(pixels.contiguous(memory_format=torch.channels_last)).latent - shift) / scale
    states, pooled = (
        torch.from_numpy(each) for each in MiniLM().encode([phrase(task.source.name) for task in part], latents.TOKENS)
    )
    told = states, denoiser.conditions(pooled, _styles([task.style for task in part]))
    own = states, denoiser.conditions(pooled, _styles([task.source.style for task in part]))
    fresh = torch.randn(shown.shape, generator=torch.Generator().manual_seed(0))[:1].expand_as(shown)
    made = redrawer.redraw(model or redrawer.load(), shown, told, own, fresh, **manner)
    found = coder.decode(made * scale + shift).sample.clamp(-1, 1).numpy()
    return [cut(picture[None], _before(task)) for picture, task in zip(found, part, strict=True)]


def _styles(names: Sequence[str]) -> Tensor:
    return torch.from_numpy(np.stack([denoiser.style_weights(name) for name in names]))


def _before(task: Task) -> Image.Image:
    """The drawing as it lies on the page, with its alpha."""
    return pairs.layer(task.picture, PAGE)


def drawn() -> list[tuple[data.Entry, Image.Image]]:
    """All that people drew: the sets in a style, but for the held-out pairs, and the chosen icons."""
    entries, pictures = pairs.chosen()
    found = [(entry, Image.fromarray(picture)) for entry, picture in zip(entries, pictures, strict=True)]
    return found + [(entry, Image.fromarray(data.render(source))) for entry, source in icons.collect()]

