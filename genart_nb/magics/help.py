"""Help for people, generated from the Options."""

from __future__ import annotations

from collections.abc import Iterable

from genart_nb.arts.form import ArtForm
from genart_nb.magics.grammar import Common
from genart_nb.options import Options, OptionSpec


def help_text(form: ArtForm) -> str:
    """What `%%name?` and `%name --help` show."""
    example, needed = form.example or "the sea at night", _needed(form)
    given = ", ".join([repr(example), *(f"{name}={value!r}" for name, value in form.needs.items()), "seed=7"])
    return "\n".join(
        [
            form.help,
            "",
            f"    %%{form.name} {needed or _sample(form.options)}--seed 7 -o work",
            f"    {example}",
            "",
            f"or on one line: %{form.name} {needed}{example}",
            f"or in Python:   genart_nb.{form.name}({given})",
            "",
            "Options",
            *listing(form.options.table()),
            "",
            "Every magic takes",
            *listing(Common.table()),
            "",
            "{{expr}} puts a Python value into the prompt; @name uses an alias (%genart alias).",
        ]
    )


def shell_help(form: ArtForm, shared: Iterable[OptionSpec]) -> str:
    """What `genart NAME --help` prints."""
    example = form.example or "the sea at night"
    rows = (*form.options.table(), *shared)
    sample = f'    genart {form.name} {_needed(form)}"{example}" --seed 7'
    return "\n".join([form.help, "", sample, "", "Options", *listing(rows)])


def listing(rows: Iterable[OptionSpec]) -> list[str]:
    """One option a line: flag, what it takes, its default and what it does."""
    rows = list(rows)
    flags = [_flag(row) for row in rows]
    domains = ["" if row.kind == "bool" else row.domain for row in rows]
    broad = max(map(len, flags), default=0)
    wide = min(28, max(map(len, domains), default=0))
    lines = []
    for row, flag, domain in zip(rows, flags, domains, strict=True):
        if len(domain) > wide:
            domain += f"\n    {'':{broad}}  {'':{wide}}"
        lines.append(f"    {flag:{broad}}  {domain:{wide}}  {row.help}{_default(row)}".rstrip())
    return lines


def _flag(row: OptionSpec) -> str:
    return f"--[no-]{row.flag[2:]}" if row.kind == "bool" and row.default else row.flag


def _default(row: OptionSpec) -> str:
    return "" if row.default in (None, "", False) else f" (default {'on' if row.default is True else row.default})"


def _needed(form: ArtForm) -> str:
    flags = {row.name: row.flag for row in form.options.table()}
    return "".join(f"{flags[name]} {value} " for name, value in form.needs.items())


def _sample(table: type[Options]) -> str:
    first = next(iter(table.table()), None)
    return f"{first.flag} {first.choices[-1]} " if first and first.kind == "choice" else ""
