"""Toolbar, menus and keys in a real JupyterLab: publishing, checking, and what a right-click on a work offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOUBLES = Path(__file__).parents[1] / "magics"
SETUP = f"import sys; sys.path.insert(0, {str(DOUBLES)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
PATIENCE = 60_000


def button(lab: Any, name: str) -> Any:
    return lab.page.locator(f".jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name={name}] jp-button")


def toast(lab: Any, words: str) -> Any:
    return lab.page.locator(".Toastify__toast", has_text=words)


def test_a_notebook_is_checked_and_published_from_the_toolbar(lab: Any) -> None:
    path = lab.write("shown.ipynb", "import genart_nb", "print(6 * 7)")
    lab.run_all()
    button(lab, "genart-check").click()
    toast(lab, "all cells agree").wait_for(timeout=PATIENCE)
    lab.screenshot("lab-checked-light")
    button(lab, "genart-publish").click()
    told = toast(lab, "shown.ipynb: published")
    told.wait_for(timeout=PATIENCE)
    assert (path.parent / "shown-site" / "shown.html").is_file()
    with lab.page.context.expect_page() as opened:
        told.get_by_role("button", name="Open").click()
    opened.value.wait_for_load_state()
    assert "42" in opened.value.locator("body").inner_text()


def test_what_differs_is_told_with_its_details(lab: Any) -> None:
    path = lab.write("other.ipynb", "import genart_nb, time", "print(time.time_ns())")
    lab.run_all()
    lab.save()
    lab.page.evaluate("() => jupyterapp.commands.execute('genart:check')")
    told = toast(lab, "1 of 2 cells differ")
    told.wait_for(timeout=PATIENCE)
    told.get_by_role("button", name="Details").click()
    assert "cell 1" in lab.page.locator(".ge-report").inner_text()
    assert path.is_file()


def test_notebooks_without_art_are_left_alone(lab: Any) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url) if "/genart/" in request.url else None)
    lab.write("plain.ipynb", "print(1)")
    lab.run_all()
    assert not button(lab, "genart-check").is_visible() and not lab.page.locator(".ge-working").is_visible()
    assert asked == [] and lab.page.locator(".Toastify__toast").count() == 0
    lab.edit(0, "%load_ext genart_nb")
    button(lab, "genart-check").wait_for(timeout=PATIENCE)


def test_notebook_7_has_them_too(notebook7: Any) -> None:
    path = notebook7.write("seven.ipynb", "import genart_nb", "print(6 * 7)")
    notebook7.run_all()
    notebook7.page.evaluate("() => jupyterapp.commands.execute('genart:studio')")
    notebook7.page.locator(".ge-first:visible, .ge-tile:visible").first.wait_for(timeout=PATIENCE)
    button(notebook7, "genart-check").click()
    toast(notebook7, "all cells agree").wait_for(timeout=PATIENCE)
    notebook7.screenshot("notebook7-studio-light")
    assert path.is_file()


def test_a_work_offers_its_recipe_its_file_and_another_seed(lab: Any) -> None:
    path = lab.write("works.ipynb", SETUP, "%%ode --seed 3\nthe evening {{'sea'}}", "%%ode --seed 4\nanother")
    lab.run_all()
    lab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    work = lab.output(1).locator(".ge-work").first
    work.click(button="right")
    lab.screenshot("lab-menu-light")
    lab.page.get_by_role("menuitem", name="Copy Recipe").click()
    lab.page.wait_for_function("navigator.clipboard.readText().then(text => JSON.parse(text).seed === 3)")
    work.click(button="right")
    with lab.page.expect_download() as saved:
        lab.page.get_by_role("menuitem", name="Save Work Full Size").click()
    assert saved.value.suggested_filename.startswith("ode-") and "sea" in Path(saved.value.path()).read_text()
    work.click(button="right")
    lab.page.get_by_role("menuitem", name="Remake With a New Seed").click()
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 4", timeout=PATIENCE)
    lab.wait_idle()
    lab.output(2).locator(".ge-work").wait_for(timeout=PATIENCE)
    lab.save()
    outputs = nbformat.read(path, as_version=4).cells[2].outputs
    records = [each.data["application/vnd.genart.v1+json"] for each in outputs if "data" in each]
    assert records[-1]["recipe"]["seed"] != 3 and records[-1]["recipe"]["prompt"] == "the evening sea"
    lab.page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 3; }")
    lab.page.evaluate("() => jupyterapp.commands.execute('genart:copy-recipe')")  # by key: not what was clicked before
    lab.page.wait_for_function("navigator.clipboard.readText().then(text => JSON.parse(text).prompt === 'another')")


def test_the_launcher_offers_an_art_notebook(lab: Any) -> None:
    lab.page.locator(".jp-LauncherCard", has_text="Art Notebook").first.click()
    lab.page.wait_for_function("() => jupyterapp.shell.currentWidget?.content.widgets?.length === 2")
    assert "%load_ext genart_nb" in lab.cell(0).inner_text()
