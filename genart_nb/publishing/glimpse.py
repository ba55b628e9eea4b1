"""Two pictures side by side in a terminal: in colour by half blocks, else by the darkness of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDE = 32  # characters of each picture
_RAMP = "@%#*+=-:. "
_GAP = "   "


def beside(old: Image | None, new: Image | None, *, colour: bool) -> list[str]:
    """Lines that show both pictures under `stored` and `now`; none where neither can be shown."""
    if old is None and new is None:
        return []
    draw = _blocks if colour else _letters
    one, other = (draw(each) if each is not None else [] for each in (old, new))
    high = max(len(one), len(other))
    one, other = ([*each, *[" " * WIDE] * (high - len(each))] for each in (one, other))
    head = f"{'stored':{WIDE}}{_GAP}now"
    return [head, *(f"{a}{_GAP}{b}" for a, b in zip(one, other, strict=True))]


def _blocks(picture: Image) -> list[str]:
    """Two pixels a character: the upper half block in the upper colour, over the lower."""
    rows = max(2, min(64, round(WIDE * picture.height / picture.width) // 2 * 2))
    pixels = picture.convert("RGB").resize((WIDE, rows)).tobytes()
    at = [[tuple(pixels[3 * (y * WIDE + x) :][:3]) for x in range(WIDE)] for y in range(rows)]
    return [
        "".join(
            "\x1b[38;2;{};{};{}m\x1b[48;2;{};{};{}m▀".format(*a, *b) for a, b in zip(upper, lower, strict=True)
        )
        + "\x1b[0m"
        for upper, lower in zip(at[::2], at[1::2], strict=True)
    ]


def _letters(picture: Image) -> list[str]:
    rows = max(1, min(32, round(WIDE * picture.height / picture.width / 2)))
    grey = picture.convert("L").resize((WIDE, rows)).tobytes()
    inked = "".join(_RAMP[level * len(_RAMP) // 256] for level in grey)
    return [inked[at * WIDE : (at + 1) * WIDE] for at in range(rows)]
