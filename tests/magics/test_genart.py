"""`%genart`: answers, refusals, and that a recipe's code makes the recipe."""

from __future__ import annotations

import json
from typing import Any

import pytest
from drill import recipe
from IPython.core.interactiveshell import InteractiveShell
from test_cells import run

from genart_nb.artwork import Artwork
from genart_nb.engines.fake import FakeEngine
from genart_nb.errors import GenartError, ModelNotFoundError, UsageError
from genart_nb.events import Token
from genart_nb.magics.genart import COMMANDS
from genart_nb.magics.page import Page, table
from genart_nb.models.card import Folder, ModelCard
from genart_nb.models.residency import Residency
from genart_nb.studio import Studio


def ask(shell: InteractiveShell, line: str) -> Any:
    return run(shell, f"%genart {line}")


def test_bare_says_what_to_try_first(shell: InteractiveShell) -> None:
    said = str(ask(shell, ""))
    assert "%%poem --seed 7" in said
    assert all(f"%genart {name}" in said for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_subcommand_has_help(shell: InteractiveShell, name: str) -> None:
    for line in (f"help {name}", f"{name} --help") if name not in ("alias", "help") else (f"help {name}",):
        assert f"%genart {name}" in str(ask(shell, line))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("gallry", "did you mean `%genart gallery`"),
        ("xyzzy", "`%genart` alone lists"),
        ("models --fre x", "did you mean --free"),
        ("models --free nobody", "not in memory"),
        ("model nobody", "`%genart model text nobody`"),
        ("model text a b", "one word too many"),
        ("last", "Nothing has been made"),
        ("remake 0123abcd", "neither a work in a variable nor a recipe"),
        ("cancel 123 456", "one word too many"),
        ("gallery --open 99", "no work 99"),
        ("gallery --favourite 99", "no work 99"),
        ("gallery --art odd", "did you mean ode"),
        ("gallery --limit 0", "1..1000"),
        ("alias epic", "needs an art form"),
        ("alias epic odd", "did you mean ode"),
        ("alias epic ode --form epic", "--form has no choice"),
        ("alias epic ode --lines 0", "1..1000"),
        ("alias a-b ode", "cannot be an alias"),
        ("alias epic ode stray", "options only"),
        ("code 'x", "never closed"),
    ],
)
def test_refusals_name_the_remedy(shell: InteractiveShell, line: str, told: str) -> None:
    with pytest.raises(GenartError, match="Fix: ") as caught:
        ask(shell, line)
    assert told in str(caught.value)


def test_status_and_cancel(shell: InteractiveShell, desk: Studio) -> None:
    assert "No job is running" in str(ask(shell, "status"))
    assert "No job is running" in str(ask(shell, "cancel"))
    jobs = [run(shell, f"%%ode --bg --pause 0.05 --lines 500\nwave <{number}>") for number in range(3)]
    said = str(ask(shell, "status"))
    assert all(job.id in said for job in jobs) and "wave <1>" in said
    assert "wave &lt;1&gt;" in ask(shell, "status").html
    ask(shell, f"cancel {jobs[1].id[:8]}")
    with pytest.raises(UsageError, match="No job"):
        ask(shell, "cancel nope")
    ask(shell, "cancel")
    ask(shell, "cancel all")
    for job in jobs:
        with pytest.raises(GenartError, match="stopped"):
            job.artwork(10)


def test_every_kind_has_a_model_that_is_used(shell: InteractiveShell) -> None:
    marked = [line for line in str(ask(shell, "models")).splitlines() if line.startswith("• ")]
    kinds = [line.split()[0] for line in str(ask(shell, "model")).splitlines()[1:]]
    assert {"text", "picture", "music", "style"} <= set(kinds) and len(set(kinds)) == len(kinds)
    assert {line.split()[2] for line in marked[:-1]} == set(kinds)
    assert "composer" in str(ask(shell, "model music")) and "painter" not in str(ask(shell, "model music"))


def test_models_in_memory(shell: InteractiveShell, desk: Studio, tmp_path: Any) -> None:
    class Weights:
        nbytes = 5_000_000

        def close(self) -> None:
            pass

    house = Residency(load=lambda card, progress: Weights())
    desk.engine.residency = house  # type: ignore[attr-defined]
    card = ModelCard(id="tiny", kind="text", title="Tiny", loader="x", source=Folder(path=str(tmp_path)))
    with house.borrow(card):
        assert "5 MB, in use" in str(ask(shell, "models"))
        assert "in use and cannot leave" in str(ask(shell, "models --free tiny"))
    assert "5 MB, pinned" in str(ask(shell, "models --pin tiny"))
    assert "may leave memory" in str(ask(shell, "models --unpin tiny"))
    assert "tiny is out of memory" in str(ask(shell, "models --free tiny"))
    assert "smollm2-135m" in str(ask(shell, "models"))


def test_the_default_model(shell: InteractiveShell, desk: Studio, tmp_path: Any) -> None:
    assert "smollm2-135m" in str(ask(shell, "model"))
    folder = tmp_path / "two words"
    folder.mkdir()
    assert "two words" in str(ask(shell, f"model text '{folder}'"))
    assert desk.models["text"] == str(folder)
    assert ask(shell, "model smollm2-135m") and desk.models["text"] == "smollm2-135m"
    with pytest.raises(ModelNotFoundError):
        ask(shell, "model text nobody/nothing")
    assert desk.models["text"] == "smollm2-135m"


def test_last_and_its_recipe(shell: InteractiveShell) -> None:
    work = run(shell, "%%ode -o x\nsea")
    assert ask(shell, "last") is work
    assert json.loads(str(ask(shell, "last --recipe"))) == work.recipe.model_dump(mode="json")
    run(shell, "%%ode\nother")
    assert ask(shell, "last x") is work
    assert ask(shell, f"last {work.recipe.digest[:6]}").recipe == work.recipe


def test_remake_tells_same_from_different(shell: InteractiveShell, desk: Studio) -> None:
    run(shell, "%%ode --seed 1 -o x\nsea")
    assert str(ask(shell, "remake x -o again")).startswith("Same: ")
    assert shell.user_ns["again"].fingerprint == shell.user_ns["x"].fingerprint
    desk._engine = FakeEngine(lambda recipe: iter([Token("something else")]))
    assert str(ask(shell, "remake x")).startswith("Different: ")


@pytest.mark.parametrize("cell", ["", " --cell"])
@pytest.mark.parametrize(
    "made",
    [
        "%%ode --seed 1 --form haiku --warmth -0.5 --no-loud --rhyme\nthe 'sea' \"at\" night\n\n  second line\\",
        "%%ode --raw --voice 'a \"b\" \\ c'\n{{braces}} {{{",
        "%%ode --voice '{{chr(10)}}x{{chr(0x1f30a)}}'\n{{'{' * 2}} kept",
        "%%talk\nhello",
    ],
)
def test_code_makes_the_same_recipe(shell: InteractiveShell, cell: str, made: str) -> None:
    work = run(shell, made)
    again = run(shell, str(ask(shell, f"code{cell}")))
    assert again.recipe.digest == work.recipe.digest


def test_code_of_what_no_call_can_say(shell: InteractiveShell) -> None:
    run(shell, "%%talk\nhello")
    second = run(shell, "%%talk\nand then?")
    assert second.recipe.turns
    for flag in ("", " --cell"):
        again = run(shell, str(ask(shell, f"code {second.recipe.digest}{flag}")))
        assert again.recipe.digest == second.recipe.digest
    assert "Forgot 1 conversation" in str(ask(shell, "reset"))
    assert run(shell, "%%talk\nhello").recipe.turns == ()


def test_gallery(shell: InteractiveShell) -> None:
    assert "empty" in str(ask(shell, "gallery"))
    run(shell, "%%ode --seed 1\nblue sea")
    run(shell, "%%talk --seed 2\nred hill")
    assert "blue sea" in str(ask(shell, "gallery sea")) and "red hill" not in str(ask(shell, "gallery sea"))
    assert "red hill" in str(ask(shell, "gallery --art talk")) and "no such work" in str(ask(shell, "gallery green"))
    assert str(ask(shell, "gallery --open 1")).startswith("blue sea 1")
    assert "★" in str(ask(shell, "gallery --favourite 1"))
    assert "red hill" not in str(ask(shell, "gallery --favourites"))


def test_aliases_are_listed(shell: InteractiveShell) -> None:
    assert "No alias" in str(ask(shell, "alias"))
    run(shell, "tone = 'deep \"blue\"'")
    ask(shell, "alias @epic ode --voice {{tone}} --seed 3")
    assert "@epic" in str(ask(shell, "alias")) and "--seed 3" in str(ask(shell, "alias"))
    assert run(shell, "%%ode @epic\nx").recipe.options["voice"] == 'deep "blue"'


def test_doctor(shell: InteractiveShell) -> None:
    report = ask(shell, "doctor")
    assert "Packages" in str(report) and "<" in report.html


def test_scansion_of_a_work(shell: InteractiveShell) -> None:
    run(shell, "%%ode --lines 1 -o line\nShall I compare thee to a summer's day")
    figure = ask(shell, "scan line")
    assert "day" in str(figure) and "day" in figure.html


def test_only_words_are_scanned(shell: InteractiveShell) -> None:
    shell.user_ns["cat"] = Artwork(recipe("a cat"), None, "picture")
    with pytest.raises(UsageError, match=r"has no words to scan.\n  Fix: name a poem"):
        ask(shell, "scan cat")


def test_notes_below_a_table_keep_their_lines() -> None:
    page = table(("a",), [("1",)], foot="one\ntwo")
    assert str(page).endswith("one\ntwo") and 'white-space:pre-wrap">one\ntwo</div>' in page.html


def test_answers_are_pages(shell: InteractiveShell) -> None:
    for line in ("", "status", "models", "model", "gallery", "alias", "reset"):
        answer = ask(shell, line)
        assert isinstance(answer, Page)
        assert set(answer._repr_mimebundle_()) == {"text/plain", "text/html"}
        assert "\x1b" not in str(answer)
