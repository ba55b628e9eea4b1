"""What an engine promises: `run(recipe) -> Job` and `cancel(job_id)`, wherever the work is done."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from genart_nb.artwork import Artwork
from genart_nb.errors import EngineError, JobCancelledError
from genart_nb.events import FINAL, Cancelled, Event, Failed, Finished, Loading, Queued, Step
from genart_nb.recipe import Recipe

_WAKE = 0.5  # seconds; a wait without a timeout cannot be interrupted on every platform


class Lane(Enum):
    """Which queue a job stands in."""

    INTERACTIVE = "interactive"
    """A hand is on a slider: the newest job of a key replaces the older ones, and none is stored."""
    BATCH = "batch"
    """Every job is run, clients taking turns, and stored before it is shown."""


class Job:
    """One run of a recipe. Events are buffered, so every reader sees all of them, however late it comes."""

    def __init__(
        self, recipe: Recipe, cancel: Callable[[str], bool], id: str = "", lane: Lane = Lane.BATCH
    ) -> None:
        self.id = id or uuid.uuid4().hex[:12]
        self.recipe = recipe
        self.lane = lane
        self._cancel = cancel
        self._events: list[Event] = []
        self._news = threading.Condition()

    def publish(self, event: Event) -> None:
        """Add an event; whatever comes after a final one is dropped."""
        with self._news:
            if not self.done:
                self._events.append(event)
                self._news.notify_all()

    def events(self) -> Iterator[Event]:
        """All events from the first, waiting for those to come; ends after the final one."""
        for index in itertools.count():
            with self._news:
                while len(self._events) <= index:
                    self._news.wait(_WAKE)
                event = self._events[index]
            yield event
            if isinstance(event, FINAL):
                return

    def since(self, index: int, timeout: float) -> list[Event]:
        """Events from number `index` on, waiting up to `timeout` seconds for the first of them."""
        with self._news:
            self._news.wait_for(lambda: len(self._events) > index, timeout)
            return self._events[index:]

    def cancel(self) -> bool:
        """Ask the engine to stop it within one step; False if it had ended already."""
        return self._cancel(self.id)

    def artwork(self, timeout: float | None = None) -> Artwork:
        """Wait for the work; raises what the job failed with, JobCancelledError, or TimeoutError (seconds)."""
        with self._news:
            waited = self._news.wait_for(lambda: self.done, timeout) if timeout is not None else self._wait()
            if not waited:
                raise TimeoutError(f"Job {self.id} is still running after {timeout:g} s.")
            final = self._events[-1]
        match final:
            case Finished(artwork=artwork):
                return artwork
            case Failed(error=error):
                raise error
            case Cancelled(partial=partial):
                raise JobCancelledError("The job was stopped.", "run the cell again", partial)
        raise EngineError(f"Job {self.id} ended without a final event.")

    def _wait(self) -> bool:
        while not self.done:
            self._news.wait(_WAKE)
        return True

    @property
    def done(self) -> bool:
        """Whether the final event has come."""
        return bool(self._events) and isinstance(self._events[-1], FINAL)

    @property
    def state(self) -> JobState:
        """A still picture of the job."""
        with self._news:
            last = self._events[-1] if self._events else Queued(0)
            steps = [event for event in self._events if isinstance(event, Step)]
        word = {Queued: "queued", Loading: "loading", Finished: "finished", Failed: "failed", Cancelled: "cancelled"}
        fraction = steps[-1].done / max(1, steps[-1].total) if steps else None
        return JobState(self.id, self.recipe, word.get(type(last), "running"), fraction)

    def __repr__(self) -> str:
        """One stable line: no id, no address, and not how far it is, which a saved notebook would hold."""
        return f"<genart job {self.recipe.art} seed={self.recipe.seed} recipe={self.recipe.digest}>"


@dataclass(frozen=True, slots=True)
class JobState:
    """What `%genart status` shows of a job; `fraction` in 0..1 or None where nobody can tell."""

    id: str
    recipe: Recipe
    word: str
    fraction: float | None


class Engine(Protocol):
    """Where jobs run. Every implementation passes `tests/engines/contract.py`."""

    def run(self, recipe: Recipe, *, lane: Lane = Lane.BATCH, client: str = "", key: str = "") -> Job:
        """Queue a recipe and return at once; raises EngineError when the engine is closed.

        In the interactive lane a newer job of the same `client` and `key` takes the place of an older one, and works
        are not stored: a slider would flood the gallery.
        """

    def cancel(self, job_id: str) -> bool:
        """Stop a job within one step; False if it is unknown or had ended."""

    def jobs(self) -> list[JobState]:
        """Jobs that have not ended, in the order they will run."""

    def close(self) -> None:
        """Cancel everything and free the device."""
