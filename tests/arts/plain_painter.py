"""A picture model that obeys its brief so plainly that a test can read the brief off the picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from genart_nb.models.noise import normal
from genart_nb.models.pictures import Brief, Frame


class PlainPainter:
    """Noise of the brief's seed over a grey of its guidance; remembers every brief."""

    nbytes = 0
    supports = frozenset({"style", "negative", "mix", "steps", "guidance", "freedom", "size", "init", "strength",
                          "schedule", "aspect"})  # fmt: skip
    styles = ("flat", "shaded", "ink")
    multiple = 16

    def __init__(self) -> None:
        self.briefs: list[Brief] = []

    def paint(self, brief: Brief) -> Iterator[Frame]:
        self.briefs.append(brief)
        steps = brief.steps or 4
        for done in range(1, steps + 1):
            yield Frame(done, steps, lambda: self._picture(brief), self._facts(brief) if done == steps else {})

    def _picture(self, brief: Brief) -> Image.Image:
        wide, high = brief.size or (64, 64)
        level = brief.guidance.at(0) * 10 if brief.guidance else 100
        noise = normal(brief.seed, (high, wide, 3), index=brief.index) * 20
        return Image.fromarray((noise + level).clip(0, 255).astype(np.uint8))

    def _facts(self, brief: Brief) -> dict[str, object]:
        word = brief.prompt.split()[-1]
        return {"references": [{"id": f"x:{word}", "name": word, "style": "flat", "set": "X", "licence": "MIT"}]}

    def close(self) -> None:
        pass
