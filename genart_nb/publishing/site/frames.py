"""Rung one of a living page: pictures painted ahead, one for each place of a grid, kept as a sprite of WebP."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Lane
from genart_nb.errors import PublishError
from genart_nb.studio import Studio
from genart_nb.widgets import controls, grid
from genart_nb.widgets.grid import Axis

BUDGET = 4_000_000
"""Bytes that the frames of one easel may take."""
SHEET = 4096
"""Pixels of the longest side of one sheet: the largest texture that every phone takes."""
LARGEST = 1024
"""Pixels of the longer side of a frame."""
QUALITIES = (90, 82, 74, 64, 50)
SHRINKS = (1.0, 0.75, 0.5, 0.375)
_PATIENCE = 600.0  # seconds for one picture

Told = Callable[[str], None]


@dataclass(frozen=True)
class Sprite:
    """Frames of a grid, in its order, last axis fastest: pictures on `sheets`, or `texts` where they are words.

    Each sheet has `columns` frames in a row and `rows` rows; `said` is what was done to keep the budget.
    """

    axes: tuple[Axis, ...]
    width: int = 0
    height: int = 0
    columns: int = 1
    rows: int = 1
    sheets: tuple[bytes, ...] = ()
    texts: tuple[str, ...] = ()
    said: str = ""
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """How many frames there are."""
        return math.prod(len(axis.values) for axis in self.axes)

    @property
    def nbytes(self) -> int:
        """Bytes of all sheets and texts."""
        return sum(map(len, self.sheets)) + sum(len(text.encode()) for text in self.texts)


def paint(
    work: Artwork, axes: Sequence[Axis], desk: Studio, budget: int = BUDGET, told: Told = lambda line: None
) -> Sprite:
    """Make the work of every place of the grid with the studio, and pack them; raises GenartError."""
    from PIL.Image import Image

    began = time.perf_counter()
    recipes = [recipe_at(work, axes, place) for place in grid.places(axes)]
    made: list[Any] = []
    for number, recipe in enumerate(recipes, 1):
        told(f"frame {number} of {len(recipes)}")
        if recipe.digest == work.recipe.digest:
            made.append(work.data)
            continue
        job = desk.make(recipe, lane=Lane.INTERACTIVE, key="publish")  # nothing of a grid goes into the gallery
        made.append(job.artwork(_PATIENCE).data)
    took = time.perf_counter() - began
    if all(isinstance(each, str) for each in made):
        return Sprite(tuple(axes), texts=tuple(made), seconds=took)
    if not all(isinstance(each, Image) for each in made):
        raise PublishError(f"Frames of {work.recipe.art} cannot be shown ahead.", "leave --frames out")
    return packed(tuple(axes), made, budget, took)


def recipe_at(work: Artwork, axes: Sequence[Axis], place: Sequence[int]) -> Any:
    """The recipe of one place of the grid."""
    form, recipe = art(work.recipe.art), work.recipe
    if all(at == axis.home for axis, at in zip(axes, place, strict=True)):
        return recipe
    chosen = {axis.id: axis.values[at] for axis, at in zip(axes, place, strict=True)}
    seed = int(chosen.pop("seed", recipe.seed))
    return controls.written(form, recipe, recipe.prompt, seed, _whole(chosen, work))


def packed(axes: tuple[Axis, ...], pictures: Sequence[Any], budget: int, took: float = 0.0) -> Sprite:
    """Pictures on as few sheets as they need; quality goes first, then size. Raises PublishError beyond both."""
    full = min(1.0, LARGEST / max(pictures[0].size))
    least = 0
    for shrink in SHRINKS:
        small = _scaled(pictures, full * shrink)
        for quality in QUALITIES:
            sheets, columns, rows = _sheets(small, quality)
            least = sum(map(len, sheets))
            if least <= budget:
                width, height = small[0].size
                said = _said(len(pictures), small[0].size, quality, least, budget, shrink < 1 or quality < QUALITIES[0])
                return Sprite(axes, width, height, columns, rows, tuple(sheets), (), said, took)
    what = f"{len(pictures)} frames take {size_of(least)} at the least; the budget is {size_of(budget)}."
    raise PublishError(what, "ask for fewer with --frames, or more with --budget 8MB")


def size_of(count: float) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"


def _said(count: int, size: tuple[int, int], quality: int, used: int, budget: int, reduced: bool) -> str:
    kept = f", reduced to keep {size_of(budget)}" if reduced else ""
    return f"{count} frames of {size[0]}x{size[1]}, WebP quality {quality}, {size_of(used)}{kept}"


def _whole(chosen: Mapping[str, Any], work: Artwork) -> dict[str, Any]:
    """The chosen values, with every style's weight where one of them is steered: they only count together."""
    if not any(name.startswith("style:") for name in chosen):
        return dict(chosen)
    from genart_nb.models import registry

    form = art(work.recipe.art)
    card = registry.card(work.recipe.model, form.kind, work.recipe.revision) if form.kind else None
    rows = controls.controls(form, work.recipe, card)
    return {**{row.id: row.value for row in rows if row.id.startswith("style:")}, **chosen}


def _scaled(pictures: Sequence[Any], scale: float) -> list[Any]:
    from PIL.Image import Resampling

    if scale >= 1:
        return [each.convert("RGB") for each in pictures]
    size = (max(1, round(pictures[0].width * scale)), max(1, round(pictures[0].height * scale)))
    return [each.convert("RGB").resize(size, Resampling.LANCZOS) for each in pictures]


def _sheets(pictures: Sequence[Any], quality: int) -> tuple[list[bytes], int, int]:
    from PIL import Image

    width, height = pictures[0].size
    columns = max(1, min(SHEET // width, math.ceil(math.sqrt(len(pictures)))))
    rows = max(1, min(SHEET // height, math.ceil(len(pictures) / columns)))
    sheets = []
    for begin in range(0, len(pictures), columns * rows):
        part = pictures[begin : begin + columns * rows]
        sheet = Image.new("RGB", (columns * width, math.ceil(len(part) / columns) * height), "white")
        for at, picture in enumerate(part):
            sheet.paste(picture, (at % columns * width, at // columns * height))
        target = io.BytesIO()
        sheet.save(target, "WEBP", quality=quality, method=4)
        sheets.append(target.getvalue())
    return sheets, columns, rows
