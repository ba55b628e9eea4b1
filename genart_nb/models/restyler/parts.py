"""A large picture cut into parts that overlap, painted one by one and put together."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from genart_nb.models.restyler.network import MARGIN, STEP

Floats = NDArray[np.float32]

SIDE = 512
"""Longest side of a part without its margins, in pixels."""


def count(height: int, width: int) -> int:
    """In how many parts a picture is painted."""
    return math.ceil(height / SIDE) * math.ceil(width / SIDE)


def painted(picture: Floats, paint: Callable[[Floats], Floats]) -> Iterator[Floats]:
    """The picture after each part, (height, width, 3); `paint` is given parts with `MARGIN` pixels all around.

    Parts are of one size. Beyond its border the picture goes on as in a mirror; what is not painted yet is as it was.
    """
    height, width = picture.shape[:2]
    rows, columns = math.ceil(height / SIDE), math.ceil(width / SIDE)
    high, wide = _even(height, rows), _even(width, columns)
    below, right = rows * high - height, columns * wide - width
    frame = ((MARGIN, MARGIN + below), (MARGIN, MARGIN + right), (0, 0))
    ground = np.pad(picture, frame, mode="reflect")
    result = picture.copy()
    for row in range(rows):
        for column in range(columns):
            top, left = row * high, column * wide
            part = ground[top : top + high + 2 * MARGIN, left : left + wide + 2 * MARGIN]
            inner = paint(part)[MARGIN:-MARGIN, MARGIN:-MARGIN]
            there = result[top : top + high, left : left + wide]
            there[:] = inner[: there.shape[0], : there.shape[1]]
            yield result


def _even(side: int, number: int) -> int:
    """The least multiple of `STEP` of which `number` cover a side."""
    return math.ceil(side / number / STEP) * STEP
