"""A grid over an easel's controls, `freedom=6,guidance=3`: which pictures a published page holds ready.

Parts are parted by commas. A count spreads that many values over the control's range, the author's own value among
them; values of one's own choosing are parted by bars: `freedom=0|0.25|1`. `seed=4` adds the three seeds that follow.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from genart_nb.errors import OptionError
from genart_nb.options import nearest, shown
from genart_nb.recipe import SEED_MAX
from genart_nb.widgets.controls import Control

MOST = 400
"""Pictures that one grid may have."""
USUAL = 7
"""Values of the one slider that is taken where the author names none."""
_WRITTEN = "write controls with counts or values: freedom=6,guidance=3 or freedom=0|0.5|1"


@dataclass(frozen=True, slots=True)
class Axis:
    """One control and the values it takes, in order; `home` is the index of the author's own."""

    id: str
    label: str
    values: tuple[Any, ...]
    home: int


def read(text: str, rows: Sequence[Control], seed: int) -> tuple[Axis, ...]:
    """The axes that `text` asks for; raises OptionError for an unknown control, a bad value or too many pictures."""
    known = {row.id: row for row in rows if _spans(row)}
    made: list[Axis] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, equals, asked = (piece.strip() for piece in part.partition("="))
        if not equals or not asked:
            raise OptionError(f"--frames {part!r} says no values.", _WRITTEN)
        if name != "seed" and name not in known:
            guess = nearest(name, [*known, "seed"])
            fix = f"did you mean {guess}?" if guess else f"use one of seed, {', '.join(known)}"
            raise OptionError(f"--frames names no slider {name!r}.", fix)
        made.append(_seeds(asked, seed) if name == "seed" else _axis(known[name], asked))
    count = math.prod(len(axis.values) for axis in made)
    if len({axis.id for axis in made}) < len(made):
        raise OptionError("--frames names a slider twice.", "name each once")
    if count > MOST:
        raise OptionError(f"--frames asks for {count} pictures; a grid has at most {MOST}.", "ask for fewer values")
    return tuple(made)


def usual(rows: Sequence[Control]) -> str:
    """The grid of an author who names none: the first slider in sight that is no style; "" where there is none."""
    row = next((each for each in rows if each.first and each.kind == "slider" and ":" not in each.id), None)
    return f"{row.id}={USUAL}" if row else ""


def places(axes: Sequence[Axis]) -> Iterator[tuple[int, ...]]:
    """Every place of the grid as indices, one per axis, the last axis fastest."""
    return itertools.product(*(range(len(axis.values)) for axis in axes))


def _spans(row: Control) -> bool:
    ranged = row.kind in ("slider", "number") and row.min is not None and row.max is not None
    return ranged or row.kind in ("select", "toggle")


def _seeds(asked: str, seed: int) -> Axis:
    if "|" in asked:
        values = [_whole(each, "seed") for each in asked.split("|")]
        values = list(dict.fromkeys([seed, *values]))
    else:
        values = [(seed + step) % (SEED_MAX + 1) for step in range(_count(asked, "seed"))]
    if not all(0 <= each <= SEED_MAX for each in values):
        raise OptionError(f"--frames seed={asked} is not allowed.", f"seeds are in 0..{SEED_MAX}")
    return Axis("seed", "seed", tuple(values), 0)


def _axis(row: Control, asked: str) -> Axis:
    home = row.value
    if row.kind == "toggle":
        return Axis(row.id, row.label, (False, True), int(bool(home)))
    if row.kind == "select":
        chosen = asked.split("|") if "|" in asked else list(row.choices)[: _count(asked, row.id)]
        values = tuple(dict.fromkeys([each.strip() for each in chosen] + ([home] if home not in chosen else [])))
        if unknown := [each for each in values if each not in row.choices]:
            raise OptionError(f"--frames {row.id} has no choice {unknown[0]!r}.", f"use {', '.join(row.choices)}")
        return Axis(row.id, row.label, values, values.index(home))
    assert row.min is not None and row.max is not None
    if "|" in asked:
        numbers = sorted({_number(each, row) for each in asked.split("|")})
    else:
        count = _count(asked, row.id)
        numbers = [_snapped(row, row.min + at * (row.max - row.min) / (count - 1)) for at in range(count)]
    return _with_home(row, numbers, explicit="|" in asked)


def _with_home(row: Control, numbers: list[float], explicit: bool) -> Axis:
    """The values with the author's own among them: in place of the nearest of a count, beside those chosen."""
    own = row.value if row.value is not None else row.auto
    values: list[Any] = list(dict.fromkeys(numbers))
    if own is None:
        return Axis(row.id, row.label, tuple(values), 0)
    at = min(range(len(values)), key=lambda index: abs(values[index] - own))
    if values[at] != own and explicit:
        values = sorted([*values, own])
        at = values.index(own)
    values[at] = row.value  # None where the model decides, so that the recipe there is the author's
    return Axis(row.id, row.label, tuple(values), at)


def _snapped(row: Control, value: float) -> float:
    step = row.step or 0
    assert row.min is not None and row.max is not None
    if step:
        value = row.min + round((value - row.min) / step) * step
    value = round(min(row.max, max(row.min, value)), 6)
    return int(value) if step and float(step).is_integer() and float(value).is_integer() else value


def _number(text: str, row: Control) -> float:
    assert row.min is not None and row.max is not None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not row.min <= value <= row.max:
        raise OptionError(f"--frames {row.id} cannot be {shown(text)}.", f"give values in {row.min:g}..{row.max:g}")
    return int(value) if float(row.step or 0.5).is_integer() and value.is_integer() else value


def _count(text: str, name: str) -> int:
    count = _whole(text, name)
    if not 2 <= count <= MOST:
        raise OptionError(f"--frames {name}={shown(text)} is not allowed.", f"give a count in 2..{MOST}")
    return count


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise OptionError(f"--frames {name}={shown(text)} is no count.", _WRITTEN) from None
