"""What all our handlers share: who may ask, how an answer and an error are written."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

from genart_nb.errors import GenartError, UsageError
from genart_nb.server.kernels import Kernels

_T = TypeVar("_T")


def told(method: Callable[..., Awaitable[Any]]) -> Any:
    """Write what a handler returns as JSON; our errors become {"message", "fix"} with a status that fits."""

    @functools.wraps(method)
    async def handler(self: Handler, **parts: str) -> None:
        try:
            answer = await method(self, **parts)
        except KeyError:
            raise web.HTTPError(404, "There is no such kernel.") from None
        except GenartError as error:
            self.set_status(400 if isinstance(error, UsageError) else 503)
            answer = {"message": error.what, "fix": error.fix}
        if not self._finished:  # it may have sent something else than JSON
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

    async def aside(self, act: Callable[[], _T]) -> _T:
        """Do something that may read a disk on another thread."""
        return await asyncio.get_running_loop().run_in_executor(None, act)
