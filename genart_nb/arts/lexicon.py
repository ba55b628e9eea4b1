"""The words verse is made of, as a trie over a tokenizer's tokens, so that a line's form becomes a mask on logits.

Each node knows which numbers of syllables can still be had below it. A token is then allowed exactly where some word
that starts with it leaves the line completable: the right count, the right rhyme, and the stresses in place.

`words.txt` (SCOWL's commonest words that CMUdict also has) keeps names and rarities out of the poems.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts import prosody
from genart_nb.models.language import Tokenizer

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


@dataclass(frozen=True, slots=True)
class Entry:
    """One word as verse uses it: its shortest reading, and every rhyme and onset its readings have."""

    text: str
    syllables: int
    stress: str
    rhyme: frozenset[prosody.Phones]
    onset: frozenset[prosody.Phones]
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


@lru_cache(maxsize=1)
def vocabulary() -> tuple[str, ...]:
    """Words verse may use, in the case they are written in; possessives of the shorter ones included."""
    known = prosody.dictionary()
    listed = resources.files(__package__).joinpath("words.txt").read_text("utf-8").split()
    owners = [f"{w}'s" for w in listed if len(w) > 2 and f"{w}'s" in known and "'" not in w]
    return tuple(w for w in dict.fromkeys([*listed, *owners]) if w.lower() in known)


class Lexicon:
    """The trie. Node 0 begins a line (capital, no space), node 1 any later word (space, own case)."""

    def __init__(self, tokenizer: Tokenizer, texts: Sequence[str] | None = None) -> None:
        texts = list(vocabulary() if texts is None else texts)
        later = _token_runs(tokenizer, [f" {text}" for text in texts], "")
        first = _token_runs(tokenizer, [text[0].upper() + text[1:] for text in texts], "\n")
        short = _common_length([len(run) for run in later])
        self.entries = [_entry(text, len(run) <= short) for text, run in zip(texts, later, strict=True)]
        self.children: dict[int, dict[int, int]] = {0: {}, 1: {}}
        self.word_at: dict[int, int] = {}
        self._parents = [-1, -1]
        for index in range(len(texts)):
            for root, run in ((0, first[index]), (1, later[index])):
                self._insert(root, run, index)
        self.by_rhyme: dict[frozenset[prosody.Phones], list[int]] = defaultdict(list)
        for index, entry in enumerate(self.entries):
            if entry.ends_lines:
                self.by_rhyme[entry.rhyme].append(index)
        self.index = {entry.text: i for i, entry in enumerate(self.entries)}
        self._rich: dict[int, dict[frozenset[prosody.Phones], list[int]]] = {}
        self._whole: dict[str, list[int]] = {}
        for text, *runs in zip(texts, first, later, strict=True):
            self._whole[text.lower()] = [run[0] for run in runs if len(run) == 1]
        self.pictures = {
            token for text, tokens in self._whole.items() if text not in FUNCTION_WORDS for token in tokens
        }
        """Tokens that are whole words which carry a picture."""
        everything = range(len(texts))
        self.parents = np.array(self._parents)
        self._leaves = np.array(list(self.word_at.keys()), np.int64)
        self._leaf_words = np.array(list(self.word_at.values()), np.int64)
        self._lengths = np.array([1 << min(entry.syllables, 15) for entry in self.entries], np.uint16)
        self._beats = np.array([[entry.iambic_from(parity) for entry in self.entries] for parity in (0, 1)])
        self.reach = self.bits(everything)
        self.iambic_reach = self.bits(everything, iambic=True)
        self.letter = dict(self._letters(tokenizer))
        self.roots = [
            (np.array(list(self.children[r].keys())), np.array(list(self.children[r].values()))) for r in (0, 1)
        ]

    def _insert(self, root: int, run: Sequence[int], index: int) -> None:
        node = root
        for token in run:
            below = self.children.setdefault(node, {})
            nxt = below.get(token)
            if nxt is None:
                nxt = below[token] = len(self._parents)
                self._parents.append(node)
            node = nxt
        if node not in self.word_at:
            self.word_at[node] = index

    def _letters(self, tokenizer: Tokenizer) -> Iterable[tuple[int, str]]:
        """The letter that each first token of a line begins with."""
        for token, node in self.children[0].items():
            yield node, tokenizer.piece(token)[:1].decode("latin-1").lower()

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
        onsets = frozenset[prosody.Phones]().union(entry.onset, *(other.onset for other in used))
        return [i for i in self.by_rhyme[entry.rhyme] if not self.entries[i].onset & onsets]

    def rich(self, partners: int) -> dict[frozenset[prosody.Phones], list[int]]:
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


def _entry(text: str, common: bool) -> Entry:
    """The entry of one word of the dictionary."""
    readings = prosody.sounds(text.lower())
    shortest = min(readings, key=lambda s: s.syllables)
    rhyme = frozenset(s.rhyme for s in readings)
    return Entry(text, shortest.syllables, shortest.stress, rhyme, frozenset(s.onset for s in readings), common)


def _common_length(lengths: list[int]) -> int:
    """Tokens that a common word has at most: one, unless the tokenizer knows too few words whole."""
    short = 1
    while lengths and sum(length <= short for length in lengths) < len(lengths) / 4:
        short += 1
    return short


def _token_runs(tokenizer: Tokenizer, texts: Sequence[str], lead: str) -> list[list[int]]:
    """Tokens of each text as it follows `lead`.

    All are encoded in one go and cut at byte offsets, which is a hundred times as fast as one by one; texts on which a
    cut would fall inside a token are encoded alone.
    """
    prefix = tokenizer.encode(lead) if lead else []
    ids = tokenizer.encode("".join(lead + text for text in texts))
    starts = {0: 0}
    offset = 0
    for position, token in enumerate(ids):
        offset += len(tokenizer.piece(token))
        starts[offset] = position + 1
    runs, at = [], 0
    for text in texts:
        begin, at = at + len(lead), at + len(lead) + len(text.encode())
        if begin in starts and at in starts:
            runs.append(ids[starts[begin] : starts[at]])
        else:
            runs.append(tokenizer.encode(lead + text)[len(prefix) :])
    return runs


_CACHE: weakref.WeakKeyDictionary[Tokenizer, Lexicon] = weakref.WeakKeyDictionary()


def lexicon_for(tokenizer: Tokenizer) -> Lexicon:
    """The lexicon of a tokenizer, built once."""
    if tokenizer not in _CACHE:
        _CACHE[tokenizer] = Lexicon(tokenizer)
    return _CACHE[tokenizer]
