"""The status bar in a real JupyterLab: it tells what runs, and stops it while the kernel is busy in a cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DOUBLES = Path(__file__).parents[1] / "magics"
SETUP = f"import sys; sys.path.insert(0, {str(DOUBLES)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
SLOW = "%%ode --lines 300 --pause 0.1 --seed 7\nthe sea <b>& the shore</b>"
WORDS = ".ge-working-words"
BUSY = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"


def says(lab: Any, pattern: str, seconds: float = 20) -> str:
    """The status bar's words, once they match."""
    script = "([words, pattern]) => new RegExp(pattern).test(document.querySelector(words)?.textContent ?? '')"
    lab.page.wait_for_function(script, arg=[WORDS, pattern], timeout=1000 * seconds)
    return str(lab.page.locator(WORDS).inner_text())


@pytest.fixture
def busy(lab: Any) -> Any:
    """A notebook whose second cell makes an ode for half a minute."""
    lab.write("busy.ipynb", SETUP, SLOW, "print('free', 'again')")
    lab.run(0)
    lab.run(1, wait=False)
    says(lab, r"ode “the sea <b>& the shore</b>” · \d+ %")
    return lab


def test_the_work_is_stopped_while_its_cell_runs(busy: Any) -> None:
    assert busy.page.evaluate(BUSY), "asking must not make the kernel look idle"
    says(busy, r"\d+ % · \d+ s left")
    busy.screenshot("lab-status-light")
    busy.page.locator(".ge-working .ge-action").click()
    busy.wait_idle(10)
    assert "stopped early" in busy.output(1).inner_text().lower()
    busy.run(2)
    assert busy.output(2).inner_text().strip().endswith("free again")
    says(busy, "genart: ready")
    assert not busy.page.locator(".ge-working .ge-action").is_visible()


def test_the_list_names_notebooks_and_stops_one(busy: Any) -> None:
    busy.write("other.ipynb", SETUP, SLOW.replace("seed 7", "seed 8"))
    busy.run(0)
    busy.run(1, wait=False)
    says(busy, "1 waiting")
    busy.page.locator(WORDS).click()
    jobs = busy.page.locator(".ge-jobs")
    jobs.locator("li").nth(1).wait_for()
    assert sorted(jobs.locator("section strong").all_inner_texts()) == ["busy.ipynb", "other.ipynb"]
    for theme in ("Light", "Dark"):
        busy.theme(theme)
        if not jobs.is_visible():
            busy.page.locator(WORDS).click()
        busy.screenshot(f"lab-jobs-{theme.lower()}")
    row = jobs.locator("section", has_text="other.ipynb").locator("li")
    row.get_by_role("button", name="Stop").click()
    row.wait_for(state="detached", timeout=10_000)
    assert jobs.locator("li").count() == 1
    busy.page.keyboard.press("Escape")


def test_it_works_by_keyboard_alone(busy: Any) -> None:
    busy.page.locator(WORDS).focus()
    busy.page.keyboard.press("Enter")
    stop = busy.page.locator(".ge-jobs li").get_by_role("button", name="Stop")
    stop.wait_for()
    assert busy.page.evaluate("document.activeElement.closest('.ge-jobs') !== null")
    stop.focus()
    busy.page.keyboard.press("Enter")
    busy.wait_idle(10)
    assert "stopped early" in busy.output(1).inner_text().lower()


def test_a_restart_in_mid_job_is_told(busy: Any) -> None:
    busy.restart()
    busy.page.wait_for_function("!document.querySelector('.ge-working')?.offsetParent", timeout=20_000)
    busy.run(0)
    busy.edit(1, "%%ode --seed 1\nsnow")
    busy.run(1)
    says(busy, "genart: ready")


def test_a_kernel_without_us_shows_nothing(lab: Any) -> None:
    lab.write("plain.ipynb", "print(1)")
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url) if "/genart/" in request.url else None)
    lab.run_all()
    lab.page.wait_for_timeout(2000)
    assert asked == [], "nobody is asked before one of our magics is on the page"
    assert lab.page.locator(".ge-working:visible").count() == 0


def test_a_server_without_us_is_quiet(lab: Any) -> None:
    lab.page.route("**/genart/**", lambda route: route.fulfill(status=404, body='{"message": "Not Found"}'))
    lab.console_errors.clear()
    lab.write("off.ipynb", SETUP, "%%ode --seed 1\nsnow")
    lab.run_all()
    lab.page.wait_for_timeout(3000)
    assert "seed 1" in lab.output(1).inner_text()
    assert lab.page.locator(".ge-working:visible").count() == 0
    assert len([each for each in lab.console_errors if "404" not in each]) == 0
