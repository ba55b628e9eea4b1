"""`--from` in cells and in a shell: works, names and files go in, the chain comes out, and it is made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image
from test_cells import run
from test_completions import Complete, complete

from genart_nb import cli, writing
from genart_nb.errors import OptionError
from genart_nb.paths import data_home
from genart_nb.recipe import Recipe
from genart_nb.studio import studio

__all__ = ["complete"]  # a fixture

VERSE = "%%ode --lines 3 --seed 2 -o verse\na gentle boat asleep"
SONG = "%compose --from verse --bars 2 --seed 4 -o song"


def test_a_song_after_a_work_names_it_and_is_made_again(shell: InteractiveShell) -> None:
    run(shell, VERSE)
    song = run(shell, SONG)
    assert song.recipe.sources == (shell.user_ns["verse"].recipe,)
    assert song.facts["from"]["mood"].startswith("calm: 6 of its words")
    assert "from a gentle boat asleep" in str(run(shell, "%genart gallery")), "known by its poem"
    for folder in (data_home() / "inputs", data_home() / "gallery" / "works"):
        for path in folder.iterdir():
            path.unlink()
    assert "Same: recipe" in str(run(shell, "%genart remake song"))
    assert studio().gallery.search(digest=song.recipe.sources[0].digest)


def test_its_code_makes_it_again(shell: InteractiveShell) -> None:
    run(shell, VERSE)
    song = run(shell, SONG)
    names: dict[str, object] = {}
    exec(writing.python(song.recipe), names)  # noqa: S102 (what `%genart code` prints)
    assert studio().last is not None and studio().last.recipe == song.recipe
    pasted = writing.cell(song.recipe, here=True)
    assert f"--from {song.recipe.sources[0].digest}" in pasted
    shell.user_ns.pop("verse")
    run(shell, pasted)
    assert studio().last.recipe == song.recipe


def test_a_variable_may_hold_words_or_a_picture(shell: InteractiveShell) -> None:
    shell.user_ns["words"] = "hello\nwide world\nof rain"
    shell.user_ns["dusk"] = Image.new("RGB", (9, 9), (20, 20, 60))
    assert run(shell, "%compose --from words --seed 1").data.bars == 6
    song = run(shell, "%%compose --from dusk --bars 2 --seed 1\nin D")
    assert song.data.key == "D minor" and song.title == "in D, after a picture"


def test_another_source_is_another_recipe(shell: InteractiveShell) -> None:
    recipes: list[Recipe] = []
    for seed in (2, 3):
        run(shell, VERSE.replace("--seed 2", f"--seed {seed}"))
        recipes.append(run(shell, SONG).recipe)
    assert recipes[0].digest != recipes[1].digest


@pytest.mark.parametrize(
    ("given", "told"), [("verze", "no file and no variable 'verze'"), ("song", "--continue"), ("gone.png", "no file")]
)
def test_what_is_no_subject_fails(shell: InteractiveShell, given: str, told: str) -> None:
    run(shell, "%compose --bars 2 --style song --seed 1 -o song")
    with pytest.raises(OptionError, match=told):
        run(shell, f"%compose --from {given} --bars 2")


def test_works_that_it_can_take_are_offered(shell: InteractiveShell, complete: Complete) -> None:
    run(shell, VERSE)
    run(shell, "%compose --bars 2 --style song --seed 1 -o tune")
    assert complete("%compose --from ") == ["%compose --from verse"]
    assert "%compose --from" in complete("%compose --fr")


def test_in_a_shell(desk: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "poem.txt").write_text("夜\n深い夜\n静か", encoding="utf-8")
    out = tmp_path / "song.mid"
    given = ["compose", "--from", str(tmp_path / "poem.txt"), "--seed", "1", "--out", str(out)]
    assert cli.main(given) == cli.DONE and out.read_bytes().startswith(b"MThd")
    assert "6 bars (3 lines, 2 bars each)" in capsys.readouterr().err
    assert cli.main(["compose", "--from", str(tmp_path / "none.txt")]) == cli.MISUSED
    assert "no file and no variable" in capsys.readouterr().err
    assert cli.main(["compose", "--from", str(out)]) == cli.MISUSED
    assert "`--continue`" in capsys.readouterr().err
