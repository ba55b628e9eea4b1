"""An author's Markdown: what it may show, and what it may not do."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from genart_nb.publishing.site.prose import Prose


@pytest.fixture
def kept() -> dict[str, bytes]:
    return {}


@pytest.fixture
def prose(tmp_path: Path, kept: dict[str, bytes]) -> Prose:
    def keep(suffix: str, content: bytes) -> str:
        kept[f"files/{len(kept)}{suffix}"] = content
        return f"files/{len(kept) - 1}{suffix}"

    folder = tmp_path / "book"
    folder.mkdir()
    return Prose(folder, keep, {(folder / "next.ipynb").resolve(): "next.html"})


def png() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(target, "PNG")
    return target.getvalue()


def test_it_is_set_as_it_was_meant(prose: Prose) -> None:
    html = prose.html("# A *b*\n\n- [x] done\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n\n## A *b*")
    assert '<h1 id="s-a-b">A <em>b</em></h1>' in html and 'id="s-a-b-2"' in html
    assert "<table>" in html and 'type="checkbox"' in html and '<span class="n">x</span>' in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "<a href='java\nscript:alert(1)'>x</a>",
        "<iframe src='https://x.org'></iframe>",
        "<svg onload=alert(1)>",
        "<style>@import 'https://x.org/a.css'</style>",
        "<p style='background:url(https://x.org)'>x</p>",
        "<base href='https://x.org/'><meta http-equiv=refresh content='0;url=https://x.org'>",
        "<form action='https://x.org'><input type=image src='https://x.org/a.png'></form>",
        "<video poster='https://x.org/a.png'></video><link rel=stylesheet href='https://x.org'>",
        "![a](data:text/html;base64,PHNjcmlwdD4=)",
        "<span class='plate' id='zoom'>x</span>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(prose: Prose, source: str) -> None:
    html = prose.html(source).lower()
    for danger in ("<script", "onerror", "onload", "javascript:", "<iframe", "<svg", "style", "<base", "<meta",
                   "src=\"http", "<form", "<video", "<link", "data:", "plate", "zoom", "action"):  # fmt: skip
        assert danger not in html, html


def test_links_go_out_but_only_to_pages_that_are_there(prose: Prose) -> None:
    html = prose.html("[a](https://x.org/b) [n](next.ipynb#Part) [m](gone.ipynb) [f](../../etc/passwd) [h](#A-b)")
    assert 'href="https://x.org/b"' in html and 'href="next.html#s-part"' in html and 'href="#s-a-b"' in html
    assert html.count("href") == 3 and 'rel="noopener noreferrer"' in html


def test_local_pictures_and_attachments_come_along(prose: Prose, tmp_path: Path, kept: dict[str, bytes]) -> None:
    (tmp_path / "book" / "a b.png").write_bytes(png())
    attached = {"c.png": {"image/png": base64.b64encode(png()).decode()}}
    inline = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
    source = f'![A "x"](a%20b.png) ![](attachment:c.png) ![]({inline}) <img src="a%20b.png" width=9>'
    html = prose.html(source, attached)
    assert html.count('src="files/') == 4 and set(kept.values()) == {png()} and prose.faults == []
    assert 'alt="A &quot;x&quot;"' in html


@pytest.mark.parametrize(
    "source", ["../secret.png", "/etc/hostname.png", "..%2Fsecret.png", "x/../../secret.png", "link.png", "a%00.png"]
)
def test_a_path_that_climbs_out_of_the_folder_is_refused(
    prose: Prose, tmp_path: Path, kept: dict[str, bytes], source: str
) -> None:
    (tmp_path / "secret.png").write_bytes(png())
    (tmp_path / "book" / "link.png").symlink_to(tmp_path / "secret.png")
    html = prose.html(f"![a secret](<{source}>)")
    assert "picture left out: a secret" in html and not kept and len(prose.faults) == 1


def test_pictures_from_the_network_and_what_is_none_are_left_out_and_told(prose: Prose, tmp_path: Path) -> None:
    (tmp_path / "book" / "fake.png").write_text("<script>")
    html = prose.html("![a](https://x.org/a.png) ![b](//x.org/b.png) ![c](fake.png) ![d](none.png) ![e](notes.txt)")
    assert html.count("picture left out") == 5 and "src" not in html and len(prose.faults) == 5
