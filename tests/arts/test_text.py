"""The writing tasks: with noise for a model every form holds; with the starter they are worth reading."""

from __future__ import annotations

import ast
import json
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unlearned import Noise, NoiseDecoder, Parrot
from writing import FORMS, HOSTILE, NAMES, holds, make, recipe

from genart_nb.arts.drawing import things_named
from genart_nb.arts.mending import content_words, is_known, tidy
from genart_nb.arts.polish import keeps_meaning
from genart_nb.arts.programs import checked, is_balanced, svg_is_safe
from genart_nb.errors import EngineError, OptionError, ServerError
from genart_nb.models.card import ModelCard, Server
from genart_nb.models.starter import SMOLLM2
from genart_nb.recipe import Turn


@pytest.mark.parametrize("name", NAMES)
def test_every_task_is_offered_and_described(name: str) -> None:
    form = FORMS[name]
    assert form.help.endswith(".") and form.example
    for row in form.options.table():
        assert row.help and len(row.help) < 90
    assert form.options.read({}).model_dump() == {row.name: row.default for row in form.options.table()}


@pytest.mark.parametrize("name", ["character", "dialogue", "plot", "screenplay", "story", "summarize"])
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_form_holds_with_noise(name: str, seed: int) -> None:
    holds(make(recipe(name, seed=seed)))


@pytest.mark.parametrize("lang", ["p5js", "svg"])
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_drawings_parse_with_noise(lang: str, seed: int) -> None:
    work = make(recipe("code", seed=seed, lang=lang))
    holds(work)
    assert work.facts["preview"] is True
    if lang == "svg":
        ElementTree.fromstring(str(work))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32 - 1))
def test_python_parses_or_says_that_there_is_none(seed: int) -> None:
    try:
        work = make(recipe("code", seed=seed, lang="python"))
    except EngineError as error:
        assert "--seed" in error.fix
    else:
        ast.parse(str(work))
        assert work.facts["preview"] is False


@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", NAMES)
def test_hostile_prompts(name: str, prompt: str) -> None:
    work = make(recipe(name, prompt, seed=3))
    if name != "polish":
        holds(work)


@pytest.mark.parametrize("name", NAMES)
def test_same_recipe_same_text(name: str) -> None:
    first, second = make(recipe(name, seed=5)), make(recipe(name, seed=5))
    assert str(first) == str(second) and first.title == second.title and dict(first.facts) == dict(second.facts)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"polish"}))
def test_seeds_differ(name: str) -> None:
    assert len({str(make(recipe(name, seed=seed))) for seed in range(3)}) > 1


@pytest.mark.parametrize("name", NAMES)
def test_abandoned_anywhere_it_still_finishes(name: str) -> None:
    wanted = recipe(name, seed=9)
    total = sum(1 for _ in FORMS[name].make(wanted, Noise()))
    for upto in {*range(1, min(total, 12)), *range(12, total, max(1, total // 12))}:
        work = make(wanted, upto=upto)
        assert work.partial and isinstance(work.data, str)
        assert "words" in work.facts


@pytest.mark.parametrize("name", NAMES)
def test_every_step_gives_an_event(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than a few model calls may lie between two events, or the stop button would wait."""
    model, calls = Noise(), 0
    inner = NoiseDecoder.append

    def counted(self: NoiseDecoder, tokens: Any, *, every: bool = False) -> Any:
        nonlocal calls
        calls += 1
        return inner(self, tokens, every=every)

    monkeypatch.setattr(NoiseDecoder, "append", counted)
    before = 0
    for _ in FORMS[name].make(recipe(name), model):
        assert calls - before <= 3
        before = calls


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"summarize", "code", "rewrite", "translate", "polish"}))
def test_a_long_prompt_is_cut_and_said_so(name: str) -> None:
    work = make(recipe(name, "the old sea and the light " * 40_000), Noise(context=1200))
    holds(work)
    assert work.facts["cut"]["of"] == 1_040_000 and "Only the first" in work.note


def test_a_long_text_is_summed_up_in_parts() -> None:
    work = make(recipe("summarize", "The keeper went to the old sea. " * 300), Noise(context=1500))
    holds(work)
    assert work.facts["parts"] > 1


def test_chat_reads_its_turns() -> None:
    turns = (Turn(role="user", content="I am Lena."), Turn(role="assistant", content="Hello Lena."))
    model, asked = Noise(), []
    chat = model.tokenizer.chat
    model.tokenizer.chat = lambda messages, **more: asked.append(list(messages)) or chat(messages, **more)  # type: ignore[method-assign]
    work = make(recipe("chat", "Who am I?", turns=turns), model)
    assert work.facts["turns"] == [turn.model_dump() for turn in turns] and FORMS["chat"].remembers
    assert [turn["content"] for turn in asked[-1][-3:]] == ["I am Lena.", "Hello Lena.", "Who am I?"]


def test_chat_forgets_the_oldest_turns_first() -> None:
    turns = tuple(Turn(role=("user", "assistant")[n % 2], content=f"turn {n} " + "old sea " * 60) for n in range(40))
    work = make(recipe("chat", "Hello", turns=turns), Noise(context=1500))
    assert 0 < work.facts["forgotten"] <= 40


def test_speakers_must_be_names() -> None:
    for wrong in ("Ada", "Ada, Ada", "A:b, C", "a, b, c, d, e, f, g", "Ada, (Bo)"):
        with pytest.raises(OptionError):
            FORMS["dialogue"].options.read({"speakers": wrong})


def test_a_weak_model_is_named() -> None:
    source = Server(url="http://localhost", model="x")
    card = ModelCard(
        id="x", kind="text", title="Tiny", loader="openai", source=source, abilities={"ask": "weak", "chat": "good"}
    )
    assert make(recipe("ask"), card=card).note.startswith("Tiny is weak at answering questions; `%genart model text")
    assert make(recipe("chat"), card=card).note == ""


def test_polish_changes_nothing_foreign() -> None:
    for prompt in ("مرحبا بالعالم", "Ich weiß nicht, was soll es bedeuten.", "x = {y}[3] // z"):
        assert str(make(recipe("polish", prompt))) == prompt


def test_polish_helpers() -> None:
    assert tidy("i think  it is fine , really") == "I think it is fine, really."
    assert tidy("see example.com and i.e. this one") == "See example.com and i.e. this one."
    assert is_known("lighthouse") and not is_known("wich1x")
    assert content_words("The boats are going") == {"boat", "go"}
    assert keeps_meaning("He have 3 big dogs in Paris.", "He has 3 big dogs in Paris.")
    assert not keeps_meaning("He have 3 big dogs in Paris.", "He has many cats in Rome.")


def test_a_servers_talk_is_taken_off() -> None:
    work = make(recipe("ask", "Why?"), Parrot("Sure! Here is the answer:\n\nBecause the sea is old."))
    assert str(work) == "Because the sea is old."
    program = make(recipe("code", lang="python"), Parrot("Of course!\n```python\nprint(1)\n```\nEnjoy."))
    assert str(program) == "print(1)\n" and program.facts["parses"]


@pytest.mark.parametrize("name", ["character", "dialogue", "plot", "screenplay"])
def test_a_server_is_led_through_the_form(name: str) -> None:
    holds(make(recipe(name), Parrot('Sure! Here is one:\n\n"A light 42 years old" {and} so on.\nMore.')))


def test_a_server_that_says_nothing_is_an_error() -> None:
    with pytest.raises(ServerError, match="holds no"):
        make(recipe("dialogue"), Parrot("   "))


@pytest.mark.parametrize("bad", [
    "<svg><script>x</script></svg>", "<svg onload='x'/>", "<svg><image href='http://a'/></svg>", "<svg>", "",
    "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", "<html/>", "<svg><rect fill='url(http://a)'/></svg>",
    "<svg><foreignObject/></svg>", "<svg xmlns:x='http://www.w3.org/1999/xlink'><path x:href='#a'/></svg>",
])  # fmt: skip
def test_unsafe_svg_is_not_shown(bad: str) -> None:
    assert not svg_is_safe(bad) and checked("svg", bad)["preview"] is False


def test_brackets() -> None:
    assert is_balanced("function setup() { a[1] = '}'; } // )")
    assert not is_balanced("function setup() { a[1) }") and not is_balanced("f('") and not is_balanced("")


def test_a_drawing_holds_what_was_asked_for() -> None:
    assert things_named("a yellow sun over a big blue sea") == [("sun", "yellow"), ("sea", "blue")]


@pytest.mark.parametrize("name", ["story", "ask", "chat", "code", "summarize"])
def test_a_large_model_writes_freely(name: str) -> None:
    assert str(make(recipe(name), Noise(nbytes=10**10))).strip()


def test_the_starters_card_says_what_was_measured() -> None:
    folder = resources.files("genart_nb.models.starter") / "smollm2-135m"
    measured = json.loads((folder / SMOLLM2.evaluation).read_text(encoding="utf-8"))
    labels = {name: task["label"] for name, task in measured["tasks"].items()}
    assert set(labels) == {*NAMES, "poem", "lyrics"}
    assert {name: SMOLLM2.ability(name) for name in labels} == labels
