"""Start noise: the published vectors, the independence of pictures, and a second implementation in plain integers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genart_nb.models import noise

# Random123's kat_vectors, philox4x32 with 10 rounds: counter, key, result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


@pytest.mark.parametrize(("counter", "key", "result"), KNOWN)
def test_the_published_vectors(counter: tuple[int, ...], key: tuple[int, int], result: str) -> None:
    found = noise.philox(np.array([counter], np.uint32), key)[0]
    assert " ".join(f"{word:08x}" for word in found) == result


def word(seed: int, place: int, index: int, stream: int) -> int:
    """One word, the slow way, as the module's docstring tells it."""
    c0, c1, c2, c3 = place // 4, 0, index, stream
    k0, k1 = seed % 2**32, seed // 2**32
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b % 2**32, (a >> 32) ^ c3 ^ k1, a % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return (c0, c1, c2, c3)[place % 4]


def test_the_recipe_in_the_docstring_gives_the_same_numbers() -> None:
    seed, index, stream = 2**40 + 7, 3, 2
    assert noise.bits(seed, 11, index, stream).tolist() == [word(seed, i, index, stream) for i in range(11)]
    drawn = noise.normal(seed, (2, 5), index, stream).reshape(-1)
    for n in range(5):
        a, b = word(seed, 2 * n, index, stream), word(seed, 2 * n + 1, index, stream)
        radius, angle = math.sqrt(-2 * math.log((a + 1) / 2**32)), 2 * math.pi * b / 2**32
        assert drawn[2 * n : 2 * n + 2] == pytest.approx([radius * math.cos(angle), radius * math.sin(angle)], abs=1e-6)


def test_a_picture_owes_nothing_to_size_or_company() -> None:
    small, large = noise.normal(7, (8, 4, 4), 3), noise.normal(7, (8, 16, 16), 3)
    assert np.array_equal(small.reshape(-1), large.reshape(-1)[: small.size])
    others = [noise.normal(7, (8, 4, 4), 2), noise.normal(8, (8, 4, 4), 3), noise.normal(7, (8, 4, 4), 3, stream=1)]
    assert all(abs(np.corrcoef(small.reshape(-1), other.reshape(-1))[0, 1]) < 0.4 for other in others)


def test_they_are_normal() -> None:
    drawn = np.sort(noise.normal(1, (100_000,)).astype(np.float64))
    expected = np.array([0.5 * (1 + math.erf(x / math.sqrt(2))) for x in drawn])
    assert np.abs(expected - (np.arange(100_000) + 0.5) / 100_000).max() < 0.006  # Kolmogorov-Smirnov, p = 0.001
    assert noise.normal(0, (3,)).dtype == np.float32
    assert noise.normal(-1, (0, 4)).shape == (0, 4)


def test_noise_turns_into_other_noise_and_stays_as_strong() -> None:
    one, other = noise.normal(1, (8, 16, 16)), noise.normal(2, (8, 16, 16))
    way = [noise.turned(one, other, share) for share in np.linspace(0, 1, 9)]
    assert np.array_equal(way[0], one) and np.array_equal(way[-1], other)
    assert all(0.97 < step.std() < 1.03 for step in way)  # a straight line would fall to 0.71
    assert np.allclose(noise.turned(one, one, 0.3), one, atol=1e-6)
    assert abs(np.corrcoef(way[4].ravel(), one.ravel())[0, 1] - math.sqrt(0.5)) < 0.03
