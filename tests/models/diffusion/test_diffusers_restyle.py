"""Any image-to-image pipeline restyles, reached as a person reaches it: by its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb.errors import OptionError
from genart_nb.models import registry
from genart_nb.models.restyler.brief import RestyleBrief, Style


@pytest.fixture(scope="module")
def model(folder: Callable[[str], Path]) -> Any:
    return registry.load(registry.card(str(folder("sd15")), "style"), lambda what, fraction: None)


def made(model: Any, **more: Any) -> np.ndarray[Any, Any]:
    content = Image.new("RGB", (60, 44), (200, 60, 60))
    brief = RestyleBrief(content, (Style("waves", 1.0),), **{"size": 64, "prompt": "a fox", "seed": 3, **more})
    *_, last = model.restyle(brief)
    return np.asarray(last.decode(), np.int16)


def test_it_paints_over_the_picture_by_the_seed(model: Any) -> None:
    one = made(model)
    assert one.shape[1] == 64 and np.array_equal(one, made(model))
    assert not np.array_equal(one, made(model, seed=4))
    assert np.abs(made(model, strength=0.0) - [200, 60, 60]).max() <= 1


def test_a_pipeline_without_image_to_image_is_refused(folder: Callable[[str], Path]) -> None:
    with pytest.raises(OptionError, match="cannot restyle"):
        registry.load(registry.card(str(folder("pixart")), "style"), lambda what, fraction: None)
