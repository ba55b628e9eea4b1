"""Point at a place in what was typed."""

from __future__ import annotations

import unicodedata

_REACH = 56  # characters shown on each side of the place


def caret(text: str, at: int, length: int = 1, label: str = "") -> str:
    """The line that holds offset `at`, cut to fit, with `^` under `length` characters from there."""
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin:].split("\n", 1)[0]
    column = at - begin
    left, right = max(0, column - _REACH), column + max(length, 1) + _REACH
    shown = ("…" if left else "") + line[left:right] + ("…" if right < len(line) else "")
    before = label + ("…" if left else "") + line[left:column]
    under = line[column : column + length] or "^"
    return f"    {label}{shown}\n    {' ' * width(before)}{'^' * max(1, min(width(under), _REACH))}"


def width(text: str) -> int:
    """Columns that text takes in a terminal: wide letters take two, combining marks none."""
    wide = {"W": 2, "F": 2}
    return sum(0 if unicodedata.combining(char) else wide.get(unicodedata.east_asian_width(char), 1) for char in text)
