"""One line of verse by stochastic beam search: rows of a batch write it side by side, and no two are ever the same.

Each row carries the log probability of its line so far, perturbed by Gumbel noise; at every step the rows and all their
allowed continuations compete, and the highest go on. That draws lines from the model without replacement, so that at
the end of a line every way to begin it meets every word that rhymes, and the pair that goes together wins.

What the form forbids is drawn as well and thrown away, so a row that the form has cornered sinks by itself.

Source: Kool, van Hoof, Welling 2019, "Stochastic Beams and Where to Find Them", https://arxiv.org/abs/1903.06059
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts.line_mask import DONE, LineMask, State
from genart_nb.models.language import Decoder, Logits

Floats = NDArray[np.float32]

DEBT = 3.0
"""Nats that a row still has to pay for its last word, on average; without it, rows that have paid would be culled."""


@dataclass(frozen=True)
class Row:
    """A line in the making."""

    tokens: tuple[int, ...] = ()
    state: State = State(0, 0)
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


def search_line(
    decoder: Decoder,
    logits: Logits,
    mask: LineMask,
    rng: np.random.Generator,
    *,
    rows: int,
    temperature: float,
    bias: Floats | None = None,
) -> list[Row]:
    """Lines that fit `mask`, the likeliest first.

    `logits` are (1, vocab), those after the last token of the one-row `decoder`, which is left with many rows and in
    mid-line: the caller rewinds it. `bias` (vocab,) is added to the logits.
    """
    live, done = [Row()], list[Row]()
    while live and len(done) < rows:
        grown = [child for i, row in enumerate(live) for child in _grow(row, i, logits[i], mask, rng, rows, temperature, bias)]
        grown.sort(key=lambda row: row.gumbel + DEBT * row.closing, reverse=True)
        best = grown[:rows]
        done += [row for row in best if row.state.node == DONE]
        live = [row for row in best if row.state.node != DONE]
        if live:
            live = _in_place(live)
            decoder.select([row.parent for row in live])
            logits = decoder.append([row.tokens[-1:] for row in live])
    return sorted(done, key=lambda row: row.score, reverse=True)


def _in_place(rows: list[Row]) -> list[Row]:
    """The rows in an order that leaves as many as can be in their parent's place, since moving one costs a copy."""
    places: dict[int, Row] = {}
    for row in rows:
        if row.parent < len(rows):
            places.setdefault(row.parent, row)
    stay = {id(row) for row in places.values()}
    others = iter([row for row in rows if id(row) not in stay])
    return [places.get(at) or next(others) for at in range(len(rows))]


def _grow(
    row: Row,
    index: int,
    scores: Logits,
    mask: LineMask,
    rng: np.random.Generator,
    count: int,
    temperature: float,
    bias: Floats | None,
) -> list[Row]:
    """The `count` highest continuations of one row."""
    choices = mask.choices(row.state)
    plain = _log_softmax(scores)
    drawn = plain if bias is None and temperature == 1 else _log_softmax((scores if bias is None else scores + bias) / temperature)
    phi = row.phi + drawn[choices.tokens].astype(np.float64)
    forbidden = 1.0 - float(np.exp(phi - row.phi).sum())
    noisy = phi + rng.gumbel(size=len(phi))
    wasted = row.phi + np.log(max(forbidden, 1e-12)) + rng.gumbel()
    gumbel = _under(row.gumbel, noisy, max(float(noisy.max()), wasted))
    best = np.argpartition(-gumbel, count)[:count] if len(gumbel) > count else np.arange(len(gumbel))
    word = mask.lexicon.word_at.get(row.state.node, row.word)
    return [
        Row(
            (*row.tokens, int(choices.tokens[i])),
            State(int(choices.nodes[i]), int(choices.bases[i])),
            row.logp + float(plain[choices.tokens[i]] + (0.0 if bias is None else bias[choices.tokens[i]])),
            float(phi[i]),
            float(gumbel[i]),
            choices.closing,
            word,
            index,
        )
        for i in best
    ]


def _log_softmax(scores: Logits) -> Logits:
    top = scores.max()
    shifted: Logits = scores - (top + np.log(np.exp(scores - top).sum()))
    return shifted


def _under(ceiling: float, noisy: NDArray[np.float64], top: float) -> NDArray[np.float64]:
    """Gumbel values moved so that the highest of all is the parent's (equation 19 of the paper's appendix)."""
    with np.errstate(divide="ignore"):
        v = ceiling - noisy + np.log1p(-np.exp(np.minimum(noisy - top, 0.0)))
    moved: NDArray[np.float64] = ceiling - np.maximum(v, 0.0) - np.log1p(np.exp(-np.abs(v)))
    return moved
