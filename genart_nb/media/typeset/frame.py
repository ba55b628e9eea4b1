"""The frame every card shares: a figure, its caption, and styles that reach nothing outside it.

No colour here is fixed: tints and hues are mixed from `currentColor`, so a card follows whatever page it is on
(JupyterLab, VS Code, a saved HTML file; light or dark) without asking which. Where `color-mix` is unknown the
rules fall away and plain, readable text remains; so it does where a site strips the styles altogether.
"""

from __future__ import annotations

import functools
import re
from html import escape as _escape

from genart_nb.media.base import Sheet

SERIF = '"Iowan Old Style","Palatino Linotype",Palatino,P052,"Noto Serif",Georgia,serif'
SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif'
MONO = '"Courier Prime",Courier,"Courier New","Liberation Mono",monospace'

# Mid-tones: mixed with the text colour of a light page they darken, on a dark page they lighten, so the contrast
# with the ground stays above 4.5:1 on both (tests/media/test_typeset.py computes it).
HUES = ("#2f7de0", "#d0551f", "#12906a", "#b04cc0", "#a87410", "#d94878")
HUE_SHARE = 66

FRAME = f"""
&{{--genart-quiet:color-mix(in srgb,currentColor 72%,transparent);
--genart-line:color-mix(in srgb,currentColor 20%,transparent);
--genart-tint:color-mix(in srgb,currentColor 3%,transparent);
box-sizing:border-box;max-width:46rem;margin:.5em 0;padding:1.3em clamp(1em,5%,2.4em) 1em;
background:var(--genart-tint);border-radius:8px;
color:var(--jp-content-font-color1,var(--vscode-editor-foreground,inherit));
font:1.12em/1.6 {SERIF};overflow-wrap:anywhere;text-align:start}}
& p{{margin:0 0 .8em;text-align:start;unicode-bidi:plaintext}}
& .genart-title{{margin:0 0 .8em;font:600 1.25em/1.3 {SERIF};text-align:start}}
& figcaption{{margin-top:1.2em;padding-top:.6em;border-top:1px solid var(--genart-line);
font:.72em/1.5 {SANS};color:var(--genart-quiet)}}
& figcaption p{{margin:0 0 .2em}}
& figcaption small{{font-size:1em}}
"""

LIVE = """
& .genart-caret{display:inline-block;width:.09em;height:1.05em;margin-inline-start:.12em;vertical-align:-.18em;
background:currentColor;opacity:.55;animation:genart-caret 1.1s ease-in-out infinite}
@keyframes genart-caret{50%{opacity:.1}}
@media(prefers-reduced-motion:reduce){& .genart-caret{animation:none}}
"""

_CLOSING = re.compile(r"(?:</[a-z0-9]+>)+\Z")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}\Z")
# Control characters and halves of surrogate pairs cannot be written in HTML at all.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: object) -> str:
    """Text with one kind of line end, and U+FFFD for what HTML cannot hold."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    return _UNWRITABLE.sub("\ufffd", lines)


def escape(text: object) -> str:
    """`clean` text that a browser shows as it is, never as markup; safe in quoted attributes too."""
    return _escape(clean(text), quote=True)


def figure(body: str, sheet: Sheet, css: str) -> str:
    """The card: `body` is HTML already escaped; `css` are this layout's rules, `&` standing for the card itself."""
    name = re.sub(r"[^a-z0-9]+", "-", sheet.layout.lower()).strip("-") or "work"
    attributes = f'class="genart genart-{name}"{_described(sheet, name)}'
    if sheet.live:
        body = _with_caret(body)
        attributes += ' aria-busy="true"'
    style = stylesheet(name, FRAME + css + (LIVE if sheet.live else ""))
    heading = f'<h4 class="genart-title tocSkip" dir="auto">{escape(sheet.title)}</h4>' if sheet.title.strip() else ""
    return f"<style>{style}</style><figure {attributes}>{heading}{body}{_caption(sheet)}</figure>"


def hue(index: int) -> str:
    """CSS colour number `index` of the palette, readable on light and dark."""
    return f"color-mix(in srgb,{HUES[index % len(HUES)]} {HUE_SHARE}%,currentColor)"


@functools.lru_cache(maxsize=64)
def stylesheet(name: str, rules: str) -> str:
    """Rules with `&` replaced by a selector strong enough to win over JupyterLab's own, and no idle space."""
    return re.sub(r"\s*\n\s*", "", rules).replace("&", f".genart.genart-{name}")


def _described(sheet: Sheet, name: str) -> str:
    form = sheet.facts.get("form") or name
    label = f"{form}: {sheet.title}" if sheet.title.strip() else str(form)
    language = str(sheet.facts.get("language") or "")
    spoken = f' lang="{language}"' if _LANGUAGE.match(language) else ""
    return f'{spoken} aria-label="{escape(label)}"'


def _with_caret(body: str) -> str:
    # Just inside the innermost element that is still growing, whatever the layout.
    end = _CLOSING.search(body, max(0, len(body) - 400))
    at = end.start() if end else len(body)
    return f'{body[:at]}<span class="genart-caret"></span>{body[at:]}'


def _caption(sheet: Sheet) -> str:
    parts = []
    if sheet.note.strip():
        parts.append(f'<p class="genart-note" dir="auto">{escape(sheet.note)}</p>')
    small = "<strong>stopped early</strong>" if sheet.partial else ""
    if sheet.colophon.strip():
        small += (" · " if small else "") + escape(sheet.colophon)
    if small:
        parts.append(f"<small>{small}</small>")
    return f"<figcaption>{''.join(parts)}</figcaption>" if parts else ""
