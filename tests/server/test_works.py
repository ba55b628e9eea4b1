"""The Studio panel's routes: works found, opened, marked and downloaded; nothing outside the gallery is reachable."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from real_server import Answer, Server

from genart_nb.artwork import MIME, Artwork
from genart_nb.gallery import Gallery
from genart_nb.recipe import Recipe


@pytest.fixture(scope="module")
def gallery(jupyter: Server) -> Gallery:
    """The server's own gallery, with a poem, a picture, a picture whose file is gone and one that leads outside."""
    gallery = Gallery(jupyter.runtime.parent / "genart_home" / "gallery")
    gallery.keep(Artwork(Recipe(art="ask", prompt="why is the sea salt?", model="smollm2-135m", seed=1), "rivers"))
    for seed, colour in ((2, "red"), (3, "green"), (4, "blue")):
        recipe = Recipe(art="paint", prompt=f"a {colour} fox <b>", model="painter", seed=seed)
        gallery.keep(Artwork(recipe, Image.new("RGB", (256, 128), colour), "picture"))
    gone, outside = (gallery.search(f"a {colour} fox")[0].file for colour in ("green", "blue"))
    gone.unlink()
    outside.unlink()
    (jupyter.runtime.parent / "secret").write_text("secret")
    outside.symlink_to(jupyter.runtime.parent / "secret")
    return gallery


def number(gallery: Gallery, words: str) -> int:
    return gallery.search(words)[0].id


def fetched(server: Server, path: str) -> Any:
    request = urllib.request.Request(server.url + path, headers={"Authorization": f"token {server.token}"})
    return urllib.request.urlopen(request, timeout=30)


def status(server: Server, path: str) -> int:
    try:
        return int(fetched(server, path).status)
    except urllib.error.HTTPError as error:
        return error.code


def test_works_are_listed_in_stretches(jupyter: Server, gallery: Gallery) -> None:
    found = jupyter.ask("/genart/works?limit=2&offset=1")
    assert found["total"] == 4 and found["arts"] == ["ask", "paint"]
    assert [each["seed"] for each in found["works"]] == [3, 2]
    assert [each["gone"] for each in found["works"]] == [True, False]
    assert [each["seed"] for each in jupyter.ask("/genart/works?words=RED+fox")["works"]] == [2]
    assert [each["seed"] for each in jupyter.ask("/genart/works?art=ask")["works"]] == [1]
    assert jupyter.ask("/genart/works?words=%27%3B+drop+table+works")["total"] == 0
    assert jupyter.ask("/genart/works?limit=x&offset=-1")["total"] == 4


def test_a_favourite_is_marked(jupyter: Server, gallery: Gallery) -> None:
    red = number(gallery, "red")
    assert jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": True}) == {"favourite": True}
    assert [each["id"] for each in jupyter.ask("/genart/works?favourite=1")["works"]] == [red]
    jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": False})
    assert jupyter.ask("/genart/works?favourite=1")["total"] == 0
    with pytest.raises(Answer) as refused:
        jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": "yes"})
    assert refused.value.status == 400


def test_a_work_is_given_as_cell_and_outputs(jupyter: Server, gallery: Gallery) -> None:
    told = jupyter.ask(f"/genart/works/{number(gallery, 'red')}")
    assert "seed" in told["cell"] and "a red fox <b>" in told["cell"]
    assert told["data"][MIME]["recipe"]["seed"] == 2 and "image/png" in told["data"]


def test_a_thumbnail_is_small_and_text_has_none(jupyter: Server, gallery: Gallery) -> None:
    answer = fetched(jupyter, f"/genart/works/{number(gallery, 'red')}/thumbnail")
    assert answer.headers["Content-Type"].startswith("image/png")
    with Image.open(answer) as image:
        assert image.size == (160, 80) and image.getpixel((5, 5)) == (255, 0, 0)
    assert status(jupyter, f"/genart/works/{number(gallery, 'salt')}/thumbnail") == 503


def test_a_file_is_a_download(jupyter: Server, gallery: Gallery) -> None:
    answer = fetched(jupyter, f"/genart/works/{number(gallery, 'red')}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.read() == gallery.search("red")[0].file.read_bytes()


@pytest.mark.parametrize("what", ["", "/file", "/thumbnail"])
def test_a_file_that_is_gone_says_so(jupyter: Server, gallery: Gallery, what: str) -> None:
    assert status(jupyter, f"/genart/works/{number(gallery, 'green')}{what}") == 503
    assert status(jupyter, f"/genart/works/99999{what}") == 503


def test_nothing_outside_the_gallery_is_given(jupyter: Server, gallery: Gallery) -> None:
    assert status(jupyter, f"/genart/works/{number(gallery, 'blue')}/file") == 503
    for path in ("/genart/works/..%2f..%2fsecret/file", "/genart/works/1/../../secret", "/genart/works/-1/file"):
        assert status(jupyter, path) in (400, 404)


@pytest.mark.parametrize("path", ["works", "works/1", "works/1/file", "works/1/thumbnail", "models"])
def test_without_the_token_nothing_is_given(jupyter: Server, path: str) -> None:
    with pytest.raises(Answer) as refused:
        jupyter.ask(f"/genart/{path}", token="")
    assert refused.value.status == 403


def test_models_have_cards(jupyter: Server) -> None:
    cards = {each["id"]: each for each in jupyter.ask("/genart/models")["models"]}
    assert cards["painter"]["kind"] == "picture" and cards["painter"]["licence"] and cards["painter"]["size"] > 1000


def test_a_gallery_that_is_no_database_is_told(jupyter: Server, gallery: Gallery) -> None:
    """Last here: the others need it whole."""
    place = Path(gallery.home / "gallery.sqlite")
    gallery.close()
    kept = place.read_bytes()
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    place.unlink()
    place.write_bytes(b"not a database at all" * 100)
    with pytest.raises(Answer) as refused:
        jupyter.ask("/genart/works")
    assert refused.value.status == 503 and b"cannot be read" in refused.value.body and b"fix" in refused.value.body
    place.unlink()
    place.write_bytes(kept)
    assert jupyter.ask("/genart/works")["works"] is not None
