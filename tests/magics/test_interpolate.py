"""`{{expr}}` is put in once, and everything else stays as it was typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genart_nb.artwork import Artwork
from genart_nb.errors import GenartError, InterpolationError
from genart_nb.magics.interpolate import Scope
from genart_nb.recipe import Recipe
from genart_nb.writing import literal

BRACY = st.text(st.one_of(st.sampled_from("{}\"'\\ \nx1()[]:,"), st.characters()))


def scope(**names: Any) -> Scope:
    return Scope(lambda code: eval(code, {}, names), lambda: names)  # noqa: S307 (that is what a notebook does)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a {{ hero }} and {{hero.upper()}}", "a Ann and ANN"),
        ("{{hero}}{{hero}}", "AnnAnn"),
        ("{hero} {0} {} }} ${hero}", "{hero} {0} {} }} ${hero}"),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ("{{{hero}}}", "{Ann}"),
        ("{{{{hero}}}}", "{{Ann}}"),
        ("{{ {'a': {'b': 2}}['a']['b'] }}", "2"),
        ('{{ "}}" }}', "}}"),
        ("{{ '{{hero}}' }}", "{{hero}}"),
        ("{{trick}}", "{{hero}}"),
        ('{{"{{"}}hero}}', "{{hero}}"),
        ("{{\n  [1,\n   2]\n}}", "[1, 2]"),
        ("{{none}}", "None"),
    ],
)
def test_once_and_no_further(text: str, filled: str) -> None:
    assert scope(hero="Ann", trick="{{hero}}", none=None).fill(text) == filled


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("line one\nthe tale of {{heroe}}", "`heroe` is not defined:\n    line 2: the tale of {{heroe}}"),
        ("{{heroe}}", "did you mean `hero`"),
        ("{{zzz}}", "run the cell that defines it"),
        ("{{1/0}}", "`1/0` failed with ZeroDivisionError"),
        ("{{hero.nope}}", "AttributeError"),
        ("{{bad}}", "RuntimeError: no text"),
        ("{{ hero", "never closed"),
        ("{{}}", "not a Python expression"),
        ("{{the sea}}", "not a Python expression"),
        ("{{import os}}", "not a Python expression"),
        ("{{\0}}", "not a Python expression"),
        ("{{" + "(" * 900 + "}}", "not a Python expression"),
    ],
)
def test_what_fails_is_pointed_at(text: str, told: str) -> None:
    class Bad:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    with pytest.raises(InterpolationError, match="Fix: ") as caught:
        scope(hero="Ann", bad=Bad()).fill(text)
    assert told in str(caught.value)
    assert "^" in caught.value.what


def test_the_caret_stands_under_the_expression() -> None:
    with pytest.raises(InterpolationError) as caught:
        scope().fill("first\n中文 {{ missing }} the rest")
    shown, mark = caught.value.what.splitlines()[1:]
    before = shown[: shown.index("missing")]
    assert mark.index("^") == len(before) + 2  # each Chinese character is two columns wide
    assert mark.count("^") == len("missing")


def test_a_long_line_is_cut_around_the_place() -> None:
    with pytest.raises(InterpolationError) as caught:
        scope().fill("x" * 500_000 + "{{missing}}" + "y" * 500_000)
    assert len(caught.value.what) < 500
    shown, mark = caught.value.what.splitlines()[1:]
    assert shown[mark.index("^") :].startswith("missing")


def test_artworks_are_their_text_and_are_remembered() -> None:
    work = Artwork(Recipe(art="ode", prompt="x", model="none", seed=1), "four lines")
    where = scope(work=work)
    assert where.fill("after {{work}}: {{work.seed}}") == "after four lines: 1"
    assert where.works == [work]


@given(BRACY)
def test_any_text_is_filled_or_refused_with_a_reason(text: str) -> None:
    try:
        Scope(lambda code: "", lambda: []).fill(text)
    except GenartError as error:
        assert error.what


@given(BRACY)
def test_literal_is_what_comes_out(text: str) -> None:
    assert scope().fill(literal(text)) == text


@given(st.recursive(st.one_of(st.none(), st.integers(), st.text()), lambda inner: st.dictionaries(st.text(), inner)))
def test_json_needs_no_escape(value: Any) -> None:
    text = json.dumps(value)
    if "{{" not in text:  # in a string of its own
        assert scope().fill(text) == text


def test_a_megabyte() -> None:
    assert len(scope(x="y").fill("{{x}}" * 200_000)) == 200_000
    with pytest.raises(InterpolationError):
        scope().fill("{{ }} " * 160_000)
