"""`genart check --set` and `genart accept --set`, in real kernels: what is steered, and what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from genart_nb import cli
from genart_nb.errors import NotebookError, UsageError
from genart_nb.publishing import check as checking
from genart_nb.publishing.accept import accept
from genart_nb.publishing.check import Checked, check

pytestmark = pytest.mark.slow

BEGIN = f"""%load_ext genart_nb
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
import sameness_samples as s"""
OWN = "seed = 7\nprompt = 'a fox'\ncount = 1\nlevel = 7"
MADE = "s.work(s.picture(seed), recipe=s.recipe(seed=seed, prompt=prompt))"
CELLS = {
    "parameters": OWN,
    "work": MADE,
    "aside": "s.work(s.picture(3), recipe=s.recipe(seed=3))",
    "printed": "print(prompt)",
    "several": "for at in range(count): display(s.work(s.picture(at), recipe=s.recipe(seed=at)))",
    "unsaid": "s.work(s.picture(level), recipe=s.recipe(seed=99))",
    "inverse": "1 / (seed - 13)",
    "prompted": "%%poem --no-such\n{{prompt}}",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook as its own parameters make it."""
    found = tmp_path_factory.mktemp("steered") / "fox.ipynb"
    cells = [new_markdown_cell("# Foxes"), new_code_cell(BEGIN), *map(new_code_cell, CELLS.values())]
    cells[2].metadata["tags"] = ["parameters"]
    cells[-1].metadata["tags"] = ["raises-exception"]
    nbformat.write(new_notebook(cells=cells), found)
    accept(found)
    return found


def checked(path: Path, **values: Any) -> dict[str, Checked]:
    found = check(path, values=values)
    assert [each.at for each in found] == list(range(1 + len(CELLS)))
    return dict(zip(["begin", *CELLS], found, strict=True))


def test_its_own_values_change_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = path.read_bytes()
    assert checking.run([str(path), "--set", "seed=7", "--set", "prompt=a fox"]) == 0
    told = capsys.readouterr().out
    assert "4 works: 4 same; all cells agree, seed=7, prompt='a fox' changes nothing" in told
    assert path.read_bytes() == before


def test_what_follows_a_value_is_steered_and_not_broken(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "r.html"
    hostile = "'); raise SystemExit('run') # <script>"
    given = [str(path), "--set", "seed=8", "--set", f"prompt={hostile}", "--report", str(page)]
    assert cli.main(["check", *given]) == 0
    told = capsys.readouterr().out
    assert "4 works: 3 same, 1 steered; seed=8" in told
    assert "steers 3 of 9 cells, the others agree" in told
    assert "steered: <genart paint seed=7" in told and ">: seed: 7 -> 8" in told
    assert "steered: stdout differs" in told
    html = page.read_text(encoding="utf-8")
    assert "0 cells differ, 3 steered" in html and html.count('<section class="steered">') == 3
    assert "<script>'" not in html and "# <script>" not in html


def test_more_works_are_steered_a_cell_that_fails_and_a_recipe_that_lacks_a_value_are_broken(path: Path) -> None:
    found = {name: each for name, each in checked(path, count=3, level=8, seed=13).items()
             if each.steered or not each.passed}  # fmt: skip
    assert {name for name, each in found.items() if each.steered} == {"work", "several"}
    assert "1 work stored, 3 works now" in found["several"].result.problems[0]
    assert set(found) == {"work", "several", "unsaid", "inverse"}
    assert "missing in its recipe" in found["unsaid"].problems[0]
    assert "ZeroDivisionError" in found["inverse"].problems[0]


def test_what_differs_with_its_own_values_too_is_broken(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = nbformat.read(path, as_version=4)
    book.cells[2 + list(CELLS).index("aside")].source = "s.work(s.picture(4), recipe=s.recipe(seed=4))"
    changed = path.with_name("changed.ipynb")
    nbformat.write(book, changed)
    assert checking.run([str(changed), "--set=seed=8", f"--report={path.with_name('r.html')}"]) == 1
    told = capsys.readouterr().out
    assert "steers 2 of 9 cells, 1 differs for another reason" in told
    assert "this is so with the notebook's own values too" in told and "recipe: seed: 3 -> 4" in told


def test_what_is_accepted_with_values_is_another_notebook_that_agrees(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, other = path.read_bytes(), tmp_path / "vixen.ipynb"
    given = [str(path), "--to", str(other), "--set", "seed=8"]
    assert cli.main(["accept", *given]) == 0
    assert "stored: 2 changed, all of it into" in capsys.readouterr().out
    assert path.read_bytes() == before
    stored = nbformat.read(other, as_version=4)
    assert [each.source for each in stored.cells if "injected-parameters" in each.metadata.get("tags", [])] == [
        "# Parameters\nseed = 8"
    ]
    assert cli.main(["check", str(other)]) == 0
    assert cli.main(["accept", str(path), "--to", str(other), "--set", "seed=9"]) == 0, "ours is written over"
    assert "seed = 9" in other.read_text()


def test_nothing_is_written_over_that_would_be_lost(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(UsageError, match="not overwritten"):
        accept(path, values={"seed": 8})
    mine = tmp_path / "mine.ipynb"
    mine.write_text("mine")
    (tmp_path / "link.ipynb").symlink_to(path)
    for target, told in ((path, "the notebook itself"), (tmp_path / "link.ipynb", "itself"), (mine, "there already")):
        with pytest.raises(NotebookError, match=told):
            accept(path, to=target, values={"seed": 8})
    with pytest.raises(NotebookError, match="cannot be written"):
        accept(path, to=tmp_path / "none" / "x.ipynb", values={"seed": 8})
    assert path.read_bytes() == before and mine.read_text() == "mine"


@pytest.mark.parametrize(
    "given, status, told",
    [
        (["check", "--set", "sed=8"], 1, "has no parameter 'sed'"),
        (["check", "--set", "seed"], 2, "sets nothing"),
        (["check", "--set", "seed=1e999"], 2, "cannot be written"),
        (["check", "--set"], 2, "not understood"),
        (["accept", "--set", "seed=8"], 2, "--to fox-set.ipynb"),
        (["accept", "--set", "seed=8", "--to", "x.html"], 2, "--to x.ipynb"),
        (["accept", "--to", "x.ipynb", "another.ipynb"], 2, "several notebooks"),
    ],
)
def test_bad_orders_are_refused_before_anything_runs(
    path: Path, given: list[str], status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    assert cli.main([given[0], str(path), *given[1:]]) == status
    assert told in capsys.readouterr().err and path.read_bytes() == before
