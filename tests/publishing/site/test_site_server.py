"""`genart serve`: to this machine, to its own pages, and nothing outside the folder."""

from __future__ import annotations

import base64
import http.client
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import Book
from PIL import Image

from genart_nb.artwork import Artwork
from genart_nb.errors import FolderError
from genart_nb.media.picture import pixels_sha256
from genart_nb.publishing.site import build, folder, notebook
from genart_nb.publishing.site.easels import Wanted
from genart_nb.publishing.site.server import Server
from genart_nb.studio import Studio


@pytest.fixture
def server(book: Book, hills: Artwork, desk: Studio, tmp_path: Path) -> Iterator[Server]:
    book.work(hills, frames="none")
    order = build.Order(tmp_path / "site", wanted=Wanted(painter=False), sign=False)
    build.publish([notebook.read(book.save())], order, desk)
    (tmp_path / "secret.txt").write_text("secret")
    server = Server(tmp_path / "site", desk=desk)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.close()
    thread.join(5)


def ask(server: Server, path: str, method: str = "GET", body: Any = None, **headers: str) -> tuple[int, bytes, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps(body) if body is not None else None
    try:
        connection.putrequest(method, path, skip_host="Host" in sent)
        for name, value in {**({"Content-Length": str(len(content))} if content else {}), **sent}.items():
            connection.putheader(name, value)
        connection.endheaders(content.encode() if content else None)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def make(server: Server, wish: Any, **headers: str) -> tuple[int, list[dict[str, Any]]]:
    headers = {"X_Genart_Token": server.token, "Content_Type": "application/json", **headers}
    status, body, _ = ask(server, "/.genart/make", "POST", wish, **headers)
    return status, [json.loads(line) for line in body.decode().splitlines()] if status == 200 else []


def test_it_serves_the_folder_and_says_who_it_is(server: Server) -> None:
    status, body, headers = ask(server, "/")
    assert status == 200 and b"<!doctype html>" in body and headers["X-Content-Type-Options"] == "nosniff"
    assert ask(server, "/assets/site.js")[2]["Content-Type"].startswith("text/javascript")
    status, body, _ = ask(server, "/.genart/hello", X_Genart_Token=server.token)
    assert status == 200 and json.loads(body) == {"easels": ["book-01"]}
    assert server.token in server.url and server.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/%2e%2e/secret.txt", "/works/../../secret.txt", "/..%2fsecret.txt", "/.genart-site.json",
     "//etc/passwd", "/%2Fetc%2Fpasswd", "/works", "/a%00b", "/..\\secret.txt", "/link.txt", "/none.html"],
)  # fmt: skip
def test_nothing_outside_the_folder_is_served(server: Server, tmp_path: Path, path: str) -> None:
    (tmp_path / "site" / "link.txt").symlink_to(tmp_path / "secret.txt")
    status, body, _ = ask(server, path)
    assert status == 404 and b"secret" not in body and b"root:" not in body


def test_a_wish_is_made_and_says_its_cell(server: Server, desk: Studio, hills: Artwork) -> None:
    status, lines = make(server, {"easel": "book-01", "values": {"guidance": 9.0, "unknown": 1}, "seed": 11})
    last = lines[-1]
    assert status == 200 and last["whole"] and last["mime"] == "image/png"
    assert "--seed 11" in last["cell"] and "--guidance 9.0" in last["cell"]
    assert any("step" in line for line in lines)
    same = make(server, {"easel": "book-01", "values": {}, "seed": 7})[1][-1]
    with Image.open(io.BytesIO(base64.b64decode(same["data"]))) as picture:
        assert pixels_sha256(picture) == hills.fingerprint["sha256"]
    assert same["cell"].startswith("%%meadow --seed 7")


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"easel": "other", "seed": 1}, 422),
        ({"easel": "book-01", "seed": -1}, 422),
        ({"easel": "book-01", "seed": True}, 422),
        ({"easel": "book-01", "seed": 1, "values": {"guidance": 99}}, 422),
        ({"easel": "book-01", "seed": 1, "values": {"guidance": "high"}}, 422),
        ({"easel": "book-01", "seed": 1, "values": {"style:dawn": []}}, 422),
        ([1], 400),
    ],
)
def test_what_no_control_could_say_is_refused(server: Server, wish: Any, status: int) -> None:
    assert make(server, wish)[0] == status


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Genart_Token": "wrong"},
        {"X_Genart_Token": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
    ],
)
def test_strangers_get_nothing(server: Server, headers: dict[str, str]) -> None:
    assert make(server, {"easel": "book-01", "seed": 1}, **headers)[0] == 403
    assert ask(server, "/.genart/hello", **{"X_Genart_Token": server.token, **headers})[0] == 403
    if "Host" in headers:
        assert ask(server, "/", **headers)[0] == 403


def test_only_json_and_only_known_doors_are_taken(server: Server) -> None:
    assert make(server, {"easel": "book-01", "seed": 1}, Content_Type="text/plain")[0] == 404
    known = {"X_Genart_Token": server.token, "Content_Type": "application/json"}
    assert ask(server, "/.genart/else", "POST", {}, **known)[0] == 404
    assert ask(server, "/.genart/make", "POST", None, **known, Content_Length="99999999999")[0] == 400
    assert ask(server, "/", "DELETE")[0] == 501


def test_a_page_may_not_bring_a_model_of_its_own(server: Server, desk: Studio, tmp_path: Path) -> None:
    held = folder.manifest(tmp_path / "site")
    held["easels"]["book-01"]["model"] = "https://evil.example/v1#x"
    server.maker.easels = held["easels"]
    status, _, _ = ask(
        server, "/.genart/make", "POST", {"easel": "book-01", "seed": 1}, X_Genart_Token=server.token,
        Content_Type="application/json",
    )  # fmt: skip
    assert status == 422


def test_a_newer_wish_ends_the_older(server: Server) -> None:
    slow: list[Any] = []
    wish = {"easel": "book-01", "values": {"steps": 100, "pause": 0.05}, "seed": 3}
    thread = threading.Thread(target=lambda: slow.append(make(server, wish)))
    thread.start()
    while not server.maker._desk or not server.maker._desk.engine.jobs():
        thread.join(0.05)
    status, lines = make(server, {"easel": "book-01", "values": {"steps": 2}, "seed": 4})
    assert status == 200 and lines[-1]["whole"]
    thread.join(20)
    assert slow and not any("whole" in line for line in slow[0][1])


def test_what_is_no_site_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="no site"):
        Server(tmp_path)
