"""One notebook as one page: its cells in order, each work a plate, each easel alive."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files as resources
from typing import Any

from markupsafe import Markup

from genart_nb.publishing.site import covers, listing, outputs, works
from genart_nb.publishing.site.easels import Easels
from genart_nb.publishing.site.notebook import Cell, Notebook
from genart_nb.publishing.site.plates import Plate, Plates
from genart_nb.publishing.site.prose import Prose

POLICY = (
    "default-src 'self' file: data: blob: 'unsafe-inline'; "
    "script-src 'self' file: blob: 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self' data: blob:; "
    "worker-src blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'"
)
"""What a page may load: what lies beside it, and nothing from anywhere else."""
BRIEF = 160  # characters of a prompt where it only names a work


@dataclass
class Block:
    """A piece of a page: prose, cell, outputs or plate."""

    kind: str
    html: Markup = field(default_factory=Markup)
    first: str = ""
    plate: Plate | None = None


@dataclass
class Page:
    """A page before it is written; `faults` are told in the terminal too."""

    notebook: Notebook
    address: str
    blocks: list[Block] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    works: int = 0
    download: str = ""
    badges: tuple[dict[str, str], ...] = ()
    candidates: list[covers.Candidate] = field(default_factory=list)
    cover: str = ""
    cover_size: tuple[int, int] = (0, 0)
    words: str = ""
    date: str = ""

    @property
    def title(self) -> str:
        """The notebook's own."""
        return self.notebook.title

    @property
    def summary(self) -> str:
        """How it begins."""
        return self.notebook.summary

    @property
    def authors(self) -> list[str]:
        """Who made it, where the notebook says."""
        return self.notebook.authors

    @property
    def filename(self) -> str:
        """The notebook's own name."""
        return self.notebook.path.name

    @property
    def headed(self) -> bool:
        """Whether the first block has the title in it."""
        return bool(self.blocks) and "<h1" in self.blocks[0].html

    @property
    def alive(self) -> bool:
        """Whether any work on it is steered."""
        return any(block.plate and block.plate.easel for block in self.blocks)

    @property
    def sounds(self) -> bool:
        """Whether there is a song on it."""
        return any(block.plate and block.plate.song for block in self.blocks)


class Pages:
    """Makes pages of notebooks."""

    def __init__(self, plates: Plates, easels: Easels, keep: Any, addresses: Mapping[Any, str]) -> None:
        self._plates = plates
        self._easels = easels
        self._keep = keep
        self._addresses = addresses

    def page(self, notebook: Notebook, address: str, stem: str) -> Page:
        """The page of a notebook; `stem` begins the names of its works."""
        made = Page(notebook, address)
        prose = Prose(notebook.path.parent, self._keep, self._addresses)
        for cell in notebook.cells:
            if cell.kind == "markdown" and cell.source.strip():
                made.blocks.append(Block("prose", Markup(prose.html(cell.source, cell.attachments))))
            elif cell.kind == "code":
                self._code(made, cell, prose, stem)
        made.faults += prose.faults
        return made

    def _code(self, made: Page, cell: Cell, prose: Prose, stem: str) -> None:
        if "remove-cell" in cell.tags or "hide-cell" in cell.tags:
            return
        if cell.source.strip() and "remove-input" not in cell.tags:
            html = Markup(listing.cell(cell.source.strip("\n")))
            made.blocks.append(Block("cell", html, cell.source.strip().split("\n")[0][:200]))
        others: list[Mapping[str, Any]] = []
        steered = False
        for output in cell.outputs:
            if works.is_easel(output):
                steered = True
            elif works.is_work(output):
                self._flush(made, others, prose)
                self._work(made, output, steered, stem, cell.tags)
                steered = False
            else:
                others.append(output)
        self._flush(made, others, prose)

    def _flush(self, made: Page, others: list[Mapping[str, Any]], prose: Prose) -> None:
        html = outputs.html(others, prose, self._keep)
        if html:
            made.blocks.append(Block("outputs", Markup(html)))
        others.clear()

    def _work(self, made: Page, output: Mapping[str, Any], steered: bool, stem: str, tags: Sequence[str]) -> None:
        found = works.found(output, steered)
        made.works += 1
        plate = self._plates.plate(found, f"{stem}-{made.works:02d}")
        if plate.song and found.easel is not None:
            self._easels.reports.append(f"{plate.id}: a song stands here to be heard; its sliders are not published")
        elif found.easel is not None and found.work is not None and not found.faults:
            plate = replace(plate, easel=self._easels.easel(plate, found.work, found.easel))
        made.blocks.append(Block("plate", plate=plate))
        made.faults += [f"work {made.works} ({plate.art} {plate.digest}): {fault}" for fault in found.faults]
        if candidate := covers.candidate(plate, found, self._plates, covers.TAG in tags):
            made.candidates.append(candidate)


@functools.cache
def templates() -> Any:
    """The templates, everything escaped unless it is Markup."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("genart_nb.publishing.site"), autoescape=True, trim_blocks=True)
    environment.filters["script_json"] = script_json
    environment.filters["told"] = told
    environment.filters["filename"] = lambda path: str(path).rpartition("/")[2]
    environment.filters["brief"] = lambda text: " ".join(str(text)[: 2 * BRIEF].split())[:BRIEF]
    return environment


def told(text: str) -> Markup:
    """Words in which `backticks` mark what is typed, escaped."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:
        return Markup.escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def script_json(value: Any) -> Markup:
    """JSON inside a `<script>`: no tag and no comment can begin in it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\u2028", "\\u2028")
    text = text.replace("\u2029", "\\u2029").replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)


def static(name: str) -> str:
    """One of our own scripts or style sheets."""
    return resources("genart_nb.publishing.site").joinpath("static", name).read_text(encoding="utf-8")
