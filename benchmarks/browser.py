"""The starter painter in a reader's browser against the same painter in Python: seconds a picture, loading, bytes.

    genart bench browser --rounds 5

One page in Chromium, opened from a disk with the network cut, on one thread as everywhere without special headers;
Python on as many threads as it takes by itself, and on one. Rounds of all alternate, so that what else the machine does
meets all; each picture has a seed of its own, so that nothing is known beforehand. The pictures of a pair are compared.
"""

from __future__ import annotations

import base64
import gzip
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from _suite import finish
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from genart_nb.arts.image import PaintOptions, brief_of
from genart_nb.doctor import find_chromium
from genart_nb.media.distances import ssim
from genart_nb.models import registry, weights
from genart_nb.models.onnx_llama import physical_cores
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief
from genart_nb.publishing.browser import bundle
from genart_nb.studio import Studio

PROMPT = "a fox on a hill at night"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
WAYS: dict[str, dict[str, Any]] = {
    "as the author left it, 256 px": {}, "of pure invention, 256 px": {"freedom": 1.0}, "at 128 px": {"size": 128},
    "a draft, 2 steps at 128 px": {"size": 128, "steps": 2},
}  # fmt: skip
WAKE = """async ([data, base]) => {
  const begun = performance.now();
  globalThis.backend = await genart.painter(data, { base });
  return (performance.now() - begun) / 1000;
}"""
PAINT = """async (wish) => {
  const begun = performance.now();
  const { bitmap } = await backend.paint(wish);
  const seconds = (performance.now() - begun) / 1000;
  const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
  const pen = canvas.getContext("2d");
  pen.drawImage(bitmap, 0, 0);
  const { data } = pen.getImageData(0, 0, bitmap.width, bitmap.height);
  return [seconds, bitmap.width, btoa(Array.from(data, (level) => String.fromCharCode(level)).join(""))];
}"""


def run(rounds: int = 5) -> dict[str, Any]:
    """Load the painter on both sides and let them paint the same pictures in turn."""
    card = registry.card("painter", "picture")
    folder = weights.locate(card)
    with tempfile.TemporaryDirectory() as site, sync_playwright() as playwright:
        desk = Studio()
        recipe = desk.recipe("paint", PROMPT, seed=7, model="painter")
        begun = time.perf_counter()
        written = bundle.assets(Path(site), card)
        packed = time.perf_counter()
        data = bundle.easel(recipe, desk)
        facts = {"assets_s": packed - begun, "easel_s": time.perf_counter() - packed, "bytes": _bytes(written)}
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = _page(browser.new_page(), Path(site))
        load = page.evaluate(WAKE, [data, "./"])
        loaded = time.perf_counter()
        many = Painter.load(folder, defaults=card.defaults)
        facts |= {"load_s": {"browser": load, "python": time.perf_counter() - loaded}}
        one = Painter.load(folder, defaults=card.defaults, threads=1)
        brief = brief_of(recipe, PaintOptions.read(recipe.options), many, recipe.seed)
        ways = {}
        for place, (name, values) in enumerate(WAYS.items(), 1):
            seeds = range(100 * place, 100 * place + rounds + 1)
            ways[name] = _rounds(page, (many, one), brief, values, seeds)
        colours = [_browser(page, 7, {"saturation": 1 + at / 10})[0] for at in range(1, rounds + 1)]
        browser.close()
        desk.close()
    return {**facts, "cores": physical_cores(), "ways": ways, "colours_alone_s": min(colours),
            "similarity": min(way["similarity"] for way in ways.values())}  # fmt: skip


def _rounds(
    page: Page, painters: tuple[Painter, ...], brief: Brief, values: dict[str, Any], seeds: range
) -> dict[str, Any]:
    took: dict[str, list[float]] = {"browser": [], "python": [], "one thread": []}
    alike = []
    for seed in seeds:
        seconds, picture = _browser(page, seed, values)
        took["browser"].append(seconds)
        asked: dict[str, Any] = {name: (value, value) if name == "size" else value for name, value in values.items()}
        known = {**brief.extras, "arrangement": brief.seed}
        for name, painter in zip(("python", "one thread"), painters, strict=True):
            begun = time.perf_counter()
            *_, frame = painter.paint(replace(brief, seed=seed, extras=known, **asked))
            made = frame.decode()
            took[name].append(time.perf_counter() - begun)
        alike.append(ssim(picture, made)[0])
    # The first round warms up, here and there.
    return {**{name: [statistics.median(each[1:]), min(each[1:])] for name, each in took.items()},
            "similarity": min(alike)}  # fmt: skip


def _browser(page: Page, seed: int, values: dict[str, Any]) -> tuple[float, Image.Image]:
    seconds, side, rgba = page.evaluate(PAINT, {"seed": seed, "values": values})
    levels = np.frombuffer(base64.b64decode(rgba), np.uint8).reshape(side, side, 4)
    return seconds, Image.fromarray(levels[..., :3])


def _page(page: Page, folder: Path) -> Page:
    page.context.set_offline(True)
    (folder / "index.html").write_text("<!doctype html><meta charset=utf-8><script src=client.js></script>")
    page.goto((folder / "index.html").as_uri())
    return page


def _bytes(written: list[Path]) -> dict[str, Any]:
    """Bytes of each script on a disk, and of all over a wire that packs, as most static hosts do."""
    sizes = {path.stem: path.stat().st_size for path in written}
    wire = sum(len(gzip.compress(each.read_bytes(), 6)) for each in written)
    return {**sizes, "all": sum(sizes.values()), "wire": wire}


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading; ratios above 1 say how many times slower the browser is."""
    lines = [f"{'seconds, median (best)':34}{'browser':>16}{'python':>16}{'one thread':>16}{'ratio':>8}"]
    shown: Callable[[list[float]], str] = lambda pair: f"{pair[0]:.2f} ({pair[1]:.2f})"  # noqa: E731
    for name, way in found["ways"].items():
        ratio = way["browser"][0] / way["python"][0]
        told = "".join(f"{shown(way[each]):>16}" for each in ("browser", "python", "one thread"))
        lines.append(f"{name:34}{told}{ratio:>8.1f}")
    load, sizes = found["load_s"], found["bytes"]
    lines += [
        f"{'colours alone':34}{found['colours_alone_s']:>16.2f}",
        f"{'loading':34}{load['browser']:>16.2f}{load['python']:>16.2f}{'':16}{load['browser'] / load['python']:>8.1f}",
        f"MB a site: {sizes['all'] / 1e6:.1f} on a disk, {sizes['wire'] / 1e6:.1f} over a wire that packs; "
        f"packed in {found['assets_s']:.1f} s, an easel in {found['easel_s']:.1f} s; {found['cores']} cores",
        f"least similarity of a pair (SSIM): {found['similarity']:.6f}",
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, and write the figures as JSON."""
    return finish("browser", __doc__ or "", run, table, argv, rounds={"type": int, "default": 5})


if __name__ == "__main__":
    raise SystemExit(main())
