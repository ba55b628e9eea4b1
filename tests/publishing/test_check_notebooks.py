"""`pytest --nbval`, `genart check` and `genart accept` in real kernels; the works are made without a model."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from sameness_samples import output, picture, recipe, text, work

from genart_nb.artwork import MIME
from genart_nb.errors import NotebookError
from genart_nb.publishing import check as checking
from genart_nb.publishing import notebook as notebooks
from genart_nb.publishing.accept import accept
from genart_nb.publishing.check import check

pytestmark = pytest.mark.slow

BEGIN = f"""%load_ext genart_nb
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import sameness_samples as s"""
UPDATED = "h = display('draft', display_id=True); h.update('final'); print('gone')"
UPDATED += "\nfrom IPython.display import clear_output; clear_output(wait=True); print('kept')"


def painting(seed: int = 7, **more: Any) -> dict[str, Any]:
    return output(work(picture(seed), **more))


def swapped() -> dict[str, Any]:
    each = painting()
    each["data"]["image/png"] = painting(8)["data"]["image/png"]
    return each


CASES: dict[str, tuple[str, list[Any], str]] = {
    "same": ("s.work()", [painting()], ""),
    "threads": ("s.work(environment=s.FEWER_THREADS)", [painting()], ""),
    "seed": ("s.work(recipe=s.recipe(seed=8))", [painting()], "recipe: seed: 7 -> 8"),
    "swapped": ("s.work(s.picture())", [swapped()], "not the one that its record describes"),
    "other": ("s.work(s.picture(8))", [painting()], "ssim"),
    "lost": ("1 + 1", [painting()], "1 work stored, 0 works now"),
    "updates": (UPDATED, [new_output("stream", name="stdout", text="kept\n")], ""),
    "widget": ("import ipywidgets; ipywidgets.IntSlider()", [], ""),
    "plain": ("print(2)", [new_output("stream", name="stdout", text="1\n")], "stdout"),
    "prompt": ("%%poem --no-such-option\na line\n# NBVAL_SKIP", [], "Unknown option --no-such-option"),
    "drift": ("s.work(s.picture(shift=6), environment=s.ELSEWHERE)", [painting()], ""),
}
"""The cell, what is stored below it, and what is said of it; nothing where it passes."""


def write(path: Path, *cells: tuple[str, list[Any]]) -> Any:
    """A notebook of cells that have been run."""
    made = new_notebook(cells=[new_code_cell(source, execution_count=1) for source, _ in cells])
    for cell, (_, outputs) in zip(made.cells, cells, strict=True):
        cell.outputs = [nbformat.from_dict(each) for each in outputs]
    nbformat.write(made, path)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("notebooks")
    write(target / "all.ipynb", (BEGIN, []), *((source, outputs) for source, outputs, _ in CASES.values()))
    return target


def pytest_run(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--color=no", *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=folder)


@pytest.fixture(scope="module")
def nbval(folder: Path) -> str:
    done = pytest_run(folder, "--nbval", "--nbval-current-env", "--genart-report=found/report.html")
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", CASES)
def test_nbval_judges_works_by_what_they_are(nbval: str, name: str) -> None:
    at, told = 1 + list(CASES).index(name), CASES[name][2]
    assert f"{'FAILED' if told else 'PASSED'} all.ipynb::Cell {at}" in nbval, nbval
    assert told in nbval


def test_nbval_names_its_report_and_what_drifted(nbval: str, folder: Path) -> None:
    page = (folder / "found" / "report.html").read_text(encoding="utf-8")
    assert str(folder / "found" / "report.html") in nbval
    assert [f"cell {at}," in page for at in (1, 3, 4, 5, 6, 11)] == [False, True, True, True, True, True]
    assert "genart_nb: drifted: all.ipynb cell 11" in nbval and "device: cpu then, cuda now" in nbval
    assert "genart accept all.ipynb" in nbval and not (folder / "genart-report.html").exists()


def test_nothing_is_written_and_nothing_loaded_where_nbval_does_not_run(folder: Path) -> None:
    (folder / "test_plain.py").write_text(
        "import sys\ndef test(): assert not {'numpy', 'PIL', 'genart_nb.publishing.cells'} & set(sys.modules)\n"
    )
    done = pytest_run(folder, "test_plain.py")
    assert done.returncode == 0 and "genart_nb: " not in done.stdout, done.stdout


def test_a_large_notebook_of_ours_is_refused_before_it_is_read(tmp_path: Path) -> None:
    large = tmp_path / "large.ipynb"
    with large.open("wb") as file:
        file.write(b'{"' + MIME.encode())
        file.truncate(300 << 20)
    done = pytest_run(tmp_path, "--nbval")
    assert "has 300 MB; 100 MB are read" in done.stdout and done.returncode == 2, done.stdout
    with pytest.raises(NotebookError, match="300 MB"):
        notebooks.read(large)


def test_check_says_the_same_without_pytest(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = folder / "check.html"
    assert checking.run([str(folder / "all.ipynb"), f"--report={page}"]) == 1
    told = capsys.readouterr().out
    wrong = [1 + at for at, (_, _, said) in enumerate(CASES.values()) if said]
    assert [at for at in range(12) if f"  cell {at}: " in told] == wrong
    assert "3 same" in told and "1 drifted" in told and f"{len(wrong)} of 12 cells differ" in told
    assert all(said in told for _, _, said in CASES.values()) and page.read_text().count("<section") == 1 + len(wrong)


MOVED: dict[str, tuple[str, list[Any]]] = {
    "before": ("print(1)", [new_output("stream", name="stdout", text="1\n")]),
    "words": ("s.text('a fox in fog', environment=s.ELSEWHERE)", [output(text("the owl at noon, and the moon"))]),
    "made from it": (
        "s.text('fog', recipe=s.recipe(art='polish', prompt='a fox', sources=[s.recipe()]), environment=s.ELSEWHERE)",
        [output(text("noon", recipe=recipe(art="polish", prompt="the owl", sources=[recipe()])))],
    ),
    "follows": ("print('fog')", [new_output("stream", name="stdout", text="noon\n")]),
}
"""Cells that came out otherwise on another device, and what is stored below them."""


def test_what_comes_out_otherwise_elsewhere_is_told_and_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "moved.ipynb", (BEGIN, []), *MOVED.values())
    done = pytest_run(tmp_path, "--nbval", "--nbval-current-env")
    assert done.returncode == 0, done.stdout
    assert "otherwise (a word rounded otherwise leads to another text): moved.ipynb cell 2" in done.stdout
    assert checking.run([str(tmp_path / "moved.ipynb")]) == 0
    told = capsys.readouterr().out
    assert "2 works: 2 otherwise on this machine; all cells agree" in told and "cell 4: print('fog')" in told
    assert checking.run([str(tmp_path / "moved.ipynb"), "--tier=perceptual"]) == 1
    assert "3 of 5 cells differ" in capsys.readouterr().out


def test_a_cell_that_differs_before_anything_moved_fails(tmp_path: Path) -> None:
    write(tmp_path / "wrong.ipynb", (BEGIN, []), ("print('fox')", MOVED["follows"][1]), MOVED["words"])
    assert [cell.at for cell in check(tmp_path / "wrong.ipynb") if not cell.passed] == [1]


def test_accept_keeps_a_notebook_of_one_run(tmp_path: Path) -> None:
    path = tmp_path / "moved.ipynb"
    write(path, (BEGIN, []), *MOVED.values())
    before = path.read_bytes()
    assert accept(path) == ([], 0) and path.read_bytes() == before
    write(path, (BEGIN, []), *MOVED.values(), ("s.work(recipe=s.recipe(seed=8))", [painting()]))
    assert [cell.at for cell in accept(path)[0]] == [2, 3, 4, 5]


def test_accept_stores_what_changed_and_leaves_the_rest(tmp_path: Path) -> None:
    path, kept = tmp_path / "fox.ipynb", painting()
    kept["metadata"][MIME]["made"]["seconds"] = 99
    cells = [(f"{BEGIN}\ns.work()", [kept]), ("s.text('new words')", [output(text("old words"))]), ("print(1)", [])]
    made = write(path, *cells)
    made.cells[2].execution_count = None
    nbformat.write(made, path)
    before = path.read_bytes()
    changed, fresh = accept(path, dry=True)
    assert [cell.at for cell in changed] == [1] and fresh == 1 and path.read_bytes() == before
    accept(path)
    stored = nbformat.read(path, as_version=4)
    assert stored.cells[0].outputs[0].metadata[MIME].made.seconds == 99
    assert "new words" in stored.cells[1].outputs[0].data["text/plain"]
    assert stored.cells[2].outputs[0].text == "1\n"
    assert accept(path) == ([], 0) and not list(tmp_path.glob(".*"))


def test_accept_keeps_the_old_where_a_cell_fails(tmp_path: Path) -> None:
    path = tmp_path / "bad.ipynb"
    write(path, ("print(1)", []), ("1 / 0", []))
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=r"Cell 1 .* ZeroDivisionError"):
        accept(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content, told",
    [("no json", "is not a notebook"), ('{"a": 1}', "is not a notebook"), ("", "is not a"), ("[1]", "is not a"),
     (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "odd"}]}), "is not a"),
     (json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}), "stores no outputs")],
)  # fmt: skip
def test_what_is_no_notebook_or_holds_nothing_is_told(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_text(content)
    with pytest.raises(NotebookError, match=told):
        check(path)
    assert checking.run([str(path)]) == 1


def test_a_missing_notebook_and_a_folder_are_told(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.ipynb", "cannot be read"), (tmp_path, "is a folder")):
        with pytest.raises(NotebookError, match=told):
            check(path)
