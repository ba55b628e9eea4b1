"""What may come out otherwise on another processor or runtime, though nothing is wrong: and why it may.

Processors round sums differently. Where a model rounds to int8 between its layers, or one word leads to the next, that
can lead to another work; and what is made from such a work has another recipe, since recipes name what went in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from genart_nb.arts.form import art
from genart_nb.errors import GenartError
from genart_nb.models import registry
from genart_nb.publishing.stored import Work

TEXT = "a word rounded otherwise leads to another text"
COARSE = "its model rounds to int8, which processors do differently"
MADE_FROM = "it is made from works that came out otherwise here"
FOLLOWS = "it follows from works that came out otherwise here"

_HELD = re.compile(r"\b[a-z][a-z0-9-]*?[:-][0-9a-f]{16}\b")
"""A name that `inputs` gave to what went into a work."""


def excuse(old: Work, new: Work, moved: bool) -> str:
    """Why a work that differs from the stored one is no failure, made in another place; "" where it is one.

    `moved`: whether a work before it in the notebook came out otherwise here.
    """
    if any(old.record.get(name) != new.record.get(name) for name in ("medium", "partial")):
        return ""
    if old.digest == new.digest:
        return _unsteady(new.record.get("recipe"))
    return MADE_FROM if moved and same_but_for_inputs(old.record.get("recipe"), new.record.get("recipe")) else ""


def same_but_for_inputs(old: Any, new: Any) -> bool:
    """Whether two recipes differ at most in what went in: held pictures, songs and texts, quoted works, answers."""
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return False
    one, other = (
        {**each, "options": _unnamed(each.get("options")), "turns": _asked(each.get("turns"))} for each in (old, new)
    )
    before, after = (each.pop("sources", None) or [] for each in (one, other))
    if before and after:  # what `{{ }}` put into the prompt is of a source
        one.pop("prompt", None), other.pop("prompt", None)
    alike = len(before) == len(after) and all(map(same_but_for_inputs, before, after))
    return alike and one == other


def _asked(turns: Any) -> list[Any]:
    """The turns of a talk without what was answered: those are works that came before."""
    return [
        {**turn, "content": ""} if isinstance(turn, Mapping) and turn.get("role") == "assistant" else turn
        for turn in turns or ()
    ]


def _unnamed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _unnamed(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_unnamed(each) for each in value]
    return _HELD.sub("", value) if isinstance(value, str) else value


def _unsteady(recipe: Any) -> str:
    """Why the very same recipe may give another work."""
    try:
        kind = art(str(recipe["art"])).kind
        if kind == "text":
            return TEXT
        return COARSE if kind and not registry.card(str(recipe["model"]), kind).steady else ""
    except (GenartError, KeyError, TypeError):
        return ""
