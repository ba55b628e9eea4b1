"""`%easel fox`, `%easel`, `%easel paint a fox --style flat`: a work under the hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from genart_nb.arts.form import art, names
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError, UsageError
from genart_nb.magics import page
from genart_nb.magics.cells import run, scope_of
from genart_nb.magics.commands import Call
from genart_nb.magics.grammar import HELP, Command, Common, Word, parse, split
from genart_nb.magics.page import Page
from genart_nb.magics.works import named
from genart_nb.recipe import Recipe

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.widgets.easel import Easel

FORM = "paint"
"""The art form of an easel that is given a prompt and no form."""
USAGE = """\
%easel                               the last work, with sliders made from its options
%easel NAME                          a work or recipe in a variable, or a recipe's digest
%easel paint a fox --style flat      a new work; every option of %%paint, any art form
%%easel paint --seed 7 -o fox        the same with the prompt below; fox is what the hand last let go of
%easel compose a slow tune           a song, heard as its tempo, key and mood move
%easel NAME --frames "freedom=6"     pictures that `genart publish` makes ahead, so that its page's sliders move

Drag a slider and the work follows; let go and it is made in full, kept in the gallery and shown below.
R rolls another seed, P pins the work to compare, Z undoes, Shift+Z redoes."""


def easel(shell: InteractiveShell, line: str, cell: str | None, local: Mapping[str, Any] | None) -> Easel | Page | None:
    """Put a work on an easel; one that is not made yet is made first, as its own magic would."""
    words = split(line)
    if [word.text for word in words] in [[each] for each in HELP]:
        return page.listing(USAGE)
    line, words, frames = _framed(line, words)
    if getattr(shell, "kernel", None) is None:
        raise UsageError("An easel needs a notebook: a terminal has no sliders.", "`genart lab` opens one")
    asked = words[0].text if words and not words[0].quoted else ""
    if asked in names() and (len(words) > 1 or cell):
        return _new(shell, asked, line[words[0].at + len(asked) :], cell, local, frames)
    if cell or len(words) > 1 or asked.startswith(("-", "@")):
        return _new(shell, FORM, line, cell, local, frames)
    from genart_nb.widgets.easel import Easel

    held = _held(shell, words, local)
    if isinstance(held, Easel) and not frames:
        return held
    return Easel(held.artwork or held.recipe if isinstance(held, Easel) else held, frames=frames)


def _framed(line: str, words: list[Word]) -> tuple[str, list[Word], str]:
    """The line and its words without `--frames`, which is the easel's own, and what it says."""
    for index, word in enumerate(words):
        flag, equals, value = word.text.partition("=")
        if word.quoted or flag != "--frames":
            continue
        after = index + (1 if equals else 2)
        if not equals and after > len(words):
            raise OptionError("--frames needs a value.", 'write --frames "freedom=6,guidance=3"')
        end = words[after].at if after < len(words) else len(line)
        line = f"{line[: word.at]}{line[end:]}"
        return line, split(line), value if equals else words[index + 1].text
    return line, words, ""


def _new(
    shell: InteractiveShell, name: str, line: str, cell: str | None, local: Mapping[str, Any] | None, frames: str
) -> Easel | None:
    from genart_nb.widgets.easel import Easel

    given = parse(split(line), Common, art(name).options, line=line).values
    if given.get("bg"):
        raise UsageError("An easel cannot wait behind: --bg has no meaning here.", "leave --bg out")
    work = run(shell, name, line, cell, local)
    if not isinstance(work, Artwork):
        return None  # it was a question for help
    made, out = Easel(work, frames=frames), str(given.get("out") or "")
    if out:
        made.on_release(lambda work: shell.user_ns.__setitem__(out, work))
    return made


def _held(shell: InteractiveShell, words: list[Word], local: Mapping[str, Any] | None) -> Any:
    """The easel, work or recipe meant by a name; the last work without one."""
    from genart_nb.widgets.easel import Easel

    if words:
        found = (local or {}).get(words[0].text, shell.user_ns.get(words[0].text))
        if isinstance(found, Easel | Recipe):
            return found
    scope = scope_of(shell, local)
    return named(Call(Command(words=words).filled(scope), None, shell))
