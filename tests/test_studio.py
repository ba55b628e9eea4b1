"""The Studio: recipes are written or refused before anything is made, and a conversation can be made again."""

from __future__ import annotations

import importlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drill
import numpy as np
import pytest

import genart_nb
from genart_nb.engines.base import Lane
from genart_nb.engines.fake import FakeEngine
from genart_nb.engines.local import LocalEngine
from genart_nb.errors import EmptyPromptError, ModelNotFoundError, OptionError, RecipeError, UsageError
from genart_nb.gallery import Gallery
from genart_nb.recipe import PROMPT_MAX, SEED_MAX, Recipe
from genart_nb.studio import Studio
from genart_nb.studio import studio as the_studio

PATIENCE = 20.0  # seconds


@pytest.fixture(autouse=True)
def drills(monkeypatch: pytest.MonkeyPatch) -> None:
    drill.offer(monkeypatch)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(gallery=Gallery(tmp_path / "gallery"))
    yield studio
    studio.close()


def test_a_work_is_made_and_kept(studio: Studio) -> None:
    work = studio.make(studio.recipe("drill", "one two", {"voice": "low"}, seed=7)).artwork(PATIENCE)
    assert work.data.split()[0].startswith("one-") and work.path and work.path.read_text() == work.data
    assert len(studio.gallery) == 1 and studio.last is None
    studio.finished(work)
    assert studio.last is work


def test_a_recipe_leaves_nothing_to_defaults(studio: Studio) -> None:
    recipe = studio.recipe("drill", "one")
    assert recipe.options == {"pause": 0.0, "fault": "none", "clock": False, "voice": "plain"}
    assert (recipe.model, recipe.revision) == ("none", "")
    assert Recipe.read(recipe.canonical) == recipe
    heavy = studio.recipe("drill_heavy", "one", model="drill-quick")
    assert (heavy.model, heavy.revision) == ("drill-quick", "1")


@pytest.mark.parametrize(
    ("seed", "kept"), [(0, 0), (SEED_MAX, SEED_MAX), (np.int64(5), 5), (np.uint32(SEED_MAX), SEED_MAX)]
)
def test_a_seed_is_taken_as_given(studio: Studio, seed: Any, kept: int) -> None:
    recipe = studio.recipe("drill", "one", seed=seed)
    assert recipe.seed == kept and type(recipe.seed) is int


def test_a_seed_is_always_resolved(studio: Studio) -> None:
    assert len({studio.recipe("drill", "one").seed for _ in range(20)}) > 15


@pytest.mark.parametrize("seed", [-1, SEED_MAX + 1, [10**5000], True, False, 7.0, 7.5, "7", "", [7], np.float64(7)])
def test_other_seeds_are_refused(studio: Studio, seed: Any) -> None:
    with pytest.raises(OptionError, match="--seed") as caught:
        studio.recipe("drill", "one", seed=seed)
    assert f"0..{SEED_MAX}" in caught.value.fix


def test_a_seed_of_thousands_of_digits_is_refused(studio: Studio) -> None:
    with pytest.raises(OptionError, match="--seed"):
        studio.recipe("drill", "one", seed=10**5000)


@pytest.mark.parametrize("prompt", ["", "   ", "\n\n\t\n", "\ufeff"])
def test_an_empty_prompt_is_refused_with_an_example(studio: Studio, prompt: str) -> None:
    with pytest.raises(EmptyPromptError, match="%%drill needs a prompt") as caught:
        studio.recipe("drill", prompt)
    assert "one two three" in caught.value.fix


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\n a\r\nb \n\n", " a\nb "),
        ("lone \ud83d", "lone \ufffd"),
        ("\ud83d\ude00 שלום", "😀 שלום"),
        ("<script>{json}</script>", "<script>{json}</script>"),
        ("nul\x00", "nul\ufffd"),
    ],
)
def test_prompts_are_kept_as_typed_but_storable(studio: Studio, typed: str, kept: str) -> None:
    assert studio.recipe("drill", typed).prompt == kept


def test_a_prompt_of_a_megabyte_is_a_prompt(studio: Studio) -> None:
    prompt = "wörter " * 150_000
    work = studio.make(studio.recipe("drill", prompt[:-1] + "!", {"clock": False}, seed=1))
    work.cancel()
    assert len(prompt.encode()) > 10**6 and studio.recipe("drill", prompt).digest
    with pytest.raises(RecipeError, match="prompt"):
        studio.recipe("drill", "x" * (PROMPT_MAX + 1))


@pytest.mark.parametrize(
    ("name", "options", "kind", "says"),
    [
        ("dril", {}, UsageError, "did you mean drill"),
        ("zzzz", {}, UsageError, "use one of: "),
        ("../x", {}, UsageError, "no art named"),
        ("drill", {"puase": 1}, OptionError, "did you mean --pause?"),
        ("drill", {"pause": 11}, OptionError, "--pause 0..10 s"),
        ("drill", {"fault": "genarts"}, OptionError, "did you mean 'genart'?"),
        ("drill", {"model": "x"}, OptionError, "--model"),
    ],
)
def test_faults_are_told_before_anything_is_made(
    studio: Studio, name: str, options: dict[str, Any], kind: type[Exception], says: str
) -> None:
    with pytest.raises(kind) as caught:
        studio.recipe(name, "one", options)
    assert says in str(caught.value)
    assert studio._engine is None


def test_models_are_chosen_by_kind(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="needs no model"):
        studio.recipe("drill", "one", model="smollm2-135m")
    with pytest.raises(ModelNotFoundError, match="makes text, not drill"):
        studio.recipe("drill_heavy", "one", model="smollm2-135m")
    with pytest.raises(ModelNotFoundError, match="drill-quick"):
        studio.use("drill", "drill-quik")
    assert studio.recipe("drill_heavy", "one").model == "drill-slow", "the first on offer, until one is chosen"
    assert studio.use("drill", "drill-quick").id == "drill-quick"
    assert studio.recipe("drill_heavy", "one").model == "drill-quick"
    with pytest.raises(UsageError, match="No sculpture model"):
        studio.card("sculpture")
    with pytest.raises(UsageError, match="needs no model"):
        studio.card(None)


def test_a_folder_is_remembered_wherever_we_go(studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "model.safetensors").write_bytes(b"weights")
    monkeypatch.chdir(tmp_path)
    card = studio.use("text", "mine")
    monkeypatch.chdir("/")
    assert studio.card("text") == card and len(card.revision) == 16


def test_aliases_are_checked_when_given(studio: Studio) -> None:
    studio.alias("low", "drill", {"voice": "low", "seed": 3})
    assert studio.aliases["low"] == ("drill", {"voice": "low", "seed": 3})
    for name, form, options, says in [
        ("a b", "drill", {}, "cannot be an alias"),
        ("", "drill", {}, "cannot be an alias"),
        ("x", "dril", {}, "did you mean drill"),
        ("x", "drill", {"vioce": "low"}, "did you mean --voice"),
        ("x", "drill", {"pause": -1}, "0..10 s"),
        ("x", "drill", {"seed": -1}, "--seed"),
    ]:
        with pytest.raises(UsageError) as caught:
            studio.alias(name, form, options)
        assert says in str(caught.value)
    assert list(studio.aliases) == ["low"]


def say(studio: Studio, prompt: str) -> Any:
    work = studio.make(studio.recipe("drill_talk", prompt, seed=1)).artwork(PATIENCE)
    studio.finished(work)
    return work


def test_a_conversation_is_part_of_the_recipe(studio: Studio) -> None:
    first, second = say(studio, "hello"), say(studio, "hello")
    assert first.data != second.data and len(second.recipe.turns) == 2
    assert [turn.content for turn in second.recipe.turns] == ["hello", first.data]
    assert studio.recipe("drill", "hello").turns == ()
    again = studio.make(Recipe.read(second.recipe.canonical)).artwork(PATIENCE)
    assert again.fingerprint == second.fingerprint
    studio.finished(again)
    assert studio.last is again and len(studio.recipe("drill_talk", "x").turns) == 4, "a remake adds no turn"
    studio.finished(studio.make(first.recipe).artwork(PATIENCE))
    assert len(studio.recipe("drill_talk", "x").turns) == 4, "nor does it go back"
    studio.reset()
    assert say(studio, "hello").data == first.data


def test_a_stopped_turn_was_never_said(studio: Studio) -> None:
    work = say(studio, "hello")
    studio.reset()
    studio.finished(drill.finish(work.recipe, "hal", None, partial=True))
    assert studio.recipe("drill_talk", "x").turns == ()


def test_sources_are_part_of_the_recipe(studio: Studio) -> None:
    source = studio.recipe("drill", "one", seed=1)
    made = studio.recipe("drill", "two", seed=1, sources=[source])
    assert made.sources == (source,) and made.digest != studio.recipe("drill", "two", seed=1).digest
    with pytest.raises(RecipeError, match="sources"):
        studio.recipe("drill", "two", sources=[source] * 33)


def test_any_engine_will_do(tmp_path: Path) -> None:
    studio = Studio(FakeEngine(), Gallery(tmp_path))
    assert studio.make(studio.recipe("drill", "one two")).artwork(PATIENCE).data == "one two "
    studio.close()


def test_the_engine_is_made_when_it_is_first_needed(studio: Studio) -> None:
    studio.recipe("drill", "one")
    assert studio._engine is None
    assert isinstance(studio.engine, LocalEngine) and studio.engine is studio.engine


def test_what_a_hand_passes_through_is_kept_only_when_asked(studio: Studio) -> None:
    job = studio.make(studio.recipe("drill", "one two"), lane=Lane.INTERACTIVE, key="easel")
    work = job.artwork(PATIENCE)
    assert len(studio.gallery) == 0 and work.path is None
    kept = studio.keep(work)
    assert len(studio.gallery) == 1 and kept.path and kept.path.is_file() and kept.fingerprint == work.fingerprint


def test_a_gallery_that_cannot_be_written_costs_no_work(tmp_path: Path) -> None:
    (tmp_path / "gallery").write_text("in the way")
    studio = Studio(gallery=Gallery(tmp_path / "gallery"))
    work = studio.make(studio.recipe("drill", "one")).artwork(PATIENCE)
    assert work.data and "GENART_HOME" in work.made["gallery"]
    studio.close()


def test_there_is_one_in_a_process() -> None:
    """Also after the submodule of that name is imported, which then takes the place of the function."""
    assert genart_nb.studio() is genart_nb.studio() is the_studio()
    importlib.import_module("genart_nb.studio")
    assert genart_nb.studio() is the_studio()


def test_leaving_in_mid_job_is_clean() -> None:
    """The process ends at once, without a word, and not by a signal."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import drill, pytest; drill.offer(pytest.MonkeyPatch());"
        "from genart_nb.studio import studio; from genart_nb.events import Token;"
        "job = studio().make(studio().recipe('drill', drill.words(500), {'pause': 0.05}));"
        "next(event for event in job.events() if isinstance(event, Token))"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.perf_counter() - start < 15


def test_threads_that_ask_first_at_once_get_one_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = Studio(gallery=Gallery(tmp_path))
    monkeypatch.setattr(studio.gallery, "sweep", lambda: time.sleep(0.1))
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(studio.engine)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(found) == 4 and len(set(map(id, found))) == 1
    studio.close()
