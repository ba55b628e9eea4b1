"""What every language model offers the art forms: decoding by rows, with rewinding, or a stream from a server.

Two protocols, because a server keeps its logits to itself:

- `LanguageModel` runs here. `start()` gives a `Decoder`, from which any sampler, search or constraint is built.
- `ChatServer` runs elsewhere. It streams text, and form can only be checked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypedDict, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import UsageError

Logits = NDArray[np.float32]


class Message(TypedDict):
    """One turn of a conversation; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


class Tokenizer(Protocol):
    """Text to token ids and back."""

    @property
    def size(self) -> int:
        """Number of token ids the logits cover."""

    @property
    def stops(self) -> frozenset[int]:
        """Ids that end a turn."""

    def encode(self, text: str) -> list[int]:
        """Ids of `text`, with no special tokens added and none recognised inside it."""

    def decode(self, ids: Sequence[int]) -> str:
        """Text of `ids`; special tokens are left out, broken UTF-8 becomes U+FFFD."""

    def piece(self, token: int) -> bytes:
        """Exact bytes that one token stands for (empty for a special token)."""

    def chat(self, messages: Sequence[Message], *, reply: str = "") -> list[int]:
        """Ids of a conversation up to the assistant's turn, which is begun with `reply`."""


@runtime_checkable
class Identified(Protocol):
    """What a tokenizer may be as well: known by its content, so that what follows from it can be kept on disk."""

    @property
    def digest(self) -> str:
        """The same for tokenizers that read and write alike, whatever the process."""


class Decoder(Protocol):
    """Rows of one batch, decoded in step. Not thread-safe; results depend on the tokens alone."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    @property
    def length(self) -> int:
        """Tokens that each row holds."""

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        """Feed `n` tokens to each row.

        `tokens` is (rows, n). Returns float32 logits of the next token, (rows, vocab);
        with `every`, after each token fed, (rows, n, vocab).
        """

    def rewind(self, length: int) -> None:
        """Forget all but the first `length` tokens of every row."""

    def select(self, rows: Sequence[int]) -> None:
        """Keep, drop, reorder or duplicate rows, as an index into the present ones."""


@runtime_checkable
class LanguageModel(Protocol):
    """Weights in memory that continue text."""

    nbytes: int
    """Memory held by the weights, in bytes."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Text to token ids and back."""

    @property
    def context(self) -> int:
        """Longest row, in tokens."""

    def start(self, capacity: int) -> Decoder:
        """Begin an empty one-row decoder with room for `capacity` tokens a row."""

    def close(self) -> None:
        """Free the memory."""


@runtime_checkable
class ChatServer(Protocol):
    """A model behind an OpenAI-compatible HTTP API."""

    nbytes: int

    def stream(
        self, messages: Sequence[Message], *, seed: int, temperature: float, top_p: float, max_tokens: int
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come."""

    def close(self) -> None:
        """Free the connection."""


def due(tokens: Sequence[Sequence[int]], rows: int, length: int, capacity: int, vocab: int) -> NDArray[np.int64]:
    """What may be appended to a decoder, as an array (rows, n).

    Raises ValueError for another shape or unknown ids, UsageError where the decoder has no room left.
    """
    fed = np.asarray(tokens, np.int64)
    if fed.ndim != 2 or fed.shape[0] != rows or fed.shape[1] == 0:
        raise ValueError(f"{rows} rows of one or more tokens are due, not an array of shape {fed.shape}")
    if fed.min() < 0 or fed.max() >= vocab:
        raise ValueError(f"token ids run from 0 to {vocab - 1}")
    if length + fed.shape[1] > capacity:
        raise UsageError(
            f"{length + fed.shape[1]} tokens do not fit the {capacity} that this decoder has room for.",
            "shorten the prompt, or ask for a shorter work",
        )
    return fed
