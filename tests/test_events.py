"""Events and Jobs apart from any engine: a closed union, buffered, with one end."""

from __future__ import annotations

import threading
import typing

import pytest
from drill import recipe

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import EngineError, JobCancelledError
from genart_nb.events import FINAL, Cancelled, Event, Failed, Finished, Loading, Queued, Step, Token


def job() -> Job:
    return Job(recipe(), lambda id: False)


def test_the_union_is_closed() -> None:
    names = [each.__name__ for each in typing.get_args(Event)]
    assert names == ["Queued", "Loading", "Step", "Preview", "Token", "Finished", "Failed", "Cancelled"]
    assert set(FINAL) < set(typing.get_args(Event))


def test_nothing_follows_the_end() -> None:
    each = job()
    for event in (Queued(0), Token("a"), Cancelled(None), Token("b"), Finished(Artwork(recipe(), "a"))):
        each.publish(event)
    assert list(each.events()) == [Queued(0), Token("a"), Cancelled(None)]


def test_a_reader_waits_for_what_is_to_come() -> None:
    each, seen = job(), []
    reader = threading.Thread(target=lambda: seen.extend(each.events()))
    reader.start()
    said = [Queued(0), *(Token(str(turn)) for turn in range(100)), Cancelled(None)]
    for event in said:
        each.publish(event)
    reader.join(5)
    assert seen == said


def test_a_reader_can_stop_early_and_begin_again() -> None:
    each = job()
    for event in (Queued(0), Token("a"), Cancelled(None)):
        each.publish(event)
    assert next(each.events()) == Queued(0)
    assert len(list(each.events())) == 3


@pytest.mark.parametrize(
    ("events", "word", "fraction"),
    [
        ([], "queued", None),
        ([Queued(3)], "queued", None),
        ([Queued(0), Loading("m", 0.5)], "loading", None),
        ([Queued(0), Token("a")], "running", None),
        ([Queued(0), Step(1, 4)], "running", 0.25),
        ([Step(0, 0)], "running", 0.0),
        ([Failed(EngineError("no"))], "failed", None),
        ([Cancelled(None)], "cancelled", None),
    ],
)
def test_state(events: list[Event], word: str, fraction: float | None) -> None:
    each = job()
    for event in events:
        each.publish(event)
    assert (each.state.word, each.state.fraction) == (word, fraction)
    assert repr(each) == f"<genart job drill seed=7 recipe={each.recipe.digest}>"


def test_artwork_raises_what_the_job_ended_with() -> None:
    failed, stopped, partial = job(), job(), Artwork(recipe(), "half", partial=True)
    failed.publish(Failed(EngineError("It broke.", "mend it")))
    stopped.publish(Cancelled(partial))
    for _ in range(2):
        with pytest.raises(EngineError, match="It broke"):
            failed.artwork()
        with pytest.raises(JobCancelledError) as caught:
            stopped.artwork()
        assert caught.value.partial is partial
    with pytest.raises(TimeoutError):
        job().artwork(timeout=0)
