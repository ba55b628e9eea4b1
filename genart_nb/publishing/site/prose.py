"""What an author wrote between the works: Markdown as HTML that can run nothing and load nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

import mistune
import nh3

from genart_nb.publishing.site import recover, tex

PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp"}
LARGEST = 50_000_000
"""Bytes of the largest picture that Markdown may name."""

_CODE_CLASSES = {"k", "kc", "kd", "kn", "kr", "kt", "s", "s1", "s2", "sd", "m", "mi", "mf", "c", "c1", "nf", "nc", "nb",
                 "o", "ow", "p", "n", "nn", "hl"}  # fmt: skip
_TAGS = {*nh3.ALLOWED_TAGS, *tex.TAGS, "input"} - {"map", "area"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"}, "img": {"src", "alt", "title", "width", "height"},
    "td": {"align", "colspan", "rowspan"}, "th": {"align", "colspan", "rowspan", "scope"},
    "ol": {"start"}, "input": {"type", "checked", "disabled"}, "details": {"open"}, "span": {"class"},
    **{f"h{level}": {"id"} for level in range(1, 7)}, **dict.fromkeys(tex.TAGS, tex.ATTRIBUTES), "*": {"lang", "dir"},
}  # fmt: skip
_SOURCELESS = re.compile(r'<img(?![^>]* src=)[^>]*?(?: alt="([^"]*)")?[^>]*>')
_UNSAFE_ID = re.compile(r"[^\w-]+")

Keep = Callable[[str, bytes], str]
"""Takes a file's suffix and bytes, returns the address under which the page finds it."""


class Prose:
    """Markdown of one notebook; `keep` takes its pictures, `pages` tells where other notebooks' pages are.

    `faults` gathers what was left out, one line each.
    """

    def __init__(self, folder: Path, keep: Keep, pages: Mapping[Path, str]) -> None:
        self._folder = folder.resolve()
        self._keep = keep
        self._pages = pages
        self._attachments: Mapping[str, Any] = {}
        self._ids: set[str] = set()
        self.faults: list[str] = []
        renderer = _Renderer(self._identity, self.formula)
        self._markdown = mistune.create_markdown(
            renderer=renderer, plugins=["table", "strikethrough", "footnotes", "task_lists", tex.plugin]
        )

    def html(self, source: str, attachments: Mapping[str, Any] | None = None) -> str:
        """Safe HTML of Markdown."""
        self._attachments = attachments or {}
        return self.clean(str(self._markdown(source)))

    def clean(self, html: str) -> str:
        """HTML without scripts, styles, frames, and pictures from elsewhere."""
        safe = nh3.clean(
            html, tags=_TAGS, attributes=_ATTRIBUTES, attribute_filter=self._attribute,
            url_schemes={"http", "https", "mailto", "data", "attachment"}, link_rel="noopener noreferrer",
        )  # fmt: skip
        return _SOURCELESS.sub(_missing, safe)

    def formula(self, source: str, display: bool, typed: str) -> str:
        """TeX as MathML, not yet cleaned; as it was typed where it cannot be set, and that is told."""
        made = tex.mathml(source, display) if tex.available() else ""
        if made:
            return made
        fault = f"TeX that cannot be set: {source.strip()[:100]}" if tex.available() else tex.MISSING
        if fault not in self.faults:
            self.faults.append(fault)
        return f"<code>{escape(typed)}</code>"

    def _attribute(self, tag: str, name: str, value: str) -> str | None:
        if tag in tex.TAGS:
            return value if tex.plain(value) else None
        if tag == "img" and name == "src":
            return self._picture(value)
        if tag == "a" and name == "href":
            return self._link(value)
        if name == "class":
            return " ".join(each for each in value.split() if each in _CODE_CLASSES) or None
        return value

    def _picture(self, source: str) -> str | None:
        if source.startswith(("http:", "https:", "//")):
            self.faults.append(f"A picture from the network is left out: {source[:100]}")
            return None
        content = self._content(source)
        if content is None:
            return None
        if recover.image(content) is None:
            self.faults.append(f"This is no picture that can be shown: {source[:100]}")
            return None
        return self._keep(_suffix(content), content)

    def _content(self, source: str) -> bytes | None:
        if source.startswith("data:"):
            return recover.decoded(source.partition(",")[2])
        if source.startswith("attachment:"):
            held = self._attachments.get(unquoted(source.partition(":")[2]))
            texts = [value for key, value in held.items() if key.startswith("image/")] if isinstance(held, dict) else []
            return recover.decoded(texts[0]) if texts else None
        path = self._folder / unquoted(source.partition("#")[0].partition("?")[0])
        try:
            real = path.resolve()
            if not real.is_relative_to(self._folder):
                self.faults.append(f"A picture outside the notebook's folder is left out: {source[:100]}")
                return None
            if real.suffix.lower() not in PICTURES or not real.is_file() or real.stat().st_size > LARGEST:
                self.faults.append(f"There is no such picture: {source[:100]}")
                return None
            return real.read_bytes()
        except (OSError, ValueError):
            self.faults.append(f"This picture cannot be read: {source[:100]}")
            return None

    def _link(self, target: str) -> str | None:
        if target.startswith(("http:", "https:", "mailto:")):
            return target
        if target.startswith("#"):
            return f"#s-{_UNSAFE_ID.sub('-', unquoted(target[1:]).lower()).strip('-')}"
        path, _, fragment = target.partition("#")
        try:
            page = self._pages.get((self._folder / unquoted(path)).resolve())
        except (OSError, ValueError):
            return None
        return page + (f"#s-{fragment.lower()}" if fragment else "") if page else None

    def _identity(self, words: str) -> str:
        base = f"s-{_UNSAFE_ID.sub('-', words.lower()).strip('-') or 'section'}"[:80]
        name, number = base, 1
        while name in self._ids:
            number += 1
            name = f"{base}-{number}"
        self._ids.add(name)
        return name


class _Renderer(mistune.HTMLRenderer):
    """Headings that can be linked to, and code in colour; what is unsafe is taken out afterwards."""

    def __init__(self, identity: Callable[[str], str], formula: Callable[[str, bool, str], str]) -> None:
        super().__init__(escape=False, allow_harmful_protocols=True)
        self._identity = identity
        self._formula = formula

    def formula(self, text: str, display: bool, typed: str) -> str:
        """TeX among words, or a line of its own."""
        return self._formula(text, display, typed)

    def block_formula(self, text: str, typed: str) -> str:
        """TeX that is a paragraph."""
        return f"<div>{self._formula(text, True, typed)}</div>\n"

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        """A heading with an id made of its words."""
        name = self._identity(unescape(re.sub(r"<[^>]*>", "", text)))
        return f'<h{level} id="{escape(name)}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        """A listing; Python in colour."""
        from genart_nb.publishing.site.listing import coloured

        named = (info or "").split()[:1]
        body = coloured(code) if named in (["python"], ["py"], ["ipython"]) else escape(code)
        return f"<pre><code>{body}</code></pre>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture whose address is kept as it was written."""
        caption = f' title="{escape(title)}"' if title else ""
        return f'<img src="{escape(url)}" alt="{escape(unescape(re.sub("<[^>]*>", "", text)))}"{caption}>'


def unquoted(text: str) -> str:
    """An address without its percent signs."""
    from urllib.parse import unquote

    return unquote(text)


def _missing(tag: re.Match[str]) -> str:
    words = f": {tag[1]}" if tag[1] else ""
    return f'<em class="missing">[picture left out{words}]</em>'


def _suffix(content: bytes) -> str:
    heads = {b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"GIF8": ".gif", b"RIFF": ".webp"}
    return next((suffix for head, suffix in heads.items() if content.startswith(head)), ".png")
