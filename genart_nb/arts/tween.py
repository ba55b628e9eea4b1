"""What lies between two keyframes: words mix, numbers go straight, the noise of one seed turns into another's.

A model that supports `between` also blends where the two pictures start from (see `Brief.extras`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from genart_nb.errors import OptionError
from genart_nb.models.pictures import Brief, PictureModel, Schedule

if TYPE_CHECKING:
    from PIL.Image import Image

EASINGS: dict[str, Callable[[float], float]] = {
    "linear": lambda share: share,
    "smooth": lambda share: share * share * (3 - 2 * share),
    "in": lambda share: share * share,
    "out": lambda share: share * (2 - share),
    "hold": lambda share: EASINGS["smooth"](min(1.0, max(0.0, 2 * share - 0.5))),
}
"""How far the way is gone at a share of its time, both in 0..1; `hold` rests at either end for a quarter of it."""


def timeline(keys: int, frames: int, easing: str, *, loop: str) -> tuple[list[tuple[int, float]], list[int]]:
    """Moments to be painted, and which of them each frame of the clip shows.

    A moment is the number of the keyframe it has left and how far it is to the next, in 0..1. Every keyframe has a
    frame, so there may be a few frames more than asked for. `loop` is none, cycle (from the last keyframe on to the
    first) or bounce (back the way it came).
    """
    legs = keys if loop == "cycle" else keys - 1
    steps = max(legs, {"cycle": frames, "none": frames - 1, "bounce": frames // 2}[loop])
    starts = [round(leg * steps / legs) for leg in range(legs + 1)]
    moments: list[tuple[int, float]] = []
    shows: list[int] = []
    for leg, (begin, end) in enumerate(pairwise(starts)):
        for at in range(end - begin):
            _add((leg, EASINGS[easing](at / (end - begin))), moments, shows, keys)
    if loop != "cycle":
        _add((legs, 0.0), moments, shows, keys)
    return moments, [*shows, *shows[-2:0:-1]] if loop == "bounce" else shows


def _add(moment: tuple[int, float], moments: list[tuple[int, float]], shows: list[int], keys: int) -> None:
    leg, share = moment
    moment = ((leg + 1) % keys, 0.0) if share >= 1 else (leg, share)
    if moment not in moments:
        moments.append(moment)
    shows.append(moments.index(moment))


def between(one: Brief, other: Brief, share: float, model: PictureModel) -> Brief:
    """The brief at a share of the way, in 0..1; at the ends it is the keyframe's own."""
    if share <= 0 or share >= 1:
        return one if share <= 0 else other
    mix = {one.prompt: 1 - share}
    mix[other.prompt] = mix.get(other.prompt, 0.0) + share
    del mix[one.prompt]  # what the mix leaves of 1
    starts = {"between": (one, other, share)} if "between" in model.supports else {}
    return replace(
        one,
        mix=tuple((prompt, Schedule.constant(weight)) for prompt, weight in mix.items()),
        styles=_styles(one, other, share),
        guidance=_schedule(one.guidance, other.guidance, share),
        freedom=_number(one.freedom, other.freedom, share),
        init=_pictures(one.init, other.init, share),
        strength=one.strength + share * (other.strength - one.strength),
        extras={**one.extras, **starts},
    )


def check(briefs: list[Brief], model: PictureModel) -> None:
    """Raise OptionError where this model has no way between two keyframes."""
    pairs = list(pairwise(briefs))
    if any(one.prompt != other.prompt for one, other in pairs) and "mix" not in model.supports:
        fix = "keep the prompt and walk between styles or numbers, or take another model: `%genart models`"
        raise OptionError("This model cannot mix prompts, so it has no way between them.", fix)
    if any(one.seed != other.seed for one, other in pairs) and "between" not in model.supports:
        raise OptionError("This model cannot walk between seeds.", "give all keyframes the same --seed")
    for name in ("guidance", "freedom", *([] if "references" in model.supports else ["init"])):
        given = [getattr(brief, name) is not None for brief in briefs]
        if any(given) and not all(given):
            fix = f"give --{name} on the magic line too: it holds where a keyframe says nothing"
            raise OptionError(f"Only some keyframes say --{name}, and there is no way from one to none.", fix)


def _pictures(one: Image | None, other: Image | None, share: float) -> Image | None:
    if one is None or other is None or one is other:
        return one or other
    from PIL import Image as images

    return images.blend(one, other if one.size == other.size else other.resize(one.size), share)


def _styles(one: Brief, other: Brief, share: float) -> tuple[tuple[str, Schedule], ...]:
    """Weights of both ends' styles; a style that an end does not have weighs 0 there."""
    nothing = Schedule.constant(0.0)
    ends = dict(one.styles), dict(other.styles)
    if not ends[0] or not ends[1]:  # no style at all is no style of weight 0: the words' own look fades in or out
        given, weight = (ends[1], share) if ends[1] else (ends[0], 1 - share)
        return tuple((name, Schedule(tuple((k, v * weight) for k, v in keys.keys))) for name, keys in given.items())
    names = dict.fromkeys((*ends[0], *ends[1]))
    return tuple((name, _mixed(ends[0].get(name, nothing), ends[1].get(name, nothing), share)) for name in names)


def _schedule(one: Schedule | None, other: Schedule | None, share: float) -> Schedule | None:
    return _mixed(one, other, share) if one is not None and other is not None else None


def _mixed(one: Schedule, other: Schedule, share: float) -> Schedule:
    steps = sorted({step for step, _ in (*one.keys, *other.keys)})
    return Schedule(tuple((step, one.at(step) + share * (other.at(step) - one.at(step))) for step in steps))


def _number(one: float | None, other: float | None, share: float) -> float | None:
    return one + share * (other - one) if one is not None and other is not None else None
