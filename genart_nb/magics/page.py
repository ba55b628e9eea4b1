"""What `%genart` answers with: a few lines or a table, as text and as HTML that follows the theme."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from genart_nb.magics.caret import width

_QUIET = "opacity:.72"
_FONT = "font:.92em/1.5 var(--jp-ui-font-family,system-ui,sans-serif)"
_PRE = "margin:.3em 0;padding:0;line-height:1.45;white-space:pre-wrap"
_CELL = "padding:.2em 1em .2em 0;text-align:start;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere"


@dataclass(frozen=True)
class Page:
    """An answer; `str` gives the plain text."""

    text: str
    html: str

    def __str__(self) -> str:
        """The plain text."""
        return self.text

    def __repr__(self) -> str:
        """The plain text: consoles show it as it is."""
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text, "text/html": self.html}


def lines(text: str) -> Page:
    """Plain lines."""
    return Page(text, f'<div style="{_FONT};white-space:pre-wrap">{html.escape(text)}</div>')


def listing(text: str) -> Page:
    """Lines in a fixed-width letter: code, JSON, help."""
    return Page(text, f'<pre style="{_PRE}">{html.escape(text)}</pre>')


def joined(*pages: Page) -> Page:
    """Several answers, one below another."""
    return Page("\n\n".join(each.text for each in pages), "".join(each.html for each in pages))


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str = "", foot: str = "") -> Page:
    """A table; `empty` is shown instead where there are no rows, `foot` below it."""
    cells = [[_printable(cell) for cell in row] for row in rows]
    if not cells:
        return lines(empty)
    return Page(_as_text(head, cells, foot), _as_html(head, cells, foot))


def _as_text(head: Sequence[str], rows: list[list[str]], foot: str) -> str:
    widths = [max(map(width, column)) for column in zip(head, *rows, strict=True)]
    out = ["  ".join(_padded(cell, wide) for cell, wide in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([*(line.rstrip() for line in out), *([foot] if foot else [])])


def _as_html(head: Sequence[str], rows: list[list[str]], foot: str) -> str:
    style = f"{_CELL};{_QUIET};font-weight:500"
    titles = "".join(f'<th scope="col" style="{style}">{html.escape(each)}</th>' for each in head)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{html.escape(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    note = f'<div style="{_FONT};{_QUIET};white-space:pre-wrap">{html.escape(foot)}</div>' if foot else ""
    return f'<table style="{_FONT};border-collapse:collapse;margin:0">' + (
        f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>{note}"
    )


def _printable(cell: object) -> str:
    return "".join(char if char.isprintable() else "�" if char.strip() else " " for char in str(cell))


def _padded(text: str, wide: int) -> str:
    return text + " " * (wide - width(text))
