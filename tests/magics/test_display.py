"""What is shown while a work grows: seldom enough, without a trace in the notebook, never as markup."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from genart_nb.artwork import MIME
from genart_nb.events import Event, Loading, Preview, Queued, Step, Token
from genart_nb.magics.display import FRAME, Card, Stream
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio


class Clock:
    """Stands still until it is moved."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def recipe(desk: Studio) -> Recipe:
    return desk.recipe("ode", "sea", {"lines": 2}, seed=1)


def kinds(page: Any) -> list[str]:
    return [kind for kind, _ in page.said]


def test_frames_come_at_most_ten_a_second(page: Any, recipe: Recipe, clock: Clock) -> None:
    card = Card(recipe, alone=True, clock=clock)
    for _ in range(500):
        card.show([Token("wave ")])
        clock.now += 0.01
    frames = kinds(page).count("update")
    assert 45 <= frames <= 5 / FRAME + 1


def test_the_last_words_are_drawn_when_nothing_follows(page: Any, recipe: Recipe, clock: Clock) -> None:
    card = Card(recipe, alone=True, clock=clock)
    card.show([Token("one ")])
    card.show([Token("two")])
    assert "two" not in page.said[-1][1]["text/plain"]
    clock.now += FRAME
    card.show([])
    assert "one two" in page.said[-1][1]["text/plain"]
    count = len(page.said)
    clock.now += 1
    card.show([])
    assert len(page.said) == count


def test_the_card_is_laid_out_as_the_finished_work(page: Any, recipe: Recipe, clock: Clock) -> None:
    card = Card(recipe, alone=True, clock=clock)
    card.show([Token("a line\n"), Step(1, 3, "line")])
    shown = page.said[-1][1]
    assert "genart-verse" in shown["text/html"] and "aria-busy" in shown["text/html"]
    assert "line 1 of 3" in shown["text/html"] and MIME not in shown
    assert f"recipe={recipe.digest}" in shown["text/plain"]


@pytest.mark.parametrize("event", [Loading("loading <b>it</b>", 0.4), Queued(2)])
def test_a_short_wait_is_not_told(page: Any, recipe: Recipe, clock: Clock, event: Event) -> None:
    card = Card(recipe, alone=True, clock=clock)
    clock.now += 0.2
    card.show([event])
    assert kinds(page) == ["display"]
    clock.now += 0.2
    card.show([])
    assert "40%" in page.said[-1][1]["text/plain"] or "waiting for 2 others" in page.said[-1][1]["text/plain"]
    assert "<b>" not in page.said[-1][1]["text/html"]


def test_time_left(page: Any, recipe: Recipe, clock: Clock) -> None:
    card = Card(recipe, alone=True, clock=clock)
    card.show([Step(0, 10, "line")])
    clock.now += 4
    card.show([Step(2, 10, "line")])
    assert page.said[-1][1]["text/plain"] == "line 2 of 10 · 16 s left"


def test_a_new_version_replaces_the_old_one(page: Any, recipe: Recipe, clock: Clock) -> None:
    card = Card(recipe, alone=True, clock=clock)
    card.show([Token("first"), Preview("second"), Token(" try")])
    assert page.said[-1][1]["text/plain"].startswith("second try")


def test_a_cell_ends_with_its_result_alone(shell: InteractiveShell, page: Any) -> None:
    work = shell.run_cell("%%ode --lines 2\nsea").result
    assert page.said[0] == ("display", {})
    assert kinds(page)[-2:] == ["update", "clear"]
    assert page.said[-2][1] == work._repr_mimebundle_()[0]
    assert page.said[-1] == ("clear", True)


def test_a_line_leaves_other_output_alone(shell: InteractiveShell, page: Any) -> None:
    shell.run_cell("print('before')\nx = %ode sea")
    assert "clear" not in kinds(page)
    assert page.said[-1] == ("update", {})


def test_a_twin_shows_nothing(shell: InteractiveShell, page: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("import genart_nb\nfor seed in range(3): genart_nb.ode('sea', seed=seed)")
    assert page.said == [] and capsys.readouterr().out == ""


def test_a_failed_work_is_shown_as_far_as_it_came(shell: InteractiveShell, page: Any) -> None:
    shell.run_cell("%%rough\nfail")
    shown = page.said[-1][1]
    assert "a second try" in shown["text/plain"] and "stopped early" in shown["text/html"]
    assert "aria-busy" not in shown["text/html"]


def test_a_background_failure_is_told_on_its_card(shell: InteractiveShell, page: Any) -> None:
    job = shell.run_cell("%%rough --bg\nfail").result
    while not job.done or kinds(page)[-1] != "update" or "EngineError" not in page.said[-1][1]["text/plain"]:
        pass
    assert "<b>" not in page.said[-1][1]["text/html"]


def test_words_in_a_terminal(recipe: Recipe, desk: Studio) -> None:
    out = io.StringIO()
    stream = Stream(recipe, out, io.StringIO())
    for event in (Queued(0), Token("one "), Step(1, 2), Token("two")):
        stream.show([event])
    assert out.getvalue() == "one two"
    stream.done(desk.make(recipe).artwork())
    assert out.getvalue() == "one two\n\nsea 1\nsea 2\n"


def test_a_terminal_does_not_say_it_twice(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%%ode --lines 2 --seed 1 -o x\nsea")
    said = capsys.readouterr().out
    assert said.count("sea 1\nsea 2\n") == 1 and "<genart ode seed=1" in said
    shell.run_cell("x")
    assert "sea 1\nsea 2\n" in capsys.readouterr().out


def test_progress_only_where_somebody_watches(recipe: Recipe, clock: Clock) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen, log = Screen(), io.StringIO()
    for error in (screen, log):
        stream = Stream(recipe, io.StringIO(), error, clock)
        clock.now += 1
        stream.show([Loading("loading", 0.5)])
        stream.show([Token("x")])
    assert screen.getvalue() == "\r\x1b[Kloading · 50%\r\x1b[K"
    assert log.getvalue() == ""


def test_watching_costs_three_percent_at_most(page: Any, recipe: Recipe, clock: Clock) -> None:
    """Seconds of work for one second of a job: a hundred tokens and the frames that they make; the best of 5."""
    card = Card(recipe, alone=True, clock=clock)
    card.show([Token("a line of verse of some length\n" * 40)])
    costs = []
    for _ in range(5):
        began = time.thread_time()
        for _ in range(100):
            clock.now += 0.01
            card.show([Token("wave ")])
        costs.append(time.thread_time() - began)
    assert min(costs) < 0.03
