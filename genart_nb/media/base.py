"""What a medium must do, and where its implementation is found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from genart_nb import plugins


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a medium needs to show one work; `data` is the work itself.

    `layout` names the typography (verse, prose, screenplay ...), `colophon` is the small line below the work, `mark`
    the stable name that ends its plain text, `note` one quiet line of warning, `facts` what was measured of it.
    `live` marks a work still growing, `partial` one that was stopped.
    """

    data: Any
    layout: str = "prose"
    prompt: str = ""
    title: str = ""
    colophon: str = ""
    mark: str = ""
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    live: bool = False
    partial: bool = False


class Medium(Protocol):
    """One kind of content: text, picture, frames, score.

    A medium that can be written in other formats than its own also has `encode(data, suffix) -> bytes`; one whose
    works may differ by rounding has `compare(old, new) -> Comparison` of two `likeness.Shown`. Where the `image/png`
    of a bundle is not the work itself, the fingerprint's `still` is the SHA-256 of its pixels. One that an option may
    take has `taken(value, flag) -> data`, which reads a path, a text or an object, or raises OptionError.
    """

    name: str
    suffix: str

    def dump(self, data: Any) -> bytes:
        """The bytes of the file that keeps it."""

    def load(self, content: bytes) -> Any:
        """The inverse of `dump`."""

    def fingerprint(self, data: Any) -> dict[str, Any]:
        """Deterministic identity of the decoded content; has at least `sha256`."""

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """Mime bundle without our own JSON: always `text/plain`, and the richest stills there are."""


def medium(name: str) -> Medium:
    """The medium of that name; raises UsageError when nothing offers it."""
    return cast(Medium, plugins.load("media", name))


def sha256(content: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(content).hexdigest()
