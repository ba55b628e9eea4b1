"""What the libraries log while they work for us: heard here, and not printed into somebody's cell."""

from __future__ import annotations

import contextlib
import functools
import logging
from collections.abc import Iterator
from contextvars import ContextVar

_LIBRARIES = ("diffusers", "transformers")
_SEEN = "genart_seen"
_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


class _Ear(logging.Filter):
    """Lets a record pass unless somebody is listening in its thread."""

    def filter(self, record: logging.LogRecord) -> bool:
        heard = _heard.get()
        if heard is not None and not hasattr(record, _SEEN):  # each handler asks
            setattr(record, _SEEN, True)
            heard.append(record.getMessage())
        return heard is None


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    """Collect what diffusers and transformers log in this thread; other threads' records are printed as ever."""
    ear = _ear()
    for handler in (each for name in _LIBRARIES for each in logging.getLogger(name).handlers):
        handler.addFilter(ear)  # adding it twice adds it once
    records: list[str] = []
    token = _heard.set(records)
    try:
        yield records
    finally:
        _heard.reset(token)


@contextlib.contextmanager
def no_bars() -> Iterator[None]:
    """Hide the libraries' progress bars, which are for terminals."""
    from diffusers.utils import logging as theirs
    from transformers.utils import logging as others

    shown = [each for each in (theirs, others) if each.is_progress_bar_enabled()]
    for each in shown:
        each.disable_progress_bar()
    try:
        yield
    finally:
        for each in shown:
            each.enable_progress_bar()


@functools.cache
def _ear() -> _Ear:
    return _Ear()
