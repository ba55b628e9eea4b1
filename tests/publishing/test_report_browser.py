"""The check report in a real browser: the border follows slider and hand, and everybody can read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sameness_samples import output, picture, recipe, text, work

from genart_nb.publishing import report
from genart_nb.publishing.cells import judged

pytestmark = pytest.mark.browser

LONG = "a_very_long_name_of_a_notebook_that_nobody_would_write_but_somebody_will/" * 3 + "x.ipynb"
HOSTILE = "</script><script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    pairs = [
        ([output(work())], [output(work(picture(8), recipe=recipe(seed=8, prompt=HOSTILE)))]),
        ([output(text("the sea\nis grey " + "and wide " * 60))], [output(text("the sea\nis blue"))]),
        ([output(work())], []),
    ]
    entries = []
    for at, (old, new) in enumerate(pairs):
        result = judged(old, new)
        entries.append(report.entry(LONG if at else "a.ipynb", at, f"%%paint\n{HOSTILE}", result, [HOSTILE * 3]))
    return report.write(tmp_path / "report.html", entries)


@pytest.fixture
def page(chromium: Browser, written: Path) -> Iterator[Page]:
    said: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    page = context.new_page()
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda each: said.append(each.text) if each.type == "error" else None)
    page.on("request", lambda each: None if each.url.startswith(("file:", "data:")) else said.append(each.url))
    page.goto(written.as_uri())
    yield page
    context.close()
    assert said == []


def border(page: Page) -> str:
    return str(page.locator(".over").first.evaluate("(over) => over.style.getPropertyValue('--at')"))


def test_the_border_follows_keys_and_hand(page: Page) -> None:
    assert border(page) == "50%"
    page.locator(".both input").first.focus()
    page.keyboard.press("End")
    assert border(page) == "100%"
    page.locator(".over").first.scroll_into_view_if_needed()
    box = page.locator(".over").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20)
    page.mouse.up()
    assert border(page) in ("24%", "25%", "26%")
    assert page.locator(".both input").first.input_value() == border(page).rstrip("%")


def test_what_differs_is_there_and_nothing_of_it_runs(page: Page) -> None:
    assert page.title().startswith("Stored and new")
    assert page.locator("section").count() == 3 and page.locator("mark").count() >= 2
    page.locator("summary").first.click()
    assert HOSTILE in page.locator("details pre").first.inner_text()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_the_script_both_pictures_stand_side_by_side(chromium: Browser, written: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(written.as_uri())
    assert page.locator(".shown .pair img").first.is_visible() and page.locator(".both").first.is_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(page: Page, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], node["html"][:120]) for each in found for node in each["nodes"]] == []
