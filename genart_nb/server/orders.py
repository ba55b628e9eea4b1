"""What the toolbar and the model shelf ask for.

GET    /genart/models         every model card: licence, size, abilities, and the command that installs it
POST   /genart/errands        {"do": "publish" or "check", "path": NOTEBOOK, "single_file": true, "painter": false}
GET    /genart/errands/ID     how far it is; when it is done, the page it wrote, by its path below the server's root;
                              a published folder's as it is seen from /files: ../genart/sites/KEY/index.html
DELETE /genart/errands/ID     stop it

A notebook is named as Jupyter names it, below the server's root; whatever leads out of the root, by dots or by links,
is refused. What is written lies beside the notebook.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tornado import web

from genart_nb.errors import UsageError
from genart_nb.server.errands import Errand, Errands
from genart_nb.server.handler import Handler, told
from genart_nb.server.sites import sites

_ID = r"(?P<id>[0-9a-f]{16})"
_REPORT = re.compile(r"side by side: (.+)$")


class Models(Handler):
    """GET /genart/models."""

    @told
    async def get(self) -> Any:
        """Made on another thread: it reads entry points and looks for files."""
        return {"models": await self.aside(cards)}


class ErrandHandler(Handler):
    """What the errands' routes share."""

    @property
    def errands(self) -> Errands:
        """Those of this server."""
        settings = self.settings
        if "genart_errands" not in settings:
            settings["genart_errands"] = Errands()
        found: Errands = settings["genart_errands"]
        return found

    @property
    def root(self) -> Path:
        """The folder that this server shows; raises UsageError where its notebooks are no files of this machine."""
        root = getattr(self.contents_manager, "root_dir", "")
        if not root:
            raise UsageError("This server keeps its notebooks elsewhere than in files.", "genart publish FILE, there")
        return Path(root).expanduser().resolve()

    def shown(self, errand: Errand) -> dict[str, Any]:
        """An errand, with the page that it wrote as a path below the root, for Jupyter's /files to show.

        Of a folder /files could show no more than the bare page, so its path leads from there to `sites`.
        """
        answer = errand.told()
        page = _below(self.root, errand.folder, _written(answer))
        if page and errand.kind == "publish" and "--single-file" not in errand.arguments:
            page = f"../genart/{sites(self.settings).path(self.root / page)}"
        return {**answer, "result": page}


class Begin(ErrandHandler):
    """POST /genart/errands."""

    @told
    async def post(self) -> Any:
        """Start one."""
        body = self.get_json_body()
        body = body if isinstance(body, dict) else {}
        kind, path = body.get("do"), body.get("path")
        if kind not in ("publish", "check") or not isinstance(path, str):
            raise web.HTTPError(400, 'Say what: {"do": "publish" or "check", "path": NOTEBOOK}.')
        notebook = confined(self.root, path)
        arguments = ["check", _named(notebook)]
        if kind == "publish":
            alone, painter = body.get("single_file") is not False, body.get("painter") is True
            arguments = publishing(notebook, alone=alone, painter=painter)
        return self.shown(self.errands.begin(str(kind), path, arguments, notebook.parent))


class Watch(ErrandHandler):
    """GET and DELETE /genart/errands/ID."""

    @told
    async def get(self, id: str) -> Any:
        """How far it is."""
        return self.shown(self.errands.get(id))

    @told
    async def delete(self, id: str) -> Any:
        """Stop it."""
        errand = self.errands.get(id)
        errand.stop()
        return self.shown(errand)


def confined(root: Path, path: str) -> Path:
    """The notebook of that path below the root; raises UsageError for anything else."""
    wrong = UsageError(f"{path[:200]!r} is no notebook below the server's folder.", "save it there first")
    try:
        found = (root / path.lstrip("/")).resolve()
    except (OSError, ValueError, RuntimeError):
        raise wrong from None
    if not found.is_relative_to(root) or found.suffix != ".ipynb" or not found.is_file():
        raise wrong
    return found


def publishing(notebook: Path, *, alone: bool, painter: bool) -> list[str]:
    """Arguments of `genart publish`; the pages lie beside the notebook, in a folder named for it."""
    given = ["publish", _named(notebook), "--to", f"./{notebook.stem}-site"]
    return [*given, *(["--single-file"] if alone else []), *([] if painter else ["--no-painter"])]


def _named(notebook: Path) -> str:
    return f"./{notebook.name}"  # a name may begin with a dash, and is no option


def cards() -> list[dict[str, Any]]:
    """Facts about every model on offer, those that can be used now first."""
    from genart_nb.models import registry, weights
    from genart_nb.models.card import Package
    from genart_nb.studio import DEFAULTS

    told = []
    for card in registry.cards():
        status = weights.status(card)
        install = card.source.install if isinstance(card.source, Package) else ""
        told.append({
            "id": card.id, "kind": card.kind, "title": card.title, "licence": card.licence, "size": card.size,
            "languages": list(card.languages), "abilities": dict(card.abilities), "limits": card.limits,
            "homepage": card.homepage, "state": status.state, "detail": status.detail,
            "install": status.fix or install, "first": DEFAULTS.get(card.kind) == card.id,
        })  # fmt: skip
    return sorted(told, key=lambda each: (each["state"] != "ready", each["kind"]))


def _written(answer: dict[str, Any]) -> str:
    """The page that an errand says it wrote."""
    if answer["kind"] == "publish":
        return str(answer["out"][-1]) if answer["state"] == "done" and answer["out"] else ""
    return next((found[1] for line in reversed(answer["out"]) if (found := _REPORT.search(line))), "")


def _below(root: Path, folder: Path, page: str) -> str:
    """The path of a page below the root; '' where there is none, or it lies elsewhere."""
    found = (folder / page).resolve() if page else root
    return found.relative_to(root).as_posix() if found.is_relative_to(root) and found.is_file() else ""


ORDERS: list[tuple[str, type[Handler]]] = [("models", Models), ("errands", Begin), (f"errands/{_ID}", Watch)]
"""Paths below /genart, and their handlers."""
