"""Vector drawings as a medium: SVG files that stay crisp at any size, with the picture they were traced from inside."""

from __future__ import annotations

import base64
import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from genart_nb.errors import GalleryError
from genart_nb.media import likeness
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.distances import phash
from genart_nb.media.picture import CSS, card, encoded, encoded_as, pixels_sha256, thumbnail
from genart_nb.media.typeset import escape

if TYPE_CHECKING:
    from PIL.Image import Image

# An image that is defined and never drawn. `<metadata>` is left to marks and signatures, which allow one in a file.
_BEFORE, _AFTER = '<defs id="genart-still"><image href="data:image/webp;base64,', '"/></defs>'
_STILL = re.compile(f"{_BEFORE}([A-Za-z0-9+/=]*){_AFTER}")


@dataclass(frozen=True)
class Vector:
    """A drawing: `svg` is the document, `picture` the RGB picture it was traced from."""

    svg: str
    picture: Image
    info: dict[str, Any] = field(default_factory=dict, compare=False)

    def __repr__(self) -> str:
        """One stable line."""
        return f"<svg {self.picture.width}x{self.picture.height}, {self.svg.count('<path')} paths>"


class VectorDrawing:
    """A Vector."""

    name = "vector"
    suffix = ".svg"

    def dump(self, data: Vector) -> bytes:
        """The SVG, with the picture in it, unseen."""
        still = base64.b64encode(encoded(data.picture, "WEBP", lossless=True)).decode()
        return data.svg.replace("</svg>", f"{_BEFORE}{still}{_AFTER}</svg>").encode()

    def encode(self, data: Vector, suffix: str) -> bytes:
        """SVG, or the picture it was traced from as PNG, JPEG or WebP."""
        return self.dump(data) if suffix == self.suffix else encoded_as(data.picture, suffix)

    def load(self, content: bytes) -> Vector:
        """The drawing and its picture; raises GalleryError where an editor has dropped the picture."""
        from PIL import Image

        svg = content.decode()
        still = _STILL.search(svg)
        if not still:
            raise GalleryError("This SVG has lost the picture it was traced from.", "`%genart remake` makes it again")
        with Image.open(io.BytesIO(base64.b64decode(still[1]))) as image:
            return Vector(svg.replace(still[0], ""), image.convert("RGB"))

    def fingerprint(self, data: Vector) -> dict[str, Any]:
        """SHA-256 of the SVG; the SHA-256, perceptual hash and grey thumbnail of the picture."""
        return {
            "sha256": sha256(data.svg.encode()),
            "width": data.picture.width,
            "height": data.picture.height,
            "phash": phash(data.picture),
            "thumbnail": thumbnail(data.picture),
            "still": pixels_sha256(data.picture),
        }

    compare = staticmethod(likeness.pictures)

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The stable line, the SVG, the picture as PNG, and a card where the SVG is an image and can run nothing."""
        data: Vector = sheet.data
        source = base64.b64encode(data.svg.encode()).decode()
        wide, high = data.picture.size
        alt = escape(" ".join(sheet.prompt[:300].split()))
        image = f'<img src="data:image/svg+xml;base64,{source}" alt="{alt}" width="{wide}" height="{high}">'
        return {
            "text/plain": sheet.mark,
            "image/svg+xml": data.svg,
            "image/png": base64.b64encode(encoded(data.picture, "PNG", compress_level=3)).decode(),
            "text/html": card(image, sheet, CSS),
        }


VECTOR = VectorDrawing()
