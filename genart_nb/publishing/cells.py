"""One cell's outputs, stored and made again: works are held against works, everything else to the letter."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from genart_nb import plugins
from genart_nb.artwork import MIME
from genart_nb.media.likeness import Verdict
from genart_nb.publishing.sameness import Judgement, Tier, judge
from genart_nb.publishing.stored import Work

WIDGET = "application/vnd.jupyter.widget-view+json"
SKIPPED = frozenset(
    ("metadata", "traceback", "prompt_number", "output_type", "name", "execution_count", "transient", WIDGET)
) | {"image/png", "image/jpeg"}
"""What nbval leaves out, so that both ways of checking agree (its plugin.py, `skip_compare`)."""

FAMILY = "application/vnd.genart."

Output = Mapping[str, Any]

_CARRIED = re.compile(r"^.*\r(?=[^\n])", re.MULTILINE)


@dataclass(frozen=True)
class CellResult:
    """What was found of one cell: a judgement for each pair of works, and what else is wrong, in words."""

    judgements: tuple[Judgement, ...] = ()
    problems: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the cell."""
        return not self.problems and all(each.passed for each in self.judgements)

    @property
    def drifted(self) -> bool:
        """Whether it passed, though a work is another rendering of what was stored, or excused for another."""
        return self.passed and any(each.comparison.verdict >= Verdict.DRIFTED for each in self.judgements)

    @property
    def moved(self) -> bool:
        """Whether a work was made elsewhere and came out otherwise."""
        return any(each.moved for each in self.judgements)


def judged(
    stored: Sequence[Output], made: Sequence[Output], tier: Tier = Tier.AUTO, *, moved: bool = False
) -> CellResult:
    """Hold the works of a cell against each other, in their order; `moved`: one of a cell before came out otherwise."""
    old, new = works(stored), works(made)
    pairs: list[Judgement] = []
    for one, other in zip(old, new, strict=False):
        pairs.append(judge(one, other, tier, moved=moved or any(each.moved for each in pairs)))
    problems = [
        f"stored by another version of genart_nb ({name}): genart accept stores it anew"
        for output in stored for name in output.get("data") or () if name.startswith(FAMILY) and name != MIME
    ]  # fmt: skip
    if len(old) != len(new):
        told = "; ".join(f"{name}: {', '.join(work.name for work in held) or 'none'}" for name, held in
                         (("stored", old), ("now", new)))  # fmt: skip
        problems.append(f"{_works(len(old))} stored, {_works(len(new))} now ({told})")
    return CellResult(tuple(pairs), tuple(problems))


def works(outputs: Sequence[Output]) -> list[Work]:
    """The works among outputs."""
    return [work for output in outputs if (work := Work.of(output)) is not None]


def others(outputs: Sequence[Output]) -> list[Any]:
    """Outputs that are no works and no live widgets: a widget is alive, so that it says nothing of what was made."""
    return [each for each in outputs if Work.of(each) is None and WIDGET not in (each.get("data") or {})]


def is_prompt(source: str) -> bool:
    """Whether a cell is a prompt to one of the art forms, so that a line with `#` in it is no comment."""
    found = re.match(r"\s*%%([a-z][a-z0-9_]*)\b", source)
    return bool(found) and found[1] in {*plugins.offered("arts"), "easel"}  # type: ignore[index]


def plainly_differ(stored: Sequence[Output], made: Sequence[Output]) -> Iterator[str]:
    """How the other outputs differ, as nbval compares them: by kind, each in its order, to the letter."""
    old, new = _by_kind(stored), _by_kind(made)
    if lost := sorted(set(old) - set(new)):
        yield f"the cell no longer gives {', '.join(lost)}"
    if fresh := sorted(set(new) - set(old)):
        yield f"the cell now gives {', '.join(fresh)} too"
    for kind in sorted(set(old) & set(new)):
        if old[kind] != new[kind]:
            yield "\n".join([f"{kind} differs:", *_diff(old[kind], new[kind])])


def _by_kind(outputs: Sequence[Output]) -> dict[str, list[Any]]:
    held: defaultdict[str, list[Any]] = defaultdict(list)
    streams: defaultdict[str, str] = defaultdict(str)
    for output in outputs:
        if output.get("output_type") == "stream":
            streams[str(output.get("name"))] += _joined(output.get("text", ""))
            continue
        for name, value in {**output, **(output.get("data") or {})}.items():
            if name not in SKIPPED and name != "data":
                held[name].append(_joined(value))
    for name, text in streams.items():
        held[name].append(_CARRIED.sub("", text))
    return held


def _diff(old: list[Any], new: list[Any]) -> list[str]:
    before, after = ("\n".join(map(str, values)).splitlines() for values in (old, new))
    lines = difflib.unified_diff(before, after, "stored", "now", lineterm="", n=1)
    return [line[:200] for _, line in zip(range(40), lines, strict=False)]


def _joined(value: Any) -> Any:
    return "".join(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else value


def _works(count: int) -> str:
    return f"{count} work" + "s" * (count != 1)
