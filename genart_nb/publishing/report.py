"""The report: stored and new side by side, with a slider between them, in one page that loads nothing."""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any, TypedDict

from genart_nb.media.distances import MOST_WORDS
from genart_nb.publishing import glimpse
from genart_nb.publishing.cells import CellResult
from genart_nb.publishing.sameness import Judgement

PARTS = Path(__file__).with_name("report_page")
NAME = "genart-report.html"
_PNG = re.compile(r"[A-Za-z0-9+/=\s]+")


class Pair(TypedDict):
    """Two works as the report shows them; plain JSON, so that it travels between processes."""

    name: str
    verdict: str
    passed: bool
    tier: str
    distances: dict[str, float]
    reasons: list[str]
    elsewhere: list[str]
    excuse: str
    pictures: list[str]
    """PNG in base64, stored and new; empty where there is none."""
    texts: list[str]


class Entry(TypedDict):
    """A cell in which something differs."""

    notebook: str
    cell: int
    source: str
    passed: bool
    steered: bool
    pairs: list[Pair]
    problems: list[str]


def entry(
    notebook: str, cell: int, source: str, result: CellResult, problems: Sequence[str] = (), *, steered: bool = False
) -> Entry:
    """What the report keeps of a cell; `cell` counts code cells from 0, as nbval does."""
    told = [*result.problems, *problems]
    return Entry(
        notebook=notebook, cell=cell, source=source[:20_000], passed=steered or (result.passed and not told),
        steered=steered,
        pairs=[_pair(each) for each in result.judgements if not each.passed or result.drifted], problems=told,
    )  # fmt: skip


def told(result: CellResult, *, colour: bool = False) -> list[str]:
    """The failure in a terminal: both pictures, the distances, and every reason."""
    lines = [f"- {problem}" for problem in result.problems]
    for each in result.judgements:
        if each.passed:
            continue
        lines += [f"{each.old.name}: {each.comparison}; needed: {each.tier.value}"]
        lines += [f"- {reason}" for reason in each.reasons]
        lines += [f"- elsewhere: {line}" for line in each.elsewhere]
        lines += glimpse.beside(each.old.shown.still, each.new.shown.still, colour=colour)
        if each.old.shown.still is None and each.new.shown.still is None:
            lines += _text_diff(each)
    return lines


def write(path: Path, entries: Sequence[Entry]) -> Path:
    """Write the page, with its folder; returns the path. The page's own policy lets it load nothing."""
    script = (PARTS / "report.js").read_text(encoding="utf-8")
    style = (PARTS / "report.css").read_text(encoding="utf-8")
    counted = Counter(map(_state, entries))
    failed = counted["differs"]
    page = Template((PARTS / "report.html").read_text(encoding="utf-8")).substitute(
        summary=f"{failed} {'cell differs' if failed == 1 else 'cells differ'}"
        + "".join(f", {counted[state]} {state}" for state in ("drifted", "otherwise", "steered") if counted[state]),
        hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        style=style, script=script, entries="\n".join(map(_section, entries)),
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path


def _pair(judgement: Judgement) -> Pair:
    sides = (judgement.old, judgement.new)
    return Pair(
        name=judgement.old.name, verdict=judgement.comparison.verdict.word, passed=judgement.passed,
        tier=judgement.tier.value, distances=dict(judgement.comparison.distances), reasons=judgement.reasons,
        elsewhere=list(judgement.elsewhere), excuse=judgement.excuse,
        pictures=[str(side.bundle["image/png"]) if side.shown.still else "" for side in sides],
        texts=[side.shown.text[:100_000] for side in sides],
    )  # fmt: skip


def _text_diff(judgement: Judgement) -> list[str]:
    old, new = (side.shown.text.splitlines() for side in (judgement.old, judgement.new))
    lines = difflib.unified_diff(old, new, "stored", "now", lineterm="", n=1)
    return [line[:200] for _, line in zip(range(40), lines, strict=False)]


def _state(each: Entry) -> str:
    if each["steered"] or not each["passed"]:
        return "steered" if each["steered"] else "differs"
    return "otherwise" if any(pair["excuse"] for pair in each["pairs"]) else "drifted"


def _section(each: Entry) -> str:
    state = _state(each)
    problems = "".join(f"<pre>{escape(problem)}</pre>" for problem in each["problems"])
    pairs = "".join(_figure(pair, f"{each['notebook']}, cell {each['cell']}") for pair in each["pairs"])
    return (
        f'<section class="{state}"><h2>{escape(each["notebook"])} <small>cell {each["cell"]}, {state}</small></h2>'
        f"<details><summary>The cell</summary><pre>{escape(each['source'])}</pre></details>{problems}{pairs}</section>"
    )


def _figure(pair: Pair, where: str) -> str:
    old, new = pair["pictures"]
    shown = _slider(old, new, where) if old and new else _alone(old, new) if old or new else _texts(*pair["texts"])
    measured = " ".join(f"<b>{escape(name)}</b> {value:.4g}" for name, value in pair["distances"].items())
    lines = "".join(f"<li>{escape(line)}</li>" for line in pair["reasons"])
    lines += f"<li>no failure: {escape(pair['excuse'])}</li>" if pair["excuse"] else ""
    lines += "".join(f"<li>elsewhere: {escape(line)}</li>" for line in pair["elsewhere"])
    return (
        f"<figure><h3><code>{escape(pair['name'])}</code></h3>{shown}<figcaption>"
        f'<p><span class="verdict">{escape(pair["verdict"])}</span> needed: {escape(pair["tier"])} '
        f"<span>{measured}</span></p><ul>{lines}</ul></figcaption></figure>"
    )


def _slider(old: str, new: str, where: str) -> str:
    """Both pictures one over the other: the slider moves the border between them."""
    return (
        f'<div class="shown"><div class="both"><div class="over"><img src="{_source(old)}" alt="stored">'
        f'<img class="new" src="{_source(new)}" alt="now"></div>'
        f'<label>stored <input type="range" min="0" max="100" value="50" '
        f'aria-label="Border between stored and new: {escape(where)}"> now</label></div>'
        f'<div class="pair"><img src="{_source(old)}" alt="stored"><img src="{_source(new)}" alt="now"></div></div>'
    )


def _alone(old: str, new: str) -> str:
    side = "stored" if old else "now"
    return f'<div class="pair"><img src="{_source(old or new)}" alt="{side}, only"></div>'


def _texts(old: str, new: str) -> str:
    """Two texts, the words that the other lacks marked."""
    one, other = (re.findall(r"\s+|\S+", text)[:MOST_WORDS] for text in (old, new))
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    sides: list[list[str]] = [[], []]
    for kind, *ends in matcher.get_opcodes():
        for side, words in enumerate((one[ends[0] : ends[1]], other[ends[2] : ends[3]])):
            text = escape("".join(words))
            sides[side].append(text if kind == "equal" or not text else f"<mark>{text}</mark>")
    before, after = ("".join(side) for side in sides)
    return f'<div class="pair"><pre aria-label="stored">{before}</pre><pre aria-label="now">{after}</pre></div>'


def _source(png: Any) -> str:
    text = str(png)
    return f"data:image/png;base64,{''.join(text.split())}" if _PNG.fullmatch(text) else ""
