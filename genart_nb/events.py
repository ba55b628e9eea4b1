"""What a job says while it runs: a closed union, so that every reader can match all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from genart_nb.artwork import Artwork
    from genart_nb.errors import GenartError


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting; `ahead` jobs come first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Loading:
    """A model is being made ready; `fraction` in 0..1."""

    what: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Step:
    """`done` of `total` steps are finished."""

    done: int
    total: int
    what: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole work as it stands, unfinished; replaces what came before."""

    data: Any


@dataclass(frozen=True, slots=True)
class Token:
    """Text that follows what came before."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The work is done and kept."""

    artwork: Artwork


@dataclass(frozen=True, slots=True)
class Failed:
    """The job stopped on an error."""

    error: GenartError


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was stopped; `partial` is what it had made, if anything."""

    partial: Artwork | None


Event = Queued | Loading | Step | Preview | Token | Finished | Failed | Cancelled
FINAL = (Finished, Failed, Cancelled)
