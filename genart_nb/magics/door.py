"""What a kernel answers at its side door while a cell runs: its magics, its names, its jobs; and it stops a job."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genart_nb.sidedoor import Door

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.engines.base import JobState

_NAMES_MAX = 2000  # variables offered for completion
_CLIP = 80  # characters of a prompt
_open: Door | None = None


def open_door(shell: InteractiveShell) -> None:
    """Open the door of the kernel that this shell belongs to, if there is a kernel and it has no door yet."""
    global _open
    connection = _connection(shell)
    if _open is None and connection is not None:
        with contextlib.suppress(OSError):  # without a door everything works but the status bar
            import atexit

            _open = Door(connection, Told(shell).answers)
            atexit.register(_open.leave)


def close_door() -> None:
    """Close it again."""
    global _open
    if _open is not None:
        _open.close()
        _open = None


def _connection(shell: InteractiveShell) -> Path | None:
    kernel = getattr(shell, "kernel", None)
    file = getattr(getattr(kernel, "parent", None), "abs_connection_file", "")
    return Path(file) if file else None


class Told:
    """The answers. None of them makes an engine or loads a model: a kernel where nothing was made has no jobs."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._begun: dict[str, tuple[float, float]] = {}  # per job: when, and how far it was then
        self.answers = {
            "vocabulary": lambda question: _vocabulary(),
            "names": lambda question: self._names(),
            "status": lambda question: self._status(),
            "cancel": self._cancel,
        }

    def _names(self) -> dict[str, Any]:
        """Variables by kind, works first, and aliases; a copy, for a cell may be adding to them right now."""
        from genart_nb.artwork import Artwork
        from genart_nb.studio import studio

        held = list(self._shell.user_ns.items())
        hidden = self._shell.user_ns_hidden
        shown = [(name, value) for name, value in held if not name.startswith("_") and name not in hidden]
        works = [{"name": name, "mark": value.mark} for name, value in shown if isinstance(value, Artwork)]
        others = [name for name, value in shown if not isinstance(value, Artwork)]
        aliases = [{"name": name, "art": form} for name, (form, _) in list(studio().aliases.items())]
        return {"works": works[:_NAMES_MAX], "others": others[:_NAMES_MAX], "aliases": aliases}

    def _status(self) -> dict[str, Any]:
        desk = _desk()
        if desk is None:
            return {"jobs": [], "models": [], "memory": 0, "budget": 0}
        jobs = [self._job(state) for state in desk.engine.jobs()]
        self._begun = {job["id"]: self._begun[job["id"]] for job in jobs if job["id"] in self._begun}
        house = getattr(desk.engine, "residency", None)
        tenants = house.tenants() if house else []
        models = [{"id": each.id, "bytes": each.nbytes, "pinned": each.pinned, "used": each.in_use} for each in tenants]
        memory = sum(each.nbytes for each in tenants)
        return {"jobs": jobs, "models": models, "memory": memory, "budget": house.budget if house else 0}

    def _job(self, state: JobState) -> dict[str, Any]:
        recipe, fraction = state.recipe, state.fraction
        return {
            "id": state.id, "art": recipe.art, "prompt": " ".join(recipe.prompt[: 4 * _CLIP].split())[:_CLIP],
            "seed": recipe.seed, "digest": recipe.digest, "state": state.word, "fraction": fraction,
            "left": self._left(state.id, fraction) if state.word == "running" else None,
        }  # fmt: skip

    def _left(self, id: str, fraction: float | None) -> float | None:
        """Seconds to go at the pace since it was first seen; None while nobody can tell."""
        if fraction is None:
            return None
        now = time.monotonic()
        since, first = self._begun.setdefault(id, (now, fraction))
        if fraction <= first:
            return None
        return round((now - since) / (fraction - first) * (1 - fraction), 1)

    def _cancel(self, question: Mapping[str, Any]) -> dict[str, Any]:
        desk, wanted = _desk(), str(question.get("job", ""))
        jobs = desk.engine.jobs() if desk else []
        chosen = [job.id for job in jobs if wanted in (job.id, "all")]
        return {"stopped": [id for id in chosen if desk and desk.engine.cancel(id)]}


def _vocabulary() -> Any:
    from genart_nb.magics.vocabulary import vocabulary

    return vocabulary()


def _desk() -> Any:
    """The studio, if anything was begun in it: asking must not be what imports or makes it."""
    module = sys.modules.get("genart_nb.studio")
    desk = module.studio() if module else None
    return desk if desk and desk.begun else None
