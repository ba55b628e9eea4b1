"""Run a notebook cell by cell, telling how far it is, and leave it and one self-contained HTML page in a folder."""

from __future__ import annotations

import argparse
import html
import re
import sys
import time
from pathlib import Path
from string import Template
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

STYLES = {"light": "friendly", "dark": "github-dark"}
PAGE = Path(__file__).with_name("page.html")
# Live widgets need a kernel, so a page shows the still that stands beside them.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]


def first_line(source: str) -> str:
    """Return the first line of a cell, cut to fit beside the progress."""
    line = source.strip().partition("\n")[0]
    return line if len(line) <= 60 else line[:57] + "..."


class Progress:
    """Prints each code cell as it begins and ends."""

    def __init__(self, notebook: NotebookNode) -> None:
        code = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
        self.order = {index: position for position, index in enumerate(code, 1)}
        self.began = 0.0

    def start(self, cell: NotebookNode, cell_index: int, **_: Any) -> None:
        """Name the cell before it runs, so that a slow one is known by name."""
        self.began = time.monotonic()
        total = len(self.order)
        width = len(str(total))
        print(f"  [{self.order[cell_index]:{width}}/{total}] {first_line(cell.source):60}", end="", flush=True)

    def done(self, **_: Any) -> None:
        """Add how long it took."""
        print(f" {time.monotonic() - self.began:6.1f} s", flush=True)


def execute(notebook: NotebookNode, folder: Path, timeout: int) -> CellExecutionError | None:
    """Run every cell in place, from `folder`. Returns the error of the cell that failed, if one did."""
    progress = Progress(notebook)
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        # Times and widget state differ at every run, and a saved widget reopens broken.
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=40"],  # its warning about loopback TCP would break the lines
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=progress.start,
        on_cell_executed=progress.done,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return error
    return None


def page(notebook: NotebookNode, title: str, folder: Path) -> str:
    """Render one HTML page that loads nothing from anywhere; its own policy forbids it to.

    Pictures that Markdown names by a path are read from `folder` and put into the page.
    """
    exporter = HTMLExporter(
        template_name="basic",
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        embed_images=True,
        display_data_priority=SHOWN,
    )
    body, _ = exporter.from_notebook_node(notebook, {"metadata": {"path": str(folder)}})
    styles = {name: HtmlFormatter(style=style).get_style_defs(".highlight") for name, style in STYLES.items()}
    return Template(PAGE.read_text(encoding="utf-8")).substitute(title=html.escape(title), body=body, **styles)


def title_of(notebook: NotebookNode, default: str) -> str:
    """Return the first heading of the notebook."""
    found = re.search(r"^# (.+)$", "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown"), re.M)
    return found[1] if found else default


def main() -> int:
    """Run the notebook named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("folder", type=Path, help="where the executed notebook and its page go")
    parser.add_argument("--timeout", type=int, default=600, help="seconds that one cell may take")
    arguments = parser.parse_args()

    if not arguments.notebook.is_file():
        parser.error(f"there is no {arguments.notebook}")
    notebook = nbformat.read(arguments.notebook, as_version=4)
    print(f"Running {arguments.notebook}", flush=True)
    error = execute(notebook, arguments.notebook.parent, arguments.timeout)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    executed = arguments.folder / arguments.notebook.name
    nbformat.write(notebook, executed)
    rendered = executed.with_suffix(".html")
    title = title_of(notebook, arguments.notebook.stem)
    rendered.write_text(page(notebook, title, arguments.notebook.parent), encoding="utf-8")
    if error:
        print(f"\n\nA cell failed:\n{error}\nThe notebook up to there: {executed}", file=sys.stderr)
        return 1
    print(f"\nDone. Look at\n  {rendered.resolve()}\n  {executed.resolve()}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
