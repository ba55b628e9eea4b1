"""The words verse is made of, as a trie over a tokenizer's tokens, so that a line's form becomes a mask on logits.

Each node knows which numbers of syllables can still be had below it. A token is then allowed exactly where some word
that starts with it leaves the line completable: the right count, the right rhyme, and the stresses in place. The words
are those of `words.txt`, which keeps names and rarities out of the poems.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts.trie import Sounds, Trie
from genart_nb.arts.trie_store import trie_of
from genart_nb.models.language import Tokenizer

Nodes = NDArray[np.int64]

Bits = NDArray[np.uint16]
"""(2, nodes): bit k is set where a word of k syllables lies below, if begun on an odd (row 0) or even syllable."""

MAX_SYLLABLES = 7

_FUNCTION = """
a an the this that these those my your his her its our their whose which what who whom i you he she it we they me him
us them o and or but nor so yet if as than then when while where why how because though although unless until till
since of to in on at by for from with into onto upon over under through between among against about above below across
after before behind beneath beside beyond during within without toward towards near off up down out is am are was were
be been being do does did has have had having can could will would shall should may might must not no n't very too
just only such each every some any many much few more most other another both either neither own same also even ever
never i'm i've i'll i'd it's he's she's we're they're you're we've they've you've we'll they'll you'll that's there's
here's what's who's where's let's don't can't won't isn't aren't wasn't weren't didn't doesn't couldn't wouldn't
shouldn't hasn't haven't hadn't he'd she'd we'd they'd you'd he'll she'll it'll that'll there is like ere thy thine
thou again else per via versus plus whether whereas whilst amid amidst unlike despite became become becomes seem seems
seemed get gets got let lets put puts
"""
FUNCTION_WORDS = frozenset(_FUNCTION.split())
"""Words that carry no picture: a line does not end on one, and repeating one is no fault."""

_TACKED_ON = """
oh ah eh nay yea yeah yes hey ha aha hi ho gee wow lo alas thus hence mr mrs dr etc one ones lot thing way bit
"""
NO_ENDS = frozenset(_TACKED_ON.split())
"""Further words that a line does not end on, since they are too easily tacked on."""


class Entry(NamedTuple):
    """One word as verse uses it: its shortest reading, and every rhyme and onset its readings have."""

    text: str
    syllables: int
    stress: str
    rhyme: Sounds
    onset: Sounds
    common: bool

    @property
    def ends_lines(self) -> bool:
        """Whether a line may end on it."""
        return self.text.lower() not in FUNCTION_WORDS and self.text not in NO_ENDS and not self.text.endswith("'s")

    def iambic_from(self, start: int) -> bool:
        """Whether its primary stress falls on even syllables if `start` syllables come before."""
        if self.syllables == 1:
            return True
        return all((start + i) % 2 == 1 for i, s in enumerate(self.stress) if s == "1")


class Lexicon:
    """The trie, by what may be asked of it."""

    def __init__(self, tokenizer: Tokenizer, trie: Trie) -> None:
        self.entries = _entries(trie)
        self.index = {entry.text: i for i, entry in enumerate(self.entries)}
        self.word_at: dict[int, int] = dict(zip(trie.leaves.tolist(), trie.leaf_words.tolist(), strict=True))
        by_rhyme: dict[int, list[int]] = defaultdict(list)
        for index, (entry, rhyme) in enumerate(zip(self.entries, trie.rhyme_of.tolist(), strict=True)):
            if entry.ends_lines:
                by_rhyme[rhyme].append(index)
        self.by_rhyme = {trie.rhymes[rhyme]: group for rhyme, group in by_rhyme.items()}
        self._rich: dict[int, dict[Sounds, list[int]]] = {}
        self._whole = {
            entry.text.lower(): [token for token in pair if token >= 0]
            for entry, pair in zip(self.entries, trie.whole.tolist(), strict=True)
        }
        self.pictures = {
            token for text, tokens in self._whole.items() if text not in FUNCTION_WORDS for token in tokens
        }
        """Tokens that are whole words which carry a picture."""
        self.parents = trie.parents.astype(np.int64)
        self._tokens = trie.tokens.astype(np.int64)
        self._children = np.argsort(self.parents, kind="stable")
        self._starts = np.searchsorted(self.parents[self._children], np.arange(len(self.parents) + 1))
        self._leaves, self._leaf_words = trie.leaves.astype(np.int64), trie.leaf_words.astype(np.int64)
        self._lengths = np.array([1 << min(entry.syllables, 15) for entry in self.entries], np.uint16)
        fits = {entry.stress: entry for entry in self.entries}  # a word's beat is a matter of its stress alone
        beats = {stress: [entry.iambic_from(parity) for parity in (0, 1)] for stress, entry in fits.items()}
        self._beats = np.array([beats[stress] for stress in trie.stresses], bool).reshape(-1, 2).T
        self.reach = self.bits(range(len(self.entries)))
        self.iambic_reach = self.bits(range(len(self.entries)), iambic=True)
        self.roots = [self.below(root) for root in (0, 1)]
        self.letter = {
            int(node): tokenizer.piece(int(token))[:1].decode("latin-1").lower()
            for token, node in zip(*self.roots[0], strict=True)
        }
        """The letter that each first token of a line begins with, by node."""

    def below(self, node: int) -> tuple[Nodes, Nodes]:
        """Tokens that go on from a node, and the nodes they lead to."""
        nodes = self._children[self._starts[node] : self._starts[node + 1]]
        return self._tokens[nodes], nodes

    def bits(self, indices: Iterable[int], *, iambic: bool = False) -> Bits:
        """Numbers of syllables to be had below each node if only the words `indices` count."""
        found = np.zeros((2, len(self.parents)), np.uint16)
        chosen = np.zeros(len(self.entries), bool)
        chosen[list(indices)] = True
        leaves = self._leaves[chosen[self._leaf_words]]
        lengths = self._lengths[self._leaf_words[chosen[self._leaf_words]]]
        beats = self._beats[:, self._leaf_words[chosen[self._leaf_words]]]
        fits = beats if iambic else np.ones_like(beats)
        row = np.repeat([0, 1], fits.sum(axis=1))
        here = np.concatenate([leaves[fits[0]], leaves[fits[1]]])
        value = np.concatenate([lengths[fits[0]], lengths[fits[1]]])
        while len(here):
            np.bitwise_or.at(found, (row, here), value)
            here = self.parents[here]
            keep = here >= 0
            here, row, value = here[keep], row[keep], value[keep]
        return found

    def rhymes_of(self, entry: Entry, used: Iterable[Entry] = ()) -> list[int]:
        """Words that rhyme perfectly, in every reading, with `entry` and with all of `used`; only line-ending ones."""
        onsets = Sounds().union(entry.onset, *(other.onset for other in used))
        return [i for i in self.by_rhyme[entry.rhyme] if not self.entries[i].onset & onsets]

    def rich(self, partners: int) -> dict[Sounds, list[int]]:
        """Rhymes that at least so many common words share, each with those words."""
        if partners not in self._rich:
            common = {r: [i for i in group if self.entries[i].common] for r, group in self.by_rhyme.items()}
            self._rich[partners] = {
                rhyme: group
                for rhyme, group in common.items()
                if len({self.entries[i].onset for i in group}) >= partners
            }
        return self._rich[partners]

    def first_tokens(self, word: str) -> list[int]:
        """Tokens that are the whole of `word`, in mid-line and at the head of a line."""
        return self._whole.get(word, [])


def _entries(trie: Trie) -> list[Entry]:
    columns = (trie.words, trie.stresses, trie.rhyme_of.tolist(), trie.onset_of.tolist(), trie.common.tolist())
    return [
        Entry(text, len(stress), stress, trie.rhymes[rhyme], trie.onsets[onset], common)
        for text, stress, rhyme, onset, common in zip(*columns, strict=True)
    ]


_CACHE: weakref.WeakKeyDictionary[Tokenizer, Lexicon] = weakref.WeakKeyDictionary()


def lexicon_for(tokenizer: Tokenizer) -> Lexicon:
    """The lexicon of a tokenizer, made once."""
    if tokenizer not in _CACHE:
        _CACHE[tokenizer] = Lexicon(tokenizer, trie_of(tokenizer))
    return _CACHE[tokenizer]
