"""Completions of magics, through IPython, so that JupyterLab, consoles and VS Code share them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from genart_nb.arts.form import art, names
from genart_nb.artwork import Artwork
from genart_nb.errors import GenartError
from genart_nb.magics.easel import FORM
from genart_nb.magics.genart import COMMANDS
from genart_nb.magics.grammar import SHORT, Common
from genart_nb.models import registry
from genart_nb.options import Options, OptionSpec
from genart_nb.studio import studio

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext, SimpleMatcherResult
    from IPython.core.interactiveshell import InteractiveShell

_MAGIC = re.compile(r"(?:.*?[=\s(])??%{1,2}(\w+)[ \t]")
_INSIDE = re.compile(r"\{\{\s*([^\W\d]\w*)?\Z")
_WORD = re.compile(r"\S*\Z")

_MEDIA = {"picture": ("picture",), "pictures": ("picture",), "moving": ("picture", "clip"), "song": ("song",),
          "subject": ("text", "picture", "clip")}  # fmt: skip
"""Media that an option can take, by its `takes`; a `takes` that is not here takes every work."""

Found = Iterator[tuple[str, str]]
"""(text, type) of each completion."""


class Completions:
    """One matcher for all magics of a shell."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell

    def match(self, context: CompletionContext) -> SimpleMatcherResult:
        """What could stand at the cursor; nothing where no magic is being typed."""
        from IPython.core.completer import SimpleCompletion

        typed, found = self._find(context)
        chosen = [SimpleCompletion(text, type=kind) for text, kind in found if text.startswith(typed)]
        return {"completions": chosen, "matched_fragment": typed, "suppress": bool(chosen), "ordered": True}

    def _find(self, context: CompletionContext) -> tuple[str, Iterable[tuple[str, str]]]:
        line = context.text_until_cursor
        cell_magic = _known(context.full_text.lstrip().split("\n", 1)[0], "%%")
        begun = _MAGIC.match(line)
        in_body = bool(cell_magic) and context.cursor_line > 0
        if in_body or (begun and begun[1] in _ours()):
            inside = _INSIDE.search(line)
            if inside:
                return inside[1] or "", self._variables()
        if in_body or begun is None or begun[1] not in _ours():
            return "", ()
        typed = _WORD.search(line)
        fragment = typed[0] if typed else ""
        before = line[begun.end() : len(line) - len(fragment)].split()
        flag, equals, value = fragment.partition("=")
        if equals and flag.startswith("--"):
            return value, self._after(begun[1], [*before, flag], value)
        return fragment, self._after(begun[1], before, fragment)

    def _after(self, magic: str, before: list[str], typed: str) -> Found:
        if magic == "genart":
            yield from self._genart(before, typed)
            return
        if magic == "easel":
            yield from self._easel(before, typed)
            return
        tables = (Common, _options(magic))
        previous = before[-1] if before else ""
        if _takes_value(previous, tables):
            yield from self._values(previous, tables, magic, typed)
        elif typed.startswith("@") or (not before and not typed):
            yield from ((f"@{alias}", "alias") for alias, (form, _) in studio().aliases.items() if form == magic)
        if not _takes_value(previous, tables) and not typed.startswith("@"):
            yield from _flags(tables, before)

    def _easel(self, before: list[str], typed: str) -> Found:
        """A work or an art form first, then what that form takes."""
        if before:
            form, rest = (before[0], before[1:]) if before[0] in names() else (FORM, before)
            yield from self._after(form, rest, typed)
            return
        yield from self._works()
        yield from ((name, "art") for name in names())
        yield from _flags((Common, _options(FORM)), [])

    def _genart(self, before: list[str], typed: str) -> Found:
        if not before:
            yield from ((name, "subcommand") for name in COMMANDS)
            return
        name, *rest = before
        if name == "alias" and len(rest) > 1:
            yield from self._after(rest[1], rest[2:], typed)
            return
        table = (COMMANDS[name].flags,) if name in COMMANDS else ()
        if rest and _takes_value(rest[-1], table):
            yield from self._values(rest[-1], table, "", typed)
            return
        if not typed.startswith("-"):
            yield from self._subjects(name, rest)
        yield from _flags(table, rest)

    def _subjects(self, name: str, rest: list[str]) -> Found:
        if name == "alias" and len(rest) == 1:
            yield from ((each, "art") for each in names())
        elif name == "model":
            kinds = list(studio().models)
            yield from ((kind, "kind") for kind in kinds if not rest)
            yield from self._models(rest[0] if rest and rest[0] in kinds else None)
        elif name == "cancel":
            yield from ((job.id, job.recipe.art) for job in studio().engine.jobs())
            yield "all", "every job"
        elif name in ("last", "remake", "code", "scan"):
            yield from ((each, "work") for each, value in self._shell.user_ns.items() if isinstance(value, Artwork))
        elif name == "help":
            yield from ((each, "subcommand") for each in COMMANDS)

    def _values(self, flag: str, tables: Iterable[type[Options]], magic: str, typed: str) -> Found:
        row = _rows(tables).get(SHORT.get(flag) or _name(flag, tables))
        if row is None:
            return
        yield from ((choice, "choice") for choice in row.choices)
        if row.name in ("model", "free", "pin", "unpin"):
            yield from self._models(None)
        elif row.name == "art":
            yield from ((name, "art") for name in names())
        elif row.name == "out":
            yield from self._works()
        elif row.takes == "pictures":  # a blend: what is offered is its last part
            begun = typed[: typed.rfind(",") + 1]
            used = {part.partition(":")[0] for part in begun.split(",")}
            parts = (*self._taken(row.takes), *_known_to_models(magic, row.name))
            yield from ((begun + name, kind) for name, kind in parts if name not in used)
        elif row.takes:
            yield from self._taken(row.takes)
        elif not row.choices:
            yield from _known_to_models(magic, row.name)

    def _taken(self, takes: str) -> Found:
        """Variables that an option can take: works of its media, then pictures or songs that are no works."""
        media, found = _MEDIA.get(takes), []
        for name, value in self._shell.user_ns.items():
            if name.startswith("_"):
                continue
            if isinstance(value, Artwork):
                if media is None or value.medium_name.partition("-")[0] in media:
                    yield name, "work"
            elif media and _bare(value) in media:
                found.append((name, type(value).__name__))
        yield from found

    def _models(self, kind: str | None) -> Found:
        yield from ((card.id, card.kind) for card in registry.cards(kind))

    def _works(self) -> Found:
        yield from ((each, "work") for each, value in self._shell.user_ns.items() if isinstance(value, Artwork))

    def _variables(self) -> Found:
        """The notebook's own names, works first."""
        hidden = self._shell.user_ns_hidden
        yield from self._works()
        for name, value in self._shell.user_ns.items():
            if not (name.startswith("_") or name in hidden or isinstance(value, Artwork)):
                yield name, type(value).__name__


def _ours() -> set[str]:
    return {*names(), "genart", "easel"}


def _known(line: str, sign: str) -> str:
    found = re.match(rf"{sign}(\w+)", line)
    return found[1] if found and found[1] in (*names(), "easel") else ""


def _options(magic: str) -> type[Options]:
    try:
        return art(magic).options
    except GenartError:
        return Options


def _rows(tables: Iterable[type[Options]]) -> dict[str, OptionSpec]:
    return {row.name: row for table in tables for row in table.table()}


def _name(flag: str, tables: Iterable[type[Options]]) -> str:
    """The option that a flag stands for: `--from` is `from_`."""
    name, rows = flag.lstrip("-").replace("-", "_"), _rows(tables)
    return f"{name}_" if name not in rows and f"{name}_" in rows else name


def _bare(value: object) -> str:
    """The medium of a value that is no work; `""` for anything else."""
    from genart_nb.media.clip import Clip
    from genart_nb.media.song import Song

    if isinstance(value, Song | Clip):
        return "song" if isinstance(value, Song) else "clip"
    return "picture" if hasattr(type(value), "__array_interface__") else ""


def _known_to_models(magic: str, option: str) -> Found:
    """Values of an option that models of this magic's kind name on their cards."""
    with contextlib.suppress(GenartError):
        kind = art(magic).kind if magic else None
        known = dict.fromkeys(choice for card in registry.cards(kind) for choice in card.choices.get(option, ()))
        yield from ((choice, "choice") for choice in known if kind)


def _takes_value(flag: str, tables: Iterable[type[Options]]) -> bool:
    if not flag.startswith("-"):
        return False
    row = _rows(tables).get(SHORT.get(flag) or _name(flag, tables))
    return row is not None and row.kind != "bool"


def _flags(tables: Iterable[type[Options]], used: list[str]) -> Found:
    taken = {word.partition("=")[0].replace("_", "-") for word in used}
    for row in _rows(tables).values():
        if row.flag not in taken:
            yield row.flag, row.domain
        if row.kind == "bool" and row.default is True and f"--no-{row.flag[2:]}" not in taken:
            yield f"--no-{row.flag[2:]}", "off"
