"""Running text: paragraphs, lists, rules and emphasis, as language models write them, in plain HTML."""

from __future__ import annotations

import re

from genart_nb.media.typeset.frame import clean, escape

_BREAK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ITEM = re.compile(r"[ \t]*(?:([-*•])|(\d{1,3})[.)])[ \t]+(.+)")
_HEADING = re.compile(r"#{1,6}[ \t]+(.+)")
_RULE = re.compile(r"[ \t]*(?:(?:[-_*][ \t]*){3,}|⁂)[ \t]*")
# Bounded, so that a million asterisks stay linear; one pass, so that marks that overlap never misnest.
_MARKED = re.compile(
    r"`(?P<code>[^`\n]{1,200})`"
    r"|(?<![\w*])\*\*(?=\S)(?P<strong>[^*\n]{1,300})(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w*])\*(?=\S)(?P<em>[^*\n]{1,300})(?<=\S)\*(?![\w*])"
)


def paragraphs(text: str) -> list[str]:
    """Text split at blank lines, without empty pieces; lines keep their indents."""
    return [part.strip("\n") for part in _BREAK.split(clean(text)) if part.strip()]


def running(text: str) -> str:
    """HTML of running text: `<p>`, `<ul>`, `<ol>`, `<h4>`, `<hr>`; line ends inside a paragraph are kept."""
    return "".join(_block(part.split("\n")) for part in paragraphs(text))


def inline(line: str) -> str:
    """One escaped line with **strong**, *emphasis* and `code`."""
    if "*" not in line and "`" not in line:
        return escape(line)
    return _MARKED.sub(lambda mark: f"<{mark.lastgroup}>{mark[mark.lastgroup or 0]}</{mark.lastgroup}>", escape(line))


def _block(lines: list[str]) -> str:
    # A block may change kind in the middle, as in "Three things:" followed by its list.
    html: list[str] = []
    plain: list[str] = []
    item_tag = ""
    for line in lines:
        item = _ITEM.fullmatch(line)
        special = "" if item else _special(line)
        tag = "" if not item else "ul" if item[1] else "ol"
        if plain and (item or special):
            html.append(_paragraph(plain))
            plain = []
        if item_tag and tag != item_tag:
            html.append(f"</{item_tag}>")
        if item:
            if tag != item_tag:
                html.append("<ul>" if tag == "ul" else f'<ol start="{int(item[2])}">')
            html.append(f"<li>{inline(item[3])}</li>")
        elif special:
            html.append(special)
        else:
            plain.append(line)
        item_tag = tag
    if item_tag:
        html.append(f"</{item_tag}>")
    if plain:
        html.append(_paragraph(plain))
    return "".join(html)


def _special(line: str) -> str:
    if _RULE.fullmatch(line):
        return "<hr>"
    heading = _HEADING.fullmatch(line)
    return f'<h4 class="tocSkip">{inline(heading[1].rstrip(" #"))}</h4>' if heading else ""


def _paragraph(lines: list[str]) -> str:
    return f"<p>{'<br>'.join(inline(line.strip()) for line in lines)}</p>"
