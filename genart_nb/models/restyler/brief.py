"""What a model that restyles promises, whatever family it is of: a brief goes in, frames come out part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from genart_nb.models.pictures import Frame

if TYPE_CHECKING:
    from PIL.Image import Image

NAMED, LARGEST = 512, 1024
"""Longest side in pixels that a picture is brought up to, and down to, where no size is asked for."""


@dataclass(frozen=True, slots=True)
class Style:
    """One style of a blend: a name that the model knows, or a picture (RGB). Weights of a blend sum to 1."""

    name: str
    weight: float
    picture: Image | None = None


@dataclass(frozen=True, slots=True)
class RestyleBrief:
    """One picture (RGB) to be shown in a blend of styles.

    `strength` in 0..1 is how much of the picture gives way, `size` the longer side in pixels (None: the picture's own
    within `NAMED` and `LARGEST`). `prompt` and `seed` matter to models that read words and start from noise. `beside`
    is another picture of the same clip, by whose statistics this one is painted, so that light does not change.
    """

    content: Image
    styles: tuple[Style, ...]
    strength: float = 1.0
    keep_colours: bool = False
    size: int | None = None
    prompt: str = ""
    seed: int = 0
    beside: Image | None = None


class StyleModel(Protocol):
    """One loaded model. `styles` are the names it knows; `reads` says whether it reads words."""

    styles: tuple[str, ...]
    reads: bool
    nbytes: int

    def restyle(self, brief: RestyleBrief) -> Iterator[Frame]:
        """Yield a frame after every part; the last is final. Raises OptionError for what it cannot do."""

    def close(self) -> None:
        """Free the memory."""


def fitted(content: Image, size: int | None) -> Image:
    """The picture, RGB, with its longer side at `size`, or at its own within `NAMED` and `LARGEST`."""
    from PIL import Image

    longest = max(content.size)
    wanted = size or min(max(longest, NAMED), LARGEST)
    if longest == wanted:
        return content.convert("RGB")
    width, height = (max(1, round(side * wanted / longest)) for side in content.size)
    return content.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)


def coloured(painted: Image, content: Image) -> Image:
    """Light and dark of the painting with the colours of the picture, of one size.

    Gatys et al., "Preserving Color in Neural Artistic Style Transfer", 2016, https://arxiv.org/abs/1606.05897
    """
    from PIL import Image

    light = painted.convert("YCbCr").split()[0]
    _, blue, red = content.convert("YCbCr").split()
    return Image.merge("YCbCr", (light, blue, red)).convert("RGB")
