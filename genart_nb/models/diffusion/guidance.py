"""A guidance scale that moves while a picture is sampled, in whichever way its pipeline reads it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from genart_nb.models.pictures import Schedule


class MovingScale(float):
    """A float that is its schedule's peak to whoever compares it, and the present value to whoever multiplies by it.

    Pipelines decide by comparing (`guidance_scale > 1`) whether to run the denoiser with and without the text, and
    that choice must hold from the first step to the last; then, each step, they multiply by the scale. This holds for
    those that keep it in a local variable as well as for those that keep it on themselves.
    """

    schedule: Schedule
    step: Callable[[], float]
    read: bool
    """Whether it was ever multiplied by, that is, whether moving it had any effect."""

    def __new__(cls, schedule: Schedule, step: Callable[[], float]) -> MovingScale:
        """Follow a schedule; `step` tells the present step, from 0."""
        scale = super().__new__(cls, max(value for _, value in schedule.keys))
        scale.schedule, scale.step, scale.read = schedule, step, False
        return scale

    @property
    def now(self) -> float:
        """Its value at the present step."""
        return self.schedule.at(self.step())

    def __mul__(self, other: Any) -> Any:
        self.read = True
        return self.now * other

    __rmul__ = __mul__


class Denoiser:
    """Stands in for a denoiser during one picture: calls it compiled, or with the present guidance as its input.

    Distilled models (Flux) take guidance as an input, which their pipelines make once; it is scaled here each step.
    """

    def __init__(self, module: Any, call: Callable[..., Any], scale: MovingScale | None) -> None:
        self._module, self._call, self._scale = module, call, scale

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the denoiser."""
        guidance = kwargs.get("guidance")
        if self._scale is not None and guidance is not None and float(self._scale):
            self._scale.read = True
            kwargs["guidance"] = guidance * (self._scale.now / float(self._scale))
        return self._call(*args, **kwargs)
