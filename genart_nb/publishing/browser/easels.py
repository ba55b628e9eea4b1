"""One easel as JSON: all that a painter in a browser cannot find out by itself."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from genart_nb.arts import wording
from genart_nb.arts.form import art
from genart_nb.arts.image import PaintOptions, brief_of
from genart_nb.errors import UsageError
from genart_nb.models import registry, weights
from genart_nb.models.card import ModelCard
from genart_nb.models.painter import pixels
from genart_nb.models.painter.graphs import Layout
from genart_nb.models.painter.minilm import WIDTH
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.painter.sampler import TAUGHT
from genart_nb.models.painter.words import GUIDANCE, LABELS, SLOTS
from genart_nb.models.pictures import Brief
from genart_nb.models.residency import Residency
from genart_nb.publishing.browser.assets import identity
from genart_nb.publishing.browser.starts import Starts
from genart_nb.recipe import SEED_MAX, Recipe
from genart_nb.studio import Studio
from genart_nb.widgets import controls
from genart_nb.widgets.controls import Control

ARRANGEMENTS = 8
"""Compositions that come with an easel beside the author's own, at most."""
ROOM = 800_000
"""Bytes of starts beyond which no further composition comes along; the author's own always does."""

_LIVE = ("freedom", "strength", "guidance", "steps", "mix:amount", "saturation", "contrast")
_NUMBERS = ("freedom", "strength", "guidance", "steps", "saturation", "contrast", "size")
_ENLARGED = (1, 2, 4)  # by the enlarger, which doubles


def easel(recipe: Recipe, desk: Studio) -> dict[str, Any]:
    """What one easel hands to `genart.painter`, as JSON: words as the painter reads them, starts, controls, defaults.

    `desk` is whose painter reads and composes. The author's composition is kept for whatever seed a reader draws, as
    `--arrangement` keeps it in a cell, and others come with it. Raises UsageError for a recipe that a browser cannot
    paint, saying why, and ModelNotFoundError for one of other weights than those here.
    """
    options, card = _read(recipe)
    rows = controls.controls(art("paint"), recipe, card)
    styles = [row.id.partition(":")[2] for row in rows if row.id.startswith("style:")]
    with _painter(card, desk) as painter:
        brief = brief_of(recipe, options, painter, recipe.seed)
        side = pixels.side(brief.size or (painter.defaults.size,) * 2)
        if strange := [name for name, _ in brief.styles if name not in painter.styles]:
            raise UsageError(f"There is no style {strange[0]!r}.", f"Styles: {', '.join(painter.styles)}")
        starts, own = _starts(painter, brief, styles)
        texts = [brief.prompt, *(text for text, _ in brief.mix), *filter(str.strip, [brief.negative])]
        told = [_told(painter, text) for text in texts]
        numbers = {name: getattr(painter.defaults, name) for name in ("freedom", "guidance", "steps")}
    return {
        "model": {"id": card.id, "title": card.title, "revision": card.revision, "made": identity(card)},
        "layout": _layout(card), "seed": recipe.seed, "arrangement": str(own), **starts,
        "prompt": 0, "texts": told, "negative": len(texts) - 1 if brief.negative.strip() else None,
        "mix": [[at, weight] for at, (_, weight) in enumerate(wording.mix(options.mix), 1)],
        "styles": dict(wording.styles(options.style)), "times": options.upscale,
        "schedule": {name: keys.keys for name, keys in wording.schedules(options.schedule).items()},
        "defaults": {"strength": 0.6, "saturation": 1, "contrast": 1, **numbers, "size": side},
        "bounds": {row.name: [row.ge, row.le] for row in PaintOptions.table() if row.name in _NUMBERS},
        "values": controls.values(rows), "controls": _live(rows, starts, str(own)),
    }  # fmt: skip


def _read(recipe: Recipe) -> tuple[PaintOptions, ModelCard]:
    """Its options and model; raises UsageError for what a browser cannot paint."""
    if recipe.art != "paint":
        raise UsageError(f"A browser has no model for %%{recipe.art}.", "make frames ahead, or use `genart serve`")
    card, options = registry.card(recipe.model, "picture", recipe.revision), PaintOptions.read(recipe.options)
    if card.loader != "painter":
        raise UsageError(f"{card.title} is too large for a browser, which runs the starter painter alone.",
                         "make frames ahead, or use `genart serve`")  # fmt: skip
    said = [("count", options.count > 1), ("grid", bool(options.grid)), ("svg", options.svg),
            ("aspect", options.aspect != "1:1"), ("upscale", options.upscale not in _ENLARGED),
            ("scheduler", bool(options.scheduler)), ("lora", bool(options.lora))]  # fmt: skip
    if names := [f"--{name}" for name, is_said in said if is_said]:
        raise UsageError(f"A browser does not paint with {', '.join(names)}.", "publish the work without, or as frames")
    return options, card


@contextlib.contextmanager
def _painter(card: ModelCard, desk: Studio) -> Iterator[Painter]:
    """The painter, as the desk's engine holds it, or loaded where it holds none."""
    house = getattr(desk.engine, "residency", None)
    with (house if isinstance(house, Residency) else Residency()).borrow(card) as model:
        assert isinstance(model, Painter)
        yield model


def _starts(painter: Painter, brief: Brief, styles: list[str]) -> tuple[dict[str, Any], int]:
    """Pictures to start from: `init`'s, or those of the author's arrangement (also returned) and of some others."""
    gathered, own = Starts(painter), int(brief.extras.get("arrangement", brief.seed))
    if brief.init is not None:
        return {"init": gathered.row(pixels.square(brief.init)), "arrangements": {}, "starts": gathered.rows}, own
    found = {}
    for at in range(ARRANGEMENTS + 1):
        seed = (own + at) % (SEED_MAX + 1)
        found[str(seed)] = gathered.arrangement(brief, seed, styles)
        if not gathered.rows or sum(map(len, gathered.rows)) > ROOM:
            break  # no reference fits the words, so there is nothing to arrange; or it is enough
    return {"init": None, "arrangements": found, "starts": gathered.rows}, own


def _told(painter: Painter, text: str) -> dict[str, str]:
    states, pooled = painter.read(text)
    return {"states": _floats(states), "pooled": _floats(pooled)}


def _floats(values: Any) -> str:
    """Base64 of little-endian float32, without the zeros at the end: a text of six words has no more tokens."""
    flat = np.ascontiguousarray(values, "<f4").reshape(-1)
    used = int(np.flatnonzero(flat)[-1]) + 1 if flat.any() else 0
    return base64.b64encode(flat[:used].tobytes()).decode()


def _layout(card: ModelCard) -> dict[str, Any]:
    layout = Layout.read(weights.locate(card))
    facts = {"shift": layout.shift, "distilled": layout.distilled, "styles": list(layout.styles)}
    return {**facts, "width": WIDTH, "slots": SLOTS, "labels": LABELS, "guidance": GUIDANCE, "taught": TAUGHT}


def _live(rows: list[Control], starts: Mapping[str, Any], own: str) -> list[dict[str, Any]]:
    """Rows of the controls that work in a browser, as a page draws them."""
    idle = {"strength"} if starts["init"] is None else {"freedom"}
    if starts["init"] is None and not starts["starts"]:
        idle.add("freedom")
    live = [row for row in rows if row.id.startswith("style:") or (row.id in _LIVE and row.id not in idle)]
    live = [row for row in live if row.id != "mix:amount" or row.value]
    if len(starts["arrangements"]) > 1:
        live.append(Control("arrangement", "select", "arrangement", own, "the composition alone, of the same things",
                            first=True, choices=tuple(starts["arrangements"])))  # fmt: skip
    made: list[dict[str, Any]] = json.loads(json.dumps(controls.as_json(live)))
    return made
