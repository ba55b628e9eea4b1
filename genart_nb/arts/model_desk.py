"""A desk for a model that runs here: every part keeps its form because no other token may come."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np

from genart_nb.arts.desk import Desk, Manner, Worth, Writing
from genart_nb.arts.line import Line, until
from genart_nb.arts.slots import Slot, ends_sentence
from genart_nb.arts.vocabulary import CONTROLS, Mask, vocabulary
from genart_nb.events import Event, Step, Token
from genart_nb.models.language import Decoder, LanguageModel, Logits, Message
from genart_nb.models.sampling import Sampler, repeats

READ_AT_ONCE = 128
"""Prompt tokens fed between two yields, so that a long prompt can be cancelled."""

CANDIDATES = 64  # tokens considered at each step (top-k)

MIN_P = 0.05
"""Least probability of a token, as a share of the likeliest one's: what keeps a small model from straying."""

NO_REPEAT = 5  # no run of this many tokens is written twice

REPLY_ROOM = 1024  # tokens of the context kept for what will be written

DRAFTS = 4  # written side by side where the best is kept: four rows cost little more than one

SMALL = 1_500_000_000
"""Bytes of weights below which a model is led by the hand."""


class ModelDesk(Desk):
    """Writes with a model that runs here."""

    def __init__(self, model: LanguageModel, manner: Manner) -> None:
        super().__init__(manner, small=model.nbytes < SMALL)
        self.model, self.tokenizer = model, model.tokenizer
        self.vocabulary = vocabulary(model.tokenizer)
        self._decoder: Decoder | None = None
        self._capacity = 0
        self._fed: list[int] = []
        self._due: list[int] = []
        self._next: Logits = np.zeros((1, 0), np.float32)
        self._lead = ""
        self._written: list[int] = []
        self._avoided: list[int] = []

    @property
    def decoder(self) -> Decoder:
        """The decoder; there is one once a conversation has begun."""
        assert self._decoder is not None, "begin a conversation first"
        return self._decoder

    def begin(self, messages: Sequence[Message], reply: str = "") -> None:
        """Begin a conversation; what it shares with the last one is not read again."""
        self._lead, self._due = "", self._fitted(list(messages))
        self.hint(reply)
        needed = min(self.model.context, len(self._due) + REPLY_ROOM)
        if self._decoder is None or self._capacity < needed:
            self._decoder, self._capacity, self._fed = self.model.start(needed), needed, []
        shared = min(_common(self._fed, self._due), len(self._due) - 1)
        self._decoder.rewind(shared)
        self._fed, self._due = self._fed[:shared], self._due[shared:]

    def avoid(self, text: str) -> None:
        """Let no run of `NO_REPEAT` tokens be copied from `text`."""
        self._avoided = self.tokenizer.encode(text)

    def say(self, text: str) -> Iterator[Event]:
        """A literal part."""
        self.hint(text)
        yield from self.show(text)

    def hint(self, text: str) -> None:
        """A literal part that is not shown; its last space is left to the next token, as the tokenizer has it."""
        if text:
            self._feed(self._lead + text.removesuffix(" "))
            self._lead = " " if text.endswith(" ") else ""

    def write(self, slot: Slot, *, shown: bool = True) -> Writing:
        """A part that the model writes, token by token."""
        yield from self._read(slot)
        line, banned = self._line(slot), self._banned(slot)
        for step in range(slot.max_tokens + 16):
            token, fresh = self._advance(line, self._next[0], banned, step)
            yield from self.show(fresh) if shown and fresh else [Token("")]
            if token is None or not self._has_room():
                break
            self._due.append(token)
            self._written.append(token)
            yield from self._read()
        self._feed(line.unfed + line.missing)
        if shown:
            yield from self.show(line.missing)
        self.ended, self._lead = line.ended, ""
        return line.text + line.missing

    def best(self, slot: Slot, worth: Worth, *, shown: bool = True) -> Writing:
        """Drafts grow side by side as rows of one batch, which costs little more than one; the worthiest is kept."""
        yield from self._read(slot)
        start, lead = self.decoder.length, self._lead
        lines, banned = [self._line(slot) for _ in range(DRAFTS)], self._banned(slot)
        growing, logits = lines, np.repeat(self._next, DRAFTS, axis=0)
        self.decoder.select([0] * DRAFTS)
        for step in range(slot.max_tokens + 16):
            pairs = zip(growing, logits, strict=True)
            tokens = [self._advance(line, row, banned, step)[0] for line, row in pairs]
            yield Token("")
            kept = [place for place, token in enumerate(tokens) if token is not None]
            if not kept or self.decoder.length + 2 >= self._capacity:
                break
            self.decoder.select(kept)
            growing = [growing[place] for place in kept]
            logits = self.decoder.append([[token] for token in tokens if token is not None])
        self.decoder.select([0])
        self.decoder.rewind(start)
        texts = [line.text + line.missing for line in lines]
        chosen = max(range(DRAFTS), key=lambda place: (worth(texts[place]), -place))
        self._written, self._lead = lines[chosen].written, lead
        self.hint(texts[chosen])
        self._lead = ""
        if shown:
            yield from self.show(texts[chosen])
        return texts[chosen]

    def choose(self, name: str, options: Sequence[str], *, shown: bool = True) -> Writing:
        """One of `options`, drawn by how likely the model finds each."""
        weights = np.array((yield from self.weigh([self._lead + option for option in options])))
        chances = np.exp((weights - weights.max()) / max(self.manner.temperature, 1e-3))
        place = int(np.searchsorted(np.cumsum(chances) / chances.sum(), self.chance()[0]))
        chosen = options[min(place, len(options) - 1)]
        self._feed(self._lead + chosen)
        self._lead = ""
        if shown:
            yield from self.show(chosen)
        return chosen

    def weigh(self, texts: Sequence[str]) -> Generator[Event, None, list[float]]:
        """Log-probability of each text, in nats, as what comes next; none is kept."""
        yield from self._read()
        start, first = self.decoder.length, log_softmax(self._next[0])
        weights: list[float] = []
        last: list[int] = []
        rows: list[Logits] = []
        for text in texts:
            ids = self.tokenizer.encode(text)
            shared = min(_common(last[:-1], ids[:-1]), len(rows))
            self.decoder.rewind(start + shared)
            fresh = self.decoder.append([ids[shared:-1]], every=True)[0] if len(ids) - 1 > shared else []
            rows, last = [*rows[:shared], *map(log_softmax, fresh)], ids
            weights.append(float(sum(row[token] for row, token in zip([first, *rows], ids, strict=True))))
            yield Token("")
        self.decoder.rewind(start)
        return weights

    def fit(self, text: str, share: float = 1.0) -> str:
        """Cut to the tokens that the context leaves."""
        room = int(self._room * share)
        rough = text[: 8 * room]
        ids = self.tokenizer.encode(rough)
        if len(ids) <= room and len(rough) == len(text):
            return text
        kept = self.tokenizer.decode(ids[:room]).rstrip("\ufffd")
        kept = kept.rsplit(None, 1)[0] if " " in kept.strip() else kept
        self._note_cut(kept, text)
        return kept

    def measure(self, text: str) -> float:
        """Tokens of `text` as a share of those the context leaves."""
        return len(self.tokenizer.encode(text[: 16 * self._room])) / self._room

    @property
    def _room(self) -> int:
        """Tokens left for what is given: a tenth goes to instructions, some to the reply."""
        return int(0.9 * (self.model.context - min(REPLY_ROOM, self.model.context // 2)))

    def _fitted(self, messages: list[Message]) -> list[int]:
        """Ids of a conversation, without its oldest turns where they do not fit, and in the last resort cut."""
        most = self.model.context - min(REPLY_ROOM, self.model.context // 2)
        ids = self.tokenizer.chat(messages)
        while len(ids) > most and len(messages) > 3:
            del messages[1:3]
            ids = self.tokenizer.chat(messages)
        while len(ids) > most and (last := messages[-1]["content"]):
            messages[-1] = {
                "role": "user",
                "content": last[: min(len(last) - 1, int(0.95 * len(last) * most / len(ids)))],
            }
            ids = self.tokenizer.chat(messages)
        return ids

    def _has_room(self) -> bool:
        return len(self._fed) + len(self._due) + 2 < self._capacity

    def _feed(self, text: str) -> None:
        """Queue a literal part, in the tokens it has when a word follows: two line ends alone are another token."""
        if not text[-1:].isspace():
            self._due += self.tokenizer.encode(text)
        else:
            whole, word = self.tokenizer.encode(text + "A"), self.tokenizer.encode("A")
            fits = whole[-len(word) :] == word
            self._due += whole[: -len(word)] if fits else self.tokenizer.encode(text)

    def _read(self, slot: Slot | None = None) -> Iterator[Event]:
        """Feed what is due, in pieces small enough to stop between."""
        if slot and slot.only and self._lead and " " not in slot.only:
            self._feed(" ")
            self._lead = ""
        whole = len(self._due)
        for at in range(0, whole, READ_AT_ONCE):
            if whole > READ_AT_ONCE:
                yield Step(at, whole, "reading")
            self._next = self.decoder.append([self._due[at : at + READ_AT_ONCE]])
        self._fed += self._due
        self._due = []

    def _line(self, slot: Slot) -> Line:
        manner = self.manner
        temperature = manner.temperature if slot.temperature is None else slot.temperature
        sampler = Sampler(manner.seed, self.stream(), temperature, top_k=CANDIDATES, top_p=manner.top_p, min_p=MIN_P)
        return Line(slot, sampler, list(self._written))

    def _banned(self, slot: Slot) -> Mask:
        words = self.vocabulary
        if slot.only:
            return np.asarray(~words.made_of(slot.only))
        banned = words.special | words.holding(CONTROLS)
        if self.small:
            banned = banned | words.coarse
        return np.asarray(banned | words.holding(slot.ban) if slot.ban else banned)

    def _advance(self, line: Line, logits: Logits, banned: Mask, step: int) -> tuple[int | None, str]:
        """Draw one token; gives it, or None when the line is ended by it, and the text that it completes."""
        [token] = line.sampler(self._scores(line, logits, banned)[None], step)
        piece = self.vocabulary.pieces[token]
        if token in self.tokenizer.stops:
            line.ended = True
            return None, ""
        if step >= line.slot.max_tokens and not piece[:1].isalpha():
            return None, ""
        if line.text and piece[:1].isspace() and line.slot.full(line.text):
            return None, ""
        kept, stopped = until(piece, line.slot.stop)
        fresh = line.add(kept)
        if stopped:
            line.unfed = kept.decode("utf-8", "ignore").rstrip()
            return None, fresh
        line.written.append(token)
        return token, fresh

    def _scores(self, line: Line, logits: Logits, banned: Mask) -> Logits:
        """Logits of the next token under the slot's form."""
        slot, words, stops = line.slot, self.vocabulary, list(self.tokenizer.stops)
        scores = self._discouraged(line, logits)
        scores[banned] = -np.inf
        if slot.begun(line.text):
            scores[stops] = logits[stops]
        else:
            scores[stops] = -np.inf
            if slot.stop:
                scores[words.holding(slot.stop)] = -np.inf
        if not line.text and (self._lead or not slot.raw):
            scores[~words.worded if self._lead else words.spaced] = -np.inf
        elif not slot.label and not slot.raw and (over := line.words - slot.words) > 0:
            likeliest = words.pieces[int(logits.argmax())]
            if not likeliest[:1].isalpha() and not ends_sentence(line.text):
                scores[words.closing & ~banned] += np.float32(0.5 * over)
        if not np.isfinite(scores).any():
            scores[stops] = 0.0
        return scores

    def _discouraged(self, line: Line, logits: Logits) -> Logits:
        """Lower words written lately, and forbid words that would finish a run written before."""
        scores = logits.copy()
        penalty = self.manner.repetition_penalty if line.slot.penalty is None else line.slot.penalty
        recent = np.array(sorted(set(line.written[-256:])), np.int64)
        if penalty == 1 or not line.written:
            return scores
        recent = recent[self.vocabulary.wordy[recent]]
        scores[recent] = np.where(scores[recent] > 0, scores[recent] / penalty, scores[recent] * penalty)
        told = [*self._avoided, *line.written]
        again = [token for token in repeats(told, NO_REPEAT) if self.vocabulary.spaced[token]]
        scores[again] = -np.inf  # only where a word begins: never in the middle of one
        return scores


def log_softmax(logits: Logits) -> Logits:
    """Log-probabilities."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return place
    return min(len(one), len(other))
