"""Outputs that are no works: shown when they are plain, sealed when they are not."""

from __future__ import annotations

import base64
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from genart_nb.publishing.site import outputs
from genart_nb.publishing.site.prose import Prose


def shown(*given: dict[str, Any]) -> str:
    def keep(suffix: str, content: bytes) -> str:
        return f"files/x{suffix}"

    return outputs.html(given, Prose(Path(), keep, {}), keep)


def data(**bundle: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {key.replace("_", "/"): value for key, value in bundle.items()}}


def test_streams_are_joined_and_escaped() -> None:
    pieces = [{"output_type": "stream", "name": "stdout", "text": text} for text in ("<b>", "\x1b[31mred\x1b[0m\n")]
    assert shown(*pieces) == '<pre class="stdout">&lt;b&gt;red</pre>'
    bar = {"output_type": "stream", "name": "stderr", "text": "10%\r50%\r100%\n"}
    assert shown(bar) == '<pre class="stderr">100%</pre>'


def test_errors_lose_their_colours_and_keep_their_words() -> None:
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: <v>"]}
    assert shown(error) == '<pre class="stderr">E: &lt;v&gt;</pre>'


def test_tables_stand_in_the_page_without_what_is_dangerous() -> None:
    html = shown(data(text_html="<table><tr><td onclick='x()'>1</td></tr></table>", text_plain="1"))
    assert "<td>1</td>" in html and "onclick" not in html and "iframe" not in html


@pytest.mark.parametrize(
    "source", ["<script>parent.x=1</script>", "<div style='color:red'>a</div>", "<iframe src='https://x.org'></iframe>"]
)
def test_what_is_active_is_sealed_twice(source: str) -> None:
    html = shown(data(text_html=source))
    outer = unescape(html[html.index('srcdoc="') + 8 : -2])
    assert html.count("<iframe") == 1 and 'sandbox="allow-scripts"' in html and "allow-same-origin" not in html
    assert "default-src 'none'" in outer and 'sandbox="allow-scripts"' in outer
    inner = unescape(outer[outer.index('srcdoc="') + 8 :])
    assert "default-src 'none'" in inner and source in inner


def test_pictures_become_files_if_they_are_pictures() -> None:
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
    assert 'src="files/x.png"' in shown(data(image_png=base64.b64encode(png).decode(), text_plain="<pic>"))
    assert "&lt;pic&gt;" in shown(data(image_png="aGVsbG8=", text_plain="<pic>"))
    svg = {"image/svg+xml": "<svg><script>x</script></svg>", "text/plain": "drawing"}
    assert shown({"output_type": "display_data", "data": svg}) == '<pre class="stdout">drawing</pre>'


def test_odd_outputs_are_borne() -> None:
    kinds = ("display_data", "stream", "error", "execute_result", "", 3)
    assert "<script" not in shown({}, data(), *({"output_type": kind, "text": 3, "data": []} for kind in kinds))
    assert "widget of the running notebook" in shown(data(**{"application_vnd.jupyter.widget-view+json": {}}))
    assert "more characters" in shown(data(text_plain="x" * 300_000))
    assert "left out here" in shown(data(text_html="<b>" + "x" * 9_000_000))
