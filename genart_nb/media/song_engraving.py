"""Songs as engraved scores: MusicXML set by verovio (https://www.verovio.org), where it is installed."""

from __future__ import annotations

import functools
import importlib.util
import re
from typing import Any

from genart_nb.errors import UsageError
from genart_nb.media.song import Song
from genart_nb.media.song_xml import musicxml

WIDTH = 2100
"""Width of the page that a score is set on, in verovio's units; less makes shorter lines of larger notes."""

_OPTIONS: dict[str, Any] = {
    "adjustPageHeight": True, "pageHeight": 60000, "scale": 40, "svgViewBox": True,
    "header": "none", "footer": "none", "breaks": "auto", "xmlIdSeed": 1, "mnumInterval": 4,
    "pageMarginLeft": 30, "pageMarginRight": 30, "pageMarginTop": 30, "pageMarginBottom": 30,
}  # fmt: skip

_REFERRED = re.compile(r'(?:href="#|[{}>,]\s*#)([\w-]+)')


def available() -> bool:
    """Whether verovio is here."""
    return importlib.util.find_spec("verovio") is not None


def svg(song: Song, width: int = WIDTH) -> str:
    """The score as SVG; raises UsageError where verovio is not installed. The same song gives the same text."""
    if not available():
        raise UsageError("Engraving a score needs verovio.", "pip install 'genart_nb[score]'")
    return _engraved(musicxml(song), width)


@functools.lru_cache(maxsize=8)
def _engraved(document: bytes, width: int) -> str:
    import verovio

    verovio.enableLog(verovio.LOG_OFF)
    toolkit = verovio.toolkit()
    toolkit.setOptions({**_OPTIONS, "pageWidth": width})
    toolkit.loadData(document.decode())
    return _slim(toolkit.renderToSVG(1))


def _slim(drawn: str) -> str:
    """The same drawing at half the size: without names that nothing refers to, idle space and empty groups."""
    used = set(_REFERRED.findall(drawn))
    drawn = re.sub(r' id="([^"]*)"', lambda found: found[0] if found[1] in used else "", drawn)
    drawn = re.sub(r' class="(?!mNum|label|[^"]*placeholder)[^"]*"', "", drawn)
    drawn = re.sub(r"\s*\n\s*|<desc>.*?</desc>", "", drawn)
    while (emptied := re.sub(r"<g ?(?:/>|></g>)", "", drawn)) != drawn:
        drawn = emptied
    return drawn
