from __future__ import annotations

import numpy as np
import pytest
import tiny_bank
from PIL import Image, ImageDraw

from genart_nb.models.painter.figure import Figure, filled, tint
from genart_nb.models.painter.layout import SIDE, SMALLEST, Piece, arrange
from genart_nb.models.painter.stacking import Box


def piece(name: str, relation: str = "", anchor: int | None = None, count: int = 1, scale: float = 1.0) -> Piece:
    figure = Figure(tiny_bank.picture(name, "flat"))
    return Piece(figure, name, tiny_bank.CATEGORIES.get(name, "animal"), count, scale, relation, anchor)


def laid(*pieces: Piece, seed: int = 1, ground: bool = False) -> list[Box]:
    rng = np.random.Generator(np.random.Philox(key=seed))
    return arrange(pieces, rng, ground=ground, setting=ground)


def of(boxes: list[Box], at: int) -> Box:
    return next(box for box in boxes if box.piece == at)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("relation", ["", "on", "in", "ride", "wear", "with", "hold", "under", "above", "behind",
                                      "front", "between", "beside", "and", "next", "against", "nonsense"])  # fmt: skip
@pytest.mark.parametrize("other", ["top hat", "bicycle", "house", "ant", "umbrella", "crescent moon"])
def test_nothing_is_cut_off_and_everything_can_be_told(relation: str, other: str, seed: int) -> None:
    boxes = laid(piece("cat"), piece(other, relation, 0), seed=seed, ground=seed % 2 == 0)
    assert {box.piece for box in boxes} == {0, 1}
    for box in boxes:
        assert box.x - box.w / 2 >= -1 and box.x + box.w / 2 <= SIDE + 1
        assert box.y - box.h >= -1 and box.y <= SIDE + 1
        assert max(box.w, box.h) >= SMALLEST - 0.01


@pytest.mark.parametrize("seed", range(6))
def test_a_hat_sits_on_the_head(seed: int) -> None:
    boxes = laid(piece("cat"), piece("top hat", "wear", 0), seed=seed)
    cat, hat = of(boxes, 0), of(boxes, 1)
    assert abs(hat.x - cat.x) < 0.15 * cat.w
    assert cat.y - cat.h < hat.y < cat.y - 0.6 * cat.h  # its brim overlaps the top of the head
    assert hat.depth > cat.depth


def test_glasses_lie_on_the_face() -> None:
    boxes = laid(piece("cat"), piece("sunglasses", "wear", 0))
    cat, glasses = of(boxes, 0), of(boxes, 1)
    assert cat.y - cat.h < glasses.y - glasses.h and glasses.y < cat.y and glasses.w < cat.w


def test_riders_and_things_inside() -> None:
    boxes = laid(piece("fox"), piece("bicycle", "ride", 0))
    assert of(boxes, 0).y < of(boxes, 1).y and of(boxes, 0).depth > of(boxes, 1).depth
    boxes = laid(piece("fox"), piece("package", "in", 0))
    fox, box = of(boxes, 0), of(boxes, 1)
    assert fox.depth < box.depth and box.y - box.h < fox.y < box.y and fox.y - fox.h < box.y - box.h


def test_above_below_behind_and_beside() -> None:
    boxes = laid(piece("balloon"), piece("house", "above", 0))
    assert of(boxes, 0).y < of(boxes, 1).y - of(boxes, 1).h
    boxes = laid(piece("cat"), piece("umbrella", "under", 0))
    assert of(boxes, 1).y - of(boxes, 1).h < of(boxes, 0).y - of(boxes, 0).h
    boxes = laid(piece("cat"), piece("deciduous tree", "behind", 0))
    assert of(boxes, 0).depth < of(boxes, 1).depth
    boxes = laid(piece("cat"), piece("house", "front", 0))
    assert of(boxes, 0).depth > of(boxes, 1).depth and of(boxes, 1).h > of(boxes, 0).h


def test_between_stands_in_the_middle() -> None:
    boxes = laid(piece("fox"), piece("dog", "between", 0), piece("cat", "between", 0))
    xs = [of(boxes, at).x for at in (1, 0, 2)]
    assert xs == sorted(xs) or xs == sorted(xs, reverse=True)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
def test_counts(count: int) -> None:
    boxes = laid(piece("red apple", count=count))
    assert len(boxes) == count == len({(round(box.x), round(box.y)) for box in boxes})


def test_two_cats_wear_two_hats() -> None:
    assert len(laid(piece("cat", count=2), piece("top hat", "wear", 0, count=2))) == 4


def test_sizes_are_sensible_and_adjectives_scale() -> None:
    boxes = laid(piece("ant"), piece("elephant", "beside", 0))
    assert of(boxes, 0).h < 0.7 * of(boxes, 1).h
    assert laid(piece("cat", scale=0.5))[0].h < 0.7 * laid(piece("cat"))[0].h


def test_the_moon_hangs_over_all() -> None:
    boxes = laid(piece("house"), piece("crescent moon", "under", 0), ground=True)
    assert of(boxes, 1).y < 0.5 * SIDE and of(boxes, 1).depth < of(boxes, 0).depth


def test_tint_changes_the_body_and_keeps_the_eyes() -> None:
    picture = tiny_bank.picture("fox", "flat")
    picture.paste((0, 0, 0, 255), (28, 12, 32, 16))
    blue = np.asarray(tint(picture, (52, 110, 220))).astype(int)
    assert np.abs(blue[30, 20, :3] - (52, 110, 220)).max() < 12
    assert blue[13, 29, :3].max() < 12
    assert np.array_equal(blue[..., 3], np.asarray(picture)[..., 3])


def test_line_art_is_made_solid_and_nothing_else_is() -> None:
    ring = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(ring).ellipse((10, 10, 53, 53), outline="black", width=3)
    solid = filled(ring)
    assert solid.getpixel((32, 32)) == (255, 255, 255, 255) and solid.getpixel((1, 1)) == (255, 255, 255, 0)
    assert solid.getpixel((32, 11))[:3] == (0, 0, 0)
    assert Figure(solid).head.width > 0.7
    fox = tiny_bank.picture("fox", "flat")
    assert filled(fox) is fox
