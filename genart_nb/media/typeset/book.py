"""Pages of a book: verse, prose, and a plot in acts."""

from __future__ import annotations

import re
from itertools import groupby

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.frame import SANS, clean, escape, figure
from genart_nb.media.typeset.markup import inline, running

VERSE = """
& .genart-text p{margin:0 0 1.1em}
& .genart-text p:last-child{margin:0}
& br{display:none}
& .genart-text span:not([class]){display:block;padding-inline-start:1.8em;text-indent:-1.8em;white-space:pre-wrap;
line-height:1.75;unicode-bidi:plaintext}
"""

# The letters down the margin are the poem's point: show them without changing a line.
ACROSTIC = "& .genart-acrostic span:not([class])::first-letter{font-weight:700}"

RUNNING = """
& .genart-text{max-width:65ch;font-variant-numeric:oldstyle-nums;hanging-punctuation:first;text-wrap:pretty}
& .genart-text>:last-child{margin-bottom:0}
& hr{width:4em;height:0;margin:1.5em auto;border:0;border-top:1px solid var(--genart-line)}
& :is(ul,ol){margin:0 0 .8em;padding-inline-start:1.6em}
& .genart-text h4{margin:1.2em 0 .4em;font-size:1.08em;font-weight:600;line-height:1.35}
& code{font-size:.85em;background:var(--genart-line);border-radius:3px;padding:0 .25em}
"""

ACTS = f"""
& ol{{list-style:none;margin:0;padding:0;max-width:65ch}}
& li{{position:relative;margin:0;padding:0 0 1.3em 1.7em;border-inline-start:1px solid var(--genart-line);
margin-inline-start:.35em}}
& li:last-child{{padding-bottom:0}}
& li::before{{content:"";position:absolute;inset-inline-start:-.33em;top:.42em;width:.6em;height:.6em;
border-radius:50%;background:currentColor}}
& .genart-text h4{{margin:0 0 .4em;font-size:1.1em;font-weight:600;line-height:1.35;text-align:start}}
& h4 span{{display:block;font:600 .66em/1.6 {SANS};letter-spacing:.09em;text-transform:uppercase;
color:var(--genart-quiet)}}
& h4 b{{display:none}}
& li p:last-child{{margin:0}}
"""

_NUMBER = r"[IVXLC]{1,7}|\d{1,3}|one|two|three|four|five|six|seven"
_ACT = re.compile(rf"[#* \t]*(act\s+(?:{_NUMBER}))\b[*\s]*(?:[:.)–—-]+[*\s]*(.*?))?[*\s]*\Z", re.IGNORECASE)


def verse(sheet: Sheet) -> str:
    """Every line its own element, blank lines between stanzas; a line too long for the page hangs its rest."""
    lines = [line.rstrip() for line in clean(sheet.data).strip("\n").split("\n")]
    stanzas = [list(group) for filled, group in groupby(lines, key=bool) if filled]
    body = "".join(f"<p>{'<br>'.join(_line(line) for line in stanza)}</p>" for stanza in stanzas)
    acrostic = sheet.facts.get("form") == "acrostic"
    kind = "genart-text genart-acrostic" if acrostic else "genart-text"
    return figure(f'<div class="{kind}" dir="auto">{body}</div>', sheet, VERSE + (ACROSTIC if acrostic else ""))


def prose(sheet: Sheet) -> str:
    """Paragraphs at a comfortable measure; also summaries, translations and answers."""
    return figure(f'<div class="genart-text" dir="auto">{running(sheet.data)}</div>', sheet, RUNNING)


def acts(sheet: Sheet) -> str:
    """Lines `Act I: Title` start an act on the timeline; what precedes the first stands before it."""
    before: list[str] = []
    found: list[tuple[str, list[str]]] = []
    for line in clean(sheet.data).split("\n"):
        heading = _ACT.fullmatch(line) if len(line) < 200 else None
        if heading:
            found.append((_act_heading(heading[1], heading[2] or ""), []))
        else:
            (found[-1][1] if found else before).append(line)
    items = "".join(f"<li>{heading}{running(chr(10).join(text))}</li>" for heading, text in found)
    listing = f'<ol role="list">{items}</ol>' if found else ""
    return figure(f'<div class="genart-text" dir="auto">{running(chr(10).join(before))}{listing}</div>', sheet, ACTS)


def _line(line: str) -> str:
    text = line.lstrip(" \t")
    # No-break spaces keep the poet's indent where styles are stripped.
    indent = "\u00a0" * len(line[: len(line) - len(text)].expandtabs(4))
    return f"<span>{indent}{escape(text)}</span>"


def _act_heading(number: str, title: str) -> str:
    if not title:
        return f'<h4 class="tocSkip">{escape(number)}</h4>'
    return f'<h4 class="tocSkip"><span>{escape(number)}<b>: </b></span>{inline(title)}</h4>'
