"""Every style of the shelf on one picture, as docs/restyling.md shows it.

`python benchmarks/restyle_shelf.py PICTURE [OUT]`
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from genart_nb.models import weights
from genart_nb.models.restyler import shelf
from genart_nb.models.restyler.brief import RestyleBrief, Style
from genart_nb.models.restyler.runtime import Restyler
from genart_nb.models.starter import RESTYLER

TILE, ACROSS, PAINTED = 150, 8, 320
LABEL = 16


def main() -> None:
    """Paint them all and write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path)
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs/pictures/restyling.webp"))
    given = parser.parse_args()
    content, model = Image.open(given.picture).convert("RGB"), Restyler(weights.locate(RESTYLER))
    tiles = [("as it was", content)]
    for name in shelf.names():
        *_, last = model.restyle(RestyleBrief(content, (Style(name, 1.0),), size=PAINTED))
        tiles.append((name, last.decode()))
    rows = -(-len(tiles) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * (TILE + 6) - 6, rows * (TILE + LABEL + 4)), "white")
    pen = ImageDraw.Draw(sheet)
    for at, (name, tile) in enumerate(tiles):
        x, y = at % ACROSS * (TILE + 6), at // ACROSS * (TILE + LABEL + 4)
        sheet.paste(tile.resize((TILE, TILE), Image.Resampling.LANCZOS), (x, y))
        pen.text((x + 2, y + TILE + 2), name, fill="black")
    sheet.save(given.out, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    main()
