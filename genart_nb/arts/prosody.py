"""How English sounds: syllables, stress and rhyme, by the CMU Pronouncing Dictionary.

A word has one or more readings (`read` is "red" or "reed", `fire` one syllable or two). A line scans if some choice
of readings gives the count, and two words rhyme if some choice of readings rhymes: what a reader can say aloud is true.

Words outside the dictionary are worked out, in this order: poetic contractions (o'er), possessives, dropped g's
(runnin'), numbers (42 is forty-two), hyphens, compounds of two dictionary words (windowsill), and last a count by
spelling (the `syllables` package), which has no stress and rhymes with nothing. The last two are marked `guessed`.

Source: http://www.speech.cs.cmu.edu/cgi-bin/cmudict
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from genart_nb.arts.dictionary import dictionary

Phones = tuple[str, ...]
"""ARPAbet: vowels end in their stress, 0 none, 1 primary, 2 secondary."""

POETIC: dict[str, str] = {
    "o'er": "AO1 R", "e'er": "EH1 R", "ne'er": "N EH1 R", "e'en": "IY1 N", "'neath": "N IY1 TH",
    "'gainst": "G EH1 N S T",
    "'twere": "T W ER1", "'twill": "T W IH1 L", "th'": "DH", "heav'n": "HH EH1 V N", "'round": "R AW1 N D",
    "'mid": "M IH1 D", "'midst": "M IH1 D S T", "'twixt": "T W IH1 K S T", "whate'er": "W AH2 T EH1 R",
    "haiku": "HH AY1 K UW2", "o": "OW1",
}  # fmt: skip
"""Contractions of verse, and a few words every poet needs, that the dictionary lacks (`o` there is only a letter)."""

SIBILANTS = frozenset(["S", "Z", "SH", "ZH", "CH", "JH"])
VOICELESS = frozenset(["P", "T", "K", "F", "TH"])
GLIDES = frozenset(["L", "R", "W", "Y"])
NASALS = frozenset(["M", "N", "NG"])
AFTER_S = frozenset(["P", "T", "K", "F", "L", "M", "N", "W"])
MAX_READINGS = 16
"""Readings kept of one word; long hyphenated chains would have thousands."""

_WORD = re.compile(r"'?[^\W_]+(?:['\-][^\W_]+)*'?")
_FOLD = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‐": "-", "‑": "-", "&": " and "})


@dataclass(frozen=True)
class Sound:
    """One reading of a word. `phones` is empty where only the number of syllables is known."""

    phones: Phones
    syllables: int
    guessed: bool = False

    @property
    def stress(self) -> str:
        """One digit a syllable: 0, 1, 2, or ? where unknown."""
        return "".join(p[-1] for p in self.phones if p[-1].isdigit()) or "?" * self.syllables

    @property
    def rhyme(self) -> Phones:
        """From the last stressed vowel on, without stress; empty where unknown."""
        return self.phones and tuple(p.rstrip("012") for p in self.phones[_turn(self.phones) :])

    @property
    def onset(self) -> Phones:
        """The consonants that lead into the rhyme: those of rhyming words differ."""
        end = start = _turn(self.phones) if self.phones else 0
        while start and not self.phones[start - 1][-1].isdigit():
            start -= 1
        return _opening(self.phones[start:end], start == 0)


def _turn(phones: Phones) -> int:
    """Index of the last stressed vowel, or of the last vowel where none is stressed."""
    last = len(phones)
    for at in range(len(phones) - 1, -1, -1):
        mark = phones[at][-1]
        if mark in "12":
            return at
        if mark == "0" and last == len(phones):
            last = at
    return last


def _opening(consonants: Phones, at_start: bool) -> Phones:
    """The part of a consonant cluster that opens its syllable: none of it closes the one before.

    Inside a word at most an S, an obstruent, and a liquid or glide: `de-light` opens with L as `light` does.
    """
    if at_start or len(consonants) < 2:
        return consonants
    start = len(consonants) - 1
    if consonants[start] in GLIDES and consonants[start - 1] not in GLIDES | NASALS:
        start -= 1
    if start and consonants[start - 1] == "S" and consonants[start] in AFTER_S:
        start -= 1
    return consonants[start:]


def fold(text: str) -> str:
    """`text` with one kind of apostrophe and hyphen, in lower case, accents off."""
    text = unicodedata.normalize("NFKD", text.translate(_FOLD))
    return "".join(c for c in text if not unicodedata.combining(c)).lower()


def words(line: str) -> list[str]:
    """The words of a line, folded; punctuation and quotation marks are left out."""
    found = _WORD.findall(fold(line))
    return [bare for word in found if (bare := _unquoted(word))]


def _unquoted(word: str) -> str:
    """`word` without the quotation marks around it, but with the apostrophes that belong to it."""
    for form in (word, word.lstrip("'"), word.rstrip("'"), word.strip("'")):
        if form in POETIC or form in dictionary():
            return form
    if word.endswith(("s'", "in'")) and not word.startswith("'"):
        return word
    return word.strip("'")


@lru_cache(maxsize=65536)
def sounds(word: str) -> tuple[Sound, ...]:
    """Every reading of one folded word, the commonest first; at least one."""
    if word in POETIC:
        return (_sound(POETIC[word].split()),)
    found = dictionary().get(word)
    if found and (len(word) > 1 or word in "aio"):
        return _unique(_sound(phones.split()) for phones in found)
    return _worked_out(word) or (Sound((), _by_spelling(word), True),)


def _sound(phones: Iterable[str], guessed: bool = False) -> Sound:
    phones = tuple(phones)
    return Sound(phones, sum(p[-1].isdigit() for p in phones), guessed)


def _unique(readings: Iterable[Sound]) -> tuple[Sound, ...]:
    return tuple(dict.fromkeys(readings))[:MAX_READINGS]


def _worked_out(word: str) -> tuple[Sound, ...]:
    """Readings of a word the dictionary lacks, from words it has; empty where none can be had."""
    if word.endswith("'s") or word.endswith("s'"):
        base = word[:-2] if word.endswith("'s") else word[:-1]
        plain = word.endswith("s'")
        return _unique(s if plain else _with_s(s) for s in sounds(base) if s.phones)
    if word.endswith("in'"):
        full = dictionary().get(word[:-1] + "g", [])
        return _unique(_sound([*phones.split()[:-1], "N"]) for phones in full)
    if word[0].isdigit():
        return _joined(_number(word).split(), guessed=False)
    if "-" in word:
        return _joined(word.split("-"), guessed=False)
    return _compound(word) if word.isalpha() else ()


def _with_s(sound: Sound) -> Sound:
    """`sound` with a possessive or plural s."""
    last = sound.phones[-1]
    ending = ["IH0", "Z"] if last in SIBILANTS else ["S"] if last in VOICELESS else ["Z"]
    return _sound([*sound.phones, *ending], sound.guessed)


def _joined(parts: list[str], guessed: bool) -> tuple[Sound, ...]:
    """Readings of words said as one; a part whose sound is unknown makes only the count known."""
    options = [sounds(part) for part in parts if part][:8]
    if not options:
        return ()
    readings = []
    for choice in list(product(*options))[:MAX_READINGS]:
        known = all(s.phones for s in choice)
        phones = tuple(p for s in choice for p in s.phones) if known else ()
        doubt = guessed or any(s.guessed for s in choice)
        readings.append(Sound(phones, sum(s.syllables for s in choice), doubt))
    return _unique(readings)


def _compound(word: str) -> tuple[Sound, ...]:
    """Readings of two dictionary words run together (window+sill): the most even split counts."""
    known = dictionary()
    cuts = sorted(range(3, len(word) - 2), key=lambda cut: abs(len(word) - 2 * cut))
    for cut in cuts:
        if word[:cut] in known and word[cut:] in known:
            return _joined([word[:cut], word[cut:]], guessed=True)
    return ()


def _by_spelling(word: str) -> int:
    """Number of syllables by spelling; one a character in scripts written by syllable."""
    import syllables

    wide = sum(unicodedata.category(c) == "Lo" and ord(c) > 0x2E7F for c in word)
    plain = "".join(c for c in word if c.isascii() and c.isalpha())
    return max(1, wide + (int(syllables.estimate(plain)) if plain else 0))


_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_DECADES = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _UNITS.split(), _DECADES.split()
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
             "twelve": "twelfth"}  # fmt: skip


def _number(text: str) -> str:
    """`42` in words; a year is said in pairs, and a longer number than a trillion digit by digit."""
    digits = re.match(r"\d+", text)
    if digits is None or not digits[0].isascii():
        return "zero " * len(text)
    value, rest = int(digits[0][:400]), text[digits.end() :]
    if len(digits[0]) > 12:
        said = " ".join(_ONES[int(d)] for d in digits[0][:400])
    elif 1100 <= value <= 1999 and not rest:
        said = f"{_cardinal(value // 100)} {_cardinal(value % 100) if value % 100 else 'hundred'}"
    else:
        said = _cardinal(value)
    if rest in ("st", "nd", "rd", "th"):
        head, _, last = said.rpartition(" ")
        last = _ORDINALS.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
        return f"{head} {last}"
    return f"{said} {rest.replace('-', ' ')}"


def _cardinal(value: int) -> str:
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            head, rest = divmod(value, size)
            return f"{_cardinal(head)} {name}" + (f" {_cardinal(rest)}" if rest else "")
    if value < 20:
        return _ONES[value]
    return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")


def syllables_of(line: str) -> frozenset[int]:
    """Every number of syllables that some reading of the line has."""
    totals = {0}
    for word in words(line):
        totals = {t + s.syllables for t in totals for s in sounds(word)}
    return frozenset(totals)


def read(line: str, totals: Collection[int] | None = None) -> list[tuple[str, Sound]]:
    """Words of a line, each with one reading, so that the syllables add up to one of `totals`.

    The first readings are kept as far as that allows; where no choice fits (or none is asked for) all are first.
    """
    paths: dict[int, tuple[int, list[tuple[str, Sound]]]] = {0: (0, [])}
    for word in words(line):
        longer: dict[int, tuple[int, list[tuple[str, Sound]]]] = {}
        for total, (cost, path) in paths.items():
            for rank, sound in enumerate(sounds(word)):
                key = total + sound.syllables
                if key not in longer or cost + rank < longer[key][0]:
                    longer[key] = (cost + rank, [*path, (word, sound)])
        paths = longer
    fitting = {t: p for t, p in paths.items() if totals is None or t in totals} or paths
    return min(fitting.values(), key=lambda found: found[0])[1]


def rhymes(a: str, b: str) -> bool:
    """Whether two words rhyme perfectly.

    The same sounds from the last stressed vowel on, led into by different ones; so no word rhymes with itself or
    with one that sounds the same (see, sea), nor with its own end (light, delight).
    """
    return a != b and any(rhyming(x, y) for x in sounds(a) for y in sounds(b))


def rhyming(a: Sound, b: Sound) -> bool:
    """Whether two readings rhyme perfectly."""
    return bool(a.rhyme) and a.rhyme == b.rhyme and a.onset != b.onset


def iambic(stresses: str) -> float:
    """Share of syllables whose stress suits da-DUM da-DUM; `stresses` parts words by spaces.

    A word of one syllable suits either place; a longer word needs its primary stress on the even places.
    """
    place = fits = total = 0
    for word in stresses.split():
        for stress in word:
            place += 1
            total += 1
            fits += len(word) == 1 or stress in "2?" or (stress == "1") == (place % 2 == 0) or stress == "0"
    return fits / total if total else 0.0
