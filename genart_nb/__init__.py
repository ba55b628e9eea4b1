"""Generative art, native to Jupyter.

`%load_ext genart_nb` brings the magics; every magic has a twin here: `genart_nb.poem("the sea", seed=7)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genart_nb.version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.artwork import Artwork
    from genart_nb.gallery import Gallery
    from genart_nb.recipe import Recipe
    from genart_nb.studio import Studio, studio
    from genart_nb.widgets.easel import Easel

__all__ = ["Artwork", "Easel", "Gallery", "Recipe", "Studio", "__version__", "load_ipython_extension", "studio"]

_HOMES = {
    "Artwork": "artwork", "Easel": "widgets.easel", "Gallery": "gallery", "Recipe": "recipe", "Studio": "studio",
    "studio": "studio",
}  # fmt: skip


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics and their completions; loads no model and no torch."""
    from genart_nb.magics import register

    register(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Take the magics and their completions away again."""
    from genart_nb.magics import unregister

    unregister(shell)


def __getattr__(name: str) -> Any:
    """Find a public name, or the Python twin of a magic, when it is first asked for."""
    from importlib import import_module  # `from genart_nb import x` would ask this very function for x

    if name in _HOMES:
        return getattr(import_module(f"genart_nb.{_HOMES[name]}"), name)
    if not name.startswith("_") and name in import_module("genart_nb.plugins").offered("arts"):
        return import_module("genart_nb.twins").twin(name)
    raise AttributeError(f"module 'genart_nb' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Public names, twins included."""
    from importlib import import_module

    return sorted({*__all__, *import_module("genart_nb.plugins").offered("arts")})
