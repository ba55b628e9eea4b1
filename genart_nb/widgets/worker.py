"""The worker behind an easel: takes the newest letter, draws drafts while the hand moves, the whole when it lets go.

A job that has become stale is stopped at its next step. One exception: a draft that is quick, or half done, is let
through, for a hand in steady motion would otherwise never see anything.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import GenartError, JobCancelledError
from genart_nb.events import Cancelled, Event, Failed, Finished, Loading, Preview, Step, Token
from genart_nb.recipe import Recipe
from genart_nb.widgets.mailbox import Letter, Mailbox

IDLE = 0.08
"""Seconds without news after which a better draft is drawn."""
QUICK = 0.25
"""Seconds within which a stale draft is let through however far it is."""
LONG = 2.0
"""Seconds after which a stale draft is stopped though half of it is done."""
POLL = 0.02  # seconds between looks at the mailbox while a job says nothing
REST = 30.0  # seconds without news after which the thread ends, until there is some


class Tier(Enum):
    """How good a picture is wanted."""

    DRAFT = "draft"
    BETTER = "better"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a letter asks for. `asked` is the front end's own generation; `released`: the hand has let go."""

    recipe: Recipe
    asked: int
    released: bool
    text: str


class Studious(Protocol):
    """What the worker needs of an easel; every method may be called on the worker's thread."""

    def read(self, letter: Letter) -> Wish:
        """What a letter asks for; raises GenartError."""

    def begin(self, wish: Wish, tier: Tier) -> Job | None:
        """A job in the interactive lane; None where the form has no such draft. Raises GenartError."""

    def watch(self, wish: Wish, tier: Tier, events: Sequence[Event], took: float) -> None:
        """Events of a job that is not stale, `took` seconds after it began."""

    def done(self, wish: Wish, tier: Tier, work: Artwork, took: float) -> None:
        """A job has finished."""

    def failed(self, asked: int, error: GenartError) -> None:
        """There will be no picture; a JobCancelledError says that somebody stopped it."""


class Worker:
    """One daemon thread, there only while there is something to do; holds its easel weakly."""

    def __init__(self, easel: Studious, mailbox: Mailbox) -> None:
        self._easel = weakref.ref(easel)
        self._mailbox = mailbox
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._job: Job | None = None
        self._halted = 0

    def wake(self) -> None:
        """See to it that somebody reads the mailbox."""
        with self._lock:
            if self._thread is None and not self._mailbox.closed:
                self._thread = threading.Thread(target=self._run, name="genart-easel", daemon=True)
                self._thread.start()

    def halt(self) -> None:
        """Stop what is being drawn, within one step, and throw away what waits."""
        self._halted = self._mailbox.clear()
        job = self._job
        if job:
            job.cancel()

    def _run(self) -> None:
        while True:
            letter = self._mailbox.take(REST)
            easel = self._easel()
            if letter and easel:
                self._serve(easel, letter)
                continue
            with self._lock:
                if self._mailbox.closed or easel is None or not self._mailbox.stirs():
                    self._thread = None
                    return

    def _serve(self, easel: Studious, letter: Letter) -> None:
        asked = 0
        try:
            wish = easel.read(letter)
            asked = wish.asked
            for tier in (Tier.WHOLE,) if wish.released else (Tier.DRAFT, Tier.BETTER):
                if tier is Tier.BETTER and self._mailbox.stirs(IDLE):
                    return
                if not self._draw(easel, wish, tier, letter.generation):
                    return
        except GenartError as error:
            easel.failed(asked, error)
        except Exception as error:  # an easel that falls silent would be the worst answer
            easel.failed(asked, GenartError(f"{type(error).__name__}: {error}", "`%genart doctor`, then run the cell"))

    def _draw(self, easel: Studious, wish: Wish, tier: Tier, generation: int) -> bool:
        """Draw one picture; False when the hand has moved on, or the form has no such draft."""
        job = easel.begin(wish, tier)
        if job is None:
            return False
        self._job = job
        try:
            if self._halted >= generation:
                job.cancel()
            return self._follow(easel, wish, tier, job)
        finally:
            self._job = None

    def _follow(self, easel: Studious, wish: Wish, tier: Tier, job: Job) -> bool:
        begun, seen, share = time.perf_counter(), 0, 1.0  # until a step tells how far it is, nothing says it is slow
        last: Event | None = None
        while True:
            events = job.since(seen, POLL)
            seen += len(events)
            last = events[-1] if events else last
            share = next((each.done / max(1, each.total) for each in reversed(events) if isinstance(each, Step)), share)
            took = time.perf_counter() - begun
            match last:
                case Finished(artwork=work):
                    easel.done(wish, tier, work, took)
                    return True
                case Failed(error=error):
                    raise error
                case Cancelled():
                    raise JobCancelledError("The picture was stopped.", "move a slider")
                case Loading():
                    pass  # stopping now would only begin the loading anew
                case _ if self._stale(tier, took, share):
                    job.cancel()
                    return False
            news = [event for event in events if isinstance(event, Preview | Token | Step | Loading)]
            if news:
                easel.watch(wish, tier, news, took)

    def _stale(self, tier: Tier, took: float, share: float) -> bool:
        lets_through = tier is Tier.DRAFT and took < (LONG if share >= 0.5 else QUICK)
        return not lets_through and self._mailbox.stirs()
