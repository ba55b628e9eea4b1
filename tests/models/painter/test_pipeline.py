"""The shipped painter twice: by ONNX Runtime and by torch as a diffusers pipeline, from one noise to one picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb.models import weights
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Schedule

FOLDER = weights.STARTER / "painter"

pytestmark = pytest.mark.skipif(not (FOLDER / "unet").is_dir(), reason="the starter painter's weights are not here")


@pytest.fixture(scope="module")
def pipeline() -> Any:
    diffusers = pytest.importorskip("diffusers")
    found = diffusers.DiffusionPipeline.from_pretrained(FOLDER, trust_remote_code=True)
    found.set_progress_bar_config(disable=True)
    return found


@pytest.fixture(scope="module")
def painter() -> Painter:
    return Painter.load(FOLDER, threads=1)


def similarity(one: Image.Image, other: Image.Image) -> float:
    """Mean SSIM of luminance in 8 by 8 blocks (Wang et al. 2004, https://doi.org/10.1109/TIP.2003.819861)."""
    a, b = (
        np.asarray(each.convert("L"), float).reshape(16, 8, 16, 8).transpose(0, 2, 1, 3).reshape(256, 64)
        for each in (one, other)
    )
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    ma, mb = a.mean(1), b.mean(1)
    covariance = ((a - ma[:, None]) * (b - mb[:, None])).mean(1)
    return float(
        ((2 * ma * mb + c1) * (2 * covariance + c2) / ((ma**2 + mb**2 + c1) * (a.var(1) + b.var(1) + c2))).mean()
    )


def test_the_same_picture_from_words(pipeline: Any, painter: Painter) -> None:
    told = {"styles": {"3d": 0.7, "ink": 0.3}, "negative_prompt": "rain", "guidance_scale": 3.0}
    theirs = pipeline("a red fox", seed=11, num_inference_steps=4, **told).images[0]
    styles = tuple((name, Schedule.constant(weight)) for name, weight in told["styles"].items())
    brief = Brief("a red fox", seed=11, steps=4, styles=styles, negative="rain", guidance=Schedule.constant(3.0),
                  freedom=1.0, size=(128, 128))  # fmt: skip
    *_, frame = painter.paint(brief)
    assert similarity(frame.decode(), theirs) >= 0.99
    *_, other = painter.paint(Brief("a red fox", seed=12, steps=4, freedom=1.0, size=(128, 128)))
    assert similarity(other.decode(), theirs) < 0.9


def test_the_same_picture_from_a_picture(pipeline: Any, painter: Painter) -> None:
    init = Image.linear_gradient("L").convert("RGB").rotate(30)
    theirs = pipeline("a boat", seed=5, num_inference_steps=3, image=init, strength=0.4).images[0]
    *_, frame = painter.paint(Brief("a boat", seed=5, steps=3, init=init, strength=0.4, size=(128, 128)))
    assert similarity(frame.decode(), theirs) >= 0.99
