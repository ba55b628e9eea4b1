"""LocalEngine: jobs run on one thread of this process, over models that stay in memory between them."""

from __future__ import annotations

import contextlib
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from genart_nb import environment
from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job, JobState, Lane
from genart_nb.engines.scheduler import Scheduler, Steps, Ticket
from genart_nb.errors import EngineError, GenartError, JobCancelledError, OutOfMemoryError
from genart_nb.events import Cancelled, Event, Failed, Finished, Loading, Preview, Queued, Token
from genart_nb.models import registry
from genart_nb.models.card import ModelCard
from genart_nb.models.residency import Residency
from genart_nb.recipe import Recipe, clean_text

Keep = Callable[[Artwork], Artwork]


class ScheduledEngine:
    """An engine over the Scheduler: subclasses say how a job is made and how it becomes a work."""

    def __init__(self) -> None:
        self._scheduler = Scheduler()
        self._jobs: dict[str, Job] = {}

    def run(self, recipe: Recipe, *, lane: Lane = Lane.BATCH, client: str = "", key: str = "") -> Job:
        """Queue a recipe and return at once; raises EngineError when the engine is closed."""
        job = Job(recipe, self.cancel, lane=lane)
        ticket = Ticket(job.id, lambda: self._steps(job), lambda: self._end(job, Cancelled(None)), lane, client, key)
        self._jobs[job.id] = job
        job.publish(Queued(self._scheduler.ahead(lane)))
        if not self._scheduler.submit(ticket):
            del self._jobs[job.id]
            raise EngineError("The engine is closed.", "make a new one, or restart the kernel")
        return job

    def cancel(self, job_id: str) -> bool:
        """Stop a job within one step; False if it is unknown or had ended."""
        job = self._jobs.get(job_id)
        return job is not None and not job.done and self._scheduler.cancel(job_id)

    def jobs(self) -> list[JobState]:
        """Jobs that have not ended, in the order they will run."""
        held = (self._jobs.get(id) for id in self._scheduler.order())
        return [job.state for job in held if job and not job.done]

    def close(self) -> None:
        """Cancel everything and stop the thread."""
        self._scheduler.close()

    def _steps(self, job: Job) -> Steps:
        draft = Draft()
        final: Finished | Failed | Cancelled
        try:
            yield from self._make(job, draft)
            final = Finished(self._finish(job, draft))
        except (GeneratorExit, JobCancelledError):
            final = Cancelled(self._partial(job, draft))
        except BaseException as error:
            final = Failed(_failure(error))
        self._end(job, final)

    def _play(self, job: Job, draft: Draft, events: Iterable[Event]) -> Steps:
        for event in events:
            draft.fold(event)
            job.publish(event)
            yield

    def _partial(self, job: Job, draft: Draft) -> Artwork | None:
        try:
            return self._finish(job, draft, partial=True) if draft else None
        except Exception:
            return None  # half a work may be beyond finishing; being stopped must not turn into a failure

    def _end(self, job: Job, event: Finished | Failed | Cancelled) -> None:
        job.publish(event)
        self._jobs.pop(job.id, None)

    def _make(self, job: Job, draft: Draft) -> Steps:
        raise NotImplementedError

    def _finish(self, job: Job, draft: Draft, partial: bool = False) -> Artwork:
        raise NotImplementedError


class LocalEngine(ScheduledEngine):
    """Runs every art form in this process. `keep` stores each work of the batch lane before anybody sees it."""

    def __init__(self, residency: Residency | None = None, keep: Keep = lambda artwork: artwork) -> None:
        super().__init__()
        self.residency = Residency() if residency is None else residency
        self._keep = keep

    def close(self) -> None:
        """Cancel everything, stop the thread and free the models."""
        super().close()
        self.residency.close()

    def _make(self, job: Job, draft: Draft) -> Steps:
        recipe = job.recipe
        form = art(recipe.art)
        with contextlib.ExitStack() as stack:
            model: Any = None
            if form.kind:
                draft.card = registry.card(recipe.model, form.kind, recipe.revision)
                model = stack.enter_context(self.residency.borrow(draft.card, _progress(job, self._scheduler)))
            draft.environment = environment.of(model)
            yield
            draft.begun = time.perf_counter()
            yield from self._play(job, draft, form.make(recipe, model))

    def _finish(self, job: Job, draft: Draft, partial: bool = False) -> Artwork:
        work = art(job.recipe.art).finish(job.recipe, draft.data, draft.card, partial)
        seconds = round(time.perf_counter() - draft.begun, 3)
        work = replace(work, partial=partial, made={**work.made, "seconds": seconds, "environment": draft.environment})
        return self._store(work) if job.lane is Lane.BATCH else work

    def _store(self, artwork: Artwork) -> Artwork:
        try:
            return self._keep(artwork)
        except Exception as error:  # whatever is wrong with the gallery, the work itself is done
            note = f"Not kept in the gallery: {_failure(error)}"
            return replace(artwork, made={**artwork.made, "gallery": note})


class Draft:
    """What a job has made so far, and the card of the model that made it."""

    def __init__(self) -> None:
        self.card: ModelCard | None = None
        self.environment: dict[str, Any] = {}
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

    def __bool__(self) -> bool:  # the sign of a heading that has no words yet is nothing to keep
        return any(piece.strip("# \n") for piece in self._text) or self._whole is not None

    @property
    def data(self) -> Any:
        """The work as it stands: the last Preview and the Tokens after it."""
        whole = "".join([self._whole or "", *self._text]) if self._text else self._whole
        return clean_text(whole or "") if isinstance(whole, str | None) else whole


def _failure(error: BaseException) -> GenartError:
    """The error as people are told it; frames are cleared, for they hold models and tensors in memory."""
    traceback.clear_frames(error.__traceback__)
    if isinstance(error, GenartError):
        return error
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":  # torch's own is no MemoryError
        told: GenartError = OutOfMemoryError(
            "There is not enough memory for this work.", "free some: `%genart models --free ID`"
        )
    else:
        told = EngineError(f"{type(error).__name__}: {error}", "`%genart doctor` checks the installation")
    told.__cause__ = error
    return told


def _progress(job: Job, scheduler: Scheduler) -> registry.Progress:
    """Report loading to the job, and stop it there if the job was cancelled meanwhile."""

    def report(what: str, fraction: float) -> None:
        job.publish(Loading(what, fraction))
        if scheduler.is_cancelled(job.id):
            raise JobCancelledError("The job was stopped while its model was loading.")

    return report
