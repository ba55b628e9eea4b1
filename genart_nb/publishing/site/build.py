"""From notebooks to a folder: pages, an index, a feed, scripts, and the manifest that says which files are ours."""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import mimetypes
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genart_nb.errors import GenartError, UsageError
from genart_nb.publishing import crate, signing
from genart_nb.publishing.site import covers, folder, single
from genart_nb.publishing.site.easels import Easels, Wanted
from genart_nb.publishing.site.folder import Files
from genart_nb.publishing.site.notebook import Notebook
from genart_nb.publishing.site.page import POLICY, Page, Pages, static, templates
from genart_nb.publishing.site.plates import Plates
from genart_nb.studio import Studio, studio

SCRIPTS = ("site.js",)
STYLES = ("site.css", "song.css", "easel.css")
SUNG = ("song.js",)
LIVE = ("cell.js", "easel_frames.js", "easel_painter.js", "easel_kernel.js", "easel.js", "easel_controls.js")
_UNNAMED = re.compile(r"[^\w-]+")
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")

Told = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What is asked for. `url` is where the folder will be served from, `repo` where the notebooks are kept."""

    to: Path
    title: str = ""
    url: str = ""
    repo: str = ""
    metadata: bool = True
    single_file: bool = False
    sign: bool = True
    wanted: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True)
class Published:
    """What was written: `index` is the file to open, `reports` and `faults` are to be told."""

    index: Path
    files: int
    nbytes: int
    reports: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    """What every template knows."""

    title: str
    url: str
    version: str
    language: str = "en"
    summary: str = ""


def publish(
    given: Sequence[Notebook], order: Order, desk: Studio | None = None, told: Told = lambda line: None
) -> Published:
    """Write the site of some notebooks; raises GenartError and then has written nothing."""
    if not given:
        raise UsageError("Which notebook?", "genart publish my.ipynb --to site")
    for name, address in (("--url", order.url), ("--repo", order.repo)):
        if address and not _ADDRESS.fullmatch(address):
            raise UsageError(f"{name} {address!r} is no address.", f"write {name} https://example.org/me/")
    folder.check(order.to)
    return _Build(given, order, desk or studio(), told).run()


class _Build:
    def __init__(self, given: Sequence[Notebook], order: Order, desk: Studio, told: Told) -> None:
        from genart_nb.version import __version__

        self.given, self.order, self.told = given, order, told
        self.files = Files()
        self.plates = Plates(self.files, order.metadata)
        self.easels = Easels(self.files, desk, order.wanted, told)
        alone = len(given) == 1
        self.stems = _stems(given)
        self.addresses = {
            each.path.resolve(): "index.html" if alone and not order.single_file else f"{stem}.html"
            for each, stem in zip(given, self.stems, strict=True)
        }
        title = order.title or (given[0].title if alone else "Works")
        url = order.url.rstrip("/") + "/" if order.url else ""
        self.site = Site(title, url, __version__, summary=given[0].summary if alone else "")
        self.reports: list[str] = []

    def run(self) -> Published:
        pages = Pages(self.plates, self.easels, self._keep, self.addresses)
        made = []
        for each, stem in zip(self.given, self.stems, strict=True):
            self.told(f"{each.path.name}")
            page = pages.page(each, self.addresses[each.path.resolve()], stem)
            page.download = self.files.add(f"notebooks/{stem}.ipynb", each.content)
            page.badges = _badges(self.order.repo, each.path)
            page.date = _date(each.path)
            made.append(page)
        covers.choose(made)
        self._write_pages(made)
        if self.order.single_file:
            single.inline(self.files, [page.address for page in made], self.reports)
        return self._finish(made)

    def _write_pages(self, made: Sequence[Page]) -> None:
        alone = len(made) == 1
        for page in made:
            names = (*SCRIPTS, *(SUNG if page.sounds else ()), *(LIVE if page.alive else ()))
            self._write("page.html.j2", page.address, names, page, kind="article", home="" if alone else "index.html")
        if not alone and not self.order.single_file:
            self._write("index.html.j2", "index.html", SCRIPTS, None, kind="website", pages=made)
        self.files.add("assets/site.css", "".join(map(static, STYLES)))
        if self.site.url:
            self._feed(made)
        else:
            self.reports.append("no feed and no picture for shared links: they need --url, the address of the folder")

    def _write(self, template: str, address: str, names: Sequence[str], page: Page | None, **more: Any) -> None:
        scripts = [{"path": self.files.add(f"assets/{name}", static(name))} for name in names]
        facts: dict[str, Any] = {"title": self.site.title, "summary": self.site.summary, "cover": ""}
        if page is not None:
            facts = {"title": page.title, "summary": page.summary, "cover": page.cover, "page": page}
        text = (
            templates()
            .get_template(template)
            .render(site=self.site, policy=POLICY, address=address, scripts=scripts, **facts, **more)
        )
        self.files.add(address, text)

    def _feed(self, made: Sequence[Page]) -> None:
        items = [
            {
                "title": page.title, "address": page.address, "summary": page.summary, "date": page.date,
                "cover": page.cover, "cover_bytes": len(self.files.held.get(page.cover, b"")),
                "cover_type": mimetypes.guess_type(page.cover)[0] or "image/png",
            }
            for page in made
        ]  # fmt: skip
        self.files.add("feed.xml", templates().get_template("feed.xml.j2").render(site=self.site, pages=items))

    def _keep(self, suffix: str, content: bytes) -> str:
        """A file that is no work, named by what is in it."""
        return self.files.add(f"files/{hashlib.sha256(content).hexdigest()[:16]}{suffix}", content)

    def _finish(self, made: Sequence[Page]) -> Published:
        if not self.order.single_file:
            self._attest(made)
        manifest = {"site": self.site.title, "version": self.site.version, "easels": self.easels.recipes}
        written = folder.write(self.order.to, self.files, manifest)
        reports = (*self.reports, *self.easels.reports)
        index = self.order.to / ("index.html" if "index.html" in self.files.held else made[0].address)
        faults = tuple(f"{page.notebook.path.name}: {fault}" for page in made for fault in page.faults)
        return Published(index, len(written), self.files.nbytes, reports, faults)

    def _attest(self, made: Sequence[Page]) -> None:
        """Sign the works and describe the folder, in a copy of it; what cannot be done here is said."""
        authors = list(dict.fromkeys(name for page in made for name in page.authors))
        with tempfile.TemporaryDirectory() as place:
            stage = Path(place) / "site"
            for path, content in self.files.held.items():
                (stage / path).parent.mkdir(parents=True, exist_ok=True)
                (stage / path).write_bytes(content)
            self._sign(stage, ", ".join(authors))
            records = {path: work.record for path, work in self.plates.written.items()}
            told = crate.describe(stage, records, title=self.site.title, authors=authors, metadata=self.order.metadata)
            if not told:
                self.reports.append(told.reason)
            for each in stage.rglob("*"):
                name = each.relative_to(stage).as_posix()
                if each.is_file() and (name not in self.files.held or name in records):
                    self.files.add(name, each.read_bytes())

    def _sign(self, stage: Path, author: str) -> None:
        if not (self.order.sign and self.order.metadata):
            return
        for path, work in self.plates.written.items():
            if work.medium_name == "text":
                continue
            try:
                told = signing.sign(stage / path, work.record, author)
            except GenartError as error:
                self.reports.append(str(error))
                continue
            if not told:
                self.reports.append(told.reason)
                return


def _stems(given: Sequence[Notebook]) -> list[str]:
    """Names for pages: the notebooks' own, told apart where two are the same."""
    taken: set[str] = {"index"}
    names = []
    for each in given:
        base = _UNNAMED.sub("-", each.path.stem).strip("-") or "page"
        name, number = base, 1
        while name.lower() in taken:
            number += 1
            name = f"{base}-{number}"
        taken.add(name.lower())
        names.append(name)
    return names


def _badges(repo: str, path: Path) -> tuple[dict[str, str], ...]:
    """Links that open the notebook in a borrowed kernel; nothing is loaded from there."""
    found = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?(?:(?:tree|blob)/([\w./-]+))?/?", repo)
    if not repo:
        return ()
    if not found:
        return ({"label": "Repository", "href": repo},)
    home, branch = found[1], found[2] or "HEAD"
    inside = _in_repository(path)
    return (
        {"label": "Open in Binder", "href": f"https://mybinder.org/v2/gh/{home}/{branch}?labpath={inside}"},
        {"label": "Open in Colab", "href": f"https://colab.research.google.com/github/{home}/blob/{branch}/{inside}"},
    )


def _in_repository(path: Path) -> str:
    from urllib.parse import quote

    real = path.resolve()
    root = next((each for each in real.parents if (each / ".git").exists()), real.parent)
    return quote(real.relative_to(root).as_posix())


def _date(path: Path) -> str:
    try:
        changed = path.stat().st_mtime
    except OSError:
        return ""
    return email.utils.format_datetime(datetime.datetime.fromtimestamp(changed, datetime.UTC))
