"""What IPython holds and calls: it imports what a magic needs when the magic is first used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Magic:
    """A magic of this package."""

    needs_local_scope = True  # so that {{x}} in a function finds the function's x
    _ipython_magic_no_var_expand = True  # IPython's own {x} and $x would break JSON and prices

    def __init__(self, name: str, shell: InteractiveShell) -> None:
        self.name = self.__name__ = name
        self._shell = shell


class ArtMagic(Magic):
    """The magic of one art form: `%%name` with the prompt below, `%name` with the prompt on the line."""

    def __call__(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Make a work."""
        from genart_nb.magics.cells import run

        return run(self._shell, self.name, line, cell, local_ns)

    def getdoc(self) -> str:
        """What `%%name?` shows."""
        from genart_nb.arts.form import art
        from genart_nb.errors import GenartError
        from genart_nb.magics.help import help_text

        try:
            return help_text(art(self.name))
        except GenartError as error:
            return f"%%{self.name}: {error}"


class GenartMagic(Magic):
    """`%genart SUBCOMMAND`: jobs, models, finished works, aliases and help."""

    def __call__(self, line: str, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Answer a subcommand; none is a request for help."""
        from genart_nb.magics.cells import scope_of
        from genart_nb.magics.genart import answer
        from genart_nb.magics.grammar import split

        return answer(split(line), self._shell, scope_of(self._shell, local_ns), line)

    def getdoc(self) -> str:
        """What `%genart?` shows."""
        from genart_nb.magics.genart import overview

        return str(overview())


class EaselMagic(Magic):
    """`%easel`: a work under the hand."""

    def __call__(self, line: str, cell: str | None = None, local_ns: Mapping[str, Any] | None = None) -> Any:
        """Put a work on an easel, made first if it is new."""
        from genart_nb.magics.easel import easel

        return easel(self._shell, line, cell, local_ns)

    def getdoc(self) -> str:
        """What `%easel?` shows."""
        from genart_nb.magics.easel import USAGE

        return USAGE
