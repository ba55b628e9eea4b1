"""Works as outputs of a notebook, made without a model: small pictures and texts whose every pixel a test decides."""

from __future__ import annotations

from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from genart_nb.artwork import MIME, Artwork
from genart_nb.recipe import Recipe

HERE = {"runtime": "numpy", "device": "cpu", "dtype": "float32", "threads": 2, "digest": "aaaa0000"}
FEWER_THREADS = {**HERE, "threads": 1, "digest": "bbbb0000"}
ELSEWHERE = {**HERE, "device": "cuda", "digest": "cccc0000"}


def recipe(**more: Any) -> Recipe:
    given: dict[str, Any] = {"art": "paint", "prompt": "a fox", "model": "tests", "seed": 7, "options": {"size": 96}}
    return Recipe.read({**given, **more})


def picture(seed: int = 7, *, shift: float = 0.0, side: int = 96) -> Image.Image:
    """Coloured clouds; `shift` moves every level a little, as rounding would at 1 and another precision at 6."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 6, 3), np.uint8)).resize((side, side), Image.Resampling.BICUBIC)
    levels = np.asarray(coarse, np.float64) + shift * np.random.default_rng(1).standard_normal((side, side, 3))
    return Image.fromarray(levels.round().clip(0, 255).astype(np.uint8))


def work(data: Any = None, medium: str = "picture", environment: dict[str, Any] | None = HERE, **more: Any) -> Artwork:
    made = {"seconds": 0.1, **({"environment": environment} if environment else {})}
    data = picture() if data is None else data
    return Artwork(more.pop("recipe", recipe()), data, medium, made=made, **more)


def text(data: str, **more: Any) -> Artwork:
    more.setdefault("recipe", recipe(art="poem", options={}))
    return work(data, "text", **more)


def output(each: Artwork) -> dict[str, Any]:
    """The output of a cell that shows it, as a notebook holds it."""
    bundle, metadata = each._repr_mimebundle_()
    return dict(new_output("execute_result", data=bundle, metadata=metadata, execution_count=1))


def notebook(*cells: tuple[str, list[dict[str, Any]]]) -> Any:
    """A notebook of code cells that have been run."""
    made = [new_code_cell(source, execution_count=1) for source, _ in cells]
    for cell, (_, outputs) in zip(made, cells, strict=True):
        cell.outputs = [nbformat.from_dict(each) for each in outputs]
    return new_notebook(cells=made)


def record(each: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = each["data"][MIME]
    return found
