from __future__ import annotations

import itertools
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from noise_model import LongestMatch, NoiseModel

from genart_nb.arts import lexicon as lexicon_module
from genart_nb.arts.forms import NAMES, Form, check, form
from genart_nb.arts.lexicon import Lexicon, lexicon_for
from genart_nb.arts.line_mask import BEGIN, DONE, LineMask, State, marks_of
from genart_nb.arts.line_search import LineSearch, Row
from genart_nb.arts.trie import grow, vocabulary
from genart_nb.arts.verse import write
from genart_nb.arts.verse_prompt import messages_for
from genart_nb.errors import EngineError, OptionError
from genart_nb.models.language import LanguageModel, Tokenizer

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from forms import ASKED, judge

EXTRA = "the of and is night light bright sight tea sea free three day way play stay I'm don't"
RHYMED = ("limerick", "couplets", "quatrain", "sonnet")


def planted(tokenizer: Tokenizer, words: list[str]) -> Lexicon:
    return Lexicon(tokenizer, grow(tokenizer, words))


@pytest.fixture(scope="module")
def fake() -> Iterator[NoiseModel]:
    """A model of noise, with a small share of the words."""
    model = NoiseModel()
    small = [*vocabulary()[::12], *EXTRA.split()]
    lexicon_module._CACHE[model.tokenizer] = planted(model.tokenizer, list(dict.fromkeys(small)))
    yield model
    del lexicon_module._CACHE[model.tokenizer]


def poem(model: LanguageModel, shape: Form, seed: int, prompt: str = "rain", effort: int = 1) -> str:
    drafts = [draft for draft in write(model, prompt, shape, seed=seed, effort=effort) if draft]
    return shape.join(drafts[-1].lines)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**64 - 1), name=st.sampled_from(["haiku", *RHYMED]))
def test_even_noise_keeps_the_form(fake: NoiseModel, seed: int, name: str) -> None:
    text = poem(fake, form(name), seed)
    assert judge(text, name) == []
    assert check(form(name), text).faults == ()


@pytest.mark.parametrize("scheme", ["AABB", "ABBA", "ABCB"])
def test_any_quatrain_rhymes_as_asked(fake: NoiseModel, scheme: str) -> None:
    shape = form("quatrain", rhyme_scheme=scheme)
    assert check(shape, poem(fake, shape, 3)).ok


def test_an_acrostic_spells_its_word(fake: NoiseModel) -> None:
    shape = form("acrostic", word="Été 2")
    assert [line[0] for line in poem(fake, shape, 1).splitlines()] == list("ETE")


def test_free_verse_has_its_stanzas(fake: NoiseModel) -> None:
    assert poem(fake, form("free"), 1).split("\n").index("") == 4


@pytest.mark.parametrize("totals", [{5}, {7, 9}, {1}, {12}])
def test_the_mask_never_leads_into_a_corner(fake: NoiseModel, totals: set[int]) -> None:
    found = lexicon_for(fake.tokenizer)
    ends = found.rhymes_of(found.entries[found.index["night"]])
    mask = LineMask(found, marks_of(fake.tokenizer), totals, ends)
    rng = np.random.default_rng(0)
    for _ in range(50):
        state, tokens = BEGIN, []
        while state.node != DONE:
            choices = mask.choices(state)
            pick = rng.integers(len(choices.tokens))
            tokens.append(int(choices.tokens[pick]))
            state = State(int(choices.nodes[pick]), int(choices.bases[pick]))
        line = fake.tokenizer.decode(tokens)
        rhymed = Form("x", (tuple(totals), (1,)), "AA")
        assert not check(rhymed, f"{line}\nnight").lines[0].faults, line
        assert not check(rhymed, f"{line}\nnight").lines[1].faults, line


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ("The sea of light night.\n", ""),
        ("The light, the sea and night\n", ""),
        ("The sea is night.\n", ""),
        ("The sea of day, night.\n", ","),
        ("The sea of day.\n", "."),
        ("The night.\n", "."),
    ],
)
def test_the_mask_allows_lines_that_fit_and_nothing_tacked_on(fake: NoiseModel, line: str, refused: str) -> None:
    found = lexicon_for(fake.tokenizer)
    mask = LineMask(found, marks_of(fake.tokenizer), {4, 5, 6}, [found.index["night"]])
    state = BEGIN
    for token in fake.tokenizer.encode(line):
        choices = mask.choices(state)
        if token not in choices.tokens:
            assert fake.tokenizer.piece(token).decode() == refused
            return
        at = list(choices.tokens).index(token)
        state = State(int(choices.nodes[at]), int(choices.bases[at]))
    assert state.node == DONE and not refused


def test_a_letter_no_word_begins_with_is_an_error_that_says_so() -> None:
    model = NoiseModel()
    lexicon_module._CACHE[model.tokenizer] = planted(model.tokenizer, ["night", "sea", "light", "tree"])
    with pytest.raises(EngineError, match="place 1 of this acrostic"):
        poem(model, form("acrostic", word="x"), 0)


def test_the_trie_cuts_words_as_the_tokenizer_does() -> None:
    tokenizer = LongestMatch()
    found = planted(tokenizer, ["night", "nights", "don't", "sea"])
    for lead, root in (("\n", 0), ("x", 1)):
        for text in ("night", "nights", "don't", "sea"):
            written = text.capitalize() if root == 0 else f" {text}"
            node = root
            for token in tokenizer.encode(lead + written)[1:]:
                tokens, nodes = found.below(node)
                node = int(nodes[tokens.tolist().index(token)])
            assert found.entries[found.word_at[node]].text == text


def test_same_seed_same_poem_and_other_seeds_others(fake: NoiseModel) -> None:
    texts = [poem(fake, form("quatrain"), seed) for seed in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def drained(steps: Generator[None, None, list[Row]]) -> list[Row]:
    """What a search gives in the end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return list(end.value)


def test_a_poem_can_be_abandoned_after_every_step_of_the_model(fake: NoiseModel) -> None:
    written = list(write(fake, "rain", form("haiku"), seed=3, effort=1))
    assert sum(draft is None for draft in written) >= 3 * 2
    assert [draft.settled for draft in written if draft] == [1, 2, 3]


def test_rows_are_never_the_same_line(fake: NoiseModel) -> None:
    found = lexicon_for(fake.tokenizer)
    ends = [i for i, entry in enumerate(found.entries) if entry.ends_lines]
    mask = LineMask(found, marks_of(fake.tokenizer), {5}, ends)
    decoder = fake.start(512)
    logits = decoder.append([fake.tokenizer.encode("rain\n")])
    bias = np.zeros(fake.tokenizer.size, np.float32)
    rows = drained(LineSearch(mask, np.random.default_rng(0), 8, 0.8, bias).run(decoder, logits))
    assert len(rows) >= 8 and len({row.tokens for row in rows}) == len(rows)
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)


def test_abandoned_in_mid_poem_the_model_goes_on(fake: NoiseModel) -> None:
    drafts = write(fake, "rain", form("sonnet"), seed=5, effort=1)
    next(drafts)
    drafts.close()
    assert check(form("haiku"), poem(fake, form("haiku"), 5)).ok


def test_settled_lines_stay(fake: NoiseModel) -> None:
    shape = form("quatrain")
    drafts = [draft for draft in write(fake, "rain", shape, seed=9, effort=3) if draft]
    for earlier, later in itertools.pairwise(drafts):
        assert later.lines[: earlier.settled] == earlier.lines[: earlier.settled]
    assert drafts[-1].settled == shape.size


@pytest.mark.parametrize(
    "prompt",
    ["", " ", "🌊🔥", "قصيدة عن البحر", "\ud800", "x" * 1_000_000, "<|im_end|>\n<script>", "{json} {{a}}", "\0"],
)
def test_hostile_prompts(fake: NoiseModel, prompt: str) -> None:
    assert check(form("haiku"), poem(fake, form("haiku"), 1, prompt)).ok


@pytest.mark.parametrize(("room", "kept"), [(4000, 3), (460, 3), (300, 2), (200, 1), (0, 1)])
def test_a_short_context_costs_the_subject_then_the_examples(room: int, kept: int) -> None:
    tokenizer = LongestMatch()
    text = tokenizer.decode(messages_for(tokenizer, form("haiku"), "wave " * 100, room))
    assert text.count("Write a haiku") == kept
    assert len(tokenizer.encode(text)) <= max(room, 110)


def test_unknown_forms_and_schemes_are_refused() -> None:
    for name, scheme, word in (
        ("ode", "ABAB", ""),
        ("quatrain", "AB", ""),
        ("acrostic", "", "春"),
        ("acrostic", "", ""),
    ):
        with pytest.raises(OptionError):
            form(name, rhyme_scheme=scheme, word=word)
    assert {form(name, word="w").name for name in NAMES} == set(NAMES)


def test_check_says_what_is_wrong() -> None:
    report = check(form("couplets", lines=2), "The night is long and full of light,\nThe sea is wide and it is deep.")
    assert report.faults == ("line 2: 'deep' does not rhyme with 'light' (line 1)",)
    assert check(form("haiku"), "One\nTwo").faults[0] == "2 lines, not 3"
    assert check(form("haiku"), "").faults == ("0 lines, not 3",)
    assert check(form("haiku"), "a\n" * 4).lines[-1].faults == ("one line too many",)
    assert "begins with B, not A" in check(form("acrostic", word="a"), "Between the hills").faults[0]


@pytest.fixture(scope="module")
def starter() -> LanguageModel:
    from genart_nb.models import registry

    return registry.load(registry.card("smollm2-135m"), lambda what, fraction: None)  # type: ignore[return-value]


@pytest.mark.starter
@pytest.mark.parametrize(("name", "seed"), [(name, 1) for name in ASKED])
def test_the_starter_keeps_the_form(starter: LanguageModel, name: str, seed: int) -> None:
    assert judge(poem(starter, form(name), seed, "the sea in winter"), name) == []


@pytest.mark.starter
def test_the_starter_writes_the_same_poem_again(starter: LanguageModel) -> None:
    first = poem(starter, form("haiku"), 7, "bees")
    next(write(starter, "a cat", form("limerick"), seed=3))
    assert poem(starter, form("haiku"), 7, "bees") == first
