"""Completions, asked of IPython as a front end asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from test_cells import run

Complete = Callable[[str], list[str]]


@pytest.fixture
def complete(shell: InteractiveShell) -> Complete:
    """What the text would become, `|` standing for the cursor (the end if there is none)."""

    def complete(text: str) -> list[str]:
        offset = text.index("|") if "|" in text else len(text)
        text = text.replace("|", "")
        with provisionalcompleter():
            found = list(shell.Completer.completions(text, offset))
        return [text[: each.start] + each.text for each in found]

    return complete


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%%od", "%%ode"),
        ("%gen", "%genart"),
        ("%%ode --fo", "%%ode --form"),
        ("%%ode ", "%%ode --lines"),
        ("%%ode -", "%%ode --seed"),
        ("%%ode --form ha", "%%ode --form haiku"),
        ("%%ode --form=", "%%ode --form=sonnet"),
        ("%%ode --lines 3 --no-l", "%%ode --lines 3 --no-loud"),
        ("%%ode --fo|\nthe sea", "%%ode --form"),
        ("x = %ode --vo", "x = %ode --voice"),
        ("    %ode the sea --vo", "    %ode the sea --voice"),
        ("%%ode --model smo", "%%ode --model smollm2-135m"),
        ("%%ode @ep", "%%ode @epic"),
        ("%%ode -o fo", "%%ode -o fox"),
        ("%%ode\nthe tale of {{fo", "%%ode\nthe tale of {{fox"),
        ("%%ode\nthe tale of {{ fo", "%%ode\nthe tale of {{ fox"),
        ("%ode about {{tit", "%ode about {{title"),
        ("%genart sta", "%genart status"),
        ("%genart models --fr", "%genart models --free"),
        ("%genart model te", "%genart model text"),
        ("%genart model text smo", "%genart model text smollm2-135m"),
        ("%genart alias x od", "%genart alias x ode"),
        ("%genart alias x ode --form so", "%genart alias x ode --form sonnet"),
        ("%genart remake fo", "%genart remake fox"),
        ("%genart gallery --art ta", "%genart gallery --art talk"),
        ("%genart help sc", "%genart help scan"),
        ("%genart cancel a", "%genart cancel all"),
    ],
)
def test_offered(shell: InteractiveShell, complete: Complete, typed: str, offered: str) -> None:
    run(shell, "%%ode -o fox\nx")
    run(shell, "%genart alias epic ode --lines 2")
    run(shell, "title = 'The Sea'")
    assert offered in complete(typed)


@pytest.mark.parametrize("typed", ["%%ode\nthe --fo", "%%ode\nmore --form ", "x = 5 % ode --fo", "# %%ode --fo\n--fo"])
def test_no_options_in_prose_or_python(complete: Complete, typed: str) -> None:
    assert not [each for each in complete(typed) if "--form" in each.removeprefix(typed) or each.endswith("haiku")]


def test_options_already_given_are_not_offered_again(complete: Complete) -> None:
    assert "%%ode --form haiku --form" not in complete("%%ode --form haiku --")


def test_works_come_before_other_names(shell: InteractiveShell, complete: Complete) -> None:
    run(shell, "fable = 1")
    run(shell, "%%ode -o fox\nx")
    found = complete("%%ode\n{{f")
    assert found.index("%%ode\n{{fox") < found.index("%%ode\n{{fable")


def test_an_art_form_that_cannot_be_imported_breaks_nothing(complete: Complete) -> None:
    from importlib.metadata import EntryPoint

    import doubles

    doubles.DOUBLES["broken"] = EntryPoint("broken", "no_such_module:X", "genart_nb.arts")
    try:
        assert "%broken --seed" in complete("%broken --se")
    finally:
        del doubles.DOUBLES["broken"]
