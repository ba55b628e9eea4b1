"""The writing tasks with the starter model."""

from __future__ import annotations

import re
from typing import Any

import pytest
from writing import holds, make, recipe

from genart_nb.models import registry
from genart_nb.models.starter import SMOLLM2


@pytest.fixture(scope="module")
def starter() -> Any:
    model = registry.load(SMOLLM2, lambda what, fraction: None)
    yield model
    model.close()


@pytest.mark.starter
@pytest.mark.parametrize(
    ("question", "answer"), [("What is the capital of France?", "Paris"), ("What do bees make?", "honey")]
)
def test_the_starter_answers(starter: Any, question: str, answer: str) -> None:
    assert answer in str(make(recipe("ask", question, seed=7), starter))


@pytest.mark.starter
def test_the_starter_corrects_and_leaves_alone(starter: Any) -> None:
    fixed = str(make(recipe("polish", "i recieved you're letter and it was a big suprise."), starter))
    assert fixed == "I received your letter and it was a big surprise."
    fine = "The old harbour was quiet, and the boats moved gently in the evening light."
    assert str(make(recipe("polish", fine), starter)) == fine


@pytest.mark.starter
def test_the_starter_keeps_forms_and_says_the_same_again(starter: Any) -> None:
    for name in ("character", "dialogue"):
        first = make(recipe(name, "a clockmaker who is afraid of silence", seed=7), starter)
        holds(first)
        assert str(make(recipe(name, "a clockmaker who is afraid of silence", seed=7), starter)) == str(first)


@pytest.mark.starter
def test_the_starter_draws_what_is_named(starter: Any) -> None:
    drawing = str(make(recipe("code", "a yellow sun over a blue sea", lang="svg", shapes=2), starter))
    assert re.search(r'fill="yellow"[^>]*><title>sun<', drawing) and re.search(r'fill="blue"[^>]*><title>sea<', drawing)


@pytest.mark.starter
def test_the_starter_is_said_to_be_weak(starter: Any) -> None:
    assert "switches to a larger one" in make(recipe("translate", "The cat sleeps."), starter, card=SMOLLM2).note
