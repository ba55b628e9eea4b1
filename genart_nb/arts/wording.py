"""How the options of `%%paint` that hold more than one number are written, and read back.

- `--style "flat:0.6,3d:0.4"`: names with weights
- `--mix "a wolf:0.4 | a bear:0.2"`: other prompts with weights
- `--schedule "guidance=0:2,5:6"`: numbers that change from step to step
- `--grid "freedom=0,0.5,1;style=flat,3d"`: one option across, one down
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator

from genart_nb.errors import OptionError
from genart_nb.models.pictures import Schedule

STYLES_MOST = 4
MIX_MOST = 4
TILES_MOST = 64
STYLE = "style."


def weighted(text: str, separator: str, alone: float) -> tuple[tuple[str, float], ...]:
    """Read `a:0.6,b:0.4`; a name without a number weighs `alone`. Raises ValueError, or TypeError for no name."""
    parts = [part.strip() for part in text.split(separator)]
    read = []
    for part in parts if text.strip() else []:
        name, colon, number = part.rpartition(":")
        weight = _number(number) if colon else None
        if weight is None:
            name, weight = part, alone
        if not name.strip() or not 0 <= weight <= 1:
            raise ValueError("write names with weights in 0..1, as in name:0.6")
        read.append((name.strip(), weight))
    if len({name for name, _ in read}) < len(read):
        raise ValueError("a name stands twice")
    return tuple(read)


def styles(text: str) -> tuple[tuple[str, float], ...]:
    """Style names with weights that sum to 1."""
    read = weighted(text, ",", 1.0)
    total = sum(weight for _, weight in read)
    if len(read) > STYLES_MOST:
        raise ValueError(f"at most {STYLES_MOST} styles can be blended")
    if read and total == 0:
        raise ValueError("every weight is 0")
    return tuple((name, weight / total) for name, weight in read)


def mix(text: str) -> tuple[tuple[str, float], ...]:
    """Other prompts with weights; the prompt itself keeps what they leave of 1."""
    read = weighted(text, "|", 0.5)
    if len(read) > MIX_MOST:
        raise ValueError(f"at most {MIX_MOST} prompts can be mixed in")
    if sum(weight for _, weight in read) > 1 + 1e-9:
        raise ValueError("the weights sum to more than 1")
    return read


def schedules(text: str) -> Mapping[str, Schedule]:
    """Schedules by what they move: `guidance`, `mix` (the first mixed prompt's weight), or `style.NAME`."""
    read = {}
    for part in text.split():
        name, equals, keys = part.partition("=")
        if not equals or not (name in ("guidance", "mix") or name.startswith(STYLE)):
            raise ValueError(f"{part[:40]!r} moves nothing: write guidance=, mix= or style.NAME= and step:value pairs")
        try:
            read[name] = Schedule.read(keys)
        except OptionError as error:
            raise ValueError(error.what.rstrip(".")) from None
        low, high = (0.0, 20.0) if name == "guidance" else (0.0, 1.0)
        if not all(low <= value <= high for _, value in read[name].keys):
            raise ValueError(f"{name} goes from {low:g} to {high:g}")
    return read


def axes(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """One or two options with the values a grid shows: `seeds`, `styles`, or `option=a,b,c`, two apart by `;`."""
    read = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, values = part.partition("=")
        given = tuple(value.strip() for value in values.split(",") if value.strip())
        if not equals and name not in ("seeds", "styles"):
            what = f"--grid {part[:60]!r} names nothing to vary"
            raise ValueError(f"{what}: write seeds, styles, or an option with values: freedom=0,0.5,1")
        if equals and not given:
            raise ValueError(f"{name} has no values: write them as in {name}=0,0.5,1")
        read.append((name.strip().replace("-", "_"), given))
    if len(read) > 2 or len({name for name, _ in read}) < len(read):
        raise ValueError("a grid has one option across and at most one other down")
    if math.prod(max(1, len(values)) for _, values in read) > TILES_MOST:
        raise ValueError(f"a grid has at most {TILES_MOST} pictures")
    return tuple(read)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _readable(read: Callable[[str], Any]) -> AfterValidator:
    """A check that `read` can read a text, which stays as it was written."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


Styles = Annotated[str, _readable(styles)]
Mix = Annotated[str, _readable(mix)]
Schedules = Annotated[str, _readable(schedules)]
