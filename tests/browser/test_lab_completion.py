"""Tab on a magic line in a real JupyterLab, with the kernel idle and with it busy in a cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOUBLES = Path(__file__).parents[1] / "magics"
SETUP = f"import sys; sys.path.insert(0, {str(DOUBLES)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
TYPE = """([index, text]) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    notebook.mode = 'edit';
    const {editor} = notebook.activeCell;
    editor.focus();
    editor.model.sharedModel.setSource(text.replace('|', ''));
    editor.setCursorPosition(editor.getPositionAt(text.includes('|') ? text.indexOf('|') : text.length));
}"""
ITEMS = ".jp-Completer:not(.lm-mod-hidden) .jp-Completer-item .jp-Completer-match"


def offered(lab: Any, text: str) -> set[str]:
    """What Tab offers where `|` stands; the popup is put away again."""
    lab.page.evaluate(TYPE, [1, text])
    lab.page.wait_for_timeout(150)
    lab.page.evaluate("() => jupyterapp.commands.execute('completer:invoke-notebook')")
    lab.page.wait_for_selector(ITEMS, timeout=20_000)
    found = lab.page.locator(ITEMS).all_inner_texts()
    lab.page.keyboard.press("Escape")
    lab.page.wait_for_selector(ITEMS, state="detached")
    return {each.strip() for each in found}


@pytest.fixture
def notebook(lab: Any) -> Any:
    lab.write("complete.ipynb", SETUP, "", "%%ode -o fox --seed 3\nthe sea", "%genart alias epic ode --form sonnet")
    for index in (0, 2, 3):
        lab.run(index)
    lab.page.wait_for_function("document.querySelector('.ge-working-words')?.textContent.includes('genart')")
    return lab


KERNEL = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
BUSY = "import time; time.sleep(600)"


@pytest.mark.parametrize("busy", [False, True])
def test_magics_options_values_and_names(notebook: Any, busy: bool) -> None:
    if busy:
        notebook.edit(0, BUSY)
        notebook.run(0, wait=False)
        notebook.page.wait_for_function(f"{KERNEL}.status === 'busy'")
    assert "%%paint" in offered(notebook, "%%pa|\n\n")
    options = offered(notebook, "%%ode --|\nthe sea")
    assert {"--form", "--lines", "--warmth", "--seed", "--no-loud"} <= options
    assert {"free", "haiku", "sonnet"} <= offered(notebook, "%%ode --form |")
    assert {"haiku", "sonnet"} <= offered(notebook, "%%poem --form=|\nsnow")
    assert "smollm2-135m" in offered(notebook, "%%poem --model |")
    assert "fox" in offered(notebook, "%%ode\nthe tale of {{f|")
    assert "@epic" in offered(notebook, "%%ode @|")
    assert "fox" in offered(notebook, "x = 1\n%easel fo|")
    assert "status" in offered(notebook, "%genart st|")
    assert "flat" in offered(notebook, "%%paint --style fl|\na fox")
    assert "fox" in offered(notebook, "%%compose --from |")
    if busy:
        styles = offered(notebook, "%%paint --style |\na fox")
        assert "flat" in styles and not {"chorale", "leadlight"} & styles
        models = offered(notebook, "%%paint --model |\na fox")
        assert "painter" in models and "smollm2-135m" not in models
        notebook.interrupt()


def test_an_option_is_inserted_by_keyboard_alone(notebook: Any) -> None:
    notebook.page.evaluate(TYPE, [1, "%%ode --l|\nthe sea"])
    notebook.page.keyboard.press("Tab")
    notebook.page.wait_for_selector(ITEMS)
    notebook.page.keyboard.press("Enter")
    notebook.page.wait_for_function(
        "jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel.getSource().startsWith('%%ode --lines')"
    )


def test_nothing_of_ours_is_offered_in_prose(notebook: Any) -> None:
    notebook.page.evaluate(TYPE, [1, "%%ode\nthe se|"])
    notebook.page.evaluate("() => jupyterapp.commands.execute('completer:invoke-notebook')")
    notebook.page.wait_for_timeout(1500)
    ours = {"--seed", "--form", "%%ode", "@epic", "fox"}
    assert not ours & set(notebook.page.locator(ITEMS).all_inner_texts())
