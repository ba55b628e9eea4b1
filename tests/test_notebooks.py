"""How notebooks are run for `make demo`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).parents[1]
UPDATES = "h = display('draft', display_id=True); h.update('final'); print('kept')"

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
