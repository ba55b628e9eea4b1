"""`%%restyle --from fox` with nothing below: IPython refuses a cell without a body before it asks its magic."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


class Bare:
    """Puts an empty line below a magic line that stands alone; the art form then says whether it needs a prompt."""

    has_side_effects = True  # so that a terminal still waits for the body

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def __call__(self, lines: list[str]) -> list[str]:
        """The lines of a cell, with one more if it is an art form's magic line alone."""
        return [*lines, "\n"] if len(lines) == 1 and self._ours(lines[0]) else lines

    def _ours(self, line: str) -> bool:
        from genart_nb.magics.magic import ArtMagic

        name = line[2:].split(maxsplit=1)[0] if line.startswith("%%") and line[2:3].isidentifier() else ""
        return isinstance(self._shell.magics_manager.magics["cell"].get(name), ArtMagic)


def register(shell: InteractiveShell) -> None:
    """Let cells of an art form have no body."""
    shell.input_transformer_manager.cleanup_transforms.append(Bare(shell))


def unregister(shell: InteractiveShell) -> None:
    """Undo `register`."""
    transforms = shell.input_transformer_manager.cleanup_transforms
    transforms[:] = [each for each in transforms if not isinstance(each, Bare)]
