"""Choosing tokens: a sampler over numpy logits, a loop that yields tokens, and a stream that yields whole text.

Draws come from Philox, a counter-based generator: the draw of a step is a function of (seed, stream, step, row), so
the same seed gives the same text whatever was drawn before. Source: Salmon et al. 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import EngineError, OptionError
from genart_nb.models.language import LanguageModel, Logits, Tokenizer

Mask = NDArray[np.bool_]
Allowed = Callable[[Sequence[int]], Mask | None]
"""Given the tokens written so far, which may come next, (vocab,); None for any."""


@dataclass(frozen=True)
class Sampler:
    """How the next token is chosen.

    In order: penalties, temperature, top-k, top-p, min-p, then one draw. Temperature 0 takes the likeliest token.
    A setting at its default does nothing. `stream` gives independent draws under one seed.
    Sources: top-p, arXiv:1904.09751; min-p, arXiv:2407.01082; repetition penalty, arXiv:1909.05858.
    """

    seed: int = 0
    stream: int = 0
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    no_repeat_ngram: int = 0

    def __post_init__(self) -> None:
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if not low <= value <= high:
                raise OptionError(f"{name} is {value}; it goes from {low:g} to {high:g}.")

    def __call__(
        self, logits: Logits, step: int, written: Sequence[Sequence[int]] = (), masks: Sequence[Mask | None] = ()
    ) -> list[int]:
        """Choose a token for each row of `logits`, (rows, vocab).

        `step` counts the tokens drawn before. `written` holds each row's own text so far, for the penalties;
        `masks` each row's tokens that may come, or None. Raises EngineError where none may.
        """
        draws = uniform(self.seed, self.stream, step, len(logits))
        tokens = []
        for row, scores in enumerate(logits):
            own = self._penalised(scores, written[row] if written else ())
            if masks and (mask := masks[row]) is not None:
                own = np.where(mask, own, -np.inf)
            tokens.append(self._choose(own, draws[row]))
        return tokens

    def _penalised(self, scores: Logits, written: Sequence[int]) -> Logits:
        """Apply the penalties for what is already written; the scores given are left as they are."""
        if not written or (self.repetition_penalty == 1 and not self.no_repeat_ngram):
            return scores
        scores = scores.copy()
        seen = np.unique(np.asarray(written, np.int64))
        held = scores[seen]
        scores[seen] = np.where(held > 0, held / self.repetition_penalty, held * self.repetition_penalty)
        if self.no_repeat_ngram:
            scores[repeats(written, self.no_repeat_ngram)] = -np.inf
        return scores

    def _choose(self, scores: Logits, draw: float) -> int:
        """Choose one token by a uniform draw from [0, 1)."""
        best = int(scores.argmax())
        if not np.isfinite(scores[best]):
            raise EngineError("No token may come next: every one is ruled out.", "loosen the form, or lower the limits")
        if self.temperature == 0:
            return best
        weights = np.exp((scores - scores[best]) / np.float32(self.temperature))
        ids = self._candidates(weights)
        mass = np.cumsum(weights if ids is None else weights[ids], dtype=np.float64)
        place = min(int(np.searchsorted(mass, draw * mass[-1], side="right")), len(mass) - 1)
        return place if ids is None else int(ids[place])

    def _candidates(self, weights: NDArray[np.float32]) -> NDArray[np.int64] | None:
        """Tokens that survive top-k, top-p and min-p, or None where nothing is cut."""
        if self.top_k == 0 and self.top_p == 1:
            return np.flatnonzero(weights >= self.min_p) if self.min_p else None
        # Only the likely tokens are sorted: the floor drops until enough of them stand above it.
        whole = float(weights.sum(dtype=np.float64))
        for floor in (1e-2, 1e-4, 1e-7, 0.0):
            ids = np.flatnonzero(weights >= floor)
            enough = len(ids) >= self.top_k if self.top_k else weights[ids].sum(dtype=np.float64) >= self.top_p * whole
            if enough:
                break
        ids = ids[np.argsort(-weights[ids], kind="stable")]
        if self.top_k:
            ids = ids[: self.top_k]
            whole = float(weights[ids].sum(dtype=np.float64))
        if self.top_p < 1:
            mass = np.cumsum(weights[ids], dtype=np.float64)
            ids = ids[: int(np.searchsorted(mass, self.top_p * whole)) + 1]
        return ids[weights[ids] >= self.min_p] if self.min_p else ids


_RANGES: tuple[tuple[str, float, float], ...] = (
    ("seed", 0, 2**64 - 1),
    ("stream", 0, 2**64 - 1),
    ("temperature", 0, 100),
    ("top_k", 0, 2**31),
    ("top_p", 1e-6, 1),
    ("min_p", 0, 1),
    ("repetition_penalty", 0.1, 10),
    ("no_repeat_ngram", 0, 64),
)


def uniform(seed: int, stream: int, step: int, rows: int = 1) -> NDArray[np.float64]:
    """Uniform draws from [0, 1), (rows,); a row's draw does not depend on how many rows there are."""
    key = np.array([seed, stream], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=[0, step, 0, 0])).random(rows)


def repeats(written: Sequence[int], size: int) -> list[int]:
    """Tokens that would make the last `size` tokens a run that `written` already holds."""
    if size < 1 or len(written) < size:
        return []
    tail = tuple(written[len(written) - size + 1 :])
    places = range(len(written) - size + 1)
    return [written[at + size - 1] for at in places if tuple(written[at : at + size - 1]) == tail]


def generate(
    model: LanguageModel,
    prompt: Sequence[int],
    sampler: Sampler,
    max_tokens: int,
    stops: Container[int] | None = None,
    allowed: Allowed | None = None,
) -> Iterator[int]:
    """Yield tokens that continue `prompt`, until a stop token, `max_tokens`, or the end of the context.

    `stops` defaults to the tokens that end a turn; they are not yielded. The caller may abandon the loop at any yield.
    Penalties look at the tokens written here, not at the prompt.
    """
    stops = model.tokenizer.stops if stops is None else stops
    decoder = model.start(max(1, min(model.context, len(prompt) + max_tokens)))
    logits = decoder.append([prompt])
    written: list[int] = []
    for step in range(min(max_tokens, model.context - len(prompt) + 1)):
        if written:
            logits = decoder.append([written[-1:]])
        [token] = sampler(logits, step, [written], [allowed(written) if allowed else None])
        if token in stops:
            return
        written.append(token)
        yield token


class TextStream:
    """Turns tokens into text as they come, holding back bytes that do not yet make a character."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        """Text that this token completes; may be empty."""
        return self._decoder.decode(self._tokenizer.piece(token))

    def close(self) -> str:
        """What is left: nothing, or U+FFFD for a character that never was completed."""
        return self._decoder.decode(b"", final=True)
