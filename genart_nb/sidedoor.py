"""The side door of a kernel: a loopback port where one line of JSON asks and one line answers, whatever a cell does.

A kernel that is busy in a cell reads nothing on its shell channel, and a message on its control channel would make
every front end believe it idle. So a thread listens here. Port and token lie in a file beside the kernel's connection
file, in a folder that only its owner can enter; a Jupyter server that started the kernel finds them there.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import secrets
import socketserver
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from genart_nb.errors import EngineError, GenartError

_QUESTION_MAX = 1 << 16  # bytes of one question
_ANSWER_MAX = 1 << 24
_PATIENCE = 5.0  # seconds that a caller may take to ask

Answers = Mapping[str, Callable[[Mapping[str, Any]], Any]]
"""What can be asked for: a name, and a function from the question to anything JSON can hold."""


def address(connection: Path) -> Path:
    """The file that says where the door of a kernel is, by the kernel's connection file."""
    # In a folder of its own: whoever looks for connection files looks beside them for names that are alike.
    return connection.parent / "genart" / connection.name


class Door:
    """An open door. Loopback only; whoever does not know the token is refused."""

    def __init__(self, connection: Path, answers: Answers) -> None:
        self._file = address(connection)
        self._answers = dict(answers)
        self._token = secrets.token_hex(16)
        self._server = _Server(("127.0.0.1", 0), self._serve)
        thread = threading.Thread(target=self._server.serve_forever, name="genart-door", daemon=True)
        thread.start()
        self._write({"port": self._server.server_address[1], "token": self._token})

    def leave(self) -> None:
        """Take the address away: enough for a process that ends, which must not wait for its thread."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the address away and stop listening."""
        self.leave()
        self._server.shutdown()
        self._server.server_close()

    def _write(self, content: dict[str, Any]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file)
        part.replace(self._file)

    def _serve(self, line: bytes) -> dict[str, Any]:
        try:
            question = json.loads(line)
            known = hmac.compare_digest(str(question["token"]).encode(), self._token.encode())
            if not known:
                return {"error": "The token is not this kernel's.", "fix": ""}
            return {"answer": self._answers[question["ask"]](question)}
        except GenartError as error:
            return {"error": error.what, "fix": error.fix}
        except Exception as error:  # the caller must hear something; the kernel must not
            return {"error": f"{type(error).__name__}: {error}", "fix": "`%genart doctor` checks the installation"}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, place: tuple[str, int], serve: Callable[[bytes], dict[str, Any]]) -> None:
        self.serve = serve
        super().__init__(place, _Caller)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller that hangs up is nobody's error, and a traceback would land in some cell."""


class _Caller(socketserver.StreamRequestHandler):
    timeout = _PATIENCE
    server: _Server

    def handle(self) -> None:
        """Answer one line, or nothing where it is not one."""
        line = self.rfile.readline(_QUESTION_MAX)
        if line.endswith(b"\n"):
            self.wfile.write(json.dumps(self.server.serve(line)).encode() + b"\n")


async def ask(connection: Path, what: str, timeout: float = 2.0, **question: Any) -> Any:
    """Ask the kernel of a connection file; None where no door is open there.

    Raises EngineError for a door that does not answer within `timeout` seconds, or answers with an error.
    """
    try:
        place = json.loads(address(connection).read_text(encoding="utf-8"))
        port, token = int(place["port"]), str(place["token"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    line = json.dumps({**question, "ask": what, "token": token}).encode() + b"\n"
    try:
        reply = json.loads(await asyncio.wait_for(_exchange(port, line), timeout))
    except ConnectionError:
        return None  # the kernel has gone and left its address behind
    except (OSError, ValueError, TimeoutError) as error:
        fault = f"The kernel did not answer: {type(error).__name__}."
        raise EngineError(fault, "wait, or restart the kernel") from None
    if "answer" not in reply:
        raise EngineError(str(reply.get("error", "The kernel gave no answer.")), str(reply.get("fix", "")))
    return reply["answer"]


async def _exchange(port: int, line: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_ANSWER_MAX)
    try:
        writer.write(line)
        await writer.drain()
        return await reader.readline()
    finally:
        writer.close()
