"""A bank of shapes, drawn on the spot: enough to see who stands where, by colour."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from safetensors.numpy import save_file

COLOURS = {
    "cat": (230, 160, 40), "cat face": (230, 160, 41), "dog": (150, 100, 60), "fox": (240, 110, 20),
    "top hat": (60, 0, 60), "sunglasses": (0, 40, 40), "bicycle": (200, 0, 90), "red apple": (220, 30, 30),
    "green apple": (40, 180, 40), "package": (180, 140, 90), "umbrella": (120, 60, 200), "house": (160, 160, 90),
    "deciduous tree": (30, 120, 30), "evergreen tree": (10, 90, 60), "elephant": (130, 130, 140),
    "ant": (90, 20, 20), "balloon": (250, 0, 50), "crescent moon": (250, 230, 90), "sailboat": (20, 90, 220),
    "hot dog": (250, 190, 120),
}  # fmt: skip
CATEGORIES = {
    "top hat": "hat", "sunglasses": "clothing", "bicycle": "vehicle", "red apple": "food", "green apple": "food",
    "package": "object", "umbrella": "object", "house": "place", "deciduous tree": "plant", "hot dog": "food",
    "evergreen tree": "plant", "balloon": "object", "crescent moon": "weather", "sailboat": "vehicle",
}  # fmt: skip
KEYWORDS = {"dog": ["puppy", "pet"], "cat": ["pet"], "package": ["parcel"]}
KINDS = {"dog": ["terrier", "guide dog"], "house": ["hut"], "unicorn": ["alicorn"], "top hat": ["sunglass"]}
"""One of a name that is in no bank, and one that is the singular of another name."""
STYLES = ("flat", "noto")


def vector(text: str) -> NDArray[np.float32]:
    """A unit vector of its own for each text: unlike texts are nearly at right angles."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    found = np.random.Generator(np.random.Philox(key=seed)).standard_normal(384).astype(np.float32)
    return found / np.linalg.norm(found)


class Embedder:
    """Texts to vectors; `alike` says which text means which name. Keeps what it was asked."""

    def __init__(self, **alike: str) -> None:
        self._alike = alike
        self.asked: list[str] = []

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.stack([vector(self._alike.get(text, text)) for text in texts])


def picture(name: str, style: str) -> Image.Image:
    """A disc on legs (animals), or a block, in the name's colour; `noto` ones have a white spot."""
    canvas = Image.new("RGBA", (64, 64))
    pen = ImageDraw.Draw(canvas)
    if name in CATEGORIES:
        pen.rectangle((8, 16, 55, 55), fill=COLOURS[name])
    else:
        pen.ellipse((12, 4, 51, 43), fill=COLOURS[name])
        pen.rectangle((20, 40, 44, 60), fill=COLOURS[name])
    if style == "noto":
        pen.rectangle((30, 30, 33, 33), fill="white")
    return canvas


def write(folder: Path) -> Path:
    """Write `bank.safetensors` and `kinds.json`; returns the folder."""
    entries, blobs, vectors = [], [], []
    for name in COLOURS:
        vectors.append(np.round(vector(name) * 127).astype(np.int8))
        for style in STYLES:
            buffer = io.BytesIO()
            picture(name, style).save(buffer, "WEBP", lossless=True)
            blobs.append(buffer.getvalue())
            entries.append({
                "id": f"{style}:{name}", "name": name, "keywords": KEYWORDS.get(name, []), "style": style,
                "set": f"set of {style}", "licence": "CC0-1.0", "category": CATEGORIES.get(name, "animal"),
            })  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    offsets = np.concatenate([[0], np.cumsum([len(blob) for blob in blobs])]).astype(np.int64)
    tensors = {"webp": np.frombuffer(b"".join(blobs), np.uint8), "offsets": offsets, "embedding": np.stack(vectors)}
    save_file(tensors, folder / "bank.safetensors", metadata={"entries": json.dumps(entries)})
    (folder / "kinds.json").write_text(json.dumps(KINDS))
    return folder


def spot(image: Image.Image, name: str, tolerance: int = 24) -> tuple[float, float, float, float] | None:
    """Left, top, right, bottom of what has a name's colour, or None."""
    pixels = np.asarray(image.convert("RGB")).astype(int)
    near = np.abs(pixels - np.array(COLOURS[name])).max(axis=-1) <= tolerance
    if near.sum() < 6:
        return None
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    return float(columns[0]), float(rows[0]), float(columns[-1]), float(rows[-1])
