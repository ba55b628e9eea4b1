"""Where things stand: a tree of things and how each relates to what carries it, laid out and fitted to the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from genart_nb.models.painter import stacking, vocabulary
from genart_nb.models.painter.figure import Figure
from genart_nb.models.painter.stacking import Box, Group

SIDE = 128
MARGIN = 7
GROUND = 115
SMALLEST = 24  # pixels: nothing is drawn smaller, so that it can still be told


@dataclass(slots=True)
class Piece:
    """One thing to place: its figure, what it is, how many, its own scale, its relation to the piece `anchor`."""

    figure: Figure
    name: str
    category: str
    count: int = 1
    scale: float = 1.0
    relation: str = ""
    anchor: int | None = None
    words: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = frozenset(self.name.split())

    @property
    def size(self) -> float:
        """The longer side, in units of a canvas."""
        worn = self.category in ("hat", "clothing")
        telling = [vocabulary.SIZE_OF[word] for word in self.name.split() if word in vocabulary.SIZE_OF and not worn]
        return (telling[-1] if telling else vocabulary.SIZES.get(self.category, 0.45)) * self.scale

    @property
    def in_sky(self) -> bool:
        """Whether it belongs above everything, like a cloud."""
        return self.category not in ("animal", "place", "person") and bool(vocabulary.SKY & self.words)

    @property
    def afloat(self) -> bool:
        """Whether it is a boat."""
        return self.category == "vehicle" and bool(self.words & vocabulary.BOATS)

    @property
    def garment(self) -> str:
        """How it is worn: hat, glasses, neck, feet, body; empty where it cannot be."""
        if vocabulary.EYES & self.words:
            return "glasses"
        if self.category == "hat" or self.words & {"hat", "cap", "crown", "helmet", "headphone", "headphones"}:
            return "hat"
        if self.category != "clothing" and not self.words & {"ribbon", "scarf", "medal"}:
            return ""
        return "neck" if vocabulary.NECK & self.words else "feet" if vocabulary.FEET & self.words else "body"

    @property
    def alive(self) -> bool:
        """Whether it can wear and hold things."""
        return self.category in ("animal", "person") or bool(self.words & {"robot", "snowman", "alien", "ghost"})


def arrange(pieces: Sequence[Piece], rng: np.random.Generator, *, ground: bool, setting: bool) -> list[Box]:
    """Place all pieces; boxes come in pixels of the canvas, farthest first.

    `setting` says that there is a backdrop, `ground` that it has ground to stand on.
    """
    tree = Tree(pieces, rng, ground=ground, setting=setting)
    rest = tree.row()
    sky = [at for at in range(len(pieces)) if at in tree.sky]
    top = MARGIN + (26 if sky else 8 if setting else 0)
    boxes = _fitted(rest, pieces, top, ground, setting, rng) if rest else []
    boxes += _overhead(sky, pieces, rng, wide=34.0 if rest else 52.0)
    return sorted((_inside(_legible(box)) for box in boxes), key=lambda box: box.depth)


class Tree:
    """Who stands on, in, under or beside whom. `sky` are the pieces that hang over all."""

    def __init__(self, pieces: Sequence[Piece], rng: np.random.Generator, *, ground: bool, setting: bool) -> None:
        self._pieces, self._rng, self._ground = pieces, rng, ground
        self._children: list[list[tuple[int, str]]] = [[] for _ in pieces]
        self._parent: dict[int, int] = {}
        self._roots: list[int] = []
        self._side = 1 if rng.random() < 0.5 else -1
        lonely = not setting and all(piece.in_sky for piece in pieces)
        carriers = {at for at, piece in enumerate(pieces) if piece.relation in ("on", "ride", "in", "above", "hold")}
        self.sky = {at for at, piece in enumerate(pieces) if piece.in_sky and not lonely and at not in carriers}
        for at, piece in enumerate(pieces):
            if at not in self.sky:
                self._link(at, piece)

    def _link(self, at: int, piece: Piece) -> None:
        anchor = piece.anchor if piece.anchor not in self.sky else None
        relation = self._meant(at, piece) if anchor is not None else ""
        if anchor is None or relation == "beside":
            self._roots.append(at)
        elif relation == "between":
            where = self._roots.index(self._root(anchor))
            first = not any(other.relation == "between" for other in self._pieces[:at])
            self._roots.insert(where if first else where + 1, at)
        elif relation in ("on", "in", "ride", "above", "behind"):  # the anchor is put upon this one
            top = self._root(anchor)
            self._roots[self._roots.index(top)] = at
            self._attach(at, top, relation)
        else:
            self._attach(anchor, at, "on" if relation == "load" else relation)

    def _attach(self, parent: int, child: int, relation: str) -> None:
        self._children[parent].append((child, relation))
        self._parent[child] = parent

    def _root(self, at: int) -> int:
        while at in self._parent:
            at = self._parent[at]
        return at

    def _meant(self, at: int, piece: Piece) -> str:
        """What a relation comes to between these two: nobody wears a house, and what is in a hat wears it."""
        anchor = self._pieces[piece.anchor or 0]
        relation = piece.relation
        dressed = anchor.alive or relation == "wear" or (
            relation == "with" and piece.garment in ("hat", "glasses") and anchor.category not in ("place", "vehicle")
        )  # fmt: skip
        if relation in ("wear", "with", "in", "under", "next") and piece.garment and dressed:
            return "wear"
        if relation in ("hold", "with") and anchor.category == "vehicle" and piece.size < anchor.size:
            return "load"
        if relation in ("wear", "with", "hold"):
            small = piece.category in ("food", "object", "plant", "clothing", "hat", "weather") or piece.size < 0.4
            if anchor.alive and small and "umbrella" in piece.words:
                return "shelter"
            return "hold" if anchor.alive and small else "beside"
        if relation == "in" and (piece.category in ("place", "scene") or piece.words & vocabulary.TALL):
            return "backing"
        if relation in ("front", "against"):
            return "backing"
        if relation == "under":
            tall = piece.category in ("place", "scene") or piece.words & (vocabulary.TALL | vocabulary.FURNITURE)
            return "shelter" if "umbrella" in piece.words else "backing" if tall else "over"
        if relation == "on" and piece.category == "vehicle":
            return "ride"
        return relation if relation in ("on", "in", "ride", "above", "behind", "between") else "beside"

    def row(self) -> Group:
        """All roots side by side, the large a little behind the small; two rows where one would be long."""
        roots = self._roots[::-1] if self._rng.random() < 0.5 else self._roots
        groups = [self.grow(root) for root in roots]
        groups = [stacking.mirrored(group) if self._rng.random() < 0.5 else group for group in groups]
        line = self._line(roots, groups)
        if any(piece.relation == "between" for piece in self._pieces):
            return line
        if len(roots) < 3 or stacking.width(line) < 1.7 * stacking.height(line):
            return self._staggered(line, groups) if len(roots) == 2 else line
        order = sorted(range(len(roots)), key=lambda at: self._pieces[roots[at]].size)
        near = sorted(order[: (len(order) + 1) // 2])
        far = sorted(set(order) - set(near))
        front = self._line([roots[at] for at in near], [groups[at] for at in near])
        back = self._line([roots[at] for at in far], [groups[at] for at in far])
        rise = 0.35 if self._ground else 0.82
        return _centred(back, -rise * stacking.height(front), -9.0) + _centred(front, 0.0, 0.0)

    def _line(self, roots: Sequence[int], groups: Sequence[Group]) -> Group:
        boxes: Group = []
        right, before, backdrop = 0.0, 0.0, False
        for root, group in zip(roots, groups, strict=True):
            piece = self._pieces[root]
            size, large = piece.size, piece.size >= 0.9 and piece.category != "animal"
            tucked = boxes and abs(size - before) > 0.15 and (large or backdrop)
            overlap = -0.2 if tucked else 0.05 if boxes else 0.0
            lift = -0.05 if size >= 0.9 and len(roots) > 1 else 0.0
            shift = right + overlap - stacking.bounds(group)[0]
            boxes += stacking.moved(group, shift, lift, depth=-5.0 * size if len(roots) > 1 else 0.0)
            right, before, backdrop = stacking.bounds(boxes)[2], size, large
        return boxes

    def _staggered(self, line: Group, groups: Sequence[Group]) -> Group:
        """Two of a size, wide together: one steps back, so that both can be larger."""
        high, wide = [[measure(group) for group in groups] for measure in (stacking.height, stacking.width)]
        if stacking.width(line) < 1.6 * stacking.height(line) or min(high) < 0.7 * max(high):
            return line
        long = all(w > 1.3 * h for w, h in zip(wide, high, strict=True)) and not self._ground
        far = int(self._rng.integers(2))
        rooted = self._ground or self._pieces[groups[far][0].piece].category in ("place", "plant", "vehicle")
        step, rise = 0.42 * sum(wide), 0.18 if rooted else 0.55
        if long:  # two rows of several
            step, rise = 0.0, 1.05
        placed: Group = []
        for at, group in enumerate(groups):
            y, depth = (-rise * high[1 - at], -6.0) if at == far else (0.0, 0.0)
            placed += _centred(group, y, depth, step * (at - 0.5))
        return placed

    def grow(self, at: int) -> Group:
        """A piece with all that hangs on it, as many times over as it is wanted, its foot at the origin."""
        piece = self._pieces[at]
        aspect = piece.figure.aspect
        long = piece.size
        group = [Box(at, 0.0, 0.0, long * min(1.0, aspect), long / max(1.0, aspect))]
        links = sorted(self._children[at], key=lambda link: link[1] not in ("wear", "hold"))
        for child, relation in (link for link in links if link[1] in ("wear", "hold")):
            group = self._joined(group, child, relation)
        group = stacking.copies(group, piece.count, self._rng, facing=piece.alive)
        for child, relation in (link for link in links if link[1] not in ("wear", "hold")):
            group = self._joined(group, child, relation)
        return group

    def _joined(self, group: Group, child: int, relation: str) -> Group:
        piece, owner = self._pieces[child], self._pieces[group[0].piece]
        if relation == "wear" or (relation == "hold" and piece.count == owner.count):
            piece.count = 1  # "two cats wearing two hats": one each
        other, figure = self.grow(child), owner.figure
        if relation == "wear":
            return stacking.worn(group, other, figure, piece.garment)
        if relation == "hold":
            self._side = -self._side
            return stacking.held(group, other, self._side)
        if relation in ("above", "over"):
            return stacking.above(group, other, self._rng)
        if relation == "behind":
            return stacking.behind(group, other, self._rng)
        if relation == "backing":
            return stacking.backed(group, other, self._rng)
        if relation == "shelter":
            return stacking.sheltered(group, other)
        if relation == "ride":
            share = 0.56 if owner.category == "animal" else 0.72
            return stacking.ridden(group, other, figure.seat(), share)
        stack = {"on": stacking.on, "in": stacking.inside}[relation]
        return stack(group, other, 0.42 if owner.words & vocabulary.SEATS else figure.seat())


def _centred(group: Group, y: float, depth: float, x: float = 0.0) -> Group:
    left, _, right, _ = stacking.bounds(group)
    return stacking.moved(group, x - (left + right) / 2, y, depth=depth)


def _fitted(
    group: Group, pieces: Sequence[Piece], top: int, ground: bool, setting: bool, rng: np.random.Generator
) -> Group:
    """Scale a group to the canvas and set it on the ground, or about the middle where there is none."""
    left, high, right, low = stacking.bounds(group)
    base = GROUND if ground else SIDE - MARGIN
    room_w, room_h = SIDE - 2 * MARGIN, base - top
    largest = max(group, key=lambda box: max(box.w, box.h))
    wanted = (84 if setting else 104) * min(1.1, pieces[largest.piece].scale)
    scale = min(room_w / (right - left), room_h / (low - high), wanted / max(largest.w, largest.h))
    scale *= float(rng.uniform(0.88, 1.0))
    spare_w, spare_h = room_w - scale * (right - left), room_h - scale * (low - high)
    x = SIDE / 2 - scale * (left + right) / 2 + 0.2 * spare_w * float(rng.uniform(-1, 1))
    y = base - scale * low
    if not ground:
        y -= spare_h * float(rng.uniform(0.35, 0.65))
    return stacking.moved(group, x, y, scale)


def _overhead(sky: Sequence[int], pieces: Sequence[Piece], rng: np.random.Generator, wide: float) -> Group:
    """Sun, moon, clouds: along the top, behind everything."""
    boxes: Group = []
    slots = [0.8, 0.2, 0.5] if rng.random() < 0.5 else [0.2, 0.8, 0.5]
    spots = [at for at in sky for _ in range(pieces[at].count)][:3]
    for slot, at in zip(slots, spots, strict=False):
        piece = pieces[at]
        long = wide * min(max(piece.scale, 0.7), 1.5)
        if "rainbow" in piece.words:
            slot, long = 0.5, 112.0
        aspect = piece.figure.aspect
        w, h = long * min(1.0, aspect), long / max(1.0, aspect)
        boxes.append(Box(at, slot * SIDE + float(rng.uniform(-5, 5)), 6 + h + float(rng.uniform(0, 4)), w, h, -9.0))
    return boxes


def _legible(box: Box) -> Box:
    grow = max(1.0, SMALLEST / max(box.w, box.h))
    return replace(box, w=box.w * grow, h=box.h * grow)


def _inside(box: Box) -> Box:
    """Move a box back where it would be cut off."""
    x = min(max(box.x, 2 + box.w / 2), SIDE - 2 - box.w / 2) if box.w < SIDE - 4 else SIDE / 2
    return replace(box, x=x, y=min(max(box.y, 2 + box.h), SIDE - 2.0))
