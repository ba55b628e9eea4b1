"""Options: one typed table per art form, from which flags, help, completion, sliders and JSON Schema are derived."""

from __future__ import annotations

import difflib
import functools
import reprlib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from genart_nb.errors import OptionError

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = 60


def option(
    default: Any,
    help: str,
    *,
    ge: float | None = None,
    le: float | None = None,
    step: float | None = None,
    unit: str = "",
    stage: float = 0.0,
    max_length: int | None = None,
    takes: str = "",
) -> Any:
    """Describe one option.

    `ge` and `le` bound it, `step` is the slider's, `unit` is shown beside the value, and `stage` in 0..1 is the
    share of sampling that is already settled before the option begins to matter. `takes` names a medium, `picture` or
    `song`, where the text stands for one: a work, a file, or one held in memory (see `inputs`); with `moving` it
    is a picture or a clip, with `subject` a text, a picture or a clip, with `pictures` a blend of pictures and other
    names, each with a weight. A name that Python keeps for itself is written with `_` at its end, `continue_`; its
    flag is not.
    """
    extra: dict[str, Any] = {"step": step, "unit": unit, "stage": stage, "takes": takes}
    return Field(default, description=help, ge=ge, le=le, max_length=max_length, json_schema_extra=extra)


@dataclass(frozen=True, slots=True)
class OptionSpec:
    """One row of the table."""

    name: str
    kind: Literal["int", "float", "bool", "str", "choice"]
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    ge: float | None = None
    le: float | None = None
    step: float | None = None
    unit: str = ""
    stage: float = 0.0
    takes: str = ""

    @property
    def flag(self) -> str:
        """The option as written in a cell or a shell."""
        return "--" + self.name.rstrip("_").replace("_", "-")

    @property
    def domain(self) -> str:
        """What values it takes, in words."""
        if self.kind == "choice":
            return "|".join(self.choices)
        if self.kind == "bool":
            return "on or off"
        if self.takes:
            named = {"moving": "picture or clip", "pictures": "styles", "subject": "text, picture or clip"}
            return named.get(self.takes, self.takes)
        if self.ge is not None and self.le is not None:
            return f"{self.ge:g}..{self.le:g}{' ' + self.unit if self.unit else ''}"
        return {"int": "whole number", "float": "number", "str": "text"}[self.kind]


class Options(BaseModel):
    """Base of every table. Unknown names and out-of-range values are refused by `read`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    @classmethod
    def table(cls) -> tuple[OptionSpec, ...]:
        """Every option in order of declaration, an art form's own before those it shares with others."""
        return _table(cls)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """Validate `values`; raises OptionError naming the nearest option, or the range."""
        for name in values:
            if name not in cls.model_fields:
                raise unknown_option(name, cls.model_fields)
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            raise _out_of_range(cls, str(first["loc"][0]) if first["loc"] else "", first) from None


@functools.cache
def _table(options: type[Options]) -> tuple[OptionSpec, ...]:
    lineage = options.__mro__
    shared = {name: max(at for at, each in enumerate(lineage) if name in vars(each).get("__annotations__", ()))
              for name in options.model_fields}  # fmt: skip
    names = sorted(options.model_fields, key=lambda name: shared[name])
    return tuple(_spec(name, options.model_fields[name]) for name in names)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` was most likely meant to be, if any is near."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return matches[0] if matches else None


def shown(value: Any) -> str:
    """A value as an error quotes it: short, whatever it is."""
    try:
        return _SHORT.repr(value)
    except ValueError:  # Python will not write out an integer of thousands of digits
        return f"that {type(value).__name__}"


def unknown_option(name: str, known: Iterable[str]) -> OptionError:
    """The error for an option that does not exist."""
    known = [each.rstrip("_").replace("_", "-") for each in known]
    shown = name.replace("_", "-").lstrip("-")
    guess = nearest(shown, known)
    listing = ", ".join(f"--{each}" for each in known)
    return OptionError(f"Unknown option --{shown}.", f"did you mean --{guess}?" if guess else f"use one of {listing}")


def _out_of_range(table: type[Options], name: str, error: Mapping[str, Any]) -> OptionError:
    value = error.get("input")
    if name not in table.model_fields:
        return OptionError(str(error["msg"]).removeprefix("Value error, "))
    spec = _spec(name, table.model_fields[name])
    if spec.kind == "choice":
        guess = nearest(str(value), spec.choices)
        fix = f"did you mean {guess!r}? Choices: {', '.join(spec.choices)}" if guess else f"use {spec.domain}"
        return OptionError(f"{spec.flag} has no choice {shown(value)}.", fix)
    what = f"{spec.flag} {shown(value)} is not allowed"
    number = {"int": "whole number", "float": "number"}.get(spec.kind)
    if number and not str(error["type"]).startswith(("greater", "less", "value_error")):
        what += f": it is no {number}"
        return OptionError(f"{what}.", f"give {spec.flag} {'a ' if spec.domain == number else ''}{spec.domain}")
    plain = spec.kind == "bool" or None not in (spec.ge, spec.le)  # what it takes says all
    reason = f": {str(error['msg']).removeprefix('Value error, ')}"
    reason = "" if plain and error["type"] != "value_error" else reason
    example = f": {spec.help}" if spec.kind == "str" else ""  # 'text' alone tells nobody how it is written
    return OptionError(f"{what}{reason}.", f"give {spec.flag} {spec.domain}{example}")


def _spec(name: str, info: FieldInfo) -> OptionSpec:
    kind, choices = _kind(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    bounds = {key: getattr(item, key) for item in info.metadata for key in ("ge", "le") if hasattr(item, key)}
    return OptionSpec(
        name, kind, info.default, info.description or "", choices, bounds.get("ge"), bounds.get("le"),
        typing.cast(float | None, extra.get("step")), str(extra.get("unit") or ""),
        float(typing.cast(float, extra.get("stage") or 0.0)),
        str(extra.get("takes") or ""),
    )  # fmt: skip


def _kind(annotation: Any) -> tuple[Literal["int", "float", "bool", "str", "choice"], tuple[str, ...]]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        annotation = next(each for each in typing.get_args(annotation) if each is not type(None))
    if typing.get_origin(annotation) is Literal:
        return "choice", tuple(str(each) for each in typing.get_args(annotation))
    kinds: dict[Any, Literal["int", "float", "bool", "str"]] = {int: "int", float: "float", bool: "bool", str: "str"}
    if annotation not in kinds:
        raise TypeError(f"an option is an int, float, bool, str or Literal of str, not {annotation}")
    return kinds[annotation], ()
