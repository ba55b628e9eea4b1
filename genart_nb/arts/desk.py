"""The desk: where a text is written, part by part, by a model that runs here or by a server.

A script says literal parts (`say`) and asks for others (`write`); both give events, so that the engine may stop
the work at any of them. `ModelDesk` keeps each part's form by masking logits. `ServerDesk` sees no logits: it asks
for the parts one by one and makes the replies fit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from genart_nb.arts.slots import Slot
from genart_nb.events import Event, Token
from genart_nb.models.language import ChatServer, LanguageModel, Message
from genart_nb.models.sampling import uniform

Writing = Generator[Event, None, str]
Worth = Callable[[str], float]


@dataclass
class Manner:
    """How tokens are chosen; the names are the field's."""

    seed: int
    temperature: float = 0.7
    top_p: float = 0.95
    repetition_penalty: float = 1.1


@dataclass
class Desk:
    """What both desks share: the text so far, and what was measured of it."""

    manner: Manner
    text: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    draws: int = 0
    ended: bool = False
    """Whether the model itself ended the last part."""
    begins: bool = True
    """Whether the reply can be begun for the model."""
    small: bool = False
    """Whether the model is too small to keep a form or a thread on its own."""

    def begin(self, messages: Sequence[Message], reply: str = "") -> None:
        """Begin a conversation; the reply starts with `reply`, which is not shown."""
        raise NotImplementedError

    def avoid(self, text: str) -> None:
        """Let no run of words be copied from `text`, an example; a server is trusted not to."""

    def say(self, text: str) -> Iterator[Event]:
        """A literal part: shown, and read by the model as its own words."""
        raise NotImplementedError

    def best(self, slot: Slot, worth: Worth, *, shown: bool = True) -> Writing:
        """A part written several times, of which the worthiest is kept."""
        raise NotImplementedError

    def hint(self, text: str) -> None:
        """A literal part that only the model reads."""
        raise NotImplementedError

    def write(self, slot: Slot, *, shown: bool = True) -> Writing:
        """A part that the model writes; gives its text."""
        raise NotImplementedError

    def choose(self, name: str, options: Sequence[str], *, shown: bool = True) -> Writing:
        """A part that is one of `options`."""
        raise NotImplementedError

    def weigh(self, texts: Sequence[str]) -> Generator[Event, None, list[float]]:
        """Log-probability of each text, in nats, as what comes next; a server does not tell."""
        raise NotImplementedError

    def fit(self, text: str, share: float = 1.0) -> str:
        """As much of the beginning of `text` as the context holds; notes it in `facts` when that is not all."""
        raise NotImplementedError

    def measure(self, text: str) -> float:
        """Size of `text` as a share of what `fit` leaves; 1.0 just fits."""
        raise NotImplementedError

    def parts(self, text: str, share: float) -> Iterator[str]:
        """A long text in parts that each take a share of the context."""
        while text.strip():
            part = self.fit(text, share)
            self.facts.pop("cut", None)
            yield part
            text = text[max(len(part), 1) :]

    def show(self, text: str) -> Iterator[Event]:
        """Show text without the model reading it."""
        if text:
            self.text += text
            yield Token(text)

    def stream(self) -> int:
        """Number of the next stream of draws: each part has its own, so what one uses up does not move the next."""
        self.draws += 1
        return self.draws

    def chance(self, count: int = 1) -> list[float]:
        """Draws from [0, 1) that no part has used."""
        return [float(draw) for draw in uniform(self.manner.seed, self.stream(), 0, count)]

    def _note_cut(self, kept: str, whole: str) -> None:
        self.facts["cut"] = {"read": len(kept), "of": len(whole)}


def desk(model: LanguageModel | ChatServer, manner: Manner) -> Desk:
    """The desk for a model."""
    from genart_nb.arts.model_desk import ModelDesk
    from genart_nb.arts.server_desk import ServerDesk

    return ServerDesk(model, manner) if isinstance(model, ChatServer) else ModelDesk(model, manner)
