"""One device, one job at a time: an interactive lane where the newest wins, a batch lane where clients take turns.

A job is a generator that yields after each step. Between two steps the scheduler may stop it for good, or, if it is
a batch job, leave it standing while an interactive one runs through.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from genart_nb.engines.base import Lane

log = logging.getLogger(__name__)

Steps = Generator[None, None, None]


@dataclass(eq=False, slots=True)
class Ticket:
    """A place in the queue. `steps()` does the work; `dropped()` is called if it is stopped before it began.

    In the interactive lane a newer ticket of the same client and key takes the place of this one.
    """

    id: str
    steps: Callable[[], Steps]
    dropped: Callable[[], None]
    lane: Lane = Lane.BATCH
    client: str = ""
    key: str = ""
    cancelled: bool = False
    superseded: bool = False
    work: Steps | None = field(default=None, repr=False)

    @property
    def stopped(self) -> bool:
        """Whether it is not to take another step."""
        return self.cancelled or self.superseded

    @property
    def slot(self) -> tuple[str, str]:
        """What it competes for in the interactive lane."""
        return self.client, self.key or self.id


class Scheduler:
    """Runs tickets on one daemon thread, started with the first of them."""

    def __init__(self, name: str = "genart") -> None:
        self._name = name
        self._interactive: OrderedDict[tuple[str, str], Ticket] = OrderedDict()
        self._batch: OrderedDict[str, deque[Ticket]] = OrderedDict()
        self._running: list[Ticket] = []  # a stack: at most one batch ticket, and the interactive one above it
        self._news = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, ticket: Ticket) -> bool:
        """Queue a ticket; False, with nothing queued, once the scheduler is closed."""
        with self._news:
            if self._closed:
                return False
            waiting = None
            if ticket.lane is Lane.INTERACTIVE:
                waiting = self._supersede(ticket)
                self._interactive[ticket.slot] = ticket
            else:
                self._batch.setdefault(ticket.client, deque()).append(ticket)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._news.notify_all()
        if waiting:
            waiting.dropped()
        return True

    def cancel(self, id: str) -> bool:
        """Stop a ticket: now if it waits, at its next step if it runs."""
        with self._news:
            running = next((each for each in self._running if each.id == id), None)
            if running:
                first, running.cancelled = not running.stopped, True
                self._news.notify_all()
                return first
            ticket = self._withdraw(id)
        if ticket:
            ticket.dropped()
        return ticket is not None

    def is_cancelled(self, id: str) -> bool:
        """Whether a running ticket has been asked to stop, other than by a newer one of its key."""
        with self._news:
            return any(each.id == id and each.cancelled for each in self._running)

    def ahead(self, lane: Lane) -> int:
        """How many tickets would come before a new one, as things stand."""
        with self._news:
            hands = len(self._interactive)
            if lane is Lane.INTERACTIVE:
                return hands + sum(each.lane is lane for each in self._running)
            return hands + len(self._running) + sum(map(len, self._batch.values()))

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
        """Take no more tickets, stop those there are and wait for the thread, in seconds."""
        with self._news:
            self._closed = True
            waiting = [*self._interactive.values(), *(ticket for queue in self._batch.values() for ticket in queue)]
            self._interactive.clear()
            self._batch.clear()
            for ticket in self._running:
                ticket.cancelled = True
            self._news.notify_all()
        for ticket in waiting:
            ticket.dropped()
        if self._thread and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _supersede(self, ticket: Ticket) -> Ticket | None:
        """Stop older tickets of the same slot; returns the one that was still waiting."""
        for running in self._running:
            if running.lane is Lane.INTERACTIVE and running.slot == ticket.slot:
                running.superseded = True
        return self._interactive.pop(ticket.slot, None)

    def _withdraw(self, id: str) -> Ticket | None:
        for slot, ticket in self._interactive.items():
            if ticket.id == id:
                return self._interactive.pop(slot)
        for client, queue in self._batch.items():
            for ticket in queue:
                if ticket.id == id:
                    queue.remove(ticket)
                    if not queue:
                        del self._batch[client]
                    return ticket
        return None

    def _run(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        ticket = self._choose()  # in a frame of its own, so that an idle thread holds on to no finished job
        if ticket:
            self._advance(ticket)
        return ticket is not None

    def _choose(self) -> Ticket | None:
        """The ticket that takes the next step, or is to be stopped; None once closed and empty."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._running or self._interactive or self._batch)
            for ticket in reversed(self._running):
                if ticket.stopped:
                    return ticket
            if self._running and self._running[-1].lane is Lane.INTERACTIVE:
                return self._running[-1]
            if self._interactive:
                self._running.append(self._interactive.popitem(last=False)[1])
            elif not self._running and self._batch:
                self._running.append(self._next_in_batch())
            return self._running[-1] if self._running else None

    def _next_in_batch(self) -> Ticket:
        client, queue = self._batch.popitem(last=False)
        ticket = queue.popleft()
        if queue:
            self._batch[client] = queue  # back of the line: the next client has the next turn
        return ticket

    def _advance(self, ticket: Ticket) -> None:
        """Take one step of a ticket, or stop it; whatever it raises, the thread goes on."""
        try:
            if ticket.stopped:
                self._stop(ticket)
            else:
                ticket.work = ticket.work or ticket.steps()
                next(ticket.work)
                return
        except StopIteration:
            pass
        except BaseException:
            log.exception("job %s raised past its engine", ticket.id)
        with self._news:
            self._running.remove(ticket)
        ticket.work = None

    def _stop(self, ticket: Ticket) -> None:
        if ticket.work is None:
            ticket.dropped()
        else:
            ticket.work.close()
