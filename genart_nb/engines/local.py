"""LocalEngine: jobs run on one thread of this process, over models that stay in memory between them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from genart_nb.arts.form import ArtForm, art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job, JobState, Lane
from genart_nb.engines.scheduler import Scheduler, Ticket
from genart_nb.errors import EngineError, GalleryError, GenartError, JobCancelledError, OutOfMemoryError
from genart_nb.events import Cancelled, Event, Failed, Finished, Loading, Preview, Queued, Token
from genart_nb.models import registry
from genart_nb.models.card import ModelCard
from genart_nb.models.residency import Residency
from genart_nb.recipe import Recipe

Keep = Callable[[Artwork], Artwork]


class ScheduledEngine:
    """An engine over the Scheduler: subclasses say what the steps of a job are."""

    def __init__(self) -> None:
        self._scheduler = Scheduler()
        self._jobs: dict[str, Job] = {}

    def run(self, recipe: Recipe, *, lane: Lane = Lane.BATCH, client: str = "", key: str = "") -> Job:
        """Queue a recipe and return at once."""
        job = Job(recipe, self.cancel)
        self._jobs[job.id] = job
        ticket = Ticket(
            job.id, lambda: self._steps(job), lambda: self._end(job, Cancelled(None)), lane, client, key or job.id
        )
        job.publish(Queued(len(self._scheduler.order())))
        self._scheduler.submit(ticket)
        return job

    def cancel(self, job_id: str) -> bool:
        """Stop a job within one step; False if it is unknown or had ended."""
        return self._scheduler.cancel(job_id)

    def jobs(self) -> list[JobState]:
        """Jobs that have not ended, in the order they will run."""
        held = (self._jobs.get(id) for id in self._scheduler.order())
        return [job.state for job in held if job and not job.done]

    def close(self) -> None:
        """Cancel everything and stop the thread."""
        self._scheduler.close()

    def _end(self, job: Job, event: Finished | Failed | Cancelled) -> None:
        job.publish(event)
        self._jobs.pop(job.id, None)

    def _steps(self, job: Job) -> Iterator[None]:
        raise NotImplementedError


class LocalEngine(ScheduledEngine):
    """Runs every art form in this process. `keep` stores each finished work before anybody sees it."""

    def __init__(self, residency: Residency | None = None, keep: Keep = lambda artwork: artwork) -> None:
        super().__init__()
        self.residency = residency or Residency()
        self._keep = keep

    def close(self) -> None:
        """Cancel everything, stop the thread and free the models."""
        super().close()
        self.residency.close()

    def _steps(self, job: Job) -> Iterator[None]:
        draft = _Draft()
        try:
            yield from self._make(job, draft)
        except (GeneratorExit, JobCancelledError):
            self._end(job, Cancelled(self._partial(job, draft)))
        except GenartError as error:
            self._end(job, Failed(error))
        except MemoryError:
            full = OutOfMemoryError(
                "There is not enough memory for this work.", "free some: `%genart models --free ID`"
            )
            self._end(job, Failed(full))
        except Exception as error:
            wrapped = EngineError(f"{type(error).__name__}: {error}", "`%genart doctor` checks the installation")
            wrapped.__cause__ = error
            self._end(job, Failed(wrapped))

    def _make(self, job: Job, draft: _Draft) -> Iterator[None]:
        recipe = job.recipe
        draft.form = form = art(recipe.art)
        with contextlib.ExitStack() as stack:
            model: Any = None
            if form.kind:
                draft.card = registry.card(recipe.model, form.kind, recipe.revision)
                model = stack.enter_context(self.residency.borrow(draft.card, _progress(job, self._scheduler)))
            yield
            draft.begun = time.perf_counter()
            for event in form.make(recipe, model):
                draft.fold(event)
                job.publish(event)
                yield
        self._end(job, Finished(self._store(draft.artwork(recipe))))

    def _partial(self, job: Job, draft: _Draft) -> Artwork | None:
        if not draft:
            return None
        try:
            return self._store(draft.artwork(job.recipe, partial=True))
        except Exception:
            return None  # half a work may be beyond finishing; being stopped must not turn into a failure

    def _store(self, artwork: Artwork) -> Artwork:
        try:
            return self._keep(artwork)
        except GalleryError as error:
            note = f"Not kept in the gallery: {error.what} {error.fix}".strip()
            return replace(artwork, made={**artwork.made, "gallery": note})


class _Draft:
    """What a job has made so far."""

    def __init__(self) -> None:
        self.form: ArtForm | None = None
        self.card: ModelCard | None = None
        self.begun = time.perf_counter()
        self._text: list[str] = []
        self._whole: Any = None

    def fold(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case Token(text=text):
                self._text.append(text)
            case Preview(data=data):
                self._whole, self._text = data, []
            case _:
                pass

    def __bool__(self) -> bool:
        return bool(self._text) or self._whole is not None

    def artwork(self, recipe: Recipe, partial: bool = False) -> Artwork:
        """The work as it stands."""
        if self.form is None:
            raise EngineError("The job ended before it began.")
        data = "".join([self._whole or "", *self._text]) if self._text else self._whole
        work = self.form.finish(recipe, data if data is not None else "", self.card, partial)
        seconds = round(time.perf_counter() - self.begun, 3)
        return replace(work, partial=partial, made={**work.made, "seconds": seconds})


def _progress(job: Job, scheduler: Scheduler) -> registry.Progress:
    """Report loading to the job, and stop it there if the job was cancelled meanwhile."""

    def report(what: str, fraction: float) -> None:
        job.publish(Loading(what, fraction))
        if scheduler.is_cancelled(job.id):
            raise JobCancelledError("The job was stopped while its model was loading.")

    return report
