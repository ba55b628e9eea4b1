"""The arithmetic around the networks, in a browser, against the Python that it follows."""

from __future__ import annotations

import base64
import itertools
from typing import Any

import numpy as np
import pytest
from browser_visit import SCRIPTS
from PIL import Image

from genart_nb.arts.retouch import retouched
from genart_nb.models.painter import pixels, sampler, words
from genart_nb.models.painter.collage import Collage
from genart_nb.models.painter.sampler import State, Step, Trajectories
from genart_nb.models.pictures import Schedule
from genart_nb.publishing.browser.starts import Starts

pytestmark = pytest.mark.browser

NOTHING = words.Words()


@pytest.fixture(scope="module")
def page(chromium: Any) -> Any:
    page = chromium.new_page()
    page.set_content("<!doctype html>")
    for name in ("packing", "sampler", "pixels", "wish"):
        page.add_script_tag(path=SCRIPTS / f"{name}.js")
    yield page
    page.close()


@pytest.mark.parametrize(("steps", "start", "shift"), [(8, 1.0, 2.0), (4, 0.25, 2.0), (1, 0.6, 1.0), (3, 0.05, 3.0)])
def test_the_time_grid(page: Any, steps: int, start: float, shift: float) -> None:
    assert page.evaluate("(given) => grid(...given)", [steps, start, shift]) == pytest.approx(
        sampler.grid(steps, start, shift), abs=1e-12
    )


@pytest.mark.parametrize("keys", ["0:2,5:6", "3:1", "0:1,1:0,6:0.5"])
def test_schedules(page: Any, keys: str) -> None:
    read = Schedule.read(keys)
    found = page.evaluate("(keys) => [0, 1, 2.5, 5, 9].map((step) => scheduled(keys, step))", [*map(list, read.keys)])
    assert found == pytest.approx([read.at(step) for step in (0, 1, 2.5, 5, 9)])


def test_steps_are_those_of_adams_and_bashforth(page: Any) -> None:
    first = np.linspace(-1, 1, 16, dtype=np.float32)
    times = sampler.grid(3, 0.7, 2.0)
    steps = [Step(a, b, 1.0, NOTHING, NOTHING) for a, b in itertools.pairwise(times)]
    known = Trajectories()
    way = sampler.follow(State(first), b"", steps, lambda x, step: np.sin(3 * x) * np.float32(step.time), known)
    wanted = [state for _, state in way]
    js = """async ([first, steps]) => {
      const [found, known] = [[], new Known()];
      const velocity = (x, step) => x.map((value) => Math.sin(3 * value) * step.time);
      const begin = { latents: Float32Array.from(first), velocity: null };
      for await (const state of follow(begin, "", steps, velocity, known)) found.push([...state.latents]);
      const stop = () => { throw new Error("the network was asked again"); };
      for await (const state of follow(begin, "", steps, stop, known)) found.push([...estimated(state, 0.1)]);
      return found;
    }"""
    told = [{"time": step.time, "until": step.until, "name": str(at)} for at, step in enumerate(steps)]
    found = page.evaluate(js, [first.tolist(), told])
    assert np.allclose(found[:3], [state.latents for state in wanted], atol=1e-6)
    assert np.allclose(found[3:], [state.estimate(0.1) for state in wanted], atol=1e-6)


def test_detail_is_carried_as_in_python(page: Any) -> None:
    side = 16
    draw = np.random.default_rng(3).uniform(-1, 1, (3, 3, side, side)).astype(np.float32)
    draw[1, :, :, 7:] = 0.25  # a plain ground that has hardly changed
    draw[0, :, :, 7:] = 0.25 + 0.04 * draw[0, :, :, 7:]
    found, start = draw[0], draw[1]
    drawn = (found + 0.3 * draw[2] ** 3).astype(np.float32)
    js = "(all) => { const [a, b, c] = all.map((each) => Float32Array.from(each)); return [...carried(a, b, c, 16)]; }"
    made = page.evaluate(js, [each.reshape(-1).tolist() for each in (found, start, drawn)])
    wanted = pixels.carried(found[None], start[None], drawn[None]).reshape(-1)
    assert np.abs(np.array(made) - wanted).max() < 2e-5 < np.abs(wanted - found.reshape(-1)).max()


@pytest.mark.parametrize(("saturation", "contrast"), [(1.5, 1), (0.35, 1), (0, 1), (1, 0.6), (1, 1.85), (1.3, 0.8)])
def test_colours_are_pillow_s_to_the_level(page: Any, saturation: float, contrast: float) -> None:
    levels = np.random.default_rng(5).integers(0, 256, (32, 32, 3), np.uint8)
    rgba = np.dstack([levels, np.full((32, 32), 255, np.uint8)])
    js = "([levels, ...by]) => [...retouched(Uint8ClampedArray.from(levels), ...by)]"
    found = np.array(page.evaluate(js, [rgba.reshape(-1).tolist(), saturation, contrast])).reshape(32, 32, 4)
    wanted = np.asarray(retouched(Image.fromarray(levels), saturation=saturation, contrast=contrast))
    assert np.array_equal(found[..., :3], wanted)


def test_levels_are_rounded_as_numpy_rounds(page: Any) -> None:
    picture = np.array([-1.2, -1, -0.5, 0.0, 1 / 255, 3 / 255, 0.999, 1.0, 2.0, 0.1, 0.2, 0.3], np.float32)
    levels = page.evaluate("(all) => [...levelsOf(Float32Array.from(all))]", picture.tolist())
    wanted = np.asarray(pixels.image(picture.reshape(1, 3, 2, 2)))
    assert np.array_equal(np.array(levels).reshape(2, 2, 4)[..., :3], wanted)
    again = page.evaluate("(all) => [...pictureOfLevels(Uint8ClampedArray.from(all))]", levels)
    assert np.allclose(again, pixels.array(Image.fromarray(wanted)).reshape(-1), atol=1e-6)


def test_a_start_is_unpacked_to_the_level(page: Any) -> None:
    levels = np.random.default_rng(1).integers(0, 256, (128, 128, 3), np.uint8)
    starts = Starts(NoComposer())
    assert [starts.row(Image.fromarray(levels)), starts.row(Image.fromarray(levels))] == [0, 0]
    found = page.evaluate("async (row) => [...(await pictureOf(row, 128))]", starts.rows[0])
    assert np.allclose(found, pixels.array(Image.fromarray(levels)).reshape(-1), atol=1e-6)


def test_packing_reads_base64_with_and_without_the_browser_s_own_reader(page: Any) -> None:
    packed = base64.b64encode(np.array([1.5, -2, 3e-8], "<f4").tobytes()).decode()
    js = """(packed) => {
      const own = Uint8Array.fromBase64;
      const first = [...floatsOf(packed)];
      Uint8Array.fromBase64 = undefined;
      const second = [...floatsOf(packed)];
      Uint8Array.fromBase64 = own;
      return [first, second];
    }"""
    first, second = page.evaluate(js, packed)
    assert first == second == pytest.approx([1.5, -2, 3e-8])


class NoComposer:
    def compose(self, brief: Any) -> Collage | None:
        raise AssertionError("nothing is composed here")
