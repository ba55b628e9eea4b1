"""What `genart serve` makes for a page: one easel's work at other values, told line by line."""

from __future__ import annotations

import base64
import math
import time
from collections.abc import Generator, Mapping
from typing import Any

from genart_nb import writing
from genart_nb.arts.form import art
from genart_nb.engines.base import Job, Lane
from genart_nb.errors import GenartError, JobCancelledError, UsageError
from genart_nb.events import FINAL, Preview, Step, Token
from genart_nb.models import registry
from genart_nb.publishing.site.plates import card_of
from genart_nb.recipe import SEED_MAX, Recipe
from genart_nb.studio import Studio, studio
from genart_nb.widgets import controls, frames

PACE = 0.15  # seconds between two pictures of one that is forming
_POLL = 0.05  # seconds between looks at a job

Lines = Generator[dict[str, Any], None, None]


class Maker:
    """Makes works for the easels of one site. Unless `any_model`, only with models that are on offer here."""

    def __init__(self, easels: Mapping[str, Any], desk: Studio | None = None, any_model: bool = False) -> None:
        self.easels = dict(easels)
        self._desk = desk
        self._any_model = any_model

    def lines(self, wish: Mapping[str, Any]) -> Lines:
        """What to tell the page of a wish `{easel, values, seed, draft}`; raises GenartError for an impossible one."""
        key = str(wish.get("easel"))
        if key not in self.easels:
            raise UsageError("This site has no such easel.", "reload the page")
        home = Recipe.read(dict(self.easels[key]))
        form = art(home.art)
        recipe = self._recipe(home, wish)
        wanted = controls.cheaper(form, recipe, 0) if wish.get("draft") is True and form.drafts else recipe
        desk = self._desk or studio()
        return self._told(desk.make(wanted, lane=Lane.INTERACTIVE, key=f"page-{key}"), recipe)

    def _recipe(self, home: Recipe, wish: Mapping[str, Any]) -> Recipe:
        form = art(home.art)
        known = {card.id for card in registry.cards()}
        if home.model != "none" and home.model not in known and not self._any_model:
            what = f"This page wants the model {home.model}, which is not among yours."
            raise UsageError(what, "`genart serve --any-model` if you trust the page")
        rows = {row.id: row for row in controls.controls(form, home, card_of(home))}
        said = wish.get("values")
        values = {id: value for id, value in said.items() if id in rows} if isinstance(said, dict) else {}
        seed = wish.get("seed")
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= SEED_MAX:
            raise UsageError("The seed is no whole number.", f"one in 0..{SEED_MAX}")
        for id, value in values.items():
            if rows[id].kind == "slider" and value is not None and not _is_number(value):
                raise UsageError(f"{rows[id].label} is no number.", "move the slider")
        every = {row.id: row.value for row in rows.values()}
        return controls.written(form, home, home.prompt, seed, {**every, **values})

    def _told(self, job: Job, recipe: Recipe) -> Lines:
        """Steps with the picture as it forms, then the whole; a page that leaves stops the job."""
        began, seen, shown, step = time.perf_counter(), 0, 0.0, [0, 1]
        try:
            while True:
                events = job.since(seen, _POLL)
                seen += len(events)
                for event in events:
                    if isinstance(event, Step):
                        step = [event.done, max(1, event.total)]
                news = [event for event in events if isinstance(event, Preview | Token | Step)]
                if news and time.perf_counter() - shown > PACE:
                    shown = time.perf_counter()
                    yield {"step": step, **_forming(news)}
                elif not events:
                    yield {"wait": 1}  # a page that has left is noticed only by writing to it
                if events and isinstance(events[-1], FINAL):
                    break
            work = job.artwork(1.0)
            seconds = round(time.perf_counter() - began, 3)
            yield {**_whole(frames.whole(work)), "seconds": seconds, "cell": writing.cell(recipe)}
        except JobCancelledError:
            return
        except GenartError as error:
            yield {"error": str(error)}
        finally:
            job.cancel()


def _forming(news: list[Any]) -> dict[str, Any]:
    last = next((event.data for event in reversed(news) if isinstance(event, Preview)), None)
    frame = frames.growing(last) if last is not None and not isinstance(last, str) else None
    return {"mime": frame.mime, "data": base64.b64encode(frame.data).decode()} if frame else {}


def _whole(frame: frames.Frame) -> dict[str, Any]:
    if frame.mime == "text/plain":
        return {"text": frame.data.decode()}
    return {"whole": True, "mime": frame.mime, "data": base64.b64encode(frame.data).decode()}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
