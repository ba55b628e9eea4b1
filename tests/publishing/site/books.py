"""Notebooks written on the spot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from genart_nb.artwork import MIME, Artwork

WIDGET = "application/vnd.jupyter.widget-view+json"


class Book:
    """A notebook while it is written; `save` puts it on the disk."""

    def __init__(self, folder: Path, name: str = "book.ipynb") -> None:
        self.path = folder / name
        self.cells: list[dict[str, Any]] = []
        self.metadata: dict[str, Any] = {}

    def prose(self, text: str, **more: Any) -> Book:
        self.cells.append({"cell_type": "markdown", "metadata": {}, "source": text, **more})
        return self

    def code(self, source: str, *outputs: dict[str, Any], tags: list[str] | None = None) -> Book:
        metadata = {"tags": tags} if tags else {}
        cell = {"cell_type": "code", "metadata": metadata, "source": source, "outputs": list(outputs)}
        self.cells.append({**cell, "execution_count": None})
        return self

    def work(self, work: Artwork, source: str = "%%meadow", **easel: Any) -> Book:
        return self.code(source, *outputs_of(work, easel or None))

    def save(self) -> Path:
        held = {"nbformat": 4, "nbformat_minor": 4, "metadata": self.metadata, "cells": self.cells}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(held), encoding="utf-8")
        return self.path


def outputs_of(work: Artwork, easel: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What the kernel would have stored of a work, on an easel or not."""
    data, metadata = work._repr_mimebundle_()
    if easel is not None:
        metadata = {MIME: {**metadata.get(MIME, {}), "easel": easel}}
    still = {"output_type": "display_data", "data": json.loads(json.dumps(data)), "metadata": metadata}
    live = {"output_type": "display_data", "metadata": {}}
    live["data"] = {WIDGET: {"model_id": "x"}, "text/plain": f"<genart easel {work.recipe.art}>"}
    return [still] if easel is None else [live, still]
