"""Reading a notebook: what is on disk, checked and made plain, so that the rest need not doubt its shape."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError

MOST = 256_000_000
"""Bytes of the largest notebook that is read."""
SUMMARY = 220  # characters of the text that a card and a shared link show

_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`#>]+|(?<!\w)_+|_+(?!\w)|<[^>]*>")


@dataclass(frozen=True)
class Cell:
    """One cell: `kind` is markdown, code or raw; `outputs` are those of nbformat 4."""

    kind: str
    source: str
    outputs: tuple[Mapping[str, Any], ...] = ()
    attachments: Mapping[str, Any] | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notebook:
    """A notebook of nbformat 4; `content` are its bytes."""

    path: Path
    content: bytes
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Its first heading, else the name of its file."""
        found = (_HEADING.search(cell.source) for cell in self.cells if cell.kind == "markdown")
        heading = next((plain(each[1]) for each in found if each), "")
        return heading or self.path.stem.replace("_", " ").replace("-", " ").strip()

    @property
    def summary(self) -> str:
        """The beginning of its first paragraph."""
        for cell in self.cells:
            for part in cell.source.split("\n\n") if cell.kind == "markdown" else ():
                text = plain(part)
                if text and not part.lstrip().startswith(("#", "!", "|", "<", "```", "- ", "* ")):
                    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"
        return ""

    @property
    def authors(self) -> list[str]:
        """Names in its metadata, as JupyterLab writes them."""
        given = self.metadata.get("authors")
        named = given if isinstance(given, list) else []
        return [str(each.get("name") if isinstance(each, dict) else each) for each in named][:20]


def plain(markdown: str) -> str:
    """Markdown as one line of words."""
    return " ".join(_MARKS.sub(lambda mark: mark[1] or "", markdown).split())


def read(path: Path) -> Notebook:
    """The notebook at `path`; raises NotebookError saying what it is instead."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise NotebookError(f"{path} is no file.", "name a notebook: genart publish my.ipynb")
        if size > MOST:
            what = f"{path} has {size / 1e6:.0f} MB, more than the {MOST / 1e6:.0f} MB that a page is made of."
            raise NotebookError(what, f"clear its largest outputs: jupyter nbconvert --clear-output --inplace {path}")
        content = path.read_bytes()
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.", "check its name") from None
    return parsed(path, content)


def parsed(path: Path, content: bytes) -> Notebook:
    """The notebook that `content` holds; raises NotebookError."""
    fix = "open it in JupyterLab and save it again, or name another file"
    try:
        held = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise NotebookError(f"{path} is not a notebook: it is no JSON.", fix) from None
    if not isinstance(held, dict) or not isinstance(held.get("nbformat"), int):
        raise NotebookError(f"{path} is not a notebook: it names no nbformat.", fix)
    if held["nbformat"] < 4:
        held = _upgraded(path, held)
    if held["nbformat"] > 4:
        what = f"{path} is in nbformat {held['nbformat']}; this version reads 4."
        raise NotebookError(what, "pip install -U genart_nb")
    cells = held.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise NotebookError(f"{path} is not a notebook: it has no list of cells.", fix)
    metadata = held.get("metadata")
    return Notebook(path, content, tuple(map(_cell, cells)), metadata if isinstance(metadata, dict) else {})


def joined(text: Any) -> str:
    """Text that nbformat keeps as one string or as a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list) else text if isinstance(text, str) else ""


def _cell(held: dict[str, Any]) -> Cell:
    outputs = held.get("outputs")
    attachments = held.get("attachments")
    metadata = held.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return Cell(
        str(held.get("cell_type")),
        joined(held.get("source")),
        tuple(each for each in outputs if isinstance(each, dict)) if isinstance(outputs, list) else (),
        attachments if isinstance(attachments, dict) else None,
        tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def _upgraded(path: Path, held: dict[str, Any]) -> dict[str, Any]:
    try:
        import nbformat

        return dict(nbformat.convert(nbformat.from_dict(held), 4))
    except Exception:
        what = f"{path} is a notebook of nbformat {held['nbformat']}, which could not be brought up to 4."
        raise NotebookError(what, f"jupyter nbconvert --to notebook --inplace {path}") from None
