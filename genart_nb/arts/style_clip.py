"""Clips restyled frame by frame, so that what stands still in the clip stands still in the painting.

All frames are painted by the statistics of the first, or light would pulse. What flickers still is strokes: they are
laid anew in each frame. Where the clip has not moved since the frame before, most of that frame's painting stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.clip import Clip
from genart_nb.models.restyler.brief import RestyleBrief, StyleModel, fitted

Floats = NDArray[np.float32]

FRAMES_MOST = 600
"""Frames of one clip."""
STILL = 2.0
"""Levels of 255 by which a pixel may change, in the mean of its surroundings, and still count as standing still."""
_SOFT = 3  # pixels of surroundings on each side
_MOVES = 12.0  # levels of change at which all is painted anew


def restyled(clip: Clip, brief: RestyleBrief, smooth: float, model: StyleModel) -> Iterator[Event]:
    """Paint every frame; the last event is the Clip, which tells in its facts how much it flickers."""
    if len(clip.frames) > FRAMES_MOST:
        fix = f"cut it to {FRAMES_MOST / clip.fps:g} s"
        raise OptionError(f"That clip has {len(clip.frames)} frames; at most {FRAMES_MOST} are painted.", fix)
    beside = fitted(clip.frames[0], brief.size)
    seen, kept = Flicker(), None
    done: list[Image.Image] = []
    for content in clip.frames:
        for frame in model.restyle(replace(brief, content=content, beside=beside)):
            if frame.final:
                painted = frame.decode()
            else:
                yield Step(len(done), len(clip.frames), "frame")
        shown = np.asarray(painted, np.float32)
        source = fitted(content, brief.size).resize(painted.size)
        change = seen.change(source)
        if kept is not None and change is not None:
            shown = shown + (smooth * stays(change))[..., None] * (kept - shown)
        seen.add(np.asarray(painted, np.float32), shown, change)
        kept = shown
        done.append(Image.fromarray((shown + 0.5).clip(0, 255).astype(np.uint8)))
        yield Step(len(done), len(clip.frames), "frame")
        yield Preview(_clip(done, clip, {}))
    whole = _clip(done, clip, seen.facts)
    yield Preview(whole.kept)


def stays(change: Floats) -> Floats:
    """How much of the frame before stays at each pixel, 0..1, by how much the clip has changed there."""
    return (1 - (change - STILL) / (_MOVES - STILL)).clip(0, 1)


class Flicker:
    """Mean change from frame to frame, in levels of 255, where the clip stands still: as painted, and as shown."""

    def __init__(self) -> None:
        self._before: Floats | None = None
        self._frames: tuple[Floats, Floats] | None = None
        self._sums = np.zeros(3)

    def change(self, source: Image.Image) -> Floats | None:
        """How much each pixel's surroundings have changed since the last call, (height, width); None at first."""
        grey = np.asarray(source.convert("L"), np.float32)
        before, self._before = self._before, grey
        if before is None:
            return None
        return _blurred(np.abs(grey - before))

    def add(self, painted: Floats, shown: Floats, change: Floats | None) -> None:
        """Count one frame."""
        if change is not None and self._frames is not None:
            still = change < STILL
            for at, (new, old) in enumerate(zip((painted, shown), self._frames, strict=True)):
                self._sums[at] += float(np.abs(new - old).mean(-1)[still].sum())
            self._sums[2] += int(still.sum())
        self._frames = painted, shown

    @property
    def facts(self) -> dict[str, Any]:
        """`flicker` and what it was before smoothing; nothing where no pixel of the clip stood still."""
        before, after, count = map(float, self._sums)
        if not count:
            return {}
        return {"flicker": round(after / count, 2), "flicker as painted": round(before / count, 2)}


def _blurred(levels: Floats) -> Floats:
    """The mean of each pixel's surroundings, by sums of all that is above and left of it."""
    side = 2 * _SOFT + 1
    around = np.pad(levels.astype(np.float64), _SOFT, mode="edge").cumsum(0).cumsum(1)
    sums = np.pad(around, ((1, 0), (1, 0)))
    total = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(total / side**2, np.float32)


def _clip(done: list[Image.Image], clip: Clip, facts: dict[str, Any]) -> Clip:
    info = {"facts": dict(facts), "total": len(clip.frames)}
    return Clip(tuple(done), clip.fps, clip.format, clip.loop, info=info)
