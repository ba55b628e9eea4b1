"""How the painter behaves on a page: progress, stopping, several easels, closing, and everything that goes wrong."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browser_visit import PAGE, Visit

from genart_nb.publishing.browser import bundle
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def data(desk: Studio, recipe: Callable[..., Recipe]) -> dict[str, Any]:
    return bundle.easel(recipe(), desk)


@pytest.mark.parametrize(("wish", "said"), [
    ({"values": {"guidance": float("nan")}}, "“guidance” is NaN: set it to a number from 0 to 20."),
    ({"values": {"guidance": 21}}, "“guidance” is 21"), ({"values": {"freedom": "0.5"}}, "“freedom” is 0.5"),
    ({"values": {"freedom": -0.1}}, "from 0 to 1"), ({"values": {"steps": 2.5}}, "counted whole"),
    ({"values": {"style:flat": float("nan")}}, "“style:flat” is NaN"), ({"seed": -1}, "The seed is -1"),
    ({"seed": 1.5}, "whole number"), ({"seed": 2**32}, "4294967295"), ({"values": {"size": 200}}, "200 pixels"),
    ({"values": {"negative": "rain"}}, "“negative” cannot be changed on this page"),
    ({"values": {"arrangement": 9999}}, "Arrangement 9999 did not come with this page"),
    ({"values": {"style:flat": 1, "style:3d": 1, "style:bold": 1, "style:shaded": 2}}, "“style:shaded” is 2"),
])  # fmt: skip
def test_what_cannot_be_painted_is_refused_in_words(awake: Visit, wish: dict[str, Any], said: str) -> None:
    assert said in awake.refused(**wish)
    assert awake.paint(values={"steps": 1}).size == (128, 128)


def test_progress_is_told_and_a_stop_is_heard_between_steps(awake: Visit) -> None:
    js = """async () => {
      const heard = [];
      const stop = new AbortController();
      const frame = (bitmap, done, total) => { heard.push([done, total]); if (done === 2) stop.abort(); };
      const wish = { seed: 99, values: { steps: 12 } };
      const error = await backend.paint(wish, { signal: stop.signal, frame }).catch((error) => error);
      const before = await backend.paint(wish, { signal: AbortSignal.abort() }).catch((error) => error);
      return { heard, name: error.name, before: before.name };
    }"""
    found = awake.page.evaluate(js)
    assert found["name"] == found["before"] == "AbortError"
    assert found["heard"][:2] == [[1, 12], [2, 12]] and len(found["heard"]) < 6


def test_previews_are_pictures(awake: Visit) -> None:
    js = """async () => {
      const sides = [];
      const frame = (bitmap) => bitmap && sides.push(bitmap.width);
      await backend.paint({ seed: 98, values: { steps: 20, size: 256 } }, { frame });
      return sides;
    }"""
    sides = awake.page.evaluate(js)
    assert sides and set(sides) == {128}


def test_a_changed_ending_runs_no_network_again(awake: Visit) -> None:
    js = """async () => {
      const seconds = async (values) => (await backend.paint({ seed: 97, values: { steps: 8, ...values } })).seconds;
      return [await seconds({}), await seconds({ saturation: 0.2 }), await seconds({ contrast: 2 })];
    }"""
    first, *others = awake.page.evaluate(js)
    assert max(others) < first / 5


def test_a_draft_is_quick_and_small(awake: Visit) -> None:
    js = """async () => {
      const steps = [];
      const frame = (bitmap, done, total) => steps.push(total);
      const { bitmap } = await backend.paint({ values: { steps: 30, size: 512 }, draft: true }, { frame });
      return [bitmap.width, ...steps];
    }"""
    assert awake.page.evaluate(js) == [128, 2, 2]


def test_several_easels_share_the_weights_and_the_last_frees_them(visit: Visit, site: Path, data: Any) -> None:
    visit.open(site)
    js = """async (data) => {
      const one = await genart.painter(data, { base: "./" });
      const begun = performance.now();
      const opening = genart.painter(data, { base: "./" });
      one.close();
      one.close();
      const two = await opening;
      const woken = performance.now() - begun;
      const closed = await one.paint({}).catch((error) => error.message);
      const { bitmap } = await two.paint({ values: { steps: 1 } });
      const waiting = two.paint({ values: { steps: 9 } }).catch((error) => error.message);
      two.close();
      const three = await genart.painter(data, { base: "./" });
      const { bitmap: again } = await three.paint({ values: { steps: 1 } });
      return [woken, closed, bitmap.width, await waiting, again.width];
    }"""
    woken, closed, width, waiting, again = visit.page.evaluate(js, data)
    assert woken < 500 and closed == "This painter is closed." and "it was closed" in waiting
    assert (width, again) == (128, 128)
    assert not visit.asked and not visit.errors


def test_parts_held_in_the_page_need_no_files(visit: Visit, site: Path, data: Any) -> None:
    held = "".join(
        f'<script type="text/plain" id="genart-asset-{path.stem}">{path.read_text()}</script>'
        for path in site.glob("*.js") if path.stem != "client"
    )  # fmt: skip
    client = (site / "client.js").read_text()
    for path in site.glob("*.js"):
        path.unlink()
    visit.open(site, f"{PAGE}{held}<script>{client}</script>")
    assert visit.wake(data) == ""
    assert visit.paint(values={"steps": 1}).size == (128, 128)


def respelt(site: Path, name: str, change: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Change what a part registers."""
    head, _, facts = (site / f"{name}.js").read_text().partition(" = ")
    changed = change(json.loads(facts.rstrip(";\n")))
    (site / f"{name}.js").write_text(f"{head} = {json.dumps(changed)};")


def missing(site: Path) -> str:
    (site / "decoder.js").unlink()
    return "“decoder.js”, is not there"


def truncated(site: Path) -> str:
    text = (site / "encoder.js").read_text()
    (site / "encoder.js").write_text(text[: len(text) // 2])
    return "“encoder.js”, came cut short"


def altered(site: Path) -> str:
    def change(facts: dict[str, str]) -> dict[str, str]:
        packed = bytearray(base64.b64decode(facts["base64"]))
        packed[len(packed) // 2] ^= 1
        return {**facts, "base64": base64.b64encode(packed).decode()}

    respelt(site, "wasm", change)
    return "“wasm”, came altered"


def of_another_day(site: Path) -> str:
    respelt(site, "upscaler", lambda facts: {**facts, "made": "0123456789ab"})
    return "are of different days"


def no_graph(site: Path) -> str:
    spoilt = base64.b64encode(gzip.compress(b"no graph")).decode()
    respelt(site, "unet", lambda facts: {**facts, "base64": spoilt})
    return "The painter stopped: "


@pytest.mark.parametrize(
    "spoil", [missing, truncated, altered, of_another_day, no_graph], ids=lambda each: each.__name__
)
def test_a_spoilt_site_says_what_is_wrong(visit: Visit, site: Path, data: Any, spoil: Callable[[Path], str]) -> None:
    said = spoil(site)
    assert said in visit.open(site).wake(data)


@pytest.mark.parametrize(("gone", "said"), [
    ("WebAssembly", "it has no WebAssembly"), ("Worker", "it has no workers"), ("DecompressionStream", "too old"),
])  # fmt: skip
def test_a_browser_that_cannot_paint_says_why(visit: Visit, site: Path, data: Any, gone: str, said: str) -> None:
    visit.page.add_init_script(f"delete globalThis.{gone}")
    found = visit.open(site).wake(data)
    assert found.startswith("This browser cannot run the painter: ") and said in found


def test_an_easel_that_is_none_is_refused(awake: Visit, data: Any) -> None:
    assert "The painter stopped" in awake.wake({**data, "texts": None})
    short = base64.b64encode(gzip.compress(bytes(300))).decode()
    with awake.borrowed({**data, "starts": [short] * len(data["starts"])}) as said:
        assert said == "" and "no picture of 128 by 128" in awake.refused(values={"steps": 1})
