"""One device, one job at a time: an interactive lane where the newest wins, a batch lane where clients take turns.

A job is a generator that yields after each step. Between two steps the scheduler may stop it for good, or, if it is
a batch job, leave it standing while an interactive one runs through.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from genart_nb.engines.base import Lane

log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in the queue. `steps()` does the work; `dropped()` is called if it is cancelled before it began."""

    id: str
    steps: Callable[[], Iterator[None]]
    dropped: Callable[[], None]
    lane: Lane = Lane.BATCH
    client: str = ""
    key: str = ""
    cancelled: bool = False


class Scheduler:
    """Runs tickets on one daemon thread, started with the first of them."""

    def __init__(self, name: str = "genart") -> None:
        self._name = name
        self._interactive: OrderedDict[str, Ticket] = OrderedDict()
        self._batch: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self._running: list[Ticket] = []
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, ticket: Ticket) -> int:
        """Queue a ticket; returns how many come before it."""
        with self._news:
            if self._closed:
                raise RuntimeError("the scheduler is closed")
            superseded = self._same_key(ticket) if ticket.lane is Lane.INTERACTIVE else []
            ahead = len(self._running)
            if ticket.lane is Lane.INTERACTIVE:
                ahead = len(self._interactive)
                self._interactive[ticket.key or ticket.id] = ticket
            else:
                ahead += len(self._interactive) + sum(map(len, self._batch.values()))
                self._batch.setdefault(ticket.client, deque()).append(ticket)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            self._news.notify_all()
        for old in superseded:
            old.dropped()
        return ahead

    def cancel(self, id: str) -> bool:
        """Stop a ticket: now if it waits, at its next step if it runs."""
        with self._news:
            ticket = next((each for each in self._running if each.id == id and not each.cancelled), None)
            if ticket:
                ticket.cancelled = True
                return True
            ticket = self._withdraw(id)
        if ticket:
            ticket.dropped()
        return ticket is not None

    def is_cancelled(self, id: str) -> bool:
        """Whether a running ticket has been asked to stop."""
        with self._news:
            return any(each.id == id and each.cancelled for each in self._running)

    def order(self) -> list[str]:
        """Ids of the running and waiting tickets, in the order they will run."""
        with self._news:
            ids = [ticket.id for ticket in reversed(self._running)]
            ids += [ticket.id for ticket in self._interactive.values()]
            queues = [list(queue) for queue in self._batch.values()]
            for turn in range(max(map(len, queues), default=0)):
                ids += [queue[turn].id for queue in queues if turn < len(queue)]
            return ids

    def close(self, timeout: float = 5.0) -> None:
        """Cancel everything and wait for the thread, in seconds."""
        for id in self.order():
            self.cancel(id)
        with self._news:
            self._closed = True
            self._news.notify_all()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _same_key(self, ticket: Ticket) -> list[Ticket]:
        for running in self._running:
            if running.lane is Lane.INTERACTIVE and running.key == ticket.key != "":
                running.cancelled = True
        old = self._interactive.pop(ticket.key, None) if ticket.key else None
        return [old] if old else []

    def _withdraw(self, id: str) -> Ticket | None:
        for key, ticket in self._interactive.items():
            if ticket.id == id:
                return self._interactive.pop(key)
        for client, queue in self._batch.items():
            for ticket in queue:
                if ticket.id == id:
                    queue.remove(ticket)
                    if not queue:
                        del self._batch[client]
                    return ticket
        return None

    def _next(self, *, interactive_only: bool = False) -> Ticket | None:
        if self._interactive:
            return self._interactive.popitem(last=False)[1]
        if interactive_only or not self._batch:
            return None
        client, queue = self._batch.popitem(last=False)
        ticket = queue.popleft()
        if queue:
            self._batch[client] = queue  # back of the line: the next client has the next turn
        return ticket

    def _begin(self, *, interactive_only: bool = False) -> Ticket | None:
        with self._news:
            ticket = self._next(interactive_only=interactive_only)
            if ticket:
                self._running.append(ticket)
            return ticket

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closed or self._interactive or self._batch)
                if self._closed:
                    return
            ticket = self._begin()
            if ticket:
                self._drive(ticket)

    def _drive(self, ticket: Ticket) -> None:
        steps = ticket.steps()
        try:
            for _ in steps:
                while ticket.lane is Lane.BATCH and (urgent := self._begin(interactive_only=True)):
                    self._drive(urgent)
                if ticket.cancelled:
                    break
        except Exception:
            log.exception("job %s raised past its engine", ticket.id)
        finally:
            _close(steps)
            with self._news:
                self._running.remove(ticket)


def _close(steps: Iterator[None]) -> None:
    try:
        steps.close()  # type: ignore[attr-defined]
    except Exception:
        log.exception("a job raised while it was being stopped")
