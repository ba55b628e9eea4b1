"""Thumbnails without a server: every medium has one, and all of them together stay within their bound."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from genart_nb.artwork import Artwork
from genart_nb.gallery import Gallery
from genart_nb.media.clip import Clip
from genart_nb.media.contact import ContactSheet
from genart_nb.media.song import Note, Song
from genart_nb.media.vector import Vector
from genart_nb.recipe import Recipe
from genart_nb.server import thumbnails
from genart_nb.server.thumbnails import GoneError, Thumbnails

RED = Image.new("RGB", (64, 32), "red")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32"><path d="M0 0h64v32H0Z" fill="red"/></svg>'
WORKS: list[tuple[str, Any]] = [
    ("picture", RED),
    ("contact", ContactSheet((RED, RED), ("one", "two"), 2)),
    ("vector", Vector(SVG, RED)),
    ("clip", Clip((RED, Image.new("RGB", (64, 32), "blue")))),
    ("song", Song(((Note(0, 12, 60),),))),
]


@pytest.fixture
def small(tmp_path: Path) -> Thumbnails:
    return Thumbnails(Gallery(tmp_path / "gallery"), tmp_path / "thumbnails", bound=12_000)


@pytest.mark.parametrize(("medium", "data"), WORKS, ids=[name for name, _ in WORKS])
def test_every_medium_has_one(small: Thumbnails, medium: str, data: Any) -> None:
    small.gallery.keep(Artwork(Recipe(art="paint", prompt="x", model="m", seed=1), data, medium))
    entry = small.gallery.search()[0]
    for _ in range(2):  # made, then kept
        kind, content = small.of(entry, 256)
        assert kind == "image/webp"
        with Image.open(io.BytesIO(content)) as picture:
            assert 0 < max(picture.size) <= 256
    entry.file.unlink()
    with pytest.raises(GoneError):
        small.of(entry, 256)


def test_they_stay_within_their_bound(small: Thumbnails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnails, "_LOOK", 1)
    for seed in range(12):
        picture = Image.effect_noise((64, 64), 90 + seed).convert("RGB")
        small.gallery.keep(Artwork(Recipe(art="paint", prompt="x", model="m", seed=seed), picture, "picture"))
    for entry in small.gallery.search():
        small.of(entry, 256)
    held = list(small.home.iterdir())
    assert 0 < len(held) < 12 and sum(each.stat().st_size for each in held) <= 12_000


def test_without_a_cache_folder_it_works_too(small: Thumbnails) -> None:
    small.home.parent.mkdir(exist_ok=True)
    small.home.write_text("a file where the folder should be")
    small.gallery.keep(Artwork(Recipe(art="paint", prompt="x", model="m", seed=1), RED, "picture"))
    assert small.of(small.gallery.search()[0], 256)[0] == "image/webp"
