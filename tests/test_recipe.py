"""Recipes: what goes in comes out, the digest never moves, and the reader refuses everything else in words."""

from __future__ import annotations

import hashlib
import json
import math
import subprocess
import sys
import unicodedata
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genart_nb.errors import RecipeError
from genart_nb.recipe import DEPTH_MAX, PROMPT_MAX, SEED_MAX, Recipe, Turn, clean_text, new_seed

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates and controls included
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=12,
)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
CLEAN = ANY_TEXT.map(clean_text)
FIT = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | FINITE | CLEAN
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
BASE: dict[str, Any] = {"art": "poem", "prompt": "the sea", "model": "m", "seed": 7}


@st.composite
def recipes(draw: st.DrawFn, depth: int = 2) -> Recipe:
    return Recipe(
        art=draw(st.from_regex(r"[a-z][a-z0-9_]{0,63}", fullmatch=True)),
        prompt=draw(CLEAN),
        model=draw(st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)),
        revision=draw(st.text(st.characters(codec="utf-8"), max_size=20)),
        seed=draw(st.integers(0, SEED_MAX)),
        options=draw(st.dictionaries(CLEAN, FIT, max_size=3)),
        turns=tuple(draw(st.lists(st.builds(Turn, role=st.just("user"), content=CLEAN), max_size=2))),
        sources=tuple(draw(st.lists(recipes(depth - 1), max_size=2))) if depth else (),
    )


@UNHURRIED
@given(recipes())
def test_round_trip(recipe: Recipe) -> None:
    for again in (
        Recipe.read(recipe.canonical),
        Recipe.read(recipe.canonical.encode()),
        Recipe.read(recipe.model_dump_json()),
        Recipe.read(recipe.model_dump(mode="json")),
    ):
        assert again == recipe and again.digest == recipe.digest and again.canonical == recipe.canonical


@UNHURRIED
@given(JSON)
def test_reads_only_recipes(data: Any) -> None:
    for given_as in (data, json.dumps(data)):
        if isinstance(given_as, dict | str):
            try:
                Recipe.read(given_as)
            except RecipeError as error:
                assert str(error)


@UNHURRIED
@given(recipes(depth=1), st.data())
def test_a_mutated_recipe_is_refused_or_keeps_its_promises(recipe: Recipe, data: st.DataObject) -> None:
    changed = recipe.model_dump(mode="json")
    changed[data.draw(st.sampled_from([*changed, "extra"]) | ANY_TEXT)] = data.draw(JSON)
    cut = json.dumps(changed)
    for given_as in (changed, cut, cut[: data.draw(st.integers(0, len(cut)))], cut.encode("utf-16", "surrogatepass")):
        try:
            read = Recipe.read(given_as)
        except RecipeError:
            continue
        assert Recipe.read(read.canonical) == read
        assert "NaN" not in json.dumps(json.loads(read.canonical, parse_constant=pytest.fail))


def test_the_digest_is_frozen() -> None:
    """Digests are printed in notebooks and kept in galleries: a change here breaks them all."""
    recipe = Recipe(
        art="poem", prompt="Der Mond über 海 🌊", model="smollm2-135m", revision="0.1.2", seed=42,
        options={"form": "haiku", "temperature": 0.8, "lines": None}, turns=(Turn(role="user", content="hi"),),
        sources=(Recipe(**BASE),),
    )  # fmt: skip
    assert recipe.digest == "7d282394"
    plain = (
        '{"art":"poem","model":"m","options":{},"prompt":"the sea","revision":"","seed":7,"sources":[],'
        '"turns":[],"version":1}'
    )
    assert Recipe(**BASE).digest == hashlib.sha256(plain.encode()).hexdigest()[:8] == "3b50a466"


def test_the_digest_is_the_same_in_another_process() -> None:
    recipe = Recipe(**BASE, options={"b": [1, {"d": 0.1, "c": "é"}], "a": True})
    code = "import sys; from genart_nb.recipe import Recipe; print(Recipe.read(sys.argv[1]).digest)"
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code, recipe.model_dump_json()], env={"PYTHONHASHSEED": seed}, capture_output=True
        )
        assert told.stdout.decode().strip() == recipe.digest, told.stderr


def test_the_order_of_options_is_nothing() -> None:
    one, two = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}
    assert Recipe(**BASE, options=one).digest == Recipe(**BASE, options=two).digest


@pytest.mark.parametrize(
    "change",
    [
        {"prompt": "the sea!"}, {"seed": 8}, {"art": "story"}, {"model": "n"}, {"revision": "1"}, {"options": {"a": 1}},
        {"turns": [{"role": "user", "content": "hi"}]}, {"sources": [BASE]},
    ],
)  # fmt: skip
def test_everything_counts_in_the_digest(change: dict[str, Any]) -> None:
    assert Recipe.read(BASE | change).digest != Recipe.read(BASE).digest


def test_another_seed_is_another_recipe() -> None:
    recipe = Recipe(**BASE)
    before = recipe.digest
    assert recipe.with_seed(8).digest == Recipe(**(BASE | {"seed": 8})).digest != before
    assert recipe.with_seed(7) == recipe
    with pytest.raises(RecipeError, match="seed"):
        recipe.with_seed(-1)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"extra": 1}, "extra"),
        ({"version": 2}, "version"),
        ({"art": "../etc"}, "art"),
        ({"art": "poem\n"}, "art"),
        ({"art": "Poem"}, "art"),
        ({"art": ""}, "art"),
        ({"prompt": None}, "prompt"),
        ({"prompt": "x" * (PROMPT_MAX + 1)}, "prompt"),
        ({"model": ""}, "model"),
        ({"seed": -1}, "seed"),
        ({"seed": SEED_MAX + 1}, "seed"),
        ({"seed": True}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"seed": 7.0}, "seed"),
        ({"seed": 10**400}, "seed"),
        ({"options": {"a": math.nan}}, "finite"),
        ({"options": {"a": [math.inf]}}, "finite"),
        ({"options": {"a": 10**5000}}, "beyond"),
        ({"options": {"a": "\ud800"}}, "surrogate"),
        ({"options": {"\ud800": 1}}, "surrogate"),
        ({"options": {"a": object()}}, "options"),
        ({"turns": [{"role": "root", "content": ""}]}, "role"),
        ({"turns": [{"role": "user", "content": "", "name": "x"}]}, "name"),
        ({"sources": [BASE | {"extra": 1}]}, "sources.0.extra"),
        ({"sources": [BASE] * 33}, "sources"),
    ],
)
def test_says_what_is_wrong(change: dict[str, Any], names: str) -> None:
    with pytest.raises(RecipeError, match=names) as caught:
        Recipe.read(BASE | change)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "text",
    ["", "{", "null", "[]", "7", '{"art": 1}', '{"a": NaN}', "\ud800", b"\xff\xfe", '{"seed": 1e999}', "[" * 10**5],
)
def test_text_that_is_no_recipe(text: str | bytes) -> None:
    with pytest.raises(RecipeError):
        Recipe.read(text)


@pytest.mark.parametrize("deep", [DEPTH_MAX + 1, 100, 5000])
def test_bottomless_nesting_is_refused(deep: int) -> None:
    chain, lists = dict(BASE), []
    for _ in range(deep):
        chain, lists = BASE | {"sources": [chain]}, [lists]
    for data in (chain, BASE | {"options": {"a": lists}}):
        with pytest.raises(RecipeError):
            Recipe.read(data)


def test_a_chain_of_sources_has_a_depth() -> None:
    recipe = Recipe(**BASE)
    for _ in range(DEPTH_MAX - 1):
        recipe = Recipe(**BASE, sources=(recipe,))
    assert recipe.depth == DEPTH_MAX
    assert Recipe.read(recipe.canonical) == recipe
    with pytest.raises(RecipeError, match="nested"):
        Recipe.read(BASE | {"sources": [recipe.model_dump(mode="json")]})


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("\ud83d\ude00", "😀"),  # a pair in halves is one emoji
        ("\ud83dA", "\ufffdA"),
        ("A\ude00", "A\ufffd"),
        ("👩‍👩‍👧🏽 e\u0301", "👩‍👩‍👧🏽 e\u0301"),  # joiners, skin tones and accents stay as they were typed
        ("שלום\u200f עולם", "שלום\u200f עולם"),
        ("a\r\nb\rc\n\td", "a\nb\nc\n\td"),
        ("\ufeffa\ufeffb", "a\ufeffb"),
        ("a\x00b\x1b[31m\x85\x9b", "a\ufffdb\ufffd[31m\ufffd\ufffd"),
        ("\ufffe\uffff", "\ufffd\ufffd"),
        ("", ""),
    ],
)
def test_clean_text(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@UNHURRIED
@given(ANY_TEXT)
def test_clean_text_is_safe_everywhere(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean or clean.startswith("\ufeff")
    assert clean.encode().decode() == clean
    markup = clean.replace("&", "&amp;").replace("<", "&lt;")
    assert (ElementTree.fromstring(f"<p>{markup}</p>").text or "") == clean
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in clean if letter not in "\n\t")


def test_chosen_seeds_are_easy_to_type() -> None:
    seeds = {new_seed() for _ in range(100)}
    assert len(seeds) > 90 and all(0 <= seed < 1_000_000 for seed in seeds)
