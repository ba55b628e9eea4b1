"""Errands: `genart publish` and `genart check` as processes of their own, watched while they run."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Literal

from genart_nb.errors import UsageError
from genart_nb.publishing.progress import ASKED

State = Literal["running", "done", "failed", "stopped"]

_KEPT = 20  # finished errands that can still be asked about
_LINES = 60  # last lines of each stream that are kept
_LINE = 2000  # characters of one
_FAR = re.compile(r"(\d+)(?:/| of )(\d+)")
_PATIENCE = 10.0  # seconds between asking a process to end and ending it
COMMAND = (sys.executable, "-P", "-m", "genart_nb.cli")
"""-P: what lies in the notebook's folder is not imported in the place of a library."""


class Errand:
    """One process. `path` is the notebook's, as the page named it."""

    def __init__(self, kind: str, path: str, arguments: Sequence[str], folder: Path) -> None:
        self.id, self.kind, self.path, self.folder = secrets.token_hex(8), kind, path, folder
        self.arguments = tuple(arguments)
        self.said: deque[str] = deque(maxlen=_LINES)
        self.out: deque[str] = deque(maxlen=_LINES)
        self._began, self._ended = time.monotonic(), 0.0
        self._stopped = False
        environment = {**os.environ, ASKED: "1", "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}
        self._process = subprocess.Popen(
            [*COMMAND, *arguments], cwd=folder, env=environment, text=True, encoding="utf-8", errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        streams = (self._process.stdout, self.out), (self._process.stderr, self.said)
        self._readers = [threading.Thread(target=_read, args=each, daemon=True) for each in streams]
        for thread in self._readers:
            thread.start()

    @property
    def state(self) -> State:
        """Whether it runs, and how it ended."""
        code = self._process.poll()
        if code is None:
            return "running"
        self._ended = self._ended or time.monotonic()
        for thread in self._readers:
            thread.join(0.2)
        return "stopped" if self._stopped else "failed" if code else "done"

    @property
    def fraction(self) -> float | None:
        """How far it says it is, in 0..1; None where it has not said."""
        found = _FAR.search(self.said[-1]) if self.said else None
        return min(1.0, int(found[1]) / max(1, int(found[2]))) if found else None

    def told(self) -> dict[str, Any]:
        """All of it, as JSON carries it; `result` is the path of a page it wrote, as printed."""
        state = self.state
        seconds = round((self._ended or time.monotonic()) - self._began, 1)
        progress = self.said[-1] if self.said else ""
        said = [line for line in self.said if not _FAR.search(line)]
        return {
            "id": self.id, "kind": self.kind, "path": self.path, "state": state, "seconds": seconds,
            "fraction": self.fraction if state == "running" else None, "progress": progress,
            "said": said, "out": list(self.out),
        }  # fmt: skip

    def stop(self) -> None:
        """End the process with everything that it started, its kernel too; returns at once."""
        if self._process.poll() is None:
            self._stopped = True
            threading.Thread(target=self._end, daemon=True).start()

    def _end(self) -> None:
        import signal

        for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(self._process.pid, number)
                else:
                    self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE)
                return


class Errands:
    """Those of one server: one at a time for a notebook, ended with the server."""

    def __init__(self) -> None:
        self._held: dict[str, Errand] = {}
        atexit.register(self.close)

    def begin(self, kind: str, path: str, arguments: Sequence[str], folder: Path) -> Errand:
        """Start one; raises UsageError while another of the same notebook runs."""
        if any(each.path == path and each.state == "running" for each in self._held.values()):
            raise UsageError(f"{path} is being published or checked already.", "wait for it, or stop it first")
        errand = Errand(kind, path, arguments, folder)
        self._held[errand.id] = errand
        finished = [id for id, each in self._held.items() if each.state != "running"]
        for id in finished[:-_KEPT]:
            del self._held[id]
        return errand

    def get(self, id: str) -> Errand:
        """The one with that id; raises UsageError."""
        if id not in self._held:
            raise UsageError("That errand is not known any more.", "start it again")
        return self._held[id]

    def close(self) -> None:
        """End those that run."""
        for each in self._held.values():
            if each.state == "running":
                with contextlib.suppress(OSError):
                    each._process.terminate()


def _read(stream: IO[str], into: deque[str]) -> None:
    with contextlib.suppress(ValueError, OSError), stream:
        for line in stream:
            if kept := line.rstrip()[:_LINE]:
                into.append(kept)
