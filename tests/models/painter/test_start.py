"""Where a picture starts: references found once, named with their licences, and redrawn as freely as asked."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_bank
from PIL import Image
from tiny_painter import CountingEncoder, CountingGraphs, make

from genart_nb.errors import OptionError
from genart_nb.models.painter import collage
from genart_nb.models.painter import pixels as starting
from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.graphs import Layout
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Frame

FOX = Brief("a fox riding a bicycle", seed=7, steps=3, size=(128, 128), freedom=0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("painter") / "tiny")
    tiny_bank.write(folder / "bank")
    return folder


@pytest.fixture
def painter(folder: Path) -> Painter:
    return Painter(CountingGraphs(folder), Layout.read(folder), CountingEncoder(), bank=Bank.load(folder / "bank"))


def last(painter: Painter, **changes: Any) -> Frame:
    *_, frame = painter.paint(dataclasses.replace(FOX, **changes))
    return frame


def pixels(painter: Painter, **changes: Any) -> np.ndarray[Any, Any]:
    return np.asarray(last(painter, **changes).decode()).astype(float)


def test_references_are_named_with_their_licences_on_the_last_frame(painter: Painter) -> None:
    *before, final = painter.paint(FOX)
    assert [each["name"] for each in final.facts["references"]] == ["fox", "bicycle"]
    assert {each["licence"] for each in final.facts["references"]} == {"CC0-1.0"}
    assert not any(frame.facts for frame in before)


def test_freedom_goes_from_the_collage_to_pure_invention(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    bare, free = pixels(painter, freedom=0.0), pixels(painter, freedom=1.0)
    assert last(painter, freedom=0.0).total == 1
    distances = [np.abs(pixels(painter, freedom=value) - bare).mean() for value in (0.05, 0.3, 0.6, 1.0)]
    assert distances == sorted(distances) and distances[0] < 0.2 * distances[-1]
    monkeypatch.setattr(collage, "compose", lambda *_: pytest.fail("pure invention needs no references"))
    assert np.array_equal(pixels(painter, freedom=1.0), free)
    assert "references" not in last(painter, freedom=1.0).facts


def test_what_is_invented_is_said_to_be(painter: Painter) -> None:
    assert "At freedom 1 it is invented" in last(painter, freedom=1.0).facts["note"]
    near = last(painter, freedom=0.95, prompt="a fox with a jetpack").facts
    assert "“jetpack”" in near["note"] and "At freedom 0.95 it is invented" in near["note"] and near["references"]
    assert "note" not in last(painter, freedom=0.85).facts
    assert not last(painter, init=Image.new("RGB", (9, 9)), strength=1.0).facts


def test_a_collage_is_made_once_while_numbers_move(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    compose = collage.compose
    monkeypatch.setattr(collage, "compose", lambda *given: made.append(given[0]) or compose(*given))
    for freedom in (0.2, 0.5, 0.8):
        last(painter, freedom=freedom)
    assert made == [FOX.prompt]
    last(painter, seed=8)
    assert len(made) == 2


def test_what_no_reference_is_like_is_invented_and_said(painter: Painter) -> None:
    frame = last(painter, prompt="democracy", freedom=0.2)
    assert "invented" in frame.facts["note"] and "references" not in frame.facts
    assert np.array_equal(np.asarray(frame.decode()), pixels(painter, prompt="democracy", freedom=1.0))


def test_references_can_be_chosen(painter: Painter) -> None:
    frame = last(painter, extras={"references": "house, sailboat"})
    assert {each["name"] for each in frame.facts["references"]} == {"house", "sailboat"}
    with pytest.raises(OptionError, match="no reference"):
        last(painter, extras={"references": "hous of cards and more"})


def test_the_whole_folder_loads(folder: Path) -> None:
    painter = Painter.load(folder, threads=1, defaults={"steps": 2, "freedom": 0.5})
    *_, frame = painter.paint(Brief("a house", seed=1))
    assert frame.facts["references"] and frame.decode().size == (256, 256)


def test_what_no_reference_shows_is_said(painter: Painter) -> None:
    assert "“jetpack”" in last(painter, prompt="a fox with a jetpack").facts["note"]
    assert "note" not in last(painter).facts


def test_detail_stays_where_the_redraw_leaves_things_as_they_were(painter: Painter) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (128, 128, 3)).astype(np.uint8)
    init = Image.fromarray(noise)
    kept = pixels(painter, init=init, strength=0.0)
    assert np.array_equal(kept, noise.astype(float))
    assert not np.array_equal(pixels(painter, init=init, strength=1.0), noise.astype(float))


def test_a_plain_ground_that_has_hardly_changed_is_the_starts_own() -> None:
    start = np.full((1, 3, 128, 128), 0.5, np.float32)
    start[..., 60:80, 60:80] = -0.5
    drawn = start + np.float32(0.01)
    found = drawn + 0.02 * np.sin(np.arange(128, dtype=np.float32))
    found[..., 20:30, 20:30] = 0.1  # what has been added stays
    mended = starting.carried(found, start, drawn)
    assert np.array_equal(mended[..., 90:, 90:], start[..., 90:, 90:])
    assert np.array_equal(mended[..., 23:27, 23:27], found[..., 23:27, 23:27])
    assert not np.array_equal(mended[..., 60:80, 60:80], start[..., 60:80, 60:80])  # an edge is no plain ground
