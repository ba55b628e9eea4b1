"""How far rounding, precision, seeds and words move a work, and whether the verdicts tell them apart.

Each configuration works in a process of its own and keeps what it made in build/sameness/, so that a broken run goes
on. `--docs` writes the table into docs/sameness.md. Pictures: the starter painter by ONNX Runtime, and the same weights
as a diffusers pipeline on torch, where precision, compiling and CPU capability can be chosen. Texts: SmolLM2.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sameness_prompts import PICTURES, TEXTS

from genart_nb.media import medium
from genart_nb.media.likeness import Comparison, Shown, Verdict

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "sameness"
DOCS, BEGIN, END = ROOT / "docs" / "sameness.md", "<!-- table: benchmarks/sameness.py -->", "<!-- end of table -->"

SETTINGS = [(2, 128, 0.25), (2, 128, 0.1), (8, 256, 0.25), (4, 128, 0.5), (8, 128, 1.0)]
"""Steps, size and freedom: the first two leave a picture nearest to its references, the hardest case."""
ON_TORCH = [0, 2, 3, 4]
FORMS: list[tuple[str, dict[str, Any]]] = [("poem", {"form": "haiku", "effort": 1}), ("story", {"words": 60})]

# Name: what draws it, threads, and the environment of its process.
CONFIGURATIONS: dict[str, tuple[str, int, dict[str, str]]] = {
    "pictures": ("ort", 2, {}),
    "pictures, 1 thread": ("ort", 1, {}),
    "torch float32": ("float32", 1, {}),
    "torch, 2 threads": ("float32", 2, {}),
    "torch, AVX2": ("float32", 1, {"ATEN_CPU_CAPABILITY": "avx2", "ONEDNN_MAX_CPU_ISA": "AVX2"}),
    "torch, no AVX": ("float32", 1, {"ATEN_CPU_CAPABILITY": "default", "ONEDNN_MAX_CPU_ISA": "SSE41"}),
    "torch, compiled": ("compiled", 1, {}),
    "torch bfloat16": ("bfloat16", 1, {}),
    "texts": ("text", 2, {}),
    "texts, 1 thread": ("text", 1, {}),
    "texts, noise 1e-6": ("text 1e-6", 1, {}),
    "texts, noise 1e-4": ("text 1e-4", 1, {}),
    "texts, noise 1e-2": ("text 1e-2", 1, {}),
}


def main() -> int:
    """Draw what is missing, then measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draw", default="", help=argparse.SUPPRESS)
    parser.add_argument("--only", default="", help="only configurations whose name begins so")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/sameness.md")
    given = parser.parse_args()
    if given.draw:
        draw(given.draw)
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, (_, _, environment) in CONFIGURATIONS.items():
        if name.startswith(given.only) and not _file(name).is_file():
            print(f"drawing: {name}", flush=True)
            command = [sys.executable, __file__, "--draw", name]
            subprocess.run(command, check=True, env={**os.environ, **environment})
    lines = list(table())
    print("\n".join(lines))
    if given.docs:
        text = DOCS.read_text(encoding="utf-8")
        head, tail = text.split(BEGIN)[0], text.split(END)[1]
        DOCS.write_text(f"{head}{BEGIN}\n{chr(10).join(lines)}\n{END}{tail}", encoding="utf-8")
    return 0


def table() -> Iterator[str]:
    """Markdown: one row for each way in which two works of a recipe, or of two recipes, may differ."""
    yield "| what differs | tries | same | close | drifted | different | nearest and farthest |"
    yield "|---|---|---|---|---|---|---|"
    for told, pairs, name in rows():
        found = [compared(name, *pair) for pair in pairs]
        if found:
            counted = Counter(each.verdict for each in found)
            numbers = " | ".join(str(counted[verdict]) for verdict in Verdict)
            yield f"| {told} | {len(found)} | {numbers} | {_ends(found)} |"


def rows() -> Iterator[tuple[str, list[tuple[Any, Any]], str]]:
    """What is told, the pairs, and their medium."""
    base, torch = kept("pictures"), kept("torch float32")
    yield "pictures: 2 threads, 1 thread", across(base, kept("pictures, 1 thread")), "picture"
    both = across(_only(base, ".4.base"), _only(torch, ".4.base"))
    yield "pictures, freedom 1: ONNX Runtime, torch", both, "picture"
    for name in CONFIGURATIONS:
        if name.startswith("torch, "):
            yield f"pictures, float32 on torch: {name[7:]}", across(torch, kept(name)), "picture"
    low = kept("torch bfloat16")
    invented, started = _only(torch, ".4.base"), {key: torch[key] for key in torch if ".4." not in key}
    yield "pictures on torch: bfloat16, from a start", across(started, low), "picture"
    yield "pictures on torch: bfloat16, freedom 1", across(invented, low), "picture"
    for nudge, by in (("guidance", "+0.25"), ("freedom", "+0.05"), ("steps", "+1")):
        yield f"pictures: {nudge} {by}", within(base, nudge), "picture"
    yield "**pictures: another seed**", [*within(base, "seed1"), *within(base, "seed2")], "picture"
    yield "**pictures: another word**", [*within(base, "word1"), *within(base, "word2")], "picture"
    texts = kept("texts")
    yield "texts: 2 threads, 1 thread", across(texts, kept("texts, 1 thread")), "text"
    for noise in ("1e-6", "1e-4", "1e-2"):
        yield f"texts: logits with noise of {noise}", across(texts, kept(f"texts, noise {noise}")), "text"
    yield "**texts: another seed**", [*within(texts, "seed1"), *within(texts, "seed2")], "text"
    yield "**texts: another word**", within(texts, "word1"), "text"


def compared(name: str, one: Any, other: Any) -> Comparison:
    """The verdict of the content alone, as if the recipe were the same."""
    judge: Callable[[Shown, Shown], Comparison] = medium(name).compare  # type: ignore[attr-defined]
    return judge(shown(name, one), shown(name, other))


def shown(name: str, data: Any) -> Shown:
    """A work as an output would hold it."""
    import base64

    if name == "text":
        return Shown(medium(name).fingerprint(str(data)), {"text/plain": str(data)})
    image = Image.fromarray(data)
    png = base64.b64encode(medium(name).dump(image)).decode()
    return Shown(medium(name).fingerprint(image), {"image/png": png})


def kept(name: str) -> dict[str, Any]:
    """What a configuration made; empty where it was not run."""
    if not _file(name).is_file():
        return {}
    with np.load(_file(name)) as found:
        return {key: found[key] for key in found.files}


def across(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The same recipes made in two configurations."""
    return [(one[key], other[key]) for key in one if key.endswith(".base") and key in other]


def within(found: dict[str, Any], change: str) -> list[tuple[Any, Any]]:
    """Recipes and their changed twins, made in one configuration."""
    pairs = ((key, f"{key.rsplit('.', 1)[0]}.{change}") for key in found if key.endswith(".base"))
    return [(found[key], found[twin]) for key, twin in pairs if twin in found]


def draw(name: str) -> None:
    """Make everything of one configuration."""
    kind, threads, _ = CONFIGURATIONS[name]
    makers = {"ort": on_onnx, "text": texts}
    made = dict(makers.get(kind.split()[0], on_torch)(kind, threads))
    np.savez_compressed(_file(name), **{key: np.asarray(each) for key, each in made.items()})


def on_onnx(_: str, threads: int) -> Iterator[tuple[str, Any]]:
    """The painter as it ships; the twins only once, for they are compared within one configuration."""
    from genart_nb.models.painter.runtime import Painter
    from genart_nb.models.pictures import Brief, Schedule

    painter = Painter.load(_folder(), threads=threads)

    def paint(prompt: str, seed: int, setting: tuple[int, int, float], guidance: float | None = None) -> Any:
        steps, size, freedom = setting
        told = Schedule.constant(guidance) if guidance else None
        brief = Brief(prompt, seed=seed, steps=steps, size=(size, size), freedom=freedom, guidance=told)
        *_, last = painter.paint(brief)
        return np.asarray(last.decode())

    for at, (prompt, word, other) in enumerate(PICTURES):
        for place, setting in enumerate(SETTINGS):
            key, seed, (steps, size, freedom) = f"{at}.{place}", 100 + at, setting
            yield f"{key}.base", paint(prompt, seed, setting)
            if threads == 1:
                continue
            for twin, (text, moved) in {"seed1": (prompt, seed + 1), "seed2": (prompt, seed + 7919),
                                        "word1": (word, seed), "word2": (other, seed)}.items():  # fmt: skip
                yield f"{key}.{twin}", paint(text, moved, setting)
            if at < 10:
                yield f"{key}.guidance", paint(prompt, seed, setting, 3.75)
                yield f"{key}.freedom", paint(prompt, seed, (steps, size, freedom + (0.05 if freedom < 1 else -0.05)))
                yield f"{key}.steps", paint(prompt, seed, (steps + 1, size, freedom))


def on_torch(kind: str, threads: int) -> Iterator[tuple[str, Any]]:
    """The same weights as a diffusers pipeline."""
    import torch
    from diffusers import DiffusionPipeline

    from genart_nb.models.painter.runtime import Painter
    from genart_nb.models.pictures import Brief

    torch.set_num_threads(threads)
    dtype = torch.bfloat16 if kind == "bfloat16" else torch.float32
    pipe = DiffusionPipeline.from_pretrained(str(_folder()), trust_remote_code=True, torch_dtype=dtype)
    pipe.set_progress_bar_config(disable=True)
    if kind == "compiled":
        pipe.unet = torch.compile(pipe.unet)
    painter = Painter.load(_folder(), threads=1)
    for at, (prompt, _, _) in enumerate(PICTURES[:6]):
        *_, last = painter.paint(Brief(prompt, seed=100 + at, steps=2, size=(128, 128), freedom=0.0))
        for place in ON_TORCH:
            steps, _, freedom = SETTINGS[place]
            start = {} if freedom == 1 else {"image": last.decode(), "strength": freedom}
            done = pipe(prompt, num_inference_steps=steps, seed=100 + at, **start)
            yield f"{at}.{place}.base", np.asarray(done.images[0])


def texts(kind: str, threads: int) -> Iterator[tuple[str, str]]:
    """Poems and stories; with noise, every logit is moved by that share, as coarser arithmetic would."""
    from genart_nb.models import onnx_llama
    from genart_nb.studio import Studio

    noise, random = float([*kind.split(), "0"][1]), np.random.default_rng(5)
    append = onnx_llama.OnnxDecoder.append

    def noisy(*given: Any, **named: Any) -> Any:
        logits = append(*given, **named)
        return (logits * (1 + noise * random.standard_normal(logits.shape))).astype(np.float32)

    onnx_llama.physical_cores = lambda: threads
    if noise:
        onnx_llama.OnnxDecoder.append = noisy  # type: ignore[method-assign]
    studio = Studio()
    for at, (prompt, word) in enumerate(TEXTS):
        for place, (art, options) in enumerate(FORMS):
            twins = {"base": (prompt, 40 + at), "seed1": (prompt, 41 + at), "seed2": (prompt, 4100 + at),
                     "word1": (word, 40 + at)}  # fmt: skip
            for twin, (text, seed) in twins.items():
                if twin == "base" or (threads == 2 and not noise):
                    recipe = studio.recipe(art, text, options, seed=seed)
                    yield f"{at}.{place}.{twin}", str(studio.make(recipe).artwork())
    studio.close()


def _ends(found: Iterable[Comparison]) -> str:
    """The least and the greatest of what tells most: similarity of pictures, words apart of texts."""
    held = list(found)
    name = next((name for name in ("ssim", "words") if any(name in each.distances for each in held)), "")
    if not name:
        return "equal"
    values = [each.distances.get(name, 1.0 if name == "ssim" else 0.0) for each in held]
    low, high = min(values), max(values)
    return f"ssim {high:.5f} to {low:.5f}" if name == "ssim" else f"{low:.2f} to {high:.2f} of the words apart"


def _only(found: dict[str, Any], ending: str) -> dict[str, Any]:
    return {key: each for key, each in found.items() if key.endswith(ending)}


def _folder() -> Path:
    from genart_nb.models import starter

    return Path(str(starter.__file__)).parent / "painter"


def _file(name: str) -> Path:
    return KEPT / f"{''.join(letter if letter.isalnum() else '-' for letter in name)}.npz"


if __name__ == "__main__":
    raise SystemExit(main())
