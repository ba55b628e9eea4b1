"""Show a work while it grows: a card that is updated in notebooks, plain words in a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from genart_nb.artwork import Artwork
from genart_nb.errors import GenartError
from genart_nb.events import Event
from genart_nb.magics.console import streamed
from genart_nb.magics.draft import Draft
from genart_nb.magics.page import lines
from genart_nb.recipe import Recipe

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

Clock = Callable[[], float]
FRAME = 0.1  # seconds between two frames at least


class View(Protocol):
    """Somewhere a growing work is shown."""

    def show(self, events: Sequence[Event]) -> None:
        """Take in what came; called now and then with nothing, to let time pass."""

    def done(self, work: Artwork) -> None:
        """The work is finished and will be returned."""

    def keep(self, work: Artwork) -> None:
        """Leave this work on show: nothing will be returned."""

    def failed(self) -> None:
        """There will be no work; whoever raises the error tells it."""

    def told(self, error: GenartError) -> None:
        """There will be no work, and nobody else will tell."""


def view_of(shell: InteractiveShell, recipe: Recipe, *, alone: bool = False, later: bool = False) -> View:
    """The view that suits where the shell is; `later` for one that is fed while other cells run."""
    if getattr(shell, "kernel", None) is not None:
        return Card(recipe, alone=alone)
    return Blank() if later else Stream(recipe)


class Blank:
    """No view: in a terminal, words from behind would land in the middle of what is being typed."""

    def show(self, events: Sequence[Event]) -> None:
        """Show nothing."""

    def done(self, work: Artwork) -> None:
        """Show nothing."""

    def keep(self, work: Artwork) -> None:
        """Show nothing: `%genart last` and the job have it."""

    def failed(self) -> None:
        """Show nothing."""

    def told(self, error: GenartError) -> None:
        """Show nothing: the job raises it when asked for the work."""


class Pace:
    """Lets a frame through at most every FRAME seconds."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._next = 0.0

    def due(self) -> bool:
        """Whether a frame may be drawn now; if so, the next one waits its time."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + FRAME
        return True


class Card:
    """A card in a notebook, updated in place.

    Its first frame is empty and the last one is cleared away by what the cell returns, so the saved notebook holds
    the finished work alone, and a comparison that reads first frames sees nothing. `alone` says that the cell shows
    nothing else, which clearing would take away.
    """

    def __init__(self, recipe: Recipe, *, alone: bool, clock: Clock = time.monotonic) -> None:
        from IPython.display import display

        self._draft = Draft(recipe, clock)
        self._pace = Pace(clock)
        self._alone = alone
        self._stale = False
        self._handle: Any = display({}, raw=True, display_id=True)  # type: ignore[no-untyped-call]

    def show(self, events: Sequence[Event]) -> None:
        """Redraw if something came and the last frame is old enough."""
        for event in events:
            self._stale |= self._draft.fold(event)
        self._stale |= self._draft.waits_long
        if self._stale and self._pace.due():
            self._stale = False
            self._update(self._draft.bundle())

    def done(self, work: Artwork) -> None:
        """Make room for the cell's result: in its place where the cell is ours alone, else before it."""
        if not self._alone:
            self._update({})
            return
        from IPython.display import clear_output

        self.keep(work)  # should nothing follow, the finished work is what stays
        clear_output(wait=True)  # type: ignore[no-untyped-call]

    def keep(self, work: Artwork) -> None:
        """Turn the card into the work."""
        self._update(*work._repr_mimebundle_())

    def failed(self) -> None:
        """Keep what there was, as a still; take away an empty card."""
        self._update(self._draft.bundle(stopped=True) if self._draft.begun else {})

    def told(self, error: GenartError) -> None:
        """Put the error where the work would have been."""
        self._update(lines(f"{type(error).__name__}: {error}")._repr_mimebundle_())

    def _update(self, bundle: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
        self._handle.update(bundle, raw=True, metadata=metadata or {})


class Stream:
    """Words in a terminal as they come; progress goes to `error` if somebody is watching it."""

    def __init__(
        self, recipe: Recipe, out: TextIO | None = None, error: TextIO | None = None, clock: Clock = time.monotonic
    ) -> None:
        self._draft = Draft(recipe, clock)
        self._pace = Pace(clock)
        self._out = out or sys.stdout
        self._error = error or sys.stderr
        self._written = ""
        self._progress = False

    def show(self, events: Sequence[Event]) -> None:
        """Write the words that are new, or how far it is while there are none."""
        for event in events:
            self._draft.fold(event)
        if self._draft.text != self._written:
            self._write(self._draft.text)
        elif not self._written and self._error.isatty() and self._pace.due():
            self._say(self._draft.progress)

    def done(self, work: Artwork) -> None:
        """Write what is still missing, and end the line."""
        if not isinstance(work.data, str):
            self._say("")
            print(work.path or work.mark, file=self._out, flush=True)
            return
        self._write(work.data)
        if self._written:
            streamed(work)
        self._end()

    def keep(self, work: Artwork) -> None:
        """A stopped work is whatever was written."""
        self.failed()

    def failed(self) -> None:
        """End the line."""
        self._say("")
        self._end()

    def told(self, error: GenartError) -> None:
        """Name the error."""
        self.failed()
        print(f"{type(error).__name__}: {error}", file=self._error)

    def _write(self, text: str) -> None:
        self._say("")
        if text.startswith(self._written):
            new = text[len(self._written) :]
        elif text.strip() in self._written:
            return  # a heading that became the title, or idle space: nothing is missing
        else:
            new = f"\n\n{text}"  # begun anew: what was written cannot be taken back
        print(new, end="", file=self._out, flush=True)
        self._written = text

    def _end(self) -> None:
        if self._written and not self._written.endswith("\n"):
            print(file=self._out, flush=True)

    def _say(self, progress: str) -> None:
        if progress or self._progress:
            print(f"\r\x1b[K{progress}", end="", file=self._error, flush=True)
        self._progress = bool(progress)
