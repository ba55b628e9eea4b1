from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb.errors import OptionError, UsageError, WeightsError
from genart_nb.models import weights
from genart_nb.models.card import Package
from genart_nb.models.restyler import parts, runtime, shelf
from genart_nb.models.restyler.brief import RestyleBrief, Style, fitted
from genart_nb.models.restyler.network import Network
from genart_nb.models.restyler.runtime import Restyler
from genart_nb.models.starter import RESTYLER


@pytest.fixture(scope="module")
def model() -> Restyler:
    return Restyler(weights.locate(RESTYLER), threads=1)


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    """A slope with a disc on it: large plain areas show seams best."""
    down, across = np.mgrid[0:150, 0:230]
    disc = np.hypot(down - 70, across - 120) < 45
    levels = np.stack([across, down + 60, np.where(disc, 220, 90)], -1)
    return Image.fromarray(levels.clip(0, 255).astype(np.uint8))


def made(model: Restyler, content: Image.Image, *styles: tuple[str, float], **more: Any) -> np.ndarray[Any, Any]:
    *_, last = model.restyle(RestyleBrief(content, tuple(Style(*each) for each in styles), **{"size": 128, **more}))
    assert last.final
    return np.asarray(last.decode(), np.int16)


def test_the_files_are_those_of_the_card() -> None:
    weights.verify(RESTYLER, weights.locate(RESTYLER))
    assert isinstance(RESTYLER.source, Package) and RESTYLER.licence == "Apache-2.0"
    assert set(RESTYLER.choices["style"]) == set(shelf.names())


@pytest.mark.parametrize("name", ["leadlight", "night-strokes"])
def test_a_style_changes_the_picture_and_each_in_its_own_way(name: str, model: Restyler, picture: Image.Image) -> None:
    painted = made(model, picture, (name, 1.0))
    assert painted.shape == (83, 128, 3)
    assert np.abs(painted - np.asarray(fitted(picture, 128), np.int16)).mean() > 10
    assert np.abs(painted - made(model, picture, ("engraving", 1.0))).mean() > 10


def test_a_blend_lies_between_its_styles(model: Restyler, picture: Image.Image) -> None:
    one, other = made(model, picture, ("sepia-ink", 1.0)), made(model, picture, ("strokes", 1.0))
    mixed = made(model, picture, ("sepia-ink", 0.5), ("strokes", 0.5))
    assert np.abs(mixed - (one + other) / 2).max() <= 1
    nearer = made(model, picture, ("strokes", 0.9), ("leadlight", 0.1))
    assert np.abs(nearer - other).mean() < np.abs(nearer - made(model, picture, ("leadlight", 1.0))).mean()


def test_strength_goes_from_the_picture_to_the_painting(model: Restyler, picture: Image.Image) -> None:
    plain = np.asarray(fitted(picture, 128), np.int16)
    whole = made(model, picture, ("waves", 1.0))
    assert np.array_equal(made(model, picture, ("waves", 1.0), strength=0.0), plain)
    half = made(model, picture, ("waves", 1.0), strength=0.5)
    assert np.abs(half - (plain + whole) / 2).max() <= 1


def test_kept_colours_are_the_pictures(model: Restyler, picture: Image.Image) -> None:
    def chroma(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.asarray(Image.fromarray(pixels.astype(np.uint8)).convert("YCbCr"), np.int16)[..., 1:]

    plain = chroma(np.asarray(fitted(picture, 128)))
    kept = chroma(made(model, picture, ("night-strokes", 1.0), keep_colours=True))
    lost = chroma(made(model, picture, ("night-strokes", 1.0)))
    assert np.abs(kept - plain).mean() < 8 < np.abs(lost - plain).mean()


@pytest.mark.parametrize("name", ["strokes", "frost"])
def test_parts_have_no_seams(name: str, model: Restyler, picture: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "AT_ONCE", 64)
    monkeypatch.setattr(runtime, "THUMBNAIL", 96)
    whole = made(model, picture, (name, 1.0), size=200)
    model._painted = None
    monkeypatch.setattr(parts, "SIDE", 72)
    frames = list(model.restyle(RestyleBrief(picture, (Style(name, 1.0),), size=200)))
    assert len(frames) == 6
    assert np.array_equal(np.asarray(frames[-1].decode(), np.int16), whole)


@pytest.mark.parametrize("size", [(1, 1), (2048, 1), (3, 900)])
def test_pictures_of_any_shape_are_painted(size: tuple[int, int], model: Restyler) -> None:
    content = Image.new("RGB", size, "teal")
    *_, last = model.restyle(RestyleBrief(content, (Style("pale-wash", 1.0),), size=64))
    assert last.decode().size == fitted(content, 64).size


def test_a_picture_is_a_style_and_only_its_pixels_count(model: Restyler, picture: Image.Image) -> None:
    own = shelf.drawn()["mosaic"].picture
    *_, last = model.restyle(RestyleBrief(picture, (Style("picture-0", 1.0, own),), size=128))
    assert np.array_equal(np.asarray(last.decode(), np.int16), made(model, picture, ("mosaic", 1.0)))


def test_a_strength_costs_nothing_once_the_styles_are_painted(
    model: Restyler, picture: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(model, picture, ("weave", 1.0))
    monkeypatch.setattr(Network, "whole", None)
    made(model, picture, ("weave", 1.0), strength=0.3)
    with pytest.raises(TypeError):
        made(model, picture, ("waves", 1.0))


def test_no_style_is_the_first_of_the_shelf_and_an_unknown_one_is_refused(
    model: Restyler, picture: Image.Image
) -> None:
    assert np.array_equal(made(model, picture), made(model, picture, (model.styles[0], 1.0)))
    with pytest.raises(OptionError, match="no style 'van-gogh'"):
        made(model, picture, ("van-gogh", 1.0))


def test_a_broken_file_and_a_closed_model_are_told(tmp_path: Path, picture: Image.Image) -> None:
    for name in ("multistyle26.onnx", "arbitrary_predict.onnx", "arbitrary_transform.onnx"):
        (tmp_path / name).write_bytes(b"no graph")
    broken = Restyler(tmp_path, threads=1)
    for style in ("frost", "waves"):
        with pytest.raises(WeightsError, match="reinstall"):
            made(broken, picture, (style, 1.0))
    broken.close()
    with pytest.raises(UsageError, match="closed"):
        made(broken, picture, ("frost", 1.0))
