"""ArtForm: what a family registers through the entry point `genart_nb.arts`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from genart_nb import plugins
from genart_nb.artwork import Artwork
from genart_nb.errors import UsageError
from genart_nb.events import Event
from genart_nb.models.card import ModelCard
from genart_nb.options import Options
from genart_nb.recipe import Recipe

Cheaper = Callable[[Mapping[str, Any]], Mapping[str, Any]]
Find = Callable[[str], Any]
"""What a name stands for; the name itself where it is none."""
Make = Callable[[Recipe, Any], Iterator[Event]]
Finish = Callable[[Recipe, Any, ModelCard | None, bool], Artwork]


@dataclass(frozen=True)
class ArtForm:
    """One art form.

    `make(recipe, model)` is a generator of events: `Token` adds text, `Preview` replaces the whole, and the engine may
    stop it at any yield. `finish(recipe, data, card, partial)` turns what was made into an Artwork; `data` is the last
    Preview's, or all Tokens joined. `kind` is the kind of model it needs, None for none. `prompted` is False where an
    empty prompt has a meaning. `needs` are options that `example` cannot do without. `remembers` keeps a conversation
    between cells. `drafts` are options that make it cheaper, or a function of its options that gives them, cheapest
    first: what an easel shows while a slider moves, then when the hand pauses. `check` raises a UsageError for a prompt
    that cannot be made, before a model is loaded for it. `holds(prompt, find)` is for a prompt that names pictures: it
    puts names in their place that a recipe can keep (see `inputs`), and adds the recipes of those that are works.
    `said(work, before)` is how a work reads that `{{ }}` puts into the prompt after `before`.
    """

    name: str
    help: str
    options: type[Options]
    make: Make
    finish: Finish
    kind: str | None = "text"
    example: str = ""
    prompted: bool = True
    needs: Mapping[str, str] = field(default_factory=dict)
    remembers: bool = False
    drafts: tuple[Mapping[str, Any] | Cheaper, ...] = ()
    check: Callable[[str], None] = lambda prompt: None
    holds: Callable[[str, Find], tuple[str, list[Recipe]]] = lambda prompt, find: (prompt, [])
    said: Callable[[Artwork, str], str] = lambda work, before: str(work)


def art(name: str) -> ArtForm:
    """The art form of that name; raises UsageError that names the nearest."""
    form = plugins.load("arts", name)
    if not isinstance(form, ArtForm):
        raise UsageError(f"The entry point {name!r} gives a {type(form).__name__}, not an ArtForm.", "fix its package")
    return form


def as_declared(recipe: Recipe) -> Recipe:
    """A recipe that has been through a browser, with its numbers as its art form declares them.

    JavaScript writes 1.0 as 1, so that a notebook saved by JupyterLab holds recipes with other digits than were made,
    and thus of another digest. Whatever else differs, and what no form here knows, stays as it is.
    """
    options = dict(recipe.options)
    try:
        declared = art(recipe.art).options.read(options).model_dump(mode="json")
    except UsageError:
        declared = {}
    for name, value in options.items():
        if type(value) is int and isinstance(declared.get(name), float):
            options[name] = float(value)
    sources = [as_declared(source).model_dump() for source in recipe.sources]
    return Recipe.read({**recipe.model_dump(), "options": options, "sources": sources})


def names() -> list[str]:
    """Names of every art form on offer, none imported."""
    return sorted(plugins.offered("arts"))


def weakness(name: str, noun: str, card: ModelCard | None, prompt: str = "") -> str:
    """One quiet line where the model cannot read the prompt, or its card calls it weak or unable; else nothing."""
    if card is None:
        return ""
    title = card.title[:1].upper() + card.title[1:]
    ability, switch = card.ability(name), f"`%genart model {card.kind} ID_OR_PATH` switches to"
    if ability != "unable" and card.languages == ("en",) and not _latin(prompt):
        return f"{title} reads English alone: this has little to do with the prompt. {switch} one that reads more."
    if ability in (None, "good"):
        return ""
    how = "is weak at" if ability == "weak" else "is not able to do"
    return f"{title} {how} {noun}; {switch} a larger one."


def _latin(prompt: str) -> bool:
    """Whether half of a prompt's letters are Latin; a prompt without letters passes unless it is all pictographs."""
    letters = [letter for letter in prompt if letter.isalpha()]
    if not letters:
        return prompt.isascii() or any(each.isdigit() for each in prompt)
    return 2 * sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters) >= len(letters)
