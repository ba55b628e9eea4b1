"""Outputs that are no works of ours: text, pictures, tables; what comes with scripts is sealed into a frame."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from genart_nb.media.typeset.preview import POLICY, SEALED
from genart_nb.publishing.site import recover, tex
from genart_nb.publishing.site.notebook import joined
from genart_nb.publishing.site.prose import Prose
from genart_nb.publishing.site.works import WIDGET

MOST = 200_000
"""Characters of one output that a page shows."""
FRAMED = 8_000_000
"""Characters of the largest HTML output that a page carries."""

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07]*\x07|[@-Z\\-_])")
_ACTIVE = re.compile(r"<\s*(?:script|style|iframe|object|embed|link|canvas|form|video|audio|svg)\b|\sstyle\s*=", re.I)
_RASTER = {"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp"}

# The height that a frame needs can only be told from inside; the outer frame passes it on, and again when it is asked.
_MEASURE = (
    "<script>const told=()=>parent.postMessage({genartHeight:document.documentElement.getBoundingClientRect().height},"
    "'*');new ResizeObserver(told).observe(document.documentElement);addEventListener('load',told)</script>"
)
_RELAY = (
    "<script>let last;addEventListener('message',(e)=>{if(e.data&&e.data.genartHeight)last=e.data;"
    "last&&parent.postMessage(last,'*')})</script>"
)
_PAPER = (
    "html{color-scheme:light dark}"
    "body{margin:0;display:flow-root;font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
)
_NEST = "html{color-scheme:light dark}html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block}"


def html(outputs: Sequence[Mapping[str, Any]], prose: Prose, keep: Any) -> str:
    """The outputs of one cell, one below another."""
    return "".join(_shown(each, prose, keep) for each in _merged(outputs))


def _merged(outputs: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Pieces of one stream joined; what was printed in ten pieces is one text."""
    held: dict[str, Any] | None = None
    for each in outputs:
        if each.get("output_type") == "stream":
            if held and held["name"] == each.get("name"):
                held["text"] += joined(each.get("text"))
                continue
            if held:
                yield held
            held = {"output_type": "stream", "name": each.get("name"), "text": joined(each.get("text"))}
            continue
        if held:
            yield held
            held = None
        yield each
    if held:
        yield held


def _shown(output: Mapping[str, Any], prose: Prose, keep: Any) -> str:
    match output.get("output_type"):
        case "stream":
            kind = "stderr" if output.get("name") == "stderr" else "stdout"
            return _pre(_last_lines(str(output["text"])), kind)
        case "error":
            lines = output.get("traceback")
            trace = "\n".join(map(str, lines)) if isinstance(lines, list) else str(output.get("evalue"))
            return _pre(trace, "stderr")
        case "display_data" | "execute_result":
            data = output.get("data")
            return _bundle(data, prose, keep) if isinstance(data, dict) else ""
    return ""


def _bundle(data: Mapping[str, Any], prose: Prose, keep: Any) -> str:
    if WIDGET in data:
        return '<p class="aside">A widget of the running notebook stood here.</p>'
    if "text/html" in data:
        return _html(joined(data["text/html"]), prose)
    if "image/svg+xml" in data and recover.harmless(joined(data["image/svg+xml"])):
        return _img(keep(".svg", joined(data["image/svg+xml"]).encode()))
    for mime, suffix in _RASTER.items():
        content = recover.decoded(data[mime]) if mime in data else None
        if content and recover.image(content) is not None:
            return _img(keep(suffix, content))
    if "text/markdown" in data:
        return f'<div class="prose">{prose.html(joined(data["text/markdown"]))}</div>'
    if formula := tex.alone(joined(data.get("text/latex"))):
        return f'<div class="prose"><p>{prose.clean(prose.formula(*formula))}</p></div>'
    if "application/json" in data and "text/plain" not in data:
        return _pre(json.dumps(data["application/json"], indent=1, ensure_ascii=False), "stdout")
    return _pre(joined(data.get("text/latex") or data.get("text/plain")), "stdout")


def _html(text: str, prose: Prose) -> str:
    if len(text) > FRAMED:
        return f'<p class="aside">An output of {len(text) / 1e6:.0f} MB is left out here; the notebook has it.</p>'
    if not _ACTIVE.search(text):
        return f'<div class="prose output">{prose.clean(text)}</div>'
    return f'<div class="frame">{framed(text)}</div>'


def framed(body: str) -> str:
    """HTML in two sandboxed frames, one in the other, that may run scripts but load nothing and reach nobody.

    The outer policy forbids the inner frame to go anywhere: its own could not stop a script that assigns `location`.
    Both run our one line of script, which tells how high the content is.
    """
    inner = _page(f"<style>{_PAPER}</style><script>{SEALED}</script>{_MEASURE}", body)
    nested = f'<iframe sandbox="allow-scripts" srcdoc="{escape(inner)}"></iframe>'
    outer = escape(_page(f"<style>{_NEST}</style>{_RELAY}", nested))
    return f'<iframe class="sealed" sandbox="allow-scripts" loading="lazy" title="Output" srcdoc="{outer}"></iframe>'


def _page(head: str, body: str) -> str:
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY};font-src data:;media-src data:">'
    return f'<!doctype html><meta charset="utf-8">{meta}{head}<body>{body}'


def _img(address: str) -> str:
    return f'<p class="output"><img src="{escape(address)}" alt="Output" loading="lazy"></p>'


def _pre(text: str, kind: str) -> str:
    text = _ANSI.sub("", text).rstrip("\n")
    if not text.strip():
        return ""
    cut = f"\n… {len(text) - MOST} more characters are in the notebook" if len(text) > MOST else ""
    return f'<pre class="{kind}">{escape(text[:MOST])}{cut}</pre>'


def _last_lines(text: str) -> str:
    """What a terminal would show: a carriage return goes back to the beginning of its line."""
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
