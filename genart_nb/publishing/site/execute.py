"""`--run`: the notebook is executed before it is published; `--set` gives its parameters, as papermill does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from genart_nb.errors import PublishError
from genart_nb.publishing.parameters import injected
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
        book = injected(book, parameters, given.path)
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
