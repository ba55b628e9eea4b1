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
    width = max((sum(map(_room, line.words)) for line in scansion.lines), default=0) + 2
    rows = []
    for line in scansion.lines:
        if not line.words:
            rows.append("")
            continue
        marks = words = ""
        for word in line.words:
            marks += " ".join(word.marks).ljust(_room(word))
            words += word.text.ljust(_room(word))
        rows += [marks.rstrip(), f"{words:{width}}{line.syllables:>3}  {line.rhyme}"]
    return "\n".join(rows)


def _room(word: ScannedWord) -> int:
    """Columns that a word and its marks take."""
    return max(len(word.text), 2 * len(word.marks) - 1) + 1


STYLE = """
.genart-scansion{font:17px/1.3 Georgia,'Noto Serif',serif;color:inherit;overflow-x:auto;margin:.6em 0;padding:0 .2em}
.genart-scansion table{border-collapse:collapse;border:0;background:none}
.genart-scansion td{border:0;padding:.75em 0 0;vertical-align:bottom;text-align:left;white-space:nowrap;background:none}
.genart-scansion ruby{margin-right:.3em;ruby-align:space-around}
.genart-scansion rt{font:600 13px/1 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.3em;opacity:.8}
.genart-scansion .guess rt{font-style:italic;opacity:.5}
.genart-scansion td.n{padding-left:1.6em;text-align:right;opacity:.65;font-variant-numeric:tabular-nums}
.genart-scansion td.r{padding-left:1em;font-weight:700}
.genart-scansion .gap td{height:.8em}
"""
HUES = ("#cc4b42", "#3d7dd8", "#2f8f5b", "#a9751a", "#9a62c7", "#1f8a91", "#c0568a")
"""Of a lightness that reads on white and on black: a notebook's theme need not be the system's."""


def figure(scansion: Scansion) -> str:
    """The scansion as one self-contained piece of HTML, without script; text is escaped."""
    rows = "".join(_row(line) for line in scansion.lines)
    label = f"Scansion; rhyme scheme {scansion.scheme}" if scansion.scheme else "Scansion"
    return (
        f'<div class="genart-scansion" role="figure" aria-label="{escape(label)}"><style>{STYLE}</style>'
        f"<table>{rows}</table></div>"
    )


def _row(line: ScannedLine) -> str:
    if not line.words:
        return '<tr class="gap"><td></td></tr>'
    words = "".join(_ruby(word) for word in line.words)
    letter = "" if line.rhyme == "-" else line.rhyme
    hue = HUES[sum(map(ord, letter)) % len(HUES)]
    count = f'<td class="n">{line.syllables}</td>'
    return f'<tr><td>{words}</td>{count}<td class="r" style="color:{hue}">{letter}</td></tr>'


def _ruby(word: ScannedWord) -> str:
    guess = ' class="guess"' if word.guessed else ""
    return f"<ruby{guess}>{escape(word.text)}<rt>{word.marks}</rt></ruby>"
