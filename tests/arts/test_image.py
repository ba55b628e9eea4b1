from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb import inputs
from genart_nb.arts import image
from genart_nb.arts.image import PAINT, PaintOptions
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.contact import ContactSheet
from genart_nb.media.vector import Vector
from genart_nb.models.pictures import Brief, Frame
from genart_nb.recipe import Recipe
from genart_nb.widgets import controls
from tests.arts.plain_painter import PlainPainter


def recipe(prompt: str = "a fox", seed: int = 7, **options: Any) -> Recipe:
    table = PaintOptions.read(options)
    return Recipe(art="paint", prompt=prompt, model="plain", seed=seed, options=table.model_dump(mode="json"))


def run(recipe: Recipe, model: PlainPainter | None = None) -> tuple[Any, list[Event]]:
    events = list(image.paint(recipe, model or PlainPainter()))
    last = [event for event in events if isinstance(event, Preview)][-1]
    return last.data, events


def test_a_picture_comes_with_its_steps() -> None:
    data, events = run(recipe(steps=3))
    assert isinstance(data, Image.Image)
    assert [(each.done, each.total) for each in events if isinstance(each, Step)] == [(1, 3), (2, 3), (3, 3)]


def test_previews_come_while_it_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "GLANCE", 0.0)
    _, events = run(recipe(steps=4))
    assert sum(isinstance(each, Preview) for each in events) == 4


def test_picture_three_of_four_is_the_third_seed_alone() -> None:
    sheet, _ = run(recipe(count=4, seed=7))
    alone, _ = run(recipe(seed=9))
    assert isinstance(sheet, ContactSheet) and len(sheet) == 4
    assert np.array_equal(np.asarray(sheet[2]), np.asarray(alone))


def test_the_brief_says_what_the_cell_said() -> None:
    model = PlainPainter()
    run(recipe(
        style="flat:0.6,ink:0.2", mix="a wolf:0.3 | a bear: 0.1", negative="rain", steps=5, size=96, aspect="3:2",
        schedule="guidance=0:2,4:6 style.ink=0:0,4:1",
    ), model)  # fmt: skip
    brief = model.briefs[0]
    assert [(name, keys.at(0)) for name, keys in brief.styles] == [("flat", 0.6 / 0.8), ("ink", 0.0)]
    assert [(prompt, keys.at(2)) for prompt, keys in brief.mix] == [("a wolf", 0.3), ("a bear", 0.1)]
    assert brief.guidance is not None and [brief.guidance.at(step) for step in (0, 2, 9)] == [2, 4, 6]
    assert (brief.negative, brief.size, brief.steps) == ("rain", (96, 64), 5)


@pytest.mark.parametrize(
    ("aspect", "size"), [("1:1", (100, 100)), ("16:9", (100, 64)), ("9:16", (64, 100)), ("4:3", (100, 80))]
)
def test_the_shorter_side_is_one_that_the_model_paints(aspect: str, size: tuple[int, int]) -> None:
    model = PlainPainter()
    run(recipe(size=100, aspect=aspect), model)
    assert model.briefs[0].size == size


def test_a_grid_shows_one_option_across_and_another_down() -> None:
    model = PlainPainter()
    sheet, _ = run(recipe(grid="guidance=1,5,9;style=flat,ink", steps=1), model)
    assert sheet.columns == 3
    assert sheet.labels[:4] == (
        "guidance 1 · style flat", "guidance 5 · style flat", "guidance 9 · style flat", "guidance 1 · style ink",
    )  # fmt: skip
    assert [brief.guidance.at(0) for brief in model.briefs if brief.guidance] == [1, 5, 9, 1, 5, 9]
    assert {brief.seed for brief in model.briefs} == {7}


def test_a_grid_of_styles_is_one_of_each() -> None:
    model = PlainPainter()
    sheet, _ = run(recipe(grid="styles", steps=1), model)
    assert sheet.labels == PlainPainter.styles
    assert [brief.styles[0][0] for brief in model.briefs] == list(PlainPainter.styles)


def test_a_count_gives_a_grid_of_one_option_a_row_for_each_seed() -> None:
    model = PlainPainter()
    sheet, _ = run(recipe(grid="styles", count=2, steps=1), model)
    assert sheet.columns == len(PlainPainter.styles) and len(sheet.labels) == 2 * sheet.columns
    assert sheet.labels[sheet.columns] == f"{PlainPainter.styles[0]} · seed 8"
    assert [brief.seed + brief.index for brief in model.briefs] == [7] * sheet.columns + [8] * sheet.columns


def test_svg_is_a_drawing_that_knows_its_picture() -> None:
    data, _ = run(recipe(svg=True))
    assert isinstance(data, Vector) and data.svg.startswith("<svg") and "<path" in data.svg
    assert 'viewBox="0 0 64 64"' in data.svg
    assert PAINT.finish(recipe(svg=True), data, None, False).medium_name == "vector"


def test_colours_and_size_are_changed_after_painting() -> None:
    grey, _ = run(recipe(saturation=0.0))
    pixels = np.asarray(grey).astype(int)
    assert abs(pixels - pixels.mean(axis=2, keepdims=True)).max() <= 1
    large, _ = run(recipe(upscale=3))
    assert large.size == (192, 192)


def test_it_starts_from_a_picture(genart_home: object) -> None:
    values, _ = inputs.held(PaintOptions, {"init": Image.new("RGB", (20, 10), "red")})
    model = PlainPainter()
    run(recipe(**values, strength=0.3), model)
    brief = model.briefs[0]
    assert brief.init is not None and brief.init.getpixel((0, 0)) == (255, 0, 0)
    assert brief.strength == 0.3


def test_the_work_names_what_it_was_drawn_from() -> None:
    data, _ = run(recipe("a fox", count=2))
    work = PAINT.finish(recipe(), data, None, False)
    assert [each["name"] for each in work.facts["references"]] == ["fox"]
    assert "Redrawn from fox (X, MIT)" in work._repr_mimebundle_()[0]["text/html"]


def test_stopping_leaves_the_pictures_that_were_finished() -> None:
    kept: list[Any] = []
    events: Iterator[Event] = image.paint(recipe(count=3), PlainPainter())
    for event in events:
        if isinstance(event, Preview):
            kept.append(event.data)
            break
    assert len(kept[0]) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"style": "flta"}, "did you mean 'flat'"),
        ({"scheduler": "EulerDiscreteScheduler"}, "does not take --scheduler"),
        ({"lora": "x.safetensors"}, "it takes --"),
    ],
)
def test_what_the_model_cannot_do_is_refused_before_the_first_step(options: dict[str, Any], told: str) -> None:
    model = PlainPainter()
    with pytest.raises(OptionError, match=told):
        run(recipe(**options), model)
    assert not model.briefs


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"steps": 0}, "--steps 0 is not allowed.\n  Fix: give --steps 1..150"),
        ({"steps": 1000}, "--steps 1000 is not allowed.\n  Fix: give --steps 1..150"),
        ({"guidance": float("nan")}, "--guidance nan is not allowed: it is no number"),
        ({"size": 100.5}, "--size 100.5 is not allowed: it is no whole number"),
        ({"style": "flat:2"}, "weights in 0..1"),
        ({"style": "flat:0"}, "every weight is 0"),
        ({"style": "a,b,c,d,e"}, "at most 4 styles"),
        ({"mix": "a:0.7 | b:0.7"}, "more than 1"),
        ({"schedule": "steps=0:1"}, "moves nothing"),
        ({"schedule": "guidance=0:2,0:3"}, "no schedule"),
        ({"schedule": "guidance=0:2,x"}, "no schedule"),
        ({"schedule": "guidance=0:nan"}, "no schedule"),
        ({"schedule": "guidance=0:99"}, "0 to 20"),
        ({"schedule": "mix=0:0,7:1"}, "add --mix"),
        ({"grid": "weather=sun,rain"}, "Unknown option"),
        ({"grid": "guidance=1,99"}, "give --guidance 0..20"),
        (
            {"grid": "guidance"},
            "--grid 'guidance' names nothing to vary: write seeds, styles, or an option with values",
        ),
        ({"grid": "seed=1;count=2"}, "Unknown option"),
        ({"grid": "guidance=1,2;style=flat,ink", "count": 4}, "--count has no place in a grid of two"),
        ({"grid": "guidance=" + ",".join("1" * 65)}, "at most 64"),
        ({"svg": True, "count": 2}, "one picture"),
        ({"aspect": "5:1"}, "no choice"),
    ],
)
def test_bad_options_are_refused_when_the_recipe_is_written(options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        PaintOptions.read(options)


@pytest.mark.parametrize("prompt", ["x" * 10_000, "雪の狐 🦊", "</script><b>\u202e", "a\x00b\ud800"])
def test_any_prompt_is_text(prompt: str) -> None:
    data, _ = run(recipe("fox").model_copy(update={"prompt": prompt + " end"}))
    html = PAINT.finish(recipe(prompt.encode("utf-8", "replace").decode()), data, None, False)
    assert "<b>" not in html._repr_mimebundle_()[0]["text/html"]


def test_no_preview_delays_a_picture_that_is_nearly_there(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    class Paced(PlainPainter):
        def paint(self, brief: Brief) -> Iterator[Frame]:
            nonlocal now
            for frame in super().paint(brief):
                now += 0.04
                yield frame

    monkeypatch.setattr(image, "time", SimpleNamespace(perf_counter=lambda: now))
    for steps, shown in ((4, 1), (20, 6)):
        _, events = run(recipe(steps=steps), Paced())
        assert sum(isinstance(each, Preview) for each in events) == shown


@pytest.mark.parametrize(("options", "steps"), [
    ({"freedom": 0.25}, 1), ({"freedom": 0.5}, 1), ({"freedom": 0.75}, 2), ({}, 2),
    ({"freedom": 0.25, "init": "picture:0123456789abcdef"}, 2),
])  # fmt: skip
def test_the_quickest_draft_takes_a_second_step_only_where_it_shows(options: dict[str, Any], steps: int) -> None:
    wanted = recipe(grid="seeds", count=4, size=512, **options)
    assert [controls.cheaper(PAINT, wanted, tier).options["steps"] for tier in (0, 1)] == [steps, 4]
    assert controls.cheaper(PAINT, wanted, 0).options["size"] == 128
