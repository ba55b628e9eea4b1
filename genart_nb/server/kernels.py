"""Asking kernels at their side doors, in the name of a Jupyter server that started them."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from jupyter_server.services.kernels.kernelmanager import MappingKernelManager
from jupyter_server.services.sessions.sessionmanager import SessionManager

from genart_nb.errors import EngineError
from genart_nb.sidedoor import ask

STALE = 10.0
"""Seconds for which a kernel that is too busy to answer is shown as it last was."""


PATIENCE = {"vocabulary": 15.0}
"""Seconds that an answer may take, where it is longer than at the side door: the first one imports every art form."""


class Kernels:
    """The kernels of one server. A kernel id that the server does not know raises KeyError."""

    def __init__(self, kernels: MappingKernelManager, sessions: SessionManager) -> None:
        self._kernels = kernels
        self._sessions = sessions
        self._last: dict[str, tuple[float, dict[str, Any]]] = {}

    async def ask(self, id: str, what: str, **question: Any) -> Any:
        """One kernel's answer; None where it has no door. Raises EngineError, KeyError."""
        connection = getattr(self._kernels.get_kernel(id), "connection_file", "")
        limit = {"timeout": PATIENCE[what]} if what in PATIENCE else {}
        return await ask(Path(connection), what, **limit, **question) if connection else None

    async def status(self) -> list[dict[str, Any]]:
        """What every kernel with a door is doing, each with the path and name of its notebook."""
        ids = self._kernels.list_kernel_ids()
        answers = await asyncio.gather(*(self._status(id) for id in ids))
        told = {id: answer for id, answer in zip(ids, answers, strict=True) if answer is not None}
        if not told:
            return []
        listed = await self._sessions.list_sessions()  # type: ignore[no-untyped-call]
        sessions = {each["kernel"]["id"]: each for each in listed if each.get("kernel")}
        return [{"kernel": id, "path": sessions.get(id, {}).get("path", ""), **told[id]} for id in told]

    async def _status(self, id: str) -> dict[str, Any] | None:
        try:
            answer = await self.ask(id, "status")
        except KeyError:
            return None  # it was shut down meanwhile
        except EngineError:
            when, last = self._last.get(id, (0.0, {}))
            return last if last and time.monotonic() - when < STALE else None
        if isinstance(answer, dict):
            self._last[id] = (time.monotonic(), answer)
            return answer
        self._last.pop(id, None)
        return None
