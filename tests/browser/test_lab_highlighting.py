"""Magic cells in a real JupyterLab: coloured as what they are, faults underlined, options explained."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# What stands at each stretch of text, as the highlighter sees it: the classes of the innermost span that holds it.
COLOURED = """([index, wanted]) => {
    const root = document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell')[index];
    const walker = document.createTreeWalker(root.querySelector('.cm-content'), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        if (node.textContent.includes(wanted)) {
            const style = getComputedStyle(node.parentElement);
            return [style.color, node.parentElement.closest('.ge-fault')?.title ?? ''];
        }
    return ['absent', ''];
}"""


def colour(lab: Any, index: int, text: str) -> str:
    return str(lab.page.evaluate(COLOURED, [index, text])[0])


def fault(lab: Any, index: int, text: str) -> str:
    return str(lab.page.evaluate(COLOURED, [index, text])[1])


@pytest.fixture
def cells(lab: Any) -> Any:
    lab.write(
        "colours.ipynb",
        "def plain(value):\n    return 'text'  # note",
        "%%poem --form haiku --lines=3 # note\nthe tale of {{str('text')}} isn't over",
        "x = 'text'\n%genart models --free it\ndef plain(value):\n    return None",
        "%%code --lang svg\n<svg><g/></svg>",
        "%%timeit\ndef plain(value): return 'text'",
    )
    lab.page.wait_for_timeout(500)
    return lab


def test_a_magic_cell_is_not_broken_python(cells: Any) -> None:
    keyword, string, comment, prose = (colour(cells, 0, each) for each in ("def", "'text'", "# note", "value"))
    assert len({keyword, string, comment, prose}) == 4, "the theme tells these apart in Python"
    assert colour(cells, 1, "%%poem") == keyword
    assert colour(cells, 1, "haiku") == string
    assert colour(cells, 1, "# note") == comment
    assert colour(cells, 1, "--form") not in (keyword, string, comment)
    assert colour(cells, 1, "'text'") == string, "the expression in the prompt is Python"
    assert colour(cells, 1, "the tale of") == colour(cells, 1, "over") == prose, "an apostrophe opens no string"


def test_python_around_a_line_magic_stays_python(cells: Any) -> None:
    keyword, string = colour(cells, 0, "def"), colour(cells, 0, "'text'")
    assert colour(cells, 2, "'text'") == string
    assert colour(cells, 2, "%genart") == keyword
    assert colour(cells, 2, "--free") == colour(cells, 1, "--form")
    assert colour(cells, 2, "def") == keyword


def test_programs_have_their_language_and_others_magics_stay(cells: Any) -> None:
    cells.page.wait_for_timeout(500)
    assert colour(cells, 3, "svg") != colour(cells, 1, "over")
    assert colour(cells, 4, "'text'") == colour(cells, 0, "'text'"), "IPython's own cell magics are Python as before"


def test_faults_are_underlined_with_the_nearest(cells: Any) -> None:
    cells.edit(1, "%%poem --fom haiku --lines 99 --form haikoo --seed 7 -o x\nsnow")
    cells.page.wait_for_selector(".ge-fault")
    assert "--form" in fault(cells, 1, "--fom")
    assert "0..40" in fault(cells, 1, "99")
    assert "haiku" in fault(cells, 1, "haikoo")
    assert fault(cells, 1, "--seed") == fault(cells, 1, "7") == ""
    cells.edit(1, "%%poem --form haiku\nsnow")
    cells.page.wait_for_selector(".ge-fault", state="detached")


def test_options_are_explained_where_the_pointer_rests(cells: Any) -> None:
    cells.page.wait_for_timeout(1500)
    cells.cell(1).get_by_text("--form").first.hover()
    tip = cells.page.locator(".ge-tip")
    tip.wait_for(timeout=10_000)
    assert "haiku" in tip.inner_text() and "default free" in tip.inner_text()


def test_a_magic_that_only_the_kernel_knows_is_coloured_once_it_tells(lab: Any) -> None:
    magics = Path(__file__).parents[1] / "magics"
    setup = f"import sys; sys.path.insert(0, {str(magics)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
    lab.write("foreign.ipynb", setup, "%%ode --form haiku\nthe tale of it")
    lab.page.wait_for_timeout(300)
    assert colour(lab, 1, "haiku") == colour(lab, 1, "tale"), "nobody has told of it yet"
    lab.run(0)
    lab.page.wait_for_timeout(300)
    keyword = colour(lab, 0, "import")
    deadline = time.monotonic() + 15
    while colour(lab, 1, "%%ode") != keyword:
        assert time.monotonic() < deadline
        lab.page.wait_for_timeout(100)
    assert colour(lab, 1, "haiku") != colour(lab, 1, "tale")


def test_it_is_looked_at(cells: Any) -> None:
    cells.edit(1, "%%paint --style flat:0.7 --fredom 0.4 --seed 7 -o fox @calm # mind the fox\na fox in {{place}}")
    for theme in ("Light", "Dark"):
        cells.theme(theme)
        cells.page.wait_for_timeout(300)
        cells.screenshot(f"lab-highlighting-{theme.lower()}")
