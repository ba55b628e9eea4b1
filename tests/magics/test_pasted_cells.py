"""A cell pasted on the machine where its sources were made: it names them by their recipes, and makes the same work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_cells import run

from genart_nb import twins, writing
from genart_nb.artwork import Artwork
from genart_nb.errors import UsageError
from genart_nb.paths import data_home
from genart_nb.server.works import written
from genart_nb.studio import Studio, studio

FIRST = "%%paint --seed 7 --size 128 -o cat\na cat"
TUNE = "%compose --style song --metre 4/4 --bars 2 --seed 3 -o tune"
CELLS = [
    (
        "%restyle --from cat --style waves --seed 1 --size 128 -o last",
        "%restyle --seed 1 --model restyler --from {cat}",
    ),
    ("%restyle --from cat --style cat:0.3,waves:0.7 --seed 1 --size 128 -o last", "--style {cat}:0.3,waves:0.7"),
    ("%%paint --init cat --seed 2 --size 128 -o last\na fox", "--init {cat}"),
    ("%%animate --seconds 0.5 --fps 4 --seed 2 --size 128 -o last\na fox --init {{cat}}\na wolf", "a fox --init {cat}"),
    (
        "%compose --continue tune --bars 2 --seed 4 -o last",
        " --bars 2 --continue {tune}",
    ),
    ("%compose --harmonise tune --style chorale --seed 4 -o last", "--harmonise {tune}"),
]


def fresh(shell: InteractiveShell) -> None:
    """A kernel that has just been started: no names, and a studio that has made nothing."""
    studio().close()
    studio.cache_clear()
    for name in ("cat", "tune", "last"):
        shell.user_ns.pop(name, None)


@pytest.mark.parametrize(("cell", "part"), CELLS)
def test_a_cell_names_works_by_their_recipes_and_makes_the_same(shell: InteractiveShell, cell: str, part: str) -> None:
    run(shell, FIRST if "cat" in cell else TUNE)
    run(shell, cell)
    first = shell.user_ns["last"]
    digests = {name: shell.user_ns[name].recipe.digest for name in ("cat", "tune") if name in shell.user_ns}
    pasted = writing.cell(first.recipe, here=True)
    assert part.format(**digests) in pasted and pasted == written(first.recipe) == writing.pasted(first.recipe)
    assert writing.cell(first.recipe).startswith("import genart_nb.twins")  # what runs anywhere holds the sources
    fresh(shell)
    run(shell, pasted)
    again = studio().last
    assert again is not None and again.recipe == first.recipe and again.recipe.sources
    assert again.fingerprint["sha256"] == first.fingerprint["sha256"]


def test_a_chain_is_named_by_its_last_link(shell: InteractiveShell) -> None:
    run(shell, FIRST)
    run(shell, "%restyle --from cat --style waves --seed 1 --size 128 -o once")
    run(shell, "%restyle --from once --style leadlight --seed 1 --size 128 -o twice")
    once, twice = shell.user_ns["once"], shell.user_ns["twice"]
    pasted = writing.cell(twice.recipe, here=True)
    assert f"--from {once.recipe.digest}" in pasted
    run(shell, pasted)
    assert studio().last is not None and studio().last.recipe == twice.recipe  # type: ignore[union-attr]
    assert twice.recipe.sources[0].sources == (shell.user_ns["cat"].recipe,)


def test_python_takes_a_digest_too(shell: InteractiveShell) -> None:
    run(shell, FIRST)
    run(shell, "%restyle --from cat --style waves --seed 1 --size 128 -o last")
    cat, first = shell.user_ns["cat"], shell.user_ns["last"]
    said = writing.python(first.recipe, here=True)
    assert f"from_='{cat.recipe.digest}'" in said
    again = twins.twin("restyle")("", seed=1, from_=cat.recipe.digest, style="waves", size=128)
    assert again.recipe == first.recipe


def test_what_the_gallery_has_lost_is_carried_along(shell: InteractiveShell) -> None:
    run(shell, FIRST)
    run(shell, "%restyle --from cat --style waves --seed 1 --size 128 -o last")
    first = shell.user_ns["last"]
    shell.user_ns["cat"].path.unlink()
    assert writing.cell(first.recipe, here=True).startswith("import genart_nb.twins")
    fresh(shell)
    shutil.rmtree(data_home())
    assert writing.cell(first.recipe, here=True).startswith("import genart_nb.twins")


def test_words_of_a_work_in_a_prompt_are_carried_along(shell: InteractiveShell) -> None:
    run(shell, "%%ode -o verse\nthe sea")
    run(shell, "%%compose --bars 2 --seed 4 -o last\n{{verse}}")
    assert writing.cell(shell.user_ns["last"].recipe, here=True).startswith("import genart_nb.twins")


def test_a_file_of_that_name_comes_first(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(shell, FIRST)
    cat: Artwork = shell.user_ns["cat"]
    monkeypatch.chdir(tmp_path)
    (tmp_path / cat.recipe.digest).write_bytes(b"no picture")
    with pytest.raises(UsageError, match="no picture"):
        studio().recipe("restyle", "", {"from_": cat.recipe.digest})


@pytest.mark.parametrize("name", ["0123abcd", "deadbeef"])
def test_a_digest_that_nobody_knows_is_told(desk: Studio, name: str) -> None:
    with pytest.raises(UsageError, match=f"there is no file '{name}'"):
        desk.recipe("restyle", "", {"from_": name})


def test_a_stopped_work_is_not_meant(desk: Studio) -> None:
    from dataclasses import replace

    from PIL import Image

    recipe = desk.recipe("ode", "x", {}, seed=1)
    whole = Artwork(recipe, Image.new("RGB", (8, 8), "red"), "picture")
    desk.keep(whole)
    desk.keep(replace(whole, data=Image.new("RGB", (8, 8), "blue"), partial=True))
    assert desk.recalled(recipe.digest).data.getpixel((0, 0)) == (255, 0, 0)
