"""A language model whose logits are noise: what keeps its form with this one keeps it with any."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from genart_nb.models.language import Logits, Message

STOP = 0
WORDS = [
    "the",
    "a",
    "sea",
    "and",
    "light",
    "keeper",
    "old",
    "said",
    "night",
    "went",
    "door",
    "she",
    "he",
    "we",
    "to",
    "of",
    "in",
    "was",
    "is",
    "are",
    "dont",
    "wich",
    "there",
    "their",
    "Mara",
    "Tom",
    "1",
    "2",
    "7",
    "42",
    "red",
    "blue",
    "sun",
]


class Pieces:
    """Single bytes, and some words with a space before them."""

    def __init__(self) -> None:
        pieces = [b"", *(bytes([byte]) for byte in range(256))]
        pieces += [(" " + word).encode() for word in WORDS]
        pieces += [
            b'",\n',
            b".\n",
            b"\n\n",
            b'."',
            b"\\u",
            b"{}",
            b"</p>",
            b"```",
            "é".encode(),
            "。".encode(),
            " 世界".encode(),
        ]
        self._pieces = pieces
        self._ids = {piece: token for token, piece in enumerate(pieces) if piece}
        self.size = len(pieces)
        self.stops = frozenset({STOP})

    def encode(self, text: str) -> list[int]:
        data, ids, at = text.encode("utf-8", "replace"), [], 0
        while at < len(data):
            size = next(n for n in range(8, 0, -1) if data[at : at + n] in self._ids)
            ids.append(self._ids[data[at : at + size]])
            at += size
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        return b"".join(map(self.piece, ids)).decode("utf-8", "replace")

    def piece(self, token: int) -> bytes:
        return self._pieces[token]

    def chat(self, messages: Sequence[Message], *, reply: str = "") -> list[int]:
        return self.encode("".join(f"{turn['role']}: {turn['content']}\n" for turn in messages) + "assistant: " + reply)


class NoiseDecoder:
    """Logits are a function of the tokens of each row, and of nothing else."""

    def __init__(self, model: Noise, capacity: int) -> None:
        self.model, self.capacity = model, capacity
        self._rows: list[list[int]] = [[]]

    @property
    def rows(self) -> int:
        return len(self._rows)

    @property
    def length(self) -> int:
        return len(self._rows[0])

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        assert len(tokens) == self.rows and len({len(row) for row in tokens}) == 1 and len(tokens[0])
        assert self.length + len(tokens[0]) <= self.capacity, "past the capacity"
        found = []
        for row, fresh in zip(self._rows, tokens, strict=True):
            each = []
            for place, token in enumerate(fresh):
                row.append(token)
                if every or place == len(fresh) - 1:
                    each.append(self.model.noise(row))
            found.append(each)
        logits = np.stack([np.stack(each) for each in found])
        return logits if every else logits[:, -1]

    def rewind(self, length: int) -> None:
        assert 0 <= length <= self.length
        self._rows = [row[:length] for row in self._rows]

    def select(self, rows: Sequence[int]) -> None:
        self._rows = [list(self._rows[row]) for row in rows]


class Noise:
    """A model that has learnt nothing; `nbytes` decides whether it is led by the hand."""

    def __init__(self, context: int = 4096, nbytes: int = 1000) -> None:
        self.tokenizer = Pieces()
        self.context, self.nbytes = context, nbytes
        self.closed = False

    def noise(self, row: Sequence[int]) -> Logits:
        key = zlib.crc32(np.asarray(row[-24:], np.int32).tobytes())
        logits = np.random.default_rng(key).normal(0, 3, self.tokenizer.size).astype(np.float32)
        logits[257:] += 3  # words and traps more often than single bytes
        return logits

    def start(self, capacity: int) -> NoiseDecoder:
        assert 0 < capacity <= self.context
        return NoiseDecoder(self, capacity)

    def close(self) -> None:
        self.closed = True


class Parrot:
    """A server that always replies the same."""

    nbytes = 0

    def __init__(self, *replies: str) -> None:
        self.replies, self.asked = replies, 0

    def stream(self, messages: Sequence[Message], *, seed: int, temperature: float, top_p: float, max_tokens: int):  # type: ignore[no-untyped-def]
        reply = self.replies[min(self.asked, len(self.replies) - 1)]
        self.asked += 1
        for at in range(0, len(reply), 7):
            yield reply[at : at + 7]

    def close(self) -> None:
        pass
