"""`--run`: the notebook is executed before it is published; `--set` gives its parameters, as papermill does."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

from genart_nb.errors import PublishError, UsageError
from genart_nb.publishing.site.notebook import Notebook, parsed

TIMEOUT = 1800
"""Seconds that one cell may take."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")

Told = Callable[[str], None]


def executed(given: Notebook, parameters: Mapping[str, Any], told: Told = lambda line: None) -> Notebook:
    """The notebook after it was run in its folder; raises PublishError with the cell that failed."""
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    except ImportError:
        raise PublishError("--run needs nbclient.", "pip install 'genart_nb[lab]'") from None
    book = nbformat.reads(given.content.decode("utf-8-sig"), as_version=4)
    if parameters:
        _inject(book, given, parameters)
    kernel = str(book.metadata.get("kernelspec", {}).get("name") or "python3")
    client = NotebookClient(
        book, timeout=TIMEOUT, kernel_name=kernel, record_timing=False, store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=40"],
        resources={"metadata": {"path": str(given.path.parent.resolve())}},
        on_cell_start=lambda cell, cell_index: told(f"running cell {cell_index + 1} of {len(book.cells)}"),
    )  # fmt: skip
    try:
        client.execute()
    except CellExecutionError as error:
        lines = _ANSI.sub("", str(error)).strip().splitlines()
        what = f"{given.path} failed while it was run, so nothing was published: {lines[-1][:300] if lines else error}"
        raise PublishError(what, "run it in JupyterLab and mend that cell") from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise PublishError(f"{given.path} did not run to its end: {str(error)[:300]}", "run it in JupyterLab") from None
    except Exception as error:  # a kernel that is not installed, or that did not start
        raise PublishError(f"{given.path} could not be run: {str(error)[:300]}", "jupyter kernelspec list") from None
    return parsed(given.path, nbformat.writes(book).encode())


def read_parameters(given: list[str]) -> dict[str, Any]:
    """`name=value` pairs; a value is a Python literal, or else text."""
    made: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip().isidentifier():
            raise UsageError(f"--set {each!r} sets nothing.", "write --set seed=7")
        try:
            made[name.strip()] = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            made[name.strip()] = value
    return made


def _inject(book: Any, given: Notebook, parameters: Mapping[str, Any]) -> None:
    """A cell that sets the parameters, after the one tagged `parameters`, in place of an earlier injected one."""
    from nbformat.v4 import new_code_cell

    tagged = [at for at, cell in enumerate(book.cells) if "parameters" in cell.metadata.get("tags", [])]
    if not tagged:
        what = f"{given.path} has no cell tagged `parameters`, so there is nothing to set."
        raise PublishError(what, "tag the cell with its parameters in JupyterLab, or leave --set out")
    known = _names(book.cells[tagged[0]].source)
    unknown = [name for name in parameters if name not in known]
    if unknown:
        raise PublishError(f"{given.path} has no parameter {unknown[0]!r}.", f"use one of {', '.join(sorted(known))}")
    book.cells = [cell for cell in book.cells if "injected-parameters" not in cell.metadata.get("tags", [])]
    source = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in parameters.items())])
    cell = new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    if book.nbformat_minor < 5:
        cell.pop("id", None)
    book.cells.insert(tagged[0] + 1, cell)


def _names(source: str) -> set[str]:
    """Names that a cell assigns to."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    targets = [each.targets if isinstance(each, ast.Assign) else [each.target] for each in body
               if isinstance(each, ast.Assign | ast.AnnAssign)]  # fmt: skip
    return {target.id for group in targets for target in group if isinstance(target, ast.Name)}
