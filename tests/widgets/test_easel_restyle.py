"""An easel over `%%restyle`, with the starter's own networks: its drafts, its strength, and its cell."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image
from steering_bench import Bench

from genart_nb.studio import Studio

TEAL = Image.linear_gradient("L").resize((96, 72)).convert("RGB")


@pytest.fixture
def easel(desk: Studio) -> Iterator[Bench]:
    recipe = desk.recipe("restyle", "", {"from_": TEAL, "style": "waves", "size": 320}, seed=1)
    bench = Bench(desk, recipe)
    yield bench
    bench.close()


def moved(bench: Bench, generation: int, *, released: bool = False, **values: Any) -> str:
    now = json.loads(bench.steering.params())
    now["values"] |= {name.replace("__", ":"): value for name, value in values.items()}
    return json.dumps(now | {"generation": generation, "released": released})


def test_drafts_are_small_and_a_release_is_whole(easel: Bench) -> None:
    easel.put(moved(easel, 1, style__leadlight=0.5))
    easel.settle()
    assert [(each["tier"], each["width"]) for each in easel.frames()] == [("draft", 256), ("better", 320)]
    easel.put(moved(easel, 2, released=True, style__waves=0.0, style__leadlight=1.0, strength=0.0))
    easel.settle()
    easel.acknowledge()
    said, buffers = next((said, buffers) for said, buffers in easel.said if said.get("tier") == "whole")
    shown = Image.open(io.BytesIO(buffers[0])).convert("RGB")
    assert shown.size == (320, 240) and "--style leadlight" in said["cell"] and "--strength 0" in said["cell"]
    plain = TEAL.resize((320, 240), Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(shown, np.int16) - np.asarray(plain, np.int16)).max() <= 1
