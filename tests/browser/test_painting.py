"""The starter painter in a real JupyterLab: a cell paints, an easel steers, and both are fit to be shown."""

from __future__ import annotations

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MIDDLES = """() => ['.ge-working-words', '#jp-bottom-panel .jp-StatusBar-TextItem'].map((found) => {
  const {top, height} = document.querySelector(found).getBoundingClientRect();
  return top + height / 2;
})"""


def test_a_cell_paints_and_an_easel_holds_it(lab):
    path = lab.write(
        "painting.ipynb",
        "%load_ext genart_nb",
        "%%paint --seed 7 -o fox\na fox wearing a crown on a hill at sunset",
        "%easel fox",
    )
    lab.size(1280, 900)
    lab.run_all()
    picture = lab.output(1).locator("figure img")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") == 256
    assert "Redrawn from" in lab.output(1).inner_text()
    easel = lab.output(2).locator("canvas").first
    easel.wait_for()
    easel.scroll_into_view_if_needed()
    lab.page.wait_for_timeout(1500)
    middles = lab.page.evaluate(MIDDLES)
    assert max(middles) - min(middles) <= 1.5, "the easel's rules moved the words in the status bar"
    lab.screenshot("painting-light-1280")
    lab.theme("Dark")
    lab.page.wait_for_timeout(500)
    lab.screenshot("painting-dark-1280")
    lab.size(700)
    lab.screenshot("painting-dark-700")
    lab.save()
    outputs = nbformat.read(path, as_version=4).cells[1].outputs
    assert len(outputs) == 1 and {"image/png", "text/html", "text/plain"} <= set(outputs[0].data)
