"""`%%paint`: pictures from words, by whatever picture model there is."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import model_validator

from genart_nb import inputs
from genart_nb.arts import contact, wording
from genart_nb.arts.form import ArtForm, weakness
from genart_nb.arts.retouch import retouched, traced
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.contact import ContactSheet
from genart_nb.media.vector import Vector
from genart_nb.models.card import ModelCard
from genart_nb.models.pictures import Brief, Frame, PictureModel, Schedule, enlarger
from genart_nb.options import Options, nearest, option
from genart_nb.recipe import SEED_MAX, Recipe

GLANCE = 0.1
"""Seconds between two previews at least: each costs a decoding."""

HELD = 0.5
"""Freedom up to which a picture is drawn over its references, rather than invented."""

_SMALL: dict[str, Any] = {"size": 128, "upscale": 1, "count": 1, "grid": "", "svg": False}

ASPECTS = {"1:1": 1.0, "4:3": 4 / 3, "3:4": 3 / 4, "3:2": 3 / 2, "2:3": 2 / 3, "16:9": 16 / 9, "9:16": 9 / 16}
FOR_ALL = frozenset({"count", "grid", "svg", "upscale", "saturation", "contrast"})
"""Options that need nothing of the model."""


class PaintOptions(Options):
    """`%%paint`."""

    style: wording.Styles = option("", "how it looks: a name, or names with weights, `flat:0.6,3d:0.4`", max_length=200)
    freedom: float | None = option(
        None, "from a collage of reference pictures (0) to pure invention (1)", ge=0, le=1, step=0.05
    )
    guidance: float | None = option(None, "how closely it follows the words", ge=0, le=20, step=0.25)
    steps: int | None = option(None, "how many times it is gone over", ge=1, le=150, step=1)
    negative: str = option("", "what should not be there", max_length=2000)
    mix: wording.Mix = option("", "other prompts to blend in, `a wolf:0.4 | a bear:0.2`", max_length=2000)
    init: str = option("", "picture to start from: a file, or a variable", takes="picture")
    strength: float = option(0.6, "how much of that picture is painted over", ge=0, le=1, step=0.05)
    size: int | None = option(None, "its longer side", ge=64, le=2048, step=8, unit="px")
    aspect: Literal["1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"] = option("1:1", "width to height")
    schedule: wording.Schedules = option(
        "", "numbers that change from step to step, `guidance=0:2,5:6`", max_length=500
    )
    count: int = option(1, "how many pictures, seeds counting up", ge=1, le=16, step=1)
    grid: str = option("", "a contact sheet: seeds, styles, or `freedom=0,0.5,1;style=flat,3d`", max_length=500)
    saturation: float = option(1.0, "strength of its colours", ge=0, le=2, step=0.05, stage=1.0)
    contrast: float = option(1.0, "difference of light and dark", ge=0.25, le=2, step=0.05, stage=1.0)
    upscale: int = option(1, "enlarge it by this", ge=1, le=4, step=1, unit="times", stage=1.0)
    svg: bool = option(False, "trace it: a vector drawing, crisp at any size", stage=1.0)
    references: str = option("", "reference pictures by name, instead of those the words find", max_length=500)
    arrangement: int | None = option(None, "seed of the composition alone; its drawing keeps --seed", ge=0)
    scheduler: str = option("", "diffusers scheduler, by class name", max_length=100)
    lora: str = option("", "LoRA weights: a .safetensors file or hub id, `:0.8` for a weight", max_length=500)

    @model_validator(mode="after")
    def _agree(self) -> PaintOptions:
        wanted = wording.axes(self.grid)
        if self.svg and (self.count > 1 or wanted):
            raise ValueError("--svg traces one picture; leave --count and --grid out")
        if self.count > 1 and len(wanted) == 2 and "seeds" not in (name for name, _ in wanted):
            raise ValueError("--count has no place in a grid of two; leave it out, or put seeds in for one of them")
        if "mix" in wording.schedules(self.schedule) and not self.mix:
            raise ValueError("--schedule mix=... needs a prompt to mix in: add --mix")
        for name, values in wanted:
            contact.check(type(self), self.model_dump(), name, values)
        return self


def paint(recipe: Recipe, model: PictureModel) -> Iterator[Event]:
    """Paint one picture, or a contact sheet of them."""
    options = PaintOptions.read(recipe.options)
    refuse(options, model)
    tiles = contact.tiles(options, model.styles, recipe.seed)
    total, done = 0, 0
    finished: list[Any] = []
    begun = time.perf_counter()
    labels = tuple(tile.label for tile in tiles)
    due = time.perf_counter() + GLANCE
    for tile in tiles:
        settings = PaintOptions.read(tile.options)
        brief = brief_of(recipe, settings, model, (recipe.seed + tile.offset) % (SEED_MAX + 1))
        for frame in model.paint(brief):
            total = max(total, frame.total * len(tiles))
            if frame.final:
                finished.append(_finished(frame, settings, model))
                done += frame.total
            elif time.perf_counter() >= due and _far_off(done + frame.done, total, begun):
                yield Preview(_arranged([*finished, frame.decode()], labels, options, tiles[0].columns))
                due = time.perf_counter() + GLANCE
            yield Step(done + (0 if frame.final else frame.done), max(total, 1), "step")
        if len(finished) < len(tiles):
            yield Preview(_arranged(finished, labels, options, tiles[0].columns))
    if options.svg:
        yield Preview(traced(finished[0]))
    else:
        yield Preview(_arranged(finished, labels, options, tiles[0].columns))


def refuse(options: PaintOptions, model: PictureModel) -> None:
    """Raise OptionError for an option that this model does not take, naming those it takes."""
    table = {row.name: row.default for row in options.table()}
    given = {name for name, value in options.model_dump().items() if value != table[name]}
    given |= {name for name, _ in wording.axes(options.grid)} - {"seeds", "styles"}
    for name in sorted(given - FOR_ALL - model.supports):
        known = ", ".join(f"--{each}" for each in sorted((model.supports | FOR_ALL) & set(table)))
        raise OptionError(f"This model does not take --{name}.", f"leave it out; it takes {known}")
    for name, _ in wording.styles(options.style):
        if model.styles and name not in model.styles:
            guess = nearest(name, model.styles)
            hint = f"did you mean {guess!r}? " if guess else ""
            raise OptionError(f"There is no style {name!r}.", f"{hint}Styles: {', '.join(model.styles)}")


def brief_of(recipe: Recipe, options: PaintOptions, model: PictureModel, seed: int) -> Brief:
    """What the model is asked for, one picture's worth."""
    moved = wording.schedules(options.schedule)
    styles = {name: Schedule.constant(weight) for name, weight in wording.styles(options.style)}
    styles |= {name.removeprefix(wording.STYLE): keys for name, keys in moved.items() if name.startswith(wording.STYLE)}
    mixed = [(prompt, Schedule.constant(weight)) for prompt, weight in wording.mix(options.mix)]
    if "mix" in moved:
        mixed[0] = (mixed[0][0], moved["mix"])
    guidance = Schedule.constant(options.guidance) if options.guidance is not None else None
    names = {"scheduler", "lora", "references", "arrangement"}
    return Brief(
        prompt=recipe.prompt, seed=seed, negative=options.negative, mix=tuple(mixed), styles=tuple(styles.items()),
        steps=options.steps, guidance=moved.get("guidance", guidance), size=size_of(options, model.multiple),
        init=inputs.picture(options.init) if options.init else None, strength=options.strength,
        freedom=options.freedom,
        extras={name: value for name, value in options.model_dump(include=names).items() if value not in ("", None)},
    )  # fmt: skip


def size_of(options: PaintOptions, multiple: int = 8) -> tuple[int, int] | None:
    """(width, height) in pixels, the shorter side rounded to a multiple; None for the model's own."""
    ratio = ASPECTS[options.aspect]
    if options.size is None:
        return None
    if ratio == 1:
        return options.size, options.size
    short = max(1, round(options.size / max(ratio, 1 / ratio) / multiple)) * multiple
    return (options.size, short) if ratio >= 1 else (short, options.size)


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """The Artwork, with what it was drawn from and one quiet line where there is need of one."""
    facts = dict(getattr(data, "info", {}).get("facts", {}))
    notes = (weakness("paint", "pictures", card, recipe.prompt), str(facts.pop("note", "")))
    kind = "contact" if isinstance(data, ContactSheet) else "vector" if isinstance(data, Vector) else "picture"
    return Artwork(
        recipe, data, kind, layout=kind, facts={"form": "paint", **facts}, note=" ".join(filter(None, notes)),
        partial=partial,
    )  # fmt: skip


def _far_off(done: int, total: int, begun: float) -> bool:
    """Whether the end is so far away that a preview is worth the time it takes."""
    return (time.perf_counter() - begun) * (total - done) >= GLANCE * done


def _sketch(options: Mapping[str, Any]) -> dict[str, Any]:
    """What makes the quickest draft: one step looks like many while references hold the drawing together."""
    freedom = options.get("freedom")
    held = freedom is not None and freedom <= HELD and not options.get("init")
    return {**_SMALL, "steps": 1 if held else 2}


def _finished(frame: Frame, options: PaintOptions, model: PictureModel) -> Any:
    picture = retouched(
        frame.decode(), saturation=options.saturation, contrast=options.contrast, times=options.upscale,
        enlarge=enlarger(model),
    )  # fmt: skip
    picture.info = {"facts": dict(frame.facts)}
    return picture


def _arranged(pictures: list[Any], labels: tuple[str, ...], options: PaintOptions, columns: int) -> Any:
    if len(labels) == 1:
        return pictures[0]
    same = [each if each.size == pictures[0].size else each.resize(pictures[0].size) for each in pictures]
    facts = _together([each.info.get("facts", {}) for each in pictures])
    return ContactSheet(tuple(same), labels[: len(same)], columns, {"facts": facts})


def _together(facts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Facts of several pictures: every reference and note once, of anything else what the first picture says."""
    references = {each["id"]: each for fact in facts for each in fact.get("references", ())}
    notes = " ".join(dict.fromkeys(str(fact["note"]) for fact in facts if fact.get("note")))
    common = {name: value for fact in reversed(facts) for name, value in fact.items()}
    gathered = {"references": list(references.values()), "note": notes}
    return {**common, **{name: value for name, value in gathered.items() if value}}


PAINT = ArtForm(
    "paint", "A picture from words.", PaintOptions, paint, finish, kind="picture",
    example="a fox on a hill at night",
    drafts=(_sketch, {**_SMALL, "steps": 4}),
)  # fmt: skip
