"""`genart check NOTEBOOK...`: run notebooks again and say whether they still give what they show."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from genart_nb.errors import NotebookError, UsageError
from genart_nb.media.likeness import Verdict
from genart_nb.options import Options, option
from genart_nb.publishing import execution, notebook, progress, report
from genart_nb.publishing.cells import CellResult, judged, others, plainly_differ
from genart_nb.publishing.sameness import Tier

Table = TypeVar("Table", bound=Options)

IGNORED, CHECKED = "nbval-ignore-output", "nbval-check-output"


class CheckOptions(Options):
    """`genart check`."""

    tier: Literal["auto", "exact", "close", "perceptual"] = option(
        "auto", "how alike works have to be; auto: exact where they were made, drifted at most elsewhere"
    )
    lax: bool = option(False, "hold only the works against what is stored, not the other outputs")
    timeout: float = option(600.0, "how long one cell may take", ge=1, le=86400, unit="s")
    report: str = option("", f"write a page that shows what differs; {report.NAME} where anything does")


@dataclass(frozen=True)
class Checked:
    """One code cell: its number among them, what was found of its works, and what else is wrong."""

    at: int
    source: str
    result: CellResult
    problems: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it gives what it shows."""
        return self.result.passed and not self.problems


def run(given: list[str]) -> int:
    """Check notebooks; returns 0 where all give what they show, 1 where one does not."""
    options, paths = understood(given, CheckOptions, "check")
    entries: list[report.Entry] = []
    failed = 0
    for path in paths:
        try:
            cells = check(path, Tier(options.tier), lax=options.lax, timeout=options.timeout)
        except NotebookError as error:
            print(f"{path}  {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
            continue
        print(f"{path}  {summary(cells)}")
        bad = [cell for cell in cells if not cell.passed]
        failed += bool(bad)
        colour = sys.stdout.isatty()
        for cell in bad:
            print("\n".join([f"  cell {cell.at}: {_first(cell.source)}", *_indented(tell(cell, colour))]))
        entries += [
            report.entry(str(path), cell.at, cell.source, cell.result, cell.problems)
            for cell in cells if not cell.passed or cell.result.drifted
        ]  # fmt: skip
    if options.report or (failed and entries):
        print(f"What differs, side by side: {report.write(Path(options.report or report.NAME), entries).resolve()}")
    return 1 if failed else 0


def check(path: Path, tier: Tier = Tier.AUTO, *, lax: bool = False, timeout: float = 600) -> list[Checked]:
    """Run one notebook and hold each code cell against what is stored.

    Raises NotebookError where it cannot be read or run, or stores nothing that could be checked.
    """
    stored = notebook.read(path)
    cells = notebook.code_cells(stored)
    if not any(cell.outputs for cell in cells):
        raise NotebookError(f"{path} stores no outputs to check.", f"run it and keep them: genart accept {path}")
    made = execution.run(stored, path.resolve().parent, timeout=timeout, told=_progress(stored, path))
    return list(compared(cells, notebook.code_cells(made), tier, lax=lax))


def compared(stored: Iterable[Any], made: Iterable[Any], tier: Tier, *, lax: bool = False) -> Iterator[Checked]:
    """Hold the code cells of two runs against each other."""
    for at, (old, new) in enumerate(zip(stored, made, strict=True)):
        tags = set(old.metadata.get("tags") or ())
        failed = execution.failure(new)
        if failed:
            yield Checked(at, old.source, CellResult(), (f"the cell failed: {failed}",))
        elif {IGNORED, execution.SKIP} & tags or (old.execution_count is None and not old.outputs):
            yield Checked(at, old.source, CellResult())
        else:
            result = judged(old.outputs, new.outputs, tier)
            strict = not lax or CHECKED in tags
            rest = tuple(plainly_differ(others(old.outputs), others(new.outputs))) if strict else ()
            yield Checked(at, old.source, result, rest)


def summary(cells: Sequence[Checked]) -> str:
    """One line: how many works, and how they stand."""
    verdicts = [each.comparison.verdict for cell in cells for each in cell.result.judgements]
    counted = Counter(verdicts)
    held = ", ".join(f"{counted[verdict]} {verdict.word}" for verdict in Verdict if counted[verdict])
    wrong = sum(not cell.passed for cell in cells)
    works = f"{len(verdicts)} work{'s' * (len(verdicts) != 1)}"
    told = f"{wrong} of {len(cells)} cells differ" if wrong else "all cells agree"
    return f"{works}{': ' if held else ''}{held}; {told}"


def tell(cell: Checked, colour: bool = False) -> list[str]:
    """What is wrong with a cell."""
    plain = [line for problem in cell.problems for line in problem.splitlines()]
    return [*plain, *report.told(cell.result, colour=colour)]


def understood(given: list[str], table: type[Table], name: str) -> tuple[Table, list[Path]]:
    """Options and notebooks of a command line; raises UsageError for what is neither, SystemExit after `--help`."""
    parser = argparse.ArgumentParser(f"genart {name}")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    for row in table.table():
        kind: dict[str, Any] = {"action": "store_true"} if row.kind == "bool" else {"metavar": row.domain}
        parser.add_argument(row.flag, dest=row.name, default=argparse.SUPPRESS, help=row.help, **kind)
    try:
        found = vars(parser.parse_intermixed_args(given))
    except SystemExit as leaving:
        if not leaving.code:
            raise
        raise UsageError("These arguments were not understood.", f"genart {name} --help") from None
    paths: list[Path] = found.pop("notebooks")
    if not paths:
        raise UsageError("Which notebook?", f"genart {name} my.ipynb")
    return table.read(found), paths


def _progress(stored: Any, path: Path) -> Any:
    """Say in a terminal which cell is running."""
    total = len(stored.cells)

    def show(at: int) -> None:
        progress.tell(f"{path.name}  cell {at + 1}/{total}")

    return show


def _first(source: str) -> str:
    line = source.strip().partition("\n")[0]
    return line if len(line) <= 90 else line[:87] + "..."


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" for line in lines]
