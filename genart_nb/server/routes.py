"""The routes. Each needs Jupyter's token or cookie, and what changes anything its XSRF token, as Jupyter's own do.

GET  /genart/vocabulary               every magic and its options, as this server's genart_nb knows them
GET  /genart/status                   jobs, models and memory of every kernel
GET  /genart/kernels/ID/vocabulary    the same magics, as the kernel knows them
GET  /genart/kernels/ID/names         works, variables and aliases of a kernel
POST /genart/kernels/ID/cancel        {"job": id or "all"}; answers {"stopped": [ids]}
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado import web

from genart_nb.errors import GenartError
from genart_nb.server.kernels import Kernels

_ID = r"(?P<kernel>\w+-\w+-\w+-\w+-\w+)"


def told(method: Callable[..., Awaitable[Any]]) -> Any:
    """Write what a handler returns as JSON; our errors become {"message", "fix"} with a status that fits."""

    @functools.wraps(method)
    async def handler(self: Handler, **parts: str) -> None:
        try:
            answer = await method(self, **parts)
        except KeyError:
            raise web.HTTPError(404, "There is no such kernel.") from None
        except GenartError as error:
            self.set_status(503)
            answer = {"message": error.what, "fix": error.fix}
        self.finish(json.dumps(answer))

    return web.authenticated(authorized(handler))


class Handler(APIHandler):
    """What all routes share. Polling a status is no activity: an idle server may still be culled."""

    auth_resource = "genart"
    _track_activity = False

    @property
    def kernels(self) -> Kernels:
        """The one Kernels of this server."""
        settings = self.settings
        if "genart_kernels" not in settings:
            settings["genart_kernels"] = Kernels(self.kernel_manager, self.session_manager)
        found: Kernels = settings["genart_kernels"]
        return found


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


def routes(base: str) -> list[tuple[str, type[Handler]]]:
    """Paths and handlers below the server's base URL."""
    table: list[tuple[str, type[Handler]]] = [
        ("vocabulary", Vocabulary),
        ("status", Status),
        (rf"kernels/{_ID}/(?P<what>vocabulary|names)", Ask),
        (rf"kernels/{_ID}/cancel", Cancel),
    ]
    return [(url_path_join(base, "genart", path), handler) for path, handler in table]


def _vocabulary() -> dict[str, Any]:
    from genart_nb.magics.vocabulary import vocabulary

    return vocabulary()
