"""The widget: what it takes, what it says of itself, and what a saved notebook would hold."""

from __future__ import annotations

import json
import sys
import time
from types import SimpleNamespace
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import genart_nb
from genart_nb import twins
from genart_nb.errors import OptionError, UsageError
from genart_nb.studio import Studio
from genart_nb.widgets.easel import Easel


@pytest.fixture
def easel(desk: Studio) -> Any:
    easel = Easel("hills at dawn", art="meadow", seed=7, pause=0.0)
    yield easel
    easel.close()


def test_it_takes_a_prompt_a_recipe_or_a_work(desk: Studio, easel: Easel) -> None:
    assert genart_nb.Easel is Easel
    easel.steer()
    work = easel.wait(30)
    assert work and easel.artwork is work
    over_work, over_recipe = Easel(work), Easel(work.recipe)
    assert over_work.artwork is work and over_recipe.artwork is None
    assert over_work.recipe == over_recipe.recipe == easel.recipe
    for each in (over_work, over_recipe):
        each.close()


def test_what_is_wrong_is_refused_before_anything_is_shown(desk: Studio, easel: Easel) -> None:
    with pytest.raises(OptionError, match="guidance"):
        Easel("hills", art="meadow", guidance=99)
    with pytest.raises(UsageError, match="prompt only"):
        Easel(easel.recipe, seed=3)
    with pytest.raises(UsageError, match="no control 'wildness'"):
        easel.steer(wildness=3)


def test_it_names_itself_the_same_in_every_process(easel: Easel) -> None:
    assert repr(easel) == f"<genart easel meadow seed=7 recipe={easel.recipe.digest}>"
    bundle = easel._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert data["text/plain"] == repr(easel)
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_the_cell_makes_what_is_on_the_easel(
    desk: Studio, easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    easel.steer(released=False, guidance=5)
    easel.steer(guidance=6, prompt="moors {{x}}", seed=11, **{"style:dusk": 0.5, "style:dawn": 0.25})
    work = easel.wait(30)
    assert work and easel.to_cell().startswith("%%meadow --seed 11")
    monkeypatch.setitem(sys.modules, "marimo", SimpleNamespace(running_in_notebook=lambda: True))
    assert easel.to_cell().startswith("import genart_nb\ngenart_nb.meadow('")  # marimo has no magics
    called = twins.call(work.recipe)
    assert eval(called, {"genart_nb": genart_nb}).recipe == work.recipe  # noqa: S307 (our own text)


def test_a_release_is_told_and_an_error_raised(desk: Studio, easel: Easel) -> None:
    told: list[Any] = []
    easel.on_release(told.append)
    easel.steer(guidance=2)
    assert told == [easel.wait(30)]
    easel.steer(fault=True)
    with pytest.raises(OptionError, match="run dry"):
        easel.wait(30)


def test_messages_are_only_noted_down(desk: Studio, easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(easel, "send", lambda content, buffers: sent.append(content))
    easel.steer()
    easel.wait(30)
    sent.clear()
    easel._heard(easel, {"type": "hello"}, [])
    assert [each["type"] for each in sent] == ["identity", "try", "frame"]
    easel._heard(easel, {"type": "ack", "number": sent[-1]["number"]}, [])
    assert sent[-1]["type"] == "noted"
    for odd in (None, {}, {"type": "ack", "number": "x"}, {"type": "other"}, "text"):
        easel._heard(easel, odd, [])
    start = time.perf_counter()
    for turn in range(200):
        easel.steer(released=False, pause=0.5, guidance=turn / 20)
    assert time.perf_counter() - start < 2
    easel._heard(easel, {"type": "cancel"}, [])
    assert easel._mailbox.settles(5) and desk.engine.jobs() == []


def test_closing_stops_what_it_paints(desk: Studio, easel: Easel) -> None:
    easel.steer(pause=0.1, steps=100)
    deadline = time.perf_counter() + 20
    while not desk.engine.jobs() and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert desk.engine.jobs()
    easel.close()
    while desk.engine.jobs() and time.perf_counter() < deadline:
        time.sleep(0.01)
    assert desk.engine.jobs() == []


def test_it_shows_itself_and_then_a_still_that_follows(
    desk: Studio, easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []

    class Handle:
        def update(self, data: Any, **rest: Any) -> None:
            shown.append(("update", data))

    def display(data: Any, **rest: Any) -> Any:
        shown.append(("display", data))
        return Handle()

    monkeypatch.setattr("IPython.display.display", display)
    easel._ipython_display_()
    assert [kind for kind, _ in shown] == ["display", "display"]
    assert "application/vnd.jupyter.widget-view+json" in shown[0][1] and "image/png" in shown[1][1]
    assert "_esm" not in json.dumps(shown) and shown[1][1]["text/plain"].startswith("<genart meadow seed=7")
    easel.steer(guidance=9)
    easel.wait(30)
    assert shown[-1][0] == "update" and shown[-1][1]["image/png"] != shown[1][1]["image/png"]


def test_the_source_is_one_module_and_within_reach(easel: Easel) -> None:
    assert easel._esm.count("export default") == 1 and "import " not in easel._esm.split("class Rows")[0]
    assert len(easel._esm) + len(easel._css) < 60_000


@pytest.fixture
def shell(desk: Studio, monkeypatch: pytest.MonkeyPatch) -> Any:
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    genart_nb.load_ipython_extension(shell)
    yield shell
    genart_nb.unload_ipython_extension(shell)
    InteractiveShell.clear_instance()


def test_the_magic_finds_what_is_meant(shell: Any, desk: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    new = shell.run_line_magic("easel", 'meadow hills at dawn --seed 3 --style "dusk:0.5,dawn:0.5" -o fox')
    assert isinstance(new, Easel) and new.recipe.seed == 3 and shell.user_ns["fox"].recipe == new.recipe
    named, last = shell.run_line_magic("easel", "fox"), shell.run_line_magic("easel", "")
    assert named.recipe == last.recipe == new.recipe
    assert shell.run_line_magic("easel", new.recipe.digest).recipe == new.recipe
    shell.user_ns["e"] = new
    assert shell.run_line_magic("easel", "e") is new
    new.steer(guidance=8)
    let_go = new.wait(30)
    assert shell.user_ns["fox"] is let_go
    below = shell.run_cell_magic("easel", "meadow --seed 4", "moors in the rain")
    assert below.recipe.prompt == "moors in the rain"
    with pytest.raises(UsageError, match="neither a work"):
        shell.run_line_magic("easel", "nothing_of_that_name")
    with pytest.raises(UsageError, match="--bg"):
        shell.run_line_magic("easel", "meadow hills --bg")
    monkeypatch.setattr(shell, "kernel", None)
    with pytest.raises(UsageError, match="notebook"):
        shell.run_line_magic("easel", "fox")
    for each in (new, named, last, below):
        each.close()


def test_a_first_picture_that_fails_is_told_once(shell: Any, desk: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(shell, "showtraceback", lambda *rest, **more: told.append("told"))
    monkeypatch.setattr("IPython.display.display", lambda data, **rest: told.append("shown"))
    easel = Easel("hills", art="meadow", seed=8, fault=True)
    easel._ipython_display_()
    assert told == ["shown", "told"]
    easel.close()


def test_its_still_says_which_pictures_a_page_wants(desk: Studio) -> None:
    easel = Easel("hills at dawn", art="meadow", seed=7, pause=0.0, frames="freedom=3")
    easel.steer()
    work = easel.wait(30)
    assert work is not None
    _, metadata = easel._still(work)
    assert metadata["application/vnd.genart.v1+json"]["easel"] == {"frames": "freedom=3"}
    assert "made" in metadata["application/vnd.genart.v1+json"]
    easel.close()
    with pytest.raises(OptionError, match="did you mean freedom"):
        Easel("hills at dawn", art="meadow", frames="fredom=3")
