"""Which works a new one was made from, kept small enough to carry along."""

from __future__ import annotations

from collections.abc import Iterable

from genart_nb.artwork import Artwork
from genart_nb.recipe import Recipe

_MOST = 32  # sources that a recipe may have
_HEAVY = 100  # recipes in all; works made of works made of works would double with each step


def sources(works: Iterable[Artwork]) -> list[Recipe]:
    """Recipes of the works, each once; their own sources are left out where the tree has grown too heavy."""
    recipes = list({work.recipe.digest: work.recipe for work in works}.values())[:_MOST]
    if sum(map(_count, recipes)) <= _HEAVY:
        return recipes
    return [recipe.model_copy(update={"sources": ()}) for recipe in recipes]


def _count(recipe: Recipe) -> int:
    return 1 + sum(map(_count, recipe.sources))
