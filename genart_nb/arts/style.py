"""`%%restyle`: any picture in the style of others, by name, by picture, or blended."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

from genart_nb import inputs
from genart_nb.arts import style_clip, wording
from genart_nb.arts.form import ArtForm, weakness
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.media.clip import MEDIA, Clip
from genart_nb.models.card import ModelCard
from genart_nb.models.restyler import shelf
from genart_nb.models.restyler.brief import RestyleBrief, Style, StyleModel
from genart_nb.options import Options, nearest, option
from genart_nb.recipe import Recipe

GLANCE = 0.1
"""Seconds between two previews at least."""

_HELD = re.compile("picture-[0-9a-f]{16}")

HELP = """Any picture, or clip, in the style of others.

    %%restyle --from fox --style leadlight
    %%restyle --from photo.jpg --style "night-strokes:0.6,mine:0.4" --keep-colours

A style is a name of the shelf, or a picture: a file, a work, an image or an array in a variable. Up to four blend by
their weights. Without --style the words of the cell name it; a model that reads words paints by them."""


class RestyleOptions(Options):
    """`%%restyle`."""

    from_: str = option("", "the picture or clip: a work, a file, or a variable that holds one", takes="moving")
    style: wording.Styles = option(
        "", "names of the shelf or pictures, with weights: `leadlight:0.6,mine:0.4`", max_length=500, takes="pictures"
    )
    strength: float = option(1.0, "how much of the picture gives way to the style", ge=0, le=1, step=0.05)
    keep_colours: bool = option(False, "leave the picture its own colours")
    smooth: float = option(
        0.85, "in a clip, how much of the frame before stays where nothing moves", ge=0, le=0.95, step=0.05
    )
    size: int | None = option(
        None, "its longer side; a larger picture has finer strokes", ge=64, le=2048, step=8, unit="px"
    )


def restyle(recipe: Recipe, model: StyleModel) -> Iterator[Event]:
    """Paint the picture anew, part by part."""
    options = RestyleOptions.read(recipe.options)
    brief = brief_of(recipe, options, model)
    if not options.from_.startswith("picture:"):
        yield from _clip(inputs.content(options.from_), brief, options, model)
        return
    due = time.perf_counter() + GLANCE
    for frame in model.restyle(brief):
        if frame.final:
            picture = frame.decode().copy()
            picture.info = {"facts": {**frame.facts, "styles": told(brief)}}
            yield Step(frame.done, frame.total, "part")
            yield Preview(picture)
            return
        if time.perf_counter() >= due:
            yield Preview(frame.decode())
            due = time.perf_counter() + GLANCE
        yield Step(frame.done, frame.total, "part")


def _clip(clip: Clip, brief: RestyleBrief, options: RestyleOptions, model: StyleModel) -> Iterator[Event]:
    for event in style_clip.restyled(clip, brief, options.smooth, model):
        if isinstance(event, Preview):
            event.data.info["facts"]["styles"] = told(brief)
        yield event


def brief_of(recipe: Recipe, options: RestyleOptions, model: StyleModel) -> RestyleBrief:
    """What the model is asked for; raises OptionError for a style it has not, or no picture."""
    if not options.from_:
        raise OptionError("%%restyle needs a picture.", "%%restyle --from fox, or a file: --from photo.jpg")
    text = options.style or ("" if model.reads else " ".join(recipe.prompt.split()))
    try:
        wanted = wording.styles(text)
    except ValueError as error:
        raise OptionError(f"{text[:60]!r} names no styles: {error}.", f"use {', '.join(model.styles)}") from None
    styles = tuple(_style(name, weight, model) for name, weight in wanted)
    still = options.from_.startswith("picture:")
    content = inputs.picture(options.from_) if still else inputs.content(options.from_).frames[0]
    return RestyleBrief(
        content, styles, options.strength, options.keep_colours, options.size,
        recipe.prompt, recipe.seed,
    )  # fmt: skip


def _style(name: str, weight: float, model: StyleModel) -> Style:
    if _HELD.fullmatch(name):
        return Style(name, weight, inputs.picture(name.replace("-", ":")))
    if model.styles and name not in model.styles:
        guess = nearest(name, model.styles)
        hint = f"did you mean {guess!r}? " if guess else ""
        raise OptionError(f"There is no style {name[:60]!r}.", f"{hint}Styles: {', '.join(model.styles)}; or a picture")
    return Style(name, weight)


def told(brief: RestyleBrief) -> list[dict[str, Any]]:
    """Each style with its weight, where it is from and its licence."""
    return [{"name": each.name, "weight": round(each.weight, 3), **shelf.origin(each.name)} for each in brief.styles]


def finish(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """The Artwork, with the styles it was shown in."""
    facts = {"form": "restyle", **data.info.get("facts", {})}
    notes = (weakness("restyle", "restyling", card), str(facts.pop("note", "")))
    medium, layout = (MEDIA[data.format].name, "clip") if isinstance(data, Clip) else ("picture", "picture")
    return Artwork(
        recipe, data, medium, layout=layout, facts=facts, note=" ".join(filter(None, notes)), partial=partial
    )


RESTYLE = ArtForm(
    "restyle", HELP, RestyleOptions, restyle, finish, kind="style", example="leadlight", prompted=False,
    needs={"from_": "photo.jpg"}, drafts=({"size": 256}, {"size": 384}),
)  # fmt: skip
