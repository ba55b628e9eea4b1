"""Cell and line magics: one grammar for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell) -> None:
    """Bring `%%poem` and its sisters, `%genart` and their completions; doing it again changes nothing."""
    from genart_nb.arts.form import names
    from genart_nb.magics.cells import ArtMagic

    for name in names():
        shell.register_magic_function(ArtMagic(name, shell), "line_cell", name)  # type: ignore[arg-type]
