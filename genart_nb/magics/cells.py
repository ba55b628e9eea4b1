"""`%%poem` and its sisters: from a cell to a recipe, a job and a work."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from types import CodeType
from typing import TYPE_CHECKING, Any

from genart_nb import inputs
from genart_nb.arts.form import ArtForm, art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import UsageError
from genart_nb.magics.display import view_of
from genart_nb.magics.follow import follow, follow_later, keep
from genart_nb.magics.grammar import Command, Common, parse, split
from genart_nb.magics.help import help_text
from genart_nb.magics.interpolate import Scope
from genart_nb.magics.lineage import sources
from genart_nb.options import Options, nearest
from genart_nb.recipe import Recipe
from genart_nb.studio import studio

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def run(
    shell: InteractiveShell, name: str, line: str, cell: str | None, local: Mapping[str, Any] | None = None
) -> Artwork | Job | None:
    """Make the work that a cell asks for, show it while it grows, and return it; with --bg, return its job."""
    form = art(name)
    command = parse(split(line), Common, form.options, line=line)
    if command.help:
        print(help_text(form))
        return None
    recipe, common = written(form, command, cell, scope_of(shell, local))
    view = view_of(shell, recipe, alone=cell is not None, later=common.bg)
    job = studio().make(recipe)
    if common.bg:
        return follow_later(job, view, studio(), shell, common.out)
    return follow(job, view, lambda work: keep(studio(), shell, common.out, work))


def written(form: ArtForm, command: Command, cell: str | None, scope: Scope) -> tuple[Recipe, Common]:
    """The recipe that a cell asks for, and what else it asks."""
    body = cell if cell and cell.strip() else ""
    if body and command.words:
        stray = command.words[0].text
        raise UsageError(f"{stray!r} stands on the magic line, where only options go.", "move it into the cell below")
    if not Common.read({"raw": command.values.get("raw", False)}).raw:
        command, body = command.filled(scope), scope.fill(body, form.said)
    alias = _alias(command.alias, form)
    common = Common.read({**_picked(alias, Common), **command.of(Common)})
    if common.out and (not common.out.isidentifier() or keyword.iskeyword(common.out)):
        kept = keyword.iskeyword(common.out)
        fix = f"Python keeps that word for itself: -o {common.out}_" if kept else "use letters, digits and underscores"
        raise UsageError(f"-o {common.out!r} cannot name a variable.", fix)
    options = {**_picked(alias, form.options), **_pictured(form, command.of(form.options), scope)}
    prompt, painted = form.holds(body or command.text, lambda name: studio().recalled(scope.held(name)))
    used = sources(scope.works)
    used += [each for each in painted if each.digest not in {work.recipe.digest for work in scope.works}]
    recipe = studio().recipe(form.name, prompt, options, model=common.model, seed=common.seed, sources=used)
    return recipe, common


def scope_of(shell: InteractiveShell, local: Mapping[str, Any] | None = None) -> Scope:
    """Where `{{expr}}` looks: the names around the magic, then the notebook's."""
    names = local if local is not None else shell.user_ns

    def evaluate(code: CodeType) -> Any:
        return eval(code, shell.user_global_ns, names)  # noqa: S307 (the notebook's own code, as in any cell)

    return Scope(evaluate, lambda: {*names, *shell.user_ns})


def _alias(name: str, form: ArtForm) -> Mapping[str, Any]:
    if not name:
        return {}
    aliases = {alias: options for alias, (owner, options) in studio().aliases.items() if owner == form.name}
    if name not in aliases:
        guess = nearest(name, aliases)
        hint = f"did you mean @{guess}? " if guess else ""
        raise UsageError(
            f"There is no alias @{name} for %%{form.name}.", f"{hint}`%genart alias {name} {form.name} --option value`"
        )
    return aliases[name]


def _pictured(form: ArtForm, options: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The options, where a picture or song is wanted and a variable is named with the variable's value."""
    takes = {row.name: row.takes for row in form.options.table()}

    def meant(name: str, value: Any) -> Any:
        if takes.get(name) == "pictures":
            return inputs.blended(value, scope.held)
        return scope.held(value) if takes.get(name) else value

    return {name: meant(name, value) for name, value in options.items()}


def _picked(options: Mapping[str, Any], table: type[Options]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in table.model_fields}
