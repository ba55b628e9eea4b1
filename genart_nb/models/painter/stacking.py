"""How one thing meets another: worn, held, ridden, on, in, above, behind, under a shelter. Pure geometry.

Each function takes a group whose first box is the thing itself, its foot at the origin, and another group likewise, and
gives both in one, the first thing first. Lengths are in units of a canvas; y grows downward and the ground is 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from genart_nb.models.painter.figure import Figure


@dataclass(frozen=True, slots=True)
class Box:
    """A piece in its place: middle of its foot (x, y), width and height, depth (more is nearer), mirrored or not."""

    piece: int
    x: float
    y: float
    w: float
    h: float
    depth: float = 0.0
    mirrored: bool = False

    def moved(self, x: float, y: float, scale: float = 1.0, depth: float = 0.0) -> Box:
        """The box scaled about the origin, then shifted."""
        return replace(
            self, x=self.x * scale + x, y=self.y * scale + y, w=self.w * scale, h=self.h * scale,
            depth=self.depth + depth,
        )  # fmt: skip


Group = list[Box]


def bounds(group: Group) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a group."""
    return (
        min(box.x - box.w / 2 for box in group), min(box.y - box.h for box in group),
        max(box.x + box.w / 2 for box in group), max(box.y for box in group),
    )  # fmt: skip


def width(group: Group) -> float:
    """How wide a group is."""
    left, _, right, _ = bounds(group)
    return right - left


def height(group: Group) -> float:
    """How high a group is."""
    _, top, _, bottom = bounds(group)
    return bottom - top


def moved(group: Group, x: float, y: float, scale: float = 1.0, depth: float = 0.0) -> Group:
    """A group scaled about the origin, then shifted."""
    return [box.moved(x, y, scale, depth) for box in group]


def mirrored(group: Group) -> Group:
    """A group as in a mirror."""
    return [replace(box, x=-box.x, mirrored=not box.mirrored) for box in group]


def copies(group: Group, count: int, rng: np.random.Generator, facing: bool) -> Group:
    """Several of the same: a row, or two rows of which the farther peeps over the nearer; two may face each other."""
    if count <= 1:
        return group
    step, rise = 0.96 * width(group), 0.6 * height(group)
    pyramid = count == 3 and (width(group) > 0.8 * height(group)) and rng.random() < 0.7
    if facing and count == 2 and rng.random() < 0.5:
        return moved(group, -step / 2, 0.0) + moved(mirrored(group), step / 2, 0.0)
    rows = [count] if count < 4 and not pyramid else [count // 2, count - count // 2]
    if pyramid:
        rows = [1, 2]
    placed: Group = []
    for order, many in enumerate(reversed(rows)):
        for at in range(many):
            x = (at - (many - 1) / 2) * step + (0.04 * step * float(rng.uniform(-1, 1)))
            placed += moved(group, x, -order * rise, depth=-2.0 * order)
    return placed


def worn(group: Group, other: Group, figure: Figure, kind: str) -> Group:
    """Put clothing on: `kind` is hat, glasses, neck, feet or body."""
    own, piece = group[0], other[0]
    head = figure.head
    x = own.x + (head.x - 0.5) * own.w * (-1 if own.mirrored else 1)
    skull = head.width * own.w
    aspect = piece.w / piece.h
    depth = 2.0
    if kind == "hat":
        wide = min(max(0.95 * skull, 0.32 * own.w), (1.15 if head.chin > 0.7 else 0.5) * own.w)
        foot = head.top * own.h + 0.14 * skull
    elif kind == "glasses":
        wide = 0.8 * skull
        foot = head.eyes * own.h + 0.5 * wide / aspect
    elif kind == "neck":
        wide = 0.62 * skull
        foot = head.chin * own.h - 0.06 * own.h + 0.9 * wide / aspect
    elif kind == "feet":
        wide, foot, x = 0.5 * own.w, own.h + 0.04 * own.h, own.x
    else:  # a garment: under the chin of a head drawn alone, over the trunk of a whole figure
        alone = head.width > 0.75 and head.chin > 0.75
        wide = (0.95 if alone else 0.75) * own.w
        foot = own.h + (0.62 * wide / aspect if alone else -0.04 * own.h)
        depth = -0.5 if alone else 1.5
    scale = wide / piece.w
    return group + [box.moved(x, own.y - own.h + foot, scale, depth) for box in other]


def held(group: Group, other: Group, side: int) -> Group:
    """Something at one's side, smaller, partly in front."""
    own = group[0]
    scale = min(1.0, 0.55 * max(own.h, own.w) / max(height(other), width(other)))
    shift = side * (0.46 * own.w + 0.3 * scale * width(other))
    return group + moved(other, own.x + shift, own.y - 0.14 * own.h, scale, 1.0)


def on(group: Group, other: Group, seat: float) -> Group:
    """The other stands on the first, `seat` of its height from its top."""
    return _seated(group, other, seat, share=0.8, sink=0.06, depth=1.0)


def ridden(group: Group, other: Group, seat: float, share: float) -> Group:
    """The other rides the first, at most `share` of its width."""
    return _seated(group, other, seat, share, sink=0.14, depth=1.0)


def inside(group: Group, other: Group, seat: float) -> Group:
    """The other looks out of the first, its lower part hidden."""
    return _seated(group, other, seat, share=0.62, sink=0.42, depth=-1.0)


def _seated(group: Group, other: Group, seat: float, share: float, sink: float, depth: float) -> Group:
    own = group[0]
    grow = float(np.clip(width(other) / (share * width(group)), 1.0, 1.6))
    group = moved(group, 0.0, 0.0, grow)
    fit = min(1.0, share * width(group) / width(other), 1.5 * height(group) / height(other) + 0.35)
    y = -own.h * grow + min(seat, 0.75) * own.h * grow + sink * fit * height(other)
    return group + moved(other, 0.0, y, fit, depth)


def above(group: Group, other: Group, rng: np.random.Generator) -> Group:
    """The other hangs in the air over the first."""
    fit = min(1.0, 1.1 * max(width(group), 0.5) / width(other))
    shift = float(rng.uniform(-0.15, 0.15)) * width(group)
    return group + moved(other, shift, -height(group) - 0.06, fit, 1.0)


def behind(group: Group, other: Group, rng: np.random.Generator) -> Group:
    """The other looks out from behind the first, on one side."""
    side = 1 if rng.random() < 0.5 else -1
    grow = max(1.0, 0.95 * height(group) / height(other))
    shift = side * (0.28 * width(group) + 0.3 * grow * width(other))
    return group + moved(other, shift, -0.12 * height(group), min(grow, 1.5), -3.0)


def backed(group: Group, other: Group, rng: np.random.Generator) -> Group:
    """The other rises behind the first, large, like a house or a tree."""
    grow = float(np.clip(1.7 * height(group) / height(other), 0.9, 1.9))
    side = 1 if rng.random() < 0.5 else -1
    spare = max(0.0, grow * width(other) - width(group))
    shift = side * (0.22 * spare + 0.22 * width(group))
    return group + moved(other, shift, -0.06, grow, -4.0)


def sheltered(group: Group, other: Group) -> Group:
    """The other is held over the first like an umbrella."""
    grow = 1.25 * width(group) / width(other)
    return group + moved(other, 0.0, -0.72 * height(group), grow, -1.5)
