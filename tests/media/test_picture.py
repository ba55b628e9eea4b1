from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genart_nb.arts.retouch import traced
from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError, UsageError
from genart_nb.media.base import Sheet
from genart_nb.media.contact import CONTACT, ContactSheet
from genart_nb.media.picture import PICTURE
from genart_nb.media.vector import VECTOR
from genart_nb.recipe import Recipe


def drawing(shift: int = 0, size: tuple[int, int] = (40, 30)) -> Image.Image:
    ramp = np.add.outer(np.arange(size[1]) * 3, np.arange(size[0]) * 2 + shift)
    return Image.fromarray(np.stack([ramp, 255 - ramp, ramp // 2], 2).clip(0, 255).astype(np.uint8))


def test_a_picture_comes_back_from_its_file() -> None:
    data = drawing()
    again = PICTURE.load(PICTURE.dump(data))
    assert np.array_equal(np.asarray(again), np.asarray(data))
    assert PICTURE.fingerprint(again) == PICTURE.fingerprint(data)


def test_a_fingerprint_is_of_pixels_and_size() -> None:
    data = drawing()
    turned = Image.frombytes("RGB", (30, 40), data.tobytes())
    other = data.copy()
    other.putpixel((3, 3), (0, 0, 1))
    prints = {PICTURE.fingerprint(each)["sha256"] for each in (data, turned, other)}
    assert len(prints) == 3
    assert len(base64.b64decode(PICTURE.fingerprint(data)["thumbnail"])) == 32 * 32


def test_a_file_holds_nothing_but_the_pixels() -> None:
    data = drawing()
    data.info = {"comment": "here", "facts": {"a": 1}}
    assert PICTURE.dump(data) == PICTURE.dump(drawing())


def test_a_bundle_has_a_stable_line_a_png_and_escaped_html() -> None:
    facts = {"references": [{"name": "<fox>", "set": "Noto", "licence": "Apache-2.0"}] * 2}
    bundle = PICTURE.bundle(Sheet(drawing(), prompt='"><script>alert(1)</script>', mark="<genart paint>", facts=facts))
    assert bundle["text/plain"] == "<genart paint>"
    png = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"])))
    assert png.size == (40, 30)
    assert "<script" not in bundle["text/html"]
    assert bundle["text/html"].count("&lt;fox&gt; (Noto, Apache-2.0)") == 1


def test_a_contact_sheet_comes_back_from_its_png() -> None:
    data = ContactSheet(tuple(drawing(shift) for shift in (0, 30, 60)), ("one", "zwei", "三"), 2)
    content = CONTACT.dump(data)
    again = CONTACT.load(content)
    assert again.labels == data.labels and again.columns == 2
    assert all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in zip(again, data, strict=True))
    assert CONTACT.fingerprint(again) == CONTACT.fingerprint(data)
    assert Image.open(io.BytesIO(content)).size[0] > 2 * 40


def test_a_contact_sheet_saved_elsewhere_says_what_it_lost() -> None:
    with pytest.raises(GalleryError, match="remake"):
        CONTACT.load(PICTURE.dump(drawing()))


def test_a_contact_sheet_shows_every_picture_with_its_label() -> None:
    sheet = ContactSheet((drawing(), drawing(50)), ("<b>", "ink"), 2)
    html = CONTACT.bundle(Sheet(sheet, prompt="fox", mark="<m>"))["text/html"]
    assert html.count("<img") == 2 and "&lt;b&gt;" in html and "<b>" not in html


def test_a_drawing_comes_back_from_its_svg() -> None:
    data = traced(drawing(size=(64, 64)))
    again = VECTOR.load(VECTOR.dump(data))
    assert again.svg == data.svg
    assert np.array_equal(np.asarray(again.picture), np.asarray(data.picture))
    assert set(VECTOR.bundle(Sheet(again, mark="<m>"))) == {"text/plain", "image/svg+xml", "image/png", "text/html"}


def test_an_svg_from_an_editor_says_what_it_lost() -> None:
    with pytest.raises(GalleryError, match="lost the picture"):
        VECTOR.load(b"<svg></svg>")


def test_a_work_is_saved_in_the_format_its_name_says(tmp_path: Path) -> None:
    work = Artwork(Recipe(art="paint", prompt="fox", model="m", seed=1), drawing(), "picture")
    for name, format in (("a.png", "PNG"), ("b.jpg", "JPEG"), ("c.webp", "WEBP"), ("d", "PNG")):
        assert Image.open(work.save(tmp_path / name)).format == format
    with pytest.raises(UsageError, match=r"cannot be saved as \.txt"):
        work.save(tmp_path / "e.txt")
    svg = Artwork(work.recipe, traced(drawing(size=(64, 64))), "vector")
    assert svg.save(tmp_path / "f.svg").read_text().startswith("<svg")
    assert Image.open(svg.save(tmp_path / "g.png")).size == (64, 64)
