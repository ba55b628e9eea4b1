"""The Scheduler under stress: every ticket ends exactly once, and `order` tells the truth."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

import pytest

from genart_nb.engines.base import Lane
from genart_nb.engines.scheduler import Scheduler, Steps, Ticket


def test_no_ticket_is_lost_or_ended_twice() -> None:
    """Eight threads submit, cancel and look, while jobs run, fail and are stopped."""
    scheduler, ends, lock = Scheduler(), Counter[str](), threading.Lock()
    ids: list[str] = []

    def end(id: str) -> None:
        with lock:
            ends[id] += 1

    def steps(id: str, count: int, fails: bool) -> Steps:
        try:
            for _ in range(count):
                yield
            if fails:
                raise ValueError(id)
        finally:
            end(id)

    def client(name: int) -> None:
        dice = random.Random(name)
        for turn in range(150):
            id = f"{name}-{turn}"
            lane = Lane.INTERACTIVE if dice.random() < 0.4 else Lane.BATCH
            key = str(dice.randrange(3)) if dice.random() < 0.8 else ""
            count, fails = dice.randrange(6), dice.random() < 0.1
            ticket = Ticket(
                id, lambda i=id, c=count, f=fails: steps(i, c, f), lambda i=id: end(i), lane, str(name % 3), key
            )
            with lock:
                ids.append(id)
            assert scheduler.submit(ticket)
            if dice.random() < 0.3:
                scheduler.cancel(f"{dice.randrange(8)}-{dice.randrange(turn + 1)}")
            if dice.random() < 0.1:
                order = scheduler.order()
                assert len(order) == len(set(order))

    threads = [threading.Thread(target=client, args=(name,)) for name in range(8)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    while scheduler.order() and time.perf_counter() - start < 10:
        time.sleep(0.01)
    scheduler.close()
    assert scheduler.order() == []
    assert set(ids) == set(ends) and len(ids) == 8 * 150
    assert {count for count in ends.values()} == {1}


def test_order_is_what_happens() -> None:
    scheduler, gate, begun, ran = Scheduler(), threading.Event(), threading.Event(), []

    def block() -> Steps:
        begun.set()
        gate.wait(10)
        yield

    def note(id: str) -> Steps:
        ran.append(id)
        yield

    scheduler.submit(Ticket("block", block, lambda: None, client="x"))
    assert begun.wait(5)
    for id, lane, client in [
        ("a1", Lane.BATCH, "a"),
        ("a2", Lane.BATCH, "a"),
        ("a3", Lane.BATCH, "a"),
        ("b1", Lane.BATCH, "b"),
        ("h1", Lane.INTERACTIVE, "a"),
        ("c1", Lane.BATCH, "c"),
        ("h2", Lane.INTERACTIVE, "b"),
        ("b2", Lane.BATCH, "b"),
    ]:
        scheduler.submit(Ticket(id, lambda id=id: note(id), lambda: None, lane, client))
    assert (scheduler.ahead(Lane.INTERACTIVE), scheduler.ahead(Lane.BATCH)) == (2, 9)
    promised = scheduler.order()
    gate.set()
    while scheduler.order():
        time.sleep(0.001)
    assert ran == promised[1:] == ["h1", "h2", "a1", "b1", "c1", "a2", "b2", "a3"]
    scheduler.close()


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, MemoryError])
def test_the_thread_outlives_a_job(error: type[BaseException]) -> None:
    scheduler, done = Scheduler(), threading.Event()

    def fails() -> Steps:
        yield
        raise error

    def works() -> Steps:
        yield
        done.set()

    scheduler.submit(Ticket("1", fails, lambda: None))
    scheduler.submit(Ticket("2", works, lambda: None))
    assert done.wait(5)
    scheduler.close()


def test_a_job_that_will_not_stop_is_left_behind() -> None:
    """A generator that yields again after being closed is a fault in an art form; others still run."""
    scheduler, done, begun = Scheduler(), threading.Event(), threading.Event()

    def stubborn() -> Steps:
        while True:
            try:
                begun.set()
                yield
            except GeneratorExit:
                yield

    scheduler.submit(Ticket("1", stubborn, lambda: None))
    assert begun.wait(5)
    assert scheduler.cancel("1")

    def works() -> Steps:
        done.set()
        yield

    scheduler.submit(Ticket("2", works, lambda: None))
    assert done.wait(5)
    scheduler.close()


def test_closed_takes_nothing_more() -> None:
    scheduler = Scheduler()
    scheduler.close()
    assert not scheduler.submit(Ticket("1", lambda: iter(()), lambda: None))
    assert scheduler.order() == [] and not scheduler.cancel("1")
