"""How the keyframes of a walk are written: one a line, or on one line with arrows between them.

    a fox
    a wolf --style 3d --seed 9
    --seed 12

A keyframe is a prompt and, after it, options of its own; the others are those of the magic line. One of options alone
keeps the words of the keyframe before it. `a fox -> a wolf -> a bear` is the same as three lines. A picture in double
braces is its own keyframe, words, seed and look; after `--init` it is what the keyframe starts from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError, UsageError
from genart_nb.options import Options, OptionSpec, shown, unknown_option

MOST = 60
_QUOTES = "\"'"
_ARROW = re.compile(r"(?:^|\s)(?:->|→)(?=\s|$)")
_OPTIONS = re.compile(r"(?:^|\s)--(?=[^\W\d_])")
_PICTURE = re.compile(r"""(?<!\S)--init(?:\s*=\s*|\s+)("[^"]*"|'[^']*'|[^\s"']\S*)""")
_WANTS_PICTURE = re.compile(r"""(?<!\S)--init(?:\s*=\s*|\s+)["']?$""")
_VALUE = re.compile(r"""([\w-]+)(?:\s*=\s*|\s+)("[^"]*"|'[^']*'|\S+)\s*""")


@dataclass(frozen=True, slots=True)
class Keyframe:
    """A prompt, and the options that it has to itself."""

    prompt: str
    options: Mapping[str, Any] = field(default_factory=dict)


def read(text: str, table: type[Options], names: frozenset[str]) -> tuple[Keyframe, ...]:
    """The keyframes of a cell; `names` are the options that one may have, found in `table`.

    Raises UsageError for fewer than two or more than MOST, and OptionError for an option that is not among them.
    """
    rows = {row.name: row for row in table.table() if row.name in names}
    parts = [part.strip() for line in text.splitlines() for part in _ARROW.split(line) if part.strip()]
    found: list[Keyframe] = []
    for part in parts:
        start = _OPTIONS.search(part)
        prompt = part[: start.start()].strip() if start else part
        if not prompt and not found:
            raise UsageError(f"The first keyframe has no words: {shown(part)}.", "write a prompt before its options")
        found.append(Keyframe(prompt or found[-1].prompt, _read(part[start.end() :], rows) if start else {}))
    if len(found) < 2:
        what = f"A walk needs two keyframes, and there is one: {shown(found[0].prompt if found else '')}."
        raise UsageError(what, "write another line below it, or `a fox -> a wolf` on one")
    if len(found) > MOST:
        raise UsageError(f"A walk has at most {MOST} keyframes; these are {len(found)}.", "make two walks of it")
    return tuple(found)


def pictured(text: str, hold: Callable[[str], str]) -> str:
    """The keyframes with `hold` of every picture that one of them starts from in its place."""
    return _PICTURE.sub(lambda found: f"--init {hold(found[1].strip(_QUOTES))}", text)


def wants_picture(before: str) -> bool:
    """Whether what stands after this text is the picture of an `--init`."""
    return _WANTS_PICTURE.search(before) is not None


def of(work: Artwork, names: frozenset[str], usual: Mapping[str, Any]) -> str:
    """The keyframe that a painted work is: its words, its seed, and of the options `names` those that are not `usual`.

    Raises UsageError where its words would be read as something else.
    """
    words = " ".join(work.recipe.prompt.split())
    if _OPTIONS.search(words) or _ARROW.search(words) or '"' in str(work.recipe.options):
        raise UsageError(f"{shown(words)} cannot stand in a keyframe.", "write its words, seed and style yourself")
    given = {name: value for name, value in work.recipe.options.items() if name in names and value != usual.get(name)}
    said = ((name, str(value)) for name, value in {"seed": work.seed, **given}.items() if value is not None)
    return " ".join([words, *(f"--{name} " + (f'"{text}"' if " " in text else text) for name, text in said)])


def _read(text: str, rows: Mapping[str, OptionSpec]) -> dict[str, Any]:
    """Options from text that begins after their first two dashes."""
    values: dict[str, Any] = {}
    at = 0
    while at < len(text):
        pair = _VALUE.match(text, at)
        flag = re.match(r"[\w-]*", text[at:])
        name = (pair[1] if pair else flag[0] if flag else "").replace("-", "_")
        if name not in rows:
            raise unknown_option(name, rows)
        if pair is None or pair[2].startswith("--"):
            raise OptionError(f"--{name} needs a value.", f"give --{name} {rows[name].domain}")
        values[name] = _typed(pair[2], rows[name])
        at = pair.end()
        if at < len(text):
            if not text.startswith("--", at):
                what = f"{shown(text[at:])} stands after a keyframe's options."
                raise OptionError(what, 'write the prompt first, and values of several words as "..."')
            at += 2
    return values


def _typed(text: str, row: OptionSpec) -> Any:
    if text[0] in _QUOTES and text[-1] == text[0]:
        text = text[1:-1]
    try:
        return {"int": int, "float": float}[row.kind](text)
    except (KeyError, ValueError):
        return text  # the table says what is wrong with it
