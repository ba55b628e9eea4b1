"""A language model without weights: its logits are noise that depends on the tokens alone."""

from __future__ import annotations

import string
from collections.abc import Sequence

import numpy as np

from genart_nb.models.language import Logits, Message

WHOLE = ("the", "and", "a", "of", "night", "light", "sea", "tree", "rain", "moon", "bright", "free", "day", "say")


class LongestMatch:
    """A tokenizer of bytes, spaced letters and a few whole words."""

    def __init__(self) -> None:
        spaced = [f" {letter}" for letter in string.ascii_letters]
        words = [form for word in WHOLE for form in (f" {word}", word.capitalize())]
        self.pieces = [b"", b"", *(bytes([b]) for b in range(256)), *(text.encode() for text in [*spaced, *words])]
        self.ids = {piece: token for token, piece in enumerate(self.pieces) if piece}
        self.longest = max(map(len, self.pieces))

    @property
    def size(self) -> int:
        return len(self.pieces)

    @property
    def stops(self) -> frozenset[int]:
        return frozenset({1})

    def encode(self, text: str) -> list[int]:
        data, at, found = text.encode(), 0, []
        while at < len(data):
            size = next(n for n in range(self.longest, 0, -1) if data[at : at + n] in self.ids)
            found.append(self.ids[data[at : at + size]])
            at += size
        return found

    def decode(self, ids: Sequence[int]) -> str:
        return b"".join(self.pieces[token] for token in ids).decode(errors="replace")

    def piece(self, token: int) -> bytes:
        return self.pieces[token]

    def chat(self, messages: Sequence[Message], *, reply: str = "") -> list[int]:
        return self.encode("".join(message["content"] + "\n" for message in messages) + reply)


class NoiseDecoder:
    def __init__(self, vocab: int, capacity: int) -> None:
        self.vocab, self.capacity = vocab, capacity
        self.held: list[list[int]] = [[]]

    @property
    def rows(self) -> int:
        return len(self.held)

    @property
    def length(self) -> int:
        return len(self.held[0])

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        assert len(tokens) == self.rows and not every
        for row, new in zip(self.held, tokens, strict=True):
            row.extend(new)
        assert self.length <= self.capacity
        return np.stack([self._noise(row) for row in self.held])

    def _noise(self, row: list[int]) -> Logits:
        rng = np.random.default_rng([len(row), *row[-6:]])
        return (rng.standard_normal(self.vocab) * 3).astype(np.float32)

    def rewind(self, length: int) -> None:
        self.held = [row[:length] for row in self.held]

    def select(self, rows: Sequence[int]) -> None:
        self.held = [list(self.held[i]) for i in rows]


class NoiseModel:
    context = 2048
    nbytes = 0

    def __init__(self) -> None:
        self.tokenizer = LongestMatch()

    def start(self, capacity: int) -> NoiseDecoder:
        assert capacity <= self.context
        return NoiseDecoder(self.tokenizer.size, capacity)

    def close(self) -> None:
        pass
