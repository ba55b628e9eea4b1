from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from genart_nb.models.restyler import parts
from genart_nb.models.restyler.network import MARGIN, STEP

Floats = NDArray[np.float32]


def blurred(part: Floats) -> Floats:
    """As local as the networks are: each pixel becomes the mean of three that lie up to MARGIN away."""
    return (np.roll(part, MARGIN, 0) + np.roll(part, -MARGIN, 1) + part) / np.float32(3)


@pytest.mark.parametrize("size", [(300, 500), (64, 64), (1, 130), (65, 127)])
def test_parts_are_what_the_whole_would_have_been(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.random.default_rng(1).random((*size, 3), np.float32)
    *_, whole = parts.painted(picture, blurred)
    monkeypatch.setattr(parts, "SIDE", 64)
    shapes = set()

    def paint(part: Floats) -> Floats:
        shapes.add(part.shape)
        return blurred(part)

    frames = [frame.copy() for frame in parts.painted(picture, paint)]
    assert len(frames) == parts.count(*size)
    assert frames[-1].shape == picture.shape and np.array_equal(frames[-1], whole)
    assert len(shapes) == 1 and all(side % STEP == 0 for side in next(iter(shapes))[:2])


def test_what_is_not_painted_yet_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SIDE", 64)
    picture = np.zeros((64, 128, 3), np.float32)
    first = next(parts.painted(picture, np.ones_like))
    assert first[:, :64].min() == 1 and first[:, 64:].max() == 0
