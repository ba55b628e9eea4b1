"""What is done to a finished picture: colours, size, and tracing into vectors."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from genart_nb.errors import EngineError
from genart_nb.media.picture import encoded
from genart_nb.media.vector import Vector

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST = 4096
"""Longest side after enlarging, in pixels."""


def retouched(
    picture: Image, *, saturation: float = 1.0, contrast: float = 1.0, times: int = 1,
    enlarge: Callable[[Image, int], Image] | None = None,
) -> Image:  # fmt: skip
    """The picture with its colours changed and enlarged `times`, by the model's own `enlarge` where it has one."""
    from PIL import Image, ImageEnhance

    if saturation != 1:
        picture = ImageEnhance.Color(picture).enhance(saturation)
    if contrast != 1:
        picture = ImageEnhance.Contrast(picture).enhance(contrast)
    times = min(times, max(1, LARGEST // max(picture.size)))
    if times == 1:
        return picture.copy()
    if enlarge is not None:
        return enlarge(picture, times)
    return picture.resize((picture.width * times, picture.height * times), Image.Resampling.LANCZOS)


def traced(picture: Image) -> Vector:
    """The picture as filled curves, by VTracer (https://github.com/visioncortex/vtracer); raises EngineError."""
    try:
        import vtracer
    except ImportError:
        raise EngineError("--svg needs VTracer.", "pip install vtracer") from None
    svg: str = vtracer.convert_raw_image_to_svg(
        encoded(picture, "PNG"), img_format="png", colormode="color", hierarchical="stacked", mode="spline",
        filter_speckle=6,
        color_precision=6, layer_difference=18, corner_threshold=60, length_threshold=4.0, max_iterations=10,
        splice_threshold=45, path_precision=2,
    )  # fmt: skip
    wide, high = picture.size
    svg = svg[svg.index("<svg") :].replace(
        f'width="{wide}" height="{high}"', f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"', 1
    )
    return Vector(svg.strip(), picture, {"facts": picture.info.get("facts", {})})
