"""The cell of a recipe that came with a file: it runs where the file is looked at, and touches nothing meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from inspecting import fresh_studio
from PIL import Image

from genart_nb import cli, inputs, twins
from genart_nb.artwork import Artwork
from genart_nb.gallery import Gallery
from genart_nb.models import registry
from genart_nb.publishing.inspect_file import examine
from genart_nb.publishing.rebuilt import cell_of
from genart_nb.recipe import Recipe
from genart_nb.studio import studio

HELD = "picture:0123456789abcdef"


def restyled(**options: str) -> str:
    return cell_of(Recipe(art="restyle", prompt="", model="restyler", revision="0.1.0", seed=1, options=dict(options)))


def composed(**options: str) -> str:
    here = registry.card("composer", "music").revision
    return cell_of(Recipe(art="compose", prompt="a jig", model="composer", revision=here, seed=1, options=options))


@pytest.mark.parametrize("held", [HELD, "clip:0123456789abcdef", "clip-mp4:0123456789abcdef"])
def test_a_recipe_that_names_what_is_held_is_a_cell(held: str) -> None:
    cell = restyled(from_=held, style="waves:0.6,picture-0123456789abcdef:0.4")
    assert cell.startswith("%restyle") and f"--from {held}" in cell
    assert "--style waves:0.6,picture-0123456789abcdef:0.4" in cell


@pytest.mark.parametrize("name", ["continue_", "harmonise"])
def test_a_song_that_names_a_held_song_is_a_cell(name: str) -> None:
    cell = composed(**{name: "song:0123456789abcdef"})
    assert cell.startswith("%%compose") and f"--{name.rstrip('_')} song:0123456789abcdef" in cell


@pytest.mark.parametrize("options", [
    {"from_": "/etc/hostname"}, {"from_": "photo.png"}, {"from_": HELD, "style": "photo.png"},
    {"from_": HELD, "style": "waves:0.5,/home/somebody/photo:0.5"}, {"from_": HELD, "style": "C:\\photo.png:0.5"},
    {"from_": "0123abcd"},
])  # fmt: skip
def test_a_recipe_that_names_a_file_is_never_written_as_a_cell(options: dict[str, str]) -> None:
    assert restyled(**options).startswith("import genart_nb.twins")


@pytest.mark.parametrize("tune", ["tune.abc", "/etc/hostname", "song:0123", "X:1\nK:C\nCDE"])
def test_a_song_that_names_a_file_is_never_written_as_a_cell(tune: str) -> None:
    assert composed(continue_=tune).startswith("import genart_nb.twins")


def test_a_prompt_that_names_a_file_opens_none(tmp_path: Path, genart_home: Path) -> None:
    photo = tmp_path / "photo.png"
    Image.new("RGB", (64, 64)).save(photo)
    prompt = f"a fox --init {photo}\na wolf"
    cell = cell_of(Recipe(art="animate", prompt=prompt, model="painter", revision="", seed=1, options={}))
    assert cell.startswith("import genart_nb.twins") and not (genart_home / "inputs").exists()


@pytest.fixture
def desk(genart_home: Path) -> Iterator[None]:
    yield from fresh_studio()


FRESH = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell(config=config)
shell.extension_manager.load_extension("genart_nb")
shell.run_cell(sys.argv[1]).raise_error()
from genart_nb.studio import studio
work = studio().last
print(json.dumps([work.recipe.digest, work.fingerprint["sha256"]]))
"""


def ran(cell: str) -> list[str]:
    """Recipe's digest and SHA-256 of the work that a cell makes in a Python just started."""
    said = subprocess.run([sys.executable, "-c", FRESH, cell], capture_output=True, text=True, check=True).stdout
    found: list[str] = json.loads(said.strip().splitlines()[-1])
    return found


def chained(kind: str) -> tuple[Artwork, str]:
    """A work made of another, and how its cell on this machine begins."""
    if kind == "song":
        tune = twins.twin("compose")("", style="song", metre="4/4", bars=2, seed=3)
        work = twins.twin("compose")("", bars=2, seed=4, continue_=tune)
        return work, f"%compose --seed 4 --model composer --bars 2 --continue {tune.recipe.digest}"
    cat = twins.twin("paint")("a cat", seed=7, size=128)
    work = twins.twin("restyle")("", seed=1, from_=cat, style="waves", size=128)
    return work, f"%restyle --seed 1 --model restyler --from {cat.recipe.digest} "


@pytest.mark.parametrize(("kind", "ending"), [("song", ".mid"), ("picture", ".png")])
def test_what_a_file_tells_runs_here_and_where_nothing_of_it_is(
    kind: str,
    ending: str,
    desk: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    work, begins = chained(kind)
    path = work.save(tmp_path / f"work{ending}")
    assert cli.main(["inspect", str(path)]) == 0 and begins in capsys.readouterr().out
    here = examine(path, studio().gallery)
    assert here.cell.startswith(begins) and here.content == "same"
    told = [work.recipe.digest, work.fingerprint["sha256"]]
    assert ran(here.cell) == told

    monkeypatch.setenv("GENART_HOME", str(tmp_path / "elsewhere"))
    studio().close()
    studio.cache_clear()
    there = examine(path, Gallery())
    assert there.cell.startswith("import genart_nb.twins") and there.content == "same"
    assert inputs.missing(twins.art(work.recipe.art).options, work.recipe.options)
    assert ran(there.cell) == told
