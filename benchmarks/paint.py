"""How fast does the starter painter paint? Each figure beside a peer's, in one run.

    python benchmarks/paint.py --rounds 9 --json build/bench-paint.json

Peer: the plain diffusers loop (UNet2DConditionModel and FlowMatchEulerDiscreteScheduler, classifier-free guidance as a
batch of two, the same weights) in the float32 eager mode that it has by default, on the same cores; bfloat16 autocast
beside it for the record. `%%paint` in a real shell is timed beside the bare call of the runtime and of the pipeline for
the same recipe. Rounds of all alternate, so that what else the machine does meets all.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from _suite import finish

PROMPT = "a fox wearing a hat"
STEPS, GUIDANCE = 8, 3.5

COLD = """
import json, resource, sys, time
began = time.perf_counter()
from genart_nb.models.loaders import painter
from genart_nb.models.pictures import Brief
from genart_nb.models.starter import PAINTER
imported = time.perf_counter()
model = painter(PAINTER, lambda what, fraction: None)
loaded = time.perf_counter()
*_, frame = model.paint(Brief(sys.argv[1], seed=7))
frame.decode()
first = time.perf_counter()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"load_s": loaded - imported, "first_picture_s": first - began, "peak_rss_mb": peak / 1024}))
"""

Way = Callable[[int], Any]


def runtime() -> tuple[Any, Callable[..., Way]]:
    """Load the runtime; returns it and a maker of functions of the seed that paint, freely."""
    from genart_nb.models.loaders import painter
    from genart_nb.models.pictures import Brief, Schedule
    from genart_nb.models.starter import PAINTER

    model = painter(PAINTER, lambda what, fraction: None)

    def way(steps: int = STEPS, size: int = 128, guidance: float = GUIDANCE, decode: bool = False, **more: Any) -> Way:
        def paint(seed: int) -> Any:
            asked = {"freedom": 1.0, **more}
            brief = Brief(PROMPT, seed, steps=steps, size=(size, size), guidance=Schedule.constant(guidance), **asked)
            *_, frame = model.paint(brief)
            return frame.decode() if decode else frame

        return paint

    return model, way


def plain_loop(pipe: Any, guidance: float = GUIDANCE, half: bool = False) -> Way:
    """The loop as diffusers' users write it: text read beforehand, one step a line, no decoding."""
    import torch

    from genart_nb.models.painter.minilm import MiniLM

    told, pooled = (torch.from_numpy(each) for each in MiniLM().encode([PROMPT]))
    states = torch.cat([told, torch.zeros_like(told)])
    labels = torch.zeros(2, 394)
    labels[0, :384] = pooled[0]
    scheduler = type(pipe.scheduler).from_config(pipe.scheduler.config)
    rows = 1 if guidance == 1 else 2

    def sample(seed: int) -> Any:
        scheduler.set_timesteps(sigmas=np.linspace(1, 1 / STEPS, STEPS))
        x = torch.randn(1, 8, 16, 16, generator=torch.Generator().manual_seed(seed))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            for t in scheduler.timesteps:
                found = pipe.unet(x.expand(rows, -1, -1, -1), t, states[:rows], class_labels=labels[:rows]).sample
                v = found if rows == 1 else found[1:] + guidance * (found[:1] - found[1:])
                x = scheduler.step(v.float(), t, x).prev_sample
        return x

    return sample


def alternate(ways: dict[str, Way], rounds: int, first_seed: int) -> dict[str, list[float]]:
    """Seconds of each way, round by round, every other round backwards; a seed is never used twice."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(first_seed)  # warm
    for turn in range(1, rounds + 1):
        for name in ways if turn % 2 else reversed(ways):
            began = time.perf_counter()
            ways[name](first_seed + turn)
            took[name].append(time.perf_counter() - began)
    return took


def magic(rounds: int, bare: Way, pipe: Way) -> dict[str, Any]:
    """`%%paint` in a real shell beside the same picture by the runtime and, at 128 pixels, by the pipeline."""
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.magics import register
    from genart_nb.studio import studio

    shell = InteractiveShell.instance()
    register(shell)
    flags = f'--steps {STEPS} --guidance {GUIDANCE} --freedom 1 --size 128 --style ""'
    works: dict[int, Any] = {}

    def cell(seed: int) -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            works[seed] = shell.run_cell_magic("paint", f"--seed {seed} {flags}", PROMPT)
        shell.display_formatter.format(works[seed])  # what a notebook is then sent

    took = alternate({"magic": cell, "runtime": bare, "pipeline": pipe}, rounds, 40_000)
    same = np.array_equal(np.asarray(works[40_001].data), np.asarray(bare(40_001)))
    studio().close()
    ratios = {
        peer: statistics.median(m / p for m, p in zip(took["magic"], took[peer], strict=True))
        for peer in ("runtime", "pipeline")
    }
    return {"ms": {name: 1e3 * statistics.median(found) for name, found in took.items()}, "over": ratios, "same": same}


def run(rounds: int = 9) -> dict[str, Any]:
    """Measure all; returns figures by name (ms, seconds, MB, ratios)."""
    import torch
    from diffusers import DiffusionPipeline

    from genart_nb.models import weights
    from genart_nb.models.onnx_llama import physical_cores

    torch.set_num_threads(physical_cores())
    cold = subprocess.run([sys.executable, "-c", COLD, PROMPT], check=True, capture_output=True, text=True)
    _, way = runtime()
    pipe = DiffusionPipeline.from_pretrained(weights.STARTER / "painter", trust_remote_code=True)
    pipe.set_progress_bar_config(disable=True)
    loops = alternate(
        {"ours": way(), "fp32": plain_loop(pipe), "bf16": plain_loop(pipe, half=True),
         "ours, one row": way(guidance=1.0), "fp32, one row": plain_loop(pipe, 1.0)}, rounds, 0,
    )  # fmt: skip
    tiers = alternate(
        {"draft, 2 steps at 128": way(2, decode=True), "draft, 4 steps at 128": way(4, decode=True),
         "8 steps at 128": way(decode=True), "8 steps at 256": way(size=256, decode=True),
         "8 steps at 256, from references": way(size=256, decode=True, freedom=None),
         "8 steps at 512": way(size=512, decode=True)}, rounds, 20_000,
    )  # fmt: skip
    called = magic(rounds, way(decode=True), lambda seed: pipe(PROMPT, seed=seed, num_inference_steps=STEPS).images[0])
    pace = {name: STEPS / statistics.median(found) for name, found in loops.items()}
    return {
        "cores": physical_cores(), "cold": json.loads(cold.stdout), "steps_per_s": pace,
        "best_steps_per_s": {name: STEPS / min(found) for name, found in loops.items()},
        "speed_ratio": pace["ours"] / pace["fp32"],
        "pictures_ms": {name: 1e3 * statistics.median(took) for name, took in tiers.items()},
        "magic": called,
    }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading."""
    pace, best, cold, called = (found[key] for key in ("steps_per_s", "best_steps_per_s", "cold", "magic"))
    rows = [
        ("guided steps/s, diffusers fp32", pace["ours"], pace["fp32"], f"{found['speed_ratio']:.2f}x"),
        ("  best round", best["ours"], best["fp32"], f"{best['ours'] / best['fp32']:.2f}x"),
        ("guided steps/s, diffusers bf16", pace["ours"], pace["bf16"], f"{pace['ours'] / pace['bf16']:.2f}x"),
        ("plain steps/s, diffusers fp32", pace["ours, one row"], pace["fp32, one row"],
         f"{pace['ours, one row'] / pace['fp32, one row']:.2f}x"),
        ("%%paint over the runtime, ms", called["ms"]["magic"], called["ms"]["runtime"],
         f"{called['over']['runtime']:.3f}x"),
        ("%%paint over the pipeline, ms", called["ms"]["magic"], called["ms"]["pipeline"],
         f"{called['over']['pipeline']:.3f}x"),
        *((f"{name}, ms", took, None, "") for name, took in found["pictures_ms"].items()),
        ("first picture, new process, s", cold["first_picture_s"], None, ""),
        ("  of which load, s", cold["load_s"], None, ""),
        ("peak memory of the process, MB", cold["peak_rss_mb"], None, ""),
    ]  # fmt: skip
    lines = [f"{'':38}{'ours':>10}{'peer':>10}{'ratio':>10}   ({found['cores']} cores)"]
    lines += [f"{name:38}{a:>10.2f}{'' if b is None else format(b, '.2f'):>10}{c:>10}" for name, a, b, c in rows]
    if not called["same"]:
        lines.append("%%paint and the runtime made different pictures!")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run in a home of its own, print the table, and write the figures as JSON."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["GENART_HOME"] = home
        return finish("paint", __doc__, run, table, argv, rounds={"type": int, "default": 9})


if __name__ == "__main__":
    raise SystemExit(main())
