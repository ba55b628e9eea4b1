"""The starter painter as art forms use it: a brief goes in, frames come out (the `PictureModel` protocol)."""

from __future__ import annotations

import hashlib
import math
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import OptionError
from genart_nb.models import noise
from genart_nb.models.painter import pixels
from genart_nb.models.painter.graphs import Graphs, Layout
from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.sampler import State, Step, Trajectories, follow, grid
from genart_nb.models.painter.starts import Start, Starts, between
from genart_nb.models.painter.words import Reader, TextEncoder, Words, shares, slots
from genart_nb.models.pictures import Brief, Frame, Schedule

if TYPE_CHECKING:
    from PIL.Image import Image

    from genart_nb.models.painter.bank import Bank
    from genart_nb.models.painter.collage import Collage
    from genart_nb.models.painter.restyle import Restyler

Floats = NDArray[np.float32]

LATENTS = (8, 16, 16)
MOST_STEPS = 150
_PICTURES = 24
"""Finished pictures kept, at most; a slider that comes back shows its picture at once."""


class Networks(Protocol):
    """What `Graphs` offers; tests offer their own."""

    nbytes: int

    def velocity(self, sample: Floats, time: float, states: Floats, labels: Floats) -> Floats:
        """Noise minus picture."""

    def encode(self, picture: Floats) -> Floats:
        """Picture to latents."""

    def decode(self, latents: Floats) -> Floats:
        """Latents to picture."""

    def enlarge(self, picture: Floats) -> Floats:
        """Picture of twice the side."""

    def close(self) -> None:
        """Free the memory."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a brief that leaves a number to the model gets; `ModelCard.defaults` has the same names."""

    steps: int = 4
    guidance: float = 3.5
    freedom: float = 0.25
    size: int = 256

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Defaults:
        """Those of a card, whatever else it holds."""
        return cls(**{name: values[name] for name in cls.__dataclass_fields__ if name in values})


class Painter:
    """Paints 128 by 128 pixels, and twice, four or eight times that by its own enlarger.

    Rectified flow (Liu et al. 2022, https://arxiv.org/abs/2209.03003) with classifier-free guidance (Ho and Salimans
    2022, https://arxiv.org/abs/2207.12598). Every state is kept under a hash of all that led to it, so a brief that
    differs from an earlier one from some step on starts there; the picture is the same to the bit.
    """

    supports = frozenset(
        ("style", "negative", "mix", "steps", "guidance", "freedom", "size", "init", "strength", "schedule")
    ) | {"references", "arrangement", "between"}

    multiple = pixels.SIDE

    def __init__(
        self, networks: Networks, layout: Layout, encoder: TextEncoder, *, bank: Bank | None = None,
        defaults: Defaults | None = None,
    ) -> None:  # fmt: skip
        self._networks, self._layout = networks, layout
        self._reader = Reader(encoder)
        self._trajectories = Trajectories()
        self._restyle = self._restyler() if bank else None
        self._starts = Starts(bank, networks.encode, networks.decode, self._reader.embed, self._restyle)
        self._pictures: OrderedDict[tuple[bytes, int], Image] = OrderedDict()
        self._lock = threading.Lock()
        self.defaults = defaults or Defaults()
        self.nbytes = networks.nbytes
        self.environment: Mapping[str, Any] = getattr(networks, "environment", {})
        self.styles = layout.styles

    def _restyler(self) -> Restyler:
        from genart_nb.models.painter.restyle import Restyler

        coder = self._networks.encode, self._networks.decode
        return Restyler(self._networks.velocity, *coder, self._reader, self._layout.styles)

    @classmethod
    def load(cls, folder: Path, *, defaults: Mapping[str, Any] | None = None, threads: int | None = None) -> Painter:
        """Load a folder; raises WeightsError where it is not whole."""
        from genart_nb.models.painter.bank import FILE, Bank

        bank = Bank.load(folder / "bank") if (folder / "bank" / FILE).is_file() else None
        encoder = MiniLM(folder / "text" / "tokenizer.json")
        chosen = Defaults.of(defaults or {})
        return cls(Graphs(folder, threads), Layout.read(folder), encoder, bank=bank, defaults=chosen)

    def paint(self, brief: Brief) -> Iterator[Frame]:
        """Yield a frame after every step; see `PictureModel.paint`."""
        side = pixels.side(brief.size or (self.defaults.size,) * 2)
        count = self.defaults.steps if brief.steps is None else brief.steps
        if not 1 <= count <= MOST_STEPS:
            enough = f"{self.defaults.steps} look finished"
            raise OptionError(f"This painter does not take {count} steps.", f"give 1 to {MOST_STEPS}; {enough}")
        fresh, start = self._beginning(brief)
        time = np.float32(start.time)
        first = fresh if start.latents is None else (1 - time) * start.latents + time * fresh
        return self._frames(first, side, start, self._steps(brief, count, start))

    def compose(self, brief: Brief) -> Collage | None:
        """The collage that a brief's picture starts from: what a painter elsewhere is handed, that has no bank."""
        return self._starts.compose(brief)

    def read(self, text: str) -> tuple[Floats, Floats]:
        """Token states (20, 384) and pooled vector (384,) of a text."""
        return self._reader.read(text)

    def upscale(self, picture: Image, times: int) -> Image:
        """Enlarge any picture 2, 3 or 4 times by the painter's own enlarger."""
        from PIL import Image

        found = pixels.array(picture)
        for _ in range(math.ceil(math.log2(times))):
            found = self._networks.enlarge(found)
        made = pixels.image(found)
        wanted = (picture.width * times, picture.height * times)
        return made if made.size == wanted else made.resize(wanted, Image.Resampling.LANCZOS)

    def close(self) -> None:
        """Free the memory."""
        self._networks.close()
        self._trajectories.clear()
        with self._lock:
            self._pictures.clear()
        self._starts.clear()
        if self._restyle is not None:
            self._restyle.clear()

    def _frames(self, first: Floats, side: int, start: Start, steps: list[Step]) -> Iterator[Frame]:
        name = hashlib.blake2b(struct.pack("<d", start.time) + first.tobytes(), digest_size=16).digest()
        if not steps:
            yield Frame(1, 1, self._decoder(name, State(first), 0.0, side, start), start.facts)
            return
        way = follow(State(first), name, steps, self._velocity, self._trajectories)
        for done, (name, state) in enumerate(way, 1):
            final = done == len(steps)
            decode = self._decoder(name, state, steps[done - 1].until, side, start, sketch=not final)
            yield Frame(done, len(steps), decode, start.facts if final else {})

    def _decoder(
        self, name: bytes, state: State, time: float, side: int, start: Start, sketch: bool = False
    ) -> Callable[[], Image]:
        """A frame's `decode`; a sketch is enlarged plainly, since it will be looked at for a moment only."""

        def decode() -> Image:
            with self._lock:
                kept = self._pictures.get((name, side))
            if kept is None:
                found = start.detailed(self._networks.decode(state.estimate(time)[None]))
                while found.shape[-1] < side and not sketch:
                    found = self._networks.enlarge(found)
                kept = pixels.square(pixels.image(found), side)
                with self._lock:
                    self._pictures[name, side] = kept
                    if len(self._pictures) > _PICTURES:
                        self._pictures.popitem(last=False)
            return kept.copy()

        return decode

    def _velocity(self, latents: Floats, step: Step) -> Floats:
        """What the network says, once with the words and, unless it knows guidance itself, once without."""
        known = step.input(self._layout.distilled)
        told = [self._reader.condition(step.words, known)]
        if step.guidance != 1 and not known:
            told.append(self._reader.condition(step.away))
        sample = np.repeat(latents[None], len(told), axis=0)
        states, labels = (np.stack(each) for each in zip(*told, strict=True))
        found = self._networks.velocity(sample, step.time, states, labels)
        guided: Floats = found[0]
        if len(told) == 2:
            guided = found[1] + np.float32(step.guidance) * (found[0] - found[1])
        return guided

    def _steps(self, brief: Brief, count: int, start: Start) -> list[Step]:
        """Every step with every number resolved; none where nothing is to be painted over."""
        if start.time <= 0:
            return []
        times = grid(count, start.time, self._layout.shift)
        guidance = brief.guidance or Schedule.constant(self.defaults.guidance)
        away = Words(((brief.negative, 1.0),)) if brief.negative.strip() else Words()
        found = []
        for place in range(count):
            value = guidance.at(place)
            if not math.isfinite(value):
                raise OptionError(f"guidance is {value} at step {place}.", "write a number, as in --guidance 3.5")
            texts = shares(brief.prompt, [(text, weight.at(place)) for text, weight in brief.mix])
            styles = slots({name: weight.at(place) for name, weight in brief.styles}, self.styles)
            found.append(Step(times[place], times[place + 1], value, Words(texts, styles), away))
        return found

    def _beginning(self, brief: Brief) -> tuple[Floats, Start]:
        """Noise and start of a brief, or those between two others (`extras["between"]`)."""
        if "between" not in brief.extras:
            return self._end(brief)
        one, other, share = brief.extras["between"]
        ends = [self._end(each) for each in (one, other)]
        (noise_one, start_one), (noise_other, start_other) = ends
        if share <= 0 or share >= 1:
            return ends[0] if share <= 0 else ends[1]
        return noise.turned(noise_one, noise_other, share), between(start_one, start_other, share)

    def _end(self, brief: Brief) -> tuple[Floats, Start]:
        return noise.normal(brief.seed, LATENTS, brief.index), self._starts.of(brief, self.defaults.freedom)
