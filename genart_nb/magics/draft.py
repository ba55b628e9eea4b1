"""What a job has made so far, folded from its events, and how far it is."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.events import Event, Loading, Preview, Queued, Step, Token
from genart_nb.media import Sheet, medium
from genart_nb.models import registry
from genart_nb.recipe import Recipe

PATIENCE = 0.3  # seconds of loading or waiting that nobody needs to be told of


class Draft:
    """A growing work. `clock` gives seconds."""

    def __init__(self, recipe: Recipe, clock: Callable[[], float]) -> None:
        self._recipe = recipe
        self._form = art(recipe.art)
        self._clock = clock
        self._begun = clock()
        self._whole: Any = None
        self._words = ""
        self._medium = "text"
        self._last: Queued | Loading | Step | None = None
        self._first_step: tuple[float, int] | None = None

    def fold(self, event: Event) -> bool:
        """Take in one event; whether there is something new to see."""
        match event:
            case Token(text=text):
                self._words += text
            case Preview(data=data):
                self._whole, self._words = data, ""
            case Step(done=done):
                self._first_step = self._first_step or (self._clock(), done)
                self._last = event
            case Queued() | Loading():
                self._last = event
                return self.waits_long
            case _:
                return False
        return True

    @property
    def begun(self) -> bool:
        """Whether there is anything of the work itself."""
        return self._whole is not None or bool(self._words)

    @property
    def text(self) -> str:
        """The words so far; empty for what is not text."""
        return (self._whole if isinstance(self._whole, str) else "") + self._words

    @property
    def waits_long(self) -> bool:
        """Whether a wait has become long enough to be told."""
        return isinstance(self._last, Queued | Loading) and not self.begun and self._clock() - self._begun > PATIENCE

    @property
    def progress(self) -> str:
        """How far it is, in words; empty while there is nothing to tell."""
        match self._last:
            case Queued(ahead=ahead) if self.waits_long and ahead:
                return f"waiting for {ahead} other{'s' if ahead > 1 else ''}"
            case Loading(what=what, fraction=fraction) if self.waits_long:
                return f"{what} · {fraction:.0%}" if 0 < fraction < 1 else what
            case Step(done=done, total=total, what=what):
                return f"{what or 'step'} {done} of {total}{self._time_left(done, total)}"
        return ""

    def sheet(self, *, stopped: bool = False) -> Sheet:
        """The work as it stands, laid out as the finished one will be."""
        data = self.text if self._words or self._whole is None else self._whole
        form, recipe = self._form, self._recipe
        try:
            card = registry.card(recipe.model, form.kind, recipe.revision) if form.kind else None
            work = form.finish(recipe, data, card, True)
        except Exception:
            work = Artwork(recipe, data)  # half a work may be beyond finishing: show it plainly
        self._medium = work.medium_name
        sheet = replace(work, partial=stopped).sheet
        # Progress stands where the colophon will, so that nothing moves when the work is done.
        return sheet if stopped else replace(sheet, live=True, colophon=self.progress or sheet.colophon)

    def bundle(self, *, stopped: bool = False) -> dict[str, Any]:
        """What a notebook shows of it."""
        if not self.begun:
            return _slim(self.progress) if self.progress else {}
        sheet = self.sheet(stopped=stopped)
        return medium(self._medium).bundle(sheet)

    def _time_left(self, done: int, total: int) -> str:
        if self._first_step is None or done <= self._first_step[1]:
            return ""
        since, first = self._first_step
        left = (self._clock() - since) / (done - first) * (total - done)
        return f" · {left:.0f} s left" if left >= 1 else ""


def _slim(progress: str) -> dict[str, Any]:
    style = "font:.85em/1.6 var(--jp-ui-font-family,system-ui);opacity:.72"
    return {
        "text/plain": progress,
        "text/html": f'<div class="genart-progress" role="status" style="{style}">{html.escape(progress)}</div>',
    }
