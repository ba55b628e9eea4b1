"""Verse whose form is guaranteed: line by line, the model's own words within what the form allows.

`write` yields the poem as it grows. A line is the best of a batch of rows (`line_search`); a line that opens a rhyme
ends on a word with plenty of partners; where the answering line comes out poor, the opening one is written anew.
The budget is counted in rows and tries, never in seconds, so the same arguments give the same poem.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np

from genart_nb.arts import prosody
from genart_nb.arts.forms import Form
from genart_nb.arts.lexicon import FUNCTION_WORDS, Entry, Lexicon, lexicon_for
from genart_nb.arts.line_mask import LineMask, marks_of
from genart_nb.arts.line_search import REPEATED, Floats, LineSearch, Row
from genart_nb.arts.verse_prompt import messages_for
from genart_nb.errors import EngineError
from genart_nb.models.language import LanguageModel, Logits

ROWS = (4, 8, 12, 16, 24)
"""Rows a line is chosen from, by effort 1 to 5."""

RETRIES = (0, 1, 3, 4, 6)
"""Times a poor rhyme may be taken back, by effort."""

PARTNERS = 9
"""Common rhymes that a word must have for a line to open a rhyme with it."""

POOR = 0.75
"""Nats a token by which a line may fall short of the poem's other lines before it is taken back."""

NEARLY = 0.5
"""Nats a token by which a second choice may fall short of the first before a new search is made."""

SAME_OPENING, OWNED, COMMA = 1.5, 1.5, 0.7
"""Nats taken off words that opened a line before, off each 's, and off each comma: small models lean on both."""


@dataclass(frozen=True)
class Draft:
    """The poem so far. The first `settled` lines stay; the others may still be taken back."""

    lines: tuple[str, ...]
    settled: int


@dataclass
class Verse:
    """One line as written."""

    text: str
    tokens: tuple[int, ...]
    end: Entry
    score: float
    """Log probability a token, less what its repetitions cost."""


@dataclass
class Poet:
    """A poem in the making: the decoder holds the prompt and the lines kept so far."""

    model: LanguageModel
    form: Form
    rng: np.random.Generator
    temperature: float
    rows: int
    lines: list[Verse] = field(default_factory=list)
    banned: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Words that a line must not end on again, since nothing good rhymed with them here."""
    pools: dict[int, list[Verse]] = field(default_factory=dict)
    """Versions found of each line, given the lines now before it."""

    def __post_init__(self) -> None:
        self.lexicon: Lexicon = lexicon_for(self.model.tokenizer)
        self.marks = marks_of(self.model.tokenizer)
        self.newline = self.model.tokenizer.encode("\n")

    def begin(self, prompt: str, room: int) -> None:
        """Feed the prompt."""
        tokenizer = self.model.tokenizer
        ids = messages_for(tokenizer, self.form, prompt, self.model.context - room)
        self.decoder = self.model.start(min(self.model.context, len(ids) + room))
        self.logits: Logits = self.decoder.append([ids])
        self.marks_at = [self.decoder.length]
        self.logits_at = [self.logits]

    def keep(self, verse: Verse) -> None:
        """Take a line into the poem."""
        self.lines.append(verse)
        self.logits_at.append(self.decoder.append([[*verse.tokens, *self.newline]]))
        self.marks_at.append(self.decoder.length)

    def take_back(self, size: int) -> None:
        """Forget all but the first `size` lines."""
        del self.lines[size:], self.marks_at[size + 1 :], self.logits_at[size + 1 :]
        self.decoder.rewind(self.marks_at[-1])
        self.pools = {at: pool for at, pool in self.pools.items() if at <= size}

    def ban(self, opener: int) -> None:
        """Take back the line that opened a rhyme, and never end it on that word again."""
        self.banned[opener].add(self.lines[opener].end.text)
        self.take_back(opener)

    def candidates(self) -> Generator[None, None, list[Verse]]:
        """Find versions of the next line, the best first; empty where no word fits.

        What an earlier search found for this place is used up first, as long as it is nearly as good.
        """
        at = len(self.lines)
        left = [verse for verse in self.pools.get(at, []) if verse.end.text not in self.banned[at]]
        if left and left[0].score > self.pools[at][0].score - NEARLY:
            return left
        self.pools[at] = yield from self._search(at)
        return self.pools[at]

    def _search(self, at: int) -> Generator[None, None, list[Verse]]:
        for ends in self.ends(at):
            mask = LineMask(
                self.lexicon,
                self.marks,
                self.form.totals[at],
                ends,
                iambic=self.form.iambic,
                letter=self.form.letters[at] if self.form.letters else "",
                last=self.model.tokenizer.stops if at + 1 == self.form.size else None,
            )
            if mask.possible:
                search = LineSearch(mask, self.rng, self.rows, self.temperature, self.bias())
                found = yield from search.run(self.decoder, self.logits_at[-1])
                self.decoder.rewind(self.marks_at[-1])
                self.decoder.select([0])
                return sorted(map(self._verse, found), key=lambda verse: verse.score, reverse=True)
        return []

    def _verse(self, row: Row) -> Verse:
        tokens = row.tokens[:-1]
        text = self.model.tokenizer.decode(tokens).strip()
        return Verse(text, tokens, self.lexicon.entries[row.word], row.score - self.fault(text))

    def ends(self, at: int) -> Iterator[list[int]]:
        """Words that the line may end on: the best choice, and wider ones in case no line fits."""
        letter = self.form.letter(at)
        entries = self.lexicon.entries
        taken = {verse.end.text for verse in self.lines} | self.banned[at]
        mates = [v.end for i, v in enumerate(self.lines) if letter != "-" and self.form.letter(i) == letter]
        if mates:
            fitting = [i for i in self.lexicon.rhymes_of(mates[0], mates) if entries[i].text not in taken]
            yield [i for i in fitting if entries[i].common]
            yield fitting
        elif self.form.scheme.count(letter) > 1:
            closed = {verse.end.rhyme for verse in self.lines}
            for partners in (PARTNERS, 4, self.form.scheme.count(letter)):
                rich = self.lexicon.rich(partners)
                yield [i for r, group in rich.items() if r not in closed for i in group if entries[i].text not in taken]
        else:
            yield [i for i, entry in enumerate(entries) if entry.ends_lines and entry.text not in taken]

    def bias(self) -> Floats:
        """What repetition costs each token."""
        bias = np.zeros(self.model.tokenizer.size, np.float32)
        bias[self.model.tokenizer.encode("it's")[-1:]] -= OWNED
        bias[list(self.marks.pauses)] -= COMMA
        for verse in self.lines:
            bias[verse.tokens[0]] -= SAME_OPENING
            for word in content(verse.text):
                bias[self.lexicon.first_tokens(word)] -= REPEATED
        return bias

    def fault(self, text: str) -> float:
        """What a line's repetitions and its wrong `a`s and `an`s cost it, in nats a token."""
        words, said = prosody.words(text), [prosody.words(line.text) for line in self.lines]
        pictures = [_stem(word) for word in words if word not in FUNCTION_WORDS]
        before = {_stem(word) for line in said for word in line} - {_stem(word) for word in FUNCTION_WORDS}
        phrases = {pair for line in said for pair in zip(line, line[1:], line[2:], strict=False)}
        echoes = len(phrases & set(zip(words, words[1:], words[2:], strict=False)))
        slips = sum(
            (word == "an") != vowel_first(after) for word, after in itertools.pairwise(words) if word in ("a", "an")
        )
        repeats = 0.5 * (len(pictures) - len(set(pictures))) + 0.2 * len(set(pictures) & before)
        return repeats + 0.5 * echoes + slips

    def poor(self, verse: Verse) -> bool:
        """Whether a line falls far short of the others."""
        others = [line.score for line in self.lines]
        return len(others) > 0 and verse.score < float(np.mean(others)) - POOR


def content(text: str) -> list[str]:
    """The words of a line that carry a picture."""
    return [word for word in prosody.words(text) if word not in FUNCTION_WORDS]


def vowel_first(word: str) -> bool:
    """Whether a word begins with a vowel as it is said (hour, not one)."""
    phones = prosody.sounds(word)[0].phones
    return bool(phones) and phones[0][-1].isdigit()


def _stem(word: str) -> str:
    """A word without its commonest endings, so that `light` and `lights` count as one."""
    for ending in ("'s", "s", "ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)]
    return word


def write(
    model: LanguageModel, prompt: str, form: Form, *, seed: int, temperature: float = 0.8, effort: int = 3
) -> Iterator[Draft | None]:
    """Write a poem; the last draft is whole and keeps to `form`.

    `effort` is 1 to 5. Every draft replaces the one before. None comes after each step of the model that settles no
    line; the poem may be abandoned there as well.
    """
    rng = np.random.Generator(np.random.Philox(key=seed))
    poet = Poet(model, form, rng, temperature, ROWS[effort - 1])
    poet.begin(prompt, sum(4 * max(totals) + 8 for totals in form.totals))
    attempts: dict[int, list[list[Verse]]] = defaultdict(list)
    while len(poet.lines) < form.size:
        at = len(poet.lines)
        found = yield from poet.candidates()
        opener = _opener(form, at)
        if not found and opener is None:
            raise EngineError(
                f"No line fits place {at + 1} of this {form.name}.", "try another seed, or for an acrostic another word"
            )
        if opener is not None and (not found or poet.poor(found[0])):
            if found:
                attempts[opener].append([*poet.lines[opener:], found[0]])
            if not found or len(attempts[opener]) <= RETRIES[effort - 1]:
                poet.ban(opener)
                continue
            best = max(attempts[opener], key=lambda verses: sum(v.score for v in verses))
            poet.take_back(opener)
            for verse in best:
                poet.keep(verse)
        else:
            poet.keep(found[0])
        yield Draft(tuple(verse.text for verse in poet.lines), _settled(form, len(poet.lines)))


def _opener(form: Form, at: int) -> int | None:
    """The line that set the rhyme which line `at` must answer."""
    letter = form.letter(at)
    first = form.scheme.find(letter) if letter != "-" else at
    return first if first < at else None


def _settled(form: Form, size: int) -> int:
    """Lines that no later line can take back."""
    awaited = (set(form.scheme[:size]) & set(form.scheme[size:])) - {"-"}
    return min([size, *(form.scheme.index(letter) for letter in awaited)])
