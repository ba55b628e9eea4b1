"""One grammar for every magic and for the command line.

    %%MAGIC [@alias] [--option value ...] [-o name] [--bg] [--seed N] [--model ID] [--raw]

Words are split at spaces. A quote opens at the start of a word or after `=`, so the apostrophe in `cat's` is only
that. `#` at the start of a word begins a comment, `--` ends the options, `{{...}}` is never split. A backslash keeps
the quote, space or `#` after it, and inside double quotes another backslash; elsewhere it is itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from genart_nb.errors import OptionError, UsageError
from genart_nb.magics.caret import caret
from genart_nb.magics.interpolate import Scope, expressions
from genart_nb.options import Options, OptionSpec, option, unknown_option

SHORT = {"-o": "out"}
HELP = ("--help", "-h", "?")
_RUN = re.compile(r"""[^\s"'\\{=]+|\{+""")
_ESCAPED = re.compile(r"""\\(["'#\s])""")
_OPTION = re.compile(r"--?[^\W\d_]")
_CURLY = "“”„‟‘’‚‛"


class Common(Options):
    """What every magic takes."""

    seed: int | None = option(None, "what it grows from: the same seed gives the same work; drawn if not given")
    model: str = option("", "model for this work: an id, owner/name on the hub, a folder or a server's URL")
    out: str = option("", "also -o: variable that holds the work afterwards")
    bg: bool = option(False, "return at once; the work appears when it is done")
    raw: bool = option(False, "leave {{ }} in the prompt and the options as they are")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a line; `at` is where it begins. One that begins with a quote is never an option."""

    text: str
    at: int = 0
    quoted: bool = False


@dataclass(frozen=True)
class Command:
    """A parsed line: option values as they were typed, and the words that are no options."""

    values: Mapping[str, str | bool] = field(default_factory=dict)
    words: Sequence[Word] = ()
    alias: str = ""
    help: bool = False

    @property
    def text(self) -> str:
        """The free words with single spaces between."""
        return " ".join(word.text for word in self.words)

    def filled(self, scope: Scope) -> Command:
        """The same with every `{{expr}}` replaced."""
        values = {name: scope.fill(value) if isinstance(value, str) else value for name, value in self.values.items()}
        words = [Word(scope.fill(word.text), word.at, word.quoted) for word in self.words]
        return Command(values, words, self.alias, self.help)

    def of(self, table: type[Options]) -> dict[str, Any]:
        """The values that belong to one table, numbers as numbers."""
        return {row.name: _typed(self.values[row.name], row) for row in table.table() if row.name in self.values}


def split(line: str) -> list[Word]:
    """The words of a line; raises UsageError with a caret under a quote that is never closed."""
    braces = {found.run: found.end + 2 for found in expressions(line) if found.code}
    words: list[Word] = []
    at = 0
    while at < len(line) and line[at] != "#":
        if line[at].isspace():
            at += 1
        else:
            word, at = _word(line, at, braces)
            words.append(word)
    return words


def parse(words: Sequence[Word], *tables: type[Options], line: str = "", short: Mapping[str, str] = SHORT) -> Command:
    """Tell options from other words; raises OptionError for one that is unknown, lacks its value or comes twice."""
    rows = {row.name: row for table in reversed(tables) for row in table.table()}
    values: dict[str, str | bool] = {}
    free: list[Word] = []
    alias, help = "", False
    queue = list(reversed(words))
    while queue:
        word = queue.pop()
        if word.quoted:
            free.append(word)
        elif word.text in HELP:
            help = True
        elif word.text == "--":
            free += reversed(queue)
            queue.clear()
        elif word.text.startswith("@") and not free and not alias:
            alias = word.text[1:]
        elif _OPTION.match(word.text):
            name, value = _option(word, queue, rows, short, line)
            if name in values:
                raise OptionError(f"{rows[name].flag} is given twice.", "keep one of them")
            values[name] = value
        else:
            _refuse_long_dash(word, rows)
            free.append(word)
    return Command(values, free, alias, help)


def _option(
    word: Word, queue: list[Word], rows: Mapping[str, OptionSpec], short: Mapping[str, str], line: str
) -> tuple[str, str | bool]:
    flag, equals, value = word.text.partition("=")
    name = short.get(flag) or flag.removeprefix("--").replace("-", "_")
    name = name if name in rows else next((each for each in (f"{name}_",) if each in rows), name)
    negated = rows.get(name.removeprefix("no_"))
    if name not in rows and negated and negated.kind == "bool" and not equals:
        return negated.name, False
    if name not in rows or not (flag in short or flag.startswith("--")):
        raise unknown_option(flag, rows)
    if rows[name].kind == "bool":
        return name, value if equals else True
    at = word.at + len(flag) + 1
    if not equals:
        if not queue or (not queue[-1].quoted and _OPTION.match(queue[-1].text)):
            raise OptionError(f"{flag} needs a value.", f"give {flag} {rows[name].domain}: {rows[name].help}")
        value, at = queue[-1].text, queue.pop().at
    if value[:1] and value[0] in _CURLY and line[at : at + 1] == value[0]:
        what = f"{flag} has a curly quote, which quotes nothing here:\n{caret(line, at)}"
        raise UsageError(what, """type it straight: " or '""")
    return name, value


def _refuse_long_dash(word: Word, rows: Mapping[str, OptionSpec]) -> None:
    if word.text[0] in "—–" and word.text[1:].partition("=")[0].replace("-", "_") in rows:
        raise OptionError(f"{word.text} begins with a long dash.", f"type two short ones: --{word.text[1:]}")


def _word(line: str, begin: int, braces: Mapping[int, int]) -> tuple[Word, int]:
    pieces: list[str] = []
    at, opens = begin, True
    while at < len(line) and not line[at].isspace():
        if opens and line[at] in "\"'":
            piece, at = _quotation(line, at, braces)
        else:
            piece, at = _piece(line, at, braces)
            opens = piece == "=" and line.startswith("--", begin)
        pieces.append(piece)
    return Word("".join(pieces), begin, line[begin] in "\"'"), at


def _piece(line: str, at: int, braces: Mapping[int, int]) -> tuple[str, int]:
    """A stretch outside quotes; `braces` says where an `{{expr}}` that begins at a place ends."""
    if at in braces:
        return line[at : braces[at]], braces[at]
    if escaped := _ESCAPED.match(line, at):
        return escaped[1], escaped.end()
    run = _RUN.match(line, at)
    return (run[0], run.end()) if run else (line[at], at + 1)


def _quotation(line: str, begin: int, braces: Mapping[int, int]) -> tuple[str, int]:
    quote, at = line[begin], begin + 1
    ordinary = re.compile(r"[^'{]+|\{+" if quote == "'" else r'[^"\\{]+|\{+')
    pieces: list[str] = []
    while at < len(line) and line[at] != quote:
        if at in braces:
            piece, at = line[at : braces[at]], braces[at]
        elif run := ordinary.match(line, at):
            piece, at = run[0], run.end()
        else:  # a backslash in double quotes
            escapes = line[at + 1 : at + 2] in ('"', "\\")
            piece, at = (line[at + 1], at + 2) if escapes else (line[at], at + 1)
        pieces.append(piece)
    if at >= len(line):
        what = f"The quote that opens here is never closed:\n{caret(line, begin)}"
        raise UsageError(what, f"close it with {quote}, or write \\{quote} for the sign itself")
    return "".join(pieces), at + 1


def _typed(value: str | bool, row: OptionSpec) -> Any:
    if isinstance(value, str):  # half a surrogate pair is no text: nothing could store it
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    try:
        number = {"int": int, "float": float}[row.kind]
        return number(value)
    except (KeyError, ValueError):
        return value  # the table says what is wrong with it
