"""A plate: one work as a page shows it, with its files in full size and the recipe behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from genart_nb import marks, writing
from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.errors import GenartError
from genart_nb.media.picture import PICTURE, encoded
from genart_nb.models import registry
from genart_nb.models.card import ModelCard
from genart_nb.publishing.site import songs
from genart_nb.publishing.site.folder import Files
from genart_nb.publishing.site.works import Found
from genart_nb.recipe import Recipe

VIEW = 400_000
"""Bytes of a picture above which the page shows a lighter copy, and the full size on a click."""
VIEW_SIDE = 1400  # pixels of the longer side of that copy
WIDEST, ROW = 6, 4  # pictures side by side in a grid of two options, and in a row of one
SMALL = 560  # CSS pixels to which small pictures are enlarged


@dataclass(frozen=True)
class Plate:
    """What the templates are given. `view` is what the page shows and `full` what a click opens, as paths.

    `body` is HTML of a work that is no picture: typeset text, a clip's player. `song` is what its player needs, `sound`
    all that is left of a song whose notes cannot be read.
    """

    id: str
    art: str
    title: str
    prompt: str
    faults: tuple[str, ...] = ()
    body: str = ""
    view: str = ""
    full: str = ""
    download: str = ""
    sound: str = ""
    song: songs.Shown | None = None
    width: int = 0
    height: int = 0
    shown: int = 0
    tiles: tuple[tuple[str, str], ...] = ()
    columns: int = 1
    note: str = ""
    credit: str = ""
    recipe: tuple[tuple[str, str, str], ...] = ()
    cell: str = ""
    digest: str = ""
    partial: bool = False
    easel: Any = None
    more: Mapping[str, Any] = field(default_factory=dict)


class Plates:
    """Makes plates, and puts their files among a site's."""

    def __init__(self, files: Files, metadata: bool = True) -> None:
        self._files = files
        self._metadata = metadata
        self.written: dict[str, Artwork] = {}

    def plate(self, found: Found, id: str) -> Plate:
        """The plate of a work; `id` names it on the page and its files."""
        work = found.work
        if work is None:
            return self._still(found, id)
        stem = f"works/{id}-{work.recipe.art}-{work.recipe.digest}"
        download = self._file(stem + work.medium.suffix, work)
        form = str(work.facts.get("form") or work.recipe.art)
        told = rows(work.recipe, work.facts, work.made, work.fingerprint["sha256"])
        base = Plate(
            id, form, work.title, work.recipe.prompt, found.faults, download=download, note=work.note,
            credit=credit(work.facts), recipe=told, cell=cell(work.recipe), digest=work.recipe.digest,
            partial=work.partial,
        )  # fmt: skip
        if work.medium_name == "song":
            return self._song(base, found, work, stem)
        return self._shown(base, work, stem)

    def cover(self, id: str, picture: Any, work: Artwork) -> tuple[str, tuple[int, int]]:
        """Put a picture among the files that stands for a work where it is shared; returns its path and size."""
        content = self._marked(encoded(picture, "WEBP", quality=88), ".webp", work.record)
        return self._files.add(f"works/{id}-cover.webp", content), picture.size

    def _song(self, base: Plate, found: Found, work: Artwork, stem: str) -> Plate:
        told = found.record.get("fingerprint")

        def keep(ending: str, content: bytes) -> str:
            path = stem + ending
            self.written[path] = work
            return self._files.add(path, self._marked(content, f".{ending.rpartition('.')[2]}", work.record))

        song = songs.shown(work.data, told if isinstance(told, dict) else {}, found.sound, keep)
        return replace(base, song=song, title=work.data.title or work.data.key, note=base.note or song.note)

    def _shown(self, base: Plate, work: Artwork, stem: str) -> Plate:
        if work.medium_name == "picture":
            return self._pictured(base, work.data, stem, base.download)
        if work.medium_name == "vector":
            width, height = work.data.picture.size
            shown = max(width, min(SMALL, 3 * width))
            return replace(base, view=base.download, full=base.download, width=width, height=height, shown=shown)
        if work.medium_name == "contact":
            tiles = tuple(
                (self._files.add(f"{stem}-{number}.webp", self._tile(work, number, each)), label)
                for number, (each, label) in enumerate(zip(work.data, work.data.labels, strict=True), 1)
            )
            width, height = work.data.pictures[0].size
            columns = columns_of(work.data.columns, len(tiles))
            return replace(base, tiles=tiles, columns=columns, width=width, height=height, full=base.download)
        sheet = replace(work.sheet, colophon="", note="")
        moving = {"moving": work.medium_name.startswith("clip")}
        return replace(base, body=work.medium.bundle(sheet)["text/html"], more=moving)

    def _pictured(self, base: Plate, picture: Any, stem: str, full: str) -> Plate:
        width, height = picture.size
        shown = width if width >= SMALL else min(SMALL, 2 * width)
        view = full
        if len(self._files.held.get(full, b"")) > VIEW:
            small = picture.copy()
            small.thumbnail((VIEW_SIDE, VIEW_SIDE))
            content, work = encoded(small, "WEBP", quality=88), self.written.get(full)
            content = self._marked(content, ".webp", work.record) if work else content
            view = self._files.add(f"{stem}-view.webp", content)
        return replace(base, view=view, full=full, width=width, height=height, shown=shown)

    def _still(self, found: Found, id: str) -> Plate:
        """All that is left of a work that cannot be read: the picture or the words that stand in the notebook."""
        base = Plate(id, "work", "", "", found.faults)
        if (recipe := found.recipe) is not None:
            facts = found.record.get("facts")
            told = rows(recipe, facts if isinstance(facts, dict) else {}, {}, "")
            named = replace(base, art=recipe.art, prompt=recipe.prompt, digest=recipe.digest)
            base = replace(named, recipe=told, cell=cell(recipe))
        if found.sound:
            base = replace(base, sound=self._files.add(f"works/{id}.mp3", found.sound))
        if found.still is not None:
            path = self._files.add(f"works/{id}.png", encoded(found.still, "PNG"))
            return self._pictured(base, found.still, f"works/{id}", path)
        return replace(base, more={"plain": found.plain[:20_000]})

    def _file(self, path: str, work: Artwork) -> str:
        self.written[path] = work
        return self._files.add(path, self._marked(work.medium.dump(work.data), work.medium.suffix, work.record))

    def _tile(self, work: Artwork, number: int, picture: Any) -> bytes:
        """One picture of a sheet, which says which it is."""
        record = {**work.record, "medium": "picture", "fingerprint": PICTURE.fingerprint(picture), "part": number}
        return self._marked(encoded(picture, "WEBP", quality=95), ".webp", record)

    def _marked(self, content: bytes, suffix: str, record: Mapping[str, Any]) -> bytes:
        return marks.write(content, suffix, record) if self._metadata else content


def columns_of(asked: int, count: int) -> int:
    """Columns of a sheet: those of its grid as far as there is room; one long row becomes rows of nearly one length."""
    if asked < count:
        return min(asked, WIDEST)
    return -(-count // -(-count // ROW))


def cell(recipe: Recipe) -> str:
    """The cell that makes the work; its recipe as JSON where this installation does not know the form."""
    try:
        return writing.cell(recipe)
    except GenartError:
        return recipe.canonical


def credit(facts: Mapping[str, Any]) -> str:
    """What a picture was drawn from, with licences, in one line."""
    references = facts.get("references")
    named = [each for each in references if isinstance(each, dict)] if isinstance(references, list) else []
    told = [f"{each.get('name')} ({each.get('set')}, {each.get('licence')})" for each in named]
    return f"Redrawn from {', '.join(dict.fromkeys(told))}" if told else ""


def rows(
    recipe: Recipe, facts: Mapping[str, Any], made: Mapping[str, Any], content: str
) -> tuple[tuple[str, str, str], ...]:
    """The recipe as (name, value, link) in words; `content` is the SHA-256 of the work's."""
    card = card_of(recipe)
    options = {name: value for name, value in recipe.options.items() if value not in (None, "")}
    told = [("form", recipe.art, ""), ("prompt", recipe.prompt, ""), ("seed", str(recipe.seed), "")]
    if options:
        each = [f"{name.replace('_', ' ')} {_worded(value)}" for name, value in options.items()]
        told.append(("options", " · ".join(each), ""))
    if recipe.model != "none":
        title = f"{card.title} ({recipe.model})" if card and card.title != recipe.model else recipe.model
        revision = f", revision {recipe.revision}" if recipe.revision else ""
        told.append(("model", title + revision, card.homepage if card else ""))
        told.append(("licence of the model", card.licence if card else "unknown here", ""))
    if drawn := credit(facts):
        told.append(("drawn from", drawn.removeprefix("Redrawn from "), ""))
    if recipe.sources:
        told.append(("made from", ", ".join(f"{each.art} {each.digest}" for each in recipe.sources), ""))
    if place := _place(made):
        told.append(("made", place, ""))
    told.append(("recipe", recipe.digest, ""))
    told += [("content", f"sha256 {content}", "")] if content else []
    return tuple((name, value, link if link.startswith("https://") else "") for name, value, link in told)


def card_of(recipe: Recipe) -> ModelCard | None:
    """The card of a recipe's model, of any revision; None where nobody here knows it."""
    try:
        form = art(recipe.art)
        return registry.card(recipe.model, form.kind) if form.kind else None
    except GenartError:
        return None


def _place(made: Mapping[str, Any]) -> str:
    """How long it took, and where: what a reader needs to know who makes it again elsewhere."""
    place = made.get("environment")
    place = place if isinstance(place, dict) else {}
    versions = place.get("versions")
    versions = versions if isinstance(versions, dict) else {}
    seconds = [f"in {made['seconds']} s"] if made.get("seconds") else []
    device = [f"on {each}" for each in (place.get("device"),) if each]
    return ", ".join([*seconds, *device, *(f"{name} {version}" for name, version in versions.items())])[:200]


def _worded(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
