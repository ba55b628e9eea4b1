"""What the Studio panel shows: works of the gallery and models, as plain data; and one file at a time.

Works go by number. No path is taken from the page, and none that leads out of the gallery's folder is followed.
"""

from __future__ import annotations

import contextlib
import io
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genart_nb.errors import GalleryError
from genart_nb.gallery import Entry, Gallery

SIDE = 160
"""Longest side of a thumbnail, in pixels."""
_CLIP = 160  # characters of a prompt in a list
_ALL = 1 << 30


class Shelf:
    """One gallery, asked on behalf of a page. Raises GalleryError, with what would help."""

    def __init__(self, gallery: Gallery | None = None) -> None:
        self.gallery = gallery or Gallery()

    def works(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """Some works, newest first, and how many there are: `words`, `art`, `model`, `favourite`, `offset`, `limit`."""
        found = self.gallery.search(
            asked.get("words", ""), art=asked.get("art", ""), model=asked.get("model", ""),
            favourite=asked.get("favourite", "") == "1", limit=_ALL,
        )  # fmt: skip
        begin, count = _whole(asked.get("offset"), 0), min(_whole(asked.get("limit"), 60), 500)
        arts = sorted({entry.art for entry in found})
        return {"total": len(found), "arts": arts, "works": [_row(entry) for entry in found[begin : begin + count]]}

    def work(self, id: int) -> dict[str, Any]:
        """A work whole: what makes it again, and the outputs a notebook would hold of it."""
        from genart_nb import writing

        work = self.gallery.get(id)
        data, metadata = work._repr_mimebundle_()
        return {"cell": writing.cell(work.recipe), "digest": work.recipe.digest, "data": data, "metadata": metadata}

    def thumbnail(self, id: int) -> bytes:
        """A small PNG of a work that can be seen."""
        from PIL import Image

        work = self.gallery.get(id)
        seen = work._repr_mimebundle_()[0].get("image/png")
        if not seen:
            raise GalleryError(f"Work {id} is nothing to see.", "open it in a notebook")
        import base64

        with Image.open(io.BytesIO(base64.b64decode(seen))) as image:
            small = image.convert("RGB")
        small.thumbnail((SIDE, SIDE))
        written = io.BytesIO()
        small.save(written, "PNG")
        return written.getvalue()

    def file(self, id: int) -> tuple[Path, str]:
        """Where the file of a work is, and its MIME type."""
        for entry in self.gallery.search(limit=_ALL):
            if entry.id == id:
                return self._inside(entry), mimetypes.guess_type(entry.file.name)[0] or "application/octet-stream"
        raise GalleryError(f"The gallery has no work {id}.", "`%genart gallery` lists them")

    def _inside(self, entry: Entry) -> Path:
        home, place = self.gallery.home.resolve(), entry.file.resolve()
        if not (place.is_file() and place.is_relative_to(home)):
            raise GalleryError(f"The file of work {entry.id} is gone.", "`%genart remake` can make it again")
        return place


def models() -> list[dict[str, Any]]:
    """Every model on offer: its card, whether it is ready, and what would make it so."""
    from genart_nb.models import registry, weights

    return [_model(card, weights.status(card)) for card in registry.cards()]


def _model(card: Any, status: Any) -> dict[str, Any]:
    return {
        "id": card.id, "kind": card.kind, "title": card.title, "licence": card.licence, "size": card.size,
        "languages": list(card.languages), "abilities": dict(card.abilities), "limits": card.limits,
        "homepage": card.homepage, "state": status.state, "detail": status.detail, "fix": status.fix,
    }  # fmt: skip


def _row(entry: Entry) -> dict[str, Any]:
    there = False
    with contextlib.suppress(OSError):
        there = entry.file.is_file()
    return {
        "id": entry.id, "digest": entry.digest, "art": entry.art, "prompt": entry.prompt[:_CLIP], "model": entry.model,
        "seed": entry.seed, "medium": entry.medium, "created": entry.created, "partial": entry.partial,
        "favourite": entry.favourite, "gone": not there,
    }  # fmt: skip


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default
