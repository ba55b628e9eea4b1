"""The gallery, as the side panel asks for it. Works go by their number; no route takes a path.

GET  /genart/works?words=&art=&model=&notebook=&sha256=&favourite=1&offset=0&limit=60
                                   {"total", "stamp", "works": [rows]}, newest first
GET  /genart/works/tallies         how many of each art form, model and notebook
GET  /genart/works/stamp           another text after any change
GET  /genart/works/ID              a row, its recipe and the cell that makes it
GET  /genart/works/ID/thumbnail    ?side=256 or 1280: WebP, or the beginning of a text
GET  /genart/works/ID/file         the kept file, as a download
GET  /genart/works/ID/output       its cell, and what the cell shows, as a notebook stores it
POST /genart/works/ID/favourite    {"favourite": true}
POST /genart/cell                  {"recipe": RECIPE, "fresh": true}: a cell that makes it, with a new seed if fresh
"""

from __future__ import annotations

import json
import mimetypes
from typing import Any
from urllib.parse import quote

from tornado import web

from genart_nb.errors import UsageError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import Entry, Wanted
from genart_nb.recipe import Recipe, new_seed
from genart_nb.server.handler import Handler, told
from genart_nb.server.thumbnails import SIDES, GoneError, Thumbnails

_PATIENCE = 3.0  # seconds for a gallery that another process has locked: a page waits
_PAGE = 200  # works in one answer
_CLIP = 300  # characters of a prompt in a row
_OUTPUT_MAX = 30_000_000  # bytes of an output put into a notebook
_ID = r"(?P<id>\d{1,15})"


class WorksHandler(Handler):
    """What the gallery's routes share."""

    @property
    def thumbnails(self) -> Thumbnails:
        """The one gallery of this server, and its small pictures."""
        settings = self.settings
        if "genart_thumbnails" not in settings:
            settings["genart_thumbnails"] = Thumbnails(Gallery(patience=_PATIENCE))
        found: Thumbnails = settings["genart_thumbnails"]
        return found

    @property
    def gallery(self) -> Gallery:
        """The gallery itself."""
        return self.thumbnails.gallery

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the query, held within 0..most."""
        given = self.get_query_argument(name, str(default))
        if not given.isdecimal() or len(given) > 15:
            raise web.HTTPError(400, f"{name} is a whole number.")
        return min(int(given), most)

    def wanted(self) -> Wanted:
        """What is looked for, besides words."""
        ask = self.get_query_argument
        return {
            "art": ask("art", ""), "model": ask("model", ""), "notebook": ask("notebook", ""),
            "sha256": ask("sha256", ""), "favourite": ask("favourite", "") == "1",
        }  # fmt: skip


class Search(WorksHandler):
    """GET /genart/works."""

    @told
    async def get(self) -> Any:
        """A page of works."""
        words, wanted = self.get_query_argument("words", "")[:1000], self.wanted()
        offset, limit = self.number("offset", 0, 10**9), self.number("limit", 60, _PAGE)

        def look() -> dict[str, Any]:
            works = self.gallery.search(words, limit=limit, offset=offset, **wanted) if limit else []
            total = self.gallery.count(words, **wanted)
            return {"total": total, "stamp": self.gallery.stamp(), "works": [row(each) for each in works]}

        return await self.aside(look)


class Tallies(WorksHandler):
    """GET /genart/works/tallies and /stamp."""

    @told
    async def get(self, what: str) -> Any:
        """What there is to choose from, or whether it has changed."""
        return await self.aside(self.gallery.tallies if what == "tallies" else self.gallery.stamp)


class Work(WorksHandler):
    """GET /genart/works/ID and /output."""

    @told
    async def get(self, id: str, what: str = "") -> Any:
        """One work: its recipe and cell, or what its cell shows."""
        return await self.aside(lambda: self._output(int(id)) if what else self._detail(int(id)))

    def _detail(self, id: int) -> dict[str, Any]:
        entry, recipe = self.gallery.entry(id)
        told = recipe.model_dump(mode="json")
        return {**row(entry), "prompt": recipe.prompt, "recipe": told, "cell": written(recipe)}

    def _output(self, id: int) -> dict[str, Any]:
        work = self.gallery.get(id)
        data, metadata = work._repr_mimebundle_()
        if len(json.dumps(data)) > _OUTPUT_MAX:
            raise UsageError("The work is too large to be put into a notebook.", "run the cell instead")
        return {"cell": written(work.recipe), "digest": work.recipe.digest, "data": data, "metadata": metadata}


class Picture(WorksHandler):
    """GET /genart/works/ID/thumbnail and /file."""

    @told
    async def get(self, id: str, what: str) -> Any:
        """A small picture, or the file as a download; 410 where the file is gone."""
        side = self.number("side", SIDES[0], 10**6)
        if side not in SIDES:
            raise web.HTTPError(400, f"side is {' or '.join(map(str, SIDES))}.")
        entry, _ = await self.aside(lambda: self.gallery.entry(int(id)))
        try:
            self._send(entry, *await self.aside(lambda: self._read(entry, what, side)))
        except GoneError as error:
            self.set_status(410)
            return {"message": error.what, "fix": error.fix}

    def _read(self, entry: Entry, what: str, side: int) -> tuple[str, bytes, bool]:
        if what == "thumbnail":
            return (*self.thumbnails.of(entry, side), False)
        path = self.thumbnails.file(entry)
        return mimetypes.guess_type(path.name)[0] or "application/octet-stream", path.read_bytes(), True

    def _send(self, entry: Entry, type: str, content: bytes, download: bool) -> None:
        self.set_header("X-Content-Type-Options", "nosniff")
        if download:
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(entry.file.name)}")
        else:
            self.set_header("Cache-Control", "private, max-age=86400")
        self.finish(content, set_content_type=type)


class Favourite(WorksHandler):
    """POST /genart/works/ID/favourite."""

    @told
    async def post(self, id: str) -> Any:
        """Mark a work, or no longer."""
        body = self.get_json_body()
        if not isinstance(body, dict) or not isinstance(body.get("favourite"), bool):
            raise web.HTTPError(400, 'Say which: {"favourite": true} or false.')
        await self.aside(lambda: self.gallery.favour(int(id), body["favourite"]))
        return {"favourite": body["favourite"]}


class Cell(WorksHandler):
    """POST /genart/cell."""

    @told
    async def post(self) -> Any:
        """The cell of a recipe that anybody may have written; raises RecipeError (a UsageError) for a malformed one."""
        body = self.get_json_body()
        if not isinstance(body, dict) or not isinstance(body.get("recipe"), dict):
            raise web.HTTPError(400, 'Say which: {"recipe": RECIPE}.')
        recipe = await self.aside(lambda: declared(Recipe.read(body["recipe"])))
        if body.get("fresh") is True:
            recipe = recipe.with_seed(new_seed())
        return {"cell": await self.aside(lambda: written(recipe)), "seed": recipe.seed, "digest": recipe.digest}


def row(entry: Entry) -> dict[str, Any]:
    """A work in a list."""
    prompt = " ".join(entry.prompt[: 2 * _CLIP].split())[:_CLIP]
    return {
        "id": entry.id, "art": entry.art, "prompt": prompt, "model": entry.model, "seed": entry.seed,
        "digest": entry.digest, "medium": entry.medium, "created": entry.created, "partial": entry.partial,
        "favourite": entry.favourite, "notebook": entry.notebook, "file": entry.file.name, "gone": not _there(entry),
    }  # fmt: skip


def _there(entry: Entry) -> bool:
    try:
        return entry.file.is_file()
    except OSError:
        return False


def declared(recipe: Recipe) -> Recipe:
    """The recipe as it was before it came through a browser."""
    from genart_nb.arts.form import as_declared

    return as_declared(recipe)


def written(recipe: Recipe) -> str:
    """The cell that makes a recipe here; Python that any kernel understands where this server lacks the art form."""
    from genart_nb import writing
    from genart_nb.errors import GenartError

    try:
        return writing.cell(recipe, here=True)
    except GenartError:
        return f"import genart_nb.twins\ngenart_nb.twins.make({recipe.canonical!r})"


WORKS: list[tuple[str, type[Handler]]] = [
    ("works", Search),
    ("works/(?P<what>tallies|stamp)", Tallies),
    (f"works/{_ID}", Work),
    (f"works/{_ID}/(?P<what>output)", Work),
    (f"works/{_ID}/(?P<what>thumbnail|file)", Picture),
    (f"works/{_ID}/favourite", Favourite),
    ("cell", Cell),
]
"""Paths below /genart, and their handlers."""
