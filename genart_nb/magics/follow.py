"""Stay with a job until it ends, in the cell that began it or behind its back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import GenartError, JobCancelledError
from genart_nb.magics.display import View
from genart_nb.studio import Studio
from genart_nb.twins import wait

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Keep = Callable[[Artwork], None]


def keep(desk: Studio, shell: InteractiveShell, out: str, work: Artwork) -> None:
    """Remember a work, whole or stopped, as the last one and under the name asked for."""
    desk.finished(work)
    if out:
        shell.user_ns[out] = work


def follow(job: Job, view: View, keep: Keep) -> Artwork:
    """Show a job until it ends, and return its work; what a stopped one had made is shown and kept, then raised."""
    try:
        work = wait(job, view.show)
    except JobCancelledError as error:
        if error.partial:
            keep(error.partial)
            view.keep(error.partial)
        else:
            view.failed()
        raise
    except GenartError:
        view.failed()
        raise
    keep(work)
    view.done(work)
    return work


def follow_later(job: Job, view: View, desk: Studio, shell: InteractiveShell, out: str) -> Job:
    """Return the job at once, bound to `out`; the work takes its place there and on the page when it is done."""
    if out:
        shell.user_ns[out] = job

    def settle() -> None:
        try:
            work = wait(job, view.show)
        except JobCancelledError as error:
            if error.partial is None:
                view.told(error)
                return
            work = error.partial
        except GenartError as error:
            view.told(error)
            return
        keep(desk, shell, out if shell.user_ns.get(out) is job else "", work)
        view.keep(work)

    # The thread keeps out of this cell's context: frames are found by their display id in any front end, but one that
    # runs notebooks without a screen reads only messages that belong to the cell it is running by then.
    threading.Thread(target=settle, name=f"genart-{job.id}", daemon=True).start()
    return job
