"""Pictures as people hand them over: a file, its bytes or an array, brought to what a work can start from."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genart_nb.errors import OptionError
from genart_nb.options import shown

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 2048
"""Longest side kept, in pixels; a larger picture is scaled down."""
FILES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
USE = "name a picture file, or a variable that holds a work, a PIL image or an array"


def read_file(path: Path, flag: str) -> Image:
    """The picture in a file; raises OptionError where there is none."""
    try:
        if not path.is_file():
            raise OptionError(f"{flag}: there is no file {shown(str(path))}.", USE)
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise OptionError(f"{flag}: {path.name[:80]} cannot be read: {error}.", "check its rights") from None
    return decoded(path.name, content, flag)


def decoded(name: str, content: bytes, flag: str) -> Image:
    """The picture in a file's bytes; raises OptionError where it is broken, or unsafe to open."""
    from PIL import Image, UnidentifiedImageError

    name = name[:80]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        fix = f"scale it down to {LARGEST} pixels first: no more are used"
        raise OptionError(f"{flag}: {name} is too large to be opened safely: {error}.", fix) from None
    except UnidentifiedImageError as error:
        raise OptionError(f"{flag}: {name} is no picture that can be read: {error}.", USE) from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise OptionError(f"{flag}: {name} is broken: {error}.", "open and save it again") from None
    return image


def from_array(value: Any, flag: str) -> Image:
    """The picture that an array is: (height, width) or (height, width, 1, 3 or 4), 0..255, or 0..1 as floats."""
    import numpy as np
    from PIL import Image

    array = np.asarray(value)
    if array.ndim not in (2, 3) or 0 in array.shape or (array.ndim == 3 and array.shape[2] not in (1, 3, 4)):
        what = f"{flag}: an array of shape {array.shape} is no picture."
        raise OptionError(what, "give (height, width) or (height, width, 3), 0..255 as uint8 or 0..1 as floats")
    if array.dtype.kind == "f":
        array = np.nan_to_num(array).clip(0, 1) * 255 + 0.5
    return Image.fromarray(array.clip(0, 255).astype(np.uint8).squeeze())


def fitted(image: Image) -> Image:
    """RGB, upright, on white where it was transparent, and not larger than anybody needs."""
    from PIL import Image, ImageOps

    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        _, high = image.convert("F").getextrema()
        scale = 255 / 65535 if float(high) > 255 else 1.0  # type: ignore[arg-type]
        image = image.convert("F").point(lambda level: level * scale).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    image = image.convert("RGB")
    if max(image.size) > LARGEST:
        image.thumbnail((LARGEST, LARGEST), Image.Resampling.LANCZOS)
    return image
