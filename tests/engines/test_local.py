"""LocalEngine keeps the contract, and loses no finished work to a bad gallery."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint

import drill
import pytest
from contract import PATIENCE, EngineContract, ended, reach
from drill import Weights, recipe, words

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Engine, Job, Lane
from genart_nb.engines.local import Draft, LocalEngine
from genart_nb.errors import GalleryError
from genart_nb.events import Cancelled, Failed, Finished, Loading, Preview, Token
from genart_nb.models.residency import Residency


@pytest.fixture(autouse=True)
def drills(monkeypatch: pytest.MonkeyPatch) -> None:
    drill.offer(monkeypatch)


class TestLocalEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Iterator[Engine]:
        engine = LocalEngine()
        yield engine
        engine.close()


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(Residency(budget=100))
    yield engine
    engine.close()


def test_a_work_is_kept_before_it_is_shown() -> None:
    order: list[str] = []

    def keep(artwork: Artwork) -> Artwork:
        order.append("kept")
        return replace(artwork, title="kept")

    engine = LocalEngine(keep=keep)
    job = engine.run(recipe("a"))
    for event in job.events():
        if isinstance(event, Finished):
            order.append("shown")
    assert order == ["kept", "shown"] and job.artwork().title == "kept"
    engine.close()


@pytest.mark.parametrize("error", [GalleryError("The disk is full.", "free some"), RuntimeError("odd")])
def test_a_bad_gallery_loses_no_work(error: Exception) -> None:
    def keep(artwork: Artwork) -> Artwork:
        raise error

    engine = LocalEngine(keep=keep)
    work = engine.run(recipe("a b")).artwork(PATIENCE)
    assert work.data and str(error).splitlines()[0] in work.made["gallery"]
    stopped = engine.run(recipe(words(500), pause=0.02))
    reach(stopped, Token)
    stopped.cancel()
    final = ended(stopped)[-1]
    assert isinstance(final, Cancelled) and final.partial and "Not kept" in final.partial.made["gallery"]
    engine.close()


@pytest.mark.parametrize(("lane", "partials"), [(Lane.BATCH, [True, False]), (Lane.INTERACTIVE, [])])
def test_what_was_stopped_is_kept_but_nothing_that_a_hand_passes_through(lane: Lane, partials: list[bool]) -> None:
    kept: list[Artwork] = []

    def keep(artwork: Artwork) -> Artwork:
        kept.append(artwork)
        return artwork

    engine = LocalEngine(keep=keep)
    job = engine.run(recipe(words(500), pause=0.02), lane=lane, key="easel")
    reach(job, Token, 2)
    job.cancel()
    final = ended(job)[-1]
    assert isinstance(final, Cancelled) and final.partial
    engine.run(recipe("newer"), lane=lane, key="easel").artwork(PATIENCE)
    assert [work.partial for work in kept] == partials
    engine.close()


def test_what_a_newer_job_replaces_is_not_kept_and_still_tells_what_it_had() -> None:
    kept: list[Artwork] = []
    engine = LocalEngine(keep=lambda artwork: kept.append(artwork) or artwork)
    job = engine.run(recipe(words(500), pause=0.02), lane=Lane.INTERACTIVE, key="easel")
    reach(job, Token, 2)
    engine.run(recipe("newer"), lane=Lane.INTERACTIVE, key="easel").artwork(PATIENCE)
    final = ended(job)[-1]
    assert isinstance(final, Cancelled) and final.partial and not kept
    engine.close()


def test_a_hand_that_moves_while_the_model_loads_loads_it_once(engine: LocalEngine) -> None:
    loads = Weights.loads
    jobs = []
    for turn in range(10):
        heavy = recipe("a", seed=turn, art="drill_heavy", model="drill-slow")
        jobs.append(engine.run(heavy, lane=Lane.INTERACTIVE, key="easel"))
        reach(jobs[0], Loading, turn + 1)
    assert [type(ended(job)[-1]) for job in jobs] == [Cancelled] * 9 + [Finished]
    assert Weights.loads == loads + 1


def test_loading_that_was_stopped_leaves_memory_clean(engine: LocalEngine) -> None:
    job = engine.run(recipe("a", art="drill_heavy", model="drill-slow"))
    reach(job, Loading)
    job.cancel()
    ended(job)
    assert engine.residency.tenants() == []


def test_models_stay_between_jobs_and_leave_at_close(engine: LocalEngine) -> None:
    loads = Weights.loads
    for seed in range(3):
        engine.run(recipe("a", seed=seed, art="drill_heavy", model="drill-quick")).artwork(PATIENCE)
    assert Weights.loads == loads + 1
    assert [(tenant.id, tenant.in_use) for tenant in engine.residency.tenants()] == [("drill-quick", False)]
    engine.close()
    assert engine.residency.tenants() == []


@pytest.mark.parametrize(
    ("art", "model", "says"),
    [
        ("dril", "none", "did you mean drill"),
        ("drill_heavy", "drill-quik", "did you mean drill-quick"),
        ("drill_broken", "none", "cannot be imported"),
        ("drill_no_form", "none", "not an ArtForm"),
    ],
)
def test_a_recipe_from_elsewhere_fails_in_words(engine: LocalEngine, art: str, model: str, says: str) -> None:
    final = ended(engine.run(recipe("a", art=art, model=model)))[-1]
    assert isinstance(final, Failed) and says in str(final.error)
    assert isinstance(ended(engine.run(recipe("a")))[-1], Finished)


def test_a_failure_holds_no_model_in_memory(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    class Big:
        pass

    seen: list[weakref.ref[Big]] = []

    def fails(recipe: object, model: object) -> Iterator[Token]:
        big = Big()
        seen.append(weakref.ref(big))
        yield Token("a")
        raise ValueError("no")

    monkeypatch.setattr(drill, "DRILL", replace(drill.DRILL, make=fails))
    drill.offer(monkeypatch, [EntryPoint("drill_fails", "drill:DRILL", "genart_nb.arts")])
    job = engine.run(recipe("a", art="drill_fails"))
    assert isinstance(ended(job)[-1], Failed)
    gc.collect()
    assert seen[0]() is None


def test_text_from_a_model_is_made_storable(engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def odd(recipe: object, model: object) -> Iterator[object]:
        yield Token("dropped")
        yield Preview("a\ud800")
        yield Token("\x00b\r\n")

    monkeypatch.setattr(drill, "DRILL", replace(drill.DRILL, make=odd))
    drill.offer(monkeypatch, [EntryPoint("drill_odd", "drill:DRILL", "genart_nb.arts")])
    assert engine.run(recipe("a", art="drill_odd")).artwork(PATIENCE).data == "a\ufffd\ufffdb\n"


def test_what_is_told_as_finished_can_no_longer_be_cancelled(
    engine: LocalEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even in the moment before the engine's thread has put the job away."""
    real = engine._end

    def slow(job: Job, event: Finished) -> None:
        job.publish(event)
        time.sleep(0.2)
        real(job, event)

    monkeypatch.setattr(engine, "_end", slow)
    job = engine.run(recipe("a"))
    job.artwork(PATIENCE)
    assert not job.cancel() and engine.jobs() == []


def test_a_closed_engine_leaves_no_thread() -> None:
    engine = LocalEngine()
    job = engine.run(recipe(words(500), pause=0.02))
    reach(job, Token)
    engine.close()
    assert engine._scheduler._thread is not None and not engine._scheduler._thread.is_alive()


def test_nothing_is_kept_of_what_has_no_words_yet() -> None:
    draft = Draft()
    for piece in ("\n", "# ", "", " "):
        draft.fold(Token(piece))
        assert not draft
    draft.fold(Token("The"))
    assert draft
