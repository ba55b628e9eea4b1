"""One line of verse by stochastic beam search: rows of a batch write it side by side, and no two are ever the same.

Each row carries the log probability of its line so far, perturbed by Gumbel noise; at every step the rows and all their
allowed continuations compete, and the highest go on. That draws lines from the model without replacement, so that at
the end of a line every way to begin it meets every word that rhymes, and the pair that goes together wins.

What the form forbids is drawn as well and thrown away, so a row that the form has cornered sinks by itself.

Source: Kool, van Hoof, Welling 2019, "Stochastic Beams and Where to Find Them", https://arxiv.org/abs/1903.06059
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts.line_mask import BEGIN, CLOSED, DONE, Choices, Ints, LineMask, State
from genart_nb.models.language import Decoder, Logits

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

DEBT = 3.0
"""Nats that a row still has to pay for its last word, on average; without it, rows that have paid would be culled."""

REPEATED = 3.0
"""Nats taken off a word that the poem or the line has used."""


@dataclass(frozen=True)
class Row:
    """A line in the making."""

    tokens: tuple[int, ...] = ()
    state: State = BEGIN
    logp: float = 0.0
    """Log probability that the model gives the tokens, unconstrained and at temperature 1, plus their bias."""
    phi: float = 0.0
    """Log probability at the temperature asked for, with the bias."""
    gumbel: float = 0.0
    """`phi`, perturbed: the highest of these are a sample without replacement."""
    closing: bool = False
    word: int = -1
    """The last whole word, as an index into the lexicon."""
    parent: int = 0

    @property
    def score(self) -> float:
        """Log probability a token, so that short words are not favoured over long."""
        return self.logp / max(len(self.tokens), 1)


@dataclass(frozen=True)
class LineSearch:
    """The search for one line. `bias` (vocab,) is added to the logits."""

    mask: LineMask
    rng: np.random.Generator
    rows: int
    temperature: float
    bias: Floats

    def run(self, decoder: Decoder, logits: Logits) -> Generator[None, None, list[Row]]:
        """Find lines that fit the mask, the likeliest first; never none where the mask is possible.

        Yields after each step of the model, where the search may be abandoned.
        `logits` are (1, vocab), those after the last token of the one-row `decoder`, which is left with many rows and
        in mid-line: the caller rewinds it.
        """
        live, done = [Row()], list[Row]()
        while live and len(done) < self.rows:
            grown = [child for at, row in enumerate(live) for child in self._grow(row, at, logits[at])]
            grown.sort(key=lambda row: row.gumbel + DEBT * row.closing, reverse=True)
            best = grown[: self.rows]
            done += [row for row in best if row.state.node == DONE]
            live = _in_place([row for row in best if row.state.node != DONE])
            if live:
                decoder.select([row.parent for row in live])
                logits = decoder.append([row.tokens[-1:] for row in live])
                yield
        return sorted(done, key=lambda row: row.score, reverse=True)

    def _grow(self, row: Row, at: int, scores: Logits) -> list[Row]:
        """The highest continuations of one row, as many as there are rows."""
        choices = self.mask.choices(row.state)
        plain = _log_softmax(scores + self.bias)
        drawn = _log_softmax((scores + self.bias) / self.temperature)
        if said := [token for token in row.tokens if token in self.mask.lexicon.pictures]:
            plain[said] -= REPEATED
            drawn[said] -= REPEATED
        phi = row.phi + drawn[choices.tokens].astype(np.float64)
        forbidden = max(1.0 - float(np.exp(phi - row.phi).sum()), 1e-12)
        noisy = phi + self.rng.gumbel(size=len(phi))
        thrown_away = row.phi + np.log(forbidden) + self.rng.gumbel()
        gumbel = _under(row.gumbel, noisy, max(float(noisy.max()), thrown_away))
        return self._children(row, at, choices, _highest(gumbel, choices.nodes, self.rows), plain, phi, gumbel)

    def _children(
        self,
        row: Row,
        at: int,
        choices: Choices,
        picked: Iterable[int],
        plain: Logits,
        phi: Doubles,
        gumbel: Doubles,
    ) -> list[Row]:
        word = self.mask.lexicon.word_at.get(row.state.node, row.word)
        return [
            Row(
                (*row.tokens, int(choices.tokens[i])),
                State(int(choices.nodes[i]), int(choices.bases[i])),
                row.logp + float(plain[choices.tokens[i]]),
                float(phi[i]),
                float(gumbel[i]),
                choices.closing,
                word,
                at,
            )
            for i in picked
        ]


def _highest(gumbel: Doubles, nodes: Ints, count: int) -> list[int]:
    """Places of the highest values; of the marks that end a line only one, lest a line compete with itself."""
    best = np.argpartition(-gumbel, count)[:count] if len(gumbel) > count else np.arange(len(gumbel))
    ending = [int(i) for i in best if nodes[i] in (CLOSED, DONE)]
    return [int(i) for i in best if nodes[i] not in (CLOSED, DONE)] + sorted(ending, key=lambda i: -gumbel[i])[:1]


def _in_place(rows: list[Row]) -> list[Row]:
    """The rows in an order that leaves as many as can be in their parent's place, since moving one costs a copy."""
    places: dict[int, Row] = {}
    for row in rows:
        if row.parent < len(rows):
            places.setdefault(row.parent, row)
    stay = {id(row) for row in places.values()}
    others = iter([row for row in rows if id(row) not in stay])
    return [places.get(at) or next(others) for at in range(len(rows))]


def _log_softmax(scores: Logits) -> Logits:
    top = scores.max()
    shifted: Logits = scores - (top + np.log(np.exp(scores - top).sum()))
    return shifted


def _under(ceiling: float, noisy: Doubles, top: float) -> Doubles:
    """Gumbel values moved so that the highest of all is the parent's (the paper's appendix B.3)."""
    with np.errstate(divide="ignore"):
        v = ceiling - noisy + np.log1p(-np.exp(np.minimum(noisy - top, 0.0)))
    moved: Doubles = ceiling - np.maximum(v, 0.0) - np.log1p(np.exp(-np.abs(v)))
    return moved
