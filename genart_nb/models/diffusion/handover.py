"""A call that pauses: it runs in a thread of its own, and one of the two threads always waits for the other."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, Literal, TypeVar

T = TypeVar("T")


class Abandoned(BaseException):
    """Raised inside the call at its next pause, once nobody wants it any more; it passes every `except Exception`."""


def stepwise(call: Callable[[Callable[[T], None]], T]) -> Iterator[T]:
    """Yield what `call` gives to the `pause` it is handed, one at a time, then what it returns.

    The call stands still between two yields. What it raises is raised here; closing this generator ends it at its
    next pause, and the thread is gone when `close` returns.
    """
    resume: SimpleQueue[bool] = SimpleQueue()
    handed: SimpleQueue[tuple[Literal["step", "end", "error"], Any]] = SimpleQueue()

    def pause(value: T) -> None:
        handed.put(("step", value))
        if not resume.get():
            raise Abandoned

    def body() -> None:
        if not resume.get():
            return
        try:
            handed.put(("end", call(pause)))
        except BaseException as error:
            handed.put(("error", error))

    thread = threading.Thread(target=contextvars.copy_context().run, args=(body,), name="genart-steps", daemon=True)
    thread.start()
    try:
        kind: str = "step"
        while kind == "step":
            resume.put(True)
            kind, value = handed.get()
            if kind == "error":
                raise value
            yield value
    finally:
        resume.put(False)
        thread.join()
