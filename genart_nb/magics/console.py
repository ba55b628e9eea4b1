"""In a terminal the words of a work were already streamed, so its result line says only which work it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.artwork import Artwork

_WORK = "genart_nb.artwork.Artwork"
_streamed: set[int] = set()


def streamed(work: Artwork) -> None:
    """Note that the words of this work stand on the screen, until the cell ends."""
    _streamed.add(id(work))


def register(shell: InteractiveShell) -> None:
    """Let the shell print works in this way."""
    if shell.display_formatter is not None:
        shell.display_formatter.mimebundle_formatter.for_type(_WORK, _bundle)
    shell.events.register("post_run_cell", _forget)


def unregister(shell: InteractiveShell) -> None:
    """Undo `register`."""
    if shell.display_formatter is not None:
        shell.display_formatter.mimebundle_formatter.pop(_WORK, None)
    if _forget in shell.events.callbacks["post_run_cell"]:
        shell.events.unregister("post_run_cell", _forget)


def _bundle(work: Artwork, include: Any = None, exclude: Any = None) -> Any:
    return {"text/plain": repr(work)} if id(work) in _streamed else work._repr_mimebundle_(include, exclude)


def _forget(result: Any) -> None:
    _streamed.clear()
