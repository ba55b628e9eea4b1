"""A folder that the toolbar publishes opens from Jupyter itself: styled, with its pictures, and its sliders move."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from test_lab_desk import button, toast

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAINT = "%%paint --seed 7 --size 128 -o fox\na fox on a hill at night"
EASEL = '%easel fox --frames "freedom=0|0.4|1"'
PATIENCE = 120_000
ASKED = """async (path) => {
  const answer = await fetch(path).catch((error) => ({ status: String(error) }));
  return answer.status;
}"""


@pytest.fixture
def settings(lab: Any) -> Any:
    """Publish into a folder, painter and all; afterwards as it was."""

    def save(raw: str) -> None:
        lab.page.evaluate("raw => jupyterapp.serviceManager.settings.save('genart_nb:publishing', raw)", raw)

    save('{"singleFile": false, "painter": true}')
    lab.start()
    yield
    save("{}")


@pytest.fixture
def published(lab: Any, settings: Any) -> Any:
    """The page that opens, and every answer that it was given."""
    lab.write("sub fox.ipynb", "%load_ext genart_nb", PAINT, EASEL)
    lab.run_all()
    button(lab, "genart-publish").click()
    told = toast(lab, "sub fox.ipynb: published")
    told.wait_for(timeout=PATIENCE)
    context = lab.page.context
    wrong: list[str] = []
    context.on("response", lambda each: wrong.append(f"{each.status} {each.url}") if each.status >= 300 else None)
    context.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    with context.expect_page() as opened:
        told.get_by_role("button", name="Open").click()
    page = opened.value
    page.set_default_timeout(PATIENCE)
    page.wait_for_load_state()
    return page, wrong


def test_a_published_folder_is_whole_moves_and_may_do_nothing_in_jupyter(published: Any, lab: Any) -> None:
    page, wrong = published
    assert "/genart/sites/" in page.url and lab.server.token not in page.url
    easel = page.locator(".easel")
    easel.scroll_into_view_if_needed()
    assert page.locator("img").first.evaluate("image => image.decode().then(() => image.naturalWidth)") == 128
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "", "the style sheet beside it was read"
    assert page.evaluate("document.styleSheets.length") > 0 and page.locator("#theme").is_visible()

    before = easel.locator(".board").screenshot()
    easel.get_by_label("freedom").press("ArrowRight")
    expect(easel.locator("canvas")).to_be_visible()
    assert easel.locator(".board").screenshot() != before
    page.screenshot(path=lab.screenshot("published-in-jupyter-light"))
    page.locator("a[data-zoom]").first.click()
    assert page.locator("#zoom[open]").is_visible()
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download notebook").click()
    assert saved.value.suggested_filename.endswith(".ipynb")
    assert [each for each in wrong if "download" not in each] == []

    easel.get_by_role("button", name="Paint here").click()
    easel.get_by_role("button", name="New seed").click()
    expect(easel.locator(".status")).to_contain_text("Painted in", timeout=2 * PATIENCE)
    assert [each for each in wrong if "download" not in each] == []

    assert page.evaluate("self.origin") == "null", "it has an origin of its own, so no part in the reader's session"
    for path in ("/api/contents", "/genart/works"):
        assert page.evaluate(ASKED, path) != 200
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 700, "height": 900})
    page.screenshot(path=lab.screenshot("published-in-jupyter-dark-700"))
