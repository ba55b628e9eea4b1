"""`%%ode` in a real IPython: what it makes, binds, refuses and leaves behind."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.errors import (
    EmptyPromptError,
    EngineError,
    GenartError,
    InterpolationError,
    JobCancelledError,
    ModelNotFoundError,
    OptionError,
    UsageError,
)
from genart_nb.events import Token
from genart_nb.studio import Studio

SURROGATES = "\ud83d alone \udc00"


def run(shell: InteractiveShell, cell: str) -> Any:
    result = shell.run_cell(cell)
    if result.error_in_exec or result.error_before_exec:
        raise result.error_in_exec or result.error_before_exec
    return result.result


def test_a_cell_makes_a_work(shell: InteractiveShell, desk: Studio) -> None:
    work = run(shell, "%%ode --seed 7 --lines 2 -o sea  # a comment\nthe sea")
    assert str(work) == "the sea 7\nthe sea 8"
    assert shell.user_ns["sea"] is work is desk.last
    assert work.path and work.path.read_text() == str(work)


def test_a_line_makes_a_work(shell: InteractiveShell) -> None:
    run(shell, "x = %ode the cat's {{1 + 1}} lives --lines 1 --seed 3")
    assert str(shell.user_ns["x"]) == "the cat's 2 lives 3"


@pytest.mark.parametrize("cell", ["%%rough --seed 2", "\n%%rough --seed 2\n", "%%rough --seed 2\n\n"])
def test_a_cell_needs_no_body_where_its_art_form_needs_no_prompt(shell: InteractiveShell, cell: str) -> None:
    assert str(run(shell, cell)) == "a second try, better"
    assert shell.input_transformer_manager.check_complete("%%rough --seed 2")[0] == "incomplete"


def test_a_work_goes_into_the_next_prompt(shell: InteractiveShell) -> None:
    first = run(shell, "%%ode --lines 1 --seed 1 -o first\nwaves")
    second = run(shell, "%%ode --voice {{first}}\n{{first}} and {{first}}")
    assert second.recipe.prompt == "waves 1 and waves 1"
    assert second.recipe.options["voice"] == "waves 1"
    assert second.recipe.sources == (first.recipe,)


def test_sources_do_not_grow_without_end(shell: InteractiveShell) -> None:
    run(shell, "%%ode -o a\nx")
    run(shell, "%%ode -o b\nx {{a}}")
    for _ in range(14):
        run(shell, "%%ode -o c --lines 1\n{{a}}{{b}}")
        run(shell, "a, b = b, c")
    assert len(shell.user_ns["b"].recipe.canonical) < 200_000


def test_names_in_a_function(shell: InteractiveShell) -> None:
    run(shell, "def make(subject):\n    return get_ipython().run_line_magic('ode', '{{subject}} --lines 1 --seed 1')")
    assert str(run(shell, "make('rain')")) == "rain 1"


def test_braces_and_dollars_are_text(shell: InteractiveShell) -> None:
    run(shell, "price = 5")
    prompt = '{"cost": "$price {price}", "deep": {"er": {}}}'
    assert run(shell, f"%%ode\n{prompt}").recipe.prompt == prompt
    assert run(shell, f"%ode {prompt!r}").recipe.prompt == prompt
    assert run(shell, "%%ode --raw --voice '{{x}}'\n{{ y").recipe.prompt == "{{ y"


def test_an_alias_gives_way_to_what_is_written(shell: InteractiveShell) -> None:
    run(shell, "%genart alias epic ode --form sonnet --lines 2 --seed 9")
    work = run(shell, "%%ode @epic --lines 1\nx")
    assert (work.recipe.options["form"], work.recipe.options["lines"], work.seed) == ("sonnet", 1, 9)
    with pytest.raises(UsageError, match="did you mean @epic"):
        run(shell, "%%ode @epik\nx")
    with pytest.raises(UsageError, match="no alias @epic for %%talk"):
        run(shell, "%%talk @epic\nx")


@pytest.mark.parametrize(
    ("cell", "kind", "told"),
    [
        ("%%ode\n   \n", EmptyPromptError, "needs a prompt"),
        ("%%ode", EmptyPromptError, "needs a prompt"),
        ("%ode", EmptyPromptError, "needs a prompt"),
        ("%ode --lines 3", EmptyPromptError, "needs a prompt"),
        ("%%ode some words\nx", UsageError, "stands on the magic line"),
        ("%%ode --fom haiku\nx", OptionError, "did you mean --form"),
        ("%%ode --lines 1001\nx", OptionError, "1..1000"),
        ("%%ode --seed -1\nx", OptionError, "0..4294967295"),
        ("%%ode --seed 4294967296\nx", OptionError, "0..4294967295"),
        ("%%ode --voice 'x\nx", UsageError, "never closed"),
        ("%%ode\n{{missing}}", InterpolationError, "missing"),
        ("%%ode -o 3x\nx", UsageError, "cannot name a variable"),
        ("%%ode -o class\nx", UsageError, "Python keeps that word for itself: -o class_"),
        ("%%story --model no-such-model\nx", ModelNotFoundError, "no-such-model"),
        ("%%story --model nobody/nothing\nx", ModelNotFoundError, "nobody/nothing"),
    ],
)
def test_bad_cells_fail_and_say_why(shell: InteractiveShell, desk: Studio, cell: str, kind: Any, told: str) -> None:
    with pytest.raises(kind, match="Fix: ") as caught:
        run(shell, cell)
    assert told in str(caught.value)
    assert desk.last is None


@pytest.mark.parametrize(
    "prompt",
    ["🌊🏴‍☠️ 👩‍👩‍👧", "البحر في الليل", "e\u0301 \u202e right", "?", "%magic", "!ls", "# NBVAL_SKIP", "ends with;"],
)
def test_any_prompt_is_kept(shell: InteractiveShell, prompt: str) -> None:
    assert run(shell, f"%%ode --lines 1\n{prompt}").recipe.prompt == prompt


def test_lone_surrogates_and_controls_are_replaced(shell: InteractiveShell) -> None:
    shell.user_ns["broken"] = SURROGATES
    work = run(shell, "%%ode --lines 1\n{{broken}}")
    assert work.recipe.prompt == "\ufffd alone \ufffd"
    assert Path(work.path).read_text().startswith("\ufffd")
    assert run(shell, "%%ode --voice {{broken}}\nx").recipe.options["voice"] == "\ufffd alone \ufffd"


def test_a_prompt_of_a_megabyte(shell: InteractiveShell) -> None:
    assert len(run(shell, f"%%ode\n{'wave ' * 210_000}").recipe.prompt) > 1_000_000


def test_markup_is_text_wherever_it_is_shown(shell: InteractiveShell, page: Any) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    work = run(shell, f"%%ode --voice '{evil}'\n{evil}")
    run(shell, f"%%rough --bg -o later\nfail {evil}")
    wait_for(lambda: any("EngineError" in str(data) for _, data in page.said))
    answers = [run(shell, f"%genart {each}") for each in ("gallery", "status", "last --recipe", "code", "code --cell")]
    shown = [data.get("text/html", "") for kind, data in page.said if kind != "clear" and data]
    shown += [work._repr_mimebundle_()[0]["text/html"], *(answer.html for answer in answers)]
    assert any(html.escape("<script>") in each for each in shown)
    for each in shown:
        assert "<script" not in each and "<img" not in each


def test_failure_raises_and_binds_nothing(shell: InteractiveShell, desk: Studio) -> None:
    with pytest.raises(EngineError, match="the pen broke"):
        run(shell, "%%rough -o x\nfail")
    assert "x" not in shell.user_ns and desk.last is None


def test_only_the_message_is_shown(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%%ode --fom x\ny")
    shown = capsys.readouterr().out
    assert "OptionError" in shown and "did you mean --form" in shown
    assert "Traceback" not in shown and ".py" not in shown


def interrupted_at(text: str) -> Any:
    """A `Job.since` that is interrupted, as by Ctrl-C, once the job has come to `text`."""
    real = Job.since

    def since(job: Job, index: int, timeout: float) -> Any:
        events = real(job, index, timeout)
        if any(isinstance(event, Token) and text in event.text for event in events):
            raise KeyboardInterrupt
        return events

    return since


def test_interrupt_keeps_the_part(shell: InteractiveShell, desk: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Job, "since", interrupted_at("sea 2"))
        with pytest.raises(JobCancelledError) as caught:
            run(shell, "%%ode --lines 1000 --pause 0.01 --seed 0 -o part\nsea")
    part = caught.value.partial
    assert part and part.partial and str(part).startswith("sea 0\nsea 1\nsea 2")
    assert shell.user_ns["part"] is desk.last is part
    assert "partial" in repr(part)
    assert desk.engine.jobs() == []
    assert str(run(shell, "%%ode --lines 1 --seed 5\nnext")) == "next 5"


def test_a_second_interrupt_does_not_hang(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(job: Job, timeout: float | None = None) -> Artwork:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Job, "since", interrupted_at("sea 0"))
        patch.setattr(Job, "artwork", never)
        with pytest.raises(JobCancelledError, match="will at its next step"):
            run(shell, "%%ode --lines 1000 --pause 0.01 --seed 0\nsea")
    assert str(run(shell, "%%ode --lines 1 --seed 5\nnext")) == "next 5"


def test_in_the_background(shell: InteractiveShell, desk: Studio) -> None:
    job = run(shell, "%%ode --bg -o x --lines 3 --pause 0.05 --seed 1\nsea")
    assert isinstance(job, Job) and shell.user_ns["x"] is job
    assert str(run(shell, "%%ode --lines 1 --seed 2\nafter {{x}}").recipe.prompt) == "after sea 1\nsea 2\nsea 3"
    wait_for(lambda: isinstance(shell.user_ns["x"], Artwork))


def test_a_background_job_does_not_take_back_its_name(shell: InteractiveShell) -> None:
    job = run(shell, "%%ode --bg -o x --pause 0.05\nsea")
    run(shell, "x = 5")
    job.artwork()
    run(shell, "%%ode\nthe queue is empty by now")
    assert shell.user_ns["x"] == 5


def test_help_flag(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shell, "%ode --help") is None
    shown = capsys.readouterr().out
    for piece in ("An ode to the prompt", "--form", "free|haiku|sonnet", "1..1000", "default 4", "--seed", "%%ode"):
        assert piece in shown


def test_question_mark(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    for question in ("%%ode?", "%ode?", "%genart?"):
        shell.run_cell(question)
        shown = capsys.readouterr().out
        assert "%%" in shown and ("how many lines" in shown or "%genart status" in shown)


@pytest.mark.parametrize(
    ("cell", "prompt"),
    [
        ("%ode why is the sea salt?", "why is the sea salt?"),
        ("%ode what's love? ", "what's love?"),
        ("%ode really??", "really??"),
        ("x = %ode why?\nx", "why?"),
        ("if True:\n    x = %ode why not?\nx", "why not?"),
        ("%%ode\n%ode why?", "%ode why?"),
        ("%%ode\nwhy?", "why?"),
    ],
)
def test_a_prompt_may_be_a_question(shell: InteractiveShell, cell: str, prompt: str) -> None:
    assert run(shell, cell).recipe.prompt == prompt


def test_other_text_keeps_its_question_marks(shell: InteractiveShell, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(shell, "x = '''\n%ode why?\n'''\nx") == "\n%ode why?\n"
    shell.run_cell("x = 5\nx?")
    assert "int" in capsys.readouterr().out


def test_help_of_an_art_form_that_cannot_be_imported(shell: InteractiveShell) -> None:
    from importlib.metadata import EntryPoint

    from genart_nb import plugins
    from genart_nb.magics.magic import ArtMagic

    broken = EntryPoint("broken", "no_such_module:BROKEN", "genart_nb.arts")
    real = plugins.offered
    plugins.offered = lambda group: {**real(group), "broken": broken}  # type: ignore[assignment]
    try:
        assert "cannot be imported" in ArtMagic("broken", shell).getdoc()
    finally:
        plugins.offered = real
    with pytest.raises(GenartError):
        ArtMagic("broken", shell)("", "x")


def wait_for(condition: Any) -> None:
    import time

    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
