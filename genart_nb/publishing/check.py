"""`genart check NOTEBOOK...`: run notebooks again and say whether they still give what they show."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from genart_nb.errors import NotebookError, UsageError
from genart_nb.media.likeness import Verdict
from genart_nb.options import Options, option
from genart_nb.publishing import elsewhere, execution, notebook, parameters, progress, report
from genart_nb.publishing.cells import CellResult, judged, others, plainly_differ
from genart_nb.publishing.sameness import Judgement, Tier

Table = TypeVar("Table", bound=Options)

ABOUT = "Runs notebooks again from the first cell and says which cells still give what they show. Writes to none."
STATUS = "Exit status: 0 all agree; 1 something differs or failed; 2 not understood."

_OTHERWISE = "otherwise on this machine"
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
    failed: bool = False
    """Whether the cell itself raised an error."""
    steered: bool = False
    """Whether what was set accounts for all that differs."""
    excused: tuple[str, ...] = ()
    """What differs, and why that is no failure: it was made elsewhere."""

    @property
    def passed(self) -> bool:
        """Whether it gives what it shows, or what it was steered to."""
        return self.steered or (self.result.passed and not self.problems)


def run(given: list[str]) -> int:
    """Check notebooks; returns 0 where all give what they show, 1 where one does not."""
    options, paths, values = understood(given, CheckOptions, "check", ABOUT, STATUS)
    entries: list[report.Entry] = []
    failed = 0
    for path in paths:
        try:
            cells = check(path, Tier(options.tier), lax=options.lax, timeout=options.timeout, values=values)
        except NotebookError as error:
            print(f"{path}  {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
            continue
        print(f"{path}  {summary(cells, values)}")
        failed += any(not cell.passed for cell in cells)
        colour = sys.stdout.isatty()
        for cell in cells:
            if cell.steered or cell.excused or not cell.passed:
                excused = [f"otherwise: {line}" for line in cell.excused]
                lines = _turns(cell) if cell.steered else [*excused, *tell(cell, colour)]
                print("\n".join([f"  cell {cell.at}: {_first(cell.source)}", *_indented(lines)]))
        entries += [
            report.entry(str(path), cell.at, cell.source, cell.result, cell.problems, steered=cell.steered)
            for cell in cells if not cell.passed or cell.steered or cell.result.drifted
        ]  # fmt: skip
    if options.report or (failed and entries):
        print(f"What differs, side by side: {report.write(Path(options.report or report.NAME), entries).resolve()}")
    return 1 if failed else 0


def check(
    path: Path, tier: Tier = Tier.AUTO, *, lax: bool = False, timeout: float = 600,
    values: Mapping[str, Any] | None = None,
) -> list[Checked]:  # fmt: skip
    """Run one notebook and hold each code cell against what is stored.

    With `values` it is run with these in place of its own parameters, and where anything differs once more with its
    own: `account` tells what was steered from what is broken. Raises NotebookError where it cannot be read or run,
    stores nothing that could be checked, or has no such parameter.
    """
    stored = notebook.read(path)
    cells = notebook.code_cells(stored)
    steered = bool(values)
    asked = parameters.injected(stored, values, path) if values else stored
    if not any(cell.outputs for cell in cells):
        raise NotebookError(f"{path} stores no outputs to check.", f"run it and keep them: genart accept {path}")

    def run_again(book: Any) -> list[Checked]:
        made = execution.run(book, path.resolve().parent, timeout=timeout, told=_progress(book, path))
        return list(compared(cells, notebook.code_cells(made), tier, lax=lax, steered=steered))

    found = run_again(asked)
    if not steered or all(cell.passed or cell.failed for cell in found):
        return found
    return [account(cell, own) for cell, own in zip(found, run_again(stored), strict=True)]


def account(cell: Checked, own: Checked) -> Checked:
    """What became of a cell under other values, given what it gives with the notebook's own.

    It was steered where its own values still give what is stored, and no work came out other than stored under the
    very recipe that is stored.
    """
    if cell.passed or cell.failed:
        return cell
    if not own.passed:
        return replace(own, problems=("this is so with the notebook's own values too", *own.problems))
    pairs = cell.result.judgements
    if any(not each.passed and each.old.digest == each.new.digest for each in pairs):
        told = "the recipe is the stored one, and the work is another: what was set is missing in its recipe"
        return replace(cell, problems=(told, *cell.problems))
    return replace(cell, steered=True)


def compared(
    stored: Iterable[Any], made: Iterable[Any], tier: Tier, *, lax: bool = False, steered: bool = False
) -> Iterator[Checked]:
    """Hold the code cells of two runs against each other; where they were `steered`, without the cells that did it."""
    before, after = ([(at, cell) for at, cell in enumerate(cells) if not (steered and parameters.is_injected(cell))]
                     for cells in (stored, made))  # fmt: skip
    moved = False
    for (at, old), (_, new) in zip(before, after, strict=True):
        tags = parameters.tags(old)
        failed = execution.failure(new)
        if failed:
            yield Checked(at, old.source, CellResult(), (f"the cell failed: {failed}",), failed=True)
        elif {IGNORED, execution.SKIP} & tags or (old.execution_count is None and not old.outputs):
            yield Checked(at, old.source, CellResult())
        else:
            result = judged(old.outputs, new.outputs, tier, moved=moved)
            moved = moved or result.moved
            strict = not lax or CHECKED in tags
            rest = tuple(plainly_differ(others(old.outputs), others(new.outputs))) if strict else ()
            excused = [f"{each.old.name}: {each.excuse}" for each in result.judgements if each.excuse]
            if moved and rest:
                rest, excused = (), [*excused, f"what it prints: {elsewhere.FOLLOWS}"]
            yield Checked(at, old.source, result, rest, excused=tuple(excused))


def summary(cells: Sequence[Checked], values: Mapping[str, Any] | None = None) -> str:
    """One line: how many works, how they stand, and what was steered by `values`."""
    words = [_standing(cell, each) for cell in cells for each in cell.result.judgements]
    counted = Counter(words)
    order = (*(each.word for each in Verdict), _OTHERWISE, "steered")
    held = ", ".join(f"{counted[word]} {word}" for word in order if counted[word])
    wrong, steered = sum(not cell.passed for cell in cells), sum(cell.steered for cell in cells)
    works = f"{len(words)} work{'s' * (len(words) != 1)}"
    told = f"{wrong} of {len(cells)} cells differ" if wrong else "all cells agree"
    if steered:
        told = f"{parameters.told(values or {})} steers {steered} of {len(cells)} cells, {_rest(wrong)}"
    elif values and not wrong:
        told += f", {parameters.told(values)} changes nothing"
    return f"{works}{': ' if held else ''}{held}; {told}"


def _standing(cell: Checked, work: Judgement) -> str:
    """How a work stands, in a word or three."""
    if cell.steered and not work.passed:
        return "steered"
    return _OTHERWISE if work.excuse else work.comparison.verdict.word


def _rest(wrong: int) -> str:
    return f"{wrong} differ{'s' * (wrong == 1)} for another reason" if wrong else "the others agree"


def _turns(cell: Checked) -> list[str]:
    """What a cell was steered to, in brief."""
    pairs = [each for each in cell.result.judgements if not each.passed]
    lines = [f"{each.old.name}: {line}" for each in pairs for line in each.recipe or each.reasons[:1]]
    brief = [problem.partition("\n")[0].removesuffix(":") for problem in (*cell.result.problems, *cell.problems)]
    return [f"steered: {line}" for line in (*lines, *brief)]


def tell(cell: Checked, colour: bool = False) -> list[str]:
    """What is wrong with a cell."""
    plain = [line for problem in cell.problems for line in problem.splitlines()]
    return [*plain, *report.told(cell.result, colour=colour)]


def understood(
    given: list[str], table: type[Table], name: str, about: str = "", status: str = ""
) -> tuple[Table, list[Path], dict[str, Any]]:
    """Options, notebooks and values to set of a command line.

    Raises UsageError for what is none of them, SystemExit after `--help`.
    """
    parser = argparse.ArgumentParser(f"genart {name}", description=about, epilog=status)
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help=parameters.HELP)
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
    values = parameters.read(found.pop("set"))
    if not paths:
        raise UsageError("Which notebook?", f"genart {name} my.ipynb")
    return table.read(found), paths, values


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
