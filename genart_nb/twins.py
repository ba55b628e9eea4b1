"""Python twins: every art form as a function with the same options, `genart_nb.poem("the sea", form="haiku")`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from genart_nb import inputs
from genart_nb.arts.form import ArtForm, art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import EmptyPromptError, JobCancelledError
from genart_nb.events import FINAL, Event
from genart_nb.recipe import Recipe
from genart_nb.studio import studio
from genart_nb.writing import call as call

Watch = Callable[[Sequence[Event]], None]

STOPPING = 20.0  # seconds given to a job to come to its next step
GLANCE = 0.1  # seconds between looks at a job that says nothing


class Twin(Protocol):
    """What a twin is called like."""

    def __call__(self, prompt: str = "", /, *, seed: int | None = None, model: str = "", **options: Any) -> Artwork:
        """Make a work and wait for it."""


@functools.cache
def twin(name: str) -> Twin:
    """Build the function for one art form; its signature and help come from the Options."""
    form = art(name)

    def form_twin(prompt: str = "", /, *, seed: int | None = None, model: str = "", **options: Any) -> Artwork:
        try:
            recipe = studio().recipe(name, prompt, options, model=model, seed=seed)
        except EmptyPromptError:  # it speaks of cells
            fix = f"write one: genart_nb.{name}({form.example!r})"
            raise EmptyPromptError(f"{name}() needs a prompt.", fix) from None
        return make(recipe)

    form_twin.__name__ = form_twin.__qualname__ = name
    form_twin.__module__ = "genart_nb"
    form_twin.__doc__ = _help(form)
    form_twin.__signature__ = _signature(form)  # type: ignore[attr-defined]
    return form_twin


def make(recipe: Recipe | str) -> Artwork:
    """Make what a recipe, or its JSON, says, and wait for it; shows nothing."""
    recipe = Recipe.read(recipe) if isinstance(recipe, str) else recipe
    desk = studio()
    restore(recipe)
    try:
        work = wait(desk.make(recipe))
    except JobCancelledError as error:
        if error.partial:
            desk.finished(error.partial)
        raise
    desk.finished(work)
    return work


def restore(recipe: Recipe) -> None:
    """Make the works again that a recipe starts from, and those that they start from, if any is not on this machine."""
    table = art(recipe.art).options
    if inputs.missing(table, recipe.options):
        for source in recipe.sources:
            restore(source)
            work = wait(studio().make(source))
            if inputs.missing(table, recipe.options):
                inputs.keep(table, work)  # an option may have taken a part of it: a first frame, a traced picture


def wait(job: Job, watch: Watch = lambda events: None) -> Artwork:
    """Wait for a job while `watch` is told of its events, and every GLANCE seconds of none.

    Raises what the job failed with. An interrupt stops the job and becomes a JobCancelledError that holds what it
    had made; a second interrupt stops the waiting too.
    """
    seen = 0
    try:
        while True:
            events = job.since(seen, GLANCE)
            seen += len(events)
            watch(events)
            if events and isinstance(events[-1], FINAL):
                return job.artwork()
    except KeyboardInterrupt:
        raise _stopped(job) from None


def _stopped(job: Job) -> JobCancelledError:
    job.cancel()
    try:
        work = job.artwork(STOPPING)
    except JobCancelledError as error:
        return error
    except (TimeoutError, KeyboardInterrupt):
        return JobCancelledError("The job was asked to stop and will at its next step.", "`%genart status` shows it")
    return JobCancelledError("You stopped the job when it had just finished.", "the work is whole", work)


def _signature(form: ArtForm) -> inspect.Signature:
    keyword = inspect.Parameter.KEYWORD_ONLY
    kinds: dict[str, Any] = {"int": int, "float": float, "bool": bool, "str": str}
    prompt = inspect.Parameter.empty if form.prompted else ""
    parameters = [
        inspect.Parameter("prompt", inspect.Parameter.POSITIONAL_ONLY, default=prompt, annotation=str),
        inspect.Parameter("seed", keyword, default=None, annotation=int | None),
        inspect.Parameter("model", keyword, default="", annotation=str),
        *(
            inspect.Parameter(row.name, keyword, default=row.default, annotation=kinds.get(row.kind, row.domain))
            for row in form.options.table()
        ),
    ]
    return inspect.Signature(parameters, return_annotation=Artwork)


def _help(form: ArtForm) -> str:
    needed = (f"{name}={value!r}" for name, value in form.needs.items())
    given = ", ".join([repr(form.example or "the sea"), *needed, "seed=7"])
    rows = [f"    {row.name}: {row.help} ({row.domain}; {row.default!r})" for row in form.options.table()]
    shared = [
        "    seed: what it grows from; drawn if not given, and always recorded",
        "    model: id, owner/name, folder or server; the default one if not given",
    ]
    return "\n".join(
        [form.help, "", f"    genart_nb.{form.name}({given})", "", "Options:", *rows, *shared, "",
         f"Returns an Artwork: str() is the work itself. The magic twin is %%{form.name}."]
    )  # fmt: skip
