"""Text as a medium: UTF-8 files, plain text everywhere, typeset HTML where it can be shown."""

from __future__ import annotations

from typing import Any

from genart_nb.media import likeness, text_reading
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.typeset import html


class Text:
    """A poem, a story, a scene, a program: `data` is a str."""

    name = "text"
    suffix = ".txt"

    def dump(self, data: str) -> bytes:
        """UTF-8."""
        return data.encode()

    def load(self, content: bytes) -> str:
        """UTF-8."""
        return content.decode()

    def fingerprint(self, data: str) -> dict[str, Any]:
        """SHA-256 of the UTF-8 text, and its length in characters."""
        return {"sha256": sha256(data.encode()), "characters": len(data)}

    compare = staticmethod(likeness.texts)
    taken = staticmethod(text_reading.read)

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The text itself with its title and mark, and the typeset page."""
        title = "" if sheet.title in sheet.data else sheet.title
        tail = "\n".join(line for line in (sheet.note, sheet.mark) if line)
        plain = "\n\n".join(part for part in (title, sheet.data.strip("\n"), tail) if part)
        return {"text/plain": plain, "text/html": html(sheet)}


TEXT = Text()
