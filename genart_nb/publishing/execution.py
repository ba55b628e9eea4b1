"""Running a notebook from its first cell to its last in a kernel of its own."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError

MAY_FAIL = ("raises-exception", "nbval-raises-exception")
SKIP = "nbval-skip"
"""Tags that nbval knows too."""


def run(notebook: Any, folder: Path, *, timeout: float = 600, told: Callable[[int], None] = lambda at: None) -> Any:
    """A copy of the notebook with the outputs that it gives now; `told` hears the index of each cell that begins.

    A cell that fails keeps its error as an output, and the next is run: `failure` finds it. `timeout` is in seconds
    a cell. Raises NotebookError where the kernel does not start, dies, or a cell takes too long.
    """
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError:
        what, fix = "Running notebooks needs nbclient and ipykernel.", "pip install 'genart_nb[lab]'"
        raise NotebookError(what, fix) from None
    made = copy.deepcopy(notebook)
    client = NotebookClient(
        made, timeout=timeout, allow_errors=True, record_timing=False, store_widget_state=False,
        skip_cells_with_tag=SKIP, resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=40"], on_cell_execute=lambda cell, cell_index: told(cell_index),
    )  # fmt: skip
    try:
        client.execute()
    except CellTimeoutError:
        raise NotebookError(f"A cell took more than {timeout:g} s.", "give it more: --timeout 3600") from None
    except DeadKernelError:
        raise NotebookError("The kernel died.", "see whether there is memory enough: genart doctor") from None
    except Exception as error:
        raise NotebookError(f"The notebook cannot be run: {error}.", "genart doctor checks the installation") from error
    return made


def failure(cell: Any) -> str:
    """What a cell failed with, in one line; empty where it did not fail, or may."""
    if set(MAY_FAIL) & set(cell.metadata.get("tags") or ()):
        return ""
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {errors[0].evalue}" if errors else ""
