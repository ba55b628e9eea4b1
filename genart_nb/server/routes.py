"""The routes.

Each needs Jupyter's token or cookie, and what changes anything its XSRF token, as Jupyter's own do; only a published
folder has a key of its own.

GET  /genart/vocabulary               every magic and its options, as this server's genart_nb knows them
GET  /genart/status                   jobs, models and memory of every kernel
GET  /genart/kernels/ID/vocabulary    the same magics, as the kernel knows them
GET  /genart/kernels/ID/names         works, variables and aliases of a kernel
POST /genart/kernels/ID/cancel        {"job": id or "all"}; answers {"stopped": [ids]}
and those of the side panel, the toolbar and published folders: see works.py, orders.py and sites.py
"""

from __future__ import annotations

import asyncio
from typing import Any

from jupyter_server.utils import url_path_join
from tornado import web

from genart_nb.server.handler import Handler, told
from genart_nb.server.orders import ORDERS
from genart_nb.server.sites import SITES
from genart_nb.server.works import WORKS

_ID = r"(?P<kernel>\w+-\w+-\w+-\w+-\w+)"


class Vocabulary(Handler):
    """GET /genart/vocabulary."""

    @told
    async def get(self) -> Any:
        """Made on another thread: it imports every art form, which may take a second."""
        return await asyncio.get_running_loop().run_in_executor(None, _vocabulary)


class Status(Handler):
    """GET /genart/status."""

    @told
    async def get(self) -> Any:
        """Every kernel that has a door."""
        return {"kernels": await self.kernels.status()}


class Ask(Handler):
    """GET /genart/kernels/ID/vocabulary and /names."""

    @told
    async def get(self, kernel: str, what: str) -> Any:
        """What the kernel says, or null where it has no door."""
        return await self.kernels.ask(kernel, what)


class Cancel(Handler):
    """POST /genart/kernels/ID/cancel."""

    @told
    async def post(self, kernel: str) -> Any:
        """Stop one job of a kernel, or all."""
        body = self.get_json_body()
        job = body.get("job") if isinstance(body, dict) else None
        if not isinstance(job, str) or not job:
            raise web.HTTPError(400, 'Say which: {"job": ID}, or {"job": "all"}.')
        return await self.kernels.ask(kernel, "cancel", job=job) or {"stopped": []}


def routes(base: str) -> list[tuple[str, type[web.RequestHandler]]]:
    """Paths and handlers below the server's base URL."""
    table: list[tuple[str, type[web.RequestHandler]]] = [
        ("vocabulary", Vocabulary),
        ("status", Status),
        (rf"kernels/{_ID}/(?P<what>vocabulary|names)", Ask),
        (rf"kernels/{_ID}/cancel", Cancel),
        *WORKS,
        *ORDERS,
        *SITES,
    ]
    return [(url_path_join(base, "genart", path), handler) for path, handler in table]


def _vocabulary() -> dict[str, Any]:
    from genart_nb.magics.vocabulary import vocabulary

    return vocabulary()
