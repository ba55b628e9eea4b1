"""Distances between two pictures or two texts: numbers only; what they mean is said in `likeness`."""

from __future__ import annotations

import base64
import difflib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    Floats = NDArray[np.float64]

PHASH_SIDE, PHASH_FINE = 8, 32
MOST_WORDS = 5000
"""Words of a text that are aligned, at most: aligning takes their number squared."""

_WORD = re.compile(r"\w+", re.UNICODE)


def phash(image: Image) -> str:
    """Perceptual hash, 16 hex digits: the signs of the 64 lowest frequencies against their median.

    The definition of the `imagehash` package (https://github.com/JohannesBuchner/imagehash), without its imports.
    """
    import numpy as np
    from PIL.Image import Resampling

    grey = np.asarray(image.convert("L").resize((PHASH_FINE, PHASH_FINE), Resampling.LANCZOS), np.float64)
    at = np.arange(PHASH_FINE)
    cosines = 2 * np.cos(np.pi * np.outer(at[:PHASH_SIDE], 2 * at + 1) / (2 * PHASH_FINE))
    low = cosines @ grey @ cosines.T
    return np.packbits(low > np.median(low)).tobytes().hex()


def bits_apart(one: str, other: str) -> int:
    """Bits in which two hashes of one length differ; all of them where either is none."""
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count()
    except ValueError:
        return PHASH_SIDE**2


def grey_levels_apart(one: str, other: str) -> float:
    """Mean difference of two grey thumbnails, base64, in levels of 255."""
    try:
        a, b = base64.b64decode(one), base64.b64decode(other)
    except (ValueError, TypeError):
        return 255.0
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a) if a and len(a) == len(b) else 255.0


def ssim(one: Image, other: Image, tiles: int = 8) -> tuple[float, float]:
    """Structural similarity of two RGB pictures of one size: of the whole, and of the worst of `tiles` x `tiles`.

    Windows of 7 by 7, channels apart (Wang et al. 2004, https://doi.org/10.1109/TIP.2003.819861). The worst tile
    tells a small thing changed in a large picture. 1 is equal.
    """
    import numpy as np

    a, b = (np.asarray(each, np.float64) for each in (one, other))
    window = min(7, *a.shape[:2])
    mean_a, mean_b = _mean(a, window), _mean(b, window)
    share = window**2 / max(1, window**2 - 1)
    var_a = share * (_mean(a * a, window) - mean_a**2)
    var_b = share * (_mean(b * b, window) - mean_b**2)
    both = share * (_mean(a * b, window) - mean_a * mean_b)
    small, smaller = (0.03 * 255) ** 2, (0.01 * 255) ** 2
    found = (2 * mean_a * mean_b + smaller) * (2 * both + small)
    found /= (mean_a**2 + mean_b**2 + smaller) * (var_a + var_b + small)
    flat = found.mean(2)
    blocks = [block for row in np.array_split(flat, tiles) for block in np.array_split(row, tiles, 1) if block.size]
    return float(flat.mean()), float(min(block.mean() for block in blocks))


def _mean(values: Floats, window: int) -> Floats:
    """Mean over each window that lies inside, by running sums."""
    import numpy as np

    for axis in (0, 1):
        sums = np.cumsum(np.insert(values, 0, 0, axis), axis)
        above, below = (np.take(sums, range(*ends), axis) for ends in _ends(sums.shape[axis], window))
        values = (above - below) / window
    return values


def _ends(length: int, window: int) -> Sequence[tuple[int, int]]:
    return (window, length), (0, length - window)


def words(text: str) -> list[str]:
    """The words of a text, whatever their case and whatever stands between."""
    return _WORD.findall(text.casefold())


def words_apart(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of words that do not find each other in the same order, 0 (all do) to 1."""
    matcher = difflib.SequenceMatcher(None, one[:MOST_WORDS], other[:MOST_WORDS], autojunk=False)
    return 1 - matcher.ratio()


def opening(one: Sequence[str], other: Sequence[str]) -> float:
    """Share of the longer one's words before the first that differs, 0 to 1."""
    longest = max(len(one), len(other))
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other))) / max(1, longest)
