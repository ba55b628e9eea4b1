"""Write the cell that makes a recipe again: the inverse of the grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from genart_nb.magics.interpolate import literal
from genart_nb.recipe import Recipe
from genart_nb.twins import arguments_of, call

_PLAIN = re.compile(r"(?!-\D)[\w./:@%+,~^*-]+", re.ASCII)
_UNTYPABLE = re.compile(r"[^\S ]+|[\x00-\x1f\x7f\x85\ud800-\udfff]+")


def options(values: Mapping[str, Any], *, raw: bool = False) -> str:
    """Options as they are typed: `--form sonnet --temperature 0.9`; None is left out."""
    return " ".join(_option(name, value, raw) for name, value in values.items() if value is not None)


def cell(recipe: Recipe) -> str:
    """The cell that makes a recipe again; Python where no magic line can say all of it."""
    arguments = arguments_of(recipe)
    if arguments is None:
        return python(recipe)
    texts = [value for value in arguments.values() if isinstance(value, str)]
    raw = "{{" in recipe.prompt and not any("{{" in text or _UNTYPABLE.search(text) for text in texts)
    line = f"%%{recipe.art} {options(arguments, raw=raw)}{' --raw' if raw else ''}"
    return f"{line}\n{recipe.prompt if raw else literal(recipe.prompt)}"


def python(recipe: Recipe) -> str:
    """The Python that makes a recipe again."""
    written = call(recipe)
    home = "genart_nb.twins" if written.startswith("genart_nb.twins.") else "genart_nb"
    return f"import {home}\n{written}"


def _option(name: str, value: Any, raw: bool) -> str:
    flag = name.replace("_", "-")
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
