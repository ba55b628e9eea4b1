"""The painter: a brief decides the picture, and what is known is not computed again, to the bit."""

from __future__ import annotations

import dataclasses
import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tiny_painter import CountingEncoder, CountingGraphs, make

from genart_nb.errors import OptionError, UsageError, WeightsError
from genart_nb.models.painter.graphs import Layout
from genart_nb.models.painter.runtime import Defaults, Painter
from genart_nb.models.pictures import Brief, Frame, Schedule

FOX = Brief("a fox", seed=7, steps=6, size=(128, 128), freedom=1.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("painter") / "tiny")


class Bench:
    """A painter with its counters."""

    def __init__(self, folder: Path, layout: Layout | None = None) -> None:
        self.graphs, self.encoder = CountingGraphs(folder), CountingEncoder()
        self.painter = Painter(self.graphs, layout or Layout.read(folder), self.encoder)

    def paint(self, brief: Brief) -> np.ndarray[Any, Any]:
        return np.asarray(self.last(brief).decode())

    def last(self, brief: Brief) -> Frame:
        *_, last = self.painter.paint(brief)
        return last


@pytest.fixture
def bench(folder: Path) -> Bench:
    return Bench(folder)


def but(brief: Brief, **changes: Any) -> Brief:
    return dataclasses.replace(brief, **changes)


def test_frames_count_up_and_each_can_be_seen(bench: Bench) -> None:
    seen = [(frame.done, frame.total, frame.final, frame.decode()) for frame in bench.painter.paint(FOX)]
    assert [done for done, *_ in seen] == [1, 2, 3, 4, 5, 6]
    assert {total for _, total, *_ in seen} == {6}
    assert [final for *_, final, _ in seen] == [False] * 5 + [True]
    assert all(picture.size == (128, 128) and picture.mode == "RGB" for *_, picture in seen)
    assert not np.array_equal(seen[-1][3], seen[0][3])


def test_the_brief_alone_decides(bench: Bench, folder: Path) -> None:
    once = bench.paint(FOX)
    assert np.array_equal(once, Bench(folder).paint(FOX))
    changed = {
        "prompt": "a crow", "seed": 8, "index": 1, "negative": "rain", "steps": 5,
        "mix": (("a crow", Schedule.constant(0.5)),), "styles": (("3d", Schedule.constant(1)),),
        "guidance": Schedule.constant(2), "init": Image.new("RGB", (40, 30), "red"),
    }  # fmt: skip
    for name, value in changed.items():
        assert not np.array_equal(bench.paint(but(FOX, **{name: value})), once), name


def test_a_later_change_starts_where_it_changes(bench: Bench, folder: Path) -> None:
    bench.paint(FOX)
    assert bench.graphs.batches == [2] * 6
    late = but(FOX, guidance=Schedule(((4, 3.5), (5, 6.0))))
    resumed = bench.paint(late)
    assert bench.graphs.batches == [2] * 7
    assert np.array_equal(resumed, Bench(folder).paint(late))
    styled = but(FOX, styles=(("ink", Schedule(((2, 0.0), (3, 1.0)))),))
    resumed = bench.paint(styled)
    assert bench.graphs.batches == [2] * 10
    assert np.array_equal(resumed, Bench(folder).paint(styled))
    bench.paint(FOX)
    bench.paint(but(FOX, size=(256, 256)))
    assert bench.graphs.batches == [2] * 10


def test_no_text_is_read_twice_and_no_picture_decoded_twice(bench: Bench) -> None:
    for weight in (0.2, 0.4, 0.2):
        bench.paint(but(FOX, mix=(("a crow", Schedule.constant(weight)),), negative="rain"))
    assert sorted(bench.encoder.asked) == ["a crow", "a fox", "rain"]
    assert bench.graphs.decoded == 2


def test_guidance_of_one_needs_one_call(bench: Bench) -> None:
    bench.paint(but(FOX, guidance=Schedule(((2, 1.0), (3, 4.0)))))
    assert bench.graphs.batches == [1, 1, 1, 2, 2, 2]


def test_a_distilled_painter_needs_one_call(folder: Path) -> None:
    bench = Bench(folder, Layout(("flat",), distilled=True))
    two, four = (bench.paint(but(FOX, guidance=Schedule.constant(value))) for value in (2, 4))
    assert not np.array_equal(two, four)
    assert set(bench.graphs.batches) == {1}


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        ({"negative": "rain"}, 2), ({"guidance": Schedule.constant(0)}, 2), ({"guidance": Schedule.constant(12)}, 2),
        ({"guidance": Schedule.constant(1)}, 1), ({"guidance": Schedule.constant(8)}, 1),
    ],
)  # fmt: skip
def test_a_distilled_painter_is_led_by_two_calls_beyond_what_it_was_taught(
    folder: Path, change: dict[str, Any], calls: int
) -> None:
    distilled, plain = (Bench(folder, Layout(("flat",), distilled=distilled)) for distilled in (True, False))
    same = np.array_equal(distilled.paint(but(FOX, **change)), plain.paint(but(FOX, **change)))
    assert set(distilled.graphs.batches) == {calls}
    assert same == (change != {"guidance": Schedule.constant(8)})  # the plain network is still in there


def test_a_mix_goes_from_one_prompt_to_the_other(bench: Bench) -> None:
    whole = bench.paint(but(FOX, mix=(("a crow", Schedule.constant(1)),)))
    assert np.array_equal(whole, bench.paint(but(FOX, prompt="a crow")))
    most = bench.paint(but(FOX, mix=(("a crow", Schedule.constant(0.9)),))).astype(float)
    assert np.abs(most - whole).mean() < np.abs(most - bench.paint(FOX)).mean()


def test_strength_goes_from_the_picture_to_the_prompt(bench: Bench) -> None:
    init = Image.linear_gradient("L")
    made = {strength: bench.paint(but(FOX, init=init, strength=strength)) for strength in (0.0, 0.3, 1.0)}
    assert np.array_equal(made[0.0], bench.paint(but(FOX, init=init, strength=0.0, seed=9, prompt="a crow")))
    assert np.array_equal(made[1.0], bench.paint(FOX))
    assert not np.array_equal(made[0.0], made[0.3])
    frames = list(bench.painter.paint(but(FOX, init=init, strength=0.0)))
    assert [(frame.done, frame.total) for frame in frames] == [(1, 1)]


def test_between_two_briefs_lie_pictures_of_both(bench: Bench) -> None:
    one = but(FOX, init=Image.new("RGB", (8, 8), "red"), strength=0.5)
    other = but(FOX, init=Image.linear_gradient("L"), strength=0.7, seed=8)
    made = [bench.paint(but(FOX, extras={"between": (one, other, share)})).astype(float) for share in (0, 0.1, 0.9, 1)]
    assert np.array_equal(made[0], bench.paint(one))
    assert np.array_equal(made[3], bench.paint(other))
    assert np.abs(made[1] - made[0]).mean() < np.abs(made[1] - made[3]).mean()
    assert np.abs(made[2] - made[3]).mean() < np.abs(made[2] - made[0]).mean()
    free = bench.paint(but(FOX, extras={"between": (FOX, other, 0.01)})).astype(float)
    assert np.abs(free - bench.paint(FOX)).mean() < np.abs(free - made[3]).mean()


@pytest.mark.parametrize("side", [128, 256, 512])
def test_sizes(bench: Bench, side: int) -> None:
    assert bench.last(but(FOX, size=(side, side))).decode().size == (side, side)


def test_the_default_size_is_the_cards(folder: Path) -> None:
    painter = Painter.load(folder, defaults={"size": 512, "steps": 3, "voice": "none"}, threads=1)
    *_, last = painter.paint(Brief("a fox", seed=1))
    assert (last.total, last.decode().size) == (3, (512, 512))
    assert "invented" in last.facts["note"]
    assert Defaults.of({}) == Defaults()
    assert painter.upscale(last.decode(), 3).size == (1536, 1536)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"size": (130, 130)}, "128, 256, 512, 1024"),
        ({"size": (256, 128)}, "square"),
        ({"styles": (("3dd", Schedule.constant(1)),)}, "did you mean '3d'"),
        ({"styles": (("3d", Schedule.constant(-1)),)}, "weights are 0 or more"),
        ({"styles": (("3d", Schedule.constant(math.nan)),)}, "weights are 0 or more"),
        ({"mix": (("a crow", Schedule.constant(math.inf)),)}, "weights are 0 or more"),
        ({"steps": 0}, "1 to 150"),
        ({"steps": 1000}, "1 to 150"),
        ({"guidance": Schedule.constant(math.nan)}, "write a number"),
        ({"freedom": math.nan}, "give 0 to 1"),
        ({"init": Image.new("RGB", (9, 9)), "strength": 1.5}, "give 0 to 1"),
    ],
)
def test_what_it_cannot_do_is_refused_before_the_first_step(bench: Bench, change: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError) as caught:
        bench.painter.paint(but(FOX, **change))
    assert told in str(caught.value)
    assert bench.graphs.batches == []


@pytest.mark.parametrize("prompt", ["", "   ", "x" * 10_000, "狐 \ud800 \x00 \u202e <script>"])
def test_any_text_is_painted(bench: Bench, prompt: str) -> None:
    assert bench.paint(but(FOX, prompt=prompt, steps=1)).shape == (128, 128, 3)


@pytest.mark.parametrize("mode", ["RGBA", "L", "P", "1", "CMYK", "I;16"])
def test_any_picture_is_a_start(bench: Bench, mode: str) -> None:
    init = Image.new("RGB", (3, 200), "white").convert("L").convert(mode) if mode != "RGBA" else Image.new(mode, (1, 9))
    assert bench.paint(but(FOX, init=init, steps=1)).shape == (128, 128, 3)


def test_two_easels_at_once_get_their_own_pictures(bench: Bench, folder: Path) -> None:
    briefs = [but(FOX, seed=seed) for seed in range(4)]
    found: dict[int, Any] = {}

    def easel(place: int) -> None:
        found[place] = bench.paint(briefs[place])

    threads = [threading.Thread(target=easel, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = Bench(folder)
    assert all(np.array_equal(found[place], alone.paint(briefs[place])) for place in range(4))


def test_a_closed_painter_says_so(bench: Bench) -> None:
    bench.painter.close()
    with pytest.raises(UsageError, match="closed"):
        bench.paint(FOX)


def test_a_folder_with_a_missing_part_is_refused(tmp_path: Path) -> None:
    whole = make(tmp_path / "whole")
    (whole / "unet" / "model.onnx").unlink()
    with pytest.raises(WeightsError, match=r"unet/model\.onnx"):
        Painter.load(whole, threads=1)
    with pytest.raises(WeightsError, match="whole painter"):
        Layout.read(tmp_path)
    cut = make(tmp_path / "cut")
    weights = cut / "autoencoder" / "decoder.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(WeightsError, match=r"decoder\.onnx"):
        Painter.load(cut, threads=1)
