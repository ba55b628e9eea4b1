"""`%genart status` and `%genart cancel`: what is running, and stopping it."""

from __future__ import annotations

from genart_nb.errors import GalleryError, UsageError
from genart_nb.magics import page
from genart_nb.magics.commands import Call, Subcommand
from genart_nb.magics.page import Page
from genart_nb.studio import studio

_CLIP = 48


def status(call: Call) -> Page:
    """Jobs, models and the last work."""
    desk = studio()
    rows = [
        (job.id, job.recipe.art, clipped(job.recipe.prompt), _how_far(job.word, job.fraction), job.recipe.seed)
        for job in desk.engine.jobs()
    ]
    models = ", ".join(f"{kind}: {name}" for kind, name in desk.models.items())
    last = f"last: {desk.last!r}" if desk.last else "nothing made yet"
    foot = f"{models} · {last} · {_kept()}"
    return page.table(("job", "art", "prompt", "state", "seed"), rows, empty=f"No job is running. {foot}", foot=foot)


def cancel(call: Call) -> Page:
    """Stop one job, or all."""
    jobs = studio().engine.jobs()
    wanted = call.word()
    chosen = [job for job in jobs if wanted == "all" or (job.id.startswith(wanted) if wanted else job is jobs[0])]
    if not jobs:
        return page.lines("No job is running.")
    if not chosen:
        raise UsageError(f"No job {wanted!r} is running.", "`%genart status` lists them; `%genart cancel all`")
    stopped = [job for job in chosen if studio().engine.cancel(job.id)]
    return page.lines("\n".join(f"Stopping {job.recipe.art} {job.id}." for job in stopped) or "It had ended already.")


def clipped(text: str) -> str:
    """The beginning of a prompt, on one line."""
    line = " ".join(text[: 4 * _CLIP].split())
    return line if len(line) <= _CLIP else line[: _CLIP - 1] + "…"


def _how_far(word: str, fraction: float | None) -> str:
    return f"{word} {fraction:.0%}" if fraction is not None and word == "running" else word


def _kept() -> str:
    try:
        count = len(studio().gallery)
    except GalleryError as error:
        return error.what
    return f"{count} work{'' if count == 1 else 's'} in the gallery"


STATUS = Subcommand("status", "", "what is running, the models in use and the last work", status)
CANCEL = Subcommand("cancel", "[ID | all]", "stop a job: the one that runs, unless another is named", cancel)
