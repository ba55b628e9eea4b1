"""What may come next in a line of verse: the form as a set of tokens at every step."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts.lexicon import MAX_SYLLABLES, Entry, Lexicon
from genart_nb.models.language import Tokenizer

Ints = NDArray[np.int64]

PAUSED, PAUSED_OR_OVER, CLOSED, DONE = -1, -2, -3, -4
"""States that are not nodes: after a comma (where the line may be over, too), after the last mark, after the line."""

PAUSE_BEFORE = 3
"""Syllables that must be left after a comma, lest the rhyme be tacked on behind one."""


class State(NamedTuple):
    """Where a row is: a node of the trie (or one of the states above), and the syllables before its current word."""

    node: int
    base: int


BEGIN = State(0, 0)


class Choices(NamedTuple):
    """Tokens allowed next and the state each leads to; `closing` where no further word can follow this one."""

    tokens: Ints
    nodes: Ints
    bases: Ints
    closing: bool


@dataclass(frozen=True)
class Marks:
    """Tokens that pause or end a line."""

    pauses: tuple[int, ...]
    stops: tuple[int, ...]
    full_stops: tuple[int, ...]
    breaks: tuple[int, ...]
    stop_breaks: tuple[int, ...]
    """Marks fused with a line break, in tokenizers that have such."""


def marks_of(tokenizer: Tokenizer) -> Marks:
    """The marks among a tokenizer's tokens."""
    pauses, stops, breaks, fused = list[int](), list[int](), list[int](), list[int]()
    for token in range(tokenizer.size):
        piece = tokenizer.piece(token)
        if not piece or len(piece) > 3:
            continue
        bare = piece.rstrip(b"\n")
        if bare in (b",", b";", b".", b"!", b"?", b":", b""):
            if len(piece) > len(bare):
                (fused if bare else breaks).append(token)
            else:
                stops.append(token)
                if bare in (b",", b";"):
                    pauses.append(token)
    full = tuple(t for t in stops if tokenizer.piece(t) in (b".", b"!", b"?"))
    return Marks(tuple(pauses), tuple(stops), full, tuple(breaks), tuple(fused))


class LineMask:
    """The form of one line: its possible lengths, the words it may end on, and its beat.

    `ends` are indices of words in the lexicon. `letter` is the one the line must begin with. The poem's last line ends
    on a full stop, after which `last` are as good as a line break.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        marks: Marks,
        totals: Collection[int],
        ends: Iterable[int],
        *,
        iambic: bool = False,
        letter: str = "",
        last: Iterable[int] | None = None,
    ) -> None:
        self.lexicon, self.marks, self.totals, self.iambic = lexicon, marks, frozenset(totals), iambic
        self.ends = frozenset(ends)
        self.breaks = (*marks.breaks, *(last or ()))
        self.stops = marks.stops if last is None else marks.full_stops
        self._bare = marks.breaks + marks.stop_breaks if last is None else ()
        self._reach = lexicon.iambic_reach if iambic else lexicon.reach
        self._final = lexicon.bits(self.ends, iambic=iambic)
        self._middles, self._finals = self._plan()
        self._cache: dict[State, Choices] = {}
        self._letter = letter.lower()

    def _plan(self) -> tuple[list[int], list[int]]:
        """For each count of syllables so far, bits of the word lengths that may follow: in mid-line, and at the end."""
        longest = max(self.totals)
        available = [int(self._final[p][1]) | int(self._final[p][0]) for p in (0, 1)]
        finals = [sum(1 << (t - at) for t in self.totals if t - at > 0) for at in range(longest + 1)]
        self.completable = [False] * (longest + MAX_SYLLABLES + 2)
        for at in range(longest - 1, -1, -1):
            self.completable[at] = bool(available[at % 2] & finals[at]) or self.completable[at + 1]
        middles = [
            sum(1 << k for k in range(1, MAX_SYLLABLES + 1) if self.completable[min(at + k, longest)])
            for at in range(longest + 1)
        ]
        return middles, finals

    @property
    def possible(self) -> bool:
        """Whether any line fits."""
        return self.completable[0] and len(self.choices(State(0, 0)).tokens) > 0

    def choices(self, state: State) -> Choices:
        """What may follow; never empty before the line is done."""
        if state not in self._cache:
            self._cache[state] = self._choices(state)
        return self._cache[state]

    def _choices(self, state: State) -> Choices:
        node, base = state
        if node == CLOSED:
            return self._to(self.breaks, DONE, base, True)
        if node in (PAUSED, PAUSED_OR_OVER):
            words = self._words(1, base) if self.completable[base] else _NOTHING
            return _join([words, self._to(self.breaks if node == PAUSED_OR_OVER else (), DONE, base)])
        if node == 0:
            return self._words(0, base)
        return self._inside(node, base)

    def _words(self, root: int, base: int) -> Choices:
        """Tokens that begin a word (or go on with it) from a root."""
        tokens, nodes = self.lexicon.roots[root]
        allowed = self._allowed(nodes, base)
        tokens, nodes = tokens[allowed], nodes[allowed]
        if root == 0 and self._letter:
            fits = np.array([self.lexicon.letter[int(n)] == self._letter for n in nodes], bool)
            tokens, nodes = tokens[fits], nodes[fits]
        return Choices(tokens, nodes, np.full(len(tokens), base), False)

    def _allowed(self, nodes: Ints, base: int) -> NDArray[np.bool_]:
        middle = self._reach[base % 2, nodes] & self._middles[base]
        final = self._final[base % 2, nodes] & self._finals[base]
        allowed: NDArray[np.bool_] = (middle | final) != 0
        return allowed

    def _inside(self, node: int, base: int) -> Choices:
        """Within a word, or at its end."""
        tokens, nodes = self.lexicon.below(node)
        allowed = self._allowed(nodes, base) if len(nodes) else np.zeros(0, bool)
        parts = [Choices(tokens[allowed], nodes[allowed], np.full(int(allowed.sum()), base), False)]
        closing = not int(self._reach[base % 2, node]) & self._middles[base]
        word = self.lexicon.word_at.get(node)
        if word is not None and self._suits(self.lexicon.entries[word], base):
            total = base + self.lexicon.entries[word].syllables
            goes_on = total < max(self.totals) and self.completable[total]
            over = total in self.totals and word in self.ends
            pauses = self.marks.pauses if goes_on and 2 <= total <= max(self.totals) - PAUSE_BEFORE else ()
            if goes_on:
                parts.append(self._words(1, total))
                may_end = over and self.stops == self.marks.stops
                parts.append(self._to(pauses, PAUSED_OR_OVER if may_end else PAUSED, total))
            if over:
                parts.append(self._to([m for m in self.stops if m not in pauses], CLOSED, total))
                parts.append(self._to(self._bare, DONE, total))
        return _join(parts, closing)

    def _suits(self, entry: Entry, base: int) -> bool:
        return not self.iambic or entry.iambic_from(base)

    def _to(self, tokens: Iterable[int], node: int, base: int, closing: bool = False) -> Choices:
        found = np.array(list(tokens), np.int64)
        return Choices(found, np.full(len(found), node), np.full(len(found), base), closing)


_EMPTY = np.zeros(0, np.int64)
_NOTHING = Choices(_EMPTY, _EMPTY, _EMPTY, False)


def _join(parts: list[Choices], closing: bool = False) -> Choices:
    return Choices(
        np.concatenate([p.tokens for p in parts]),
        np.concatenate([p.nodes for p in parts]),
        np.concatenate([p.bases for p in parts]),
        closing,
    )
