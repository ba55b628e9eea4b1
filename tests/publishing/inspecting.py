"""Works to be inspected, and files as somebody with an editor would leave them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from marked_files import picture
from PIL import Image

from genart_nb import marks
from genart_nb.artwork import Artwork
from genart_nb.studio import studio


def painted(prompt: str = "a cat 海", seed: int = 7, image: Image.Image | None = None, **options: Any) -> Artwork:
    """A work whose recipe is one that `%%paint` writes."""
    made = studio().recipe("paint", prompt, options, seed=seed)
    return Artwork(made, image or picture(seed), "picture", facts={"references": []})


def edited(content: bytes, **changes: Any) -> bytes:
    """The file with another record in it, as somebody with an editor would leave it."""
    record = json.loads(marks.find(content).record or b"")
    record |= changes
    target = io.BytesIO()
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("genart", json.dumps(record))
    with Image.open(io.BytesIO(content)) as image:
        image.save(target, "PNG", pnginfo=info)
    return target.getvalue()


def at(folder: Path, content: bytes, name: str = "x.png") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def fresh_studio() -> Iterator[None]:
    """The kernel's studio, new, and ended afterwards; for a fixture to hand on."""
    studio.cache_clear()
    yield
    studio().close()
    studio.cache_clear()
