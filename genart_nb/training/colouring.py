"""Colouring in: a black icon keeps its lines and takes its colours from a blurred guess at how the thing looks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

CLOSED = 3
"""Gaps up to twice as many pixels wide are lines of the drawing, not the page behind it."""
NEAR, EVEN = 6.0, 0.65
"""How far colours run, in pixels, and how much of a part's colour is the one of the whole part."""
WHITE = 0.9
LINE, PANE = 0.5, 0.25
"""How dark the lines between parts are, and how much of their surroundings' colour windows have."""


def coloured(icon: Image.Image, guess: Floats) -> Image.Image:
    """An icon (RGBA, black on nothing) in the colours of a guess (3, height, width) in -1..1, RGBA.

    Each part that white lines set apart has a colour of its own; thin lines become dark, and wide openings pale.
    """
    cover = np.asarray(icon.getchannel("A"), np.float32) / 255
    black = cover > 0.5
    if not black.any():
        return icon
    solid = _solid(black)
    paint = _painted(black, guess.transpose(1, 2, 0) / np.float32(2) + np.float32(0.5))
    nearest: Any = ndimage.distance_transform_edt(~black, return_distances=False, return_indices=True)
    around = paint[tuple(nearest)]
    gaps = solid & ~black
    wide = ndimage.binary_dilation(ndimage.binary_opening(gaps, iterations=2), iterations=2) & gaps
    found = np.where(black[..., None], paint, around)
    found = np.where((gaps & ~wide)[..., None], LINE * around, found)
    found = np.where(wide[..., None], 1 - PANE * (1 - around), found)
    found = np.stack([ndimage.gaussian_filter(found[..., channel], 0.6) for channel in range(3)], -1)
    soft = np.clip(1.5 * ndimage.gaussian_filter(solid.astype(np.float32), 0.7), 0, 1)
    alpha = np.where(solid, np.maximum(soft, cover), np.where(ndimage.binary_dilation(black), cover, 0))
    levels = np.dstack([found.clip(0, 1), alpha]) * 255
    return Image.fromarray(levels.round().astype(np.uint8), "RGBA")


def _solid(black: Mask) -> Mask:
    """The icon with its lines and windows filled."""
    padded = np.pad(black, 2 * CLOSED)
    closed = ndimage.binary_closing(padded, iterations=CLOSED)
    found: Mask = ndimage.binary_fill_holes(closed)[2 * CLOSED : -2 * CLOSED, 2 * CLOSED : -2 * CLOSED] | black
    return found


def _painted(black: Mask, guess: Floats) -> Floats:
    """Colours (height, width, 3) for what is black: of its part, and a little of what the guess has right there."""
    told = black & (guess.min(-1) < WHITE)
    weight = told.astype(np.float32) + np.float32(1e-4)
    total = ndimage.gaussian_filter(weight, NEAR)
    found = np.stack([ndimage.gaussian_filter(guess[..., i] * weight, NEAR) / total for i in range(3)], -1)
    parts, count = ndimage.label(black)
    for part in range(1, count + 1):
        inside = parts == part
        seen = guess[inside & told]
        colour = np.median(seen if len(seen) > 12 else found[inside], axis=0)
        found[inside] = EVEN * colour + (1 - EVEN) * found[inside]
    return found.astype(np.float32)
