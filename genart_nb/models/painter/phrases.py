"""From a prompt to things and where they stand: noun phrases, counts, colours, sizes, relations, the setting.

No language model takes part: function words part a prompt into phrases, and the bank says which words it knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from genart_nb.models.painter.vocabulary import (
    ADVERBS,
    ALOFT,
    BACKGROUND,
    BREAKS,
    COLOURS,
    COUNTS,
    IDLE,
    OF,
    PLACES,
    RELATIONS,
    SCALES,
    TIMES,
    WEATHERS,
)

LETTERS = 2000
"""What lies behind this many characters is not read."""

_LONGEST = 6  # words of a phrase that are looked at, the last ones
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;:!?&+\n]")


@dataclass(frozen=True, slots=True)
class Thing:
    """One noun phrase: `phrase` without count, colour and size, `head` its noun, `relation` to the thing `anchor`."""

    phrase: str
    head: str
    count: int = 1
    colour: str = ""
    scale: float = 1.0
    relation: str = ""
    anchor: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What lies behind the things; empty strings say nothing of it."""

    place: str = ""
    time: str = ""
    weather: str = ""
    colour: str = ""

    def __bool__(self) -> bool:
        return bool(self.place or self.time or self.weather or self.colour)


@dataclass(slots=True)
class Plan:
    """What a prompt asks for."""

    things: list[Thing] = field(default_factory=list)
    setting: Setting = Setting()


def read(prompt: str, knows: Callable[[str], bool], limit: int = 12) -> Plan:
    """Read a prompt, any text at all; `knows` says whether a word or words name something that can be drawn."""
    reader = _Reader(knows, limit)
    words = _words(prompt)
    at = 0
    while at < len(words) and len(reader.plan.things) < limit:
        at += reader.take(words, at)
    reader.close()
    return reader.plan


def _words(prompt: str) -> list[str]:
    """Words in lower case and `.` for punctuation; an emoji becomes `=its name`, one word that stands alone."""
    text = "".join(
        character if (unicodedata.category(character) != "So" or ord(character) < 0x2190)
        else f" \0{unicodedata.name(character, '').replace(' ', chr(1))} "
        for character in unicodedata.normalize("NFKC", prompt[:LETTERS])
    )  # fmt: skip
    words: list[str] = []
    for part in text.split():
        if part.startswith("\0"):
            words += ["=" + part[1:].replace("\1", " ").lower()] if len(part) > 1 else []
        else:
            words += ["." if len(w) == 1 and not w.isalnum() and w not in "&+" else "and" if w in "&+" else w
                      for w in _WORD.findall(part.lower())]  # fmt: skip
    return words


class _Reader:
    """Takes words one after another, closing a phrase where a function word, a mark or a relation parts it."""

    def __init__(self, knows: Callable[[str], bool], limit: int) -> None:
        self._knows, self._limit = knows, limit
        self.plan = Plan()
        self._chunk: list[str] = []
        self._relation = ""
        self._subject: int | None = None
        self._aloft = False
        self._reset()

    def _reset(self) -> None:
        self._count, self._colour, self._scale = 1, "", 1.0

    def take(self, words: list[str], at: int) -> int:
        """Take the words at `at`; returns how many were used."""
        for length in (4, 3, 2, 1):
            text = " ".join(words[at : at + length])
            if length > 1 and text not in RELATIONS and not self._chunk and self._is_name(words[at : at + length]):
                self._chunk = words[at : at + length]
                return length
            if text in RELATIONS:
                self.close()
                self._relate(RELATIONS[text])
                return length
        word = words[at]
        if word.startswith("="):
            self.close()
            self._emoji(word[1:])
        elif word in BREAKS:
            self.close()
            self._relation = "" if word == "." else self._relation
        elif word in ADVERBS:
            self.close()
            self.plan.setting = replace(self.plan.setting, place=PLACES[word])
        else:
            self._adjective(word, words[at + 1] if at + 1 < len(words) else "")
        return 1

    def _is_name(self, words: list[str]) -> bool:
        """Whether words are a name of several words that no adjective opens: "hot dog", not "two cats"."""
        loose = words[0] in COLOURS or words[0] in COUNTS or words[0] in SCALES or words[0] in BREAKS
        return not loose and not any(word in (".", "and") for word in words) and self._knows(" ".join(words))

    def _relate(self, relation: str) -> None:
        if relation != "and":
            self._relation = relation
        elif self._relation not in ("between", "wear", "hold", "with"):
            self._relation = "and"

    def _adjective(self, word: str, following: str) -> None:
        if word in ("of",):
            if self._chunk and self._chunk[-1] not in OF:
                self._chunk.append(word)
        elif word.isdecimal() or word in COUNTS:
            self.close()
            self._count = COUNTS[word] if word in COUNTS else min(max(int(word[:4]), 1), 6)
        elif word in COLOURS and not (word == "orange" and following in ("", ".", *RELATIONS)):
            self._colour = word
        elif word in SCALES:
            self._scale = SCALES[word]
        elif word in ALOFT:
            self._aloft = True
        elif word not in IDLE or (word in ("hot",) and self._knows(f"{word} {following}")):
            if word.endswith("ing") and self._chunk and not self._knows(f"{self._chunk[-1]} {word}"):
                self.close()  # a verb without a meaning of its own here: "a knight fighting a dragon"
            else:
                self._chunk.append(word)

    def _emoji(self, name: str) -> None:
        """A thing by its Unicode name; right after another thing, it is worn if it can be."""
        if not self._relation and self.plan.things:
            self._relation = "next"
        for form in (name, name.removesuffix(" face"), name.split()[-1] if name else ""):
            if form and self._knows(form):
                self._add(form, form)
                return
        self._add(name, name)

    def close(self) -> None:
        """End the phrase: it is a setting, a thing, or several things that only stand side by side."""
        chunk, self._chunk = _trimmed(self._chunk[-_LONGEST:]), []
        if not chunk:
            return
        if self._set(chunk):
            self._reset()
            return
        chunk = _trimmed([word for word in chunk if word not in TIMES and word not in ("snowy", "rainy")]) or chunk
        head = chunk[: chunk.index("of")] if "of" in chunk else chunk
        for start in range(len(head)):  # the longest ending that is a name: "robot cat" has cat, "hot dog" all of it
            if self._knows(" ".join(head[start:])):
                self._add(" ".join(chunk[-3:]), " ".join(head[start:]))
                return
        self._add(" ".join(chunk[-3:]), head[-1])

    def _set(self, chunk: list[str]) -> bool:
        """Take a phrase as the setting where it is one."""
        setting, head = self.plan.setting, chunk[-1]
        lone = len(chunk) == 1 and self._relation in ("on", "in", "against", "above", "under", "with", "behind", "")
        found = {
            "time": next((TIMES[word] for word in chunk if word in TIMES), ""),
            "weather": next((WEATHERS[word] for word in chunk if word in WEATHERS), ""),
            "place": next((PLACES[word] for word in reversed(chunk) if word in PLACES), ""),
        }
        if found["weather"] and found["place"] == "snow":
            found["weather"] = "snow" if self._relation in ("in", "") else ""
        known = head in PLACES or head in TIMES or head in WEATHERS
        known = known or (head in ("moon", "mars", "planet") and self._relation == "on")
        if head in BACKGROUND or (head == "sky" and self._colour):
            found["colour"] = self._colour
        elif not known or (not lone and len(chunk) > 3) or (head == "light" and not lone):
            adjectives = {key: value for key, value in found.items() if value and key != "place"}
            self.plan.setting = replace(setting, **adjectives) if adjectives else setting
            return False
        if self._relation in ("beside", "hold", "wear"):
            return False
        if head in ("moon", "mars", "planet") and self._relation == "on":
            found["place"] = "moonscape"
        if found["place"] == "sea" and (self._relation == "under" or (self._relation == "in" and head == "water")):
            found["place"] = "underwater"
        if setting.place and found["place"] in ("snow", "sky", "grass"):  # the forest stays one, with snow
            found["weather"] = "snow" if found["place"] == "snow" else found["weather"]
            found["place"] = ""
        self.plan.setting = replace(setting, **{key: value for key, value in found.items() if value})
        self._relation = ""
        return True

    def _add(self, phrase: str, head: str) -> None:
        things = self.plan.things
        relation, anchor = self._relation, None
        if things and relation not in ("", "and", "against"):
            last = len(things) - 1
            by_subject = relation in ("wear", "hold", "ride") or things[last].relation in ("wear", "hold", "with")
            anchor = self._subject if (by_subject or relation == "with") and self._subject is not None else last
        if anchor is None or relation == "beside":
            self._subject = len(things)
        if self._aloft and not self.plan.setting:
            self.plan.setting = replace(self.plan.setting, place="sky")
        sides = 2 if relation == "between" and self._count > 1 else 1
        count = 1 if relation == "between" else self._count
        things += [Thing(phrase, head, count, self._colour, self._scale, relation, anchor)] * sides
        # "wearing a hat and a scarf": the relation holds on; otherwise it is used up
        self._relation = relation if relation in ("between", "wear", "hold", "with") else ""
        self._aloft = False
        self._reset()


def _trimmed(chunk: list[str]) -> list[str]:
    """A phrase without "of" at its ends."""
    start, end = 0, len(chunk)
    while start < end and chunk[start] == "of":
        start += 1
    while end > start and chunk[end - 1] == "of":
        end -= 1
    return chunk[start:end]
