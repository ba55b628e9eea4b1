"""What strangers may put in a sheet: markup, broken characters, a megabyte."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import OUR_ATTRIBUTES, OUR_TAGS, Reader

from genart_nb.media.base import Sheet
from genart_nb.media.typeset import LAYOUTS, html
from genart_nb.media.typeset.revision import word_edits

MARKUP = ["<script>alert(1)</script>", "</style>", "</figure>", "</iframe>", "<img src=x onerror=e()>", "<!--", "]]>"]
MARKUP += ["<svg onload=e()>", "&lt;", "&", '"', "'", "`", "**", "*"]
STRUCTURE = [
    "x",
    " ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "# ",
    "Act I: ",
    "Ann: ",
    "INT. ",
    "ANN\n",
    "(",
    ")",
    "{",
    "}",
    "--",
    "> ",
]
UNUSUAL = ["\x00", "\ud800", "\u202e", "\u2028", "א", "港", "🦊"]
HOSTILE = st.text(max_size=200) | st.lists(st.sampled_from(MARKUP + STRUCTURE + UNUSUAL), max_size=25).map("".join)
SHEETS = st.builds(
    Sheet,
    data=HOSTILE,
    layout=st.sampled_from([*LAYOUTS, "unheard-of", '"><script>']),
    prompt=HOSTILE,
    title=HOSTILE,
    colophon=HOSTILE,
    note=HOSTILE,
    facts=st.fixed_dictionaries(
        {"form": HOSTILE, "language": HOSTILE, "lang": st.sampled_from(["p5js", "svg", "python", "<b>"])},
        optional={
            "turns": st.lists(st.fixed_dictionaries({"role": HOSTILE, "content": HOSTILE}), max_size=6) | HOSTILE
        },
    ),
    live=st.booleans(),
    partial=st.booleans(),
)


@given(SHEETS)
@settings(max_examples=400, deadline=None)
def test_nothing_in_a_sheet_becomes_markup(sheet: Sheet) -> None:
    page = html(sheet)
    page.encode()
    read = Reader(page)
    assert set(read.tags) <= OUR_TAGS
    assert {name for name, _ in read.attributes} <= OUR_ATTRIBUTES
    assert html(sheet) == page


@given(
    st.dictionaries(
        HOSTILE, HOSTILE | st.lists(HOSTILE) | st.integers() | st.none() | st.dictionaries(HOSTILE, HOSTILE)
    )
)
@settings(max_examples=150, deadline=None)
def test_no_key_or_value_of_a_character_becomes_markup(person: dict[str, object]) -> None:
    assert set(Reader(html(Sheet(json.dumps(person), "profile"))).tags) <= OUR_TAGS


LONG = {
    "words": "the quick brown fox, " * 50_000,
    "lines": "Ann: (so) hello there\n" * 47_000,
    "caps": "ANN\n" * 250_000,
    "stars": "*" * 1_000_000,
    "spaces": "a" + " " * 1_000_000 + "b",
    "newlines": "a" + "\n" * 1_000_000 + "b",
    "hashes": "# " + "#" * 1_000_000 + "x",
    "brackets": "[{" * 500_000,
    "ticks": "`" * 1_000_000,
    "backslashes": "\\" * 1_000_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", LONG)
def test_a_megabyte_is_set_in_seconds(layout: str, kind: str) -> None:
    start = time.perf_counter()
    html(Sheet(LONG[kind], layout, prompt=LONG[kind][::-1], facts={"lang": "p5js"}))
    assert time.perf_counter() - start < 8


def test_the_worst_diff_is_bounded() -> None:
    old = " ".join(str(n % 150) for n in range(1499))
    new = " ".join(str(n * 7 % 150) for n in range(1499))
    start = time.perf_counter()
    word_edits(old, new)
    assert time.perf_counter() - start < 5
