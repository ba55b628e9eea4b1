"""Published folders, shown by the Jupyter server itself.

GET /genart/sites/KEY/PATH    a file of a folder that the toolbar published

Jupyter's own /files gives a page an origin of its own (CSP sandbox), so that a notebook's scripts cannot act as its
reader. From there no cookie goes along, and a page gets none of the files beside it. Here it has the same sandbox; the
key in its address, which only the one who published is told, stands for the cookie and opens that folder and no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from tornado import web

_Method = TypeVar("_Method", bound=Callable[..., Any])

try:
    from jupyter_server.auth.decorator import allow_unauthenticated
except ImportError:  # before 2.13 no server asked for it

    def allow_unauthenticated(method: _Method) -> _Method:
        """Mark nothing."""
        return method


SANDBOX = "sandbox allow-scripts allow-downloads; frame-ancestors 'self'"


class Sites:
    """Folders that may be shown, by key; a folder keeps its key for as long as the server runs."""

    def __init__(self) -> None:
        self._keys: dict[Path, str] = {}

    def path(self, page: Path) -> str:
        """Where a page is shown, below /genart; its folder may be read from then on by whoever knows that."""
        key = self._keys.setdefault(page.parent, secrets.token_hex(16))
        return f"sites/{key}/{page.name}"

    def folder(self, key: str) -> Path | None:
        """The folder of a key."""
        return next((folder for folder, known in self._keys.items() if secrets.compare_digest(known, key)), None)


def sites(settings: dict[str, Any]) -> Sites:
    """Those of this server."""
    found: Sites = settings.setdefault("genart_sites", Sites())
    return found


def _inside(folder: Path, path: str) -> bool:
    """Whether a path leads to something in a folder, links followed; a path may be any text."""
    try:
        return (folder / path).resolve().is_relative_to(folder)
    except (OSError, ValueError, RuntimeError):
        return False


class Site(web.StaticFileHandler):
    """GET and HEAD /genart/sites/KEY/PATH; with ranges, so that songs can be sought in."""

    def initialize(self) -> None:  # type: ignore[override]
        """The folder comes with the key."""
        super().initialize(path="")

    @allow_unauthenticated
    async def get(self, key: str, path: str, include_body: bool = True) -> None:  # type: ignore[override]
        """A file; 404 for an unknown key, what is hidden, and what lies elsewhere."""
        folder = sites(self.settings).folder(key)
        if folder is None:
            raise web.HTTPError(404, "This page was shown by a server that has ended. Publish the notebook again.")
        if any(part.startswith(".") for part in Path(path).parts) or not _inside(folder, path):
            raise web.HTTPError(404)
        self.root = str(folder)
        await super().get(path, include_body)

    @allow_unauthenticated
    async def head(self, key: str, path: str) -> None:  # type: ignore[override]
        """The same without its content."""
        await self.get(key, path, include_body=False)

    def set_default_headers(self) -> None:
        """No page may act as its reader, tell its address to others, or be taken for another kind of file."""
        self.set_header("Content-Security-Policy", SANDBOX)
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Access-Control-Allow-Origin", "*")  # the page's own scripts are of another origin too


SITES: list[tuple[str, type[web.RequestHandler]]] = [(r"sites/(?P<key>[0-9a-f]{32})/(?P<path>.+)", Site)]
"""Paths below /genart, and their handlers."""
