"""The Artwork: finished work, the recipe it came from, and how a notebook shows it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from genart_nb import marks
from genart_nb.errors import UsageError
from genart_nb.media import Medium, Sheet, medium
from genart_nb.recipe import Recipe

MIME = "application/vnd.genart.v1+json"

_PAGES = (".html", ".htm", ".pdf")  # plain words are none: a browser would run their tags


@dataclass(frozen=True, eq=False, repr=False)
class Artwork:
    """A finished (or stopped) work.

    `data` is the text, PIL image, frames or score. `facts` were measured of the work and are as deterministic as
    it is; `made` (seconds, device, versions) is not, and stays out of its identity. `path` is the gallery's file.
    """

    recipe: Recipe
    data: Any
    medium_name: str = "text"
    layout: str = "prose"
    title: str = ""
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    made: Mapping[str, Any] = field(default_factory=dict)
    partial: bool = False
    path: Path | None = None

    @property
    def medium(self) -> Medium:
        """How this kind of content is stored and shown."""
        return medium(self.medium_name)

    @property
    def seed(self) -> int:
        """The seed it grew from."""
        return self.recipe.seed

    @cached_property
    def fingerprint(self) -> dict[str, Any]:
        """Identity of the decoded content."""
        return self.medium.fingerprint(self.data)

    @property
    def mark(self) -> str:
        """The stable line that names the work in plain text."""
        state = " partial" if self.partial else ""
        return f"<genart {self.recipe.art} seed={self.recipe.seed} recipe={self.recipe.digest}{state}>"

    @property
    def lost(self) -> str:
        """Why the gallery does not hold it, and the fix; empty where it could be kept."""
        return str(self.made.get("gallery", ""))

    @property
    def colophon(self) -> str:
        """What a person reads below the work: its form, model, seed and recipe."""
        recipe = self.recipe
        form = str(self.facts.get("form") or recipe.art)
        return f"{form} · {recipe.model.rsplit('/', 1)[-1]} · seed {recipe.seed} · recipe {recipe.digest}"

    @property
    def sheet(self) -> Sheet:
        """What the medium needs to show it."""
        return Sheet(
            data=self.data, layout=self.layout, prompt=self.recipe.prompt, title=self.title,
            colophon=self.colophon, mark=self.mark,
            note="\n".join(filter(None, (self.note, self.lost))), facts=self.facts, partial=self.partial,
        )  # fmt: skip

    def kept_at(self, path: Path) -> Artwork:
        """The same work, knowing its file."""
        kept = replace(self, path=path)
        if "fingerprint" in vars(self):
            vars(kept)["fingerprint"] = self.fingerprint
        return kept

    @property
    def record(self) -> dict[str, Any]:
        """Everything of it but the content and `made`, as JSON carries it: what notebooks and files keep."""
        return {
            "recipe": self.recipe.model_dump(mode="json"),
            "digest": self.recipe.digest,
            "fingerprint": self.fingerprint,
            "medium": self.medium_name,
            "layout": self.layout,
            "facts": dict(self.facts),
            "partial": self.partial,
        }

    def save(self, path: str | Path, metadata: bool = True) -> Path:
        """Write the work to a file, in the format its ending names where the medium knows several; returns the path.

        Pictures, clips and songs carry their recipe, which `genart inspect` reads, unless `metadata` is False. Raises
        UsageError for a folder and for an ending that the medium does not know, OSError where the disk refuses it.
        """
        target = Path(path).expanduser()
        if os.path.isdir(target):  # noqa: PTH112 (is_dir raises for a name too long)
            raise UsageError(f"{target} is a folder.", f"name a file in it: {target / self.recipe.art}")
        target = target if target.suffix else target.with_suffix(self.medium.suffix)
        encode = getattr(self.medium, "encode", None)
        content = encode(self.data, target.suffix.lower()) if encode else self.medium.dump(self.data)
        if not encode and (target.suffix.lower() in _PAGES or marks.belies(content, target.suffix)):
            what = f"A {self.medium_name} cannot be saved as {target.suffix}."
            raise UsageError(what, f"end the file's name in {self.medium.suffix}")
        _write_whole(target, marks.write(content, target.suffix, self.record) if metadata else content)
        return target

    def __repr__(self) -> str:
        """One stable line, without a memory address."""
        return self.mark

    def __str__(self) -> str:
        """The text itself, or the path of the saved file."""
        return self.data if isinstance(self.data, str) else str(self.path or self.mark)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = {**self.medium.bundle(self.sheet), MIME: self.record}
        return bundle, {MIME: {"made": dict(self.made)}} if self.made else {}


def _write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or leave what was there: beside it first, but for a device or in a folder shut to us."""
    target = target.resolve()
    if target.exists() and not (target.is_file() and os.access(target.parent, os.W_OK)):
        target.write_bytes(content)
        return
    beside = target.with_name(f".{target.name[-40:]}.part")
    try:
        beside.write_bytes(content)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise
    finally:
        beside.unlink(missing_ok=True)
