"""Grids: which values an author's few words mean."""

from __future__ import annotations

import pytest

from genart_nb.errors import OptionError
from genart_nb.widgets import grid
from genart_nb.widgets.controls import Control

ROWS = [
    Control("style:flat", "slider", "flat", 0.0, group="style", first=True, min=0, max=1, step=0.05),
    Control("freedom", "slider", "freedom", 0.25, first=True, min=0, max=1, step=0.05),
    Control("guidance", "slider", "guidance", None, first=True, min=0, max=10, step=0.5, auto=3.5),
    Control("steps", "slider", "steps", 8, min=1, max=30, step=1),
    Control("aspect", "select", "aspect", "4:3", choices=("1:1", "4:3", "3:4")),
    Control("svg", "toggle", "svg", False),
    Control("negative", "text", "negative", ""),
]


def test_a_count_spreads_over_the_range_and_keeps_the_authors_own_value() -> None:
    (axis,) = grid.read("freedom=5", ROWS, 7)
    assert axis.values == (0, 0.25, 0.5, 0.75, 1) and axis.home == 1
    (axis,) = grid.read("freedom=4", ROWS, 7)
    assert axis.values[axis.home] == 0.25 and len(axis.values) == 4


def test_where_the_model_decides_the_home_is_none() -> None:
    (axis,) = grid.read("guidance=3", ROWS, 7)
    assert axis.values == (0, None, 10) and axis.home == 1


def test_chosen_values_are_taken_as_they_are_beside_the_authors_own() -> None:
    (axis,) = grid.read("freedom=0|1|0.5", ROWS, 7)
    assert axis.values == (0, 0.25, 0.5, 1) and axis.home == 1
    (steps,) = grid.read("steps=4", ROWS, 7)
    assert steps.values[steps.home] == 8 and all(isinstance(value, int) for value in steps.values)


def test_seeds_choices_and_switches_are_axes_too() -> None:
    seed, aspect, svg = grid.read("seed=3, aspect=2, svg=2", ROWS, 2**32 - 1)
    assert seed.values == (2**32 - 1, 0, 1) and seed.home == 0
    assert aspect.values == ("1:1", "4:3") and aspect.home == 1
    assert svg.values == (False, True) and svg.home == 0
    assert len(list(grid.places((seed, aspect, svg)))) == 12


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("freedom", "says no values"),
        ("fredom=3", "did you mean freedom"),
        ("negative=3", "no slider"),
        ("freedom=1", "count in 2"),
        ("freedom=2|1", "0..1"),
        ("freedom=nan|1", "0..1"),
        ("freedom=x", "no count"),
        ("freedom=3,freedom=2", "twice"),
        ("freedom=100,steps=30", "at most 400"),
        ("aspect=9:9|1:1", "no choice '9:9'"),
        ("seed=-1|4", "0..4294967295"),
    ],
)
def test_what_cannot_be_a_grid_is_refused_with_what_can(text: str, told: str) -> None:
    with pytest.raises(OptionError, match=told):
        grid.read(text, ROWS, 7)


def test_without_a_word_it_is_the_first_slider_that_is_no_style() -> None:
    assert grid.usual(ROWS) == f"freedom={grid.USUAL}"
    assert grid.usual(ROWS[4:]) == "" and grid.read("", ROWS, 7) == ()
