"""From the hand to the picture: the easel against `ipywidgets.interact` over the same weights called plainly.

    genart bench easel [--form meadow] [--seconds 10]

There are two such peers: interact over the form's own model, whose runtime and caches are the easel's too, and, for
paint, over the shipped folder as the diffusers pipeline that it is. One recorded drag is replayed by one script inside
a real JupyterLab in Chromium, on the slider of each in turn. Latency is from the moment a slider shows a new value to
the moment the first picture that reflects it, or a newer one, has been painted. Each runs alone, in its own kernel.
"""

from __future__ import annotations

import bisect
import importlib.util
import itertools
import json
import math
import statistics
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from _suite import HOME, finish
from playwright.sync_api import Page, sync_playwright

from genart_nb.doctor import find_chromium

HERTZ = 60
LOW, HIGH, STEP, START = 0.0, 10.5, 0.25, 3.5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SETUP = f"import sys; sys.path.insert(0, {str(HOME / 'tests' / 'widgets')!r}); import meadow; meadow.offer()\n"
EASEL = SETUP + "%load_ext genart_nb\neasel = %easel {form} a fox on a hill --seed 7\neasel"
SLIDER = """
draw({start})
calls.clear()
slider = ipywidgets.FloatSlider(value={start}, min={low}, max={high}, step={step}, readout_format=".2f")
ipywidgets.interact(draw, guidance=slider);"""
MODEL = (
    SETUP
    + """
import time, ipywidgets
from genart_nb.arts.form import art
from genart_nb.events import Preview
from genart_nb.models import registry
from genart_nb.studio import studio
form, calls = art({form!r}), []
card = studio().card(form.kind)
model = registry.load(card, lambda what, fraction: None)
def draw(guidance):
    begun, picture = time.time(), None
    recipe = studio().recipe({form!r}, "a fox on a hill", {{"guidance": guidance}}, seed=7)
    for event in form.make(recipe, model):
        if isinstance(event, Preview):
            picture = event.data
    calls.append((guidance, begun))
    return picture
"""
    + SLIDER
)
PIPELINE = (
    """
import time, ipywidgets
from diffusers import DiffusionPipeline
from genart_nb.models.weights import STARTER
pipe, calls = DiffusionPipeline.from_pretrained(STARTER / "painter", trust_remote_code=True), []
pipe.set_progress_bar_config(disable=True)
def draw(guidance):
    begun = time.time()
    picture = pipe("a fox on a hill", guidance_scale=guidance, seed=7).images[0]
    calls.append((guidance, begun))
    return picture
"""
    + SLIDER
)
REPLAY = """async ([slider, ticks, hertz, [low, high, step]]) => {
  const element = document.querySelector(slider);
  const box = element.getBoundingClientRect();
  const native = element.matches('input');
  const hand = (kind, share) => {
    if (native) {
      if (kind === 'down') return;
      element.value = low + Math.round(share * (high - low) / step) * step;
      element.dispatchEvent(new Event(kind === 'up' ? 'change' : 'input', {bubbles: true}));
      return;
    }
    const at = {clientX: box.x + box.width * share, clientY: box.y + box.height / 2, button: 0, bubbles: true,
      cancelable: true, buttons: kind === 'up' ? 0 : 1, view: window};
    const target = kind === 'down' ? element.querySelector('.noUi-handle') : document.documentElement;
    target.dispatchEvent(new MouseEvent(`mouse${kind}`, at));
  };
  let late = 0;
  hand('down', ticks[0]);
  const begun = performance.now();
  for (const [tick, share] of ticks.entries()) {
    const due = begun + 1000 * tick / hertz;
    if (performance.now() < due) await new Promise((done) => setTimeout(done, due - performance.now()));
    late = performance.now() - due;
    hand('move', share);
  }
  hand('up', ticks.at(-1));
  return late / 1000;
}"""
WATCH = """([readout, area]) => {
  window.seen = {inputs: [], pushes: [], frames: []};
  const now = () => performance.timeOrigin + performance.now();
  const told = document.querySelector(readout);
  new MutationObserver(() => window.seen.inputs.push([now(), Number(told.textContent)]))
    .observe(told, {childList: true, characterData: true, subtree: true});
  document.addEventListener('genart-push', (event) => window.seen.pushes.push([now(), event.detail]));
  document.addEventListener('genart-frame', (event) => {
    const {message, buffer} = event.detail;
    requestAnimationFrame(() => window.seen.frames.push([now(), message.asked, buffer.byteLength, message.tier]));
  });
  if (!area) return;
  const found = (node) => node.tagName === 'IMG' ? [node] : [...(node.querySelectorAll?.('img') ?? [])];
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) =>
    found(node).forEach((image) => {
      const place = window.seen.frames.length;
      window.seen.frames.push([Infinity, place, Math.floor(image.src.length * 3 / 4), 'plain']);
      const shown = () => requestAnimationFrame(() => { window.seen.frames[place][0] = now(); });
      image.complete ? shown() : image.addEventListener('load', shown);
    })))).observe(document.querySelector(area), {childList: true, subtree: true});
}"""


def path(seconds: float) -> list[float]:
    """Where the hand is, 0..1 of the slider, at every tick: it sweeps, lingers twice, and slows to its end."""
    ticks = []
    for tick in range(int(seconds * HERTZ)):
        at = tick / HERTZ
        moving = at - 0.4 * (at > 3) - 0.5 * (at > 6.5)
        rests = 3 < at < 3.4 or 6.5 < at < 7
        where = 0.5 + 0.38 * math.sin(2 * math.pi * moving / 3.7) * (0.7 + 0.3 * math.sin(2 * math.pi * moving / 9))
        ticks.append(ticks[-1] if rests else where)
    return ticks


def drag(page: Page, slider: str, seconds: float) -> float:
    """Replay the path on the clock of the page; returns how late its last tick was, in seconds."""
    given = [slider, path(seconds), HERTZ, [LOW, HIGH, STEP]]
    return float(page.evaluate(REPLAY, given))


def percentile(values: list[float], share: float) -> float:
    """Linear between neighbours."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def of_easel(seen: dict[str, Any]) -> list[float]:
    """Milliseconds from each input to the first frame of its generation or a newer one."""
    pushed = [when for when, _ in seen["pushes"]]
    latencies = []
    for when, _ in seen["inputs"]:
        # An input goes out with the push that follows it; the first push comes within the same task.
        place = min(bisect.bisect_left(pushed, when - 1), len(pushed) - 1)
        wanted = seen["pushes"][place][1]
        shown = next((at for at, asked, *_ in seen["frames"] if (asked or 0) >= wanted and at >= when), None)
        if shown is not None:
            latencies.append(shown - when)
    return latencies


def of_plain(seen: dict[str, Any], calls: list[tuple[float, float]]) -> list[float]:
    """The same for interact, whose n-th picture comes from its n-th call."""
    inputs = seen["inputs"]
    reflects = []
    for value, begun in calls:
        same = [at for at, (when, said) in enumerate(inputs) if when <= 1000 * begun and abs(said - value) < 1e-6]
        reflects.append(same[-1] if same else -1)
    latencies = []
    for at, (when, _) in enumerate(inputs):
        shown = [frame[0] for frame, to in zip(seen["frames"], reflects, strict=False) if to >= at and frame[0] >= when]
        if shown:
            latencies.append(min(shown) - when)
    return latencies


def summary(seen: dict[str, Any], latencies: list[float], seconds: float, late: float) -> dict[str, Any]:
    """What is reported of one side."""
    generations = [frame[1] or 0 for frame in seen["frames"]]
    stale = sum(after < before for before, after in itertools.pairwise(generations))
    return {
        "inputs": len(seen["inputs"]), "answered": len(latencies), "p50_ms": percentile(latencies, 0.5),
        "p95_ms": percentile(latencies, 0.95), "mean_ms": statistics.mean(latencies), "frames": len(seen["frames"]),
        "frames_per_s": len(seen["frames"]) / seconds, "stale_frames": stale,
        "bytes": sum(frame[2] for frame in seen["frames"]), "script_late_s": round(late, 3),
    }  # fmt: skip


def ours(lab: Any, form: str, seconds: float) -> dict[str, Any]:
    """The easel's side."""
    lab.write("easel.ipynb", EASEL.format(form=form))
    lab.side_bars(False)
    lab.run(0, timeout=300)
    page = lab.page
    page.wait_for_function("document.querySelector('.ge-status')?.dataset.state === 'done'", timeout=120_000)
    slider = '.ge [data-control="guidance"] input'
    drag(page, slider, 1)  # warm
    page.wait_for_timeout(2000)
    page.evaluate(WATCH, ['.ge [data-control="guidance"] output', ""])
    late = drag(page, slider, seconds)
    page.wait_for_function("window.seen.frames.at(-1)?.[3] === 'whole'", timeout=120_000)
    seen = page.evaluate("window.seen")
    return summary(seen, of_easel(seen), seconds, late)


def plain(lab: Any, form: str, seconds: float, source: str = MODEL) -> dict[str, Any]:
    """Interact's side, over what the cell `source` calls."""
    given = {"form": form, "start": START, "low": LOW, "high": HIGH, "step": STEP}
    lab.write("plain.ipynb", source.format(**given), "import json; print(json.dumps(calls))")
    lab.side_bars(False)
    lab.run(0, timeout=300)
    page = lab.page
    lab.output(0).locator(".noUi-base").wait_for()
    lab.output(0).locator("img").wait_for(timeout=120_000)
    page.wait_for_timeout(2000)
    panel = ".jp-NotebookPanel:not(.lm-mod-hidden)"
    page.evaluate(WATCH, [f"{panel} .widget-readout", panel])
    lab.edit(1, "calls.clear()")
    lab.run(1)
    late = drag(page, f"{panel} .noUi-base", seconds)
    page.wait_for_timeout(3000)
    lab.wait_idle(300)
    page.wait_for_timeout(1000)
    lab.edit(1, "import json; print(json.dumps(calls))")
    lab.run(1, timeout=300)
    calls = json.loads(lab.output(1).inner_text().strip().splitlines()[-1])
    seen = page.evaluate("(() => ({...window.seen, frames: window.seen.frames.filter(each => each[3] === 'plain')}))()")
    return summary(seen, of_plain(seen, calls), seconds, late)


def run(form: str, seconds: float) -> dict[str, Any]:
    """Both sides, in one JupyterLab and one browser."""
    given = importlib.util.spec_from_file_location("browser_harness", HOME / "tests" / "browser" / "conftest.py")
    assert given and given.loader
    harness = importlib.util.module_from_spec(given)
    given.loader.exec_module(harness)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = harness.Server(Path(folder))
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            found = {}
            sides = [("easel", ours), ("interact", plain)]
            if form == "paint":
                sides.append(("diffusers", partial(plain, source=PIPELINE)))
            for name, side in sides:
                lab = harness.Lab(browser.new_context(viewport={"width": 1280, "height": 900}).new_page(), server)
                lab.start()
                found[name] = side(lab, form, seconds)
                server.end_kernels()
                lab.page.context.close()
            browser.close()
        finally:
            server.end_kernels()
            server.stop()
    return {"form": form, "seconds": seconds, "sides": found}


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading."""
    rows = [
        ("slider to picture, p50, ms", "p50_ms", ".0f"), ("slider to picture, p95, ms", "p95_ms", ".0f"),
        ("pictures shown a second", "frames_per_s", ".1f"), ("pictures shown", "frames", "d"),
        ("of them stale", "stale_frames", "d"), ("bytes of pictures", "bytes", ",d"), ("inputs", "inputs", "d"),
        ("answered", "answered", "d"), ("script behind time at its end, s", "script_late_s", ".2f"),
    ]  # fmt: skip
    sides = found["sides"]
    lines = [f"{found['form']}, a drag of {found['seconds']:g} s{'':14}{''.join(f'{name:>12}' for name in sides)}"]
    lines += [f"{name:36}{''.join(f'{side[key]:>12{form}}' for side in sides.values())}" for name, key, form in rows]
    ratios = "".join(f"{side['p50_ms'] / sides['easel']['p50_ms']:>11.1f}x" for side in sides.values())
    return "\n".join([*lines, f"{'p50 over the easel':36}{ratios}"])


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, and write the figures as JSON."""
    form = {"default": "paint", "help": "paint, or meadow, which needs no weights"}
    return finish("easel", __doc__, run, table, argv, form=form, seconds={"type": float, "default": 10})


if __name__ == "__main__":
    raise SystemExit(main())
