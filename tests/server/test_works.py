"""The Studio panel's routes: works found, opened, marked and downloaded; nothing outside the gallery is reachable."""

from __future__ import annotations

import sqlite3
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

GREY = Image.new("RGB", (8, 8), "grey")


@pytest.fixture(scope="module")
def gallery(jupyter: Server) -> Gallery:
    """The server's own gallery, with a poem, a picture, a picture whose file is gone and one that leads outside."""
    gallery = Gallery(jupyter.runtime.parent / "genart_home" / "gallery")
    with gallery._open() as database:
        database.execute("DELETE FROM works")  # what other tests have made on this server
    gallery.keep(Artwork(Recipe(art="ask", prompt="why is the sea salt?", model="smollm2-135m", seed=1), "rivers"))
    monkey = pytest.MonkeyPatch()
    for seed, colour in ((2, "red"), (3, "green"), (4, "blue")):
        recipe = Recipe(art="paint", prompt=f"a {colour} fox <b>", model="painter", seed=seed)
        monkey.setenv("JPY_SESSION_NAME", "/n/foxes.ipynb" if colour == "red" else "/n/Console 1")
        gallery.keep(Artwork(recipe, Image.new("RGB", (512, 256), colour), "picture"))
    monkey.undo()
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
    assert found["total"] == 4
    assert [each["seed"] for each in found["works"]] == [3, 2]
    assert [each["gone"] for each in found["works"]] == [True, False]
    assert [each["seed"] for each in jupyter.ask("/genart/works?words=RED+fox")["works"]] == [2]
    assert [each["seed"] for each in jupyter.ask("/genart/works?art=ask")["works"]] == [1]
    assert [each["seed"] for each in jupyter.ask("/genart/works?notebook=/n/foxes.ipynb")["works"]] == [2]
    assert jupyter.ask("/genart/works?words=%27%3B+drop+table+works")["total"] == 0
    assert status(jupyter, "/genart/works?offset=-1") == status(jupyter, "/genart/works?limit=x") == 400


def test_there_is_a_choice_of_forms_models_and_notebooks(jupyter: Server, gallery: Gallery) -> None:
    told = jupyter.ask("/genart/works/tallies")
    assert told["art"] == {"paint": 3, "ask": 1} and told["model"] == {"painter": 3, "smollm2-135m": 1}
    assert told["notebook"] == {"/n/foxes.ipynb": 1}


def test_a_favourite_is_marked(jupyter: Server, gallery: Gallery) -> None:
    red, stamp = number(gallery, "red"), jupyter.ask("/genart/works/stamp")
    assert jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": True}) == {"favourite": True}
    assert jupyter.ask("/genart/works/stamp") != stamp
    assert [each["id"] for each in jupyter.ask("/genart/works?favourite=1")["works"]] == [red]
    jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": False})
    assert jupyter.ask("/genart/works?favourite=1")["total"] == 0 and jupyter.ask("/genart/works/stamp") == stamp
    with pytest.raises(Answer) as refused:
        jupyter.ask(f"/genart/works/{red}/favourite", "POST", {"favourite": "yes"})
    assert refused.value.status == 400


def test_a_work_is_given_as_cell_and_outputs(jupyter: Server, gallery: Gallery) -> None:
    red = number(gallery, "red")
    told = jupyter.ask(f"/genart/works/{red}/output")
    assert "seed" in told["cell"] and "a red fox <b>" in told["cell"]
    assert told["data"][MIME]["recipe"]["seed"] == 2 and "image/png" in told["data"]
    assert jupyter.ask(f"/genart/works/{red}")["cell"] == told["cell"]


def test_a_cell_is_written_with_a_new_seed_and_nothing_is_interpolated(jupyter: Server, gallery: Gallery) -> None:
    recipe = {"art": "paint", "prompt": "a {{1/0}} fox", "model": "painter", "seed": 5}
    told = jupyter.ask("/genart/cell", "POST", {"recipe": recipe, "fresh": True})
    assert told["seed"] != 5 and str(told["seed"]) in told["cell"]
    assert "{{1/0}}" not in told["cell"] or "--raw" in told["cell"] or told["cell"].startswith("import genart_nb")
    for wrong in ({}, {"recipe": {"art": "paint"}}, {"recipe": {**recipe, "seed": -1}}, {"recipe": [1]}):
        with pytest.raises(Answer) as refused:
            jupyter.ask("/genart/cell", "POST", wrong)
        assert refused.value.status == 400


def test_a_thumbnail_is_small_and_a_text_is_its_beginning(jupyter: Server, gallery: Gallery) -> None:
    for _ in range(2):  # made, then kept
        answer = fetched(jupyter, f"/genart/works/{number(gallery, 'red')}/thumbnail")
        assert answer.headers["Content-Type"].startswith("image/webp")
        with Image.open(answer) as image:
            assert image.size == (256, 128)
            red = image.convert("RGB").resize((1, 1)).tobytes()
            assert red[0] > 240 and red[1] < 20
    answer = fetched(jupyter, f"/genart/works/{number(gallery, 'salt')}/thumbnail?side=1280")
    assert answer.headers["Content-Type"].startswith("text/plain") and answer.read() == b"rivers"
    assert status(jupyter, f"/genart/works/{number(gallery, 'red')}/thumbnail?side=5000") == 400


def test_a_file_is_a_download(jupyter: Server, gallery: Gallery) -> None:
    answer = fetched(jupyter, f"/genart/works/{number(gallery, 'red')}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.read() == gallery.search("red")[0].file.read_bytes()


def test_a_file_that_is_gone_says_so_and_its_recipe_is_there(jupyter: Server, gallery: Gallery) -> None:
    green = number(gallery, "green")
    assert [status(jupyter, f"/genart/works/{green}/{what}") for what in ("file", "thumbnail")] == [410, 410]
    assert status(jupyter, f"/genart/works/{green}/output") == 503
    told = jupyter.ask(f"/genart/works/{green}")
    assert told["gone"] and told["recipe"]["seed"] == 3 and "a green fox" in told["cell"]
    assert [status(jupyter, f"/genart/works/99999{what}") for what in ("", "/file", "/thumbnail")] == [503, 503, 503]


def test_nothing_outside_the_gallery_is_given(jupyter: Server, gallery: Gallery) -> None:
    assert status(jupyter, f"/genart/works/{number(gallery, 'blue')}/file") == 410
    assert status(jupyter, f"/genart/works/{number(gallery, 'blue')}/thumbnail") == 410
    for path in ("/genart/works/..%2f..%2fsecret/file", "/genart/works/1/../../secret", "/genart/works/-1/file"):
        assert status(jupyter, path) in (400, 404)


def test_a_file_that_is_no_picture_is_told(jupyter: Server, gallery: Gallery) -> None:
    kept = gallery.keep(Artwork(Recipe(art="paint", prompt="ruin", model="painter", seed=9), GREY, "picture"))
    assert kept.path is not None
    kept.path.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    assert status(jupyter, f"/genart/works/{number(gallery, 'ruin')}/thumbnail") == 503
    with gallery._open() as database:
        database.execute("DELETE FROM works WHERE prompt = 'ruin'")


@pytest.mark.parametrize(
    "path",
    ["works", "works/tallies", "works/1", "works/1/file", "works/1/thumbnail", "works/1/output", "models"],
)
def test_without_the_token_nothing_is_given(jupyter: Server, path: str) -> None:
    with pytest.raises(Answer) as refused:
        jupyter.ask(f"/genart/{path}", token="")
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [("works/1/favourite", {"favourite": True}), ("cell", {"recipe": {}}), ("errands", {"do": "check"})],
)
def test_without_the_token_nothing_is_done(jupyter: Server, path: str, body: dict[str, Any]) -> None:
    with pytest.raises(Answer) as refused:
        jupyter.ask(f"/genart/{path}", "POST", body, token="")
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
    locked = sqlite3.connect(place, isolation_level=None)
    locked.execute("PRAGMA locking_mode = EXCLUSIVE")
    locked.execute("BEGIN EXCLUSIVE")
    with pytest.raises(Answer) as refused:
        jupyter.ask("/genart/works")
    assert refused.value.status == 503 and b"locked" in refused.value.body
    locked.close()
    assert jupyter.ask("/genart/works")["works"] is not None
