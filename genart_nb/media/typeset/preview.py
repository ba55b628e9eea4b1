"""Sketches and drawings in a frame that can reach neither the page nor the network.

Two frames, one inside the other. The outer one's policy forbids every load, including where its children may
navigate to: a policy on the inner frame alone could not stop a script that assigns `location`. Neither is allowed
the page's origin, forms, pop-ups, downloads or top navigation; a drawing is not allowed scripts at all.

p5.js itself is a megabyte under LGPL-2.1, and every output must carry what it needs to run offline, so `sketch.js`
speaks the common part of its language in 16 kB: less than the picture it draws would take as PNG.
"""

from __future__ import annotations

import functools
import re
from importlib.resources import files

from genart_nb.media.typeset.frame import escape

POLICY = "default-src 'none';script-src 'unsafe-inline';style-src 'unsafe-inline';img-src data:"
# WebRTC is the one road that policies do not close.
SEALED = "for(const k of Object.getOwnPropertyNames(window))if(/RTC/.test(k))delete window[k];"
PAPER = (
    "html,body{margin:0;height:100%;background:#fff;overflow:hidden}"
    "body{display:flex;justify-content:center;align-items:center}"
    "canvas,svg{display:block;max-width:100%;max-height:100%}canvas{height:auto}"
    "pre{position:fixed;inset:auto 0 0;margin:0;padding:.7em 1em;white-space:pre-wrap;background:#fff1f0;color:#8a1c12;"
    "border-top:1px solid #8a1c12;font:13px/1.4 monospace}"
)
NESTING = "html,body,iframe{margin:0;border:0;width:100%;height:100%;display:block}html{overflow:hidden}"

SMALLEST, LARGEST = 60, 900
_CANVAS = re.compile(r"createCanvas\s*\(\s*(\d{1,5})(?:\.\d+)?\s*,\s*(\d{1,5})")
_SVG_TAG = re.compile(r"<svg\b[^>]{0,2000}>", re.IGNORECASE)
_LENGTH = r"""\s{}\s*=\s*["']?\s*(\d{{1,5}})(?:\.\d+)?(?:px)?\s*["'\s>]"""
_VIEW_BOX = re.compile(r"""\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+(\d{1,5})[\d.]*[\s,]+(\d{1,5})""", re.I)


def preview(source: str, lang: str, title: str = "") -> str:
    """An `<iframe>` that runs a p5js sketch or shows an svg; "" for any other language."""
    if lang == "p5js":
        width, height = _clamped(_CANVAS.search(source)) or (400, 400)
        return sealed(_sketch(source), "allow-scripts", title or "Sketch", width, height)
    if lang == "svg" and "<svg" in source.lower():
        width, height = _svg_size(source)
        return sealed(_drawing(source), "", title or "Drawing", width, height)
    return ""


def sealed(body: str, sandbox: str, title: str, width: int, height: int) -> str:
    """HTML `body` in two nested sandboxed frames of `width` x `height` CSS pixels, shrinking with the page."""
    label = escape(title)
    inner = _attribute(_page(body, PAPER))
    outer = _page(f'<iframe title="{label}" sandbox="{sandbox}" srcdoc="{inner}"></iframe>', NESTING)
    return (
        f'<iframe title="{label}" sandbox="{sandbox}" loading="lazy" width="{width}" height="{height}" '
        f'style="aspect-ratio:{width}/{height};height:auto" srcdoc="{_attribute(outer)}"></iframe>'
    )


def _page(body: str, style: str) -> str:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return f'<!doctype html><meta charset="utf-8">{policy}<style>{style}</style><body>{body}'


def _sketch(source: str) -> str:
    # The source may not close the script it stands in, nor open a comment that HTML would honour.
    safe = re.sub(r"<(?=/script|!--)", r"\\x3c", source, flags=re.IGNORECASE)
    before = f"<script>{SEALED}{_runtime()}"
    line = before.count("\n") + 1
    return f"{before};sketchLine={line}</script>\n<script>{safe}\n</script><script>startSketch()</script>"


def _drawing(source: str) -> str:
    # What precedes the drawing (an XML declaration, a doctype) would put the browser into another mode.
    return source[source.lower().index("<svg") :]


def _svg_size(source: str) -> tuple[int, int]:
    found = _SVG_TAG.search(source)
    tag = found[0] if found else ""
    width, height = (re.search(_LENGTH.format(side), tag, re.IGNORECASE) for side in ("width", "height"))
    if width and height:
        return _within(int(width[1])), _within(int(height[1]))
    return _clamped(_VIEW_BOX.search(tag), 400) or (400, 400)


def _clamped(found: re.Match[str] | None, scaled_to: int = 0) -> tuple[int, int] | None:
    """Width and height from a match, within what a page can bear; scaled to one width where asked."""
    if not found or not int(found[1]) or not int(found[2]):
        return None
    width, height = int(found[1]), int(found[2])
    if scaled_to:
        width, height = scaled_to, round(height * scaled_to / width)
    return _within(width), _within(height)


def _within(length: int) -> int:
    return max(SMALLEST, min(LARGEST, length))


def _attribute(html: str) -> str:
    return html.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


@functools.cache
def _runtime() -> str:
    """`sketch.js` without its comments and indents."""
    lines = map(str.strip, files(__package__).joinpath("sketch.js").read_text("utf-8").split("\n"))
    return "\n".join(line for line in lines if line and not line.startswith("//"))
