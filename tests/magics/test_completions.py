"""Completions, asked of IPython as a front end asks."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from test_cells import run

from genart_nb.magics import completions
from genart_nb.options import Options, option

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))

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


@pytest.fixture
def shelf(shell: InteractiveShell) -> InteractiveShell:
    """A shell with a work of every medium in variables, and a picture and a song that are no works."""
    from PIL import Image
    from tunes import scale

    from genart_nb.artwork import Artwork
    from genart_nb.media.clip import Clip
    from genart_nb.recipe import Recipe

    recipe = Recipe(art="ode", prompt="x", model="none", seed=1)
    still = Image.new("RGB", (8, 8))
    held = {
        "verse_work": Artwork(recipe, "la la", "text"),
        "still_work": Artwork(recipe, still, "picture"),
        "walk_work": Artwork(recipe, Clip((still, still), 2.0, "gif"), "clip-gif"),
        "tune_work": Artwork(recipe, scale(), "song"),
        "still_bare": still,
        "tune_bare": scale(),
        "walk_bare": Clip((still, still)),
        "_hidden_work": Artwork(recipe, scale(), "song"),
        "number": 7,
    }
    shell.user_ns.update(held)
    return shell


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%%compose --continue ", ["tune_work", "tune_bare"]),
        ("%%compose --harmonise=", ["tune_work", "tune_bare"]),
        ("%%restyle --from ", ["still_work", "walk_work", "still_bare", "walk_bare"]),
        ("%%paint --init ", ["still_work", "still_bare"]),
        ("%%restyle --style ", ["still_work", "still_bare"]),
        ("%%restyle --style still_work:0.6,", ["still_bare"]),
    ],
)
def test_an_option_that_takes_a_work_is_offered_those_of_its_media(
    shelf: InteractiveShell, complete: Complete, typed: str, offered: list[str]
) -> None:
    found = [each.removeprefix(typed) for each in complete(typed)]
    assert [each for each in found if each.endswith(("_work", "_bare"))] == offered
    assert "number" not in found and "_hidden_work" not in found


def test_a_takes_that_nobody_knows_is_offered_every_work(
    shelf: InteractiveShell, complete: Complete, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Anything(Options):
        about: str = option("", "any work", takes="work")

    monkeypatch.setattr(completions, "_options", lambda magic: Anything)
    found = [each.removeprefix("%%ode --about ") for each in complete("%%ode --about ")]
    assert found == ["verse_work", "still_work", "walk_work", "tune_work"]


def test_styles_that_models_know_are_offered_one_after_another(complete: Complete) -> None:
    assert "%%restyle --style waves" in complete("%%restyle --style wa")
    assert "%%restyle --style=leadlight:0.5,waves" in complete("%%restyle --style=leadlight:0.5,wa")
    offered = complete("%%restyle --style waves:0.5,w")
    assert "%%restyle --style waves:0.5,weave" in offered and not any(each.endswith(",waves") for each in offered)
    assert "%%paint --style flat" in complete("%%paint --style fl")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("%easel tune", "%easel tune_work"),
        ("%easel comp", "%easel compose"),
        ("%easel compose --sty", "%easel compose --style"),
        ("%%easel compose --style ho", "%%easel compose --style hornpipe"),
        ("%easel --fre", "%easel --freedom"),
        ("x = %easel compose --continue tune_b", "x = %easel compose --continue tune_bare"),
    ],
)
def test_an_easel_is_completed_as_the_art_form_on_it(
    shelf: InteractiveShell, complete: Complete, typed: str, offered: str
) -> None:
    assert offered in complete(typed)
