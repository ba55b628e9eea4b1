"""`%%animate`: a walk from one recipe of a picture to the next, as a clip."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any, Literal

from pydantic import model_validator

from genart_nb import inputs
from genart_nb.arts import keyframes, tween
from genart_nb.arts.form import ArtForm, Find, weakness
from genart_nb.arts.image import PaintOptions, brief_of, refuse
from genart_nb.arts.keyframes import Keyframe
from genart_nb.arts.retouch import retouched
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.clip import MEDIA, Clip
from genart_nb.media.reels import GIF_FASTEST, needs_video
from genart_nb.models.card import ModelCard
from genart_nb.models.pictures import Brief, PictureModel, enlarger
from genart_nb.options import Options, option
from genart_nb.recipe import SEED_MAX, Recipe

FRAMES_MOST = 1200
"""Frames of one clip; the longest a laptop would paint in an hour."""

HELP = """A walk from one picture to the next, as a clip.

Keyframes stand one a line, each with options of its own after its words; what a line does not say, the magic line
says, and a line of options alone keeps the words above it:

    %%animate --seconds 6 --style flat
    a fox
    a wolf --style 3d
    --seed 9

Between them words and styles mix, numbers go straight, and one seed's noise turns into the other's. Options of a
keyframe: seed, style, guidance, freedom, init, strength, saturation, contrast. On one line, put arrows between them.
{{fox}} of a picture is a keyframe with its words, seed and look; --init fox, or --init {{fox}}, starts from it."""

_SHARED = (
    "style", "freedom", "guidance", "steps", "negative", "init", "strength", "size", "aspect", "saturation", "contrast",
    "upscale", "references", "arrangement", "scheduler", "lora",
)  # fmt: skip
_KEYED = frozenset({"seed", "style", "guidance", "freedom", "init", "strength", "saturation", "contrast"})


def _painted(name: str) -> Any:
    """An option that is the same as in `%%paint`."""
    return copy(PaintOptions.model_fields[name])


class _Seeded(PaintOptions):
    """What one keyframe may say: options of a picture, and its seed."""

    seed: int | None = option(None, "what it grows from", ge=0, le=SEED_MAX)


class AnimateOptions(Options):
    """`%%animate`."""

    seconds: float = option(4.0, "how long it plays", ge=0.1, le=600, step=0.5, unit="s")
    fps: int = option(12, f"frames per second; at most {FRAMES_MOST} frames in all", ge=1, le=60, step=1)
    easing: Literal["linear", "smooth", "in", "out", "hold"] = option(
        "smooth", "how it leaves and reaches a keyframe; hold rests there"
    )
    loop: Literal["none", "cycle", "bounce"] = option(
        "bounce", "how it begins again: not at all, on to the first keyframe, or back the way it came"
    )
    format: Literal["webp", "gif", "mp4"] = option("webp", "its file: webp keeps every pixel, mp4 is for video players")
    style: str = _painted("style")
    freedom: float | None = _painted("freedom")
    guidance: float | None = _painted("guidance")
    steps: int | None = _painted("steps")
    negative: str = _painted("negative")
    init: str = _painted("init")
    strength: float = _painted("strength")
    size: int | None = _painted("size")
    aspect: Literal["1:1", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16"] = _painted("aspect")
    saturation: float = _painted("saturation")
    contrast: float = _painted("contrast")
    upscale: int = _painted("upscale")
    references: str = _painted("references")
    arrangement: int | None = _painted("arrangement")
    scheduler: str = _painted("scheduler")
    lora: str = _painted("lora")

    @model_validator(mode="after")
    def _fits(self) -> AnimateOptions:
        frames = round(self.seconds * self.fps)
        if frames > FRAMES_MOST:
            raise OptionError(
                f"{self.seconds:g} s at {self.fps} frames per second are {frames:,} frames; at most {FRAMES_MOST:,} "
                "are painted.", f"use --seconds {FRAMES_MOST // self.fps}, or a lower --fps",
            )  # fmt: skip
        if self.format == "gif" and self.fps > GIF_FASTEST:
            fix = "use --format webp or mp4, or a lower --fps"
            raise OptionError(f"A GIF plays at most {GIF_FASTEST} frames per second, not {self.fps}.", fix)
        if self.format == "mp4":
            needs_video()
        return self


def animate(recipe: Recipe, model: PictureModel) -> Iterator[Event]:
    """Paint the frames in the order they are shown; each moment once, however often it is shown."""
    options = AnimateOptions.read(recipe.options)
    keys = keyframes.read(recipe.prompt, _Seeded, _KEYED)
    looks = [_look(options, key) for key in keys]
    briefs = [_brief(recipe, key, look, model) for key, look in zip(keys, looks, strict=True)]
    tween.check([*briefs, briefs[0]] if options.loop == "cycle" else briefs, model)
    moments, shows = tween.timeline(
        len(keys), round(options.seconds * options.fps), options.easing, loop=options.loop
    )
    painted: list[Any] = []
    facts: dict[str, Any] = {}
    yield Step(0, len(moments), "frame")
    for leg, share in moments:
        after = (leg + 1) % len(keys)
        brief = tween.between(briefs[leg], briefs[after], share, model)
        for frame in model.paint(brief):
            if frame.final:
                painted.append(_retouched(frame.decode(), looks[leg], looks[after], share, model))
                _gather(facts, frame.facts)
            # Also between frames, so that a stop takes effect within one step of the model.
            yield Step(len(painted), len(moments), "frame")
        yield Preview(_clip(painted, options, facts, len(moments)))
    whole = _clip([painted[at] for at in shows], options, facts, len(shows))
    yield Preview(whole.kept)


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """The Artwork, in the medium of its file format, with what it was drawn from."""
    prompts = [key.prompt for key in keyframes.read(recipe.prompt, _Seeded, _KEYED)]
    facts = {"form": "animate", "keyframes": prompts, **data.info.get("facts", {})}
    notes = (weakness("animate", "moving pictures", card, recipe.prompt), str(facts.pop("note", "")))
    return Artwork(
        recipe, data, MEDIA[data.format].name, layout="clip", facts=facts, note=" ".join(filter(None, notes)),
        partial=partial,
    )  # fmt: skip


def _look(options: AnimateOptions, key: Keyframe) -> PaintOptions:
    """A keyframe's own options over the clip's, as `%%paint` would have them."""
    return _Seeded.read({**{name: getattr(options, name) for name in _SHARED}, **key.options})


def _brief(recipe: Recipe, key: Keyframe, look: PaintOptions, model: PictureModel) -> Brief:
    refuse(PaintOptions.read(look.model_dump(exclude={"seed"})), model)
    seed = key.options.get("seed")
    return brief_of(
        recipe.model_copy(update={"prompt": key.prompt}), look, model, recipe.seed if seed is None else int(seed)
    )


def _retouched(picture: Any, one: PaintOptions, other: PaintOptions, share: float, model: PictureModel) -> Any:
    saturation, contrast = (
        getattr(one, name) + share * (getattr(other, name) - getattr(one, name)) for name in ("saturation", "contrast")
    )
    return retouched(
        picture, saturation=saturation, contrast=contrast, times=one.upscale, enlarge=enlarger(model)
    ).convert("RGB")


def _gather(facts: dict[str, Any], new: Any) -> None:
    """Take in what one frame was drawn from; each reference is named once."""
    known = {each["id"] for each in facts.get("references", ())}
    fresh = [each for each in new.get("references", ()) if each["id"] not in known]
    if fresh:
        facts["references"] = [*facts.get("references", ()), *fresh]
    if new.get("note"):
        facts["note"] = new["note"]


def _clip(frames: list[Any], options: AnimateOptions, facts: dict[str, Any], total: int) -> Clip:
    info = {"facts": dict(facts), "total": total}
    return Clip(tuple(frames), float(options.fps), options.format, options.loop != "none", info=info)


def check(prompt: str) -> None:
    """Raise UsageError for keyframes that are too few, too many or badly written."""
    for key in keyframes.read(prompt, _Seeded, _KEYED):
        _Seeded.read(key.options)


def holds(prompt: str, find: Find) -> tuple[str, list[Recipe]]:
    """The keyframes with pictures by names that a recipe can keep, and the recipes of those that are works."""
    recipes: dict[str, Recipe] = {}

    def name(value: str) -> str:
        held, used = inputs.held(_Seeded, {"init": find(value)})
        recipes.update((each.digest, each) for each in used)
        return str(held["init"])

    return keyframes.pictured(prompt, name), list(recipes.values())


def said(work: Artwork, before: str) -> str:
    """A work in the cell: after `--init` its picture, else its keyframe; what is not painted is its text."""
    if keyframes.wants_picture(before):
        return str(inputs.held(_Seeded, {"init": work})[0]["init"])
    if work.recipe.art != "paint":
        return str(work)
    return keyframes.of(work, _KEYED, {row.name: row.default for row in PaintOptions.table()})


ANIMATE = ArtForm(
    "animate", HELP, AnimateOptions, animate, finish, kind="picture", example="a fox -> a wolf -> a bear", check=check,
    holds=holds, said=said,
)  # fmt: skip
