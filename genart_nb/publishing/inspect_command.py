"""`genart inspect FILE...`: what files say of themselves, whether it is true, and the cell that makes the work again.

Exit status: 0 all are what they say, 1 something is wrong with one, 2 not understood, 3 nothing wrong, but one is not
ours or has lost its record.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from genart_nb.errors import UsageError
from genart_nb.gallery import Gallery
from genart_nb.models import registry
from genart_nb.publishing.inspect_file import Report, examine
from genart_nb.recipe import clean_text

FINE, WRONG, UNKNOWN = 0, 1, 3
LONGEST = 4000
"""Characters of a cell that are shown; `--json` has all of it."""

ABOUT = """Reads the recipe that a picture, song or clip carries, writes the cell that makes it again, and says whether
the recipe, the content and the signature are what they were when it was made. A file that has lost its recipe is looked
up in your gallery by its content; for another program's picture, its own words are shown."""
STATUS = "Exit status: 0 all are what they say; 1 something is wrong; 2 not understood; 3 not ours, or its recipe lost."


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"genart inspect: {message}.", "genart inspect picture.png")


def run(given: list[str]) -> int:
    """Inspect every file named; returns the exit status.

    Raises UsageError for a file that is not there, once all others have been told of.
    """
    parser = _Parser("genart inspect", description=ABOUT, epilog=STATUS)
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="everything, as JSON")
    if {"-h", "--help"} & set(given):
        print(parser.format_help())
        return FINE
    asked, gallery = parser.parse_args(given), Gallery()
    reports, lacking = [], []
    for path in asked.files:
        try:
            reports.append(examine(path.expanduser(), gallery))
        except UsageError as error:
            lacking.append(error)
    if asked.json and reports:
        told = [as_json(report) for report in reports]
        print(json.dumps(told if len(asked.files) > 1 else told[0], indent=2, ensure_ascii=True))
    elif reports:
        print("\n\n".join(map(as_text, reports)), flush=True)
    if lacking:
        raise UsageError(" ".join(error.what for error in lacking), lacking[0].fix)
    return max(map(status, reports), key=lambda each: (each == WRONG, each))


def status(report: Report) -> int:
    """The exit status for one file."""
    if report.faults:
        return WRONG
    return FINE if report.origin in ("ours", "gallery") else UNKNOWN


def as_text(report: Report) -> str:
    """The report for a terminal; what the file says can draw nothing there."""
    rows = [f"{report.path.name}: {_headline(report)}"]
    rows += [f"  {name:<10} {value}" for name, value in _facts(report).items() if value]
    rows += [f"  note       {note}" for note in report.notes]
    rows += [f"  WRONG      {fault}" for fault in report.faults]
    if report.cell:
        more = "\n..." if len(report.cell) > LONGEST else ""
        rows += ["", report.cell[:LONGEST] + more]
    return clean_text("\n".join(rows))


def as_json(report: Report) -> dict[str, Any]:
    """Everything of the report, as JSON carries it."""
    told = {
        "file": str(report.path), "status": status(report), "origin": report.origin, "faults": report.faults,
        "notes": report.notes, "content": report.content, "content_reason": report.content_told,
        "record": report.record, "cell": report.cell,
        "signature": asdict(report.signature) if report.signature else None, "unverified": report.unverified,
        "parameters": asdict(report.parameters) if report.parameters else None, "said": report.said,
        "gallery": report.entry.id if report.entry else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "", (), {})}


def _headline(report: Report) -> str:
    if report.origin == "ours" and report.record:
        partial = ", stopped before it was done" if report.record.get("partial") else ""
        part = f", number {_short(report.record['part'])} of a sheet" if "part" in report.record else ""
        return f"made with {_short(report.record.get('software', 'genart_nb'))}{part}{partial}"
    if report.origin == "gallery" and report.entry:
        return f"it carries no recipe, but is work {report.entry.id} of your gallery"
    software = _short((report.said or {}).get("software") or "another program")
    if software.startswith("genart_nb"):
        return f"made with {software}, but its record is lost"
    if report.origin == "foreign":
        return f"not made with genart_nb; {software} made it"
    if report.path.suffix == ".ipynb":
        return "a notebook; `genart check` tells whether it still gives what it shows"
    return "it says nothing of how it was made; if it was made here, its metadata was stripped and its content changed"


def _facts(report: Report) -> Mapping[str, str]:
    recipe = report.recipe
    told = {"recipe": "", "content": _CONTENT.get(report.content, ""), "signature": _signed(report), "model": ""}
    if recipe:
        told["recipe"] = f"{recipe.digest} · {recipe.art} · seed {recipe.seed}"
        told["model"] = _model(recipe.model, recipe.revision)
        told["drawn from"] = _drawn_from(report.record or {})
    if report.content in ("close", "unread"):
        told["content"] += f" ({_short(report.content_told)})"
    if report.parameters and report.origin == "foreign":
        pairs = ", ".join(f"{name}: {value}" for name, value in report.parameters.settings.items())
        told["settings"] = _short(pairs, 600)
    told["comment"] = _short((report.said or {}).get("comment", ""), 300)
    return told


_CONTENT = {
    "same": "the same to the last bit as when it was made",
    "close": "close to what was made, not the same: saved in another format, or retouched",
    "different": "another than what was made",
    "unread": "not compared",
}


def _signed(report: Report) -> str:
    if report.unverified:
        return report.unverified
    if report.signature is None:
        return "none"
    who = _short(report.signature.signer or "somebody")
    kind = report.signature.source_type.rsplit("/", 1)[-1]
    told = {
        "ours": f"whole, made on this computer ({who})",
        "foreign": f"whole, by somebody this computer does not know, who calls themselves {who!r}",
        "broken": "broken",
    }
    return told[report.signature.state] + (f"; {_short(kind)}" if kind else "")


def _model(name: str, revision: str) -> str:
    if name == "none":
        return "none"
    known = next((card for card in registry.cards() if card.id == name), None)
    licence = f", {known.licence}" if known else ", which is not among yours"
    return _short(f"{name} {revision[:12]}".strip()) + licence


def _drawn_from(record: Mapping[str, Any]) -> str:
    """The drawings it was made from, with their licences."""
    try:
        references = record["facts"]["references"]
        named = [f"{each['name']} ({each['set']}, {each['licence']})" for each in references]
    except (KeyError, TypeError):
        return ""
    return textwrap.shorten(", ".join(dict.fromkeys(map(str, named))), 600)


def _short(text: Any, longest: int = 120) -> str:
    return textwrap.shorten(clean_text(str(text)), longest, placeholder=" ...")
