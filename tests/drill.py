"""Art forms and a model to drill the core with: slow, failing or stateful on request, and needing no weights."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any, Literal

import pytest

from genart_nb import plugins
from genart_nb.arts.form import ArtForm
from genart_nb.artwork import Artwork
from genart_nb.errors import WeightsError
from genart_nb.events import Event, Loading, Step, Token
from genart_nb.models.card import Folder, ModelCard
from genart_nb.models.registry import Progress
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe


class DrillOptions(Options):
    pause: float = option(0.0, "Seconds each step takes.", ge=0, le=10, step=0.01, unit="s")
    fault: Literal["none", "genart", "value", "memory", "exit"] = option("none", "What to raise at the third word.")
    clock: bool = option(False, "Say the time in nanoseconds instead of the words.")
    voice: str = option("plain", "In which voice.", max_length=40, stage=0.5)


FAULTS = {
    "genart": WeightsError("The weights are damaged.", "fetch them again"),
    "value": ValueError("three is too many"),
    "memory": MemoryError(),
    "exit": SystemExit(3),
}


def say(recipe: Recipe, model: Any = None) -> Iterator[Event]:
    """Say the words, each with two letters that depend on all before it."""
    options = DrillOptions.read(recipe.options)
    words, seen = recipe.prompt.split(), hashlib.sha256(recipe.canonical.encode())
    for index, word in enumerate(words):
        time.sleep(options.pause)
        if index == 2 and options.fault != "none":
            raise FAULTS[options.fault]
        seen.update(word.encode())
        yield Token(f"{time.time_ns()} " if options.clock else f"{word}-{seen.hexdigest()[:2]} ")
        yield Step(index + 1, len(words))


def load_then_say(recipe: Recipe) -> Iterator[Event]:
    """What `drill_heavy` looks like from outside, for an engine without models."""
    for turn in range(100):
        time.sleep(0.02)
        yield Loading("a slow model", turn / 100)
    yield from say(recipe)


def finish(recipe: Recipe, data: str, card: ModelCard | None, partial: bool) -> Artwork:
    return Artwork(recipe, data, facts={"words": len(data.split())}, partial=partial)


class Weights:
    """A model that weighs what its card says."""

    loads = 0

    def __init__(self, card: ModelCard) -> None:
        self.nbytes, self.closed = card.size, False

    def close(self) -> None:
        self.closed = True


def load(card: ModelCard, progress: Progress) -> Weights:
    Weights.loads += 1
    for turn in range(100 if card.id == "drill-slow" else 1):
        time.sleep(0.02)
        progress("a slow model", turn / 100)
    return Weights(card)


def _form(name: str, kind: str | None = None, remembers: bool = False) -> ArtForm:
    return ArtForm(name, "Drill.", DrillOptions, say, finish, kind, "one two three", remembers=remembers)


def _card(name: str) -> ModelCard:
    return ModelCard(id=name, kind="drill", title=name, loader="drill", source=Folder(path="/"), revision="1", size=10)


DRILL, HEAVY, TALK = _form("drill"), _form("drill_heavy", "drill"), _form("drill_talk", remembers=True)
SLOW, QUICK, NOT_A_CARD = _card("drill-slow"), _card("drill-quick"), object()

POINTS = [
    EntryPoint("drill", "drill:DRILL", "genart_nb.arts"),
    EntryPoint("drill_heavy", "drill:HEAVY", "genart_nb.arts"),
    EntryPoint("drill_talk", "drill:TALK", "genart_nb.arts"),
    EntryPoint("drill_broken", "drill:NO_SUCH_NAME", "genart_nb.arts"),
    EntryPoint("drill_no_form", "drill:NOT_A_CARD", "genart_nb.arts"),
    EntryPoint("drill-slow", "drill:SLOW", "genart_nb.models"),
    EntryPoint("drill-quick", "drill:QUICK", "genart_nb.models"),
    EntryPoint("drill-broken", "no_such_module:CARD", "genart_nb.models"),
    EntryPoint("drill-no-card", "drill:NOT_A_CARD", "genart_nb.models"),
    EntryPoint("drill", "drill:load", "genart_nb.loaders"),
]


def offer(patch: pytest.MonkeyPatch, points: list[EntryPoint] = POINTS) -> None:
    """Let `plugins` find these as it finds everybody's, until the test is over."""
    real = plugins.entry_points
    patch.setattr(
        plugins, "entry_points", lambda group: [*real(group=group), *(each for each in points if each.group == group)]
    )
    plugins.offered.cache_clear()


def recipe(prompt: str = "one two three", seed: int = 7, art: str = "drill", model: str = "", **options: Any) -> Recipe:
    """A recipe of one of the drills, options filled in."""
    filled = DrillOptions.read(options).model_dump(mode="json")
    return Recipe(art=art, prompt=prompt, model=model or "none", seed=seed, options=filled)


def words(count: int) -> str:
    return " ".join(f"w{index}" for index in range(count))
