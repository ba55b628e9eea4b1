"""Slots: the parts of a form that a model writes, each with the characters it may use and where it must end."""

from __future__ import annotations

import re
from dataclasses import dataclass

QUOTES = '"`*_#<>[]{}|\\~'
"""Characters that decorate or delimit: a name or a title never needs them."""

_ENDED = re.compile(r"[.!?…。!?][\"'”’)\]*]*\Z")
_ABBREVIATED = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Prof|vs|etc|No|Vol)|(?:\A|[\s.(\"'“])[A-Z])\.\Z")
_PREAMBLE = re.compile(
    r"\A\s*(?:(?:sure|certainly|of course|absolutely|okay|ok)\b[^\n]{0,80}?[.!,:]\s*)?"
    r"(?:(?:here(?:'s| is| are)|below is|this is)\b[^\n:]{0,120}:\s*)?",
    re.IGNORECASE,
)
_FENCED = re.compile(r"```[\w.+-]*[ \t]*\n(.*?)(?:\n?```|\Z)", re.DOTALL)
_LEADING = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "her",
        "his",
        "in",
        "into",
        "its",
        "my",
        "of",
        "on",
        "or",
        "our",
        "that",
        "the",
        "their",
        "to",
        "with",
        "your",
    ]
)
"""Words that no title may end with."""
_LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), " ")


@dataclass(frozen=True, slots=True)
class Slot:
    """One part that the model writes, between literal parts.

    It ends before any character of `stop`. Once it has `words` words or `sentences` sentences it ends where a
    sentence does, or, with `label`, where a word does; after `limit` tokens it ends in any case. Characters of `ban`
    (ASCII) never occur in it; with `only`, no others do. A `raw` one may begin with spaces and is not completed.
    `ask` says in words what is wanted, for a server whose logits nobody sees.
    """

    name: str
    ask: str = ""
    words: int = 40
    sentences: int = 0
    least: int = 1
    stop: str = "\n"
    ban: str = ""
    only: str = ""
    label: bool = False
    limit: int = 0
    raw: bool = False
    penalty: float | None = None
    temperature: float | None = None

    @property
    def max_tokens(self) -> int:
        """Where it ends even within a sentence; generous, since English runs at 1.3 tokens a word."""
        return self.limit or 3 * self.words + 24

    @property
    def multiline(self) -> bool:
        """Whether line ends may occur in it."""
        return "\n" not in self.stop and "\n" not in self.ban

    def full(self, text: str) -> bool:
        """Whether `text`, which another word would follow, is long enough and may end here."""
        if self.raw:
            return False
        if self.label:
            spare = count_words(text) - self.words
            return spare >= 2 or (spare >= 0 and text.split()[-1].lower() not in _LEADING)
        return ends_sentence(text) and (count_words(text) >= self.words or 0 < self.sentences <= count_sentences(text))

    def begun(self, text: str) -> bool:
        """Whether it may end at all."""
        return count_words(text) >= self.least

    def ending(self, text: str) -> str:
        """What is missing at the end of `text`: a full stop, a closing quotation mark."""
        if self.label or self.raw or not text:
            return ""
        last = text.rsplit("\n\n", 1)[-1]
        mark = "" if _ENDED.search(text) or not (text[-1].isalnum() or text[-1] in ",;:)-–—'’\"”") else "."
        quote = '"' if last.count('"') % 2 and '"' not in self.ban + self.stop else ""
        return quote if mark and last.endswith('"') else mark + quote

    def clean(self, reply: str) -> str:
        """A server's reply made to fit; empty if nothing in it does."""
        if self.raw:
            return reply
        text = unwrapped(reply)
        for mark in self.stop:
            text = text.strip(f"{mark} \n").split(mark, 1)[0]
        text = text if self.multiline else text.replace("\n", " ")
        text = text.translate({ord(mark): " " if mark.isspace() else "" for mark in self.ban})
        if self.only:
            text = "".join(mark for mark in text if mark in self.only)
        if self.label:
            return " ".join(text.split()[: self.words + 1]).rstrip(" .,:;")
        return whole_sentences(flat(text).strip(), 2 * self.words, self.sentences)


def count_words(text: str) -> int:
    """Number of words, split at whitespace."""
    return len(text.split())


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends where `text` does."""
    return bool(_ENDED.search(text)) and not _ABBREVIATED.search(text.rstrip("\"'”’)"))


def split_sentences(text: str) -> list[str]:
    """Sentences of a text, each with the whitespace that follows it: joined, they are the text again."""
    parts = re.split(r"(?<=[.!?…。!?\"”’)])(\s+)|(\n+)", text)
    sentences, current = [], ""
    for part in parts:
        if not part:
            continue
        current += part
        if part.isspace() and (ends_sentence(current.rstrip()) or "\n" in part):
            sentences.append(current)
            current = ""
    return [*sentences, current] if current else sentences


def count_sentences(text: str) -> int:
    """Number of sentences."""
    return len(split_sentences(text))


def whole_sentences(text: str, words: int, sentences: int = 0) -> str:
    """The longest beginning of whole sentences within a limit; at least one, cut at a word if it must be."""
    kept = ""
    for number, sentence in enumerate(split_sentences(text), start=1):
        if kept and (count_words(kept + sentence) > words or 0 < sentences < number):
            break
        kept += sentence
    if count_words(kept) > 2 * words:
        kept = " ".join(kept.split()[:words]) + " …"
    return kept.rstrip()


def unwrapped(reply: str) -> str:
    """A reply without the talk around it: 'Sure! Here is ...:', a code fence."""
    fenced = _FENCED.search(reply)
    return fenced[1].strip("\n") if fenced else _PREAMBLE.sub("", reply, count=1).strip()


def flat(text: str) -> str:
    """Text whose only line ends are line feeds."""
    return text.translate(_LINE_ENDS)
