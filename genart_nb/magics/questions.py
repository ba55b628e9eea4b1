"""Let a prompt on a line end in a question mark.

IPython would take `%ask why is the sea salt?` for `salt?`, a request for help.
"""

from __future__ import annotations

import tokenize
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from IPython.core.inputtransformer2 import TokenTransformBase

from genart_nb import plugins

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Question(TokenTransformBase):
    """Puts an empty comment after such a line, so that it no longer ends in the question mark."""

    priority = 4  # before IPython's own HelpEnd, which has 5

    def __init__(self, start: tuple[int, int], mark_end: tuple[int, int]) -> None:
        super().__init__(start)  # type: ignore[no-untyped-call]
        self.row, self.column = mark_end[0] - 1, mark_end[1]

    @classmethod
    def find(cls, tokens_by_line: Any) -> Question | None:
        """The first line that is a magic of ours with a prompt, and ends in a question mark."""
        for line in tokens_by_line:
            if len(line) > 4 and line[-2].string == "?":
                tokens = [token for token in line if token.type not in (tokenize.INDENT, tokenize.DEDENT)]
                if _is_prompt([token.string for token in tokens]):
                    # What stands furthest left is tried first, so stand where HelpEnd will.
                    return cls(tokens[0].start, line[-2].end)
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Add the comment."""
        line = lines[self.row]
        return [*lines[: self.row], f"{line[: self.column]} #{line[self.column :]}", *lines[self.row + 1 :]]


def register(shell: InteractiveShell) -> None:
    """Let the shell read its input in this way."""
    shell.input_transformer_manager.token_transformers.append(Question)


def unregister(shell: InteractiveShell) -> None:
    """Undo `register`."""
    transformers = shell.input_transformer_manager.token_transformers
    transformers[:] = [each for each in transformers if each is not Question]


def _is_prompt(texts: Sequence[str]) -> bool:
    at = texts.index("%") if "%" in texts else -1
    begins = at == 0 or (at > 0 and texts[at - 1] == "=")
    return begins and texts[at + 1] in plugins.offered("arts") and texts[at + 2] != "?"
