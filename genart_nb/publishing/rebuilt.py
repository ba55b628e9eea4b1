"""The cell that makes a work again, from a recipe that came with a file and may be anybody's."""

from __future__ import annotations

import re

from genart_nb import writing
from genart_nb.arts.form import art
from genart_nb.errors import GenartError, UsageError
from genart_nb.marks.parameters import Parameters
from genart_nb.models import registry
from genart_nb.recipe import Recipe, clean_text

_COMMIT = re.compile(r"[0-9a-f]{40}")
_HELD = re.compile(r"([a-z][a-z0-9-]*:[0-9a-f]{16})?")
_BLEND = re.compile(r"[\w:, -]*(\.\d[\w:, -]*)*")  # names with weights: no dot but in a number, so no file
_SAMPLED = {"Steps": ("steps", 1, 150), "CFG scale": ("guidance", 0, 20), "Seed": ("seed", 0, 2**32 - 1)}


def cell_of(recipe: Recipe) -> str:
    """The cell; Python that holds the whole recipe where no cell can say it, or writing one would touch files or a net.

    To write a cell is to make its recipe again, which for an unknown model reads a folder or asks the hub: a file that
    somebody sent may not do that.
    """
    if _is_harmless(recipe):
        try:
            return writing.cell(recipe, here=True)
        except GenartError:
            pass
    return f"import genart_nb.twins\ngenart_nb.twins.make({recipe.canonical!r})"


def foreign_cell(told: Parameters) -> str:
    """A `%%paint` that asks for what another program was asked for: another model, so another picture."""
    given = {}
    for name, (option, low, high) in _SAMPLED.items():
        try:
            value = float(told.settings.get(name, ""))
        except ValueError:
            continue
        if low <= value <= high:
            given[option] = f"{value:.0f}" if option != "guidance" else f"{value:g}"
    if told.negative:
        given["negative"] = clean_text(told.negative)
    line = f"%%paint {writing.options(given)}".rstrip()
    return f"{line}\n{writing.literal(clean_text(told.prompt))}" if told.prompt else ""


def _is_harmless(recipe: Recipe) -> bool:
    try:
        form = art(recipe.art)
        form.holds(recipe.prompt, _held)
    except GenartError:
        return False
    kinds = {row.name: _BLEND if row.takes == "pictures" else _HELD for row in form.options.table() if row.takes}
    held = all(kind.fullmatch(str(recipe.options.get(name) or "")) for name, kind in kinds.items())
    known = recipe.model == "none" or recipe.model in {card.id for card in registry.cards()}
    return held and (known or bool(_COMMIT.fullmatch(recipe.revision) and "://" not in recipe.model))


def _held(name: str) -> str:
    """The name of a picture that a prompt starts from; raises UsageError for a file's."""
    if not _HELD.fullmatch(name):
        raise UsageError(f"{name[:80]!r} may be a file.", "a recipe holds pictures by name")
    return name
