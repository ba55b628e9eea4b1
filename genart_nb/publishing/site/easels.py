"""Easels on a page: which of three rungs each stands on, and the JSON its sliders are made from.

1. frames: pictures painted ahead on a grid; 2. the painter itself, in the reader's browser; 3. a reader's own kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from genart_nb import writing
from genart_nb.arts.form import art
from genart_nb.artwork import Artwork
from genart_nb.errors import GenartError, ModelNotFoundError
from genart_nb.models.card import Package, Shipped
from genart_nb.publishing.site import frames as ahead
from genart_nb.publishing.site.folder import Files
from genart_nb.publishing.site.plates import Plate, card_of
from genart_nb.studio import Studio
from genart_nb.widgets import controls, grid

Told = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What the author asks of easels: `frames` overrides theirs ("" leaves it, "none" means no frames at all).

    `most` is how many bytes the painter may have on a page that holds everything; None where it lies beside the page.
    """

    frames: str = ""
    budget: int = ahead.BUDGET
    painter: bool = True
    most: int | None = None


@dataclass
class Easels:
    """Makes the living part of plates. `recipes` gathers what `genart serve` may be asked for."""

    files: Files
    desk: Studio
    wanted: Wanted
    told: Told = lambda line: None
    recipes: dict[str, dict[str, Any]] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    shared: dict[str, Any] | None = None

    def easel(self, plate: Plate, work: Artwork, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON of one easel; what cannot be made alive is said in `reports`, and the still stays."""
        form, recipe = art(work.recipe.art), work.recipe
        rows = controls.controls(form, recipe, card_of(recipe))
        self.recipes[plate.id] = recipe.model_dump(mode="json")
        made: dict[str, Any] = {
            "id": plate.id, "seed": recipe.seed, "controls": controls.as_json(rows), "values": controls.values(rows),
            "cell": told_cell(work, plate.cell), "said": [],
        }  # fmt: skip
        made["frames"] = self._frames(plate, work, rows, str(asked.get("frames") or ""), made["said"])
        made["painter"] = self._painter(plate, work, made["said"])
        if not made["said"]:
            made["said"].append("The sliders of this work wake where “genart serve” serves the page.")
        return made

    def _frames(self, plate: Plate, work: Artwork, rows: Any, asked: str, said: list[str]) -> dict[str, Any] | None:
        text = self.wanted.frames or asked or (grid.usual(rows) if _quick(work) else "")
        if text == "none" or not text:
            return None
        try:
            axes = grid.read(text, rows, work.recipe.seed)
            if not axes:
                return None
            sprite = ahead.paint(work, axes, self.desk, self.wanted.budget, self.told)
        except GenartError as error:
            self._failed(plate, "no frames", error)
            return None
        self.reports.append(f"{plate.id}: {sprite.said or f'{sprite.count} texts'}, made in {sprite.seconds:.1f} s")
        names = [
            self.files.add(f"works/{plate.id}-frames{number}.webp", sheet)
            for number, sheet in enumerate(sprite.sheets, 1)
        ]
        steps = ", ".join(f"{axis.label} in {len(axis.values)} steps" for axis in axes)
        said.append(f"These sliders show {sprite.count} {'texts' if sprite.texts else 'pictures'} made ahead: {steps}.")
        facts = {name: getattr(sprite, name) for name in ("width", "height", "columns", "rows", "texts")}
        return {"axes": [asdict(axis) for axis in axes], "sheets": names, **facts}

    def _painter(self, plate: Plate, work: Artwork, said: list[str]) -> dict[str, Any] | None:
        """The painter in the browser, for works of a model that can be exported."""
        card = card_of(work.recipe)
        if not self.wanted.painter or card is None or card.loader != "painter":
            return None
        try:
            from genart_nb.publishing.browser import bundle
        except ImportError:
            return None
        try:
            data = bundle.easel(work.recipe, self.desk)
            shared = self._shared(bundle, work)
        except GenartError as error:
            self._failed(plate, "not painted in the browser", error)
            return None
        path, script = f"works/{plate.id}-painter.js", _registered(plate.id, data)
        nbytes = shared["nbytes"] + len(script)
        if self.wanted.most is not None and nbytes > self.wanted.most:
            size = ahead.size_of(nbytes)
            self.reports.append(f"{plate.id}: the painter is left out, it has {size}; --max-size 60MB makes room")
            return None
        self.files.add(path, script)
        said.append(
            f"“Paint here” loads the painter itself, {ahead.size_of(nbytes)}: then every slider and any seed works, "
            "in this browser, with no server."
        )
        return {"data": path, **shared, "nbytes": nbytes}

    def _shared(self, bundle: Any, work: Artwork) -> dict[str, Any]:
        """The painter's weights and programs, once per site."""
        if self.shared is None:
            import tempfile

            with tempfile.TemporaryDirectory() as folder:
                made = bundle.assets(Path(folder), card_of(work.recipe))
                names = [
                    self.files.add(f"assets/painter/{path.relative_to(folder).as_posix()}", path.read_bytes())
                    for path in made
                ]
            nbytes = sum(len(self.files.held[name]) for name in names)
            entry = next(name for name in names if name.endswith("/client.js"))
            self.shared = {"base": "assets/painter/", "entry": entry, "nbytes": nbytes}
        return self.shared

    def _failed(self, plate: Plate, what: str, error: GenartError) -> None:
        again = ", or publish with --run" if isinstance(error, ModelNotFoundError) else ""
        self.reports.append(f"{plate.id}: {what}. {error}{again}")


def _quick(work: Artwork) -> bool:
    """Whether frames nobody asked for may be made: where the model came with the installation and is quick."""
    card = card_of(work.recipe)
    return card is None or (isinstance(card.source, Shipped | Package) and not isinstance(work.data, str))


def told_cell(work: Artwork, written: str) -> dict[str, Any] | None:
    """What a page needs to write the cell of other values; None where no magic line can say it."""
    recipe, form = work.recipe, art(work.recipe.art)
    arguments = writing.arguments_of(recipe)
    if arguments is None or not written.startswith("%"):
        return {"own": written}
    line, _, body = written.partition("\n")
    table = {row.name: row.default for row in form.options.table()}
    usual = {name: value for name, value in recipe.options.items() if name in table and name not in arguments}
    return {
        "own": written, "art": recipe.art, "body": body, "raw": line.endswith(" --raw"),
        "model": arguments.get("model"), "options": dict(recipe.options), "usual": {**table, **usual},
    }  # fmt: skip


def _registered(id: str, data: Mapping[str, Any]) -> str:
    """A classic script that hands over data: pages opened from a disk may not fetch."""
    import json

    text = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f"((g) => {{ (g.data ??= {{}})[{json.dumps(id)}] = {text}; }})(globalThis.genart ??= {{}});\n"
