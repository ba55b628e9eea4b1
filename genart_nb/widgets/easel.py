"""The Easel: a work with its options under a person's hand, drawn anew as they move.

    genart_nb.Easel("a fox on a hill")        %easel fox        %easel paint a fox --style flat

What the front end sends only changes a slot in a mailbox; a worker draws. So nothing waits for a picture: neither the
kernel, nor another widget, nor a second easel on the same model.
"""

from __future__ import annotations

import contextlib
import contextvars
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from genart_nb import writing
from genart_nb.artwork import MIME, Artwork
from genart_nb.errors import GenartError, UsageError
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio, studio
from genart_nb.widgets import grid
from genart_nb.widgets.mailbox import Mailbox
from genart_nb.widgets.steering import Steering
from genart_nb.widgets.worker import Worker

_HERE = Path(__file__).parent
_SCRIPTS = ("easel_parts.js", "player.js", "easel_stage.js", "easel_jupyter.js", "easel.js")
_STYLES = ("roll.css", "easel.css")
_STILLS = 4  # places where one easel is on show that are kept up to date
_ROUTES = 3  # acknowledgements answered after a greeting, see _heard
_GLANCE = 0.1  # seconds; a wait without a timeout cannot be interrupted on every platform
_numbers = itertools.count(1)


class Easel(anywidget.AnyWidget):  # type: ignore[misc]
    """Steer a work: `Easel(recipe)`, `Easel(artwork)`, or `Easel("a fox", style="flat", seed=7)`.

    `art` names the form of a prompt and `options` are that form's; what is wrong is refused here (UsageError).
    `frames` says which pictures a published page holds ready, `"freedom=6,guidance=3"` (see `grid`).
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    _css = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in _STYLES)
    spec = traitlets.Unicode("{}").tag(sync=True)
    params = traitlets.Unicode("{}").tag(sync=True)

    def __init__(
        self, work: Recipe | Artwork | str, /, *, art: str = "paint", seed: int | None = None, model: str = "",
        desk: Studio | None = None, frames: str = "", **options: Any,
    ) -> None:  # fmt: skip
        desk = desk or studio()
        if isinstance(work, str):
            work = desk.recipe(art, work, options, model=model, seed=seed)
        elif options or model or seed is not None:
            raise UsageError("Options go with a prompt only.", "change the recipe, or move the sliders")
        recipe = work.recipe if isinstance(work, Artwork) else work
        self._stills: list[Any] = []
        self._context = contextvars.copy_context()
        self._unsettled = 0
        self._mailbox = Mailbox()
        self._steering = Steering(desk, recipe, f"easel-{next(_numbers)}", self._tell)
        if frames != "none":
            grid.read(frames, self._steering.controls, recipe.seed)
        self.frames = frames
        self._worker = Worker(self._steering, self._mailbox)
        super().__init__(spec=self._steering.spec(), params=self._steering.params())
        if isinstance(work, Artwork) and not work.partial:
            self._steering.settle(work)
        self._steering.released.append(self._show)
        self.observe(self._wished, "params")
        self.on_msg(self._heard)

    @property
    def recipe(self) -> Recipe:
        """The recipe of the last release."""
        return self._steering.recipe

    @property
    def artwork(self) -> Artwork | None:
        """The work of the last release; None before the first."""
        return self._steering.work

    def to_cell(self) -> str:
        """The text of the cell that makes what is on the easel."""
        return writing.pasted(self.recipe)

    def on_release(self, told: Callable[[Artwork], None]) -> None:
        """Have `told` called with each work that a hand lets go of; it must be quick, and must not print."""
        self._steering.released.append(told)

    def steer(self, *, released: bool = True, prompt: str | None = None, seed: int | None = None, **said: Any) -> None:
        """Move controls from Python, as a hand would: by option name, or by id (`steer(**{"style:flat": 0.5})`).

        `released=False` is a hand still in motion. Raises UsageError for a control that is not there.
        """
        now = json.loads(self.params)
        unknown = [id for id in said if id not in now["values"]]
        if unknown:
            raise UsageError(f"The easel has no control {unknown[0]!r}.", f"use one of {', '.join(now['values'])}")
        now |= {"generation": now["generation"] + 1, "released": released, "values": {**now["values"], **said}}
        now |= {name: value for name, value in (("prompt", prompt), ("seed", seed)) if value is not None}
        self.params = json.dumps(now)

    def wait(self, timeout: float = 600.0) -> Artwork | None:
        """Wait until the hand's last wish is fulfilled, in seconds; raises what it failed with, or TimeoutError."""
        waited = 0.0
        while not self._mailbox.settles(_GLANCE):
            waited += _GLANCE
            if waited > timeout:
                raise TimeoutError(f"The easel is still painting after {timeout:g} s.")
        if self._steering.error:
            raise self._steering.error
        return self.artwork

    def close(self) -> None:
        """Take the easel away and stop what it is painting."""
        if hasattr(self, "_worker"):  # ipywidgets closes a widget that is collected, even one that was refused
            self._mailbox.close()
            self._worker.halt()
        super().close()

    def _still(self, work: Artwork) -> tuple[dict[str, Any], dict[str, Any]]:
        """The bundle of a work that stood here: pages know by it that it was steered, and which frames it wants."""
        data, metadata = work._repr_mimebundle_()
        return data, {**metadata, MIME: {**metadata.get(MIME, {}), "easel": {"frames": self.frames}}}

    def __repr__(self) -> str:
        """One stable line."""
        return f"<genart easel {self.recipe.art} seed={self.recipe.seed} recipe={self.recipe.digest}>"

    def _wished(self, change: Any) -> None:
        """The hand has moved. On whatever thread the kernel calls this, it only notes it down."""
        self._context = contextvars.copy_context()
        self._mailbox.put(change["new"])
        self._worker.wake()

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        self._context = contextvars.copy_context()
        match content:
            case {"type": "ack", "number": int(number)}:
                self._steering.outbox.acknowledge(number)
                # ipykernel 7 sends a widget's messages to the subshell that the widget last answered. The greeting may
                # have come before there was one; without an answer now, the hand would wait for every running cell.
                if self._unsettled:
                    self._unsettled -= 1
                    self._tell({"type": "noted"}, [])
            case {"type": "cancel"}:
                self._worker.halt()
            case {"type": "hello"}:
                self._unsettled = _ROUTES
                self._tell({"type": "identity", "model": self.model_id}, [])
                if not self._steering.greet() and self._mailbox.settles(0):
                    self._begin()

    def _begin(self) -> None:
        self._mailbox.put(json.dumps({**json.loads(self.params), "released": True}))
        self._worker.wake()

    def _tell(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        """Send in the name of the front end's last message; a worker's own would be that of the running cell."""
        with contextlib.suppress(Exception):  # a front end that has gone must not end the worker
            self._context.copy().run(self.send, content, buffers)

    def _show(self, work: Artwork) -> None:
        data, metadata = self._still(work)
        for still in self._stills:
            still.update(data, raw=True, metadata=metadata)

    def _ipython_display_(self, **kwargs: Any) -> None:
        """The live widget first; then, as an output of its own, the still that a saved notebook keeps."""
        from IPython.core.getipython import get_ipython
        from IPython.display import display

        shown = self._repr_mimebundle_(**kwargs)
        if shown is None:
            return
        data, metadata = shown if isinstance(shown, tuple) else (shown, {})
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        if self.artwork is None:
            self._begin()
            try:
                self.wait()
            except KeyboardInterrupt:
                self._worker.halt()
                raise
            except GenartError:
                shell = get_ipython()
                if shell is None:
                    raise
                shell.showtraceback()  # raised from here, IPython would show the widget a second time
        if self.artwork:
            data, metadata = self._still(self.artwork)
            still = display(data, metadata=metadata, raw=True, display_id=True)  # type: ignore[no-untyped-call]
            self._stills = [*self._stills, still][-_STILLS:]
