"""A Jupyter server's process: waiting until it answers, and ending it with whatever it started."""

from __future__ import annotations

import subprocess
import time
import urllib.error
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil


def wait_until_up(process: subprocess.Popen[bytes], ask: Callable[[str], Any], log: Path, seconds: float) -> None:
    """Return once it answers; raises RuntimeError with the end of its log if it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            ask("/api/status")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Jupyter did not start:\n{log.read_text()[-3000:]}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End it and its kernels, by pid."""
    if process.poll() is not None:
        return
    family = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    _, alive = psutil.wait_procs([*family, psutil.Process(process.pid)], timeout=15)
    for each in alive:
        each.kill()
    process.wait()
