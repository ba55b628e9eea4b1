"""What every engine promises. A subclass gives an `engine` fixture; nothing here looks behind the protocol."""

from __future__ import annotations

import contextlib
import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest
from drill import recipe, words

from genart_nb.engines.base import Engine, Job, Lane
from genart_nb.errors import EngineError, GenartError, JobCancelledError, OutOfMemoryError, WeightsError
from genart_nb.events import FINAL, Cancelled, Event, Failed, Finished, Loading, Queued, Step, Token

PATIENCE = 20.0  # seconds; far beyond what any job here takes


def ended(job: Job) -> list[Event]:
    """Every event of a job, once it has ended."""
    with contextlib.suppress(GenartError):
        job.artwork(PATIENCE)
    return list(job.events())


def reach(job: Job, kind: type, count: int = 1) -> None:
    """Wait until a job has said `count` events of a kind."""
    for event in job.events():
        count -= isinstance(event, kind)
        if not count:
            return
    pytest.fail(f"the job ended without {kind.__name__}")


def text(events: list[Event]) -> str:
    return "".join(event.text for event in events if isinstance(event, Token))


def began(job: Job) -> int:
    """When a job with `clock` said its first word."""
    return int(job.artwork(PATIENCE).data.split()[0])


class EngineContract:
    """Subclasses override `engine`; its forms are those of `drill`."""

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    def test_tells_a_job_in_order(self, engine: Engine) -> None:
        job = engine.run(recipe("a b c"))
        events = ended(job)
        assert isinstance(events[0], Queued)
        assert isinstance(events[-1], Finished)
        assert sum(isinstance(event, FINAL) for event in events) == 1
        assert [event.done for event in events if isinstance(event, Step)] == [1, 2, 3]
        assert job.artwork(PATIENCE).data == text(events)
        assert job.artwork().recipe == job.recipe
        assert job.done and job.state.word == "finished" and job.state.fraction == 1.0

    def test_every_reader_sees_everything(self, engine: Engine) -> None:
        job = engine.run(recipe(words(20), pause=0.005))
        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(lambda: list(job.events())) for _ in range(4)]
            seen = [reader.result(PATIENCE) for reader in readers]
        late = list(job.events())
        assert all(each == late for each in seen)
        assert sum(isinstance(event, Token) for event in late) == 20

    def test_same_recipe_same_work(self, engine: Engine) -> None:
        first = engine.run(recipe(words(9))).artwork(PATIENCE)
        engine.run(recipe("something else", seed=8)).artwork(PATIENCE)
        again = engine.run(recipe(words(9))).artwork(PATIENCE)
        assert first.fingerprint == again.fingerprint
        assert engine.run(recipe(words(9), seed=8)).artwork(PATIENCE).fingerprint != first.fingerprint

    def test_returns_at_once(self, engine: Engine) -> None:
        start = time.perf_counter()
        job = engine.run(recipe(words(40), pause=0.05))
        assert time.perf_counter() - start < 1
        assert not job.done
        job.cancel()
        ended(job)

    def test_cancel_before_it_begins(self, engine: Engine) -> None:
        first, second = engine.run(recipe(words(20), pause=0.01)), engine.run(recipe("never said"))
        assert second.cancel()
        assert [type(event) for event in ended(second)] == [Queued, Cancelled]
        assert isinstance(ended(first)[-1], Finished)

    def test_cancel_within_one_step(self, engine: Engine) -> None:
        job = engine.run(recipe(words(500), pause=0.02))
        reach(job, Token, 3)
        start = time.perf_counter()
        assert job.cancel()
        events = ended(job)
        assert time.perf_counter() - start < 2
        final = events[-1]
        assert isinstance(final, Cancelled) and final.partial is not None
        assert final.partial.partial and final.partial.data == text(events)
        assert 3 <= sum(isinstance(event, Token) for event in events) < 100
        with pytest.raises(JobCancelledError) as caught:
            job.artwork(PATIENCE)
        assert caught.value.partial is final.partial
        assert isinstance(ended(engine.run(recipe("next")))[-1], Finished)

    def test_cancel_after_the_end_changes_nothing(self, engine: Engine) -> None:
        for _ in range(20):
            job = engine.run(recipe("a"))
            ended(job)
            assert not job.cancel()
            assert isinstance(list(job.events())[-1], Finished)
        assert not engine.cancel("no such job")

    def test_cancel_twice(self, engine: Engine) -> None:
        job = engine.run(recipe(words(500), pause=0.05))
        reach(job, Token)
        assert job.cancel()
        assert not job.cancel()
        assert isinstance(ended(job)[-1], Cancelled)

    def test_cancel_while_the_model_loads(self, engine: Engine) -> None:
        job = engine.run(recipe("a b", art="drill_heavy", model="drill-slow"))
        reach(job, Loading)
        start = time.perf_counter()
        assert job.cancel()
        final = ended(job)[-1]
        assert time.perf_counter() - start < 1
        assert isinstance(final, Cancelled) and final.partial is None
        assert isinstance(ended(engine.run(recipe("next")))[-1], Finished)

    @pytest.mark.parametrize(
        ("fault", "kind", "says"),
        [
            ("genart", WeightsError, "damaged"),
            ("value", EngineError, "three is too many"),
            ("memory", OutOfMemoryError, "memory"),
            ("exit", EngineError, "SystemExit"),
        ],
    )
    def test_a_job_that_raises_harms_no_other(self, engine: Engine, fault: str, kind: type, says: str) -> None:
        waiting = [engine.run(recipe("a b c d", fault=fault)), engine.run(recipe("after"))]
        final = ended(waiting[0])[-1]
        assert isinstance(final, Failed) and type(final.error) is kind
        assert says in final.error.what
        with pytest.raises(kind):
            waiting[0].artwork(PATIENCE)
        assert isinstance(ended(waiting[1])[-1], Finished)
        assert engine.jobs() == []

    def test_artwork_waits_no_longer_than_asked(self, engine: Engine) -> None:
        job = engine.run(recipe(words(500), pause=0.02))
        with pytest.raises(TimeoutError):
            job.artwork(0.05)
        assert not job.done
        job.cancel()
        assert isinstance(ended(job)[-1], Cancelled)

    def test_newest_of_a_key_wins(self, engine: Engine) -> None:
        hand = [engine.run(recipe(words(500), pause=0.02), lane=Lane.INTERACTIVE, client="n", key="easel")]
        reach(hand[0], Token)
        hand += [engine.run(recipe("a b", seed=s), lane=Lane.INTERACTIVE, client="n", key="easel") for s in range(5)]
        kinds = [type(ended(job)[-1]) for job in hand]
        assert kinds == [Cancelled] * 5 + [Finished]
        assert hand[-1].artwork().seed == 4

    def test_other_keys_and_clients_are_left_alone(self, engine: Engine) -> None:
        block = engine.run(recipe(words(500), pause=0.02), lane=Lane.INTERACTIVE, client="n", key="block")
        reach(block, Token)
        others = [
            engine.run(recipe("a"), lane=Lane.INTERACTIVE, client=client, key=key)
            for client, key in (("n", "one"), ("n", "two"), ("m", "one"), ("n", ""), ("n", ""))
        ]
        block.cancel()
        assert [type(ended(job)[-1]) for job in others] == [Finished] * 5

    def test_batch_clients_take_turns(self, engine: Engine) -> None:
        block = engine.run(recipe(words(500), pause=0.02), client="other")
        reach(block, Token)
        many = [engine.run(recipe("t", clock=True), client="many") for _ in range(5)]
        few = [engine.run(recipe("t", clock=True), client="few") for _ in range(2)]
        promised = [state.id for state in engine.jobs()][1:]
        block.cancel()
        order = [job.id for job in sorted(many + few, key=began)]
        assert order == [job.id for job in (many[0], few[0], many[1], few[1], *many[2:])]
        assert order == promised

    def test_a_hand_comes_before_a_batch(self, engine: Engine) -> None:
        alone = engine.run(recipe(words(40))).artwork(PATIENCE)
        batch = engine.run(recipe(words(40), pause=0.01))
        reach(batch, Token, 3)
        hand = engine.run(recipe("quick"), lane=Lane.INTERACTIVE, key="easel")
        assert hand.artwork(PATIENCE).data
        assert not batch.done
        said = [event.text.split("-")[0] for event in ended(batch) if isinstance(event, Token)]
        assert said == words(40).split()
        assert engine.run(recipe(words(40))).artwork(PATIENCE).fingerprint == alone.fingerprint

    def test_a_preempted_batch_makes_the_same_work(self, engine: Engine) -> None:
        slow = recipe(words(30), pause=0.005)
        alone = engine.run(slow).artwork(PATIENCE)
        batch = engine.run(slow)
        reach(batch, Token, 3)
        for turn in range(8):
            engine.run(recipe("now", seed=turn), lane=Lane.INTERACTIVE, key="easel").artwork(PATIENCE)
        assert batch.artwork(PATIENCE).fingerprint == alone.fingerprint

    def test_a_preempted_batch_can_be_stopped(self, engine: Engine) -> None:
        batch = engine.run(recipe(words(500), pause=0.01))
        reach(batch, Token, 2)
        hand = engine.run(recipe(words(500), pause=0.02), lane=Lane.INTERACTIVE, key="easel")
        reach(hand, Token)
        assert batch.cancel()
        final = ended(batch)[-1]
        assert isinstance(final, Cancelled) and final.partial
        assert not hand.done
        hand.cancel()
        ended(hand)

    def test_a_storm_leaves_nothing_behind(self, engine: Engine) -> None:
        threads = threading.active_count()
        jobs = [
            engine.run(recipe("a b c", seed=turn), lane=Lane.INTERACTIVE, client="n", key="easel")
            for turn in range(1000)
        ]
        finals = [ended(job)[-1] for job in jobs]
        assert all(isinstance(final, Cancelled | Finished) for final in finals)
        assert isinstance(finals[-1], Finished) and finals[-1].artwork.seed == 999
        assert engine.jobs() == []
        assert threading.active_count() <= threads + 1
        held = [weakref.ref(job) for job in jobs]
        del jobs, finals
        deadline = time.perf_counter() + 5
        while any(ref() for ref in held) and time.perf_counter() < deadline:
            gc.collect()
            time.sleep(0.01)
        assert sum(ref() is not None for ref in held) == 0

    def test_many_threads_submit(self, engine: Engine) -> None:
        with ThreadPoolExecutor(8) as pool:
            jobs = list(pool.map(lambda seed: engine.run(recipe("a", seed=seed), client=str(seed % 3)), range(100)))
        assert [job.artwork(PATIENCE).seed for job in jobs] == list(range(100))
        assert len({job.id for job in jobs}) == 100

    def test_lists_what_has_not_ended(self, engine: Engine) -> None:
        jobs = [engine.run(recipe(words(500), pause=0.02, voice=str(turn))) for turn in range(3)]
        reach(jobs[0], Step, 2)
        states = engine.jobs()
        assert [state.id for state in states] == [job.id for job in jobs]
        assert [state.word for state in states] == ["running", "queued", "queued"]
        assert states[0].fraction is not None and 0 < states[0].fraction < 1
        assert repr(jobs[1]) == f"<genart job drill seed=7 recipe={jobs[1].recipe.digest}>"
        assert next(jobs[2].events()) == Queued(2)
        for job in jobs:
            job.cancel()
        assert [type(ended(job)[-1]) for job in jobs] == [Cancelled] * 3

    def test_close_ends_every_job(self, engine: Engine) -> None:
        batch = engine.run(recipe(words(500), pause=0.01))
        reach(batch, Token)
        hand = engine.run(recipe(words(500), pause=0.01), lane=Lane.INTERACTIVE, key="easel")
        reach(hand, Token)
        waiting = [engine.run(recipe("a")) for _ in range(3)]
        engine.close()
        assert [type(ended(job)[-1]) for job in (batch, hand, *waiting)] == [Cancelled] * 5
        engine.close()
        with pytest.raises(EngineError, match="closed"):
            engine.run(recipe("a"))
        assert engine.jobs() == []
