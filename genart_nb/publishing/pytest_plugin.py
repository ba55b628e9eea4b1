"""The pytest plugin: under nbval, works are compared by fingerprint and tier, everything else as nbval does it.

Without `--nbval` or `--nbval-lax` nothing here runs, and nothing of the package but this file is imported.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from genart_nb.publishing.report import Entry

PREFIX = "genart_nb: "
CHUNK = 1 << 20


def pytest_addoption(parser: pytest.Parser) -> None:
    """Two options of our own."""
    group = parser.getgroup("genart", "Generated art in notebooks (with --nbval)")
    group.addoption(
        "--genart-tier", choices=("auto", "exact", "close", "perceptual"), default="auto",
        help="How alike a work made again has to be; auto: exact where it was made, drifted at most elsewhere",
    )  # fmt: skip
    group.addoption(
        "--genart-report", metavar="PATH", default=None,
        help="Write a page that shows what differs, even if nothing does (default: genart-report.html on failure)",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Wake up where nbval runs."""
    if getattr(config.option, "nbval", False) or getattr(config.option, "nbval_lax", False):
        config.pluginmanager.register(ArtCells(config), "genart-cells")


class ArtCells:
    """What is done to nbval's notebooks and cells."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.entries: list[Entry] = []
        self._judged: dict[str, Entry] = {}
        self._moved: set[Path] = set()

    @pytest.hookimpl
    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Give a notebook's kernel the folding reader; refuse one of ours that is too large to hold in memory."""
        if not _is_notebook(collector):
            return
        notebook: Any = collector
        begin, collect = notebook.setup, notebook.collect

        def refuse_or_collect() -> Any:
            _refuse_large(Path(str(collector.path)))
            return collect()

        def setup() -> None:
            from genart_nb.publishing.folding import folding

            begin()
            notebook.kernel.get_message = folding(notebook.kernel.get_message)

        notebook.setup, notebook.collect = setup, refuse_or_collect

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Give a cell our comparison, and take prompts for prompts."""
        if not _is_notebook(getattr(item, "parent", None)) or not hasattr(item, "compare_outputs"):
            return
        cell: Any = item
        self._unmark(cell)
        compare = cell.compare_outputs

        def compare_outputs(this: Any, test: list[Any], ref: list[Any], skip_compare: Any = None) -> bool:
            return self._compare(this, compare, test, ref, skip_compare)

        cell.compare_outputs = MethodType(compare_outputs, item)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Generator[None, Any, None]:
        """Send along what was found, which may be in another process."""
        outcome = yield
        if call.when == "call" and item.nodeid in self._judged:
            outcome.get_result().genart = self._judged.pop(item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Gather what was found."""
        if getattr(report, "genart", None):
            self.entries.append(report.genart)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell what drifted, and where the report is."""
        failed = [each for each in self.entries if not each["passed"]]
        for each in self.entries:
            for pair in each["pairs"] if each["passed"] else ():
                how = f"otherwise ({pair['excuse']})" if pair["excuse"] else "drifted"
                told = f"{PREFIX}{how}: {each['notebook']} cell {each['cell']} {pair['name']}; "
                terminalreporter.write_line(told + "; ".join(pair["elsewhere"] or pair["reasons"]), yellow=True)
        path = self.config.getoption("--genart-report")
        if (failed or path) and not hasattr(self.config, "workerinput"):
            from genart_nb.publishing import report

            found = report.write(Path(path) if path else self.config.invocation_params.dir / report.NAME, self.entries)
            terminalreporter.write_line(f"{PREFIX}{len(failed)} differ, see {found.resolve()}")
            if failed:
                names = " ".join(sorted({each["notebook"] for each in failed}))
                terminalreporter.write_line(f"{PREFIX}what is meant to be so is stored by: genart accept {names}")

    def _compare(self, cell: Any, compare: Any, test: list[Any], ref: list[Any], skip_compare: Any) -> bool:
        """Works by our judgement, the rest by nbval's; both are told where both fail."""
        from genart_nb.publishing import report
        from genart_nb.publishing.cells import judged, others
        from genart_nb.publishing.sameness import Tier

        result = judged(ref, test, Tier(self.config.getoption("--genart-tier")), moved=cell.path in self._moved)
        if result.moved:
            self._moved.add(cell.path)
        agreed = bool(compare(others(test), others(ref), skip_compare)) or cell.path in self._moved
        if not result.passed or result.drifted:
            place, root = cell.path, self.config.rootpath
            place = place.relative_to(root) if place.is_relative_to(root) else place
            plain = [] if agreed else ["the other outputs differ too"]
            self._judged[cell.nodeid] = report.entry(str(place), cell.cell_num, cell.cell.source, result, plain)
        if not result.passed:
            colour = bool(cell.colors.FAIL) and getattr(self.config.get_terminal_writer(), "hasmarkup", False)
            cell.comparison_traceback[:0] = report.told(result, colour=colour)
        return result.passed and agreed

    def _unmark(self, cell: Any) -> None:
        """Forget the markers that nbval read in a prompt; those in the cell's tags stand."""
        from genart_nb.publishing.cells import is_prompt

        if is_prompt(cell.cell.source):
            from nbval.plugin import find_metadata_tags

            cell.options.clear()
            cell.options.update(find_metadata_tags(cell.cell.metadata))
            cell.options.setdefault("check", cell.parent.compare_outputs)


def _is_notebook(node: Any) -> bool:
    return any(each.__name__ == "IPyNbFile" and each.__module__ == "nbval.plugin" for each in type(node).__mro__)


def _refuse_large(path: Path) -> None:
    """A notebook with our works in it has a limit, for it is read several times over; others are nbval's affair."""
    from genart_nb.artwork import MIME
    from genart_nb.publishing.notebook import MOST

    size = path.stat().st_size
    if size > MOST and _mentions(path, MIME.encode()):
        fix = f"jupyter nbconvert --clear-output --inplace {path}"
        raise pytest.Collector.CollectError(f"{path} has {size >> 20} MB; {MOST >> 20} MB are read. Fix: {fix}")


def _mentions(path: Path, word: bytes) -> bool:
    """Whether a file holds a word, read in pieces."""
    tail = b""
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            if word in tail + piece:
                return True
            tail = piece[-len(word) :]
    return False
