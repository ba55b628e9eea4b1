"""Frames on their way to a front end: at most two that it has not acknowledged, and the newest of the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

UNACKNOWLEDGED = 2
"""Frames on the way at most: one being drawn, one being carried."""

Send = Callable[[dict[str, Any], list[bytes]], None]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message with its pixels."""

    content: dict[str, Any]
    buffers: Sequence[bytes] = ()


class Outbox:
    """Numbers frames, sends what may go now, holds back the newest of what may not; safe on any thread."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._sent = 0
        self._seen = 0
        self._held: Parcel | None = None
        self.bytes = 0

    def offer(self, parcel: Parcel) -> None:
        """Send a frame, or hold it in place of the one held so far."""
        with self._lock:
            self._held = parcel
            self._flush()

    def acknowledge(self, number: int) -> None:
        """Frames up to `number` were drawn or dropped by the front end."""
        with self._lock:
            self._seen = max(self._seen, min(number, self._sent))
            self._flush()

    def reset(self) -> None:
        """A front end came that knows of nothing: whatever was on the way is lost."""
        with self._lock:
            self._seen = self._sent
            self._flush()

    def drop(self) -> None:
        """Forget what is held back: it has become stale."""
        with self._lock:
            self._held = None

    @property
    def underway(self) -> int:
        """Frames sent and not acknowledged."""
        return self._sent - self._seen

    def _flush(self) -> None:
        if self._held is None or self.underway >= UNACKNOWLEDGED:
            return
        parcel, self._held = self._held, None
        self._sent += 1
        self.bytes += sum(map(len, parcel.buffers))
        self._send({**parcel.content, "number": self._sent}, list(parcel.buffers))
