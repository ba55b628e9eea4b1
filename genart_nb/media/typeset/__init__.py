"""Typesetting: a Sheet of text becomes a small HTML card that needs nothing from outside.

`html(sheet)` picks the layout by `sheet.layout`. Another medium can put its own body into the same frame with
`figure(body, sheet, css)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.book import acts, prose, verse
from genart_nb.media.typeset.cards import chat, profile
from genart_nb.media.typeset.code import code
from genart_nb.media.typeset.frame import escape, figure
from genart_nb.media.typeset.revision import diff
from genart_nb.media.typeset.stage import dialogue, screenplay

__all__ = ["LAYOUTS", "escape", "figure", "html"]

LAYOUTS: dict[str, Callable[[Sheet], str]] = {
    "verse": verse,
    "prose": prose,
    "acts": acts,
    "screenplay": screenplay,
    "dialogue": dialogue,
    "profile": profile,
    "chat": chat,
    "diff": diff,
    "code": code,
}


def html(sheet: Sheet) -> str:
    """Escaped, self-contained HTML of one sheet; the same sheet gives the same bytes. Unknown layouts are prose."""
    if sheet.layout not in LAYOUTS:
        sheet = replace(sheet, layout="prose")
    return LAYOUTS[sheet.layout](sheet)
