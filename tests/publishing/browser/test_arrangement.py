"""`--arrangement`: the seed of the composition alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from genart_nb import writing
from genart_nb.errors import OptionError
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio


def pixels(desk: Studio, recipe: Recipe) -> np.ndarray[Any, Any]:
    return np.asarray(desk.make(recipe).artwork().data).astype(float)


def apart(one: Any, other: Any) -> float:
    return float(np.abs(one - other).mean())


def test_a_new_seed_draws_the_same_composition(desk: Studio, recipe: Callable[..., Recipe]) -> None:
    own = pixels(desk, recipe(seed=7))
    assert np.array_equal(pixels(desk, recipe(seed=7, arrangement=7)), own)
    kept, free = pixels(desk, recipe(seed=8, arrangement=7)), pixels(desk, recipe(seed=8))
    assert 0 < apart(kept, own) < 0.5 * apart(free, own)


def test_nought_is_an_arrangement(desk: Studio, recipe: Callable[..., Recipe]) -> None:
    one, other = pixels(desk, recipe(seed=7, arrangement=0)), pixels(desk, recipe(seed=0))
    assert apart(one, other) < 0.5 * apart(one, pixels(desk, recipe(seed=7)))


def test_pure_invention_has_none(desk: Studio, recipe: Callable[..., Recipe]) -> None:
    one, other = (pixels(desk, recipe(seed=7, freedom=1.0, arrangement=at)) for at in (1, 2))
    assert np.array_equal(one, other)


def test_it_is_written_in_the_cell_and_checked(desk: Studio, recipe: Callable[..., Recipe]) -> None:
    assert "--arrangement 41" in writing.cell(recipe(arrangement=41))
    assert "--arrangement" not in writing.cell(recipe())
    with pytest.raises(OptionError, match="--arrangement -1"):
        recipe(arrangement=-1)


def test_clips_keep_it_from_one_keyframe_to_the_next(desk: Studio) -> None:
    options = {"seconds": 0.2, "fps": 10, "steps": 2, "size": 128, "loop": "none"}
    words = "a fox on a hill at night\n--seed 8"
    kept, free = (
        [np.asarray(frame).astype(float) for frame in desk.make(
            desk.recipe("animate", words, {**options, **more}, model="painter", seed=7)).artwork().data.frames]
        for more in ({"arrangement": 7}, {})
    )  # fmt: skip
    assert apart(kept[0], kept[-1]) < 0.5 * apart(free[0], free[-1])
