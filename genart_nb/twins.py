"""Python twins: every art form as a function with the same options, `genart_nb.poem("the sea", form="haiku")`."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Protocol

from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.recipe import Recipe
from genart_nb.studio import studio


class Twin(Protocol):
    """What a twin is called like."""

    def __call__(self, prompt: str, /, *, seed: int | None = None, model: str = "", **options: Any) -> Artwork:
        """Make a work and wait for it."""


@functools.cache
def twin(name: str) -> Twin:
    """Build the function for one art form; its signature and help come from the Options."""
    form = art(name)

    def make(prompt: str, /, *, seed: int | None = None, model: str = "", **options: Any) -> Artwork:
        desk = studio()
        work = desk.make(desk.recipe(name, prompt, options, model=model, seed=seed)).artwork()
        desk.finished(work)
        return work

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter("prompt", inspect.Parameter.POSITIONAL_ONLY, annotation=str),
        inspect.Parameter("seed", keyword, default=None, annotation=int | None),
        inspect.Parameter("model", keyword, default="", annotation=str),
        *(
            inspect.Parameter(row.name, keyword, default=row.default, annotation=row.domain)
            for row in form.options.table()
        ),
    ]
    make.__name__ = make.__qualname__ = name
    make.__signature__ = inspect.Signature(parameters, return_annotation=Artwork)  # type: ignore[attr-defined]
    rows = "\n".join(f"    {row.name}: {row.help} ({row.domain})" for row in form.options.table())
    make.__doc__ = f"{form.help}\n\n{rows}"
    return make


def call(recipe: Recipe) -> str:
    """Write the Python that makes a recipe again; options at their defaults are left out."""
    table = {row.name: row.default for row in art(recipe.art).options.table()}
    given = [f"{name}={value!r}" for name, value in recipe.options.items() if value != table.get(name)]
    arguments = [repr(recipe.prompt), f"seed={recipe.seed}", f"model={recipe.model!r}", *given]
    return f"genart_nb.{recipe.art}({', '.join(arguments)})"
