"""`genart accept NOTEBOOK...`: run notebooks again and store what they give now, because it is meant to be so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError
from genart_nb.options import Options, option
from genart_nb.publishing import execution, notebook
from genart_nb.publishing.cells import works
from genart_nb.publishing.check import Checked, compared, tell, understood
from genart_nb.publishing.sameness import Tier


class AcceptOptions(Options):
    """`genart accept`."""

    timeout: float = option(600.0, "how long one cell may take", ge=1, le=86400, unit="s")
    dry: bool = option(False, "say what would be stored, and store nothing")
    all: bool = option(False, "store every output, also of cells that agree with what is stored")


def run(given: list[str]) -> int:
    """Accept notebooks; returns 0, or 1 where one could not be run to its end: it then stays as it was."""
    options, paths = understood(given, AcceptOptions, "accept")
    failed = 0
    for path in paths:
        try:
            changed, fresh = accept(path, timeout=options.timeout, dry=options.dry, every=options.all)
        except NotebookError as error:
            print(f"{path}  {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
            continue
        verb = "would be stored" if options.dry else "stored"
        told = [f"{len(changed)} changed"] * bool(changed) + [f"{fresh} run for the first time"] * bool(fresh)
        print(f"{path}  {verb}: {', '.join(told)}" if told else f"{path}  nothing to store: all cells agree")
        for cell in changed:
            print(f"  cell {cell.at}")
            print("\n".join(f"    {line}" for line in tell(cell, sys.stdout.isatty())))
    return 1 if failed else 0


def accept(path: Path, *, timeout: float = 600, dry: bool = False, every: bool = False) -> tuple[list[Checked], int]:
    """Run one notebook and store the outputs of the cells that changed.

    Returns those cells, and how many others were run for the first time.

    A cell that agrees keeps what is stored, timings and all, so that a notebook under version control does not churn;
    one whose works were stored without their environment is stored anew. Raises NotebookError where the notebook
    cannot be read, run or written, or a cell fails; the file is then as it was.
    """
    stored = notebook.read(path)
    made = execution.run(stored, path.resolve().parent, timeout=timeout)
    old, new = notebook.code_cells(stored), notebook.code_cells(made)
    for at, cell in enumerate(new):
        if failed := execution.failure(cell):
            fix = "put the cell right, or tag it raises-exception; the notebook is as it was"
            raise NotebookError(f"Cell {at} of {path} failed: {failed}.", fix)
    first = {at for at, cell in enumerate(old) if cell.execution_count is None and new[at].execution_count is not None}
    changed = [
        cell for cell in compared(old, new, Tier.AUTO)
        if cell.at not in first and (every or not cell.passed or _lacks(old[cell.at]))
    ]  # fmt: skip
    fresh = len(first)
    for at in {*first, *(cell.at for cell in changed)}:
        old[at].outputs, old[at].execution_count = new[at].outputs, new[at].execution_count
    if (changed or fresh) and not dry:
        try:
            notebook.write(path, stored)
        except OSError as error:
            raise NotebookError(f"{path} cannot be written: {error.strerror}.", "it is as it was") from None
    return changed, fresh


def _lacks(cell: Any) -> bool:
    """Whether a work is stored without the environment it was made in."""
    return any(not work.environment for work in works(cell.outputs))
