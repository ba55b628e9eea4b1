"""Covers: what stands for a page is telling, the author's choice where there is one, and no two are the same."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from books import Book
from PIL import Image

from genart_nb.artwork import Artwork
from genart_nb.media.clip import Clip
from genart_nb.media.vector import Vector
from genart_nb.publishing.site import build, notebook
from genart_nb.publishing.site.easels import Wanted
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parents[2] / "media"))
import tunes


def painted(colour: str, art: str = "paint") -> Artwork:
    recipe = Recipe(art=art, prompt=colour, model="none", seed=1)
    return Artwork(recipe, Image.new("RGB", (64, 64), colour), "picture")


def poem(words: str) -> Artwork:
    return Artwork(Recipe(art="poem", prompt="x", model="none", seed=1), words, layout="verse")


def song() -> Artwork:
    return Artwork(Recipe(art="compose", prompt="x", model="none", seed=1), tunes.scale(2), "song", layout="song")


def cards(tmp_path: Path, *books: Book) -> list[str]:
    """What stands on each card: a colour, or words."""
    given = [notebook.read(book.save()) for book in books]
    made = build.publish(given, build.Order(tmp_path / "s", sign=False, wanted=Wanted(painter=False)))
    found = []
    for card in re.findall(r'<li class="card">(.*?)</li>', made.index.read_text(), re.DOTALL):
        picture = re.search(r'<img src="([^"]+)"', card)
        words = re.search(r'<div class="excerpt"><span>(.*?)</span>', card, re.DOTALL)
        found.append(colour(tmp_path / "s" / picture[1]) if picture else words[1] if words else "")
    return found


def colour(path: Path) -> str:
    held = Image.open(io.BytesIO(path.read_bytes())).convert("RGB").getpixel((5, 5))
    names = {"red": (255, 0, 0), "blue": (0, 0, 255), "lime": (0, 255, 0), "white": (255, 255, 255)}
    near = {name: sum(abs(a - b) for a, b in zip(held, there, strict=True)) for name, there in names.items()}
    return min(near, key=lambda name: near[name])


@pytest.fixture
def books(tmp_path: Path, desk: Studio) -> list[Book]:
    return [Book(tmp_path / name, f"{name}.ipynb") for name in "abc"]


def test_two_pages_that_begin_with_the_same_picture_have_covers_of_their_own(books: list[Book], tmp_path: Path) -> None:
    books[0].work(painted("red")).work(painted("blue"))
    books[1].work(painted("red")).work(painted("lime"))
    assert cards(tmp_path, *books[:2]) == ["red", "lime"]


def test_the_only_picture_of_a_page_is_left_to_it(books: list[Book], tmp_path: Path) -> None:
    books[0].work(painted("red")).work(painted("blue"))
    books[1].work(painted("red")).work(painted("red"))
    assert cards(tmp_path, *books[:2]) == ["blue", "red"]
    books[2].work(painted("red"))
    assert cards(tmp_path, *books) == ["blue", "red", "red"], "where there is no other, it is the same"


def test_a_page_is_covered_by_the_art_it_has_most_of(books: list[Book], tmp_path: Path) -> None:
    books[0].work(painted("red")).work(painted("blue", "restyle")).work(painted("lime", "restyle"))
    books[1].work(poem("no")).work(poem("nor this")).work(painted("lime"))
    assert cards(tmp_path, *books[:2]) == ["blue", "lime"], "and by a picture before words"


def test_the_author_says_which(books: list[Book], tmp_path: Path) -> None:
    books[0].work(painted("red")).work(painted("blue"))
    books[1].work(painted("red")).work(painted("blue")).work(poem("Chosen <b>words</b>"))
    books[1].cells[1]["metadata"]["tags"] = ["cover"]
    assert cards(tmp_path, *books[:2]) == ["red", "blue"]
    books[1].cells[1]["metadata"]["tags"] = []
    books[1].cells[2]["metadata"]["tags"] = ["cover"]
    assert cards(tmp_path, *books[:2]) == ["red", "Chosen &lt;b&gt;words&lt;/b&gt;"]
    books[0].cells[1]["metadata"]["tags"] = books[1].cells[1]["metadata"]["tags"] = ["cover"]
    assert cards(tmp_path, *books[:2]) == ["blue", "blue"], "their choice stands, even where it is the same"


def test_songs_poems_clips_and_drawings_have_covers_too(books: list[Book], tmp_path: Path) -> None:
    frames = tuple(Image.new("RGB", (64, 64), each) for each in ("red", "blue", "lime"))
    drawing = Vector('<svg width="9" height="9"><path d="M0 0"/></svg>', Image.new("RGB", (64, 64), "lime"))
    recipe = Recipe(art="animate", prompt="x", model="none", seed=1)
    books[0].work(song())
    books[1].work(Artwork(recipe, Clip(frames, fps=4), "clip"))
    books[2].work(Artwork(recipe, drawing, "vector"))
    words = [Book(tmp_path / name, f"{name}.ipynb") for name in "de"]
    words[0].work(poem("One")).work(poem("Two"))
    words[1].work(poem("One")).work(poem("Two"))
    assert cards(tmp_path, *books, *words, Book(tmp_path / "f", "f.ipynb").prose("# Nothing")) == [
        "white", "blue", "lime", "One", "Two", "",
    ]  # fmt: skip
    (cover,) = (tmp_path / "s" / "works").glob("a-*-cover.webp")
    assert len(Image.open(cover).getcolors(1 << 20) or ()) > 4, "a song's is its roll"
