import numpy as np
import pytest
from numpy.typing import NDArray

from genart_nb.training import augment, colours
from genart_nb.training.data import Entry, bare, hold_out

SIDE = augment.SIDE


def _disc(colour: tuple[int, int, int], radius: float = 0.4) -> NDArray[np.uint8]:
    y, x = np.mgrid[:SIDE, :SIDE] / SIDE - 0.5
    seen = (x * x + y * y) < radius * radius
    return np.dstack([*(np.full((SIDE, SIDE), part) for part in colour), seen * 255]).astype(np.uint8)


def _entry(name: str, category: str, style: str = "flat") -> Entry:
    return Entry(f"{style}/{name}", name, name, (name,), (), category, style, "test", "MIT")


@pytest.fixture(scope="module")
def studio() -> augment.Studio:
    entries = [
        _entry("fox", "animal"), _entry("top hat", "hat"), _entry("car", "vehicle"), _entry("tree", "plant"),
        _entry("beach", "scene"), _entry("sun", "weather"), _entry("glasses", "clothing"),
        _entry("fox", "animal", "ink"),
    ]  # fmt: skip
    tints = [
        (250, 120, 30), (20, 20, 20), (200, 30, 30), (30, 160, 60), (240, 210, 140), (250, 220, 0), (60, 60, 60),
        (0, 0, 0),
    ]  # fmt: skip
    return augment.Studio(entries, np.stack([_disc(tint) for tint in tints]), seed=1)


def test_the_first_scene_is_the_drawing_on_white(studio: augment.Studio) -> None:
    scene = studio.scene(0, 0)
    assert scene.kind == "plain" and scene.captions[0] == "a fox"
    assert scene.picture[0, 0].tolist() == [255, 255, 255]
    assert np.abs(scene.picture[64, 64].astype(int) - [250, 120, 30]).max() <= 1
    assert "an orange fox" in scene.captions


def test_a_scene_depends_on_nothing_but_its_own_dice(studio: augment.Studio) -> None:
    once = [studio.scene(0, variant).picture for variant in range(6)]
    again = [studio.scene(0, variant).picture for variant in reversed(range(6))][::-1]
    assert all((a == b).all() for a, b in zip(once, again, strict=True))


def test_captions_say_what_was_drawn(studio: augment.Studio) -> None:
    scenes = [studio.scene(index, variant) for index in range(8) for variant in range(1, 150)]
    captions = [caption for scene in scenes for caption in scene.captions]
    for wanted in (
        "a fox wearing a top hat",
        "a fox in a car",
        "a car on a beach",
        "a blue fox",
    ):
        assert wanted in captions, wanted
    assert any(caption.startswith("a fox ") and caption.endswith("a tree") for caption in captions)
    assert any("a sun" in caption and "above" in caption for caption in captions)
    kinds = [scene.kind for scene in scenes]
    assert 0.1 < kinds.count("two") / len(kinds) < 0.4
    assert all(scene.picture[:4, :4].mean() < 250 for scene in scenes if scene.kind == "ground")
    assert not any(scene.kind == "colour" for scene in scenes if scene.entry.style == "ink")


def test_a_black_drawing_is_never_lost_on_a_dark_ground(studio: augment.Studio) -> None:
    grounds = [scene.captions[0] for v in range(1, 80) if (scene := studio.scene(7, v)).kind == "ground"]
    assert grounds and not any("black" in caption or "brown" in caption for caption in grounds)


@pytest.mark.parametrize("word", colours.WORDS)
def test_a_recoloured_drawing_has_the_colour_of_its_name(word: str) -> None:
    assert colours.named(colours.recoloured(_disc((40, 110, 220)), word)) == word


def test_accents_keep_their_colour() -> None:
    picture = _disc((40, 110, 220))
    picture[56:72, 56:72, :3] = (240, 220, 30)
    changed = colours.recoloured(picture, "red")
    assert changed[64, 64].tolist() == picture[64, 64].tolist()
    assert (changed[..., 3] == picture[..., 3]).all()


def test_hue_survives_the_round_trip() -> None:
    rgb = np.random.default_rng(0).random((500, 3), np.float32)
    assert np.abs(colours.to_rgb(colours.to_hsv(rgb)) - rgb).max() < 1e-4


def test_held_out_pairs_are_seen_in_other_styles() -> None:
    styles = ("flat", "3d", "shaded", "bold", "ink")
    entries = [Entry(f"{s}/{c}", str(c), str(c), (), (), "food", s, "test", "MIT") for s in styles for c in range(40)]
    entries += [Entry("flat/rare", "rare", "rare", (), (), "food", "flat", "test", "MIT")]
    marked = hold_out(entries, count=20)
    out = [entry for entry in marked if entry.held_out]
    assert len(out) == 20 and marked == hold_out(entries, count=20)
    assert all(any(e.code == o.code and not e.held_out for e in marked) for o in out)
    assert "rare" not in {entry.code for entry in out}


def test_code_points_lose_their_variation_selector() -> None:
    assert bare("2600-FE0F") == "2600"
