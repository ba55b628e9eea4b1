"""A studio with an art form that needs no weights, and notebooks to publish."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from books import Book

from genart_nb.artwork import Artwork
from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parents[2] / "widgets"))
import meadow


@pytest.fixture
def desk(genart_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Studio]:
    """The kernel's studio, new, with the meadow on offer and a gallery of its own."""
    yield from meadow.on_offer(monkeypatch, tmp_path)


@pytest.fixture
def hills(desk: Studio) -> Artwork:
    """A picture of the meadow."""
    recipe = desk.recipe("meadow", "hills at dawn", {"pause": 0.0, "size": 64}, seed=7)
    return desk.make(recipe).artwork(30)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "author")
