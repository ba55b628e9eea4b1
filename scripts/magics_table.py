"""Write the README's table of magics from the art forms' own Options; `--check` fails if it is out of date."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from genart_nb.arts.form import art
from genart_nb.options import OptionSpec

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
SAMPLING = ("temperature", "top_p", "repetition_penalty")
BEGIN, END = "<!-- magics: written by scripts/magics_table.py -->", "<!-- end of magics -->"


def table() -> str:
    """Markdown table: one row an art form, its options with their ranges and defaults."""
    rows = ["| magic | makes | options (default) |", "|---|---|---|"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name in project["entry-points"]["genart_nb.arts"]:
        form = art(name)
        options = "<br>".join(
            f"`{row.flag}` {row.domain.replace('|', ' · ')}" + _default(row, form.kind)
            for row in form.options.table()
            if row.name not in SAMPLING
        )
        rows.append(f"| `%%{name}` | {form.help.splitlines()[0]} | {options} |")
    return "\n".join(rows)


def _default(row: OptionSpec, kind: str | None) -> str:
    if row.default is None:
        return " (auto)" if kind == "music" else " (the model's own)"
    return f" (`{row.default}`)" if row.default != "" else ""


def main() -> int:
    """Rewrite the table in place, or compare it."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    fresh = f"{before}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"
    if "--check" in sys.argv[1:]:
        if fresh != text:
            print("The README's table of magics is out of date: run `python scripts/magics_table.py`.")
        return int(fresh != text)
    README.write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
