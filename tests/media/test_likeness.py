"""Distances between pictures and texts, and the verdicts that rest on them."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PIL import Image

from genart_nb.media import distances, medium
from genart_nb.media.clip import Clip
from genart_nb.media.contact import ContactSheet
from genart_nb.media.likeness import Shown, Verdict
from genart_nb.media.vector import Vector


def clouds(seed: int = 7, shift: float = 0.0, side: int = 96) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    levels = np.asarray(Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC), np.float64)
    noise = shift * np.random.default_rng(1).standard_normal(levels.shape)
    return Image.fromarray((levels + noise).round().clip(0, 255).astype(np.uint8))


def shown(name: str, data: object, **bundle: str) -> Shown:
    return Shown(medium(name).fingerprint(data), bundle)


def verdict(name: str, one: object, other: object) -> Verdict:
    found: Verdict = medium(name).compare(shown(name, one), shown(name, other)).verdict  # type: ignore[attr-defined]
    return found


def test_the_hash_is_that_of_imagehash() -> None:
    imagehash = pytest.importorskip("imagehash")
    for seed in range(20):
        assert distances.phash(clouds(seed)) == str(imagehash.phash(clouds(seed)))


def test_the_hash_bears_brightness_and_size_and_tells_pictures_apart() -> None:
    one, larger = clouds(), clouds(side=200)
    assert distances.bits_apart(distances.phash(one), distances.phash(larger)) <= 2
    assert distances.bits_apart(distances.phash(one), distances.phash(clouds(8))) > 10
    assert distances.bits_apart("no hash", distances.phash(one)) == 64


def test_ssim_by_another_way_of_taking_means() -> None:
    ndimage = pytest.importorskip("scipy.ndimage")

    def mean(values: np.ndarray) -> np.ndarray:
        found: np.ndarray = ndimage.uniform_filter(values, (7, 7, 1))[3:-3, 3:-3]
        return found

    for seed, shift in ((1, 3.0), (2, 12.0)):
        a, b = (np.asarray(each, float) for each in (clouds(seed), clouds(seed, shift)))
        unbiased = 49 / 48
        var_a, var_b = (unbiased * (mean(each**2) - mean(each) ** 2) for each in (a, b))
        both = unbiased * (mean(a * b) - mean(a) * mean(b))
        one, two = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        light = (2 * mean(a) * mean(b) + one) / (mean(a) ** 2 + mean(b) ** 2 + one)
        expected = (light * (2 * both + two) / (var_a + var_b + two)).mean()
        assert distances.ssim(clouds(seed), clouds(seed, shift))[0] == pytest.approx(expected, abs=1e-9)


def test_the_worst_tile_tells_a_small_thing_in_a_large_picture() -> None:
    one = clouds(side=256)
    other = one.copy()
    other.paste((0, 255, 0), (100, 100, 120, 120))
    whole, worst = distances.ssim(one, other)
    assert distances.ssim(one, one) == (1, 1)
    assert whole > 0.97 and worst < 0.7


@pytest.mark.parametrize(
    "shift, expected", [(0.0, Verdict.SAME), (0.7, Verdict.CLOSE), (6.0, Verdict.DRIFTED), (80.0, Verdict.DIFFERENT)]
)
def test_a_picture_that_moves_away_step_by_step(shift: float, expected: Verdict) -> None:
    one, other = (Shown(medium("picture").fingerprint(each), _bundle(each)) for each in (clouds(), clouds(shift=shift)))
    assert medium("picture").compare(one, other).verdict is expected  # type: ignore[attr-defined]


def test_a_hue_of_the_same_darkness_is_another_picture() -> None:
    red, green = Image.new("RGB", (96, 96), (200, 30, 30)), Image.new("RGB", (96, 96), (30, 117, 30))
    one, other = (Shown(medium("picture").fingerprint(each), _bundle(each)) for each in (red, green))
    assert medium("picture").compare(one, other).verdict is Verdict.DIFFERENT  # type: ignore[attr-defined]


def test_without_stills_the_fingerprint_decides() -> None:
    assert verdict("picture", clouds(), clouds()) is Verdict.SAME
    assert verdict("picture", clouds(), clouds(shift=0.7)) is Verdict.CLOSE
    assert verdict("picture", clouds(), clouds(8)) is Verdict.DIFFERENT
    assert verdict("picture", clouds(), clouds(side=128)) is Verdict.DIFFERENT


def test_one_picture_of_a_sheet_and_one_frame_of_a_clip() -> None:
    def sheet(*seeds: int) -> ContactSheet:
        return ContactSheet(tuple(map(clouds, seeds)), tuple("abcd"[: len(seeds)]), 2)

    assert verdict("contact", sheet(1, 2, 3), sheet(1, 2, 3)) is Verdict.SAME
    assert verdict("contact", sheet(1, 2, 3), sheet(1, 9, 3)) is Verdict.DIFFERENT
    assert verdict("contact", sheet(1, 2, 3), sheet(1, 2)) is Verdict.DIFFERENT
    clip, moved, longer = (Clip(tuple(map(clouds, seeds))) for seeds in ((1, 2, 3, 4), (1, 2, 9, 4), (1, 2, 3, 4, 5)))
    assert verdict("clip", clip, clip) is Verdict.SAME
    assert verdict("clip", clip, moved) is Verdict.DIFFERENT
    assert verdict("clip", clip, longer) is Verdict.DIFFERENT


def test_a_drawing_traced_otherwise_of_the_same_picture_is_close() -> None:
    one, other = Vector("<svg><path d='M0 0'/></svg>", clouds()), Vector("<svg><path d='M0 1'/></svg>", clouds())
    assert verdict("vector", one, one) is Verdict.SAME
    assert verdict("vector", one, other) is Verdict.CLOSE


WORDS = [f"word{at}" for at in range(60)]


@pytest.mark.parametrize(
    "again, expected",
    [
        (WORDS, Verdict.SAME),
        ([*WORDS[:30], "other", *WORDS[31:]], Verdict.DRIFTED),
        ([*WORDS[:40], *"abcdefghijklmnopqrst"], Verdict.DRIFTED),
        (random.Random(1).sample(WORDS, 60), Verdict.DIFFERENT),
        (list("abcdefghij"), Verdict.DIFFERENT),
        ([], Verdict.DIFFERENT),
    ],
)
def test_texts_by_their_words(again: list[str], expected: Verdict) -> None:
    one, other = (shown("text", " ".join(words), **{"text/plain": " ".join(words)}) for words in (WORDS, again))
    assert medium("text").compare(one, other).verdict is expected  # type: ignore[attr-defined]


def test_the_same_words_pointed_otherwise_are_close() -> None:
    one, other = (shown("text", each, **{"text/plain": each}) for each in ("The sea, at night.", "the sea at night"))
    assert medium("text").compare(one, other).verdict is Verdict.CLOSE  # type: ignore[attr-defined]


def _bundle(picture: Image.Image) -> dict[str, str]:
    import base64

    return {"image/png": base64.b64encode(medium("picture").dump(picture)).decode()}
