"""A sheet of what the painter's bank was filled with.

    python benchmarks/painter_redrawn.py FILE [--bank FOLDER] [--count 24]

Each column is a thing that the bank knows from a black icon: the icon, then what was made of it in the other styles.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from genart_nb.models.painter.bank import Bank, normal
from genart_nb.models.weights import STARTER

ROWS = ("ink", "flat", "3d", "shaded", "bold", "outline")
CELL, LABEL, ACROSS = 96, 14, 12


def main() -> None:
    """Paste."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bank", type=Path, default=STARTER / "painter" / "bank")
    parser.add_argument("--count", type=int, default=24)
    parser.add_argument("--first", type=int, default=3)
    given = parser.parse_args()
    bank = Bank.load(given.bank)
    black = [entry.name for entry in bank.entries if entry.set == "Game Icons"]
    names = black[given.first :: max(1, len(black) // given.count)][: given.count]
    band = len(ROWS) * CELL + LABEL
    sheet = Image.new("RGB", (ACROSS * CELL, -(-len(names) // ACROSS) * band), "white")
    pen = ImageDraw.Draw(sheet)
    for place, name in enumerate(names):
        left, top = place % ACROSS * CELL, place // ACROSS * band
        pen.text((left + 4, top + len(ROWS) * CELL), name[:16], fill="#333")
        by = {bank.entries[index].style: index for index in bank.named[normal(name)]}
        for row, style in enumerate(ROWS):
            if style in by:
                picture = bank.picture(by[style]).resize((CELL, CELL), Image.Resampling.LANCZOS)
                sheet.paste(picture, (left, top + row * CELL), picture)
    sheet.save(given.file)


if __name__ == "__main__":
    main()
