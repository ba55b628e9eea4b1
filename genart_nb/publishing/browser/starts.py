"""Where pictures of an easel may start: its collages, composed ahead, since a browser has no bank of references."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np
from PIL import Image

from genart_nb.models.painter.collage import Collage
from genart_nb.models.pictures import Brief, Schedule

_MILD = 0.4  # a weight below the half from which a style is wanted so much that references are redrawn in it


class Composer(Protocol):
    """What a painter offers here."""

    def compose(self, brief: Brief) -> Collage | None:
        """The collage that a brief's picture starts from, if any."""


@dataclass
class Starts:
    """Gathers pictures to start from, each once: `rows`, which the nodes of an `arrangement` count.

    A row is base64 of a gzipped RGB picture of 128 by 128 pixels, each byte the difference from its left neighbour. An
    image file would be a little smaller, but a browser may alter what it gives back of a canvas.
    """

    composer: Composer
    rows: list[str] = field(default_factory=list)
    _places: dict[bytes, int] = field(default_factory=dict)

    def arrangement(self, brief: Brief, seed: int, styles: Sequence[str]) -> dict[str, Any]:
        """One composition, as it is in every order of `styles`: `{"start": row, "styles": {heaviest: {...}}}`.

        Which references a collage takes goes by the order in which styles weigh. A node holds what comes of the order
        that led to it; a style that makes no difference there has no node, and a reader of the tree stays where it is.
        `mild` is what comes of it where the heaviest weighs less than half, so that references in other styles are not
        redrawn in it; left out where that is the same.
        """
        node: dict[str, Any] = {"start": self._place(self._composed(brief, seed, ())), "styles": {}}
        for name in styles:
            made = self._composed(brief, seed, (name,))
            node["styles"][name] = self._node(made, brief, seed, (name,), styles)
        return node

    def row(self, picture: Image.Image) -> int:
        """Place of a picture (RGB, 128x128) among the rows."""
        levels = np.asarray(picture)
        key = levels.tobytes()
        if key not in self._places:
            self._places[key] = len(self.rows)
            planes = np.diff(levels.transpose(2, 0, 1), axis=2, prepend=np.uint8(0))
            self.rows.append(base64.b64encode(gzip.compress(planes.tobytes(), 6, mtime=0)).decode())
        return self._places[key]

    def _node(
        self, made: Collage | None, brief: Brief, seed: int, order: tuple[str, ...], styles: Sequence[str]
    ) -> dict[str, Any]:
        """What comes of an order, and of every style behind it that has something which those before it have not."""
        node: dict[str, Any] = {"start": self._place(made)}
        if made is None or _styles(made) <= {order[0]}:
            return node
        mild = self._place(self._composed(brief, seed, order, heaviest=_MILD))
        if mild != node["start"]:
            node["mild"] = mild
        if _styles(made) <= set(order):
            return node
        for name in (name for name in styles if name not in order):
            longer = (*order, name)
            found = self._composed(brief, seed, longer)
            if found is not None and name in _styles(found):
                node.setdefault("styles", {})[name] = self._node(found, brief, seed, longer, styles)
        return node

    def _place(self, made: Collage | None) -> int | None:
        return None if made is None else self.row(made.picture)

    def _composed(self, brief: Brief, seed: int, order: tuple[str, ...], heaviest: float = 1.0) -> Collage | None:
        weights = tuple((name, Schedule.constant(heaviest / (1 + at))) for at, name in enumerate(order))
        return self.composer.compose(replace(brief, styles=weights, extras={**brief.extras, "arrangement": seed}))


def _styles(made: Collage) -> set[str]:
    return {each.style for each in made.references}
