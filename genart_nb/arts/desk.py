"""The desk: where a text is written, part by part, by a model that runs here or by a server.

A script says literal parts (`say`) and asks for others (`write`); both give events, so that the engine may stop
the work at any of them. `ModelDesk` keeps each part's form by masking logits. `ServerDesk` sees no logits: it asks
for the parts one by one and makes the replies fit.
"""

from __future__ import annotations

import codecs
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from genart_nb.arts.slots import Slot, ends_sentence, flat
from genart_nb.arts.vocabulary import CONTROLS, Mask, vocabulary
from genart_nb.errors import ServerError
from genart_nb.events import Event, Preview, Step, Token
from genart_nb.models.language import ChatServer, Decoder, LanguageModel, Logits, Message

Writing = Generator[Event, None, str]

READ_AT_ONCE = 128
"""Prompt tokens fed between two yields, so that a long prompt can be cancelled."""

CANDIDATES = 64
"""Tokens considered at each step (top-k)."""

MIN_P = 0.05
"""Least probability of a token, as a share of the likeliest one's: what keeps a small model from straying."""

NO_REPEAT = 5
"""No run of this many tokens is written twice."""

REPLY_ROOM = 1024
"""Tokens of the context kept for what will be written."""

SERVER_ROOM = 24_000
"""Characters sent to a server, which does not tell its context: 6,000 tokens of English."""

SMALL = 1_500_000_000
"""Bytes of weights below which a model is led by the hand."""


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
    small: bool = False
    """Whether the model is too small to keep a form or a thread on its own."""

    def begin(self, messages: Sequence[Message], reply: str = "") -> None:
        """Begin a conversation; the reply starts with `reply`, which is not shown."""
        raise NotImplementedError

    def say(self, text: str) -> Iterator[Event]:
        """A literal part: shown, and read by the model as its own words."""
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

    def rng(self) -> np.random.Generator:
        """A stream of its own for each part: what one part uses up does not move the next."""
        self.draws += 1
        return np.random.Generator(np.random.Philox(key=[self.manner.seed, self.draws]))

    def _note_cut(self, kept: str, whole: str) -> None:
        self.facts["cut"] = {"read": len(kept), "of": len(whole)}


class ModelDesk(Desk):
    """Writes with a model that runs here."""

    def __init__(self, model: LanguageModel, manner: Manner) -> None:
        super().__init__(manner)
        self.model, self.tokenizer = model, model.tokenizer
        self.small = model.nbytes < SMALL
        self.vocabulary = vocabulary(model.tokenizer)
        self._decoder: Decoder | None = None
        self._capacity = 0
        self._fed: list[int] = []
        self._due: list[int] = []
        self._logits: Logits | None = None
        self._lead = ""
        self._written: list[int] = []

    def begin(self, messages: Sequence[Message], reply: str = "") -> None:
        """Begin a conversation; what it shares with the last one is not read again."""
        self._lead = " " if reply.endswith(" ") else ""
        self._due = self.tokenizer.chat(messages, reply=reply.removesuffix(" "))
        needed = min(self.model.context, len(self._due) + REPLY_ROOM)
        if self._decoder is None or self._capacity < needed:
            self._decoder, self._capacity, self._fed = self.model.start(needed), needed, []
        shared = _common(self._fed, self._due[:-1])
        self._decoder.rewind(shared)
        self._fed, self._due = self._fed[:shared], self._due[shared:]

    def say(self, text: str) -> Iterator[Event]:
        """A literal part. Its last space is left to the next token, as the tokenizer would have it."""
        yield from self.show(text)
        self.hint(text)

    def hint(self, text: str) -> None:
        """A literal part that is not shown."""
        if text:
            self._feed(self._lead + text.removesuffix(" "))
            self._lead = " " if text.endswith(" ") else ""

    def write(self, slot: Slot, *, shown: bool = True) -> Writing:
        """A part that the model writes, token by token."""
        rng, pen = self.rng(), _Pen(slot.raw)
        banned = self._banned(slot)
        if slot.only and self._lead:
            self._feed(" ")
            self._lead = ""
        for count in range(slot.max_tokens + 16):
            yield from self._read()
            scores = self._scores(slot, pen, banned, count)
            token = draw(scores, slot, self.manner, rng)
            piece = self.vocabulary.pieces[token]
            over = count >= slot.max_tokens and not piece[:1].isalpha()
            self.ended = token in self.tokenizer.stops
            if self.ended or over or (pen.text and piece[:1].isspace() and slot.full(pen.text)):
                break
            kept, ended = _until(piece, slot.stop)
            fresh = pen.add(kept)
            yield from self.show(fresh) if shown else [Token("")]
            if ended:
                self._feed(kept.decode("utf-8", "ignore"))
                break
            self._due.append(token)
            self._written.append(token)
            if not fresh:
                yield Token("")
        yield from self._close(slot, pen, shown)
        return pen.text

    def choose(self, name: str, options: Sequence[str], *, shown: bool = True) -> Writing:
        """One of `options`, drawn by how likely the model finds each (mean log-probability of its tokens)."""
        yield from self._read()
        assert self._decoder is not None and self._logits is not None
        start, first = self._decoder.length, self._logits
        scores = []
        for option in options:
            ids = self.tokenizer.encode(self._lead + option)
            rows = [log_softmax(first)[ids[0]]]
            if len(ids) > 1:
                after = self._decoder.append([ids[:-1]], every=True)[0]
                rows += [log_softmax(row)[token] for row, token in zip(after, ids[1:], strict=True)]
                self._decoder.rewind(start)
            scores.append(float(np.mean(rows)))
            yield Token("")
        chances = np.exp((np.array(scores) - max(scores)) / max(self.manner.temperature, 1e-3))
        chosen = options[int(np.searchsorted(np.cumsum(chances) / chances.sum(), self.rng().random()))]
        self._feed(self._lead + chosen)
        self._lead = ""
        if shown:
            yield from self.show(chosen)
        return chosen

    def weigh(self, texts: Sequence[str]) -> Generator[Event, None, list[float]]:
        """Log-probability of each text, in nats, as what comes next; none is kept."""
        yield from self._read()
        assert self._decoder is not None and self._logits is not None
        start, first = self._decoder.length, self._logits
        weights: list[float] = []
        last: list[int] = []
        rows: list[Logits] = []
        for text in texts:
            ids = self.tokenizer.encode(text)
            shared = min(_common(last[:-1], ids[:-1]), len(rows))
            self._decoder.rewind(start + shared)
            fresh = self._decoder.append([ids[shared:-1]], every=True)[0] if len(ids) - 1 > shared else []
            rows = [*rows[:shared], *(log_softmax(row) for row in fresh)]
            last = ids
            weights.append(float(sum(row[token] for row, token in zip([log_softmax(first), *rows], ids, strict=True))))
            yield Token("")
        self._decoder.rewind(start)
        return weights

    def fit(self, text: str, share: float = 1.0) -> str:
        """Cut to the tokens that the context leaves."""
        room = int(self._room * share)
        rough = text[: 8 * room]
        ids = self.tokenizer.encode(rough)
        if len(ids) <= room and len(rough) == len(text):
            return text
        kept = self.tokenizer.decode(ids[:room]).rstrip("\ufffd")
        kept = kept.rsplit(None, 1)[0] if " " in kept else kept
        self._note_cut(kept, text)
        return kept

    def measure(self, text: str) -> float:
        """Tokens of `text` as a share of those the context leaves."""
        return len(self.tokenizer.encode(text[: 16 * self._room])) / self._room

    @property
    def _room(self) -> int:
        """Tokens left for what is given: a tenth goes to instructions, some to the reply."""
        return int(0.9 * (self.model.context - min(REPLY_ROOM, self.model.context // 3)))

    def _feed(self, text: str) -> None:
        """Queue a literal part, in the tokens it has when a word follows: two line ends alone are another token."""
        if not text[-1:].isspace():
            self._due += self.tokenizer.encode(text)
        else:
            whole, word = self.tokenizer.encode(text + "A"), self.tokenizer.encode("A")
            fits = whole[-len(word) :] == word
            self._due += whole[: -len(word)] if fits else self.tokenizer.encode(text)

    def _read(self) -> Iterator[Event]:
        """Feed what is due, in pieces small enough to stop between."""
        assert self._decoder is not None
        whole = len(self._due)
        for at in range(0, whole, READ_AT_ONCE):
            if whole > READ_AT_ONCE:
                yield Step(at, whole, "reading")
            self._logits = self._decoder.append([self._due[at : at + READ_AT_ONCE]])[0]
        self._fed += self._due
        self._due = []

    def _banned(self, slot: Slot) -> Mask:
        words = self.vocabulary
        if slot.only:
            return np.asarray(~words.made_of(slot.only))
        banned = words.special | words.holding(CONTROLS)
        return np.asarray(banned | words.holding(slot.ban) if slot.ban else banned)

    def _scores(self, slot: Slot, pen: _Pen, banned: Mask, count: int) -> Logits:
        """Logits of the next token under the slot's form."""
        assert self._logits is not None
        words, stops = self.vocabulary, list(self.tokenizer.stops)
        scores = self._logits.copy()
        self._discourage(scores, slot)
        scores[banned] = -np.inf
        if slot.begun(pen.text):
            scores[stops] = self._logits[stops]
        else:
            scores[stops] = -np.inf
            if slot.stop:
                scores[words.holding(slot.stop)] = -np.inf
        if not pen.text and not slot.raw:
            if self._lead:
                scores[~words.worded] = -np.inf
            else:
                scores[words.spaced] = -np.inf
        elif not slot.label and not slot.raw and (over := pen.words - slot.words) > 0:
            likeliest = words.pieces[int(self._logits.argmax())]
            if not likeliest[:1].isalpha() and not ends_sentence(pen.text):
                scores[words.closing & ~banned] += 0.5 * over
        if not np.isfinite(scores).any():
            scores[stops] = 0.0
        return scores

    def _discourage(self, scores: Logits, slot: Slot) -> None:
        """Lower words written lately, and forbid words that would finish a run written before."""
        penalty = self.manner.repetition_penalty if slot.penalty is None else slot.penalty
        recent = np.array(sorted(set(self._written[-256:])), np.int64)
        if penalty == 1 or not len(recent):
            return
        recent = recent[self.vocabulary.wordy[recent]]
        scores[recent] = np.where(scores[recent] > 0, scores[recent] / penalty, scores[recent] * penalty)
        tail = self._written[-NO_REPEAT + 1 :]
        for at in range(len(self._written) - NO_REPEAT + 1):
            if self._written[at : at + NO_REPEAT - 1] == tail:
                again = self._written[at + NO_REPEAT - 1]
                if self.vocabulary.spaced[again]:  # never in the middle of a word
                    scores[again] = -np.inf

    def _close(self, slot: Slot, pen: _Pen, shown: bool) -> Iterator[Event]:
        missing = slot.ending(pen.text)
        if missing:
            pen.text += missing
            self._feed(missing)
            if shown:
                yield from self.show(missing)
        self._lead = ""


class _Pen:
    """Bytes become text: characters wait until they are whole, spaces until something follows them."""

    def __init__(self, raw: bool = False) -> None:
        self.text = ""
        self._raw = raw
        self._waiting = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def words(self) -> int:
        return len(self.text.split())

    def add(self, piece: bytes) -> str:
        """Take in bytes; gives the text that they complete."""
        waiting = self._waiting + flat(self._decoder.decode(piece))
        if not self.text and not self._raw:
            waiting = waiting.lstrip()
        solid = waiting if self._raw else waiting.rstrip()
        self._waiting = waiting[len(solid) :]
        self.text += solid
        return solid


class ServerDesk(Desk):
    """Writes with a server that streams text."""

    def __init__(self, server: ChatServer, manner: Manner) -> None:
        super().__init__(manner)
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
        for part in self._stream(messages, slot):
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

    def choose(self, name: str, options: Sequence[str], *, shown: bool = True) -> Writing:
        """One of `options`; the first that the reply names."""
        reply = ""
        asked = f"the {name}: one of {', '.join(options)}"
        for part in self._stream(self._asking(asked), Slot(name, words=8)):
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

    def _stream(self, messages: Sequence[Message], slot: Slot) -> Iterator[str]:
        self.draws += 1
        temperature = self.manner.temperature if slot.temperature is None else slot.temperature
        yield from self.server.stream(
            messages, seed=(self.manner.seed + self.draws - 1) % 2**31, temperature=temperature,
            top_p=self.manner.top_p, max_tokens=3 * slot.words + 64,
        )  # fmt: skip


def desk(model: LanguageModel | ChatServer, manner: Manner) -> Desk:
    """The desk for a model."""
    return ServerDesk(model, manner) if isinstance(model, ChatServer) else ModelDesk(model, manner)


def draw(scores: Logits, slot: Slot, manner: Manner, rng: np.random.Generator) -> int:
    """Draw one token: temperature, then top-k, min-p and top-p; the likeliest one at temperature 0."""
    temperature = manner.temperature if slot.temperature is None else slot.temperature
    if temperature == 0:
        return int(scores.argmax())
    top = np.argpartition(-scores, CANDIDATES)[:CANDIDATES] if len(scores) > CANDIDATES else np.arange(len(scores))
    top = top[np.lexsort((top, -scores[top]))]
    chances = np.exp((scores[top].astype(np.float64) - scores[top[0]]) / temperature)
    chances[chances < MIN_P] = 0
    before = np.cumsum(chances) - chances
    chances[before >= manner.top_p * chances.sum()] = 0
    return int(top[np.searchsorted(np.cumsum(chances), rng.random() * chances.sum(), side="right")])


def log_softmax(logits: Logits) -> Logits:
    """Log-probabilities."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))


def _until(piece: bytes, stop: str) -> tuple[bytes, bool]:
    """What comes before a stop character, and whether there is one."""
    places = [place for place in (piece.find(mark.encode()) for mark in stop) if place >= 0]
    return (piece[: min(places)], True) if places else (piece, False)
