"""The starter painter in Chromium, from a disk, without a network: the pictures that Python paints from the recipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from browser_visit import Visit
from PIL import Image

from genart_nb.arts.form import art
from genart_nb.arts.image import PaintOptions, brief_of
from genart_nb.media.distances import ssim
from genart_nb.media.likeness import CLOSE
from genart_nb.models import weights
from genart_nb.models.card import ModelCard
from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.graphs import Graphs, Layout
from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Schedule
from genart_nb.publishing.browser import bundle
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio
from genart_nb.widgets import controls

pytestmark = pytest.mark.browser


def python(desk: Studio, recipe: Recipe, seed: int, values: dict[str, Any], pinned: dict[str, Any]) -> Image.Image:
    """What Python paints from the cell that a page would copy."""
    form = art("paint")
    said = controls.values(controls.controls(form, recipe, desk.card("picture", "painter")))
    written = controls.written(form, recipe, recipe.prompt, seed, {**said, **pinned, **values})
    data = desk.make(written).artwork().data
    assert isinstance(data, Image.Image)
    return data


def assert_close(browser: Image.Image, wanted: Image.Image) -> None:
    assert browser.size == wanted.size
    whole, worst = ssim(browser, wanted)
    assert whole >= CLOSE["ssim"] and worst >= CLOSE["worst"], (whole, worst)


WISHES: list[tuple[int, dict[str, Any]]] = [
    (7, {}), (8, {}), (4_294_967_295, {"freedom": 0.6}), (9, {"freedom": 1, "guidance": 6.5}), (5, {"freedom": 0}),
    (3, {"style:flat": 1, "style:shaded": 0, "guidance": 1}), (3, {"style:3d": 0.5, "style:flat": 0.5, "freedom": 0.4}),
    (2, {"style:shaded": 0}), (7, {"steps": 1, "saturation": 1.6, "contrast": 0.75}), (1, {"arrangement": 10}),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "values"), WISHES)
def test_a_sample_is_close_to_python_s(
    awake: Visit, desk: Studio, recipe: Callable[..., Recipe], seed: int, values: dict[str, Any]
) -> None:
    pinned = awake.page.evaluate("backend.pinned")
    assert pinned == {"arrangement": 7}
    found = awake.paint(seed=seed, values=values)
    assert_close(found, python(desk, recipe(), seed, values, pinned))
    assert not awake.asked and not awake.errors


def test_another_seed_is_another_drawing_of_the_same_composition(awake: Visit) -> None:
    wishes: list[tuple[int, dict[str, Any]]] = [(7, {}), (8, {}), (8, {"freedom": 1})]
    one, other, free = (awake.paint(seed=seed, values=values) for seed, values in wishes)
    assert 0.2 < ssim(one, other)[0] < CLOSE["ssim"]
    assert ssim(one, free)[0] < ssim(one, other)[0]


def test_the_author_s_picture_needs_no_arrangement(awake: Visit, desk: Studio, recipe: Callable[..., Recipe]) -> None:
    untouched = desk.make(recipe()).artwork().data
    assert_close(awake.paint(), untouched)


RECIPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"negative": "grey", "freedom": 0.5}, {"guidance": 5}),
    ({"mix": "a wolf:0.4 | a snowman:0.2", "freedom": 0.8}, {"mix:amount": 0.7}),
    ({"schedule": "guidance=0:1,2:7 style.flat=0:0,2:1", "freedom": 0.8}, {"freedom": 0.9}),
    ({"references": "cat, top hat", "arrangement": 41}, {"freedom": 0.3}),
    ({"size": 256, "upscale": 2, "saturation": 1.2, "steps": 1}, {}),
    ({"style": "3d:0.4,shaded:0.3,flat:0.3", "arrangement": 12}, {}),
    ({"style": "bold"}, {"style:bold": 0.4, "style:3d": 0.3, "style:flat": 0.3}),
]


@pytest.mark.parametrize(("options", "values"), RECIPES)
def test_every_option_that_a_browser_takes(
    awake: Visit, desk: Studio, recipe: Callable[..., Recipe], options: dict[str, Any], values: dict[str, Any]
) -> None:
    words = "a wizard riding a skateboard" if "style" in options else "a cat wearing a top hat"
    written = recipe(words, seed=12, **options)
    with awake.borrowed(bundle.easel(written, desk)) as said:
        assert said == ""
        pinned = awake.page.evaluate("backend.pinned")
        found = awake.paint(seed=13, values=values)
    assert_close(found, python(desk, written, 13, values, pinned))


def test_a_picture_of_the_author_s_to_start_from(
    awake: Visit, desk: Studio, recipe: Callable[..., Recipe], tmp_path: Any
) -> None:
    ramp = np.add.outer(np.arange(150), np.arange(200)) % 256
    Image.fromarray(np.dstack([ramp, ramp[::-1], np.full_like(ramp, 90)]).astype(np.uint8)).save(tmp_path / "ramp.png")
    written = recipe("a hill", seed=4, init=str(tmp_path / "ramp.png"), strength=0.3)
    with awake.borrowed(bundle.easel(written, desk)) as said:
        assert said == "" and awake.page.evaluate("backend.pinned") == {}
        assert not {"freedom", "arrangement"} & set(awake.page.evaluate("[...backend.ids]"))
        found = awake.paint(seed=4, values={"strength": 0.5})
    assert_close(found, python(desk, written, 4, {"strength": 0.5}, {}))


@pytest.mark.parametrize("guidance", [1, 6.5, 12])
def test_a_network_that_knows_guidance_is_asked_once(
    awake: Visit, desk: Studio, recipe: Callable[..., Recipe], card: ModelCard, guidance: float
) -> None:
    """The weights need not have learnt it for both sides to ask alike."""
    folder = weights.locate(card)
    distilled = replace(Layout.read(folder), distilled=True)
    model = Painter(Graphs(folder, 1), distilled, MiniLM(), bank=Bank.load(folder / "bank"))
    written = recipe(seed=6, freedom=0.8)
    data = bundle.easel(written, desk)
    with awake.borrowed({**data, "layout": {**data["layout"], "distilled": True}}) as said:
        assert said == ""
        found = awake.paint(seed=6, values={"guidance": guidance})
    brief = brief_of(written, PaintOptions.read(written.options), model, 6)
    *_, frame = model.paint(replace(brief, guidance=Schedule.constant(guidance)))
    assert_close(found, frame.decode())


def test_words_without_references_are_invented(awake: Visit, desk: Studio, recipe: Callable[..., Recipe]) -> None:
    written = recipe("epistemology", seed=2)
    data = bundle.easel(written, desk)
    assert not data["starts"] and "freedom" not in [row["id"] for row in data["controls"]]
    with awake.borrowed(data) as said:
        assert said == ""
        found = awake.paint(seed=2)
    assert_close(found, desk.make(written).artwork().data)
