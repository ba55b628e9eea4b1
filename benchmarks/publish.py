"""Publishing a notebook against `jupyter nbconvert --execute --to html` of the same one, in the same run.

    genart bench publish [--notebook notebooks/00_tour.ipynb] [--rounds 1]

Both run the notebook first, in new processes that take turns, with a gallery of their own. `genart publish --run` is
timed as it comes (frames, the painter for the browser, signatures), and once more with the page alone. The weight of
the page is what a reader's browser loads before a click; the painter is loaded only on one.
"""

from __future__ import annotations

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _suite import HOME, finish

PUBLISH = [sys.executable, "-m", "genart_nb.cli", "publish", "--run"]
CONVERT = [sys.executable, "-m", "jupyter", "nbconvert", "--execute", "--to", "html"]
BARE = ["--frames", "none", "--no-painter", "--no-sign"]
_LOADED = re.compile(r'<(?:img|script|link)[^>]*? (?:src|href)="((?:works|assets|files)/[^"]+)"')


def timed(command: list[str], home: Path) -> tuple[float, float]:
    """Seconds on the clock and of CPU, its kernels' too, that a command takes; raises RuntimeError."""
    environment = os.environ | {"GENART_HOME": str(home)}
    began, spent = time.perf_counter(), _spent()
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:5])} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - began, _spent() - spent


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def weight(page: Path) -> int:
    """Bytes that a browser loads to show a page from its folder."""
    parts = {found for found in _LOADED.findall(page.read_text(encoding="utf-8")) if not found.endswith(".ipynb")}
    return page.stat().st_size + sum((page.parent / part).stat().st_size for part in parts)


def run(notebook: str, rounds: int) -> dict[str, Any]:
    """Measure; returns medians in seconds and sizes in bytes."""
    path = HOME / notebook
    took: dict[str, list[tuple[float, float]]] = {"nbconvert": [], "publish": [], "the page alone": []}
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for number in range(rounds):
            for name, command in {
                "nbconvert": [*CONVERT, str(path), "--output-dir", str(root / "plain")],
                "publish": [*PUBLISH, str(path), "--to", str(root / "site")],
                "the page alone": [*PUBLISH, str(path), "--to", str(root / "bare"), *BARE],
            }.items():
                took[name].append(timed(command, root / f"home-{name.split()[0]}-{number}"))
        files = [each for each in (root / "site").rglob("*") if each.is_file()]
        return {
            "notebook": notebook, "rounds": rounds,
            "seconds": {name: round(statistics.median(clock for clock, _ in each), 2) for name, each in took.items()},
            "cpu_seconds": {name: round(statistics.median(cpu for _, cpu in each), 2) for name, each in took.items()},
            "page_bytes": {
                "nbconvert": (root / "plain" / f"{path.stem}.html").stat().st_size,
                "publish": weight(root / "site" / "index.html"),
                "the page alone": weight(root / "bare" / "index.html"),
            },
            "site_bytes": sum(each.stat().st_size for each in files), "site_files": len(files),
        }  # fmt: skip


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading."""
    base, spent = found["seconds"]["nbconvert"], found["cpu_seconds"]["nbconvert"]
    lines = [f"{found['notebook']}, median of {found['rounds']}{'':6}seconds  ratio     CPU s  ratio   page loads"]
    lines += [
        f"  {name:38}{seconds:7.1f}{seconds / base:7.2f}{found['cpu_seconds'][name]:10.1f}"
        f"{found['cpu_seconds'][name] / spent:7.2f}{found['page_bytes'][name] / 1e6:10.2f} MB"
        for name, seconds in found["seconds"].items()
    ]
    return "\n".join([*lines, f"  the whole site: {found['site_files']} files, {found['site_bytes'] / 1e6:.1f} MB"])


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, and write the figures as JSON."""
    notebook = {"default": "notebooks/00_tour.ipynb", "help": "the notebook, relative to the repository"}
    return finish("publish", __doc__, run, table, argv, notebook=notebook, rounds={"type": int, "default": 1})


if __name__ == "__main__":
    raise SystemExit(main())
