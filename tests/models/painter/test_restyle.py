"""References in a style that the bank does not have them in: redrawn once, cut from their ground, and only then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tiny_bank
from PIL import Image, ImageDraw
from tiny_painter import CountingEncoder, CountingGraphs, make

from genart_nb.models.painter import collage, restyle
from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.graphs import Layout
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.painter.words import Reader
from genart_nb.models.pictures import Brief, Schedule

STYLES = ("flat", "3d", "ink")


class Bench:
    """A restyler with its counters."""

    def __init__(self, folder: Path) -> None:
        self.graphs, self.encoder = CountingGraphs(folder), CountingEncoder()
        self.restyler = restyle.Restyler(
            self.graphs.velocity, self.graphs.encode, self.graphs.decode, Reader(self.encoder), STYLES
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("painter") / "tiny")
    tiny_bank.write(folder / "bank")
    return folder


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def disc() -> Image.Image:
    drawing = Image.new("RGBA", (128, 128))
    ImageDraw.Draw(drawing).ellipse((30, 30, 98, 98), fill=(200, 60, 20, 255))
    return drawing


def test_a_reference_is_redrawn_once_and_the_same_everywhere(bench: Bench, folder: Path) -> None:
    made = bench.restyler("x/disc", disc(), "disc", "flat", "3d")
    assert bench.graphs.batches == [3] * restyle.STEPS and made.mode == "RGBA" and made.size == (128, 128)
    again = bench.restyler("x/disc", disc(), "disc", "flat", "3d")
    assert bench.graphs.batches == [3] * restyle.STEPS
    elsewhere = Bench(folder).restyler("x/disc", disc(), "disc", "flat", "3d")
    assert made.tobytes() == again.tobytes() == elsewhere.tobytes()
    assert made.tobytes() != bench.restyler("x/disc", disc(), "disc", "flat", "ink").tobytes()
    bench.restyler.clear()
    assert made.tobytes() == bench.restyler("x/disc", disc(), "disc", "flat", "3d").tobytes()


def test_a_style_that_the_painter_does_not_have_leaves_it_as_it_was(bench: Bench) -> None:
    drawing = disc()
    assert bench.restyler("x/disc", drawing, "disc", "noto", "3d") is drawing
    assert bench.graphs.batches == []


def test_it_is_cut_from_its_white_ground() -> None:
    found = np.ones((1, 3, 128, 128), np.float32)
    found[..., 20:100, 20:100] = -0.5  # larger than before
    found[..., 60:64, 60:64] = 1.0  # white within is no ground
    found[..., 20:100, 100] = 0.6  # half covered
    made = np.asarray(restyle.cut(found, disc()))
    assert not made[:20, :, 3].any() and not made[:, 101:, 3].any()
    assert (made[20:100, 21:99, 3] == 255).all()
    assert 0 < made[50, 100, 3] < 255 and made[50, 100, 0] < 230  # what was mixed with white is not any more
    assert (made[60:64, 60:64] == 255).all()


def bank_without(folder: Path, name: str, style: str) -> Bank:
    """The tiny bank, but for one thing in one style."""
    bank = Bank.load(folder / "bank")
    bank.named[name] = tuple(at for at in bank.named[name] if bank.entries[at].style != style)
    return bank


@pytest.mark.parametrize(("styles", "times"), [({"noto": 1.0}, 1), ({"noto": 0.4}, 0), ({"flat": 1.0}, 0), ({}, 0)])
def test_a_collage_asks_only_for_what_is_not_there_in_the_style_wanted(
    folder: Path, styles: dict[str, float], times: int
) -> None:
    asked: list[tuple[str, ...]] = []

    def redraw(key: str, picture: Image.Image, name: str, style: str, wanted: str) -> Image.Image:
        asked.append((key, name, style, wanted))
        return Image.new("RGBA", picture.size, "lime")

    bank, embed = bank_without(folder, "fox", "noto"), tiny_bank.Embedder()
    made = collage.compose("a fox and a house", styles, 3, bank, embed, (), redraw)
    assert made is not None and asked == [("flat:fox", "fox", "flat", "noto")] * times
    lime = (np.asarray(made.picture) == (0, 255, 0)).all(axis=-1).any()
    assert lime == bool(times)


def test_the_painter_redraws_before_it_composes(folder: Path) -> None:
    graphs = CountingGraphs(folder)
    painter = Painter(graphs, Layout(("flat", "noto")), CountingEncoder(), bank=bank_without(folder, "fox", "noto"))
    brief = {style: Brief("a fox", 1, styles=((style, Schedule.constant(1.0)),), freedom=0.2, steps=1, size=(128, 128))
             for style in ("flat", "noto")}  # fmt: skip
    list(painter.paint(brief["flat"]))
    assert graphs.batches == [2]
    list(painter.paint(brief["noto"]))
    assert graphs.batches == [2] + [3] * restyle.STEPS + [2]
