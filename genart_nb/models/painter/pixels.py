"""Between PIL pictures and the arrays that the networks take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import OptionError

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 128
"""Pixels of the painter's own pictures."""

SIZES = (128, 256, 512, 1024)

TOLERANCE = 0.25
"""Change of a pixel, of 2 in all, at which nothing of the start's detail is left."""
REACH = 5
"""Pixels across of the square in which change is looked for."""
QUIET, PLAIN = 0.05, 2.5 / 127.5
"""Change up to which a plain place stays as it was (none is left at twice that); what levels may span to be plain."""


def array(picture: Image) -> NDArray[np.float32]:
    """(1, 3, height, width) in -1..1; what is transparent is seen on white."""
    from PIL import Image

    if picture.has_transparency_data:
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    pixels = np.asarray(picture.convert("RGB"), np.float32) / 127.5 - 1
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def image(pixels: NDArray[np.float32]) -> Image:
    """A PIL picture of (1, 3, height, width) in -1..1."""
    from PIL import Image

    levels = np.clip(np.nan_to_num(pixels[0]) * 127.5 + 127.5, 0, 255).round().astype(np.uint8)
    return Image.fromarray(np.ascontiguousarray(levels.transpose(1, 2, 0)))


def square(picture: Image, side: int = SIDE) -> Image:
    """The middle of a picture, cut square and resized, RGB."""
    from PIL import Image, ImageOps

    if picture.has_transparency_data:
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    return ImageOps.fit(picture.convert("RGB"), (side, side), Image.Resampling.LANCZOS)


def carried(found: NDArray[np.float32], start: NDArray[np.float32], drawn: NDArray[np.float32]) -> NDArray[np.float32]:
    """`found` with the fine detail of the picture it started from, wherever the redraw has left that as it was.

    `drawn` is what the autoencoder makes of `start`, which is softer: where `found` is still like it, what it lacks is
    given back; where `found` has become something else, nothing is. A plain ground that has hardly changed is the
    start's own again: what little differs are blotches. All are (1, 3, 128, 128) in -1..1.
    """
    changed = _spread(np.abs(found - drawn).mean(axis=1))
    kept = np.clip(1 - changed / TOLERANCE, 0, 1)[:, None]
    mended: NDArray[np.float32] = found + kept * (start - drawn)
    still = _spread(_plain(start)) * np.clip(2 - changed / QUIET, 0, 1)
    mended += still[:, None] * (start - mended)
    return mended


def _plain(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """1 where the square of `REACH` pixels around is all of one colour, else 0; (n, height, width)."""
    least = most = picture
    for axis in (2, 3):
        width = [(0, 0)] * 4
        width[axis] = (REACH // 2, REACH // 2)
        size = picture.shape[axis]
        padded = [np.pad(levels, width, mode="edge") for levels in (least, most)]
        near, far = ([np.take(row, range(at, at + size), axis) for at in range(REACH)] for row in padded)
        least, most = np.minimum.reduce(near), np.maximum.reduce(far)
    found: NDArray[np.float32] = ((most - least).max(axis=1) <= PLAIN).astype(np.float32)
    return found


def _spread(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean over squares of `REACH` pixels around each."""
    for axis in (1, 2):
        width = [(0, 0), (0, 0), (0, 0)]
        width[axis] = (REACH // 2 + 1, REACH // 2)
        sums = np.pad(levels, width, mode="edge").cumsum(axis=axis)
        ahead, behind = np.split(sums, [REACH], axis=axis)[1], np.split(sums, [sums.shape[axis] - REACH], axis=axis)[0]
        levels = (ahead - behind) / np.float32(REACH)
    return levels


def side(size: tuple[int, int]) -> int:
    """The side that a size asks for; raises OptionError where the painter has none such."""
    wide, high = size
    if wide != high or wide not in SIZES:
        allowed = ", ".join(map(str, SIZES))
        raise OptionError(
            f"This painter does not paint {wide} by {high}.", f"its pictures are square; --size is one of {allowed}"
        )
    return wide
