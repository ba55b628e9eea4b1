"""Sampling: each cut against a plain statement of it, draws against their promised independence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genart_nb.errors import EngineError, OptionError
from genart_nb.models.language import Logits
from genart_nb.models.sampling import Sampler, TextStream, generate, repeats, uniform

VOCAB = 300


def plain(scores: Logits, sampler: Sampler) -> np.ndarray:
    """Probabilities by the textbook: sort everything, cut, renormalise."""
    p = np.exp((scores.astype(np.float64) - scores.max()) / sampler.temperature)
    order = np.argsort(-p, kind="stable")
    if sampler.top_k:
        order = order[: sampler.top_k]
    mass = np.cumsum(p[order]) / p[order].sum()
    order = order[: int(np.searchsorted(mass, sampler.top_p)) + 1]
    order = order[p[order] >= sampler.min_p * p.max()]
    kept = np.zeros_like(p)
    kept[order] = p[order]
    return kept / kept.sum()


@pytest.mark.parametrize(
    "settings_",
    [{"top_k": 5}, {"top_p": 0.7}, {"min_p": 0.2}, {"top_k": 20, "top_p": 0.8, "min_p": 0.05}, {"temperature": 0.5}],
)
def test_draws_follow_the_textbook_distribution(settings_: dict[str, float]) -> None:
    scores = np.random.default_rng(3).normal(0, 2, VOCAB).astype(np.float32)
    sampler = Sampler(seed=1, **settings_)  # type: ignore[arg-type]
    drawn = np.bincount([sampler(scores[None], step)[0] for step in range(4000)], minlength=VOCAB) / 4000
    expected = plain(scores, sampler)
    assert not drawn[expected == 0].any()
    assert np.abs(drawn - expected).max() < 0.035


@given(
    seed=st.integers(0, 2**32), top_k=st.integers(0, 400), top_p=st.floats(0.05, 1), min_p=st.floats(0, 0.5),
    temperature=st.floats(0.05, 3), spread=st.floats(0, 20),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_no_draw_leaves_the_allowed_set(
    seed: int, top_k: int, top_p: float, min_p: float, temperature: float, spread: float
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.normal(0, spread, (2, VOCAB)).astype(np.float32)
    mask = rng.random(VOCAB) < 0.1
    mask[7] = True
    sampler = Sampler(seed, 0, temperature, top_k, top_p, min_p)
    first, second = sampler(scores, 3, masks=[None, mask])
    assert mask[second]
    assert 0 <= first < VOCAB


def test_temperature_zero_takes_the_likeliest_and_near_zero_agrees() -> None:
    scores = np.random.default_rng(0).normal(size=(1, VOCAB)).astype(np.float32)
    assert Sampler(temperature=0)(scores, 0) == [int(scores.argmax())] == Sampler(temperature=1e-4)(scores, 0)


def test_a_draw_depends_on_seed_stream_step_and_row_alone() -> None:
    assert uniform(5, 0, 3, rows=1)[0] == uniform(5, 0, 3, rows=9)[0]
    draws = {uniform(seed, stream, step)[0] for seed in (0, 1) for stream in (0, 1) for step in range(50)}
    assert len(draws) == 200
    assert len(set(uniform(0, 0, 0, rows=64))) == 64


def test_penalties() -> None:
    scores = np.array([[4.0, 3.9, -1.0, -1.05]], np.float32)
    assert Sampler(temperature=0, repetition_penalty=1.5)(scores, 0, [[0]]) == [1]
    assert Sampler(temperature=0, no_repeat_ngram=2)(scores, 0, [[3, 0, 3]]) == [1]
    assert scores[0, 0] == np.float32(4.0)  # the caller's logits are left alone
    assert repeats([1, 2, 3, 1, 2], 3) == [3]
    assert repeats([1, 2], 3) == []
    assert repeats([5, 6], 1) == [5, 6]


def test_refusals() -> None:
    with pytest.raises(OptionError, match="top_p is 2"):
        Sampler(top_p=2)
    with pytest.raises(EngineError, match="ruled out"):
        Sampler()(np.zeros((1, 4), np.float32), 0, masks=[np.zeros(4, bool)])


class Bytes:
    """A tokenizer whose tokens are bytes; 256 ends a turn."""

    size = 257
    stops = frozenset({256})

    def encode(self, text: str) -> list[int]:
        return list(text.encode())

    def decode(self, ids: Sequence[int]) -> str:
        return b"".join(map(self.piece, ids)).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        return b"" if token == 256 else bytes([token])

    def chat(self, messages: object, *, reply: str = "") -> list[int]:
        raise NotImplementedError


class Parrot:
    """A model that recites a fixed text, whatever it reads, and then stops."""

    tokenizer = Bytes()
    nbytes = 0

    def __init__(self, text: str, context: int = 1000) -> None:
        self.script = [*text.encode(), 256, 256]
        self.context = context

    def start(self, capacity: int) -> ParrotDecoder:
        assert capacity <= self.context
        return ParrotDecoder(self, capacity)

    def close(self) -> None: ...


class ParrotDecoder:
    rows = 1

    def __init__(self, model: Parrot, capacity: int) -> None:
        self.model, self.capacity, self.length, self.prompt = model, capacity, 0, 0

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        self.prompt = self.prompt or len(tokens[0])
        self.length += len(tokens[0])
        assert self.length <= self.capacity
        logits = np.full((1, 257), -5, np.float32)
        logits[0, self.model.script[self.length - self.prompt]] = 5
        return logits

    def rewind(self, length: int) -> None: ...
    def select(self, rows: Sequence[int]) -> None: ...


GREEDY = Sampler(temperature=0)


def test_generate_stops_at_a_stop_token_or_the_limit_and_can_be_abandoned() -> None:
    model = Parrot("ab c")
    assert bytes(generate(model, [1], GREEDY, 100)) == b"ab c"
    assert bytes(generate(model, [1], GREEDY, 2)) == b"ab"
    assert list(generate(model, [1], GREEDY, 0)) == []
    loop = generate(model, [1], GREEDY, 100)
    assert next(loop) == ord("a")
    loop.close()


def test_generate_ends_at_the_end_of_the_context() -> None:
    assert bytes(generate(Parrot("abcdef", context=4), [1, 2], GREEDY, 100)) == b"abc"


def test_generate_asks_what_may_come() -> None:
    seen: list[list[int]] = []

    def only_x(written: Sequence[int]) -> np.ndarray:
        seen.append(list(written))
        return np.arange(257) == ord("x")

    assert bytes(generate(Parrot("abc"), [1], GREEDY, 2, allowed=only_x)) == b"xx"
    assert seen == [[], [ord("x")]]


@given(st.text())
def test_a_text_stream_yields_whole_characters_and_the_whole_text(text: str) -> None:
    stream = TextStream(Bytes())
    pieces = [stream.push(byte) for byte in text.encode("utf-8", "replace")]
    assert "".join(pieces) + stream.close() == text.encode("utf-8", "replace").decode()
    assert not any("\ufffd" in piece for piece in pieces) or "\ufffd" in text


def test_a_text_stream_says_when_a_character_never_came_whole() -> None:
    stream = TextStream(Bytes())
    assert stream.push(0xF0) == ""
    assert stream.close() == "\ufffd"
