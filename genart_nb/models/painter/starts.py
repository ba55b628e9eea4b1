"""Where a picture starts: pure noise, a picture of the caller's, or a collage of references."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import OptionError, UsageError
from genart_nb.models.painter import pixels
from genart_nb.models.pictures import Brief

if TYPE_CHECKING:
    from genart_nb.models.painter.bank import Bank
    from genart_nb.models.painter.collage import Collage, Restyle

Floats = NDArray[np.float32]
Coder = Callable[[Floats], Floats]
Embed = Callable[[list[str]], Floats]

FREE = 0.9
"""Freedom from which little of the references is left."""

_KEPT = 64
"""Starts kept, at most: a hand on a slider comes back to the same one at every move."""


@dataclass(frozen=True, slots=True)
class Start:
    """The time to noise it to, and what is known of it; `latents` are None where it is noise alone.

    `picture` (1, 3, 128, 128) in -1..1 is the picture itself, `drawn` what the autoencoder makes of it.
    """

    time: float
    latents: Floats | None = None
    picture: Floats | None = None
    drawn: Floats | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def detailed(self, found: Floats) -> Floats:
        """A redrawn picture with the detail of this one, where it was left as it was."""
        if self.picture is None or self.drawn is None:
            return found
        return pixels.carried(found, self.picture, self.drawn)


def between(one: Start, other: Start, share: float) -> Start:
    """The start at a share (0..1) of the way; one that is noise alone takes the picture of the other."""
    references = {each["id"]: each for facts in (one.facts, other.facts) for each in facts.get("references", ())}
    facts = {"references": list(references.values())} if references else {**one.facts, **other.facts}
    time = one.time + share * (other.time - one.time)
    if one.latents is None or other.latents is None:
        return replace(other if one.latents is None else one, time=time, facts=facts)
    pairs = ((one.latents, other.latents), (one.picture, other.picture), (one.drawn, other.drawn))
    latents, picture, drawn = (
        None if a is None or b is None else a + np.float32(share) * (b - a) for a, b in pairs
    )  # fmt: skip
    return Start(time, latents, picture, drawn, facts)


class Starts:
    """Makes starts and keeps the newest.

    `encode` and `decode` are the autoencoder's, `embed` gives pooled vectors, `restyle` redraws a reference.
    """

    def __init__(
        self, bank: Bank | None, encode: Coder, decode: Coder, embed: Embed, restyle: Restyle | None = None
    ) -> None:
        self._bank, self._encode, self._decode, self._embed = bank, encode, decode, embed
        self._restyle = restyle
        self._kept: OrderedDict[Any, Start] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, brief: Brief, freedom: float) -> Start:
        """The start that a brief asks for; `freedom` in 0..1 is the model's own where the brief has none."""
        if brief.init is not None:
            picture = pixels.array(pixels.square(brief.init))
            start = self._known(picture.tobytes(), lambda: self._from(picture, {}))
            return replace(start, time=_share("strength", brief.strength))
        freedom = _share("freedom", freedom if brief.freedom is None else brief.freedom)
        if freedom == 1:
            return Start(1.0, facts={"note": _invented(freedom)} if self._bank else {})
        if self._bank is None:
            if _asked(brief):
                raise UsageError("This painter has no references.", "leave --references out")
            return Start(1.0, facts={"note": "No references are at hand, so it was invented freely."})
        key = (brief.prompt, tuple(sorted(_styles(brief).items())), _seed(brief), _asked(brief))
        start = self._known(key, lambda: self._collage(brief))
        if start.latents is None:
            return start
        told = (str(start.facts.get("note", "")), _invented(freedom) if freedom >= FREE else "")
        note = {"note": " ".join(filter(None, told))} if any(told) else {}
        return replace(start, time=freedom, facts={**start.facts, **note})

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()

    def compose(self, brief: Brief) -> Collage | None:
        """The collage of a brief, before anything is drawn over it; None where no reference fits, or there are none."""
        from genart_nb.models.painter import collage

        if self._bank is None:
            return None
        return collage.compose(
            brief.prompt, _styles(brief), _seed(brief), self._bank, self._embed, _asked(brief), self._restyle
        )  # fmt: skip

    def _collage(self, brief: Brief) -> Start:
        made = self.compose(brief)
        if made is None:
            return Start(1.0, facts={"note": "No reference fits these words, so it was invented freely."})
        facts: dict[str, Any] = {"references": [asdict(each) for each in made.references]}
        if made.missing:
            listed = ", ".join(f"“{each[:40]}”" for each in made.missing[:4])
            facts["note"] = f"There is no reference for {listed}: look whether it is there."
        return self._from(pixels.array(made.picture), facts)

    def _from(self, picture: Floats, facts: Mapping[str, Any]) -> Start:
        latents = self._encode(picture)
        return Start(0.0, latents[0], picture, self._decode(latents), facts)

    def _known(self, key: Any, make: Callable[[], Start]) -> Start:
        with self._lock:
            start = self._kept.get(key)
        if start is None:
            start = make()
        with self._lock:
            self._kept[key] = start
            self._kept.move_to_end(key)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return start


def _styles(brief: Brief) -> dict[str, float]:
    return {name: weight.at(0) for name, weight in brief.styles}


def _seed(brief: Brief) -> int:
    """The seed of the composition: one of its own where it was given."""
    return int(brief.extras.get("arrangement", brief.seed)) + brief.index


def _asked(brief: Brief) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, str(brief.extras.get("references", "")).split(","))))


def _invented(freedom: float) -> str:
    return f"At freedom {freedom:g} it is invented, and often misshapen; less freedom keeps closer to the references."


def _share(name: str, value: float) -> float:
    if not 0 <= value <= 1:
        raise OptionError(f"{name} is {value}.", f"give 0 to 1, as in --{name} 0.6")
    return float(value)
