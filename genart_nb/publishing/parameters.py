"""Parameters of a notebook: the cell tagged `parameters` holds its own values, `--set NAME=VALUE` gives others.

As papermill does: a cell tagged `injected-parameters` follows the notebook's own and assigns what was given. Values
are written as literals, whatever is in them, and nothing of a value is ever run.
"""

from __future__ import annotations

import ast
import copy
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError, UsageError
from genart_nb.options import shown

PARAMETERS, INJECTED = "parameters", "injected-parameters"
HELP = "a value for a name that the cell tagged `parameters` assigns; may be given several times"


def read(given: Sequence[str]) -> dict[str, Any]:
    """`name=value` pairs; a value is a Python literal, or else text. Raises UsageError for what can be neither."""
    made: dict[str, Any] = {}
    for each in given:
        name, equals, text = each.partition("=")
        name = unicodedata.normalize("NFKC", name.strip())  # as Python reads names
        if not equals or not name.isidentifier():
            raise UsageError(f"--set {shown(each)} sets nothing.", "write --set seed=7")
        try:
            value = ast.literal_eval(text)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            value = text
        if not _literal(value):
            what = f"--set {name}: {shown(text)} cannot be written into a cell."
            raise UsageError(what, f"give a finite number of sensible length, or text in quotes: \"{name}='...'\"")
        made[name] = value
    return made


def injected(notebook: Any, values: Mapping[str, Any], path: Path) -> Any:
    """A copy of a notebook with the values in a cell after the one tagged `parameters`, in place of earlier ones.

    Raises NotebookError where no cell is tagged so, or it does not assign one of the names.
    """
    from nbformat.v4 import new_code_cell

    made = copy.deepcopy(notebook)
    at = next((at for at, cell in enumerate(made.cells) if cell.cell_type == "code" and PARAMETERS in tags(cell)), None)
    if at is None:
        what = f"{path} has no cell tagged `{PARAMETERS}`, so there is nothing to set."
        raise NotebookError(what, "tag the cell with its parameters in JupyterLab, or leave --set out")
    known = names(made.cells[at].source)
    if unknown := [name for name in values if name not in known]:
        fix = f"use one of {', '.join(sorted(known))}" if known else "assign it there, NAME = VALUE"
        raise NotebookError(f"{path} has no parameter {unknown[0]!r}.", fix)
    source = "\n".join(["# Parameters", *(f"{name} = {value!r}" for name, value in values.items())])
    cell = new_code_cell(source, metadata={"tags": [INJECTED]})
    if made.nbformat_minor < 5:
        cell.pop("id", None)
    made.cells.insert(at + 1, cell)
    made.cells = [each for each in made.cells if each is cell or not is_injected(each)]
    return made


def is_injected(cell: Any) -> bool:
    """Whether a cell holds values that were given, rather than the notebook's own."""
    return cell.cell_type == "code" and INJECTED in tags(cell)


def tags(cell: Any) -> set[str]:
    """A cell's tags."""
    return set(cell.metadata.get("tags") or ())


def told(values: Mapping[str, Any]) -> str:
    """The values in one line, as they stand in the cell."""
    return ", ".join(f"{name}={shown(value)}" for name, value in values.items())


def names(source: str) -> set[str]:
    """Names that a cell assigns to, outside of functions and blocks; magics beside the assignments do no harm."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        body = ast.parse(TransformerManager().transform_cell(source)).body  # type: ignore[no-untyped-call]
    except SyntaxError:
        return set()
    targets = [target for each in body if isinstance(each, ast.Assign) for target in each.targets]
    targets += [each.target for each in body if isinstance(each, ast.AnnAssign)]
    return {node.id for target in targets for node in ast.walk(target)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}  # fmt: skip


def _literal(value: Any) -> bool:
    """Whether Python writes a value as it would read it: not so infinity, and integers of thousands of digits."""
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
