"""What checking works costs: `pytest --nbval` with the plugin, and `genart check`, beside plain `pytest --nbval`.

All three run the same notebook in turn, in a new process each, and the medians of their ratios are told. Seconds of the
processor (those of the kernels included) stand beside seconds of the clock, for they bear a busy machine.

    python benchmarks/check.py --rounds 5 --json build/bench-check.json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from genart_nb.publishing.accept import accept

PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
CELLS = [
    "%load_ext genart_nb",
    "%%paint --seed 7 -o cat\na cat wearing a top hat",
    "%easel cat",
    "%%paint --grid seeds --seed 3\na penguin in the snow",
    "%%poem --form haiku --seed 7 --effort 1\nwinter harbour",
    "%%story --seed 11 --words 40\na lighthouse keeper",
    "for at in range(3):\n    print(at)",
]
WAYS: dict[str, Callable[[Path], list[str]]] = {
    "plain": lambda path: [*PYTEST, "-p", "no:genart", str(path)],
    "plugin": lambda path: [*PYTEST, str(path)],
    "check": lambda path: [sys.executable, "-m", "genart_nb.cli", "check", str(path)],
}


def main() -> int:
    """Run all ways in turn and print their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, default=None, help="where the figures go")
    given = parser.parse_args()
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GENART_HOME"] = f"{folder}/home"
        path = Path(folder) / "bench.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(source) for source in CELLS]), path)
        accept(path)
        for turn in range(given.rounds):
            names = list(WAYS)[turn % len(WAYS) :] + list(WAYS)[: turn % len(WAYS)]
            for name in names:
                taken[name].append(timed(WAYS[name](path), passes=name != "plain"))
    figures = {}
    for name, held in taken.items():
        pairs = [(mine[0] / plain[0], mine[1] / plain[1]) for mine, plain in zip(held, taken["plain"], strict=True)]
        clock, processor = (statistics.median(each) for each in zip(*pairs, strict=True))
        seconds, used = (statistics.median(each) for each in zip(*held, strict=True))
        figures[name] = {"clock_s": seconds, "processor_s": used, "clock_ratio": clock, "processor_ratio": processor}
        print(f"{name:7} {seconds:6.2f} s, {used:6.2f} s of processor; {clock:.2f} and {processor:.2f} of plain")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=2))
    return 0


def timed(command: list[str], passes: bool) -> tuple[float, float]:
    """Seconds of the clock and of the processor; what is held against the notebook must pass."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if passes and done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    raise SystemExit(main())
