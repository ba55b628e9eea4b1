"""The easel where things end or differ: a tab closed in mid-drag, and Jupyter Notebook 7."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from test_easel_in_lab import EASEL, LISTEN, PIXELS, SETUP, Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATE = """
import json, threading, time
import genart_nb
quiet = time.monotonic() + 20
while genart_nb.studio().engine.jobs() and time.monotonic() < quiet:
    time.sleep(0.05)
print(json.dumps({"jobs": len(genart_nb.studio().engine.jobs()), "error": repr(easel._steering.error),
                  "settled": easel._mailbox.settles(10), "recipe": easel.steer(guidance=6.0) or
                  easel.wait(60).recipe.options["guidance"]}))"""


def browser_tab(lab: Any) -> Any:
    """Close the browser's tab and come back in another."""
    context = lab.page.context
    fresh = type(lab)(context.new_page(), lab.server)
    lab.page.close()
    fresh.start("/lab")
    return fresh


def lab_tab(lab: Any) -> Any:
    """Close the notebook's tab inside JupyterLab, as its cross does."""
    lab.page.evaluate(
        """async () => {
            const panel = jupyterapp.shell.currentWidget;
            await panel.context.save();  // else it asks
            panel.close();
        }"""
    )
    lab.page.wait_for_selector(".jp-NotebookPanel", state="detached")
    lab.page.mouse.up()
    return lab


@pytest.mark.parametrize("close", [browser_tab, lab_tab])
def test_a_tab_closed_in_mid_drag_leaves_a_kernel_that_goes_on(lab: Any, close: Callable[[Any], Any]) -> None:
    lab.write("easel.ipynb", SETUP, EASEL, STATE)
    lab.side_bars(False)
    lab.save()
    lab.run(0)
    lab.run(1)
    hands = Hands(lab)
    hands.root.locator("summary").click()
    hands.drag("pause", 0.9, drop=False)  # every step of a draft is slow by now
    session = lab.server.ask("/api/sessions")[0]["kernel"]["id"]
    again = close(lab)
    again.open("easel.ipynb")
    assert [each["kernel"]["id"] for each in lab.server.ask("/api/sessions")] == [session]
    again.run(2, timeout=120)
    told = json.loads(again.output(2).inner_text().strip().splitlines()[-1])
    assert told == {"jobs": 0, "error": "None", "settled": True, "recipe": 6.0}
    again.run(1)
    after = Hands(again)
    after.changed(lambda: after.press("r"))


def test_it_steers_in_notebook_7(notebook7: Any) -> None:
    notebook7.write("seven.ipynb", SETUP, EASEL, "print(easel.recipe.digest, easel.recipe.options['guidance'])")
    of_its_own = list(notebook7.console_errors)
    for cell in (0, 1):
        notebook7.run(cell)
    page = notebook7.page
    page.evaluate(LISTEN)
    hands = Hands(notebook7)
    hands.changed(lambda: hands.drag("guidance", 0.9, hold=0.5))
    seen = page.evaluate("window.frames_")
    assert "draft" in [each["tier"] for each in seen] and seen[-1]["tier"] == "whole"
    assert seen[-1]["digest"] == hands.digest()
    shown = page.evaluate(PIXELS, [hands.digest()])
    hands.changed(lambda: hands.press("r"))
    hands.changed(lambda: hands.press("z"))
    assert page.evaluate(PIXELS, [hands.digest()]) == shown
    notebook7.run(2)
    digest, guidance = notebook7.output(2).inner_text().split()
    assert digest == hands.digest() and float(guidance) == float(hands.value("guidance"))
    hands.root.get_by_role("button", name="Write the cell that makes this").click()
    page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 4")
    for theme in ("Light", "Dark"):
        notebook7.theme(theme)
        assert hands.root.evaluate("root => root.scrollWidth - root.clientWidth") <= 0
        notebook7.screenshot(f"easel-notebook7-{theme.lower()}")
    notebook7.restart()
    hands.root.get_by_role("alert").get_by_text("The kernel was restarted.").wait_for()
    assert notebook7.console_errors == of_its_own
