"""Short ways to ask for a tiny picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.models.pictures import Brief

SIX = ("sd15", "sdxl", "sd3", "flux", "sana", "pixart")


def brief(**changed: Any) -> Brief:
    return Brief(**{"prompt": "a red fox", "seed": 7, "steps": 3, "size": (32, 32), **changed})


def pixels(model: Any, **changed: Any) -> NDArray[np.uint8]:
    """The finished picture, as an array."""
    *_, last = model.paint(brief(**changed))
    assert last.final
    return np.asarray(last.decode())


def same(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    return one.shape == other.shape and bool((one == other).all())
