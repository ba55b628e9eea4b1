"""What a music model promises, whatever family it is of: a brief goes in, drafts of a song come out, note by note."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from genart_nb.media.song import Song


@dataclass(frozen=True, slots=True)
class MusicBrief:
    """One piece to be written.

    `tonic` is a pitch class 0..11; `density`, `leaps` and `register` are 1 (low), 2 or 3 (high) thirds of the style's
    own pieces, 0 where it does not matter. `before` is a song to go on from, which stays as it is; `melody` one whose
    top voice is kept while the others are written below it. `form` is one letter for each phrase, such as `AABA'`, all
    of one length; where it is empty the model has its own way.
    """

    style: str
    tonic: int
    mode: str
    metre: str
    bars: int
    seed: int
    density: int = 0
    leaps: int = 0
    register: int = 0
    temperature: float = 1.0
    before: Song | None = None
    melody: Song | None = None
    form: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A song as far as it is written: `done` of `total` ticks; `song()` is what there is, dear enough to ask rarely."""

    done: int
    total: int
    song: Callable[[], Song]
    facts: Mapping[str, Any] = field(default_factory=dict)
    final: bool = False


class MusicModel(Protocol):
    """One loaded model. `styles` it can write, and the metres of each, the most usual first."""

    styles: Mapping[str, tuple[str, ...]]
    nbytes: int

    def compose(self, brief: MusicBrief) -> Iterator[Draft]:
        """Yield a draft after every note; the last one is final. Raises OptionError for what it cannot write."""

    def close(self) -> None:
        """Free the memory."""
