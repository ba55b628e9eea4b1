"""Colour words: what they look like, how a picture's own colour is named, and how a picture is given another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

GROUNDS: dict[str, tuple[int, int, int]] = {
    "red": (226, 60, 60), "orange": (247, 148, 50), "yellow": (250, 214, 72), "green": (98, 190, 96),
    "blue": (74, 138, 222), "light blue": (160, 212, 245), "purple": (150, 96, 205), "pink": (247, 160, 196),
    "brown": (140, 96, 62), "black": (24, 24, 28), "grey": (150, 154, 160), "beige": (240, 226, 198),
}  # fmt: skip
HUES = {"red": 357.0, "orange": 27.0, "yellow": 48.0, "green": 125.0, "blue": 212.0, "purple": 275.0, "pink": 330.0}
NEUTRAL = ("brown", "black", "white", "grey")
WORDS = (*HUES, *NEUTRAL)


def to_hsv(rgb: Array) -> Array:
    """RGB in 0..1 -> hue in degrees, saturation and value in 0..1; (..., 3)."""
    top, low = rgb.max(-1), rgb.min(-1)
    span = np.maximum(top - low, 1e-6)
    red, green, blue = np.moveaxis((rgb - low[..., None]) / span[..., None], -1, 0)
    hue = np.where(top == rgb[..., 0], green - blue, np.where(top == rgb[..., 1], 2 + blue - red, 4 + red - green))
    saturation = np.where(top > 0, (top - low) / np.maximum(top, 1e-6), 0)
    return np.stack([(hue * 60) % 360, saturation, top], -1).astype(np.float32)


def to_rgb(hsv: Array) -> Array:
    """The inverse of `to_hsv`."""
    hue, saturation, value = np.moveaxis(hsv, -1, 0)
    parts = (np.array([5.0, 3.0, 1.0], np.float32) + hue[..., None] / 60) % 6
    fall = np.clip(np.minimum(parts, 4 - parts), 0, 1)
    rgb: Array = (value[..., None] * (1 - saturation[..., None] * fall)).astype(np.float32)
    return rgb


def dominant(hsv: Array, weight: Array) -> tuple[float, float]:
    """The strongest hue in degrees, and the part of the visible picture that is anywhere near it (0..1)."""
    vivid = weight * (hsv[..., 1] > 0.25) * (hsv[..., 2] > 0.2)
    counts, _ = np.histogram(hsv[..., 0], bins=36, range=(0, 360), weights=vivid)
    smooth = counts + 0.5 * (np.roll(counts, 1) + np.roll(counts, -1))
    peak = float(smooth.argmax() * 10 + 5)
    near = np.abs((hsv[..., 0] - peak + 180) % 360 - 180) < 35
    return peak, float((vivid * near).sum() / max(float(weight.sum()), 1e-6))


def named(picture: NDArray[np.uint8]) -> str:
    """The colour word of an RGBA picture, or "" when no one colour fills it."""
    hsv = to_hsv(picture[..., :3].astype(np.float32) / np.float32(255))
    weight = picture[..., 3].astype(np.float32) / np.float32(255)
    total = max(float(weight.sum()), 1e-6)
    for word, mask in (
        ("black", hsv[..., 2] < 0.25),
        ("white", (hsv[..., 1] < 0.1) & (hsv[..., 2] > 0.85)),
        ("grey", (hsv[..., 1] < 0.15) & (hsv[..., 2] >= 0.25) & (hsv[..., 2] <= 0.85)),
        ("brown", (np.abs(hsv[..., 0] - 22) < 18) & (hsv[..., 1] > 0.3) & (hsv[..., 2] < 0.7) & (hsv[..., 2] > 0.2)),
    ):
        if float((weight * mask).sum()) / total > 0.6:
            return word
    peak, share = dominant(hsv, weight)
    if share < 0.55:
        return ""
    return min(HUES, key=lambda word: abs((peak - HUES[word] + 180) % 360 - 180))


def recoloured(picture: NDArray[np.uint8], word: str) -> NDArray[np.uint8]:
    """The RGBA picture with its main colour turned into another; accents far from it stay."""
    hsv = to_hsv(picture[..., :3].astype(np.float32) / np.float32(255))
    weight = picture[..., 3].astype(np.float32) / np.float32(255)
    peak, share = dominant(hsv, weight)
    near = np.abs((hsv[..., 0] - peak + 180) % 360 - 180) < 50
    if share < 0.25:  # a grey thing: colour whatever is neither black nor white
        near = (hsv[..., 2] > 0.15) & ((hsv[..., 1] > 0.08) | (hsv[..., 2] < 0.97))
    hue, saturation, value = (hsv[..., index].copy() for index in range(3))
    if word in HUES:
        shift = (hue - peak + 180) % 360 - 180 if share >= 0.25 else np.zeros_like(hue)
        hue = (HUES[word] + 0.5 * shift) % 360
        saturation = np.maximum(saturation, 0.62) if word != "pink" else np.clip(saturation * 0.6, 0.3, 0.55)
        value = np.maximum(value, 0.35 if word not in ("yellow", "orange", "pink") else 0.75)
    elif word == "brown":
        hue, saturation, value = np.full_like(hue, 24), np.maximum(saturation * 0.8, 0.45), value * 0.62
    else:
        low, gain = {"black": (0.04, 0.24), "grey": (0.2, 0.5), "white": (0.72, 0.28)}[word]
        saturation, value = saturation * 0.06, low + gain * value
    changed = to_rgb(np.stack([hue, saturation, value], -1).astype(np.float32))
    rgb = np.where(near[..., None], changed, picture[..., :3].astype(np.float32) / np.float32(255))
    return np.concatenate([(rgb * 255 + 0.5).astype(np.uint8), picture[..., 3:]], -1)
