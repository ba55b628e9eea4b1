from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb.errors import OptionError
from genart_nb.models.restyler.brief import RestyleBrief, Style
from genart_nb.models.restyler.redraw import STRONGEST, Redrawer
from tests.arts.plain_painter import PlainPainter

CONTENT = Image.new("RGB", (100, 70), "salmon")


def test_it_paints_over_the_picture_by_words() -> None:
    painter = PlainPainter()
    styles = (Style("leadlight", 0.7), Style("an old map", 0.3))
    *_, last = Redrawer(painter).restyle(RestyleBrief(CONTENT, styles, 0.5, size=96, prompt="a fox", seed=9))
    brief = painter.briefs[0]
    assert brief.init is not None and brief.init.size == brief.size == last.decode().size == (96, 64)
    assert (brief.prompt, brief.seed, brief.strength) == ("a fox", 9, STRONGEST * 0.5)
    said = {words: weight.at(0) for words, weight in brief.styles}
    assert said == {"stained glass window, coloured glass in lead": 0.7, "an old map": 0.3}


def test_colours_are_kept() -> None:
    *_, last = Redrawer(PlainPainter()).restyle(RestyleBrief(CONTENT, (), keep_colours=True, size=96, prompt="a fox"))
    _, blue, red = np.asarray(last.decode().convert("YCbCr"), np.int16).reshape(-1, 3).mean(0)
    _, own_blue, own_red = CONTENT.convert("YCbCr").getpixel((0, 0))  # type: ignore[misc]
    assert abs(blue - own_blue) < 12 and abs(red - own_red) < 12


def test_a_style_picture_and_a_painter_without_init_are_refused() -> None:
    with pytest.raises(OptionError, match="in words"):
        next(Redrawer(PlainPainter()).restyle(RestyleBrief(CONTENT, (Style("picture-0", 1.0, CONTENT),))))

    class FromNothing(PlainPainter):
        supports: Any = PlainPainter.supports - {"init"}

    with pytest.raises(OptionError, match="cannot restyle"):
        Redrawer(FromNothing())
