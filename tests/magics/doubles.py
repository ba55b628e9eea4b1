"""Art forms that need no model, offered as a third party would offer them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any, Literal

from genart_nb import plugins
from genart_nb.arts.form import ArtForm
from genart_nb.artwork import Artwork
from genart_nb.events import Event, Loading, Preview, Step, Token
from genart_nb.models.card import ModelCard
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe


class OdeOptions(Options):
    """What an ode takes."""

    form: Literal["free", "haiku", "sonnet"] = option("free", "shape of the ode")
    lines: int = option(4, "how many lines", ge=1, le=1000)
    warmth: float = option(0.7, "how bold", ge=-2, le=2, step=0.1)
    rhyme: bool = option(False, "end lines alike")
    loud: bool = option(True, "in a strong voice")
    voice: str = option("", "who speaks")
    pause: float = option(0.0, "wait between lines", ge=0, le=60, unit="s")


def ode(recipe: Recipe, model: Any) -> Iterator[Event]:
    """Lines about the prompt, each from the seed."""
    for number in range(recipe.options["lines"]):
        yield Step(number, recipe.options["lines"], "line")
        time.sleep(recipe.options["pause"])
        yield Token(f"{recipe.prompt[:40]} {recipe.seed + number}\n")


def rough(recipe: Recipe, model: Any) -> Iterator[Event]:
    """Begin one way, then another; then fail if asked to."""
    yield Loading("warming up", 0.5)
    yield Token("a first try")
    yield Preview("a second try")
    if "fail" in recipe.prompt:
        raise ValueError("<b>the pen broke</b>")
    yield Token(", better")


def talk(recipe: Recipe, model: Any) -> Iterator[Event]:
    """Count the turns."""
    yield Token(f"turn {len(recipe.turns) // 2 + 1}")


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """Verse."""
    return Artwork(recipe, str(data).strip("\n"), layout="verse", partial=partial)


ODE = ArtForm("ode", "An ode to the prompt.", OdeOptions, ode, finish, kind=None, example="to a nightingale")
ROUGH = ArtForm("rough", "A sketch.", Options, rough, finish, kind=None, prompted=False)
TALK = ArtForm("talk", "Talk that is remembered.", Options, talk, finish, kind=None, remembers=True)
DOUBLES = {
    name: EntryPoint(name, f"{__name__}:{name.upper()}", plugins.GROUPS["arts"]) for name in ("ode", "rough", "talk")
}


def offer() -> None:
    """Offer the doubles beside what is installed."""
    real = plugins.offered

    def offered(group: str) -> dict[str, EntryPoint]:
        return {**real(group), **(DOUBLES if group == "arts" else {})}

    offered.cache_clear = real.cache_clear  # type: ignore[attr-defined]
    plugins.offered = offered  # type: ignore[assignment]
