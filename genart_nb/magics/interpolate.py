"""`{{expr}}`: a Python expression put into a prompt or an option, once.

Single braces are plain text, and so is whatever an expression gives: it is never read again. In a run of braces the
innermost two open, so `{{{x}}}` is x in braces. Two braces as text are written `{{"{{"}}`; `--raw` leaves all as is.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any, NamedTuple

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import GenartError, InterpolationError
from genart_nb.magics.caret import caret
from genart_nb.options import nearest
from genart_nb.writing import OPENING

Said = Callable[[Artwork, str], str]

_LONGEST = 2000  # characters of one expression: bounds the search for its end
_RAW = 'two braces as text are `{{"{{"}}`, and --raw turns {{ }} off'


@dataclass
class Scope:
    """Where expressions are evaluated; `works` gathers the artworks that were put in."""

    evaluate: Callable[[CodeType], Any]
    names: Callable[[], Iterable[str]]
    works: list[Artwork] = field(default_factory=list)

    def fill(self, text: str, said: Said = lambda work, before: str(work)) -> str:
        """The text with every `{{expr}}` replaced; raises InterpolationError with a caret under the place.

        `said(work, before)` is how a work reads after the text before it.
        """
        pieces, end = [], 0
        for found in expressions(text):
            if found.code is None:
                raise _unreadable(text, found.begin)
            pieces += [text[end : found.begin - 2], self._value(text, found, found.code, said)]
            end = found.end + 2
        return "".join([*pieces, text[end:]])

    def held(self, name: str) -> Any:
        """What a variable of that name holds, a job's work if it is a job; the name itself where there is none."""
        if not name.isidentifier() or name not in self.names():
            return name
        value = self.evaluate(compile(name, "{{ }}", "eval"))
        return value.artwork() if isinstance(value, Job) else value

    def _value(self, text: str, found: Expression, code: CodeType, said: Said) -> str:
        source = text[found.begin : found.end].strip()
        try:
            value = self.evaluate(code)
            if isinstance(value, Job):
                value = value.artwork()
            if not isinstance(value, Artwork):
                return str(value)
            self.works.append(value)
            return said(value, text[: found.begin - 2])
        except GenartError:
            raise
        except Exception as error:
            at = text.index(source, found.begin)
            raise self._failed(error, source, _place(text, at, len(source))) from None

    def _failed(self, error: Exception, source: str, place: str) -> InterpolationError:
        if isinstance(error, NameError) and error.name:
            guess = nearest(error.name, (name for name in self.names() if not name.startswith("_")))
            hint = f"did you mean `{guess}`?" if guess else "run the cell that defines it first"
            return InterpolationError(f"`{error.name}` is not defined:\n{place}", f"{hint} ({_RAW})")
        what = f"`{source[:200]}` failed with {type(error).__name__}: {error}"
        return InterpolationError(f"{what}\n{place}", "try the expression in a cell of its own")


class Expression(NamedTuple):
    """`run` is where its braces begin, `text[begin:end]` what stands between them; no code: it never ends."""

    run: int
    begin: int
    end: int
    code: CodeType | None


def expressions(text: str) -> Iterator[Expression]:
    """Every expression, up to the first that no `}}` makes one."""
    end = 0
    while opening := OPENING.search(text, end):
        found = _expression(text, opening.start(), opening.end())
        yield found
        if found.code is None:
            return
        end = found.end + 2


def _expression(text: str, run: int, begin: int) -> Expression:
    """The first `}}` that leaves valid Python closes it, so strings and dicts inside may hold braces."""
    end = text.find("}}", begin, begin + _LONGEST)
    while end >= 0:
        code = _compiled(text[begin:end].strip())
        if code:
            return Expression(run, begin, end, code)
        end = text.find("}}", end + 1, begin + _LONGEST)
    return Expression(run, begin, begin, None)


def _compiled(source: str) -> CodeType | None:
    if not source:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a stray backslash or an odd comparison: not ours to judge
        try:
            return compile(source, "{{ }}", "eval")
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
            return None


def _unreadable(text: str, begin: int) -> InterpolationError:
    end = text.find("}}", begin, begin + _LONGEST)
    if end < 0:
        place = _place(text, begin - 2, 2)
        return InterpolationError(f"`{{{{` is never closed:\n{place}", f"add }}}} after it; {_RAW}")
    place = _place(text, begin, end - begin)
    return InterpolationError(f"This is not a Python expression:\n{place}", f"write a variable's name there; {_RAW}")


def _place(text: str, at: int, length: int) -> str:
    return caret(text, at, length, f"line {text.count(chr(10), 0, at) + 1}: " if "\n" in text else "")
