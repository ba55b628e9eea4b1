"""A collage of licensed references for a prompt: what the painter starts from when its freedom is below 1."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from genart_nb.models.painter import backdrop, phrases
from genart_nb.models.painter.bank import Bank, Embed, Match, normal
from genart_nb.models.painter.figure import Figure, filled, tint
from genart_nb.models.painter.layout import SIDE, Piece, arrange
from genart_nb.models.painter.phrases import Plan, Setting, Thing
from genart_nb.models.painter.stacking import Box
from genart_nb.models.painter.vocabulary import COLOURS

MOST = 5
"""No more references than this in one collage."""
LINES = "ink"
"""The style without colours: references come in it last, unless it is wanted."""

Restyle = Callable[[str, Image.Image, str, str, str], Image.Image]
"""(id, picture, name, style, wanted style) -> the picture in that style."""

_TILT = 5.0  # degrees, where no ground tells what is level
_NEAR = 0.12  # names this close in score are equally good; the seed picks among them


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that a collage was made from, and its licence."""

    id: str
    name: str
    style: str
    set: str
    licence: str


@dataclass(frozen=True, slots=True)
class Collage:
    """A picture, RGB 128x128 on its background, the references in it, and the things it has none for."""

    picture: Image.Image
    references: tuple[Reference, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cast:
    """A thing and the entry chosen to show it."""

    thing: Thing
    entry: int
    colour: str


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which of several drawings of a thing to take: `order` has styles from the most wanted, `heaviest` if one is."""

    bank: Bank
    order: tuple[str, ...]
    heaviest: str

    def entry(self, indices: Sequence[int]) -> int:
        """The one in the heaviest style, else the first that somebody drew, else the first."""

        def place(index: int) -> tuple[bool, int]:
            entry = self.bank.entries[index]
            return bool(entry.source) and entry.style != self.heaviest, self.order.index(entry.style)

        return min(indices, key=place)


def compose(
    prompt: str, styles: Mapping[str, float], seed: int, bank: Bank, embed: Embed, references: Sequence[str] = (),
    restyle: Restyle | None = None,
) -> Collage | None:  # fmt: skip
    """Make the collage of a prompt (any text), or None where nothing in it is like anything in the bank.

    `styles` are weights over style names: references come in the heaviest that has them. `embed` turns n texts into
    (n, 384) unit vectors; it is called for phrases that the bank does not hold word for word. `references` are ids or
    names to use instead of what would be found. `restyle` redraws those that are not in the heaviest style, where that
    has half of the weight or more. The same arguments give the same collage; another seed gives other
    choices among equals, other sides and places. Raises OptionError for an unknown reference.
    """
    rng = np.random.Generator(np.random.Philox(key=seed % 2**64))
    plan = phrases.read(prompt, bank.knows)
    order = _style_order(styles, bank, rng)
    weight = styles.get(order[0], 0.0)
    wanted = order[0] if weight >= 0.5 else ""
    choice = _Choice(bank, order, order[0] if weight > 0 else "")
    cast = _given(plan, choice, references) if references else _found(plan, choice, embed, rng)
    if not cast and not plan.setting:
        return None
    pieces = _pieces(cast, bank, restyle if wanted else None, wanted)
    setting = _completed(plan.setting, pieces, cast)
    canvas = backdrop.draw(setting, rng)
    ground = bool(setting) and not setting.colour and setting.place not in backdrop.AIRY
    boxes = arrange(pieces, rng, ground=ground, setting=ground or bool(setting.place)) if pieces else []
    layer = Image.new("RGBA", canvas.size)
    for box in boxes:
        _paste(layer, box, pieces[box.piece])
    if not ground and not any(piece.category in ("place", "scene", "plant", "vehicle") for piece in pieces):
        layer = layer.rotate(float(rng.uniform(-_TILT, _TILT)), Image.Resampling.BICUBIC)
    canvas.paste(layer, (0, 0), layer)
    used = dict.fromkeys(each.entry for each in cast)
    missing = [] if references else [thing.phrase for thing in plan.things if not _matches(thing, bank)]
    return Collage(canvas, tuple(_reference(bank, entry) for entry in used), tuple(dict.fromkeys(missing)))


def _completed(setting: Setting, pieces: Sequence[Piece], cast: Sequence[_Cast]) -> Setting:
    """What the things imply: boats float, the moon shines by night, white on white cannot be seen."""
    if not setting:
        pale = any(each.colour in ("white", "silver", "beige") for each in cast)
        return replace(setting, colour="mist") if pale else setting
    if not setting.place and not setting.colour and any(piece.afloat for piece in pieces):
        setting = replace(setting, place="sea")
    if not setting.time and any(piece.in_sky and piece.words & {"moon", "star"} for piece in pieces):
        setting = replace(setting, time="night")
    return setting


def _style_order(styles: Mapping[str, float], bank: Bank, rng: np.random.Generator) -> tuple[str, ...]:
    """Styles from the most wanted to the least, equals by name; the seed orders those that nobody asked for."""
    drawn = [bank.styles[at] for at in rng.permutation(len(bank.styles))]
    wanted = {style: weight for style, weight in styles.items() if weight > 0}

    def place(style: str) -> tuple[float, str, bool]:
        return -wanted.get(style, 0.0), style if style in wanted else "", style == LINES

    return tuple(sorted(drawn, key=place))


def _found(plan: Plan, choice: _Choice, embed: Embed, rng: np.random.Generator) -> list[_Cast]:
    """Choose an entry for each thing, leaving out what the bank has nothing like."""
    bank, order = choice.bank, choice.order
    bank.learn([thing.phrase for thing in plan.things if bank.exact(thing.phrase) is None], embed)
    matched = [_matches(thing, bank) for thing in plan.things]
    frontal = {
        thing.anchor for thing, matches in zip(plan.things, matched, strict=True)
        if thing.relation in ("wear", "with", "in", "next") and matches and _wearable(bank, matches[0].name)
    }  # fmt: skip
    cast: list[_Cast] = []
    kept: dict[int, int] = {}
    chosen: dict[str, str] = {}
    for at, (thing, matches) in enumerate(zip(plan.things, matched, strict=True)):
        if not matches or len(cast) == MOST:
            continue
        name = chosen.get(thing.phrase) or _name(
            matches, bank, order[0], rng, frontal=at in frontal, alone=len(plan.things) == 1)
        chosen[thing.phrase] = name  # both trees that something stands between are of a kind
        kept[at] = len(cast)
        anchor = None if thing.anchor is None else kept.get(thing.anchor, len(cast) - 1 if cast else None)
        plain = not thing.colour or thing.colour in name.split()
        cast.append(_Cast(replace(thing, anchor=anchor), choice.entry(bank.named[name]),
                          "" if plain else thing.colour))  # fmt: skip
    return cast


def _matches(thing: Thing, bank: Bank) -> tuple[Match, ...]:
    coloured = bank.exact(f"{thing.colour} {thing.head}") if thing.colour else None
    return (Match(coloured, 2.0),) if coloured else bank.matches(thing.phrase, thing.head)


def _wearable(bank: Bank, name: str) -> bool:
    return _category(bank, name) in ("hat", "clothing")


def _name(
    matches: Sequence[Match], bank: Bank, style: str, rng: np.random.Generator, *, frontal: bool, alone: bool
) -> str:
    """One of the names that fit about equally well: one that somebody drew in the style wanted, if there is one.

    A face is taken where something is worn on it, and at times where a thing is alone.
    """
    best = matches[0].name
    face, last, kind = f"{best} face", best.split()[-1], _category(bank, best)
    near = [match.name for match in matches if match.score >= matches[0].score - _NEAR]
    if face in bank.named:
        near = [face] if frontal and _drawn(bank, face, style) else near
        near += [face] if alone and face not in near else []
    if kind in ("plant", "hat") and rng.random() < 0.35:  # now and then another kind: an evergreen for a tree
        near += [match.name for match in matches if match.score > 0.85 and match.name.split()[-1] == last
                 and _category(bank, match.name) == kind]  # fmt: skip
    fitting = [name for name in near if _drawn(bank, name, style)]
    fitting = fitting or [name for name in near if _drawn(bank, name, style, redrawn=True)] or near
    return fitting[int(rng.integers(len(fitting)))]


def _category(bank: Bank, name: str) -> str:
    return bank.entries[bank.named[name][0]].category


def _drawn(bank: Bank, name: str, style: str, *, redrawn: bool = False) -> bool:
    """Whether somebody drew it in a style, or it was at least redrawn in it."""
    entries = [bank.entries[index] for index in bank.named[name]]
    return any(entry.style == style and (redrawn or not entry.source) for entry in entries)


def _given(plan: Plan, choice: _Choice, references: Sequence[str]) -> list[_Cast]:
    """The references asked for, each in the place of the thing it is called like, else beside the others."""
    bank = choice.bank
    cast: list[_Cast] = []
    things = list(plan.things)
    for text in list(references)[:MOST]:
        index = bank.find(text)
        name = normal(bank.entries[index].name)
        if bank.entries[index].id != text.strip():
            index = choice.entry(bank.named[name])
        like = next((thing for thing in things if thing.head in name or bank.exact(thing.head) == name), None)
        if like is not None:
            things.remove(like)
        elif len(references) == len(plan.things) and things:
            like = things.pop(0)
        thing = like or Thing(name, name)
        anchor = None if thing.anchor is None or thing.anchor >= len(cast) else thing.anchor
        cast.append(_Cast(replace(thing, anchor=anchor), index, thing.colour))
    return cast


def _pieces(cast: Sequence[_Cast], bank: Bank, restyle: Restyle | None, wanted: str) -> list[Piece]:
    pieces = []
    for each in cast:
        entry, thing = bank.entries[each.entry], each.thing
        picture = bank.picture(each.entry)
        if restyle is not None and entry.style != wanted:
            picture = restyle(entry.id, picture, entry.name, entry.style, wanted)
        picture = filled(picture)
        if each.colour:
            picture = tint(picture, COLOURS[each.colour])
        pieces.append(
            Piece(Figure(picture), normal(entry.name), entry.category, thing.count, thing.scale, thing.relation,
                  thing.anchor)
        )  # fmt: skip
    return pieces


def _paste(layer: Image.Image, box: Box, piece: Piece) -> None:
    """Draw a piece into its box on a transparent layer, in place."""
    size = max(1, round(box.w)), max(1, round(box.h))
    picture = piece.figure.picture.resize(size, Image.Resampling.LANCZOS)
    if box.mirrored and piece.category not in ("place", "scene", "object"):
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    left, top = round(box.x - box.w / 2), round(box.y - box.h)
    cut = max(0, -left), max(0, -top)
    if cut[0] < picture.width and cut[1] < picture.height and left < SIDE and top < SIDE:
        layer.alpha_composite(picture, (max(0, left), max(0, top)), cut)


def _reference(bank: Bank, index: int) -> Reference:
    entry = bank.entries[index]
    return Reference(entry.id, entry.name, entry.style, entry.set, entry.licence)


__all__ = ["MOST", "SIDE", "Collage", "Reference", "compose"]
