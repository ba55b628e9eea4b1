"""Our parts of JupyterLab beyond one notebook in one window: axe-core's judgement, narrow windows, Notebook 7."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOUBLES = Path(__file__).parents[1] / "magics"
SETUP = f"import sys; sys.path.insert(0, {str(DOUBLES)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
SLOW = "%%ode --lines 300 --pause 0.1 --seed 7\nthe sea"


def faults(lab: Any, *places: str) -> list[str]:
    """What axe-core finds serious in these parts of the page."""
    found = Axe().run(lab.page, context={"include": [[place] for place in places]}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.fixture
def busy(lab: Any) -> Any:
    lab.write("busy.ipynb", SETUP, "%%ode --seed 1\nsnow", "%%poem --fom haiku\nsnow", SLOW)
    lab.run(0)
    lab.run(1)
    lab.output(1).locator("details.ge-recipe summary").click()
    lab.run(3, wait=False)
    lab.page.locator(".ge-working .ge-action").wait_for()
    return lab


def test_nothing_serious_stands_in_anybodys_way(busy: Any) -> None:
    busy.page.locator(".ge-working-words").click()
    busy.page.locator(".ge-jobs li").wait_for()
    busy.page.wait_for_selector(".ge-fault")
    for theme in ("Light", "Dark"):
        busy.theme(theme)
        if not busy.page.locator(".ge-jobs").is_visible():
            busy.page.locator(".ge-working-words").click()
        assert faults(busy, ".ge-working", ".ge-jobs", ".ge-recipe") == []


def test_a_narrow_window_is_enough(busy: Any) -> None:
    busy.size(700)
    busy.side_bars(False)
    busy.page.locator(".ge-working-words").click()
    busy.page.locator(".ge-jobs li").wait_for()
    for place in (".ge-jobs", ".ge-working .ge-action"):
        box = busy.page.locator(place).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 700
    for theme in ("Light", "Dark"):
        busy.theme(theme)
        busy.screenshot(f"lab-narrow-{theme.lower()}-700")


def test_notebook_7_colours_cells_and_shows_recipes(notebook7: Any) -> None:
    notebook7.write("seven.ipynb", SETUP, "%%ode --seed 1\nsnow", "%%poem --form haiku --fom x\nsnow")
    notebook7.run(0)
    notebook7.run(1)
    assert notebook7.output(1).locator("details.ge-recipe").count() == 1
    notebook7.page.wait_for_selector(".ge-fault")
    text = notebook7.page.evaluate(
        """() => {
            const cell = document.querySelectorAll('.jp-Notebook-cell')[2];
            const colour = wanted => [...cell.querySelectorAll('.cm-line span')]
                .filter(each => each.textContent === wanted).map(each => getComputedStyle(each).color)[0];
            return [colour('%%poem'), colour('--form'), colour('haiku')];
        }"""
    )
    assert len(set(text)) == 3 and None not in text
    notebook7.screenshot("lab-notebook7")
