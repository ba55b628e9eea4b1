"""Small pictures of works for the side panel: made once, kept in the cache folder, never more than a bound of bytes."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genart_nb.errors import GalleryError, GenartError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import Entry
from genart_nb.paths import cache_home

if TYPE_CHECKING:
    from PIL.Image import Image

SIDES = (256, 1280)
"""Longest sides that can be asked for, in pixels: a tile, and a work to be looked at."""
BOUND = 64_000_000
"""Bytes that all of them may take on the disk."""

_EXCERPT = {256: 400, 1280: 20_000}  # characters of a text
_LOOK = 200  # thumbnails made between two looks at the bound


class GoneError(GalleryError):
    """The row of a work is there and its file is not."""


class Thumbnails:
    """Thumbnails of one gallery. Safe to be called by several threads."""

    def __init__(self, gallery: Gallery, home: Path | None = None, bound: int = BOUND) -> None:
        self.gallery = gallery
        self.home = home or cache_home() / "thumbnails"
        self._bound = bound
        self._made = 0
        self._lock = threading.Lock()

    def of(self, entry: Entry, side: int) -> tuple[str, bytes]:
        """Type and bytes: WebP at most `side` pixels wide and high, or the beginning of a text.

        Raises GoneError where the file is gone, GalleryError where it cannot be read.
        """
        path = self.file(entry)
        if entry.medium == "text":
            with path.open(encoding="utf-8", errors="replace") as text:
                return "text/plain", text.read(_EXCERPT[side]).encode()
        kept = self.home / f"{entry.sha256[:24]}-{entry.id}-{side}.webp"
        with contextlib.suppress(OSError):
            content = kept.read_bytes()
            os.utime(kept)  # what is looked at stays
            return "image/webp", content
        try:
            content = _small(self._picture(entry, path), side)
        except (GenartError, MemoryError):
            raise
        except Exception as error:  # a file in any state of ruin
            what = f"Work {entry.id} cannot be shown: {error}"
            raise GalleryError(what, "`%genart remake` can make it again") from error
        self._keep(kept, content)
        return "image/webp", content

    def file(self, entry: Entry) -> Path:
        """The work's file; raises GoneError where there is none in the gallery's own folder."""
        works, path = (self.gallery.home / "works").resolve(), entry.file.resolve()
        if path.parent != works or not path.is_file():
            raise GoneError(f"The file of work {entry.id} is gone: {entry.file.name}.", "remake it: its recipe is kept")
        return path

    def _picture(self, entry: Entry, path: Path) -> Image:
        """The work as a picture; a plain one is decoded no larger than need be."""
        from PIL import Image

        if entry.medium == "picture":
            return Image.open(path)
        work = self.gallery.get(entry.id)
        encode: Any = getattr(work.medium, "encode", None)
        content = encode(work.data, ".png") if encode else base64.b64decode(work.medium.bundle(work.sheet)["image/png"])
        return Image.open(io.BytesIO(content))

    def _keep(self, target: Path, content: bytes) -> None:
        with contextlib.suppress(OSError), self._lock:  # without a cache it is only slower
            self.home.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(suffix=".part", dir=self.home)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(part).replace(target)
            if self._made % _LOOK == 0:
                self._trim()
            self._made += 1

    def _trim(self) -> None:
        """Remove what was looked at longest ago until a quarter of the bound is free."""
        held = [(each.stat().st_mtime, each.stat().st_size, each) for each in self.home.iterdir()]
        total = sum(size for _, size, _ in held)
        if total <= self._bound:
            return
        for _, size, path in sorted(held, key=lambda each: each[0]):
            path.unlink(missing_ok=True)
            total -= size
            if total <= self._bound * 3 / 4:
                break


def _small(picture: Image, side: int) -> bytes:
    from PIL import Image

    with picture:
        picture.draft("RGB", (side, side))
        mode = "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
        small = picture.convert(mode)
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        target = io.BytesIO()
        small.save(target, "WEBP", quality=85, method=2)
        return target.getvalue()
