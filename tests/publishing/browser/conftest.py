"""The starter painter, packed as for a site, and pages that run it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_visit import Visit
from playwright.sync_api import Browser

from genart_nb.gallery import Gallery
from genart_nb.models import registry
from genart_nb.models.card import ModelCard
from genart_nb.publishing.browser import bundle
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    page = chromium.new_page()
    yield Visit(page)
    page.close()


@pytest.fixture(scope="session")
def card() -> ModelCard:
    return registry.card("painter", "picture")


@pytest.fixture(scope="session")
def shelf(card: ModelCard, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a site's painter, written once."""
    folder = tmp_path_factory.mktemp("painter")
    bundle.assets(folder, card)
    return folder


@pytest.fixture
def site(shelf: Path, tmp_path: Path) -> Path:
    """A site of one's own, to be spoilt."""
    for path in shelf.glob("*.js"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    studio = Studio(gallery=Gallery(tmp_path_factory.mktemp("gallery")))
    yield studio
    studio.close()


@pytest.fixture(scope="session")
def recipe(desk: Studio) -> Callable[..., Recipe]:
    """A recipe that is quick to paint in a browser."""

    def write(prompt: str = "a fox on a hill at night", seed: int = 7, **options: Any) -> Recipe:
        return desk.recipe("paint", prompt, {"steps": 3, "size": 128, **options}, model="painter", seed=seed)

    return write


@pytest.fixture(scope="module")
def awake(chromium: Browser, shelf: Path, desk: Studio, recipe: Callable[..., Recipe]) -> Iterator[Visit]:
    """A page whose painter is awake for a fox; shared, since waking takes seconds."""
    visit = Visit(chromium.new_page())
    visit.open(shelf)
    assert visit.wake(bundle.easel(recipe(), desk)) == ""
    yield visit
    visit.page.close()
