"""Which pictures a contact sheet shows: one option across, another down, or seeds counting up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genart_nb.arts import wording
from genart_nb.errors import OptionError
from genart_nb.options import Options, unknown_option
from genart_nb.recipe import SEED_MAX

SEEDS = 6
"""Pictures of a grid of seeds, unless --count says otherwise."""

_WIDE = 5  # columns at most of a sheet whose order has no second axis
_NEVER = ("count", "grid", "svg", "init")


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture of a sheet: its options, its label, and how far its seed is from the recipe's."""

    options: Mapping[str, Any]
    label: str
    offset: int
    columns: int


def tiles(options: Options, styles: Sequence[str], seed: int) -> list[Tile]:
    """Every picture asked for, in reading order; one alone has columns 1 and no label."""
    plain: dict[str, Any] = {**options.model_dump(), "count": 1, "grid": ""}
    given: Any = options
    named = wording.axes(given.grid)
    axes = [_values(axis, given.count, styles, seed, type(options)) for axis in named]
    if not axes or (given.count > 1 and len(axes) == 1 and named[0][0] != "seeds"):
        axes.append(_seeds(given.count, seed))
    across, down = axes[0], axes[1] if len(axes) == 2 else [({}, "", 0)]
    columns = len(across) if len(axes) == 2 else _columns(len(across))
    return [
        Tile({**plain, **low, **left}, " · ".join(filter(None, (label, below))), offset + shift, columns)
        for low, below, shift in down
        for left, label, offset in across
    ]


def check(table: type[Options], options: Mapping[str, Any], name: str, values: Sequence[str]) -> None:
    """Raise ValueError unless every value of an axis is one that the option takes."""
    if name in ("seeds", "styles"):
        return
    if name in _NEVER or name not in table.model_fields:
        known = [row.name for row in table.table() if row.name not in _NEVER]
        raise ValueError(unknown_option(name, known).what.rstrip(".") + f" in --grid; use one of {', '.join(known)}")
    for value in values:
        try:
            table.read({**options, "grid": "", "count": 1, name: _typed(table, name, value)})
        except OptionError as error:
            raise ValueError(f"--grid: {error.what.rstrip('.')}; {error.fix}") from None


def _values(
    axis: tuple[str, tuple[str, ...]], count: int, styles: Sequence[str], seed: int, table: type[Options]
) -> list[tuple[dict[str, Any], str, int]]:
    name, given = axis
    if name == "seeds":
        return _seeds(count if count > 1 else SEEDS, seed)
    if name == "styles":
        if not styles:
            raise OptionError("This model has no styles to show in a grid.", "put style words into the prompt")
        return [({"style": each}, each, 0) for each in styles]
    word = name.replace("_", "-")
    return [({name: _typed(table, name, value)}, f"{word} {value}", 0) for value in given]


def _seeds(many: int, seed: int) -> list[tuple[dict[str, Any], str, int]]:
    return [({}, f"seed {(seed + at) % (SEED_MAX + 1)}" if many > 1 else "", at) for at in range(many)]


def _columns(many: int) -> int:
    """As many columns as make the fullest rows, few before many."""
    return many if many <= _WIDE else min((3, 4, 5), key=lambda wide: (-many % wide, wide))


def _typed(table: type[Options], name: str, text: str) -> Any:
    kind = next(row.kind for row in table.table() if row.name == name)
    if kind == "bool":
        return text.lower() in ("true", "on", "yes", "1")
    try:
        return {"int": int, "float": float}[kind](text)
    except (KeyError, ValueError):
        return text
