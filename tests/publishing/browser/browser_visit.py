"""A page from a disk in a real browser whose network is blocked, and what a reader does there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from genart_nb.publishing.browser import assets

SCRIPTS = Path(assets.__file__).parent / "scripts"
PAGE = "<!doctype html><meta charset=utf-8><title>A page</title>"
# What a test asks of a painter that is awake: the picture as base64 of RGBA, or the error in words.
PAINT = """async (wish) => {
  try {
    const { bitmap } = await backend.paint(wish);
    const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
    const pen = canvas.getContext("2d");
    pen.drawImage(bitmap, 0, 0);
    const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    return { side: bitmap.width, rgba: btoa(Array.from(data, (level) => String.fromCharCode(level)).join("")) };
  } catch (error) {
    return { name: error.name, error: error.message };
  }
}"""


class Visit:
    """A page opened from a disk; `asked` are addresses it asked for that are no files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.context.set_offline(True)
        page.on("request", lambda request: self._note(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith(("file:", "blob:", "data:")):
            self.asked.append(url)

    def open(self, folder: Path, html: str = PAGE) -> Visit:
        """Open a folder's page, with the client of the painter in it where there is one."""
        (folder / "index.html").write_text(html, encoding="utf-8")
        self.page.goto((folder / "index.html").as_uri())
        if (folder / "client.js").is_file():
            self.page.add_script_tag(path=folder / "client.js")
        return self

    def wake(self, data: dict[str, Any]) -> str:
        """Wake the painter for an easel; the error in words, empty where there is none."""
        js = """async ([data, base]) => {
          try { globalThis.backend = await genart.painter(data, { base }); return ""; }
          catch (error) { return error.message; }
        }"""
        said: str = self.page.evaluate(js, [data, "./"])
        return said

    def paint(self, **wish: Any) -> Image.Image:
        """A picture by the painter that is awake; fails with its words where it refuses."""
        found = self.page.evaluate(PAINT, wish)
        assert "error" not in found, found["error"]
        rgba = np.frombuffer(base64.b64decode(found["rgba"]), np.uint8)
        assert (rgba[3::4] == 255).all()
        return Image.fromarray(rgba.reshape(found["side"], found["side"], 4)[..., :3])

    @contextmanager
    def borrowed(self, data: dict[str, Any]) -> Iterator[str]:
        """Another easel on this page for a while; gives what was said when it woke."""
        self.page.evaluate("globalThis.kept = globalThis.backend")
        said = self.wake(data)
        try:
            yield said
        finally:
            self.page.evaluate("if (backend !== kept) backend.close(); globalThis.backend = kept")

    def refused(self, **wish: Any) -> str:
        """What the painter says when it refuses."""
        found = self.page.evaluate(PAINT, wish)
        assert "error" in found, "it painted"
        return str(found["error"])
