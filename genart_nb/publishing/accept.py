"""`genart accept NOTEBOOK...`: run notebooks again and store what they give now, because it is meant to be so."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError, UsageError
from genart_nb.options import Options, option
from genart_nb.publishing import execution, notebook, parameters
from genart_nb.publishing.cells import works
from genart_nb.publishing.check import Checked, compared, tell, understood
from genart_nb.publishing.sameness import Tier

ABOUT = "Runs notebooks again and stores what now comes out, in those cells alone that give something else."
STATUS = "Exit status: 0 all that differed is stored; 1 a cell failed; 2 not understood."


class AcceptOptions(Options):
    """`genart accept`."""

    timeout: float = option(600.0, "how long one cell may take", ge=1, le=86400, unit="s")
    dry: bool = option(False, "say what would be stored, and store nothing")
    all: bool = option(False, "store every output, also of cells that agree with what is stored")
    to: str = option("", "the notebook to write instead; needed with --set, so that the notebook keeps its own values")


def run(given: list[str]) -> int:
    """Accept notebooks; returns 0, or 1 where one could not be run to its end: it then stays as it was."""
    options, paths, values = understood(given, AcceptOptions, "accept", ABOUT, STATUS)
    target = _target(options.to, paths, values)
    failed = 0
    for path in paths:
        try:
            changed, fresh = accept(
                path, timeout=options.timeout, dry=options.dry, every=options.all, to=target, values=values
            )
        except NotebookError as error:
            print(f"{path}  {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
            continue
        verb = "would be stored" if options.dry else "stored"
        told = [f"{len(changed)} changed"] * bool(changed) + [f"{fresh} run for the first time"] * bool(fresh)
        if target:
            told.append(f"all of it into {target}")
        print(f"{path}  {verb}: {', '.join(told)}" if told else f"{path}  nothing to store: all cells agree")
        for cell in changed:
            print(f"  cell {cell.at}")
            print("\n".join(f"    {line}" for line in tell(cell, sys.stdout.isatty())))
    return 1 if failed else 0


def accept(
    path: Path, *, timeout: float = 600, dry: bool = False, every: bool = False,
    to: Path | None = None, values: Mapping[str, Any] | None = None,
) -> tuple[list[Checked], int]:  # fmt: skip
    """Run one notebook and store the outputs of the cells that changed.

    Returns those cells, and how many others were run for the first time.

    A cell that agrees keeps what is stored, timings and all, so that a notebook under version control does not churn;
    one whose works were stored without their environment is stored anew. `to` names another file to write, whole and
    whatever agrees; `values` then take the place of the notebook's own parameters. Raises NotebookError where the
    notebook cannot be read, run or written, or a cell fails; the file is then as it was.
    """
    stored = notebook.read(path)
    if to:
        _spare(to, path)
    elif values:
        raise UsageError("A notebook is not overwritten with other values than its own.", "name another: --to FILE")
    if values:
        stored = parameters.injected(stored, values, path)
    made = execution.run(stored, path.resolve().parent, timeout=timeout)
    old, new = notebook.code_cells(stored), notebook.code_cells(made)
    for at, cell in enumerate(new):
        if failed := execution.failure(cell):
            where = "the cell of --set" if values and parameters.is_injected(cell) else f"Cell {at}"
            fix = "put the cell right, or tag it raises-exception; the notebook is as it was"
            raise NotebookError(f"{where} of {path} failed: {failed}.", fix)
    first = {at for at, cell in enumerate(old) if cell.execution_count is None and new[at].execution_count is not None}
    held = [cell for cell in compared(old, new, Tier.AUTO) if cell.at not in first]
    changed = [cell for cell in held if every or not cell.passed or _lacks(old[cell.at])]
    if changed or first:  # what follows from one another is stored from one run
        changed = [cell for cell in held if cell in changed or cell.excused]
    fresh = sum(not (values and parameters.is_injected(old[at])) for at in first)
    for at in {*first, *(cell.at for cell in changed)}:
        old[at].outputs, old[at].execution_count = new[at].outputs, new[at].execution_count
    if (changed or fresh or to) and not dry:
        _write(to or path, made if to else stored)
    return changed, fresh


def _target(to: str, paths: list[Path], values: Mapping[str, Any]) -> Path | None:
    """The file to write instead of the notebook; raises UsageError where that makes no sense."""
    if not to:
        if values:
            what = "--set gives values that are not the notebook's own, and accept would store them in it."
            raise UsageError(what, f"name another file: --to {paths[0].stem}-set.ipynb")
        return None
    if len(paths) > 1:
        raise UsageError("--to names one file, and there are several notebooks.", "accept one at a time")
    if Path(to).suffix != ".ipynb":
        raise UsageError(f"--to {to} is no notebook's name.", f"--to {Path(to).stem or 'other'}.ipynb")
    return Path(to)


def _spare(to: Path, path: Path) -> None:
    """Raise NotebookError where a file would be lost: only what was written by `--set` before is written over."""
    if not to.exists():
        return
    if to.samefile(path):
        raise NotebookError(f"{to} is the notebook itself.", "name another file: --to FILE")
    try:
        ours = any(map(parameters.is_injected, notebook.read(to).cells))
    except NotebookError:
        ours = False
    if not ours:
        raise NotebookError(f"{to} is there already.", "name another file, or delete that one")


def _write(path: Path, book: Any) -> None:
    try:
        notebook.write(path, book)
    except OSError as error:
        raise NotebookError(f"{path} cannot be written: {error.strerror}.", "nothing was changed") from None


def _lacks(cell: Any) -> bool:
    """Whether a work is stored without the environment it was made in."""
    return any(not work.environment for work in works(cell.outputs))
