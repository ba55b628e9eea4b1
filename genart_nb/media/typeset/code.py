"""Program text with its syntax in colour; sketches and drawings are shown alive in a sealed frame above it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import groupby
from typing import Any

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.frame import MONO, clean, escape, figure, hue
from genart_nb.media.typeset.preview import preview

CODE = f"""
& pre{{margin:0;padding:0;border:0;background:none;color:inherit;
font:.8em/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",{MONO};
white-space:pre;overflow-x:auto;tab-size:4}}
& pre code{{font:inherit;background:none;color:inherit;padding:0;white-space:inherit}}
& iframe{{display:block;max-width:100%;margin:0 0 1.2em;border:1px solid var(--genart-line);border-radius:6px;
background:#fff padding-box;box-sizing:content-box}}
& .k{{color:{hue(3)}}}
& .s{{color:{hue(2)}}}
& .m{{color:{hue(1)}}}
& .f{{color:{hue(0)}}}
& .c{{color:var(--genart-quiet);font-style:italic}}
"""

LEXERS = {
    "p5js": ("pygments.lexers.javascript", "JavascriptLexer"),
    "svg": ("pygments.lexers.html", "XmlLexer"),
    "python": ("pygments.lexers.python", "PythonLexer"),
}

# Characters. Some lexers are quadratic on odd input, and a preview is a second copy of the source.
MOST_COLOURED = 20_000
MOST_ALIVE = 100_000


def code(sheet: Sheet) -> str:
    """`facts["lang"]` is p5js, svg or python; the first two are previewed unless `facts["preview"]` is False."""
    lang = str(sheet.facts.get("lang", ""))
    source = clean(sheet.data).strip("\n")
    still = sheet.live or sheet.facts.get("preview") is False or len(source) > MOST_ALIVE
    shown = "" if still else preview(source, lang, sheet.title)
    # A line too long scrolls, so the keyboard must be able to reach it.
    return figure(f'{shown}<pre tabindex="0"><code>{_coloured(source, lang)}</code></pre>', sheet, CODE)


def _coloured(source: str, lang: str) -> str:
    if lang not in LEXERS or len(source) > MOST_COLOURED:
        return escape(source)
    pieces = groupby(_tokens(source, lang), key=lambda token: token[0])
    html: list[str] = []
    for kind, tokens in pieces:
        text = escape("".join(value for _, value in tokens))
        html.append(f'<span class="{kind}">{text}</span>' if kind else text)
    return "".join(html)


def _tokens(source: str, lang: str) -> Iterator[tuple[str, str]]:
    """(colour class, text) of each token; the texts join to the source."""
    token: Any = import_module("pygments.token")
    kinds = (
        (token.Comment, "c"),
        (token.String, "s"),
        (token.Number, "m"),
        (token.Keyword, "k"),
        (token.Operator.Word, "k"),
        (token.Name.Tag, "k"),
        (token.Name.Function, "f"),
        (token.Name.Class, "f"),
        (token.Name.Builtin, "f"),
        (token.Name.Attribute, "f"),
    )
    module, name = LEXERS[lang]
    lexer = getattr(import_module(module), name)(stripnl=False, ensurenl=False)
    for sort, value in lexer.get_tokens(source):
        yield next((css for parent, css in kinds if sort in parent), ""), value
