"""Whole sites: nothing from outside, nothing that runs, everything one click away."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from books import Book

from genart_nb import cli, marks
from genart_nb.artwork import Artwork
from genart_nb.errors import FolderError, UsageError
from genart_nb.publishing.site import build, notebook
from genart_nb.publishing.site.easels import Wanted
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u2028 {{7*7}} ]]> \" ' & `"


def publish(book: Book, to: Path, **order: Any) -> build.Published:
    wanted = order.pop("wanted", Wanted(painter=False))
    order.setdefault("sign", False)
    return build.publish([notebook.read(book.save())], build.Order(to, wanted=wanted, **order))


class Page(HTMLParser):
    """What a page has in it that a browser would follow or run."""

    LOADS = ("src", "srcset", "href", "poster", "data", "action", "xlink:href", "background")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[tuple[str, str]] = []
        self.handlers: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            if name in self.LOADS and not (tag == "a" and name == "href"):
                self.loads.append((tag, value or ""))
            if name.startswith("on"):
                self.handlers.append(f"{tag} {name}")


def test_a_page_holds_everything_and_asks_nobody(book: Book, hills: Artwork, desk: Studio, tmp_path: Path) -> None:
    poem = Artwork(Recipe(art="poem", prompt="sea", model="none", seed=1), "The sea", layout="verse", note="weak")
    book.prose("# Hills\n\nA [link](https://example.org) and <img src='https://example.org/a.png'>.")
    book.work(hills, "%%meadow --seed 7").work(poem).work(hills, frames="freedom=3")
    book.code(
        "1", {"output_type": "execute_result", "data": {"text/html": "<script src='https://x.org/a.js'></script>"}}
    )
    made = publish(book, tmp_path / "site", url="https://me.example/art")
    held = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert made.files == len(held) - 1 and made.index == tmp_path / "site" / "index.html"
    for path in held:
        if path.suffix in (".html", ".css", ".js"):
            check_alone(path, tmp_path / "site")
    text = made.index.read_text()
    assert "Content-Security-Policy" in text and hills.recipe.digest in text and "weak" in text
    assert any("network" in fault for fault in made.faults)


def check_alone(path: Path, site: Path) -> None:
    text = path.read_text()
    if path.suffix == ".html":
        page = Page(text)
        assert not page.handlers
        for tag, address in page.loads:
            assert address.startswith("data:") or (site / address).is_file(), (tag, address)
        text = re.sub(r"<meta property=\"og:[^>]*>|<a [^>]*>|srcdoc=\"[^\"]*\"", "", text)
    for found in re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text):
        assert "w3.org" in found, (path, found)
    assert "@import" not in text


def test_hostile_words_stay_words(book: Book, desk: Studio, tmp_path: Path) -> None:
    recipe = desk.recipe("meadow", HOSTILE, {"pause": 0.0, "size": 64, "signature": "</script>"}, seed=7)
    work = desk.make(recipe).artwork(30)
    text = Artwork(Recipe(art="poem", prompt=HOSTILE, model="none", seed=1), HOSTILE, title=HOSTILE, note=HOSTILE)
    book.metadata = {"authors": [{"name": HOSTILE}]}
    book.prose(f"# {HOSTILE}").work(work, frames="freedom=2").work(text).code(HOSTILE)
    publish(book, tmp_path / "site", title=HOSTILE, url="https://x.org/")
    page = (tmp_path / "site" / "index.html").read_text()
    assert not Page(page).handlers and "alert(1)</script>" not in page and "49" not in Page(page).tags
    assert page.count("<script") == page.count("</script>") == len([tag for tag in Page(page).tags if tag == "script"])
    told = re.search(r'class="easel-data">(.*?)</script>', page, re.DOTALL)
    assert told and json.loads(told[1])["cell"]["body"].count("alert") == 2
    ElementTree.parse(tmp_path / "site" / "feed.xml")


def test_full_size_files_carry_their_recipe_unless_told_not_to(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills)
    publish(book, tmp_path / "a")
    publish(book, tmp_path / "b", metadata=False)
    (marked,), (bare,) = ((tmp_path / name / "works").glob("*.png") for name in "ab")
    found = marks.read(marked.read_bytes())
    assert found and found["digest"] == hills.recipe.digest
    assert marks.read(bare.read_bytes()) is None
    assert (tmp_path / "a" / "notebooks" / "book.ipynb").read_bytes() == book.path.read_bytes()


def test_several_notebooks_have_an_index_and_names_of_their_own(hills: Artwork, desk: Studio, tmp_path: Path) -> None:
    books = [Book(tmp_path / place) for place in "abc"]
    for each, name in zip(books, ("x.ipynb", "x.ipynb", "index.ipynb"), strict=True):
        each.path = each.path.with_name(name)
    for number, each in enumerate(books):
        each.prose(f"# Book {number}\n\nIt [goes on](../b/x.ipynb).").work(hills).save()
    given = [notebook.read(each.path) for each in books]
    order = build.Order(tmp_path / "s", "All", "https://x.org/a", sign=False, wanted=Wanted(painter=False))
    made = build.publish(given, order)
    pages = sorted(path.name for path in (tmp_path / "s").glob("*.html"))
    assert pages == ["index-2.html", "index.html", "x-2.html", "x.html"]
    index = made.index.read_text()
    assert index.count('class="card"') == 3 and 'href="x-2.html"' in index and "<h2>Book 2</h2>" in index
    assert 'href="x-2.html"' in (tmp_path / "s" / "x.html").read_text()
    items = ElementTree.parse(tmp_path / "s" / "feed.xml").findall(".//item")
    assert [item.findtext("title") for item in items] == ["Book 0", "Book 1", "Book 2"]
    assert items[0].findtext("link") == "https://x.org/a/x.html"
    cover = re.search(r'og:image" content="https://x.org/a/(works/[^"]+)"', (tmp_path / "s" / "x.html").read_text())
    assert cover and (tmp_path / "s" / cover[1]).is_file()


def test_without_an_address_there_is_no_feed_and_that_is_said(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills)
    made = publish(book, tmp_path / "s")
    assert any("--url" in report for report in made.reports) and not (tmp_path / "s" / "feed.xml").exists()
    assert "og:image" not in made.index.read_text()
    for wrong in ({"url": "example.org"}, {"url": 'https://x"y'}, {"repo": "javascript:alert(1)"}):
        with pytest.raises(UsageError, match="is no address"):
            publish(book, tmp_path / "s", **wrong)


def test_a_recipe_tells_where_it_was_made(book: Book, hills: Artwork, tmp_path: Path) -> None:
    page = publish(book.work(hills), tmp_path / "s").index.read_text()
    assert re.search(r"<dt>made</dt><dd[^>]*>in [\d.]+ s, .*genart_nb \d", page)


def test_badges_lead_to_the_repository(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills)
    page = publish(book, tmp_path / "s", repo="https://github.com/me/art/tree/main").index.read_text()
    assert 'href="https://mybinder.org/v2/gh/me/art/main?labpath=book.ipynb"' in page
    assert 'href="https://colab.research.google.com/github/me/art/blob/main/book.ipynb"' in page
    assert "mybinder" not in publish(book, tmp_path / "t").index.read_text()


def test_a_single_file_has_everything_inside(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.prose("# One").work(hills, frames="freedom=3")
    made = publish(book, tmp_path / "s", single_file=True)
    assert made.files == 1 and made.index.name == "book.html" and any("one file" in each for each in made.reports)
    page = Page(made.index.read_text())
    assert all(address.startswith("data:") for _, address in page.loads)
    assert '"sheets":["data:image/webp' in made.index.read_text()


def test_faults_are_on_the_page_and_told(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills)
    record = book.cells[0]["outputs"][0]["data"]["application/vnd.genart.v1+json"]
    record["recipe"]["seed"] = 8
    made = publish(book, tmp_path / "s")
    assert "edited by hand" in made.faults[0] and "edited by hand" in made.index.read_text()
    book.work(hills, frames="freedom=2")
    book.cells[1]["outputs"][1]["data"]["application/vnd.genart.v1+json"]["digest"] = "x"
    assert "easel-data" not in publish(book, tmp_path / "s").index.read_text(), "what is doubted is not made alive"


def test_a_notebook_without_outputs_is_a_page_all_the_same(book: Book, desk: Studio, tmp_path: Path) -> None:
    made = publish(book.prose("# Nothing yet").code("x = 1"), tmp_path / "s")
    assert "Nothing yet" in made.index.read_text() and "easel.js" not in made.index.read_text()
    assert publish(Book(tmp_path / "e"), tmp_path / "t").index.is_file()


def test_frames_that_cannot_be_made_leave_the_still(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills, frames="fredom=3")
    made = publish(book, tmp_path / "s")
    assert any("did you mean freedom" in report for report in made.reports)
    assert '"frames":null' in made.index.read_text()
    made = publish(book, tmp_path / "s", wanted=Wanted("freedom=2", painter=False))
    assert "2 frames" in " ".join(made.reports)


def test_the_command_publishes_and_refuses_what_it_should(
    book: Book, hills: Artwork, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = book.work(hills, frames="freedom=2").save()
    to = tmp_path / "s"
    assert cli.main(["publish", str(path), "--to", str(to), "--no-painter", "--no-sign", "--budget", "500kB"]) == 0
    assert capsys.readouterr().out.strip() == str(to / "index.html")
    (to / "index.html").write_text("mine")
    assert cli.main(["publish", str(path), "--to", str(to), "--no-painter", "--no-sign"]) == 1
    assert "index.html" in capsys.readouterr().err and (to / "index.html").read_text() == "mine"
    for wrong in (["--budget", "lots"], ["--set", "a=1"], ["--nonsense"], []):
        given = [str(path), *wrong] if wrong else []
        assert cli.main(["publish", *given, "--to", str(tmp_path / "t")]) == 2
    assert not (tmp_path / "t").exists()


def test_a_folder_of_others_is_refused_before_anything_is_painted(book: Book, hills: Artwork, tmp_path: Path) -> None:
    book.work(hills, frames="freedom=300")
    (tmp_path / "s").write_text("a file")
    with pytest.raises(FolderError):
        publish(book, tmp_path / "s")


def test_a_single_page_holds_the_painter_only_where_it_may(book: Book, desk: Studio, tmp_path: Path) -> None:
    recipe = desk.recipe("paint", "a cat wearing a top hat", {}, seed=7)
    book.work(desk.make(recipe).artwork(60), frames="none")
    made = publish(book, tmp_path / "s", single_file=True, wanted=Wanted(most=1_000_000))
    assert any("the painter is left out" in report for report in made.reports)
    made = publish(book, tmp_path / "t", single_file=True, wanted=Wanted(most=100_000_000))
    text = made.index.read_text()
    assert 'id="genart-asset-client"' in text and 'id="genart-asset-unet"' in text and "Paint here" in text
    assert Page(text).tags.count("script") == text.count("</script>")


def test_files_are_signed_and_the_folder_described(book: Book, hills: Artwork, tmp_path: Path) -> None:
    pytest.importorskip("c2pa")
    pytest.importorskip("rocrate")
    from genart_nb.publishing import signing

    made = publish(book.prose("# Hills").work(hills), tmp_path / "s", sign=True)
    (picture,) = (tmp_path / "s" / "works").glob("*.png")
    assert signing.is_signed(picture.read_bytes()) and marks.read(picture.read_bytes())
    described = json.loads((tmp_path / "s" / "ro-crate-metadata.json").read_text())
    assert any(each.get("@id") == f"works/{picture.name}" for each in described["@graph"])
    assert made.files == len(json.loads((tmp_path / "s" / ".genart-site.json").read_text())["files"])
    publish(book, tmp_path / "s", sign=True)


def test_serving_needs_a_site_and_a_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["serve", str(tmp_path)]) == 1 and "no site" in capsys.readouterr().err
    assert cli.main(["serve", str(tmp_path), "--port", "99999"]) == 2
    assert cli.main(["serve", "--help"]) == 0


def test_what_is_typed_in_a_note_is_set_as_such(book: Book, desk: Studio, tmp_path: Path) -> None:
    recipe = Recipe(art="poem", prompt="sea", model="none", seed=1)
    book.work(Artwork(recipe, "one", layout="verse", note="weak; `%genart <b>` helps"))
    book.work(Artwork(recipe, "two", layout="verse", note="an odd ` and <b>"))
    page = publish(book, tmp_path / "s").index.read_text()
    assert "weak; <code>%genart &lt;b&gt;</code> helps" in page and "an odd ` and &lt;b&gt;" in page


@pytest.mark.parametrize(
    ("asked", "count", "columns"), [(5, 5, 3), (3, 3, 3), (4, 4, 4), (7, 7, 4), (5, 10, 5), (9, 18, 6), (3, 6, 3)]
)
def test_a_sheet_has_no_lonely_last_picture(asked: int, count: int, columns: int) -> None:
    from genart_nb.publishing.site.plates import columns_of

    assert columns_of(asked, count) == columns
