"""Notebooks that are run again: read with a limit, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

from genart_nb.errors import NotebookError

MOST = 100 << 20
"""Bytes of the largest notebook that is read: reading takes twice as much memory, running as much again."""

FIX = "open it in JupyterLab and save it again, or name another file"


def read(path: Path) -> Any:
    """The notebook, as nbformat 4; raises NotebookError for what is none, or one beyond `MOST`."""
    import nbformat

    try:
        size = path.stat().st_size
        if path.is_dir():
            raise NotebookError(f"{path} is a folder.", f"name notebooks: {path}/*.ipynb")
        if size > MOST:
            what = f"{path} has {size >> 20} MB; no more than {MOST >> 20} MB are read."
            raise NotebookError(what, f"clear its outputs: jupyter nbconvert --clear-output --inplace {path}")
        found = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        nbformat.validate(found)
    except OSError as error:
        raise NotebookError(f"{path} cannot be read: {error.strerror}.", "check its name") from None
    except NotebookError:
        raise
    except Exception as error:  # nbformat raises what its parsers raise: ValueError, KeyError, its own
        reason = next(iter(str(error).splitlines()), "")[:200]
        raise NotebookError(f"{path} is not a notebook: {reason or type(error).__name__}.", FIX) from None
    return found


def write(path: Path, notebook: Any) -> None:
    """Replace the file at once: whoever reads meanwhile sees the old or the new, and a failure leaves the old."""
    import nbformat

    text = nbformat.writes(notebook) + "\n"
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def code_cells(notebook: Any) -> list[Any]:
    """Its code cells, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
