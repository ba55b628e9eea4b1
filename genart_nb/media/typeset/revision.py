"""A revision: what was taken out and put in, word by word, and the clean text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.book import RUNNING, prose
from genart_nb.media.typeset.frame import SANS, clean, escape, figure, hue
from genart_nb.media.typeset.markup import running

# Line and weight carry the meaning; the hue only helps.
DIFF = f"""
& ins{{text-decoration:underline;text-decoration-thickness:.09em;text-underline-offset:.18em;font-weight:600;
color:{hue(2)};background:none}}
& del{{text-decoration:line-through;color:{hue(5)};background:none}}
& .genart-for{{margin-inline-start:.15em}}
& details{{margin-top:1em}}
& summary{{cursor:pointer;font:.78em/1.6 {SANS};color:var(--genart-quiet)}}
& summary+*{{margin-top:.6em}}
"""

# difflib's worst case is cubic: beyond this many tokens compare whole lines, and beyond that nothing.
MOST_TOKENS = 6000
LEAST_COMMON = 0.25

Edit = tuple[str, str]  # ("=", "-" or "+", text)

# Words, runs of white space, single marks; scripts that put no space between words go letter by letter.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"\s+|[{_UNSPACED}]|[^\W{_UNSPACED}]+(?:['’][^\W{_UNSPACED}]+)*|[^\w\s]|.", re.DOTALL)


def diff(sheet: Sheet) -> str:
    """`sheet.prompt` is the original, `sheet.data` the revision.

    An unfinished one is shown clean: what it has not reached was not struck out.
    """
    if sheet.live or sheet.partial:
        return prose(sheet)
    old, new = clean(sheet.prompt).strip(), clean(sheet.data).strip()
    edits = word_edits(old, new)
    body = f'<div class="genart-text" dir="auto">{_marked(edits)}</div>'
    if any(kind != "=" for kind, _ in edits):
        body += f'<details><summary>Clean version</summary><div class="genart-text" dir="auto">{running(new)}</div>'
        body += "</details>"
    return figure(body, sheet, RUNNING + DIFF)


def word_edits(old: str, new: str) -> list[Edit]:
    """Edits that turn `old` into `new`; texts with too little in common are replaced as a whole.

    Joining the texts of all but `+` gives `old`, of all but `-` gives `new`.
    """
    whole: list[Edit] = [edit for edit in (("-", old), ("+", new)) if edit[1]]
    first, second = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(first) + len(second) > MOST_TOKENS:
        first, second = old.splitlines(keepends=True), new.splitlines(keepends=True)
        if len(first) + len(second) > MOST_TOKENS:
            return whole if old != new else [("=", old)]
    edits = list(_joined(_spelled(_compared(first, second))))
    common = sum(len(text) for kind, text in edits if kind == "=")
    return edits if common >= LEAST_COMMON * max(len(old), len(new)) else whole


def _compared(first: list[str], second: list[str]) -> Iterator[Edit]:
    for kind, a, b, c, d in SequenceMatcher(None, first, second).get_opcodes():
        if kind == "equal":
            yield "=", "".join(first[a:b])
        else:
            yield "-", "".join(first[a:b])
            yield "+", "".join(second[c:d])


def _spelled(edits: Iterator[Edit]) -> Iterator[Edit]:
    """A lone space kept between two changed words belongs to both: phrases read better than crumbs."""
    pending = list(edits)
    for at, (kind, text) in enumerate(pending):
        around = {sort for sort, part in pending[max(0, at - 2) : at + 3] if part and sort != "="}
        between = 0 < at < len(pending) - 1 and len(around) == 2
        if kind == "=" and between and text.isspace() and "\n" not in text:
            yield "-", text
            yield "+", text
        else:
            yield kind, text


def _joined(edits: Iterator[Edit]) -> Iterator[Edit]:
    """Neighbouring changes as one deletion followed by one insertion."""
    for same, group in groupby(edits, key=lambda edit: edit[0] == "="):
        run = list(group)
        for kind in ("=",) if same else ("-", "+"):
            text = "".join(part for sort, part in run if sort == kind)
            if text:
                yield kind, text


def _marked(edits: list[Edit]) -> str:
    """Paragraphs of `<ins>`, `<del>` and unmarked text; a mark never spans two paragraphs."""
    html: list[str] = []
    tags = {"=": "", "-": "del", "+": "ins"}
    before = ""
    for kind, text in edits:
        # What stands for something struck out just before it keeps a hair's breadth away.
        opening = '<ins class="genart-for">' if kind == "+" and before == "-" else f"<{tags[kind]}>"
        before = kind
        for at, piece in enumerate(re.split(r"\n[ \t]*\n\s*", text)):
            if at:
                html.append("</p><p>")
            content = escape(piece).replace("\n", "<br>")
            html.append(f"{opening}{content}</{tags[kind]}>" if tags[kind] and content else content)
    return f"<p>{''.join(html)}</p>".replace("<p></p>", "")
