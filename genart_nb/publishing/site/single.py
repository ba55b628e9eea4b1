"""Everything a page shows put into the page itself: one file to send to a friend."""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Sequence

from genart_nb.publishing.site.folder import Files
from genart_nb.publishing.site.frames import size_of

_ATTRIBUTE = re.compile(r'(?<=\s)(src|srcset|href)="((?:works|files|notebooks)/[^"#?]+)"')
_DATA = re.compile(r'"((?:works|files)/[^"\\]+\.(?:webp|png|jpg|gif))"')
_SCRIPT = re.compile(r'<script src="(assets/[\w./-]+)"></script>')
_STYLE = '<link rel="stylesheet" href="assets/site.css">'
LARGE = 25_000_000
"""Bytes beyond which a single page is said to be large."""


def inline(files: Files, pages: Sequence[str], reports: list[str]) -> None:
    """Leave only the pages in `files`, each with everything it needs inside."""
    whole = {}
    for address in pages:
        text = files.held[address].decode()
        text = text.replace(_STYLE, f"<style>{files.held['assets/site.css'].decode()}</style>")
        text = _SCRIPT.sub(lambda found: f"<script>{files.held[found[1]].decode()}</script>", text)
        text = _ATTRIBUTE.sub(lambda found: f'{found[1]}="{_data(files, found[2])}"', text)
        text = _DATA.sub(lambda found: f'"{_data(files, found[1])}"', text)
        whole[address] = text.replace("</body>", f"{_held(files, text)}</body>").encode()
        large = ": too large for most mail" if len(whole[address]) > LARGE else ""
        reports.append(f"{address}: one file of {size_of(len(whole[address]))}{large}")
    files.held.clear()
    files.held.update(whole)


def _held(files: Files, text: str) -> str:
    """The painter's scripts, where the page has one: held back as plain text until the reader asks for them."""
    names = [path for path in files.held if path.startswith("works/") and path.endswith(".js") and f'"{path}"' in text]
    names += [path for path in files.held if path.startswith("assets/painter/") and names]
    parts = []
    for path in names:
        name = path.rsplit("/", 1)[1].removesuffix(".js")
        code = files.held[path].decode().replace("</", "<\\/").replace("<!--", "<\\!--")
        parts.append(f'<script type="text/plain" id="genart-asset-{name}" data-path="{path}">{code}</script>\n')
    return "".join(parts)


def _data(files: Files, path: str) -> str:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    kind = "application/x-ipynb+json" if path.endswith(".ipynb") else "image/webp" if path.endswith(".webp") else kind
    return f"data:{kind};base64,{base64.b64encode(files.held[path]).decode()}" if path in files.held else path
