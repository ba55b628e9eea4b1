"""A trie of words over a tokenizer's tokens, as columns of numbers: quick to search, and to keep on disk.

Node 0 begins a line (capital, no space before it), node 1 any later word (space, own case).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts import prosody
from genart_nb.arts.dictionary import dictionary
from genart_nb.models.language import Tokenizer

Ints = NDArray[np.int32]
Sounds = frozenset[prosody.Phones]


@dataclass(frozen=True, slots=True)
class Trie:
    """Words with their sounds, and where they lie in the trie.

    `rhyme_of` and `onset_of` say which of `rhymes` and `onsets` a word's readings have. `parents` and `tokens` are by
    node (-1 at the roots), and a word of number `leaf_words[i]` ends on node `leaves[i]`. `whole` is (words, 2): the
    token that is all of a word, at the head of a line and later; -1 where there is none. `common` marks words of few
    tokens.
    """

    words: tuple[str, ...]
    stresses: tuple[str, ...]
    rhymes: tuple[Sounds, ...]
    onsets: tuple[Sounds, ...]
    rhyme_of: Ints
    onset_of: Ints
    common: NDArray[np.bool_]
    parents: Ints
    tokens: Ints
    leaves: Ints
    leaf_words: Ints
    whole: Ints


@lru_cache(maxsize=1)
def vocabulary() -> tuple[str, ...]:
    """Words verse may use, in the case they are written in; possessives of the shorter ones included."""
    known = dictionary()
    listed = word_list().split()
    owners = [f"{w}'s" for w in listed if len(w) > 2 and f"{w}'s" in known and "'" not in w]
    return tuple(w for w in dict.fromkeys([*listed, *owners]) if w.lower() in known)


def word_list() -> str:
    """SCOWL's commonest words that CMUdict also has, one a line."""
    return resources.files(__package__).joinpath("words.txt").read_text("utf-8")


def grow(tokenizer: Tokenizer, words: Sequence[str]) -> Trie:
    """The trie of some words of the dictionary."""
    later = _token_runs(tokenizer, [f" {word}" for word in words], "")
    first = _token_runs(tokenizer, [word[0].upper() + word[1:] for word in words], "\n")
    short = _common_length([len(run) for run in later])
    readings = [prosody.sounds(word.lower()) for word in words]
    rhymes, rhyme_of = _numbered(frozenset(sound.rhyme for sound in each) for each in readings)
    onsets, onset_of = _numbered(frozenset(sound.onset for sound in each) for each in readings)
    shortest = (min(each, key=lambda sound: sound.syllables) for each in readings)
    parents, tokens, word_at = _planted(first, later)
    whole = [[run[0] if len(run) == 1 else -1 for run in pair] for pair in zip(first, later, strict=True)]
    return Trie(
        tuple(words), tuple(sound.stress for sound in shortest), rhymes, onsets, rhyme_of, onset_of,
        np.array([len(run) <= short for run in later], bool), _ints(parents), _ints(tokens),
        _ints(word_at.keys()), _ints(word_at.values()), _ints(whole).reshape(-1, 2),
    )  # fmt: skip


def _planted(first: Sequence[list[int]], later: Sequence[list[int]]) -> tuple[list[int], list[int], dict[int, int]]:
    """Parents and tokens by node, and the word that ends on each leaf: the first, where several would."""
    parents, tokens = [-1, -1], [-1, -1]
    below: dict[tuple[int, int], int] = {}
    word_at: dict[int, int] = {}
    for index, runs in enumerate(zip(first, later, strict=True)):
        for node, run in enumerate(runs):
            for token in run:
                found = below.get((node, token))
                if found is None:
                    found = below[node, token] = len(parents)
                    parents.append(node)
                    tokens.append(token)
                node = found
            word_at.setdefault(node, index)
    return parents, tokens, word_at


def _numbered(found: Iterable[Sounds]) -> tuple[tuple[Sounds, ...], Ints]:
    """The distinct ones, and the number of each."""
    numbers: dict[Sounds, int] = {}
    which = [numbers.setdefault(each, len(numbers)) for each in found]
    return tuple(numbers), _ints(which)


def _ints(values: Iterable[object]) -> Ints:
    return np.array(list(values), np.int32)


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
