"""A mailbox with one slot: what is put in takes the place of what nobody has taken yet."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """What was put in; `generation` counts from 1, and a higher one makes every lower one stale."""

    generation: int
    text: str


class Mailbox:
    """One slot, latest wins. Putting in never waits for whoever takes out, so it may be done on any thread."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._letter: Letter | None = None
        self._generation = 0
        self._taken = False
        self._closed = False

    def put(self, text: str) -> int:
        """Replace what is in the slot; returns its generation."""
        with self._news:
            self._generation += 1
            self._letter = Letter(self._generation, text)
            self._news.notify_all()
            return self._generation

    def take(self, timeout: float) -> Letter | None:
        """Empty the slot, waiting up to `timeout` seconds for something in it; None when nothing came.

        Asking again says that the letter before has been dealt with.
        """
        with self._news:
            self._taken = False
            self._news.notify_all()
            self._news.wait_for(lambda: self._letter or self._closed, timeout)
            letter, self._letter = self._letter, None
            self._taken = letter is not None
            return letter

    def stirs(self, timeout: float = 0.0) -> bool:
        """Whether something newer is there, or comes within `timeout` seconds; true as well once it is closed."""
        with self._news:
            return bool(self._news.wait_for(lambda: self._letter or self._closed, timeout))

    def settles(self, timeout: float) -> bool:
        """Whether every letter has been dealt with, or is within `timeout` seconds."""
        with self._news:
            return self._news.wait_for(lambda: not self._letter and not self._taken, timeout)

    def clear(self) -> int:
        """Throw away what is in the slot; returns the newest generation there has been."""
        with self._news:
            self._letter = None
            self._news.notify_all()
            return self._generation

    def close(self) -> None:
        """Let whoever waits go, with nothing."""
        with self._news:
            self._closed, self._letter = True, None
            self._news.notify_all()

    @property
    def closed(self) -> bool:
        """Whether there is nothing more to come."""
        return self._closed
