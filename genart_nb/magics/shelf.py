"""`%genart gallery`: find works that were made before."""

from __future__ import annotations

import time

from genart_nb.arts.form import names
from genart_nb.artwork import Artwork
from genart_nb.errors import UsageError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import Entry
from genart_nb.magics import page
from genart_nb.magics.commands import Call, Subcommand
from genart_nb.magics.jobs import clipped
from genart_nb.magics.page import Page
from genart_nb.options import Options, nearest, option
from genart_nb.studio import studio


class GalleryFlags(Options):
    """What `%genart gallery` takes."""

    art: str = option("", "only this art form")
    limit: int = option(20, "how many at most", ge=1, le=1000)
    open: int | None = option(None, "show the work with this number", ge=1)
    favourite: int | None = option(None, "mark the work with this number as a favourite", ge=1)
    favourites: bool = option(False, "only favourites")


def gallery(call: Call) -> Page | Artwork:
    """The newest works whose prompt has every word."""
    shelf, flags = studio().gallery, call.flags
    if flags.open is not None:
        return shelf.get(flags.open)
    if flags.favourite is not None:
        work = shelf.get(flags.favourite)  # says so if there is none
        shelf.favour(flags.favourite)
        return page.lines(f"★ {flags.favourite}: {work!r}")
    if flags.art and flags.art not in names():
        guess = nearest(flags.art, names())
        raise UsageError(f"There is no art form {flags.art!r}.", f"did you mean {guess}?" if guess else "")
    entries = shelf.search(call.command.text, art=flags.art, favourite=flags.favourites, limit=flags.limit)
    rows = [
        (
            f"{'★ ' if entry.favourite else ''}{entry.id}",
            time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.created)),
            entry.art + (" (stopped)" if entry.partial else ""),
            clipped(entry.prompt or _source(shelf, entry)),
            entry.seed,
            entry.digest,
        )
        for entry in entries
    ]
    empty = "The gallery has no such work." if call.words or flags.art or flags.favourites else "The gallery is empty."
    head = ("no.", "made", "art", "prompt", "seed", "recipe")
    return page.table(head, rows, empty=empty, foot="--open NO. shows one, --favourite NO. marks it")


def _source(shelf: Gallery, entry: Entry) -> str:
    """What a work without words was made from, `from a fox in the snow`; empty where that has no words either."""
    _, recipe = shelf.entry(entry.id)
    said = next((source.prompt for source in recipe.sources if source.prompt), "")
    return said and f"from {said}"


GALLERY = Subcommand("gallery", "[WORDS] [--art NAME]", "works made before, newest first", gallery, GalleryFlags)
