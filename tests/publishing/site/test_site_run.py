"""`--run` and `--set`: a notebook is run before it is published, and not published where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import Book

from genart_nb import cli
from genart_nb.errors import PublishError
from genart_nb.publishing.site import execute, notebook

nbclient = pytest.importorskip("nbclient")


def printed(read: notebook.Notebook) -> str:
    return "".join(str(output.get("text", "")) for cell in read.cells for output in cell.outputs)


def test_it_runs_in_its_folder_with_the_parameters_given(book: Book) -> None:
    book.code("seed = 1\nname: str = 'a'", tags=["parameters"]).code("import os; print(seed, name, os.listdir())")
    read = notebook.read(book.save())
    done = execute.executed(read, {"seed": 5})
    assert "5 a ['book.ipynb']" in printed(done)
    assert printed(notebook.read(book.path)) == "", "the author's own file stays as it is"
    assert [cell.tags for cell in done.cells][:2] == [("parameters",), ("injected-parameters",)]


def test_a_cell_that_fails_publishes_nothing(book: Book, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book.code("print('fine')").code("1 / 0")
    status = cli.main(["publish", str(book.save()), "--run", "--to", str(tmp_path / "s")])
    told = capsys.readouterr().err
    assert status == 1 and "ZeroDivisionError" in told and "nothing was published" in told
    assert not (tmp_path / "s").exists()


def test_parameters_need_their_cell_and_their_names(book: Book) -> None:
    book.code("x = 1")
    with pytest.raises(PublishError, match="no cell tagged"):
        execute.executed(notebook.read(book.save()), {"x": 2})
    book.cells[0]["metadata"] = {"tags": ["parameters"]}
    with pytest.raises(PublishError, match="no parameter 'y'"):
        execute.executed(notebook.read(book.save()), {"y": 2})


def test_a_kernel_that_is_not_there_is_told(book: Book) -> None:
    book.metadata = {"kernelspec": {"name": "no-such-kernel", "display_name": "x"}}
    with pytest.raises(PublishError, match="could not be run") as caught:
        execute.executed(notebook.read(book.code("1").save()), {})
    assert "kernelspec" in caught.value.fix
