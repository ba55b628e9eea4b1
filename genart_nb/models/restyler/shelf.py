"""The shelf: styles by name. Some the starter's second network has learnt, the others are pictures, drawn here."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

FOLDER = Path(__file__).parent / "shelf"

LEARNT = (
    "ochre-pencil", "ink-and-yellow", "pale-wash", "shards", "carmine-stipple", "ember-crayon", "indigo-spots",
    "primary-glow", "coloured-pencil", "terrazzo", "sienna-chalk", "sepia-ink", "lilac-haze", "lime-hatch", "frost",
    "cracked-glaze", "cobalt-crayon", "woven-bars", "khaki-relief", "night-strokes", "crimson-oil", "cut-paper",
    "charcoal-lines", "soft-oil", "old-print", "thick-paint",
)  # fmt: skip
"""Names of the 26 styles that one network carries, in its order, by how they look.

Which pictures they were learnt from is not told by whoever trained the network, so none bears a painter's name.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One style picture of the shelf: `words` say to a model that reads how it looks, `made` where it is from."""

    name: str
    words: str
    made: str
    licence: str
    sha256: str

    @property
    def picture(self) -> Image:
        """The picture, RGB, 256 pixels square."""
        from PIL import Image

        with Image.open(FOLDER / f"{self.name}.webp") as image:
            return image.convert("RGB")


@functools.cache
def drawn() -> dict[str, Drawn]:
    """Style pictures by name."""
    rows = json.loads((FOLDER / "shelf.json").read_text(encoding="utf-8"))
    return {row["name"]: Drawn(**row) for row in rows}


def names() -> tuple[str, ...]:
    """Every style by name, drawn ones first."""
    return (*drawn(), *LEARNT)


def words(name: str) -> str:
    """How a style looks, in words."""
    found = drawn().get(name)
    return found.words if found else name.replace("-", " ")


def origin(name: str) -> dict[str, str]:
    """Where a style is from, and its licence; for a picture of somebody's own, that."""
    found = drawn().get(name)
    if found:
        return {"from": found.made, "licence": found.licence}
    if name in LEARNT:
        place = f"style {LEARNT.index(name)} of the network's 26; which picture it was is not told"
        return {"from": place, "licence": "Apache-2.0"}
    return {"from": "a picture that was given"}
