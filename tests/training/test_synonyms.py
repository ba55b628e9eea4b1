from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from genart_nb.training import augment, synonyms
from genart_nb.training.data import Entry

NEAR = {"rabbit": 0, "hare": 10, "coney": 30, "burrow": 80, "bunny": 5, "dog": 90, "cur": 100}
"""Where each word lies on a circle, in degrees: a cosine of 0.55 is 56.6 of them."""


def _embed(texts: Sequence[str]) -> NDArray[np.float32]:
    angles = np.deg2rad([NEAR[text] for text in texts])
    return np.stack([np.cos(angles), np.sin(angles)], 1).astype(np.float32) * 3


def _entry(name: str, *keywords: str) -> Entry:
    return Entry(f"flat/{name}", name, name, (name,), keywords, "animal", "flat", "test", "MIT")


def test_near_words_of_its_own_nearest_first() -> None:
    found = synonyms.find([_entry("rabbit", "coney", "Hare", "burrow", "dog"), _entry("dog", "cur")], _embed)
    assert found == {"rabbit": ("hare", "coney"), "dog": ("cur",)}


def test_what_many_things_share_is_nobodys_name() -> None:
    many = [_entry(name, "cur") for name in ("dog", "rabbit", "hare")]
    assert synonyms.find(many[:2], _embed) == {"dog": ("cur",)}
    assert synonyms.find([*many, _entry("coney", "hare")], _embed) == {}


def test_the_benchmarks_words_are_withheld() -> None:
    assert synonyms.find([_entry("rabbit", "bunny")], _embed) == {}
    assert synonyms.withheld("Bunny") and synonyms.withheld("burgers") and not synonyms.withheld("bun")


def test_synonyms_are_captions_too() -> None:
    entry = _entry("rabbit")
    picture = np.full((augment.SIDE, augment.SIDE, 4), 255, np.uint8)
    picture[..., :2] = 90
    studio = augment.Studio([entry], picture[None], 1, {"rabbit": ("hare",)})
    scenes = [studio.scene(0, variant) for variant in range(40)]
    captions = {caption for scene in scenes for caption in scene.captions}
    assert "a hare" in captions and any(each.startswith("a hare on ") for each in captions)
    assert any(each.endswith(" hare") and each != "a hare" for each in captions), "a recoloured one too"
