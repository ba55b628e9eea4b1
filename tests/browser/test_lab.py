"""The harness itself: a notebook is opened, run, restyled and saved in a real JupyterLab."""

from __future__ import annotations

import sys

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_runs_cells_and_shows_output(lab):
    lab.write("smoke.ipynb", "print(6 * 7)", "from IPython.display import HTML; HTML('<b class=bold>drawn</b>')")
    lab.run_all()
    assert lab.output(0).inner_text().strip().endswith("42")
    assert lab.output(1).locator("b.bold").inner_text() == "drawn"


def test_kernel_is_this_environment_with_a_home_of_its_own(lab):
    lab.write("where.ipynb", "import os, sys; print(sys.prefix, os.environ['GENART_HOME'])")
    lab.run(0)
    prefix, home = lab.output(0).inner_text().split()[-2:]
    assert prefix == sys.prefix
    assert home.startswith(str(lab.server.root.parent))


def test_themes_and_widths(lab):
    lab.write("themes.ipynb", "print('seen')")
    lab.run_all()
    background = "getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor"
    light = lab.page.evaluate(background)
    lab.screenshot("harness-light-1280")
    lab.theme("Dark")
    assert lab.page.evaluate(background) != light
    lab.size(700)
    lab.side_bars(False)
    assert lab.page.evaluate("innerWidth") == 700
    assert lab.screenshot("harness-dark-700").stat().st_size > 5000


def test_interrupt_restart_edit_and_save(lab):
    path = lab.write("life.ipynb", "import time; print('begun', flush=True); time.sleep(60)", "print('first')")
    lab.run(0, wait=False)
    lab.output(0).get_by_text("begun").wait_for()
    lab.interrupt()
    lab.wait_idle(20)
    assert "KeyboardInterrupt" in lab.output(0).inner_text()
    lab.restart()
    lab.edit(1, "print('second')")
    lab.run(1)
    lab.save()
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].text == "second\n"


def test_jupyter_notebook_7(notebook7):
    notebook7.write("seven.ipynb", "print(7)")
    notebook7.run_all()
    assert notebook7.output(0).inner_text().strip().endswith("7")
    notebook7.theme("Dark")
    notebook7.screenshot("harness-notebook7-dark")
