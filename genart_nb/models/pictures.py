"""What a picture model promises, whatever family it is of: a brief goes in, frames come out one step at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from genart_nb.errors import OptionError

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Schedule:
    """A number that may change while a picture is sampled: keyframes (step, value), straight lines between them.

    Before the first keyframe and after the last the value stands still. Steps count from 0.
    """

    keys: tuple[tuple[float, float], ...]

    @classmethod
    def constant(cls, value: float) -> Schedule:
        """The same value at every step."""
        return cls(((0.0, float(value)),))

    @classmethod
    def read(cls, text: str) -> Schedule:
        """Read `0:2,5:6` as "2 at step 0, 6 at step 5"; raises OptionError for anything else."""
        try:
            pairs = [part.split(":") for part in text.split(",")]
            keys = sorted((float(step), float(value)) for step, value in pairs)
        except ValueError:
            keys = []
        steps = [step for step, _ in keys]
        finite = all(abs(number) < 1e6 for key in keys for number in key)
        if not keys or not finite or steps[0] < 0 or len(set(steps)) < len(steps):
            raise OptionError(f"{text[:60]!r} is no schedule.", "write step:value pairs, as in guidance=0:2,5:6")
        return cls(tuple(keys))

    def at(self, step: float) -> float:
        """The value at a step."""
        before = self.keys[0]
        for key in self.keys:
            if key[0] >= step:
                if key[0] == before[0]:
                    return key[1]
                share = (step - before[0]) / (key[0] - before[0])
                return before[1] + share * (key[1] - before[1])
            before = key
        return before[1]


@dataclass(frozen=True, slots=True)
class Brief:
    """One picture to be made, with every number resolved; None leaves a number to the model.

    `mix` are other prompts and `styles` style names, each with its weight; the prompt itself has what the mix leaves
    of 1. `size` is (width, height) in pixels. `init` is a picture (RGB) to start from, of which `strength` in 0..1 is
    painted over. `freedom` in 0..1 goes from a collage of references to pure invention. `index` is the picture's place
    among those of one seed. `extras` are options that only some families know (`scheduler`, `lora`, `references`,
    `arrangement`).

    `extras["between"]` is (one, other, share), for models that list `between` among what they support: start between
    the starts of these two briefs, their noise turned (`noise.turned`) and what they start from blended by `share`.
    """

    prompt: str
    seed: int
    index: int = 0
    negative: str = ""
    mix: tuple[tuple[str, Schedule], ...] = ()
    styles: tuple[tuple[str, Schedule], ...] = ()
    steps: int | None = None
    guidance: Schedule | None = None
    size: tuple[int, int] | None = None
    init: Image | None = None
    strength: float = 0.6
    freedom: float | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture after `done` of `total` steps.

    `decode` gives it as an RGB image: the finished picture in the last frame, the model's estimate of it before; it
    costs time, so only frames that will be shown are decoded, and before the next frame is asked for. `facts` were
    learnt on the way (`references`: what it was drawn from, with licences).
    """

    done: int
    total: int
    decode: Callable[[], Image]
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def final(self) -> bool:
        """Whether this is the finished picture."""
        return self.done == self.total


class PictureModel(Protocol):
    """A model that paints, and may be an `Enlarger` too.

    `supports` names the options of `%%paint` it takes beside the prompt and the seed.
    """

    nbytes: int
    supports: frozenset[str]
    styles: tuple[str, ...]
    """Names of its styles; empty where style is a matter of words."""
    multiple: int
    """Of how many pixels its sides are multiples."""

    def paint(self, brief: Brief) -> Iterator[Frame]:
        """Yield a frame after every step; the caller may abandon it at any yield.

        The picture is a function of the brief alone. Raises an OptionError for what this model cannot do, naming what
        it can, before the first step.
        """

    def close(self) -> None:
        """Free the memory."""


@runtime_checkable
class Enlarger(Protocol):
    """What a picture model may be as well: able to enlarge pictures, its own or others."""

    def upscale(self, picture: Image, times: int) -> Image:
        """The picture `times` as wide and high, 2..4."""


def enlarger(model: PictureModel) -> Callable[[Image, int], Image] | None:
    """How a model enlarges; None where it cannot."""
    return model.upscale if isinstance(model, Enlarger) else None
