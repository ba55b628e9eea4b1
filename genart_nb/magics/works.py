"""`%genart last | remake | code | scan`: what can be asked of a finished work."""

from __future__ import annotations

import json

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import UsageError
from genart_nb.magics import page
from genart_nb.magics.commands import Call, Subcommand
from genart_nb.magics.display import view_of
from genart_nb.magics.follow import follow, keep
from genart_nb.magics.page import Page
from genart_nb.options import Options, option
from genart_nb.studio import studio
from genart_nb.twins import restore, wait
from genart_nb.writing import cell, python


class LastFlags(Options):
    """What `%genart last` takes."""

    recipe: bool = option(False, "its recipe as JSON")


class RemakeFlags(Options):
    """What `%genart remake` takes."""

    out: str = option("", "also -o: variable for the new work")


class CodeFlags(Options):
    """What `%genart code` takes."""

    cell: bool = option(False, "as a cell magic")


def last(call: Call) -> Artwork | Page:
    """The last work again, or its recipe."""
    work = named(call)
    if call.flags.recipe:
        return page.listing(json.dumps(work.recipe.model_dump(mode="json"), indent=2, ensure_ascii=False))
    return work


def remake(call: Call) -> Page:
    """Make a work again and compare the two by their content."""
    first = named(call)
    restore(first.recipe)
    job = studio().make(first.recipe)
    if call.shell is None:
        again = wait(job)
    else:
        shell = call.shell
        again = follow(job, view_of(shell, first.recipe), lambda work: keep(studio(), shell, call.flags.out, work))
    if call.shell is not None and first.fingerprint != again.fingerprint:
        from IPython.display import display

        display(again)  # type: ignore[no-untyped-call]
    return page.lines(verdict(first, again))


def verdict(first: Artwork, again: Artwork) -> str:
    """Whether two works have the same content, in words."""
    then, now = first.fingerprint["sha256"], again.fingerprint["sha256"]
    if first.partial:
        return f"Made to the end now; the first was stopped early, so the two cannot be the same. sha256 {now}"
    if then == now:
        return f"Same: recipe {again.recipe.digest} gave the same work again. sha256 {now}"
    return (
        f"Different: recipe {again.recipe.digest} gave another work than before. sha256 {then} then, {now} now.\n"
        f"  Other versions of a library or another device can do that: `%genart doctor` lists them."
    )


def code(call: Call) -> Page:
    """The Python, or the cell, that makes a work again."""
    work = named(call)
    return page.listing(cell(work.recipe, here=True) if call.flags.cell else python(work.recipe))


def scan(call: Call) -> Page:
    """The scansion of a poem: syllables, stresses and rhyme."""
    from genart_nb.arts import scansion

    work = named(call)
    if work.medium_name != "text":
        fix = "name a poem: `%genart scan NAME`, or the digest of its recipe"
        raise UsageError(f"{work!r} has no words to scan.", fix)
    scanned = scansion.scan_poem(str(work))
    return Page(scansion.as_text(scanned), scansion.figure(scanned))


def named(call: Call) -> Artwork:
    """The work meant: a variable, the beginning of a recipe's digest, or by default the last one."""
    name = call.word("-")
    if name == "-":
        newest = studio().last
        if newest is None:
            raise UsageError("Nothing has been made here yet.", "make something: `%poem the sea`")
        return newest
    held = call.shell.user_ns.get(name) if call.shell else None
    if isinstance(held, Artwork):
        return held
    if isinstance(held, Job):
        return held.artwork()
    found = studio().gallery.search(digest=name.lower(), limit=1)
    if not found:
        what = f"{name!r} is neither a work in a variable nor a recipe in the gallery."
        raise UsageError(what, "`%genart gallery` lists recipes")
    return studio().gallery.get(found[0].id)


LAST = Subcommand("last", "[NAME] [--recipe]", "the last work, or its recipe", last, LastFlags)
REMAKE = Subcommand(
    "remake", "[NAME | DIGEST]", "make a work again, and tell whether it is the same", remake, RemakeFlags
)
CODE = Subcommand("code", "[NAME | DIGEST] [--cell]", "Python, or a cell, that makes a work again", code, CodeFlags)
SCAN = Subcommand("scan", "[NAME | DIGEST]", "syllables, stresses and rhyme of a poem, as a figure", scan)
