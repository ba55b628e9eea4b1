"""Contact sheets as a medium: several labelled pictures, kept as one PNG that any viewer opens."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from genart_nb.errors import GalleryError
from genart_nb.media import likeness
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.distances import phash
from genart_nb.media.picture import card, encoded_as, img, pixels_sha256, thumbnail
from genart_nb.media.typeset import escape

if TYPE_CHECKING:
    from PIL.Image import Image

_GAP, _LABEL = 8, 22  # pixels
_KEY = "genart-contact"

CSS = """
&{padding:0;background:none;max-width:62rem}
& .genart-tiles{display:grid;gap:.7em;margin:0}
& .genart-tile img{display:block;width:100%;height:auto;border-radius:6px;margin:0}
& .genart-tile{font:.72em/1.6 system-ui;text-align:center;min-width:0;overflow-wrap:anywhere}
& figcaption{border:0;margin-top:.5em;padding:0}
"""


@dataclass(frozen=True)
class ContactSheet(Sequence["Image"]):
    """Pictures of one size with a label each, in rows of `columns`; indexing gives the pictures."""

    pictures: tuple[Image, ...]
    labels: tuple[str, ...]
    columns: int
    info: dict[str, Any] = field(default_factory=dict, compare=False)

    def __getitem__(self, at: Any) -> Any:
        return self.pictures[at]

    def __len__(self) -> int:
        return len(self.pictures)

    def __iter__(self) -> Iterator[Image]:
        return iter(self.pictures)

    def __repr__(self) -> str:
        """One stable line."""
        return f"<contact sheet of {len(self)}: {', '.join(self.labels)}>"

    def places(self) -> list[tuple[int, int]]:
        """Left upper corner of each picture on the sheet, in pixels."""
        wide, high = self.pictures[0].size
        return [
            (_GAP + at % self.columns * (wide + _GAP), _GAP + at // self.columns * (high + _GAP + _LABEL))
            for at in range(len(self))
        ]

    def sheet(self) -> Image:
        """The whole sheet as one picture, labels below the pictures."""
        from PIL import Image, ImageDraw, ImageFont

        wide, high = self.pictures[0].size
        rows = -(-len(self) // self.columns)
        across = min(self.columns, len(self))
        size = (_GAP + across * (wide + _GAP), _GAP + rows * (high + _GAP + _LABEL))
        whole = Image.new("RGB", size, "white")
        pen, font = ImageDraw.Draw(whole), ImageFont.load_default(13)
        for (left, top), picture, label in zip(self.places(), self.pictures, self.labels, strict=True):
            whole.paste(picture, (left, top))
            pen.text((left + wide / 2, top + high + 4), label[: wide // 6], "#444", font, anchor="mt")
        return whole


class Contact:
    """A ContactSheet."""

    name = "contact"
    suffix = ".png"

    def dump(self, data: ContactSheet) -> bytes:
        """PNG of the whole sheet; where the pictures lie stands in its metadata."""
        from PIL.PngImagePlugin import PngInfo

        wide, high = data.pictures[0].size
        info = PngInfo()
        layout = {"size": [wide, high], "columns": data.columns, "labels": data.labels, "places": data.places()}
        info.add_text(_KEY, json.dumps(layout))
        target = io.BytesIO()
        data.sheet().save(target, "PNG", pnginfo=info)
        return target.getvalue()

    def encode(self, data: ContactSheet, suffix: str) -> bytes:
        """The whole sheet as PNG, JPEG or WebP; only its PNG can be opened as a contact sheet again."""
        return self.dump(data) if suffix == self.suffix else encoded_as(data.sheet(), suffix)

    def load(self, content: bytes) -> ContactSheet:
        """The pictures, cut out of the sheet again; raises GalleryError if it no longer says where they lie."""
        from PIL import Image

        with Image.open(io.BytesIO(content)) as image:
            try:
                layout = json.loads(image.info[_KEY])
                wide, high = layout["size"]
                whole = image.convert("RGB")
                pictures = [whole.crop((x, y, x + wide, y + high)) for x, y in layout["places"]]
                return ContactSheet(tuple(pictures), tuple(layout["labels"]), layout["columns"])
            except (KeyError, TypeError, ValueError):
                what = "This contact sheet has lost the note of where its pictures lie."
                raise GalleryError(what, "`%genart remake` can make it again") from None

    def fingerprint(self, data: ContactSheet) -> dict[str, Any]:
        """SHA-256 over those of the pictures, and each one's own, its perceptual hash and grey thumbnail, base64."""
        each = [pixels_sha256(picture) for picture in data]
        return {
            "sha256": sha256(":".join(each).encode()),
            "pictures": each,
            "phashes": [phash(picture) for picture in data],
            "thumbnails": [thumbnail(picture) for picture in data],
            "still": pixels_sha256(data.sheet()),
        }

    compare = staticmethod(likeness.pictures)

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The stable line, the sheet as PNG, and the pictures side by side as HTML."""
        data: ContactSheet = sheet.data
        still = io.BytesIO()
        data.sheet().save(still, "PNG")
        wide = data.pictures[0].width
        tiles = "".join(
            f'<div class="genart-tile">{img(picture, f"{label}: {sheet.prompt}")}{escape(label)}</div>'
            for picture, label in zip(data.pictures, data.labels, strict=True)
        )
        columns = f"repeat(auto-fill,minmax(min(45%,{wide // 2}px),1fr))" if data.columns > 4 else (
            f"repeat({min(data.columns, len(data))},minmax(0,{wide}px))"
        )  # fmt: skip
        body = f'<div class="genart-tiles" style="grid-template-columns:{columns}">{tiles}</div>'
        return {
            "text/plain": sheet.mark,
            "image/png": base64.b64encode(still.getvalue()).decode(),
            "text/html": card(body, sheet, CSS),
        }


CONTACT = Contact()
