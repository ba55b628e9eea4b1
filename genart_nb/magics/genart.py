"""`%genart`: everything that is not making a work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from genart_nb.arts.form import art, names
from genart_nb.errors import UsageError
from genart_nb.magics import jobs, models, page, shelf, works
from genart_nb.magics.commands import Call, Subcommand
from genart_nb.magics.grammar import Common, Word, parse
from genart_nb.magics.help import listing
from genart_nb.magics.interpolate import Scope
from genart_nb.magics.page import Page
from genart_nb.options import nearest
from genart_nb.studio import studio
from genart_nb.writing import options as rendered

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def answer(
    words: Sequence[Word], shell: InteractiveShell | None = None, scope: Scope | None = None, line: str = ""
) -> Any:
    """Run the subcommand that the first word names."""
    if not words or words[0].text in ("help", "--help", "-h", "?"):
        return overview() if len(words) < 2 else usage(subcommand(words[1].text))
    chosen = subcommand(words[0].text)
    if chosen is ALIAS:
        return alias(words[1:], scope, line)
    command = parse(words[1:], chosen.flags, line=line)
    command = command.filled(scope) if scope else command
    if command.help:
        return usage(chosen)
    return chosen.answer(Call(command, chosen.flags.read(command.of(chosen.flags)), shell))


def subcommand(name: str) -> Subcommand:
    """The subcommand of that name; raises UsageError with the nearest."""
    if name in COMMANDS:
        return COMMANDS[name]
    guess = nearest(name, COMMANDS)
    hint = f"did you mean `%genart {guess}`?" if guess else "`%genart` alone lists what there is"
    raise UsageError(f"%genart has no subcommand {name!r}.", hint)


def overview() -> Page:
    """What bare `%genart` shows."""
    first = next(iter(sorted(set(names()) & {"poem"}) or names()), "poem")
    rows = [(f"%genart {each.name} {each.usage}", each.help) for each in COMMANDS.values()]
    arts = ", ".join("%%" + name for name in names())
    return page.joined(
        page.lines("Write a prompt in a cell:"),
        page.listing(f"%%{first} --seed 7 -o work\n{_example(first)}"),
        page.lines(
            "Another seed gives another work; {{work}} puts this one into the next prompt, and "
            f"`%easel work` a picture or a song under sliders. `%{first}?` lists the options.\nArt forms: {arts}"
        ),
        page.table(("command", "what it does"), rows),
    )


def usage(chosen: Subcommand) -> Page:
    """Help of one subcommand."""
    head = f"%genart {chosen.name} {chosen.usage}".rstrip()
    return page.listing("\n".join([head, f"  {chosen.help}", *listing(chosen.flags.table())]))


def alias(words: Sequence[Word], scope: Scope | None = None, line: str = "") -> Page:
    """Name a set of options: `%genart alias epic poem --form sonnet`; without words, list the names."""
    desk = studio()
    if not words:
        rows = [(f"@{name}", f"%%{form}", rendered(given)) for name, (form, given) in desk.aliases.items()]
        foot = f"`%genart alias {ALIAS.usage}`"
        return page.table(("alias", "for", "options"), rows, empty=f"No alias is set. {foot}", foot=foot)
    if len(words) < 2:
        raise UsageError("An alias needs an art form.", f"`%genart alias {ALIAS.usage}`")
    name, form = words[0].text.removeprefix("@"), art(words[1].text)
    command = parse(words[2:], Common, form.options, line=line)
    command = command.filled(scope) if scope else command
    if command.words or command.alias:
        raise UsageError("An alias holds options only.", f"`%genart alias {ALIAS.usage}`")
    shared = Common.read(command.of(Common)).model_dump(include={"seed", "model"} & set(command.values))
    own = form.options.read(command.of(form.options)).model_dump(include=set(command.values), mode="json")
    desk.alias(name, form.name, {**shared, **own})
    return page.lines(f"@{name} stands for %%{form.name} {rendered({**shared, **own})}")


def reset(call: Call) -> Page:
    """Forget conversations."""
    count = len(studio().conversations)
    studio().reset()
    return page.lines(f"Forgot {count} conversation{'' if count == 1 else 's'}." if count else "Nothing to forget.")


def doctor(call: Call) -> Page:
    """What is installed and what is missing."""
    from genart_nb import doctor as checks

    report = checks.report()
    return Page(checks.as_text(report), checks.as_html(report))


def _example(name: str) -> str:
    try:
        return art(name).example or "the sea at night"
    except UsageError:
        return "the sea at night"


def _help(call: Call) -> Page:
    return overview()


def _alias(call: Call) -> Page:
    return alias(call.words)


ALIAS = Subcommand("alias", "NAME ART [--option value ...]", "name a set of options, for `%%ART @NAME`", _alias)
COMMANDS = {
    each.name: each
    for each in (
        jobs.STATUS, jobs.CANCEL, models.MODELS, models.MODEL, works.LAST, works.REMAKE, works.CODE, works.SCAN,
        shelf.GALLERY, ALIAS,
        Subcommand("reset", "", "forget what was said in %%chat", reset),
        Subcommand("doctor", "", "what is installed, what is missing, and what fixes it", doctor),
        Subcommand("help", "[SUBCOMMAND]", "this page, or one subcommand's", _help),
    )
}  # fmt: skip
