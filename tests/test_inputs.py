from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb import inputs
from genart_nb.arts.image import PaintOptions
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.media.picture_reading import LARGEST
from genart_nb.recipe import Recipe


def name_of(value: Any) -> str:
    return str(inputs.held(PaintOptions, {"init": value})[0]["init"])


@pytest.fixture
def red(tmp_path: Path, genart_home: Path) -> Path:
    Image.new("RGB", (12, 8), "red").save(tmp_path / "red.png")
    return tmp_path / "red.png"


def test_a_file_an_image_an_array_and_a_work_of_the_same_pixels_have_one_name(red: Path) -> None:
    picture = Image.open(red).convert("RGB")
    work = Artwork(Recipe(art="paint", prompt="red", model="m", seed=1), picture, "picture")
    names = {name_of(each) for each in (str(red), red, picture, np.asarray(picture), np.asarray(picture) / 255.0, work)}
    assert len(names) == 1
    assert inputs.picture(names.pop()).getpixel((0, 0)) == (255, 0, 0)


def test_a_work_leaves_its_recipe(red: Path) -> None:
    source = Recipe(art="paint", prompt="red", model="m", seed=1)
    _, recipes = inputs.held(PaintOptions, {"init": Artwork(source, Image.open(red).convert("RGB"), "picture")})
    assert recipes == [source]


def test_a_name_stays_as_it_is_and_an_edited_file_gets_another(red: Path) -> None:
    name = name_of(red)
    assert name_of(name) == name
    Image.new("RGB", (12, 8), "blue").save(red)
    assert name_of(red) != name
    assert inputs.picture(name).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1", "F"])
def test_every_kind_of_picture_is_read(mode: str, tmp_path: Path, genart_home: Path) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((5, 5), 40_000, np.uint16))
    elif mode == "F":
        image = Image.fromarray(np.full((5, 5), 90.0, np.float32))
    else:
        image = Image.new("RGB", (5, 5), (90, 90, 90)).convert(mode)
    pixel = inputs.picture(name_of(image)).getpixel((2, 2))
    assert isinstance(pixel, tuple) and len(pixel) == 3 and (mode == "1" or 40 < pixel[0] < 200)


def test_transparency_becomes_white_and_a_turned_photo_stands_upright(tmp_path: Path, genart_home: Path) -> None:
    assert inputs.picture(name_of(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))).getpixel((0, 0)) == (255, 255, 255)
    photo = Image.new("RGB", (10, 6))
    exif = photo.getexif()
    exif[0x0112] = 6
    photo.save(tmp_path / "turned.jpg", exif=exif)
    assert inputs.picture(name_of(tmp_path / "turned.jpg")).size == (6, 10)


def test_a_huge_picture_is_made_smaller_and_a_tiny_one_is_kept(genart_home: Path) -> None:
    assert max(inputs.picture(name_of(Image.new("RGB", (10_000, 500)))).size) == LARGEST
    assert inputs.picture(name_of(Image.new("RGB", (1, 1)))).size == (1, 1)


def test_an_animation_gives_its_first_frame(tmp_path: Path, genart_home: Path) -> None:
    frames = [Image.new("RGB", (6, 6), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert inputs.picture(name_of(tmp_path / "moving.gif")).getpixel((0, 0)) == (255, 0, 0)


def test_what_is_no_picture_is_refused_with_a_way_out(tmp_path: Path, genart_home: Path) -> None:
    (tmp_path / "text.png").write_text("hello")
    whole = tmp_path / "whole.png"
    Image.effect_noise((64, 64), 50).save(whole)
    Image.new("1", (10_000, 10_000)).save(tmp_path / "vast.png")
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:1500])
    cases: list[tuple[Any, str]] = [
        (tmp_path / "text.png", "no picture"), (tmp_path / "cut.png", "broken"),
        (tmp_path / "vast.png", "too large"), ("nowhere.png", "there is no file"),
        (tmp_path, "there is no file"), ("\0", "there is no file|broken"), (12, "cannot start from a int"),
        (np.zeros((3,)), "shape"), (np.zeros((0, 4, 3)), "shape"),
    ]  # fmt: skip
    for value, told in cases:
        with pytest.raises(OptionError, match=told):
            name_of(value)


def test_a_picture_that_is_gone_names_the_way_back(genart_home: Path) -> None:
    with pytest.raises(OptionError, match="remake"):
        inputs.picture("picture:0123456789abcdef")
