"""What is no notebook is told from what is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from books import Book

from genart_nb.errors import NotebookError
from genart_nb.publishing.site import notebook


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no JSON"),
        (b"\x89PNG\r\n\x1a\n\x00", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[1, 2]", "names no nbformat"),
        (b'{"cells": []}', "names no nbformat"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": [1]}', "no list of cells"),
        (b'{"nbformat": 5, "cells": []}', "nbformat 5"),
        (b'{"nbformat": 2, "worksheets": 3}', "could not be brought up"),
    ],
)
def test_what_is_no_notebook_is_named_with_a_way_out(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "odd.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookError, match=told) as caught:
        notebook.read(path)
    assert caught.value.fix and "odd.ipynb" in caught.value.what


def test_a_missing_file_a_folder_and_a_huge_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="cannot be read"):
        notebook.read(tmp_path / "none.ipynb")
    with pytest.raises(NotebookError, match="no file"):
        notebook.read(tmp_path)
    huge = tmp_path / "huge.ipynb"
    with huge.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(NotebookError, match="300 MB") as caught:
        notebook.read(huge)
    assert "--clear-output" in caught.value.fix


def test_title_summary_and_authors_come_from_the_notebook(book: Book) -> None:
    book.prose("# The *quiet* [harbour_1](x.md)\n\nTwo words <b>and</b> more.").prose("# Another")
    book.metadata = {"authors": [{"name": "A. Uthor"}]}
    read = notebook.read(book.save())
    assert (read.title, read.summary, read.authors) == ("The quiet harbour_1", "Two words and more.", ["A. Uthor"])
    empty = notebook.read(Book(book.path.parent, "my_first-book.ipynb").save())
    assert (empty.title, empty.summary, empty.cells) == ("my first book", "", ())


def test_odd_cells_are_made_plain(tmp_path: Path) -> None:
    path = tmp_path / "odd.ipynb"
    cells = [{"cell_type": "code", "source": ["a\n", "b"], "outputs": [1, {"output_type": "x"}], "metadata": 3}, {}]
    path.write_text(json.dumps({"nbformat": 4, "cells": cells, "metadata": []}))
    first, second = notebook.read(path).cells
    assert first.source == "a\nb" and first.outputs == ({"output_type": "x"},) and first.tags == ()
    assert second.kind == "None" and second.source == ""
