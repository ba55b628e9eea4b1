"""What each token of a vocabulary is made of, so that a form can be kept by masking logits."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.models.language import Tokenizer

Mask = NDArray[np.bool_]

CONTROLS = "".join(map(chr, (*range(10), *range(11, 32), 127)))
"""Control characters, except the line feed, that no work ever holds."""

COARSE = frozenset(b"bitch fuck fucking fucked shit shitty asshole bastard cunt whore slut nigger faggot".split())
"""Words that a small model, which does not know what it says, is kept from."""

_known: weakref.WeakKeyDictionary[Any, Vocabulary] = weakref.WeakKeyDictionary()


class Vocabulary:
    """Bytes of every token, and masks over them (True where a token has the property); each is made once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.pieces = [tokenizer.piece(token) for token in range(tokenizer.size)]
        self._masks: dict[tuple[str, str], Mask] = {}
        self.special = self._mask(not piece for piece in self.pieces)
        self.spaced = self._mask(piece[:1].isspace() for piece in self.pieces)
        self.blank = self._mask(piece.isspace() for piece in self.pieces)
        self.worded = self._mask(piece[:1] == b" " and not piece[1:2].isspace() for piece in self.pieces)
        self.closing = self._mask(piece[:1] in (b".", b"!", b"?") for piece in self.pieces)
        self.coarse = self._mask(piece.strip().lower() in COARSE for piece in self.pieces)
        self.wordy = self._mask(len(piece.strip()) > 3 and piece.strip().isalpha() for piece in self.pieces)

    def holding(self, characters: str) -> Mask:
        """Tokens with any of these ASCII characters in them."""
        return self._kept("holding", characters, lambda piece, wanted: any(byte in wanted for byte in piece))

    def opening(self, characters: str) -> Mask:
        """Tokens that begin with one of these ASCII characters."""
        return self._kept("opening", characters, lambda piece, wanted: piece[:1] != b"" and piece[0] in wanted)

    def made_of(self, characters: str) -> Mask:
        """Tokens with nothing but these ASCII characters in them."""
        return self._kept("made_of", characters, lambda piece, wanted: piece != b"" and not piece.strip(wanted))

    def _kept(self, kind: str, characters: str, test: Any) -> Mask:
        key = kind, "".join(sorted(characters))
        if key not in self._masks:
            wanted = characters.encode("ascii")
            self._masks[key] = self._mask(test(piece, wanted) for piece in self.pieces)
        return self._masks[key]

    def _mask(self, flags: Any) -> Mask:
        return np.fromiter(flags, np.bool_, len(self.pieces))


def vocabulary(tokenizer: Tokenizer) -> Vocabulary:
    """The Vocabulary of a tokenizer, made on first use (0.2 s for 50,000 tokens)."""
    if tokenizer not in _known:
        _known[tokenizer] = Vocabulary(tokenizer)
    return _known[tokenizer]
