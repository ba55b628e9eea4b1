"""Notebooks that JupyterLab saved: JavaScript writes 1.0 as 1, and a work is no other for that."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sameness_samples import output, picture, work

from genart_nb.artwork import MIME
from genart_nb.publishing.sameness import Verdict, judge
from genart_nb.publishing.site import works
from genart_nb.publishing.stored import Work, faults, recipe_of
from genart_nb.recipe import Recipe
from genart_nb.server.works import declared, written
from genart_nb.studio import Studio, studio


def through_a_browser(value: Any) -> Any:
    """What JSON.parse and JSON.stringify leave of a value."""
    if isinstance(value, dict):
        return {name: through_a_browser(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [through_a_browser(each) for each in value]
    return int(value) if isinstance(value, float) and value == int(value) else value


@pytest.fixture
def desk(genart_home: object) -> Studio:
    return studio()


@pytest.fixture
def recipe(desk: Studio) -> Recipe:
    """One with whole numbers among its options and those of the work it is made from."""
    first = desk.recipe("paint", "a fox", {"size": 128, "guidance": 4.0, "saturation": 1.0}, seed=7)
    made = desk.recipe("restyle", "", {"from_": picture(), "style": "waves", "size": 128, "strength": 1.0}, seed=1)
    return Recipe.read({**made.model_dump(), "sources": [first.model_dump()]})


@pytest.fixture
def saved(recipe: Recipe) -> Any:
    stored = through_a_browser(copy.deepcopy(output(work(picture(), recipe=recipe))))
    assert Recipe.read(stored["data"][MIME]["recipe"]).digest != recipe.digest, "the digits are others now"
    return stored


def test_it_is_neither_doubted_nor_another_work(saved: Any, recipe: Recipe) -> None:
    found, again = Work.of(saved), Work.of(output(work(picture(), recipe=recipe)))
    assert found is not None and again is not None
    assert faults(found) == [] and recipe_of(found) == recipe
    judgement = judge(found, again)
    assert judgement.passed and judgement.comparison.verdict is Verdict.SAME and judgement.reasons == []


def test_it_is_published_without_a_word(saved: Any, recipe: Recipe) -> None:
    found = works.found(saved)
    assert found.faults == () and found.recipe == recipe


def test_its_cell_is_the_one_that_makes_it(saved: Any, recipe: Recipe) -> None:
    posted = Recipe.read(saved["data"][MIME]["recipe"])
    assert declared(posted) == recipe and written(declared(posted)) == written(recipe)


@pytest.mark.parametrize("place", ["options", "sources"])
def test_an_edit_is_still_an_edit(saved: Any, place: str) -> None:
    record = saved["data"][MIME]
    edited = record["recipe"]["options"] if place == "options" else record["recipe"]["sources"][0]["options"]
    edited["size"] = 256
    found = Work.of(saved)
    assert found is not None and "the stored recipe was edited" in faults(found)[0]
    assert any("edited by hand" in fault for fault in works.found(saved).faults)


def test_a_form_that_is_not_here_leaves_a_recipe_as_it_is() -> None:
    strange = Recipe.read({"art": "no_such_art", "prompt": "x", "model": "m", "seed": 1, "options": {"a": 1, "b": 1.0}})
    assert declared(strange).digest == strange.digest
