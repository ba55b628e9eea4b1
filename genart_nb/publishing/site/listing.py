"""Cells as listings: a magic's line in one colour and its prompt as it is, Python by Pygments."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import Any

MOST = 40_000
"""Characters beyond which a listing has no colours."""


def cell(source: str) -> str:
    """A code cell as escaped HTML."""
    if source.startswith("%%"):
        line, _, body = source.partition("\n")
        name, _, rest = line.partition(" ")
        return f'<span class="k">{escape(name)}</span> <span class="s">{escape(rest)}</span>\n{escape(body)}'
    return coloured(source)


def coloured(source: str) -> str:
    """Python as escaped HTML with Pygments' short classes."""
    if len(source) > MOST:
        return escape(source)
    pygments: Any = import_module("pygments")
    lexer = import_module("pygments.lexers.python").PythonLexer(stripnl=False)
    text: str = pygments.highlight(source, lexer, import_module("pygments.formatters").HtmlFormatter(nowrap=True))
    return text
