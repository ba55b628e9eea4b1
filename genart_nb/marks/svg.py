"""SVG: the packet as a `<metadata>` element, the last in the drawing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genart_nb.marks import xmp
from genart_nb.marks.base import READ_MAX, Found

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

_OPEN, _CLOSE = b'<metadata id="genart-mark">', b"</metadata>"
_ROOT = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]", re.DOTALL)
_END = b"</svg>"
_SIGNED = b' xmlns:c2pa="http://c2pa.org/manifest"'


class Svg:
    """An SVG drawing in UTF-8."""

    suffixes = (".svg",)

    def knows(self, content: bytes) -> bool:
        """Its root element."""
        return b"<svg" in content[:4096] and bool(_ROOT.match(content[:4096]))

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Before the end of the drawing; signatures go into a `<metadata>`, and take it amiss if there are two."""
        at = content.rfind(_END)
        if at < 0 or b"<metadata" in content:
            raise ValueError("the drawing has no end, or another program's metadata is in the way")
        return content[:at] + _OPEN + xmp.inner(mark.xmp()) + _CLOSE + content[at:]

    def find(self, content: bytes) -> Found:
        """Our element, and the program that another's packet names."""
        begin, end = _span(content)
        return Found(xmp.record(content[begin:end]), software=xmp.tool(content[begin:end] or content[:READ_MAX]))

    def strip(self, content: bytes) -> bytes:
        """Without our element, nor the signature that was put into it, which held only with it."""
        begin, end = _span(content)
        return content[:begin].replace(_SIGNED, b"", 1) + content[end:]


def _span(content: bytes) -> tuple[int, int]:
    begin = content.rfind(_OPEN)
    end = content.find(_CLOSE, begin) if begin >= 0 else -1
    return (begin, end + len(_CLOSE)) if end >= 0 else (0, 0)
