"""Frames: each is what its recipe makes, and their size stays below the budget."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from genart_nb.artwork import Artwork
from genart_nb.errors import PublishError
from genart_nb.publishing.site import frames
from genart_nb.studio import Studio
from genart_nb.widgets import controls, grid
from genart_nb.widgets.grid import Axis


def axes(text: str, work: Artwork) -> tuple[Axis, ...]:
    from genart_nb.arts.form import art

    return grid.read(text, controls.controls(art("meadow"), work.recipe, None), work.recipe.seed)


def cut(sprite: frames.Sprite, number: int) -> Image.Image:
    """The frame as a page cuts it out."""
    sheet = Image.open(io.BytesIO(sprite.sheets[number // (sprite.columns * sprite.rows)]))
    at = number % (sprite.columns * sprite.rows)
    left, top = at % sprite.columns * sprite.width, at // sprite.columns * sprite.height
    return sheet.convert("RGB").crop((left, top, left + sprite.width, top + sprite.height))


def test_every_frame_is_what_the_recipe_of_its_place_makes(desk: Studio, hills: Artwork) -> None:
    grid_axes = axes("freedom=3,seed=2", hills)
    sprite = frames.paint(hills, grid_axes, desk)
    assert len(desk.gallery) == 1, "nothing of a grid is kept, only the work itself"
    assert sprite.count == 6 and len(sprite.sheets) == 1 and "6 frames" in sprite.said
    for number, place in enumerate(grid.places(grid_axes)):
        recipe = frames.recipe_at(hills, grid_axes, place)
        made = desk.make(recipe).artwork(30).data
        difference = ImageStat.Stat(ImageChops.difference(cut(sprite, number), made.convert("RGB"))).mean
        assert max(difference) < 8, place
    assert frames.recipe_at(hills, grid_axes, [axis.home for axis in grid_axes]) == hills.recipe


def test_styles_are_steered_by_all_their_weights(desk: Studio, hills: Artwork) -> None:
    styled = desk.make(desk.recipe("meadow", "hills", {"style": "dawn:0.5,noon:0.5", "size": 64}, seed=1)).artwork(30)
    (axis,) = axes("style:noon=0|1", styled)
    chosen = [frames.recipe_at(styled, (axis,), (at,)).options["style"] for at in range(3)]
    assert chosen == ["dawn", "dawn:0.5,noon:0.5", "dawn:0.5,noon:1"]


def noise(count: int, side: int) -> list[Image.Image]:
    return [Image.effect_noise((side, side), 90).convert("RGB") for _ in range(count)]


def test_a_budget_costs_quality_first_then_size_and_is_told() -> None:
    axis = Axis("seed", "seed", tuple(range(6)), 0)
    full = frames.packed((axis,), noise(6, 96), 10_000_000)
    assert full.width == 96 and "reduced" not in full.said
    less = frames.packed((axis,), noise(6, 96), int(full.nbytes * 0.8))
    assert less.width == 96 and less.nbytes <= full.nbytes * 0.8 and "reduced" in less.said
    small = frames.packed((axis,), noise(6, 96), int(full.nbytes * 0.1))
    assert small.width < 96 and small.nbytes <= full.nbytes * 0.1
    with pytest.raises(PublishError, match="at the least") as caught:
        frames.packed((axis,), noise(6, 96), 1000)
    assert "--budget" in caught.value.fix


def test_sheets_stay_below_what_every_phone_takes() -> None:
    axis = Axis("seed", "seed", tuple(range(40)), 0)
    pictures = [Image.new("RGB", (1024, 700), (each * 6, 90, 90)) for each in range(40)]
    sprite = frames.packed((axis,), pictures, 10_000_000)
    for sheet in sprite.sheets:
        assert max(Image.open(io.BytesIO(sheet)).size) <= frames.SHEET
    assert len(sprite.sheets) == 2
    for number in (0, 19, 20, 39):
        pixel = cut(sprite, number).getpixel((500, 300))
        assert isinstance(pixel, tuple) and abs(pixel[0] - number * 6) < 6
    wide = frames.packed((axis,), [Image.new("RGB", (3000, 100))] * 40, 10_000_000)
    assert wide.width == frames.LARGEST
