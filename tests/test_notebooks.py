"""How notebooks are run for `make demo` and compared for `make test`."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).parents[1]
UPDATES = "h = display('draft', display_id=True); h.update('final'); print('kept')"
CLEARED = "from IPython.display import clear_output; print('gone'); clear_output(wait=True); print('stays')"

pytestmark = pytest.mark.slow


def write(path: Path, *sources: str) -> Path:
    notebook = new_notebook(cells=[new_markdown_cell("# A <b>tour</b>"), *map(new_code_cell, sources)])
    nbformat.write(notebook, path)
    return path


def run(notebook: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts" / "run_notebook.py", notebook, folder]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_demo_shows_progress_and_leaves_a_page_that_loads_nothing(tmp_path: Path) -> None:
    picture = "from IPython.display import Image; Image(data=bytes(8), format='png')"
    slider = "import ipywidgets; ipywidgets.IntSlider()"
    done = run(write(tmp_path / "tour.ipynb", "print(6 * 7)", UPDATES, slider, picture), tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\[1/4\] print\(6 \* 7\) +\d+\.\d s", done.stdout)
    page = (tmp_path / "out" / "tour.html").read_text(encoding="utf-8")
    assert "42" in page and "final" in page and "draft&#39;</pre>" not in page
    assert not re.findall(r"""(?:src|srcset|href|url\()\s*=?\s*["']?(?:https?:)?//[^"')\s]+""", page)
    assert "default-src 'none'" in page
    executed = nbformat.read(tmp_path / "out" / "tour.ipynb", as_version=4)
    assert "widgets" not in executed.metadata and all("execution" not in cell.metadata for cell in executed.cells)


def test_demo_fails_with_the_cell_that_failed(tmp_path: Path) -> None:
    done = run(write(tmp_path / "bad.ipynb", "print('before')", "1 / 0", "print('after')"), tmp_path / "out")
    assert done.returncode == 1
    assert "1 / 0" in done.stderr and "ZeroDivisionError" in done.stderr
    executed = nbformat.read(tmp_path / "out" / "bad.ipynb", as_version=4)
    assert executed.cells[1].outputs and not executed.cells[3].outputs


@pytest.mark.parametrize("shown, agrees", [("final", True), ("draft", False)])
def test_nbval_compares_what_a_reader_sees(tmp_path: Path, shown: str, agrees: bool) -> None:
    """A stored notebook holds the last frame of an updated display, so that is what must be compared."""
    path = write(tmp_path / "seen.ipynb", UPDATES, CLEARED)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [
        new_output("display_data", data={"text/plain": repr(shown)}, metadata={}),
        new_output("stream", name="stdout", text="kept\n"),
    ]
    notebook.cells[2].outputs = [new_output("stream", name="stdout", text="stays\n")]
    for cell in notebook.cells[1:]:
        cell.execution_count = 1
    nbformat.write(notebook, path)
    shutil.copy(ROOT / "notebooks" / "conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
    assert (done.returncode == 0) is agrees, done.stdout
    assert ("2 passed" if agrees else "1 failed, 1 passed") in done.stdout


@pytest.mark.parametrize("stored, agrees", [((101, 50), True), ((160, 50), False), ((101, 51), False)])
def test_nbval_compares_pictures_as_the_eye_does(tmp_path: Path, stored: tuple[int, int], agrees: bool) -> None:
    """Bits may differ on another CPU; another picture or another recipe may not pass."""

    def data(level: int, seed: int) -> dict[str, Any]:
        thumbnail = base64.b64encode(bytes([level]) * 1024).decode()
        record = {"digest": f"{seed:08x}", "fingerprint": {"sha256": str(level), "thumbnail": thumbnail}}
        return {"text/html": f"<img src='{level}'>", "application/vnd.genart.v1+json": record, "text/plain": "<p>"}

    path = write(tmp_path / "painted.ipynb", f"from IPython.display import display; display({data(100, 50)}, raw=True)")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [new_output("display_data", data=data(*stored), metadata={})]
    notebook.cells[1].execution_count = 1
    nbformat.write(notebook, path)
    shutil.copy(ROOT / "notebooks" / "conftest.py", tmp_path)
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path)
    assert (done.returncode == 0) is agrees, done.stdout
