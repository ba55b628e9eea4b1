"""Start noise in a browser: whole numbers equal to Python's, normals to a millionth."""

from __future__ import annotations

import numpy as np
import pytest
from browser_visit import SCRIPTS, Visit

from genart_nb.models import noise

pytestmark = pytest.mark.browser

DRAWS = [(0, 11, 0, 0), (7, 2048, 0, 0), (2**32 - 1, 64, 3, 2), (20231, 33, 2**32 - 1, 0), (123456789, 4096, 1, 1)]


@pytest.fixture
def scripted(visit: Visit) -> Visit:
    visit.page.set_content("<!doctype html>")
    visit.page.add_script_tag(path=SCRIPTS / "noise.js")
    return visit


def test_the_published_vector(scripted: Visit) -> None:
    js = "philox([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], [0xA4093822, 0x299F31D0])"
    assert scripted.page.evaluate(js) == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


@pytest.mark.parametrize("draw", DRAWS)
def test_words_and_normals_are_python_s(scripted: Visit, draw: tuple[int, int, int, int]) -> None:
    seed, count, index, stream = draw
    words = scripted.page.evaluate("(given) => [...bits(...given)]", list(draw))
    assert words == noise.bits(seed, count, index, stream).tolist()
    drawn = np.array(scripted.page.evaluate("(given) => [...normal(...given)]", list(draw)))
    assert np.abs(drawn - noise.normal(seed, (count,), index, stream)).max() <= 1e-6


def test_seeds_beyond_doubles_are_whole(scripted: Visit) -> None:
    seed = 2**63 + 2**32 + 5
    assert scripted.page.evaluate(f"[...bits({seed}n, 8)]") == noise.bits(seed, 8).tolist()
    assert noise.bits(seed, 8).tolist() != noise.bits(2**63 + 2**32, 8).tolist()
