"""Redrawer: any model that paints from words and starts from a picture, as one that restyles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PIL import Image

from genart_nb.errors import OptionError
from genart_nb.models.pictures import Brief, Frame, PictureModel, Schedule
from genart_nb.models.restyler import shelf
from genart_nb.models.restyler.brief import RestyleBrief, coloured, fitted

STRONGEST = 0.9
"""Share of the picture that is painted over at a strength of 1; all of it, and nothing would be known of it."""


class Redrawer:
    """Restyles by painting over: the style is said in words, and the picture is where the painter starts.

    Raises OptionError at once for a painter that does not start from pictures.
    """

    styles: tuple[str, ...] = ()
    reads = True

    def __init__(self, painter: PictureModel) -> None:
        if "init" not in painter.supports:
            raise OptionError("This model does not start from a picture, so it cannot restyle one.", "use another")
        self.painter = painter
        self.environment = getattr(painter, "environment", {})

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.painter.nbytes

    def restyle(self, brief: RestyleBrief) -> Iterator[Frame]:
        """Yield a frame after every step."""
        if any(style.picture for style in brief.styles):
            fix = "name it, --style 'ink drawing', or use --model restyler, which takes any picture"
            raise OptionError("This model takes a style in words, not as a picture.", fix)
        content = _sized(fitted(brief.content, brief.size), self.painter.multiple)
        said = [(shelf.words(style.name), Schedule.constant(style.weight)) for style in brief.styles]
        wish = Brief(
            prompt=brief.prompt, seed=brief.seed, styles=tuple(said), size=content.size, init=content,
            strength=STRONGEST * brief.strength,
        )  # fmt: skip
        for frame in self.painter.paint(wish):
            yield frame if not brief.keep_colours else replace(frame, decode=_keeping(frame, content))

    def close(self) -> None:
        """Free the memory."""
        self.painter.close()


def _keeping(frame: Frame, content: Image.Image) -> Callable[[], Image.Image]:
    return lambda: coloured(frame.decode(), content)


def _sized(content: Image.Image, multiple: int) -> Image.Image:
    """The picture with sides that are multiples of a painter's."""
    wide, high = (max(multiple, round(side / multiple) * multiple) for side in content.size)
    return content if content.size == (wide, high) else content.resize((wide, high), Image.Resampling.LANCZOS)
