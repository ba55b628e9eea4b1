"""What an easel steers: the recipe under the hand, the work of the last release, and the tries before it.

It knows nothing of widgets: it is given letters to read, and tells what there is to see through `send`.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from genart_nb import writing
from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job, Lane
from genart_nb.errors import GalleryError, GenartError, JobCancelledError
from genart_nb.events import Event, Finished, Loading, Preview, Step, Token
from genart_nb.media.song import Song
from genart_nb.models import registry
from genart_nb.recipe import SEED_MAX, Recipe
from genart_nb.studio import Studio
from genart_nb.widgets import controls, frames
from genart_nb.widgets.mailbox import Letter
from genart_nb.widgets.outbox import Outbox, Parcel, Send
from genart_nb.widgets.worker import Tier, Wish

TRIES = 24
"""Past tries in the strip."""
SLOW = 0.6
"""Seconds after which a picture is worth showing while it forms."""
PACE = 0.1  # seconds between two messages of progress at least


class Steering:
    """One easel's recipe on a studio. `released` is told of each work that a hand has let go of, on the worker."""

    def __init__(self, desk: Studio, recipe: Recipe, key: str, send: Send) -> None:
        self.recipe = recipe
        self.work: Artwork | None = None
        self.error: GenartError | None = None
        self.released: list[Callable[[Artwork], None]] = []
        self.outbox = Outbox(send)
        self.form = art(recipe.art)
        card = registry.card(recipe.model, self.form.kind, recipe.revision) if self.form.kind else None
        self.controls = controls.controls(self.form, recipe, card)
        self._desk, self._key, self._send = desk, key, send
        self._tries: deque[tuple[dict[str, Any], frames.Frame]] = deque(maxlen=TRIES)
        self._latest: Parcel | None = None
        self._drafted: Artwork | None = None
        self._told = 0.0
        self._words = ""

    def spec(self) -> str:
        """What a front end is built from, as JSON."""
        facts = {"art": self.recipe.art, "drafts": len(self.form.drafts), "prompted": self.form.prompted}
        facts["kind"] = self.form.kind or ""
        rows = controls.as_json(self.controls)
        return json.dumps({**facts, "controls": rows, "seed_max": SEED_MAX, "tries": TRIES})

    def params(self) -> str:
        """Where everything stands at first, as JSON: what a front end then changes."""
        facts = {"generation": 0, "released": True, "seed": self.recipe.seed, "prompt": self.recipe.prompt}
        return json.dumps({**facts, "values": controls.values(self.controls)})

    def greet(self) -> bool:
        """Tell a front end that has just come everything there is to see; False when there is no work yet."""
        self.outbox.reset()
        for shown, small in self._tries:
            self._send({"type": "try", **shown, "mime": small.mime}, [small.data])
        if self._latest:
            self.outbox.offer(self._latest)
        if self.error:
            self.failed(0, self.error)
        return self._latest is not None or self.error is not None

    def read(self, letter: Letter) -> Wish:
        """What the front end asks for."""
        said = json.loads(letter.text)
        self.outbox.drop()
        self.error = None
        asked, released = int(said["generation"]), bool(said["released"])
        self._status("painting" if released else "drafting", asked)
        seed = min(max(int(said["seed"]), 0), SEED_MAX)
        recipe = controls.written(self.form, self.recipe, str(said["prompt"]), seed, said["values"])
        return Wish(recipe, asked, released, letter.text)

    def begin(self, wish: Wish, tier: Tier) -> Job | None:
        """Start a job of this easel, in place of the one before; a draft that is the whole is not made twice."""
        depth = {Tier.DRAFT: 0, Tier.BETTER: 1, Tier.WHOLE: None}[tier]
        self._words = ""
        if depth is not None and depth >= len(self.form.drafts):
            return None
        recipe = wish.recipe if depth is None else controls.cheaper(self.form, wish.recipe, depth)
        if depth is None and self._drafted and self._drafted.recipe == recipe:
            job = Job(recipe, lambda id: False, lane=Lane.INTERACTIVE)
            job.publish(Finished(self._drafted))
            return job
        return self._desk.make(recipe, lane=Lane.INTERACTIVE, key=self._key)

    def watch(self, wish: Wish, tier: Tier, events: Sequence[Event], took: float) -> None:
        """Tell how far the whole picture is; show it as it forms where that takes its time."""
        grown = self._grown(events)
        if time.monotonic() - self._told < PACE:
            return
        self._told = time.monotonic()
        match events[-1]:
            case Loading(what=what, fraction=fraction):
                self._status("loading", wish.asked, text=what, fraction=fraction)
            case Step(done=done, total=total, what=what) if tier is Tier.WHOLE:
                far = f"{what or 'step'} {done} of {total}"
                if self.form.kind == "music":  # nobody counts ticks
                    far = f"{done / max(1, total):.0%} written"
                self._status("painting", wish.asked, text=far, fraction=done / max(1, total))
            case _:
                pass
        if isinstance(grown, Song):  # a roll costs nothing to draw
            self.outbox.offer(_parcel(wish, "forming" if tier is Tier.WHOLE else tier.value, frames.song(grown)))
        elif tier is Tier.WHOLE and (took > SLOW or self._words):
            frame = frames.growing(self._words or grown)
            if frame:
                self.outbox.offer(_parcel(wish, "forming", frame))

    def done(self, wish: Wish, tier: Tier, work: Artwork, took: float) -> None:
        """Show a draft; keep and show a work."""
        if tier is not Tier.WHOLE:
            self._drafted = work
            sung = frames.song(work.data) if isinstance(work.data, Song) else None
            frame = sung or frames.growing(work.data) or frames.whole(work)
            self.outbox.offer(_parcel(wish, tier.value, frame, seconds=round(took, 3)))
            return
        if isinstance(work.data, Song):
            self.outbox.offer(_parcel(wish, "forming", frames.song(work.data)))
            self._status("painting", wish.asked, text="the sound")
        note = ""
        try:
            work = self._desk.keep(work)
        except GalleryError as error:
            note = f"Not kept in the gallery: {error.what}"
        self._desk.finished(work)
        self.settle(work, wish, took, note)
        for told in self.released:
            told(work)

    def settle(self, work: Artwork, wish: Wish | None = None, took: float = 0.0, note: str = "") -> None:
        """Put a finished work on the easel, and a small picture of it into the strip of tries."""
        self.recipe, self.work = work.recipe, work
        wish = wish or Wish(work.recipe, 0, True, self.params())
        sung = isinstance(work.data, Song)
        frame = frames.song(work.data, sound=True) if sung else frames.whole(work)
        shown = {"params": wish.text, "digest": work.recipe.digest, "seed": work.recipe.seed}
        facts = {**shown, "cell": writing.pasted(work.recipe), "colophon": work.colophon, "note": note or work.note}
        facts["took"] = self._took(work)
        parcel = _parcel(wish, Tier.WHOLE.value, frame, seconds=round(took, 3), **facts)
        self.outbox.offer(parcel)
        # A front end that comes later has sent nothing yet: whatever it is given then is the newest.
        self._latest = replace(parcel, content={**parcel.content, "asked": None})
        if work.recipe.digest not in {each["digest"] for each, _ in self._tries}:
            small = frames.thumbnail(frame, work.data)
            self._tries.append((shown, small))
            self._send({"type": "try", **shown, "mime": small.mime}, [small.data])

    def _took(self, work: Artwork) -> dict[str, Any]:
        """What the work took for options that were left to it."""
        known = dict(work.facts)
        if isinstance(work.data, Song):
            known["mode"] = work.data.mode
            if not work.recipe.options.get("continue_"):  # else the bars of the song before are among them
                known["bars"] = work.data.bars
        return {row.id: known[row.id] for row in self.controls if row.open and row.id in known}

    def failed(self, asked: int, error: GenartError) -> None:
        """Put an error where the person looks."""
        if isinstance(error, JobCancelledError):
            self._status("stopped", asked)
            return
        self.error = error
        self._status("error", asked, text=error.what, fix=error.fix)

    def _grown(self, events: Sequence[Event]) -> Any:
        """The newest preview that is no text; words are gathered."""
        grown: Any = None
        for event in events:
            match event:
                case Token(text=text):
                    self._words += text
                case Preview(data=str(text)):
                    self._words = text
                case Preview(data=data):
                    grown = data
                case _:
                    pass
        return grown

    def _status(self, state: str, asked: int, **more: Any) -> None:
        self._send({"type": "status", "state": state, "asked": asked, **more}, [])


def _parcel(wish: Wish, tier: str, frame: frames.Frame, **more: Any) -> Parcel:
    size = {"mime": frame.mime, "width": frame.width, "height": frame.height}
    return Parcel({"type": "frame", "asked": wish.asked, "tier": tier, **size, **more}, frame.buffers)
