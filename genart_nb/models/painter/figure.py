"""A figure cut out of its picture: where its head, eyes and seat are by its silhouette, and how to recolour it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_SOLID = 96  # alpha from which a pixel belongs to the silhouette
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Head:
    """A head in shares of the figure's width and height: middle, where the skull begins under the ears, width, eyes."""

    x: float
    top: float
    width: float
    eyes: float
    chin: float


class Figure:
    """A picture trimmed to what is on it (RGBA)."""

    def __init__(self, picture: Image.Image) -> None:
        box = picture.getchannel("A").point(lambda alpha: 255 if alpha > 24 else 0).getbbox()
        self.picture = picture.crop(box) if box else picture

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.picture.width / self.picture.height

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """The silhouette (h, w)."""
        return np.asarray(self.picture.getchannel("A")) >= _SOLID

    @cached_property
    def coverage(self) -> float:
        """The share of the frame that is filled: near 1 for a scene, less for a thing."""
        return float(self.mask.mean())

    @cached_property
    def head(self) -> Head:
        """The widest run of the silhouette a third of the way down is taken for the head: tails and ears are thin."""
        height, width = self.mask.shape
        left, right = _widest(self.mask[int(0.3 * height)])
        if right <= left:
            left, right = 0, width
        span = right - left
        filled = self.mask[:, left:right].sum(axis=1)
        crown = int(np.argmax(filled >= 0.55 * span))
        eyes = self._eyes(left, right, crown)
        return Head(
            x=(left + right) / 2 / width, top=crown / height, width=span / width, eyes=eyes / height,
            chin=min(1.0, (crown + 0.95 * span) / height),
        )  # fmt: skip

    def _eyes(self, left: int, right: int, crown: int) -> float:
        """The row of the eyes: the middle of what is dark in the upper face, where anything is."""
        span = right - left
        first, last = crown + int(0.15 * span), crown + int(0.62 * span)
        inner = slice(left + int(0.12 * span), max(right - int(0.12 * span), left + 1))
        pixels = np.asarray(self.picture)[first:last, inner]
        dark = (pixels[..., :3] @ _LUMA < 75) & (pixels[..., 3] > 200)
        rows = dark.sum(axis=1)
        if not 6 <= rows.sum() <= 0.3 * dark.size:
            return crown + 0.4 * span
        return first + float((rows * np.arange(len(rows))).sum() / rows.sum())

    def seat(self, start: float = 0.38, end: float = 0.62) -> float:
        """How far down (share of the height) the silhouette begins in the middle columns: where one sits on it."""
        columns = self.mask[:, int(start * self.mask.shape[1]) : max(int(end * self.mask.shape[1]), 1)]
        tops = np.where(columns.any(axis=0), columns.argmax(axis=0), self.mask.shape[0])
        return float(np.median(tops)) / self.mask.shape[0] if len(tops) else 0.0


def _widest(row: NDArray[np.bool_]) -> tuple[int, int]:
    """The widest run of a row, small gaps closed."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(np.int8)))
    runs: list[list[int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] <= 3:
            runs[-1][1] = end
        else:
            runs.append([start, end])
    best = max(runs, key=lambda run: run[1] - run[0], default=[0, 0])
    return best[0], best[1]


def filled(picture: Image.Image) -> Image.Image:
    """Black line art made solid: white where lines enclose, and a thin white rim. Other pictures come back as is.

    Lines on nothing would let through whatever lies behind, and have no silhouette to put a hat on.
    """
    pixels = np.asarray(picture)
    solid = pixels[..., 3] >= _SOLID
    if not solid.any() or float((pixels[..., :3] @ _LUMA)[solid].mean()) > 40 or int(pixels[solid][:, :3].max()) > 120:
        return picture
    rim = np.asarray(picture.getchannel("A").filter(ImageFilter.MaxFilter(5)))
    under = np.where(outside(~solid), rim, 255).astype(np.uint8)
    base = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    base.putalpha(Image.fromarray(under))
    base.alpha_composite(picture)
    return base


def outside(free: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What of the free pixels (h, w) is joined to the border, by sweeps in four directions until nothing changes."""
    free = np.pad(free, 1, constant_values=True)
    out = np.zeros_like(free)
    out[0] = out[-1] = out[:, 0] = out[:, -1] = True
    for _ in range(24):
        before = int(out.sum())
        for view, open_ in ((out, free), (out[::-1], free[::-1]), (out.T, free.T), (out.T[::-1], free.T[::-1])):
            for row in range(1, len(view)):
                view[row] |= view[row - 1] & open_[row]
        if int(out.sum()) == before:
            break
    return out[1:-1, 1:-1]


def tint(picture: Image.Image, colour: tuple[int, int, int]) -> Image.Image:
    """Give a figure another colour, keeping its shading: what has its main colour turns, eyes and accents stay."""
    pixels = np.asarray(picture, np.float32)
    rgb, alpha = np.asarray(pixels[..., :3] / 255, np.float32), pixels[..., 3]
    luma, chroma = rgb @ _LUMA, rgb.max(axis=-1) - rgb.min(axis=-1)
    body = (alpha > 128) & (luma > 0.16)
    if not body.any():
        return picture
    coloured = body & (chroma > 0.2)
    weight = np.clip((luma - 0.12) / 0.12, 0, 1)
    if coloured.sum() > 0.3 * body.sum():
        hue = _hue(rgb)
        counts, _ = np.histogram(hue[coloured], bins=24, range=(0, 1), weights=chroma[coloured])
        smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
        main = (int(np.argmax(smooth)) + 0.5) / 24
        away = np.abs((hue - main + 0.5) % 1 - 0.5)
        weight *= np.clip((0.17 - away) / 0.05, 0, 1) * np.clip((chroma - 0.06) / 0.12, 0, 1)
    base = float(np.average(luma, weights=weight * (alpha > 128) + 1e-9))
    shade = np.clip(luma / max(base, 0.05), 0, 2)[..., None]
    target = np.array(colour, np.float32) / 255
    darker, lighter = target * np.minimum(shade, 1), np.clip(shade - 1, 0, 1) * (1 - target) * 0.55
    new = np.clip(darker + lighter, 0, 1)
    out = pixels.copy()
    out[..., :3] = 255 * (rgb + (new - rgb) * weight[..., None])
    return Image.fromarray(out.round().astype(np.uint8), "RGBA")


def _hue(rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """The hue in 0..1 of colours (..., 3)."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    angle = np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue)
    return np.asarray(angle / (2 * np.pi) % 1, np.float32)
