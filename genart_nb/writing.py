"""Write the cell, or the Python, that makes a recipe again: the inverse of the grammar of magics.

What is to run anywhere holds the recipes of the works that a work was made from, as JSON. `here` is for what is pasted
on this machine: there a work in the gallery goes by its recipe's digest, `%%restyle --from 3f9a1c2e`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from genart_nb.arts.form import ArtForm, art
from genart_nb.errors import GenartError
from genart_nb.models import registry
from genart_nb.recipe import Recipe
from genart_nb.studio import defaults, studio

OPENING = re.compile(r"\{{2,}")
"""Braces that would begin an `{{expr}}`."""

_HELD = re.compile(r"\b[a-z][a-z0-9-]*?[:-][0-9a-f]{16}\b")
_PLAIN = re.compile(r"(?!-\D)[\w./:@%+,~^*-]+", re.ASCII)
_UNTYPABLE = re.compile(r"[^\S ]+|[\x00-\x1f\x7f\x85\ud800-\udfff]+")


def options(values: Mapping[str, Any], *, raw: bool = False) -> str:
    """Options as they are typed: `--form sonnet --temperature 0.9`; None is left out."""
    return " ".join(_option(name, value, raw) for name, value in values.items() if value is not None)


def cell(recipe: Recipe, *, here: bool = False) -> str:
    """The cell that makes a recipe again; Python where no magic line can say all of it.

    Without words it is a line, `%restyle --from fox`: IPython refuses a `%%` cell that has no body.
    """
    said = _said(recipe, here)
    if said is None:
        return python(recipe)
    prompt, arguments = said
    if not prompt:
        return f"%{recipe.art} {options(arguments)}"
    texts = [value for value in arguments.values() if isinstance(value, str)]
    raw = "{{" in prompt and not any("{{" in text or _UNTYPABLE.search(text) for text in texts)
    line = f"%%{recipe.art} {options(arguments, raw=raw)}{' --raw' if raw else ''}"
    return f"{line}\n{prompt if raw else literal(prompt)}"


def pasted(recipe: Recipe) -> str:
    """What makes a recipe again in a new cell of this notebook: Python in marimo, which has no magics."""
    marimo = sys.modules.get("marimo")
    noted = marimo and marimo.running_in_notebook()
    return python(recipe, here=True) if noted else cell(recipe, here=True)


def python(recipe: Recipe, *, here: bool = False) -> str:
    """The Python that makes a recipe again."""
    written = call(recipe, here=here)
    home = "genart_nb.twins" if written.startswith("genart_nb.twins.") else "genart_nb"
    return f"import {home}\n{written}"


def call(recipe: Recipe, *, here: bool = False) -> str:
    """Write the Python that makes a recipe again, after `import genart_nb.twins`; defaults are left out."""
    said = _said(recipe, here)
    if said is None:
        return f"genart_nb.twins.make({recipe.canonical!r})"
    prompt, arguments = said
    given = ", ".join([repr(prompt), *(f"{name}={value!r}" for name, value in arguments.items())])
    return f"genart_nb.{recipe.art}({given})"


def arguments_of(recipe: Recipe) -> dict[str, Any] | None:
    """Keyword arguments that give this recipe anywhere; None when it has what no call can say.

    That is a conversation, sources, or a revision of weights that is no longer the one installed.
    """
    said = _said(recipe, False)
    return said[1] if said else None


def _said(recipe: Recipe, here: bool) -> tuple[str, dict[str, Any]] | None:
    """The prompt and keyword arguments that give this recipe, with works of the gallery by their digests if `here`."""
    form = art(recipe.art)
    table = {row.name: row.default for row in form.options.table()} | _defaults(form, recipe)
    given = {name: value for name, value in recipe.options.items() if name not in table or value != table[name]}
    model = "" if recipe.model == "none" else _model(recipe)
    prompt = recipe.prompt
    try:
        if here and recipe.sources:
            digests, takes = _digests(recipe.sources), {row.name for row in form.options.table() if row.takes}
            given |= {name: _renamed(str(given[name]), digests) for name in takes & given.keys()}
            prompt = _renamed(prompt, digests)
        again = studio().recipe(recipe.art, prompt, given, model=model, seed=recipe.seed)
    except GenartError:
        return None
    named = {"model": model} if model else {}
    return (prompt, {"seed": recipe.seed, **named, **given}) if _means(again, recipe) else None


def _digests(sources: Iterable[Recipe]) -> dict[str, str]:
    """The names that `inputs` gives to works of the gallery, and the digests of the recipes that made them."""
    names: dict[str, str] = {}
    for source in sources:
        entry = studio().recall(source.digest)
        if entry:
            names |= {f"{entry.medium}{sign}{entry.sha256[:16]}": source.digest for sign in ":-"}
    return names


def _renamed(text: str, digests: Mapping[str, str]) -> str:
    return _HELD.sub(lambda found: digests.get(found[0], found[0]), text)


def _means(again: Recipe, recipe: Recipe) -> bool:
    """Whether it is the same recipe, but for options that the form got since, which stand at their defaults."""
    kept = {name: value for name, value in again.options.items() if name in recipe.options}
    return Recipe.read({**again.model_dump(), "options": kept}).digest == recipe.digest


def _defaults(form: ArtForm, recipe: Recipe) -> dict[str, Any]:
    try:
        return defaults(form, registry.card(recipe.model, form.kind)) if form.kind else {}
    except GenartError:
        return {}


def _model(recipe: Recipe) -> str:
    known = {card.id for card in registry.cards()}
    pinned = recipe.revision and recipe.model not in known
    return f"{recipe.model}@{recipe.revision}" if pinned else recipe.model


def literal(text: str) -> str:
    """Text in which nothing will be interpolated: the inverse of `Scope.fill`."""
    return OPENING.sub(lambda run: f'{{{{"{run[0]}"}}}}', text)


def _option(name: str, value: Any, raw: bool) -> str:
    flag = name.rstrip("_").replace("_", "-")
    if isinstance(value, bool):
        return f"--{flag}" if value else f"--no-{flag}"
    return f"--{flag} {_quoted(str(value), raw)}"


def _quoted(text: str, raw: bool) -> str:
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    if not raw:
        text = _UNTYPABLE.sub(lambda run: f"{{{{{run[0]!a}}}}}", literal(text))
    return f'"{text}"'
