"""Publishing and checking from the toolbar: confined to the server's folder, watched, stopped, failures told."""

from __future__ import annotations

import posixpath
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from real_server import Answer, Server

from genart_nb.publishing.progress import ASKED, tell
from genart_nb.server.orders import confined, publishing


def write(server: Server, name: str, source: str, said: str = "") -> Path:
    """A notebook with one cell that has been run."""
    outputs = [new_output("stream", name="stdout", text=said)] if said else []
    notebook = new_notebook(cells=[new_code_cell(source, execution_count=1, outputs=outputs)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path = server.runtime.parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def done(server: Server, **order: Any) -> dict[str, Any]:
    """Start an errand and wait for its end."""
    told: dict[str, Any] = server.ask("/genart/errands", "POST", order)
    deadline = time.monotonic() + 120
    while told["state"] == "running":
        assert time.monotonic() < deadline, told
        time.sleep(0.3)
        told = server.ask(f"/genart/errands/{told['id']}")
    return told


def refusal(server: Server, **order: Any) -> int:
    with pytest.raises(Answer) as refused:
        server.ask("/genart/errands", "POST", order)
    return refused.value.status


def test_a_notebook_is_checked(jupyter: Server) -> None:
    write(jupyter, "sub/same.ipynb", "print(6 * 7)", "42\n")
    told = done(jupyter, do="check", path="sub/same.ipynb")
    assert told["state"] == "done" and "all cells agree" in told["out"][0]
    assert told["progress"].endswith("cell 1/1") and told["fraction"] is None


def test_what_differs_is_told_with_its_page(jupyter: Server) -> None:
    write(jupyter, "sub/other.ipynb", "print(6 * 7)", "41\n")
    told = done(jupyter, do="check", path="sub/other.ipynb")
    assert told["state"] == "failed" and "1 of 1 cells differ" in "\n".join(told["out"])
    assert told["result"].startswith("sub/") and told["result"].endswith(".html")


def test_a_notebook_is_published_into_one_page(jupyter: Server) -> None:
    write(jupyter, "sub/shown.ipynb", "print('<b>hello</b>')", "<b>hello</b>\n")
    (jupyter.runtime.parent / "sub" / "argparse.py").write_text("raise SystemExit('imported from the folder')")
    told = done(jupyter, do="publish", path="/sub/shown.ipynb")
    assert told["state"] == "done", told
    assert told["result"] == "sub/shown-site/shown.html"
    assert "hello" in (jupyter.runtime.parent / told["result"]).read_text(encoding="utf-8")


def plain(server: Server, path: str, method: str = "GET", **headers: str) -> Any:
    """A request without token or cookie, as a page in a sandbox sends it; raises HTTPError."""
    return urllib.request.urlopen(urllib.request.Request(server.url + path, None, headers, method=method), timeout=60)


@pytest.fixture(scope="module")
def folder(jupyter: Server) -> str:
    """Where a folder that the toolbar published is shown, ending in `/`."""
    write(jupyter, "sub/wide fox.ipynb", "print('<b>hello</b>')", "<b>hello</b>\n")
    told = done(jupyter, do="publish", path="sub/wide fox.ipynb", single_file=False)
    assert told["state"] == "done", told
    address = posixpath.normpath("/files/" + told["result"])
    assert address.startswith("/genart/sites/") and address.endswith("/index.html")
    return address.removesuffix("index.html")


def test_a_folder_is_shown_with_everything_in_it_and_in_a_sandbox(jupyter: Server, folder: str) -> None:
    with plain(jupyter, folder + "index.html") as page:
        assert b"hello" in page.read()
        assert page.headers["Content-Security-Policy"].startswith("sandbox allow-scripts")
        assert "allow-same-origin" not in page.headers["Content-Security-Policy"]
        assert page.headers["Referrer-Policy"] == "no-referrer" and page.headers["X-Content-Type-Options"] == "nosniff"
    with plain(jupyter, folder + "assets/site.css", Range="bytes=0-9") as part:
        assert part.status == 206 and len(part.read()) == 10 and part.headers["Content-Type"] == "text/css"
    with plain(jupyter, folder + "assets/site.css", "HEAD") as head:
        assert head.read() == b"" and int(head.headers["Content-Length"]) > 1000
    again = done(jupyter, do="publish", path="sub/wide fox.ipynb", single_file=False)
    assert again["result"].endswith(folder.removeprefix("/genart/") + "index.html"), "a folder keeps its address"


def test_a_folders_key_opens_that_folder_and_nothing_else(jupyter: Server, folder: str, tmp_path: Path) -> None:
    site = jupyter.runtime.parent / "sub" / "wide fox-site"
    (tmp_path / "secret.txt").write_text("secret")
    (site / "out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "near.txt").symlink_to("../wide fox.ipynb")
    other = "/genart/sites/" + "0" * 32 + "/"
    for path in (
        other + "index.html", folder + ".genart-site.json", folder + "out.txt", folder + "near.txt",
        folder + "none.html", folder + "..%2fwide%20fox.ipynb", folder + "../../../wide%20fox.ipynb",
        folder + "%2e%2e/wide%20fox.ipynb", folder + "%2fetc/passwd", folder, folder[:-1], folder + "assets/",
        folder + "%00", "/genart/sites/",
    ):  # fmt: skip
        with pytest.raises(urllib.error.HTTPError) as refused:
            plain(jupyter, path)
        assert refused.value.code in (403, 404), path
    with pytest.raises(urllib.error.HTTPError) as refused:
        plain(jupyter, folder + "index.html", "DELETE")
    assert refused.value.code in (403, 405)


def test_a_notebook_that_is_none_fails_and_says_why(jupyter: Server) -> None:
    (jupyter.runtime.parent / "torn.ipynb").write_text("{")
    told = done(jupyter, do="publish", path="torn.ipynb")
    assert told["state"] == "failed" and told["said"] and told["result"] == ""


def test_one_is_stopped_and_another_may_not_begin_beside_it(jupyter: Server) -> None:
    write(jupyter, "slow.ipynb", "import time; time.sleep(300)", "x\n")
    told = jupyter.ask("/genart/errands", "POST", {"do": "check", "path": "slow.ipynb"})
    assert told["state"] == "running"
    assert refusal(jupyter, do="publish", path="slow.ipynb") == 400
    jupyter.ask(f"/genart/errands/{told['id']}", "DELETE")
    deadline = time.monotonic() + 60
    while jupyter.ask(f"/genart/errands/{told['id']}")["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert jupyter.ask(f"/genart/errands/{told['id']}")["state"] == "stopped"


@pytest.mark.parametrize(
    "path", ["", "/", "../x.ipynb", "sub/../../x.ipynb", "/etc/passwd", "out.ipynb", "none.ipynb", "a\0.ipynb", "x.txt"]
)
def test_nothing_outside_is_touched(jupyter: Server, path: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x.ipynb"
    outside.write_text("{}")
    link = jupyter.runtime.parent / "out.ipynb"
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    assert refusal(jupyter, do="check", path=path) == 400


@pytest.mark.parametrize("order", [{}, {"do": "train", "path": "a.ipynb"}, {"do": "check"}, {"do": "check", "path": 7}])
def test_a_malformed_order_is_refused(jupyter: Server, order: dict[str, Any]) -> None:
    assert refusal(jupyter, **order) == 400


def test_an_unknown_errand_is_told(jupyter: Server) -> None:
    with pytest.raises(Answer) as refused:
        jupyter.ask("/genart/errands/0123456789abcdef")
    assert refused.value.status == 400 and b"not known" in refused.value.body


def test_options_cannot_come_in_by_a_name(tmp_path: Path) -> None:
    odd = tmp_path / "--to=x.ipynb"
    odd.write_text("{}")
    assert publishing(confined(tmp_path.resolve(), "--to=x.ipynb"), alone=True, painter=False)[1].startswith("./")


def test_progress_is_said_a_line_at_a_time_where_asked_for(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tell("frame 1 of 3")
    assert capfd.readouterr().err == "", "no terminal and nobody asked"
    monkeypatch.setenv(ASKED, "1")
    tell("frame 2 of 3")
    tell("")
    assert capfd.readouterr().err == "frame 2 of 3\n"
