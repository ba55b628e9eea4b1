"""Works found in a notebook's outputs: read again from their record and data, and doubted where these disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from genart_nb.arts.form import as_declared
from genart_nb.artwork import MIME, Artwork
from genart_nb.errors import GenartError, RecipeError
from genart_nb.media.base import medium
from genart_nb.publishing.site import recover
from genart_nb.publishing.site.notebook import joined
from genart_nb.recipe import Recipe

_LIGHTER = "This is the lighter copy that the notebook holds; the clip itself is in its maker's gallery."
_GONE = "The notebook no longer holds the work itself, only what stands here."
_UNHEARD = "Its notes are not those that its record names, so it stands here as the notebook shows it."
_FAMILY = "application/vnd.genart."
WIDGET = "application/vnd.jupyter.widget-view+json"


@dataclass(frozen=True)
class Found:
    """A work as a notebook holds it. `work` is None where it cannot be read; `still` is then all there is to show.

    `recipe` is known even then, where it can be read, and `sound` is a song's. `faults` are said on the page and in the
    terminal. `easel` is what the author asked of its easel, None where the
    work stood on none.
    """

    work: Artwork | None
    record: Mapping[str, Any]
    faults: tuple[str, ...] = ()
    still: Any = None
    plain: str = ""
    sound: bytes = b""
    recipe: Recipe | None = None
    easel: Mapping[str, Any] | None = None


def is_work(output: Mapping[str, Any]) -> bool:
    """Whether an output holds a work of ours, of this version or another."""
    return any(str(key).startswith(_FAMILY) for key in _bundle(output))


def is_easel(output: Mapping[str, Any]) -> bool:
    """Whether an output is the live easel itself, whose still comes after it."""
    bundle = _bundle(output)
    return WIDGET in bundle and joined(bundle.get("text/plain")).startswith("<genart easel")


def found(output: Mapping[str, Any], steered: bool = False) -> Found:
    """The work in an output; `steered`: an easel stands before it."""
    bundle = _bundle(output)
    record = bundle.get(MIME)
    still, plain = recover.picture(bundle, {}), joined(bundle.get("text/plain"))
    if not isinstance(record, dict):
        fault = "It was made by another version of genart_nb, whose record this one cannot read."
        return Found(None, {}, (fault,), still, plain)
    try:
        recipe = Recipe.read(dict(record.get("recipe") or {}))
        recipe = recipe if recipe.digest == record.get("digest") else as_declared(recipe)
    except (RecipeError, TypeError, ValueError) as error:
        reason = error.what if isinstance(error, RecipeError) else "Not a recipe."
        return Found(None, record, (f"Its recipe cannot be read. {reason}",), still, plain)
    said = output.get("metadata")
    told = said.get(MIME) if isinstance(said, dict) else None
    told = told if isinstance(told, dict) else {}
    easel = told.get("easel") if isinstance(told.get("easel"), dict) else {} if steered else None
    read = _read(bundle, record, recipe, told)
    return replace(read, still=still, plain=plain, easel=easel, recipe=recipe, sound=recover.sound(bundle))


def _read(bundle: Mapping[str, Any], record: dict[str, Any], recipe: Recipe, told: Mapping[str, Any]) -> Found:
    name = str(record.get("medium") or "text")
    try:
        medium(name)
        held = recover.data(name, bundle, record) if name in recover.MEDIA else _kept(recipe, record)
    except GenartError as error:
        return Found(None, record, (error.what,))
    if held is None:
        return Found(None, record, (_UNHEARD if recover.sound(bundle) else _GONE,))
    faults = []
    if record.get("digest") != recipe.digest:
        told_digest = str(record.get("digest"))[:20]
        faults.append(f"The recipe was edited by hand: it is {recipe.digest}; the work was made from {told_digest}.")
    note = getattr(held, "note", "") if isinstance(held, str) else ""
    if not recover.matches(name, held, record):
        held, fault, light = _doubted(name, held, record, recipe)
        faults, note = faults + ([fault] if fault else []), light or note
    facts, made = record.get("facts"), told.get("made")
    work = Artwork(
        recipe, str(held) if isinstance(held, str) else held, name, str(record.get("layout") or "prose"),
        title=getattr(held, "heading", "") if isinstance(held, str) else "",
        note=note,
        facts=facts if isinstance(facts, dict) else {},
        made=made if isinstance(made, dict) else {},
        partial=bool(record.get("partial")),
    )  # fmt: skip
    return Found(work, record, tuple(faults))


def _doubted(name: str, held: Any, record: Mapping[str, Any], recipe: Recipe) -> tuple[Any, str, str]:
    """Data, fault and note where the data is not what the fingerprint was taken of: a lighter copy, or a swap."""
    if name.startswith("clip"):
        kept = _kept(recipe, record)
        if kept is not None:
            return kept, "", ""
        whole = record.get("fingerprint", {}).get("frames")
        if held.format == "webp" and isinstance(whole, int) and len(held.frames) <= whole:
            return held, "", _LIGHTER
    return held, "This is not what the recipe made: the work in the notebook was changed afterwards.", ""


def _kept(recipe: Recipe, record: Mapping[str, Any]) -> Any:
    """The work's data in the reader's own gallery."""
    from genart_nb.studio import studio

    try:
        for entry in studio().gallery.search(digest=recipe.digest):
            work = studio().gallery.get(entry.id)
            if work.fingerprint["sha256"] == record.get("fingerprint", {}).get("sha256"):
                return work.data
    except GenartError:
        pass
    return None


def _bundle(output: Mapping[str, Any]) -> Mapping[str, Any]:
    held = output.get("data")
    return held if isinstance(held, dict) else {}
