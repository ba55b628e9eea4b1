"""Pictures as a medium: PNG files, PNG beside a card of HTML in notebooks."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

from genart_nb.errors import UsageError
from genart_nb.media import likeness
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.distances import phash
from genart_nb.media.typeset import escape, figure

if TYPE_CHECKING:
    from PIL.Image import Image

THUMBNAIL = 32
"""Side of the grey thumbnail in a fingerprint, in pixels."""

COMPRESSION = 2
"""Of PNG files, 0..9: the greatest that costs next to nothing. 3 takes a tenth longer and 6 twice as long, for files 2
and 10% smaller."""
FOR_THE_EYE = {"quality": 92, "method": 0}
"""How WebP is written where the exact pixels stand beside it: half the time of its own default, a tenth more bytes."""

FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    ".png": ("PNG", {}),
    ".webp": ("WEBP", {"lossless": True}),
    ".jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    ".jpeg": ("JPEG", {"quality": 95, "subsampling": 0}),
}

CSS = """
&{padding:0;background:none;max-width:none;width:fit-content}
& img,& svg{display:block;max-width:100%;height:auto;border-radius:6px;margin:0}
& figcaption{border:0;margin-top:.5em;padding:0;max-width:34rem}
"""


class Picture:
    """One picture: `data` is a PIL image, RGB."""

    name = "picture"
    suffix = ".png"
    still_is_work = True
    _last: tuple[str, bytes] = ("", b"")

    def dump(self, data: Image) -> bytes:
        """PNG; the last one is kept, since what the gallery stores is shown next."""
        key, (last, content) = pixels_sha256(data), self._last
        if key != last:
            content = encoded(data, "PNG", compress_level=COMPRESSION)
            self._last = key, content
        return content

    def encode(self, data: Image, suffix: str) -> bytes:
        """PNG, JPEG or WebP by the ending of the file; raises UsageError for another."""
        return encoded_as(data, suffix)

    def load(self, content: bytes) -> Image:
        """The pixels of a PNG."""
        from PIL import Image

        with Image.open(io.BytesIO(content)) as image:
            return image.convert("RGB")

    def fingerprint(self, data: Image) -> dict[str, Any]:
        """SHA-256 of the decoded pixels with their size, a perceptual hash, and a 32x32 grey thumbnail, base64."""
        return {
            "sha256": pixels_sha256(data),
            "width": data.width,
            "height": data.height,
            "phash": phash(data),
            "thumbnail": thumbnail(data),
        }

    compare = staticmethod(likeness.pictures)

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The stable line, the picture as PNG, and a card with its caption."""
        return {
            "text/plain": sheet.mark,
            "image/png": base64.b64encode(self.dump(sheet.data)).decode(),
            "text/html": card(img(sheet.data, sheet.prompt), sheet, CSS),
        }


PICTURE = Picture()


def card(body: str, sheet: Sheet, css: str) -> str:
    """The card around a picture, with what it was drawn from in its caption."""
    return figure(body + _sources(sheet), sheet, css + "& .genart-sources{font:.78em/1.5 system-ui;opacity:.8}")


def img(data: Image, alt: str, style: str = "") -> str:
    """An `<img>` that holds its picture as WebP, for the eye: the exact pixels are in the PNG beside it."""
    source = base64.b64encode(encoded(data, "WEBP", **FOR_THE_EYE)).decode()
    styled = f' style="{style}"' if style else ""
    return (
        f'<img src="data:image/webp;base64,{source}" alt="{escape(" ".join(alt[:300].split()))}" '
        f'width="{data.width}" height="{data.height}"{styled}>'
    )


def encoded(data: Image, format: str, **options: Any) -> bytes:
    """The bytes of a picture file; equal pixels give equal bytes, for nothing but pixels is written."""
    target = io.BytesIO()
    data.convert("RGB").save(target, format, **options)
    return target.getvalue()


def encoded_as(data: Image, suffix: str) -> bytes:
    """The bytes of a file with that ending; raises UsageError for one that is no picture's."""
    if suffix not in FORMATS:
        raise UsageError(f"A picture cannot be saved as {suffix}.", f"end the file's name in {', '.join(FORMATS)}")
    format, options = FORMATS[suffix]
    return encoded(data, format, **options)


def pixels_sha256(data: Image) -> str:
    """SHA-256 of width, height and RGB pixels, row by row."""
    rgb = data.convert("RGB")
    return sha256(f"{rgb.width}x{rgb.height}:".encode() + rgb.tobytes())


def thumbnail(data: Image) -> str:
    """32x32 grey pixels, base64: what is compared where bits may differ."""
    from PIL import Image

    small = data.convert("L").resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX)
    return base64.b64encode(small.tobytes()).decode()


def _sources(sheet: Sheet) -> str:
    """One line that names the reference pictures and their licences, if it was drawn from any."""
    references = sheet.facts.get("references") or ()
    named = list(dict.fromkeys(f"{each['name']} ({each['set']}, {each['licence']})" for each in references))
    return f'<p class="genart-sources">Redrawn from {escape(", ".join(named))}</p>' if named else ""
