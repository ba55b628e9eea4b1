"""The forms of verse: what each asks of its lines, and whether a text keeps to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from genart_nb.arts import prosody
from genart_nb.errors import OptionError

NAMES = ("free", "haiku", "limerick", "couplets", "quatrain", "sonnet", "acrostic")
MAX_LINES = 40


@dataclass(frozen=True)
class Form:
    """What a form asks of its lines, one entry a line.

    `totals` are the numbers of syllables allowed. Lines with the same letter in `scheme` rhyme; `-` rhymes with
    nothing. `breaks` are the lines after which a stanza ends. `letters` are the initials of an acrostic.
    """

    name: str
    totals: tuple[tuple[int, ...], ...]
    scheme: str = ""
    iambic: bool = False
    breaks: frozenset[int] = frozenset()
    letters: str = ""

    @property
    def size(self) -> int:
        """Number of lines."""
        return len(self.totals)

    def letter(self, line: int) -> str:
        """The rhyme letter of a line, or `-`."""
        return self.scheme[line] if self.scheme else "-"

    def join(self, lines: list[str] | tuple[str, ...]) -> str:
        """The text of the poem, with its stanzas."""
        gaps = {i for i in self.breaks if i + 1 < len(lines)}
        return "\n".join(line + "\n" * (i in gaps) for i, line in enumerate(lines))


def form(name: str, *, rhyme_scheme: str = "ABAB", lines: int = 0, word: str = "") -> Form:
    """The form of that name.

    `rhyme_scheme` is a quatrain's, `lines` the length of free verse or couplets (0: the usual), `word` what an
    acrostic spells. Raises OptionError for a form, a scheme, a length or a word that cannot be written.
    """
    if name not in _FORMS:
        raise OptionError(f"There is no form {name!r}.", f"use one of: {', '.join(NAMES)}")
    if not 0 <= lines <= MAX_LINES:
        raise OptionError(f"A poem of {lines} lines cannot be written.", f"ask for at most {MAX_LINES}")
    return _FORMS[name](rhyme_scheme.upper(), lines, word)


def _free(scheme: str, lines: int, word: str) -> Form:
    size = lines or 8
    return Form("free", (tuple(range(4, 12)),) * size, breaks=frozenset(range(3, size - 2, 4)))


def _haiku(scheme: str, lines: int, word: str) -> Form:
    return Form("haiku", ((5,), (7,), (5,)))


def _limerick(scheme: str, lines: int, word: str) -> Form:
    long, short = (8, 9), (5, 6)
    return Form("limerick", (long, long, short, short, long), "AABBA")


def _couplets(scheme: str, lines: int, word: str) -> Form:
    size = (lines or 6) + (lines % 2)
    scheme = "".join(2 * chr(ord("A") + i % 26) for i in range(size // 2))
    return Form("couplets", ((8,),) * size, scheme, breaks=frozenset(range(1, size - 1, 2)))


def _quatrain(scheme: str, lines: int, word: str) -> Form:
    if len(scheme) != 4 or not set(scheme) <= set("ABCD-"):
        raise OptionError(f"{scheme!r} is no rhyme scheme of four lines.", "use ABAB, AABB, ABBA or ABCB")
    return Form("quatrain", ((8,),) * 4, scheme)


def _sonnet(scheme: str, lines: int, word: str) -> Form:
    return Form("sonnet", ((10,),) * 14, "ABABCDCDEFEFGG", iambic=True, breaks=frozenset((3, 7, 11)))


def _acrostic(scheme: str, lines: int, word: str) -> Form:
    letters = "".join(c for c in prosody.fold(word) if c.isascii() and c.isalpha())[:MAX_LINES]
    if not letters:
        raise OptionError("An acrostic needs a word to spell.", "give one in Latin letters: --word autumn")
    return Form("acrostic", (tuple(range(4, 11)),) * len(letters), letters=letters)


_FORMS: dict[str, Callable[[str, int, str], Form]] = {
    "free": _free,
    "haiku": _haiku,
    "limerick": _limerick,
    "couplets": _couplets,
    "quatrain": _quatrain,
    "sonnet": _sonnet,
    "acrostic": _acrostic,
}


@dataclass(frozen=True)
class LineReport:
    """One line against its form. `syllables` is the count that fits, else that of the commonest reading."""

    text: str
    syllables: int
    letter: str
    stress: str
    faults: tuple[str, ...]


@dataclass(frozen=True)
class FormReport:
    """A text against its form. `faults` are all that is wrong, in words; `iambic` the share of stresses in place."""

    form: Form
    lines: tuple[LineReport, ...]
    faults: tuple[str, ...]
    iambic: float

    @property
    def ok(self) -> bool:
        """Whether the form is kept."""
        return not self.faults


def check(form: Form, text: str) -> FormReport:
    """Read `text` as that form: the number of lines, their syllables, rhymes and initials."""
    texts = [line.strip() for line in text.splitlines() if line.strip()]
    ends = [(prosody.words(line) or [""])[-1] for line in texts]
    reports, faults = [], []
    if len(texts) != form.size:
        faults.append(f"{len(texts)} lines, not {form.size}")
    for i, line in enumerate(texts):
        if i >= form.size:
            reports.append(LineReport(line, _count(line), "-", "", ("one line too many",)))
            continue
        report = _check_line(form, i, line, ends)
        reports.append(report)
        faults += [f"line {i + 1}: {fault}" for fault in report.faults]
    beat = [prosody.iambic(report.stress) for report in reports if report.stress]
    return FormReport(form, tuple(reports), tuple(faults), sum(beat) / len(beat) if beat else 0.0)


def _check_line(form: Form, at: int, line: str, ends: list[str]) -> LineReport:
    found = []
    wanted = form.totals[at]
    reading = prosody.read(line, wanted)
    count = sum(sound.syllables for _, sound in reading)
    if count not in wanted:
        usual = f"{wanted[0]}" if len(wanted) == 1 else f"{wanted[0]} to {wanted[-1]}"
        found.append(f"{count} syllables, not {usual}")
    letter = form.letter(at)
    if letter != "-":
        found += [
            f"{ends[at]!r} does not rhyme with {ends[j]!r} (line {j + 1})"
            for j in range(at)
            if form.letter(j) == letter and not prosody.rhymes(ends[j], ends[at])
        ]
    if form.letters:
        first = next((c for c in prosody.fold(line) if c.isalpha()), "")
        if first != form.letters[at]:
            found.append(f"begins with {first.upper() or 'nothing'}, not {form.letters[at].upper()}")
    stress = " ".join(sound.stress for _, sound in reading)
    return LineReport(line, count, letter, stress, tuple(found))


def _count(line: str) -> int:
    return sum(sound.syllables for _, sound in prosody.read(line))
