"""Scansion: how a poem sounds, as a figure that a teacher would draw.

Over each syllable its stress, / for stressed and u for not; after each line the number of syllables and a letter for
its rhyme. Lines whose last words rhyme share a letter; - marks one that rhymes with nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from genart_nb.arts import prosody
from genart_nb.arts.lexicon import FUNCTION_WORDS

MAX_LINES = 400
"""Lines that are scanned; a longer text is cut."""

MAX_CHARACTERS = 200
"""Characters of a line that are scanned."""

_SPLIT = re.compile(r"\s+")


@dataclass(frozen=True)
class ScannedWord:
    """One word as written, and one digit of stress a syllable (0, 1, 2, or ? where only the count is known)."""

    text: str
    stress: str
    guessed: bool

    @property
    def marks(self) -> str:
        """`u` or `/` a syllable, `x` where unknown."""
        return self.stress.translate(str.maketrans("012?", "u//x"))


@dataclass(frozen=True)
class ScannedLine:
    """One line; no words for the gap between stanzas."""

    words: tuple[ScannedWord, ...]
    rhyme: str

    @property
    def syllables(self) -> int:
        """Number of syllables as read here."""
        return sum(len(word.stress) for word in self.words)

    @property
    def text(self) -> str:
        """The line as written, single-spaced."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True)
class Scansion:
    """A whole poem, scanned."""

    lines: tuple[ScannedLine, ...]

    @property
    def scheme(self) -> str:
        """The rhyme letters, as in `ABAB CDCD`."""
        return "".join(line.rhyme if line.words else " " for line in self.lines).strip()


def scan_poem(text: str) -> Scansion:
    """Scan any text, line by line. Words are read as short as they can be said (ev'ry, fire), as verse is written."""
    rows = [row[:MAX_CHARACTERS].strip() for row in text.strip().splitlines()[:MAX_LINES]]
    ends = [(prosody.words(row) or [""])[-1] for row in rows]
    letters = _letters(ends)
    return Scansion(tuple(ScannedLine(_scan(row), letter) for row, letter in zip(rows, letters, strict=True)))


def _scan(row: str) -> tuple[ScannedWord, ...]:
    found = []
    for text in filter(None, _SPLIT.split(row)):
        parts = prosody.words(text)
        sounds = [min(prosody.sounds(part), key=lambda sound: sound.syllables) for part in parts]
        stress = "".join(_stress(part, sound) for part, sound in zip(parts, sounds, strict=True))
        found.append(ScannedWord(text, stress, any(sound.guessed for sound in sounds)))
    return tuple(found)


def _stress(word: str, sound: prosody.Sound) -> str:
    """The stresses; a word of one syllable that verse leans on lightly (the, and, of) counts as unstressed."""
    return "0" if sound.syllables == 1 and word in FUNCTION_WORDS else sound.stress


def _letters(ends: list[str]) -> list[str]:
    """A letter for each group of line ends that rhyme, in order of appearance; `-` for those that stand alone.

    A word said again at the end of another line belongs to the same group, as in a refrain.
    """
    groups: list[list[int]] = []
    for at, end in enumerate(ends):
        if not end:
            continue
        for group in groups:
            if any(end == ends[i] or prosody.rhymes(end, ends[i]) for i in group):
                group.append(at)
                break
        else:
            groups.append([at])
    letters = ["-"] * len(ends)
    named = [group for group in groups if len(group) > 1]
    for number, group in enumerate(named):
        for at in group:
            letters[at] = chr(ord("A") + number) if number < 26 else f"A{number - 25}"
    return letters


def as_text(scansion: Scansion) -> str:
    """The scansion in a monospaced font: marks above, words below, count and letter at the right."""
    rows = []
    for line in scansion.lines:
        marks = "".join(_fill(word, " ".join(word.marks)) for word in line.words)
        rows += [marks.rstrip(), f"{_said(line, _width(scansion))}  {line.rhyme}"] if line.words else [""]
    return "\n".join(rows)


STYLE = """
pre.genart-scansion{margin:.6em 0;padding:0 .2em;overflow-x:auto;border:0;background:none;color:inherit;
font:15px/1.35 ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre}
.genart-scansion i{font-style:normal;font-weight:700;opacity:.7}
.genart-scansion i.guess{font-style:italic;opacity:.45}
"""
HUES = ("#cc4b42", "#3d7dd8", "#2f8f5b", "#a9751a", "#9a62c7", "#1f8a91", "#c0568a")
"""Of a lightness that reads on white and on black: a notebook's theme need not be the system's."""


def figure(scansion: Scansion) -> str:
    """The scansion as one self-contained piece of HTML, without script; text is escaped.

    Preformatted, because that is what still lines up where a notebook is not trusted and its styles are taken away.
    """
    width = _width(scansion)
    label = f"Scansion; rhyme scheme {scansion.scheme}" if scansion.scheme else "Scansion"
    rows = "\n".join(_marked(line, width) if line.words else "" for line in scansion.lines)
    return f'<style>{STYLE}</style><pre class="genart-scansion" role="figure" aria-label="{escape(label)}">{rows}</pre>'


def _marked(line: ScannedLine, width: int) -> str:
    marks = "".join(f"<i{_guess(word)}>{_fill(word, ' '.join(word.marks))}</i>" for word in line.words)
    hue = HUES[sum(map(ord, line.rhyme)) % len(HUES)]
    letter = "" if line.rhyme == "-" else f'  <b style="color:{hue}">{escape(line.rhyme)}</b>'
    return f"{marks}\n{escape(_said(line, width))}{letter}"


def _said(line: ScannedLine, width: int) -> str:
    words = "".join(_fill(word, word.text) for word in line.words)
    return f"{words:{width}}{line.syllables:>3}"


def _guess(word: ScannedWord) -> str:
    return ' class="guess"' if word.guessed else ""


def _fill(word: ScannedWord, text: str) -> str:
    """Text over as many columns as a word and its marks take."""
    return text.ljust(max(len(word.text), 2 * len(word.marks) - 1) + 1)


def _width(scansion: Scansion) -> int:
    """Columns of the longest line."""
    return max((sum(len(_fill(word, "")) for word in line.words) for line in scansion.lines), default=0) + 2
