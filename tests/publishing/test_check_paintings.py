"""A notebook with a real painting in it: threads may change, the seed and the picture may not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from genart_nb.artwork import MIME
from genart_nb.publishing.accept import accept

pytestmark = pytest.mark.slow

CELLS = [
    "%load_ext genart_nb\nimport os",
    "from genart_nb.models import onnx_llama\n"
    "onnx_llama.physical_cores = lambda: int(os.environ.get('TEST_THREADS', '2'))",
    "%%paint --seed 7 --size 128 --steps 2 -o cat\na cat wearing a top hat",
    "%%paint --seed 8 --size 128 --steps 2\na cat wearing a top hat",
    "%easel cat",
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("painted") / "cat.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in CELLS]), path)
    accept(path)
    return path


def nbval(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "-rf"]
    return subprocess.run(
        [*command, "--color=no", str(path)], cwd=path.parent, env={**os.environ, **environment},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def test_another_number_of_threads_passes(stored: Path) -> None:
    one, other = (nbval(stored, TEST_THREADS=threads) for threads in ("2", "1"))
    assert one.returncode == 0, one.stdout
    assert other.returncode == 0, other.stdout


def test_another_seed_and_a_swapped_picture_fail(stored: Path) -> None:
    notebook = nbformat.read(stored, as_version=4)
    painted, second = (notebook.cells[at].outputs[0] for at in (2, 3))
    notebook.cells[2].source = notebook.cells[2].source.replace("--seed 7", "--seed 17")
    second.data["image/png"] = painted.data["image/png"]
    changed = stored.with_name("changed.ipynb")
    nbformat.write(notebook, changed)
    done = nbval(changed)
    assert "3 failed, 2 passed" in done.stdout, done.stdout  # the easel's still is of the other seed too
    assert "recipe: seed: 7 -> 17" in done.stdout and "not the one that its record describes" in done.stdout
    assert (stored.parent / "genart-report.html").is_file()


def test_the_environment_is_stored_beside_each_work(stored: Path) -> None:
    made = nbformat.read(stored, as_version=4).cells[2].outputs[0].metadata[MIME].made
    assert made.environment.runtime == "onnxruntime" and made.environment.threads == 2
