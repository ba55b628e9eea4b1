"""`--set`: values become literals in a cell of their own, whatever they say."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from genart_nb.errors import NotebookError, UsageError
from genart_nb.publishing.parameters import injected, is_injected, names, read, told

BOOK = Path("book.ipynb")


def book(source: str = "steps = 4\nprompt: str = 'a cat'", *more: Any) -> Any:
    first = new_code_cell(source, metadata={"tags": ["parameters"]})
    return new_notebook(cells=[new_markdown_cell("# Title"), first, *more, new_code_cell("print(steps, prompt)")])


def given_cell(values: dict[str, Any], of: Any = None) -> str:
    (cell,) = [each for each in injected(of or book(), values, BOOK).cells if is_injected(each)]
    return str(cell.source)


def test_values_are_literals_or_text() -> None:
    found = read(["a=1", "b=[1, 2]", "c=two words", "d='x=y'", "e=", "f=None", "g={[]}", "h=-2.5e3", " i =x", "ﬁ=1"])
    assert found == {
        "a": 1, "b": [1, 2], "c": "two words", "d": "x=y", "e": "", "f": None, "g": "{[]}", "h": -2500.0, "i": "x",
        "fi": 1,
    }  # fmt: skip
    assert read(["a=1", "a=2"]) == {"a": 2}


@pytest.mark.parametrize("wrong", ["a", "=1", "a b=1", "1a=2", "a.b=1", "a[0]=1", "a;b=1", ""])
def test_what_sets_nothing_is_told(wrong: str) -> None:
    with pytest.raises(UsageError, match="sets nothing"):
        read([wrong])


@pytest.mark.parametrize("odd", ["1e999", "[1, -1e999]", "1e999j", "...", "0x" + "f" * 6000])
def test_what_python_does_not_write_as_it_reads_it_is_refused(odd: str) -> None:
    with pytest.raises(UsageError, match="cannot be written into a cell"):
        read([f"a={odd}"])


HOSTILE = [
    "__import__('os').system('id')", "1; import os", "'\nimport os\n'", "%%bash\nid", "!id", "{{os}}", '"""', "\\",
    "\u2028import os", "\udcff", "a\rb", "f'{os}'", "lambda: 1", "open('x')", "# NBVAL_SKIP",
    "</script>", "\x00", "🦊\n'",
]  # fmt: skip


@given(st.text())
def test_any_text_comes_back_as_itself_and_nothing_of_it_is_run(text: str) -> None:
    values = read([f"prompt={text}"])
    module = ast.parse(TransformerManager().transform_cell(given_cell(values)))
    (assignment,) = module.body
    assert isinstance(assignment, ast.Assign)
    assert ast.literal_eval(assignment.value) == values["prompt"]
    try:
        meant = ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        meant = text
    assert values["prompt"] == meant


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    values = read([f"prompt={text}"])
    (assignment,) = ast.parse(TransformerManager().transform_cell(given_cell(values))).body
    assert isinstance(assignment, ast.Assign) and ast.literal_eval(assignment.value) == text == values["prompt"]


def test_the_cell_follows_the_parameters_and_takes_the_place_of_an_earlier_one() -> None:
    once = injected(book(), {"steps": 8, "prompt": "a fox"}, BOOK)
    assert [cell.metadata.get("tags") for cell in once.cells] == [None, ["parameters"], ["injected-parameters"], None]
    assert once.cells[2].source == "# Parameters\nsteps = 8\nprompt = 'a fox'"
    twice = injected(once, {"steps": 9}, BOOK)
    assert [cell.source for cell in twice.cells if is_injected(cell)] == ["# Parameters\nsteps = 9"]
    assert len(book().cells) == 3, "the notebook that was given stays as it was"


def test_a_notebook_without_that_cell_or_that_name_is_told() -> None:
    with pytest.raises(NotebookError, match=r"no cell tagged `parameters`"):
        injected(new_notebook(cells=[new_code_cell("steps = 4")]), {"steps": 8}, BOOK)
    with pytest.raises(NotebookError, match="no parameter 'step'") as caught:
        injected(book(), {"step": 8}, BOOK)
    assert caught.value.fix == "use one of prompt, steps"
    with pytest.raises(NotebookError, match="no parameter 'os'") as caught:
        injected(book("import os"), {"os": 8}, BOOK)
    assert caught.value.fix == "assign it there, NAME = VALUE"


def test_names_are_those_assigned_beside_magics_too() -> None:
    source = "%load_ext genart_nb\na = 1\nb: int = 2\nc, (d, *e) = 1, (2, 3)\nx[0] = 1\ny.z = 2\ndef f(): g = 1\nh == 1"
    assert names(source) == {"a", "b", "c", "d", "e"}
    assert names("a = = 1") == set()


def test_values_are_told_in_short() -> None:
    assert (
        told({"steps": 8, "prompt": "x" * 500}).startswith("steps=8, prompt='xxx") and len(told({"a": "x" * 500})) < 99
    )
