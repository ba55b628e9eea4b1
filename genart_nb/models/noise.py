"""Start noise that is the same everywhere: Philox4x32-10, a counter-based generator, and Box-Muller.

Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3", https://doi.org/10.1145/2063384.2063405.
Everything is a function of its place, so that picture 3 of 8 equals the same picture alone, and a small picture begins
with the numbers that a larger one begins with. To write it again elsewhere, with unsigned 32-bit integers:

    key (k0, k1) = (seed mod 2^32, seed div 2^32); counter (c0, c1, c2, c3) = (block, 0, picture index, stream)
    ten times: (c0, c1, c2, c3) = (hi(B*c2) ^ c1 ^ k0, lo(B*c2), hi(A*c0) ^ c3 ^ k1, lo(A*c0))
               with A = 0xD2511F53, B = 0xCD9E8D57, hi and lo the halves of the 64-bit product;
               then k0 += 0x9E3779B9 and k1 += 0xBB67AE85, mod 2^32
    word 4*block + i is the counter's part i after that

    normal 2*n and 2*n + 1, from words a = word 2*n and b = word 2*n + 1, in double precision, rounded to float32 last:
    r = sqrt(-2 * ln((a + 1) / 2^32)), angle = 2 * pi * b / 2^32, normals r * cos(angle) and r * sin(angle)
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_ROUNDS = 10


def philox(counter: NDArray[np.uint32], key: tuple[int, int]) -> NDArray[np.uint32]:
    """Philox4x32-10 of counters (n, 4) under one key; returns (n, 4)."""
    c0, c1, c2, c3 = counter.astype(np.uint64).T
    k0, k1 = key
    for _ in range(_ROUNDS):
        first, second = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1 = (second >> _HALF) ^ c1 ^ np.uint64(k0), second & _LOW
        c2, c3 = (first >> _HALF) ^ c3 ^ np.uint64(k1), first & _LOW
        k0, k1 = (k0 + _WEYL[0]) & 0xFFFFFFFF, (k1 + _WEYL[1]) & 0xFFFFFFFF
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)


def bits(seed: int, count: int, index: int = 0, stream: int = 0) -> NDArray[np.uint32]:
    """The first `count` random words (count,) of a picture.

    `seed` counts mod 2^64, `index` and `stream` mod 2^32; at most 2^34 words.
    """
    counter = np.zeros((-(-count // 4), 4), np.uint32)
    counter[:, 0] = np.arange(len(counter))
    counter[:, 2] = index & 0xFFFFFFFF
    counter[:, 3] = stream & 0xFFFFFFFF
    return philox(counter, (seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF)).reshape(-1)[:count]


def normal(seed: int, shape: Sequence[int], index: int = 0, stream: int = 0) -> NDArray[np.float32]:
    """Standard normals of a shape, filled in C order; the largest possible is 6.66."""
    count = math.prod(shape)
    words = bits(seed, count + count % 2, index, stream).astype(np.float64).reshape(-1, 2)
    radius = np.sqrt(-2.0 * np.log((words[:, 0] + 1.0) / 2.0**32))
    angle = 2.0 * np.pi * words[:, 1] / 2.0**32
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return pairs.reshape(-1)[:count].astype(np.float32).reshape(tuple(shape))


def turned(one: NDArray[np.float32], other: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """Noise at a share (0..1) of the way from one to other along a great circle, where it stays as strong as noise is.

    Shoemake 1985, "Animating rotation with quaternion curves", https://doi.org/10.1145/325334.325242.
    """
    if share <= 0 or share >= 1:
        return one if share <= 0 else other
    a, b = one.astype(np.float64), other.astype(np.float64)
    cosine = float((a * b).sum() / math.sqrt(float((a * a).sum()) * float((b * b).sum())))
    angle = math.acos(min(1.0, max(-1.0, cosine)))
    if math.sin(angle) < 1e-6:  # the same direction
        return (a + share * (b - a)).astype(np.float32)
    return ((math.sin((1 - share) * angle) * a + math.sin(share * angle) * b) / math.sin(angle)).astype(np.float32)
