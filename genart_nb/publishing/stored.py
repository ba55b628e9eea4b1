"""A work as a notebook stores it, and whether what is stored agrees with itself."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from genart_nb.arts.form import as_declared
from genart_nb.artwork import MIME
from genart_nb.errors import RecipeError, UsageError
from genart_nb.media import Medium, medium
from genart_nb.media.base import sha256
from genart_nb.media.likeness import MOST_PIXELS, Shown
from genart_nb.recipe import Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_EMBEDDED = 64
"""Pictures that are decoded of one HTML page, at most."""

_EMBEDDED = re.compile(r'src="data:image/(?:png|webp|jpeg|gif);base64,([A-Za-z0-9+/=]+)"')
_MARK = re.compile(r"^<genart .*\brecipe=([0-9a-f]{8})\b.*>$", re.MULTILINE)


@dataclass(frozen=True)
class Work:
    """An art output: its record, the mime bundle it stands in, and how it was made."""

    record: Mapping[str, Any]
    bundle: Mapping[str, Any]
    made: Mapping[str, Any]

    @classmethod
    def of(cls, output: Mapping[str, Any]) -> Work | None:
        """The work in a notebook's output, if it is one."""
        bundle = output.get("data")
        record = bundle.get(MIME) if isinstance(bundle, Mapping) else None
        if not isinstance(bundle, Mapping) or not isinstance(record, Mapping):
            return None
        told = (output.get("metadata") or {}).get(MIME)
        made = told.get("made") if isinstance(told, Mapping) else None
        whole = {name: "".join(value) if isinstance(value, list) else value for name, value in bundle.items()}
        return cls(record, whole, made if isinstance(made, Mapping) else {})

    @property
    def digest(self) -> str:
        """The short name of its recipe, as stored."""
        return str(self.record.get("digest", ""))

    @property
    def environment(self) -> Mapping[str, Any]:
        """Where it was made; empty where that was not recorded."""
        found = self.made.get("environment")
        return found if isinstance(found, Mapping) else {}

    @cached_property
    def shown(self) -> Shown:
        """What a medium compares."""
        found = self.record.get("fingerprint")
        return Shown(found if isinstance(found, Mapping) else {}, self.bundle)

    @property
    def medium(self) -> Medium | None:
        """Its medium; None where nothing installed offers it."""
        try:
            return medium(str(self.record.get("medium", "text")))
        except UsageError:
            return None

    @property
    def name(self) -> str:
        """The stable line that names it."""
        found = _MARK.search(str(self.bundle.get("text/plain", "")))
        return found[0] if found else f"<genart work recipe={self.digest or '?'}>"

    def pictures(self) -> Iterator[Image]:
        """The pictures inside its HTML, decoded; those that cannot be are passed over."""
        from PIL import Image

        for encoded in _EMBEDDED.findall(str(self.bundle.get("text/html", "")))[:MOST_EMBEDDED]:
            try:
                with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
                    if image.width * image.height <= MOST_PIXELS:
                        yield image.convert("RGB")
            except (OSError, ValueError, SyntaxError, binascii.Error, Image.DecompressionBombError):
                continue


def faults(work: Work) -> list[str]:
    """What does not agree within one stored work: a recipe edited by hand, a picture or text put in its place."""
    return [*_recipe_faults(work), *_still_faults(work), *_text_faults(work)]


def recipe_of(work: Work) -> Recipe | None:
    """The recipe of a stored work, as it was before a browser saved it; None where this version cannot read it."""
    try:
        found = Recipe.read(dict(work.record["recipe"]))
    except (RecipeError, KeyError, TypeError, ValueError):
        return None
    return found if found.digest == work.digest else as_declared(found)


def _recipe_faults(work: Work) -> Iterator[str]:
    recipe = recipe_of(work)
    if recipe is None:
        stored = work.record.get("recipe")
        version = stored.get("version", 1) if isinstance(stored, Mapping) else None
        yield (
            "the stored record has no recipe" if version is None
            else "the stored recipe cannot be read" if version == 1
            else f"the stored recipe has version {version}, which this genart_nb does not know: upgrade it"
        )  # fmt: skip
        return
    if recipe.digest != work.digest:
        yield f"the stored recipe was edited: its digest is {recipe.digest}, the record says {work.digest or 'none'}"
    marks = _MARK.findall(str(work.bundle.get("text/plain", "")))
    if marks and marks[-1] != work.digest:
        yield f"the stored line names recipe {marks[-1]}, the record {work.digest or 'none'}"


def _still_faults(work: Work) -> Iterator[str]:
    """A picture is held against the hash of its own pixels; HTML beside it is held against the new one's later."""
    fingerprint = work.shown.fingerprint
    expected = fingerprint.get("still")
    if expected is None and getattr(work.medium, "still_is_work", False):
        expected = fingerprint.get("sha256")
    if expected is None:
        return
    if work.shown.still is None:
        yield "the stored picture is missing or cannot be read"
    elif _pixels(work.shown.still) != expected:
        yield "the stored picture is not the one that its record describes"


def _pixels(still: Image) -> str:
    from genart_nb.media.picture import pixels_sha256

    return pixels_sha256(still)


def _text_faults(work: Work) -> Iterator[str]:
    fingerprint = work.shown.fingerprint
    if "characters" not in fingerprint or "text/plain" not in work.bundle:
        return
    length = fingerprint["characters"]
    for candidate in _candidates(work.shown.text):
        lost = length - len(candidate) if isinstance(length, int) else 0
        for before in range(min(lost, 4) + 1 if lost > 0 else 1):
            padded = "\n" * before + candidate + "\n" * (lost - before if 0 < lost < 5 else 0)
            if sha256(padded.encode("utf-8", "surrogatepass")) == fingerprint.get("sha256"):
                return
    yield "the stored text is not the one that its record describes"


def _candidates(plain: str) -> Iterator[str]:
    """What the work's own text may be, within the plain text: a title may stand before it, a note after it."""
    first, last = plain.partition("\n\n")[2], plain.rpartition("\n\n")[0]
    yield from (plain, first, last, first.rpartition("\n\n")[0])
