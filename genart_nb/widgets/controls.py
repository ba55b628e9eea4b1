"""Which controls an easel has: made from an art form's options, and read back into a recipe.

A control's value is JSON. One option may have several controls: each style has a weight (`style:flat`), a prompt to
mix in has its words and its amount (`mix:prompt`, `mix:amount`). The recipe's prompt and seed stand apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from genart_nb.arts import wording
from genart_nb.arts.form import ArtForm
from genart_nb.media.song import NAMES
from genart_nb.models.card import ModelCard
from genart_nb.options import OptionSpec
from genart_nb.recipe import Recipe

STYLES_SHOWN = wording.STYLES_MOST
FIRST = ("style", "freedom", "guidance", "strength", "steps", "mix", "saturation", "contrast")
"""Options that stand in sight, in this order; the others are under "more"."""
FIRST_OF_MUSIC = ("tempo", "bars", "temperature", "style", "mood", "form", "key", "mode", "metre",
                  "instrument")  # fmt: skip
"""The same where songs are made."""
FORMS = ("AABA", "AABB", "ABAB", "AA'BA'", "ABAC", "ABA", "AAB", "ABCD")
"""Forms of songs and dances that are offered."""
USUAL = {"tempo": 96, "bars": 8}
"""Where the slider of an option stands that a work decides, until there is a work."""
SIGHT = 6  # options in sight of a form that has none of FIRST

Kind = Literal["slider", "number", "select", "toggle", "text"]


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `value` is None where the model decides; `auto` is then what it will take, if anybody knows."""

    id: str
    kind: Kind
    label: str
    value: Any
    help: str = ""
    group: str = ""
    first: bool = False
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str = ""
    choices: tuple[str, ...] = ()
    auto: float | None = None
    open: bool = False  # nobody knows what it will take before there is a work, whose facts tell


def controls(form: ArtForm, recipe: Recipe, card: ModelCard | None = None) -> list[Control]:
    """The controls of a recipe's form, those in sight before the others."""
    made: list[Control] = []
    for row in form.options.table():
        value = recipe.options.get(row.name, row.default)
        if row.name == "style" and row.kind == "str":
            made += _styles(row, str(value or ""), card)
        elif row.name == "mix":
            made += _mix(row, str(value or ""))
        elif row.name == "key" and form.kind == "music":
            made.append(_listed(row, str(value or ""), NAMES, told=True))
        elif row.name == "form" and form.kind == "music":
            made.append(_listed(row, str(value or ""), FORMS))
        elif not row.takes:
            made.append(_plain(row, value, card))
    names = [_option(each) for each in made]
    idle = "init" in recipe.options and not recipe.options["init"]  # no picture, so nothing to be strong with
    usual = FIRST_OF_MUSIC if form.kind == "music" else FIRST
    known = [name for name in usual if name in names and not (idle and name == "strength")]
    order = known or [each.id for each in made if each.kind in ("slider", "select", "toggle")][:SIGHT]
    in_sight = [_first(each) for name in order for each in made if _option(each) == name]
    return in_sight + [each for each in made if _option(each) not in order and not (idle and each.id == "strength")]


def values(made: Iterable[Control]) -> dict[str, Any]:
    """What the controls say, by id."""
    return {each.id: each.value for each in made}


def written(form: ArtForm, recipe: Recipe, prompt: str, seed: int, said: Mapping[str, Any]) -> Recipe:
    """The recipe that controls say; raises OptionError, RecipeError for what it cannot be."""
    known = {row.name for row in form.options.table()}
    given = {name: value for name, value in recipe.options.items() if name in known}
    given |= {id: value for id, value in said.items() if ":" not in id}
    if "style" in known and any(id.startswith("style:") for id in said):
        given["style"] = _style_text(said, str(recipe.options.get("style") or ""))
    if "mix" in known and "mix:prompt" in said:
        given["mix"] = _mix_text(said, str(recipe.options.get("mix") or ""))
    options = form.options.read(given).model_dump(mode="json")
    return Recipe.read({**recipe.model_dump(), "prompt": prompt, "seed": seed, "options": options})


def cheaper(form: ArtForm, recipe: Recipe, tier: int) -> Recipe:
    """The recipe of a draft: the form's own numbers, unless the recipe's are cheaper still."""
    given: dict[str, Any] = dict(recipe.options)
    draft = form.drafts[tier]
    for name, value in (draft(given) if callable(draft) else draft).items():
        old = given.get(name)
        counts = isinstance(value, int) and isinstance(old, int | float) and not isinstance(old, bool)
        given[name] = min(old, value) if counts else value
    options = form.options.read(given).model_dump(mode="json")
    return Recipe.read({**recipe.model_dump(), "options": options})


def as_json(made: Iterable[Control]) -> list[dict[str, Any]]:
    """Rows for the front end."""
    return [asdict(each) for each in made]


def _first(control: Control) -> Control:
    return Control(**{**asdict(control), "first": True, "choices": control.choices})


def _option(control: Control) -> str:
    return control.id.partition(":")[0]


def _plain(row: OptionSpec, value: Any, card: ModelCard | None) -> Control:
    label = row.name.replace("_", " ")
    if row.kind == "bool":
        return Control(row.name, "toggle", label, bool(value), row.help)
    if row.kind == "choice":
        return Control(row.name, "select", label, value, row.help, choices=row.choices, open="auto" in row.choices)
    if row.kind == "str":
        return Control(row.name, "text", label, value or "", row.help)
    suits = card.defaults.get(row.name) if card else None
    auto = suits if isinstance(suits, int | float) else row.default
    open = auto is None and row.name in USUAL
    auto = USUAL[row.name] if open else auto
    if row.ge is None or row.le is None or (auto is None and value is None):
        return Control(row.name, "number", label, value, row.help, "", False, row.ge, row.le, row.step, row.unit)
    step = row.step or (1 if row.kind == "int" else (row.le - row.ge) / 100)
    high = _reach(row, max(auto or 0, value or 0))
    return Control(
        row.name, "slider", label, value, row.help, "", False, row.ge, high, step, row.unit, auto=auto, open=open
    )


def _listed(row: OptionSpec, value: str, usual: Iterable[str], told: bool = False) -> Control:
    """What is usually written in a text option, to choose from; what is written otherwise stands beside it.

    `told`: a work's facts have what was taken where nothing was written.
    """
    choices = tuple(dict.fromkeys(["", *usual, value]))
    return Control(row.name, "select", row.name, value, row.help, choices=choices, open=told)


def _reach(row: OptionSpec, usual: float) -> float:
    """How far a slider goes: not to 150 where 8 is usual, or a pixel of the hand would be too much."""
    assert row.le is not None
    return min(row.le, max(3 * usual, usual + 8 * (row.step or 1))) if row.le > 4 * usual > 0 else row.le


def _styles(row: OptionSpec, text: str, card: ModelCard | None) -> list[Control]:
    given = dict(wording.weighted(text, ",", 1.0))
    offered = card.choices.get("style", ()) if card else ()
    names = list(dict.fromkeys([*given, *offered]))[:STYLES_SHOWN]
    if not names:
        return [Control("style", "text", "style", text, row.help)]
    return [
        Control(f"style:{name}", "slider", name, round(given.get(name, 0.0), 2), row.help, "style", False, 0, 1, 0.05)
        for name in names
    ]


def _style_text(said: Mapping[str, Any], before: str) -> str:
    weights = {id.partition(":")[2]: float(value or 0) for id, value in said.items() if id.startswith("style:")}
    given = {name: weight for name, weight in weights.items() if weight > 0}
    if given == dict(wording.weighted(before, ",", 1.0)):
        return before  # as it was typed, so that an untouched easel has the very recipe it was given
    if len(given) == 1:
        return next(iter(given))
    return ",".join(f"{name}:{weight:g}" for name, weight in given.items())


def _mix(row: OptionSpec, text: str) -> list[Control]:
    """Controls of the first prompt mixed in; the others stay as they are."""
    first, _, rest = text.partition("|")
    prompt, weight = next(iter(wording.mix(first)), ("", 0.0))
    return [
        Control("mix:prompt", "text", "mix with", prompt, row.help, "mix"),
        Control("mix:amount", "slider", "amount", weight, "how much of it", "mix", False, 0, 1, 0.05),
        *([Control("mix:rest", "text", "and", rest.strip(), row.help, "mix")] if rest.strip() else []),
    ]


def _mix_text(said: Mapping[str, Any], before: str) -> str:
    prompt, amount = str(said["mix:prompt"] or "").strip(), float(said.get("mix:amount") or 0)
    parts = [f"{prompt}:{amount:g}" if prompt and amount > 0 else "", str(said.get("mix:rest") or "").strip()]
    text = " | ".join(filter(None, parts))
    return before if wording.mix(text) == wording.mix(before) else text
