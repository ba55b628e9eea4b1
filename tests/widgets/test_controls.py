"""Controls are made from options, and what they say becomes a recipe again."""

from __future__ import annotations

import json

import meadow
import pytest

from genart_nb.arts.form import art
from genart_nb.errors import OptionError
from genart_nb.studio import Studio
from genart_nb.widgets import controls


def made(desk: Studio, **options: object) -> tuple[list[controls.Control], object]:
    recipe = desk.recipe("meadow", "hills", options, seed=1)
    return controls.controls(art("meadow"), recipe, meadow.CARD), recipe


def test_the_important_ones_stand_in_sight_in_order(desk: Studio) -> None:
    rows, _ = made(desk, style="dusk:0.6,dawn:0.2")
    first = [row.id for row in rows if row.first]
    assert first == ["style:dusk", "style:dawn", "style:noon", "style:snow", "freedom", "guidance", "steps",
                     "mix:prompt", "mix:amount", "saturation", "contrast"]  # fmt: skip
    assert [row.id for row in rows if not row.first] == ["size", "pause", "fault", "signature"]
    assert {row.id: row.kind for row in rows}["fault"] == "toggle"
    json.dumps(controls.as_json(rows))


def test_strength_appears_with_a_picture_to_start_from(desk: Studio) -> None:
    import numpy as np

    rows, _ = made(desk, init=np.zeros((64, 64, 3), np.uint8))
    assert "strength" in [row.id for row in rows if row.first]
    assert "strength" not in [row.id for row in made(desk)[0]]


def test_a_slider_ends_where_a_hand_is_still_fine(desk: Studio) -> None:
    rows = {row.id: row for row in made(desk)[0]}
    assert (rows["steps"].min, rows["steps"].max) == (1, 24)
    assert (rows["guidance"].max, rows["saturation"].max) == (10.5, 2)
    assert {row.id: row for row in made(desk, steps=100)[0]}["steps"].max == 150


@pytest.mark.parametrize(
    "options",
    [{}, {"style": "dusk"}, {"style": "dusk:0.6,dawn:0.2"}, {"mix": "a lake:0.3"}, {"mix": "a lake:0.3 | a moor:0.2"},
     {"style": "snow:0.5", "freedom": 0.9, "size": 128, "signature": "me"}],
)  # fmt: skip
def test_an_untouched_easel_has_the_very_recipe_it_was_given(desk: Studio, options: dict[str, object]) -> None:
    rows, recipe = made(desk, **options)
    again = controls.written(art("meadow"), recipe, recipe.prompt, recipe.seed, controls.values(rows))  # type: ignore[attr-defined,arg-type]
    assert again == recipe and again.digest == recipe.digest  # type: ignore[attr-defined]


def test_weights_and_mixtures_are_written_as_a_cell_would(desk: Studio) -> None:
    rows, recipe = made(desk)
    said = controls.values(rows) | {"style:dusk": 0.75, "style:snow": 0.5, "mix:prompt": " a lake ", "mix:amount": 0.4}
    after = controls.written(art("meadow"), recipe, "moors", 9, said)  # type: ignore[arg-type]
    assert after.options["style"] == "dusk:0.75,snow:0.5" and after.options["mix"] == "a lake:0.4"
    assert (after.prompt, after.seed) == ("moors", 9)
    said |= {"style:dusk": 0, "mix:amount": 0}
    after = controls.written(art("meadow"), recipe, "moors", 9, said)  # type: ignore[arg-type]
    assert after.options["style"] == "snow" and after.options["mix"] == ""


@pytest.mark.parametrize("said", [{"guidance": 99}, {"steps": 0}, {"freedom": "much"}])
def test_what_no_recipe_can_be_is_refused(desk: Studio, said: dict[str, object]) -> None:
    rows, recipe = made(desk)
    with pytest.raises(OptionError):
        controls.written(art("meadow"), recipe, "x", 1, controls.values(rows) | said)  # type: ignore[arg-type]


def test_a_draft_is_never_dearer_than_the_recipe(desk: Studio) -> None:
    form = art("meadow")
    _, recipe = made(desk)
    assert {name: controls.cheaper(form, recipe, 0).options[name] for name in ("steps", "size")} == {"steps": 2, "size": 128}  # type: ignore[arg-type]  # noqa: E501
    _, recipe = made(desk, steps=1, size=64)
    assert {name: controls.cheaper(form, recipe, 1).options[name] for name in ("steps", "size")} == {"steps": 1, "size": 64}  # type: ignore[arg-type]  # noqa: E501


def test_a_form_without_the_usual_options_shows_its_first(desk: Studio) -> None:
    form = art("poem")
    recipe = desk.recipe("poem", "the sea", {}, seed=1)
    rows = controls.controls(form, recipe)
    first = [row.id for row in rows if row.first]
    assert 0 < len(first) <= controls.SIGHT and len(rows) > len(first)
    assert controls.written(form, recipe, recipe.prompt, 1, controls.values(rows)) == recipe
