"""What a `%genart` subcommand is: a name, help, its flags, and a function that answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genart_nb.errors import UsageError
from genart_nb.magics.grammar import Command, Word
from genart_nb.options import Options

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


@dataclass(frozen=True)
class Call:
    """One use of a subcommand; there is no shell on the command line."""

    command: Command
    flags: Any
    shell: InteractiveShell | None = None

    @property
    def words(self) -> Sequence[Word]:
        """What is not a flag."""
        return self.command.words

    def word(self, default: str = "") -> str:
        """The only word, or `default`; raises UsageError for more."""
        if len(self.words) > 1:
            raise UsageError(f"{self.words[1].text!r} is one word too many.", "quote a name that has spaces")
        return self.words[0].text if self.words else default


@dataclass(frozen=True)
class Subcommand:
    """A row of `%genart help`. `answer` returns what the cell shows."""

    name: str
    usage: str
    help: str
    answer: Callable[[Call], Any]
    flags: type[Options] = Options
