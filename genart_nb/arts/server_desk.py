"""A desk for a server: parts are asked for one by one, and the replies are made to fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from genart_nb.arts.desk import Desk, Manner, Worth, Writing
from genart_nb.arts.slots import Slot
from genart_nb.errors import ServerError
from genart_nb.events import Event, Preview, Token
from genart_nb.models.language import ChatServer, Message

SERVER_ROOM = 24_000
"""Characters sent to a server, which does not tell its context: 6,000 tokens of English."""


class ServerDesk(Desk):
    """Writes with a server that streams text."""

    def __init__(self, server: ChatServer, manner: Manner) -> None:
        super().__init__(manner, begins=False)
        self.server = server
        self._messages: list[Message] = []
        self._so_far = ""

    def begin(self, messages: Sequence[Message], reply: str = "") -> None:
        """Begin a conversation."""
        self._messages = list(messages)
        self._so_far = ""

    def say(self, text: str) -> Iterator[Event]:
        """A literal part, told to the server with the next request."""
        self.hint(text)
        yield from self.show(text)

    def hint(self, text: str) -> None:
        """A literal part that is not shown."""
        self._so_far += text

    def write(self, slot: Slot, *, shown: bool = True) -> Writing:
        """A part, asked for in words and made to fit; a long one streams."""
        before, reply = self.text, ""
        messages = self._messages if not slot.ask else self._asking(slot.ask)
        streams = shown and not slot.label and not slot.only
        for part in self._reply(messages, slot):
            reply += part
            yield from self.show(part) if streams else [Token("")]
        fitted = slot.clean(reply)
        if not fitted:
            raise ServerError(
                f"The server's reply holds no {slot.name}: {reply[:80]!r}.", "try another seed, or another model"
            )
        if streams and reply != fitted:
            self.text = before + fitted
            yield Preview(self.text)
        elif shown and not streams:
            yield from self.show(fitted)
        self._so_far += fitted
        return fitted

    def best(self, slot: Slot, worth: Worth, *, shown: bool = True) -> Writing:
        """A server needs no second try."""
        return (yield from self.write(slot, shown=shown))

    def choose(self, name: str, options: Sequence[str], *, shown: bool = True) -> Writing:
        """One of `options`; the first that the reply names."""
        reply = ""
        asked = f"the {name}: one of {', '.join(options)}"
        for part in self._reply(self._asking(asked), Slot(name, words=8)):
            reply += part
            yield Token("")
        found = [(reply.lower().find(option.lower()), option) for option in options]
        chosen = min((place, option) for place, option in [*found, (10**9, options[0])] if place >= 0)[1]
        self._so_far += chosen
        if shown:
            yield from self.show(chosen)
        return chosen

    def fit(self, text: str, share: float = 1.0) -> str:
        """Cut to what most servers take, at 4 characters a token; they do not tell their context."""
        room = int(SERVER_ROOM * share)
        if len(text) <= room:
            return text
        kept = text[:room].rsplit(None, 1)[0]
        self._note_cut(kept, text)
        return kept

    def measure(self, text: str) -> float:
        """Characters, as a share of what `fit` leaves."""
        return len(text) / SERVER_ROOM

    def _asking(self, what: str) -> list[Message]:
        so_far = f"What is written so far:\n\n{self._so_far}\n\n" if self._so_far else ""
        ask = f"{so_far}Write only {what}. Nothing else: no comment, no heading, no quotation marks around it."
        last = self._messages[-1]
        return [*self._messages[:-1], {"role": "user", "content": f"{last['content']}\n\n{ask}"}]

    def _reply(self, messages: Sequence[Message], slot: Slot) -> Iterator[str]:
        temperature = self.manner.temperature if slot.temperature is None else slot.temperature
        yield from self.server.stream(
            messages, seed=(self.manner.seed + self.stream() - 1) % 2**31, temperature=temperature,
            top_p=self.manner.top_p, max_tokens=3 * slot.words + 64,
        )  # fmt: skip
