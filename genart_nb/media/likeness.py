"""How alike two works are: the verdicts, the distances they rest on, and what a medium is given to judge by.

The bounds below were set by experiment; `docs/sameness.md` has the table and `benchmarks/sameness.py` makes it again.
"""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from genart_nb.media import distances

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 64_000_000
"""Pixels of a still that is decoded, at most: a file may claim any size."""


CLOSE = {"ssim": 0.99, "worst": 0.97, "bits": 2.0, "grey": 0.5}
DRIFTED = {"ssim": 0.9, "worst": 0.0, "bits": 12.0, "grey": 5.0}
"""Bounds of the distances between pictures: least similarity, most bits of 64, most grey levels of 255."""

TEXT_DRIFTED = {"words": 0.3, "opening": 0.4}
"""Most words apart, or least share of words before the first other one."""


class Verdict(IntEnum):
    """How a work made again stands to the one that was stored, from alike to unlike."""

    SAME = 0
    """Every pixel, sample or character."""
    CLOSE = 1
    """Rounding: no eye sees it, no reader meets another word."""
    DRIFTED = 2
    """Another rendering of the same work, as another device or precision gives it."""
    DIFFERENT = 3
    """Another work."""

    @property
    def word(self) -> str:
        """The verdict as it is written."""
        return self.name.lower()


@dataclass(frozen=True)
class Comparison:
    """A verdict, the distances it rests on, and in words what speaks against sameness."""

    verdict: Verdict
    distances: Mapping[str, float] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The verdict with its distances, in one line."""
        told = ", ".join(f"{name} {value:.4g}" for name, value in self.distances.items())
        return f"{self.verdict.word} ({told})" if told else self.verdict.word


@dataclass(frozen=True)
class Shown:
    """A work as an output holds it: its fingerprint, and the mime bundle around it, which may be empty."""

    fingerprint: Mapping[str, Any]
    bundle: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def still(self) -> Image | None:
        """The decoded `image/png`, RGB; None where there is none or it cannot be read."""
        return still_of(self.bundle)

    @property
    def text(self) -> str:
        """The plain text, without the stable line that ends it."""
        return plain_of(self.bundle)


def still_of(bundle: Mapping[str, Any]) -> Image | None:
    """The picture beside a work, RGB; None where there is none, it is broken, or too large to be one of ours."""
    from PIL import Image, UnidentifiedImageError

    encoded = bundle.get("image/png")
    if not isinstance(encoded, str):
        return None
    try:
        with Image.open(io.BytesIO(base64.b64decode(encoded)), formats=("PNG",)) as image:
            return image.convert("RGB") if image.width * image.height <= MOST_PIXELS else None
    except (OSError, SyntaxError, ValueError, binascii.Error, UnidentifiedImageError, Image.DecompressionBombError):
        return None


def plain_of(bundle: Mapping[str, Any]) -> str:
    """The plain text of a work, without the stable line that ends it."""
    text = str(bundle.get("text/plain", ""))
    body, _, last = text.rpartition("\n")
    return body.rstrip("\n") if last.startswith("<genart ") else text


def pictures(old: Shown, new: Shown, *, shape: tuple[str, ...] = ("width", "height")) -> Comparison:
    """Compare works that are looked at: by their bits, by their stills where both have one, and by their thumbnails.

    `shape` are the entries of a fingerprint that no rounding changes.
    """
    if same(old, new):
        return Comparison(Verdict.SAME)
    then, now = old.fingerprint, new.fingerprint
    moved = [f"{name} {then.get(name)} then, {now.get(name)} now" for name in shape if then.get(name) != now.get(name)]
    small, hashes = ((_listed(old, name), _listed(new, name)) for name in ("thumbnail", "phash"))
    if moved or len(small[0]) != len(small[1]):
        return Comparison(Verdict.DIFFERENT, {}, tuple(moved or ["another number of pictures"]))
    found: dict[str, float] = {}
    if small[0]:
        found["grey"] = max(map(distances.grey_levels_apart, *small))
    if hashes[0] and len(hashes[0]) == len(hashes[1]):
        found["bits"] = max(map(distances.bits_apart, *hashes))
    if old.still and new.still and old.still.size == new.still.size:
        found["ssim"], found["worst"] = distances.ssim(old.still, new.still)
        found.setdefault("bits", distances.bits_apart(distances.phash(old.still), distances.phash(new.still)))
    return _bounded(found)


def texts(old: Shown, new: Shown) -> Comparison:
    """Compare works that are read: by their characters, then by their words."""
    if same(old, new):
        return Comparison(Verdict.SAME)
    one, other = distances.words(old.text), distances.words(new.text)
    if not one or not other:
        return Comparison(Verdict.DIFFERENT, {}, ("there is no text to compare with",))
    found = {"words": distances.words_apart(one, other), "opening": distances.opening(one, other)}
    if one == other:
        return Comparison(Verdict.CLOSE, found, ("the same words, spaced or pointed otherwise",))
    kept = found["words"] <= TEXT_DRIFTED["words"] or found["opening"] >= TEXT_DRIFTED["opening"]
    return Comparison(Verdict.DRIFTED if kept else Verdict.DIFFERENT, found, (_first_other_word(one, other),))


def anything(old: Shown, new: Shown) -> Comparison:
    """Compare works of a medium that has no comparison of its own: they are the same, or they are different."""
    if same(old, new):
        return Comparison(Verdict.SAME)
    return Comparison(Verdict.DIFFERENT, {}, ("this medium can only tell equal from unequal",))


def same(old: Shown, new: Shown) -> bool:
    """Whether two works are equal to the last bit."""
    return bool(old.fingerprint.get("sha256")) and old.fingerprint.get("sha256") == new.fingerprint.get("sha256")


def _bounded(found: Mapping[str, float]) -> Comparison:
    """The mildest verdict whose bounds hold for every distance; DIFFERENT where there is none to go by."""
    if not found:
        return Comparison(Verdict.DIFFERENT, {}, ("there is no picture to compare with",))
    reasons: tuple[str, ...] = ()
    for verdict, bounds in ((Verdict.CLOSE, CLOSE), (Verdict.DRIFTED, DRIFTED)):
        broken = [name for name, value in found.items() if not _within(name, value, bounds[name])]
        if not broken:
            return Comparison(verdict, found, reasons)
        reasons = tuple(f"{name} {found[name]:.4g}, {verdict.word} ends at {bounds[name]:g}" for name in broken)
    return Comparison(Verdict.DIFFERENT, found, reasons)


def _within(name: str, value: float, bound: float) -> bool:
    return value >= bound if name in ("ssim", "worst") else value <= bound


def _listed(shown: Shown, name: str) -> list[str]:
    """Thumbnails or hashes of all the pictures in a work."""
    many = {"thumbnail": "thumbnails", "phash": "phashes"}[name]
    held = shown.fingerprint.get(many) or [shown.fingerprint.get(name)]
    return [str(each) for each in held if each]


def _first_other_word(one: list[str], other: list[str]) -> str:
    for at, (a, b) in enumerate(zip(one, other, strict=False), 1):
        if a != b:
            return f"word {at} is {b!r}, it was {a!r}"
    return f"{len(other)} words, it had {len(one)}"
