"""What every carrier of marks does, and the bounds that hostile files run into."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

MARK_MAX = 1 << 18
"""Bytes of JSON that a mark may have when written; a longer recipe is shortened, and the mark says so."""

READ_MAX = 1 << 23
"""Bytes of text that are read back from any one block of a file."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a file says of itself: our `record` (JSON, unread), and what other programs write.

    `parameters` is the text that Stable Diffusion galleries read; `software` and `comment` are the file's own words.
    """

    record: bytes | None = None
    parameters: str = ""
    software: str = ""
    comment: str = ""


class Carrier(Protocol):
    """One file format. Each method raises ValueError for a file that is broken."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings of its files, lower case."""

    def knows(self, content: bytes) -> bool:
        """Whether the file begins as this format does."""

    def put(self, content: bytes, mark: Mark) -> bytes:
        """The file with a mark; it has none yet. Raises ValueError where there is no place for one."""

    def find(self, content: bytes) -> Found:
        """What the file says of itself."""

    def strip(self, content: bytes) -> bytes:
        """The file without our mark: the inverse of `put`."""


def inflated(content: bytes) -> bytes:
    """A zlib stream, as far as READ_MAX; raises ValueError for what is none."""
    try:
        return zlib.decompressobj().decompress(content, READ_MAX)
    except zlib.error as error:
        raise ValueError(f"it does not unpack: {error}") from None


def text_of(content: bytes) -> str:
    """UTF-8, or Latin-1 where it is none, as far as READ_MAX."""
    try:
        return content[:READ_MAX].decode()
    except UnicodeDecodeError:
        return content[:READ_MAX].decode("latin-1")
