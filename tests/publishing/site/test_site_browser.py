"""In a real browser, from a disk, with the network cut: sliders move pictures, and nobody is asked for anything."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from books import Book, outputs_of
from meadow import MEADOW
from playwright.sync_api import Browser, Locator, Page, expect

from genart_nb import writing
from genart_nb.artwork import Artwork
from genart_nb.magics.grammar import Common, parse, split
from genart_nb.publishing.site import build, notebook
from genart_nb.publishing.site.easels import Wanted, told_cell
from genart_nb.publishing.site.server import Server
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio, studio
from genart_nb.widgets import controls

pytestmark = pytest.mark.browser

PIXEL = """(board) => {
  const canvas = board.querySelector('canvas');
  if (canvas.hidden) return null;
  return [canvas.width, canvas.height];
}"""


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, asked: list[str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900}, offline=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    local = ("file:", "data:", "blob:", "about:")
    page.on("request", lambda request: None if request.url.startswith(local) else asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.on("console", lambda said: asked.append(f"said: {said.text}") if said.type == "error" else None)
    yield page
    context.close()


@pytest.fixture
def site(book: Book, hills: Artwork, desk: Studio, tmp_path: Path) -> Path:
    poem = Artwork(Recipe(art="poem", prompt="sea", model="none", seed=1), "The sea\nis wide", layout="verse")
    book.prose("# Hills\n\nSome words.").work(hills, "%%meadow").work(poem).work(hills, frames="freedom=3,seed=2")
    reach = "try { parent.parent.hacked = 1 } catch { document.title = 'refused' }"
    sealed = f"<p style='height:333px'>x</p><script>{reach};fetch('https://x.org').catch(() => 0)</script>"
    book.code("1", {"output_type": "execute_result", "data": {"text/html": sealed}, "metadata": {}})
    order = build.Order(tmp_path / "site", wanted=Wanted(painter=False), sign=False)
    return build.publish([notebook.read(book.save())], order, desk).index


def easel(page: Page) -> Locator:
    return page.locator(".easel")


def test_a_slider_changes_the_picture_and_nobody_is_asked(
    page: Page, site: Path, asked: list[str], hills: Artwork, tmp_path: Path
) -> None:
    page.goto(site.as_uri())
    slider = easel(page).get_by_label("freedom")
    assert slider.get_attribute("max") == "2" and "6 pictures made ahead" in easel(page).inner_text()
    assert easel(page).evaluate(PIXEL) is None, "the author's own work stands there at first"
    before = easel(page).locator(".board").screenshot()
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(easel(page).locator("canvas")).to_be_visible()
    assert easel(page).evaluate(PIXEL) == list(hills.data.size)
    assert easel(page).locator(".board").screenshot() != before
    assert slider.get_attribute("aria-valuetext") == "1"
    easel(page).locator(".view").click()
    assert page.locator("#zoom canvas").is_visible(), "full size is of what is there now"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Reset").click()
    assert easel(page).evaluate(PIXEL) is None and slider.get_attribute("aria-valuetext") == "0.5"
    # What the sealed output tried is refused by its own policy, and told nowhere but in the console.
    assert [each for each in asked if "Content Security Policy" not in each and "Fetch API" not in each] == []


def test_the_cell_of_the_present_values_is_the_one_python_writes(page: Page, site: Path, hills: Artwork) -> None:
    page.goto(site.as_uri())
    slider = easel(page).get_by_label("freedom")
    slider.evaluate("(e) => { e.value = 0; e.dispatchEvent(new Event('input', {bubbles: true})); }")
    easel(page).get_by_role("button", name="New seed").click()
    easel(page).get_by_role("button", name="Copy as cell").click()
    expect(easel(page).locator(".status")).to_contain_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    rows = controls.controls(MEADOW, hills.recipe, None)
    recipe = controls.written(MEADOW, hills.recipe, hills.recipe.prompt, 8, {**controls.values(rows), "freedom": 0})
    assert copied == writing.cell(recipe).replace("--freedom 0.0", "--freedom 0").replace("--pause 0.0", "--pause 0")


CELLS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"guidance": 9.5, "steps": 12, "fault": True}),
    ({"style": "dawn:0.5,noon:0.25"}, {"style:noon": 0.75}),
    ({"style": "dawn:0.5,noon:0.25"}, {"style:dawn": 0}),
    ({"mix": "a wolf:0.4 | a bear:0.2"}, {"mix:amount": 0.5, "signature": 'a "b" \\ c'}),
]


@pytest.mark.parametrize(("options", "moved"), CELLS)
def test_cells_written_in_the_browser_make_the_recipe_that_python_would(
    page: Page, site: Path, desk: Studio, options: dict[str, Any], moved: dict[str, Any]
) -> None:
    base = desk.recipe("meadow", 'hills "and" {{braces}}', options, seed=7)
    rows = controls.controls(MEADOW, base, None)
    home = controls.values(rows)
    told = told_cell(Artwork(base, None, "picture"), writing.cell(base))
    page.goto(site.as_uri())
    ask = "([told, values, home]) => genart.cell(told, values, home, 11)"
    text = page.evaluate(ask, [told, {**home, **moved}, home])
    line, _, body = text.partition("\n")
    command = parse(split(line.partition(" ")[2]), Common, MEADOW.options)
    wanted = controls.written(MEADOW, base, base.prompt, 11, {**home, **moved})
    made = desk.recipe("meadow", base.prompt, command.of(MEADOW.options), seed=11)
    assert made == wanted and body == writing.cell(base).partition("\n")[2]


def test_full_size_opens_by_keyboard_and_gives_the_focus_back(page: Page, site: Path) -> None:
    page.goto(site.as_uri())
    link = page.locator("a[data-zoom]").first
    link.focus()
    page.keyboard.press("Enter")
    zoom = page.locator("#zoom[open]")
    assert zoom.is_visible() and page.evaluate("document.activeElement.closest('#zoom') !== null")
    first = zoom.locator("img").get_attribute("src")
    page.keyboard.press("ArrowRight")
    assert zoom.locator("img").get_attribute("src") != first or page.locator("a[data-zoom]").count() == 1
    page.keyboard.press("Escape")
    assert not page.locator("#zoom").is_visible() and page.evaluate("document.activeElement.matches('a[data-zoom]')")


def test_recipes_are_one_click_away_and_can_be_copied(page: Page, site: Path, hills: Artwork) -> None:
    page.goto(site.as_uri())
    first = page.locator(".plate").first
    first.locator("summary").click()
    assert hills.recipe.digest in first.inner_text() and "hills at dawn" in first.inner_text()
    first.get_by_role("button", name="Copy as cell").click()
    expect(first.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == writing.cell(hills.recipe)


def test_light_and_dark_follow_the_reader_and_the_button(page: Page, site: Path) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(site.as_uri())
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(ground)
    assert light != dark
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate(ground) == light
    page.reload()
    assert page.evaluate(ground) == light, "the choice is kept"


@pytest.mark.parametrize("width", [360, 768, 1800])
def test_nothing_is_wider_than_the_screen(page: Page, site: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site.as_uri())
    page.locator(".plate summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_sealed_tells_its_height_and_reaches_nothing(page: Page, site: Path) -> None:
    page.goto(site.as_uri())
    page.locator("iframe.sealed").scroll_into_view_if_needed()
    expect(page.locator("iframe.sealed")).to_have_attribute("style", re.compile(r"height: 3\d\dpx"))
    assert page.evaluate("window.hacked") is None and page.frames[-1].evaluate("document.title") == "refused"


def test_a_page_without_scripts_still_shows_everything(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(site.as_uri())
    assert page.locator(".easel .view img").is_visible() and page.locator("#zoom").is_hidden()
    page.locator(".recipe summary").first.click()
    assert page.locator(".recipe dl").first.is_visible()
    context.close()


def test_a_single_file_is_alive_too(
    page: Page, book: Book, hills: Artwork, desk: Studio, tmp_path: Path, asked: list[str]
) -> None:
    book.work(hills, frames="freedom=3")
    order = build.Order(tmp_path / "one", wanted=Wanted(painter=False), single_file=True)
    made = build.publish([notebook.read(book.save())], order, desk)
    alone = tmp_path / "elsewhere.html"
    made.index.rename(alone)
    page.goto(alone.as_uri())
    easel(page).get_by_label("freedom").press("ArrowLeft")
    expect(easel(page).locator("canvas")).to_be_visible()
    assert asked == []


def test_a_studio_behind_the_page_makes_new_works(chromium: Browser, site: Path, desk: Studio, hills: Artwork) -> None:
    server = Server(site.parent, desk=desk)
    threading.Thread(target=server.run, daemon=True).start()
    context = chromium.new_context()
    try:
        page = context.new_page()
        page.goto(server.url)
        page.get_by_role("button", name="Your genart").wait_for()
        assert "token" not in page.url
        easel(page).get_by_label("guidance").press("ArrowRight")
        expect(easel(page).locator(".status")).to_contain_text("Painted in")
        easel(page).get_by_role("button", name="New seed").click()
        expect(easel(page).locator(".status")).to_contain_text("Painted in")
        assert easel(page).evaluate(PIXEL)[0] == 64
        stranger = context.new_page()
        stranger.goto(f"http://127.0.0.1:{server.port}/")
        stranger.wait_for_timeout(300)
        assert stranger.get_by_role("button", name="Your genart").count() == 0
    finally:
        context.close()
        server.close()


def test_the_painter_wakes_in_a_single_page_without_any_folder(
    page: Page, book: Book, desk: Studio, tmp_path: Path, asked: list[str]
) -> None:
    recipe = desk.recipe("paint", "a cat wearing a top hat", {"steps": 2}, seed=7)
    book.work(desk.make(recipe).artwork(120), frames="none")
    order = build.Order(tmp_path / "one", wanted=Wanted(most=100_000_000), single_file=True)
    alone = tmp_path / "elsewhere.html"
    build.publish([notebook.read(book.save())], order, desk).index.rename(alone)
    page.goto(alone.as_uri())
    easel(page).get_by_role("button", name="Paint here").click()
    expect(easel(page).get_by_role("button", name="New seed")).to_be_visible(timeout=120_000)
    easel(page).get_by_role("button", name="New seed").click()
    expect(easel(page).locator(".status")).to_contain_text("Painted in", timeout=120_000)
    cell = "(root) => genart.cell(root.genart.told.cell, root.genart.written(), root.genart.home, root.genart.seed)"
    assert "--arrangement 7" in easel(page).evaluate(cell)
    assert easel(page).evaluate(PIXEL) == [256, 256] and asked == []


def test_print_shows_the_works_and_not_the_controls(page: Page, site: Path) -> None:
    page.goto(site.as_uri())
    page.emulate_media(media="print")
    assert page.locator(".easel .view img").is_visible() and page.locator(".hand").is_hidden()
    assert page.locator(".bar").is_hidden()


def with_todays_weights(path: Path) -> notebook.Notebook:
    """The notebook, its easel's work made by the painter that is here: frames of other weights would be refused."""
    held = json.loads(path.read_text(encoding="utf-8"))
    (cell,) = (cell for cell in held["cells"] if "".join(cell["source"]).startswith("%easel"))
    work = studio().make(studio().recipe("paint", "a cat wearing a top hat", {}, seed=7)).artwork(120)
    cell["outputs"] = outputs_of(work, {"frames": "freedom=2"})
    return notebook.parsed(path, json.dumps(held).encode())


def test_the_tour_is_published_and_its_slider_changes_the_picture(
    page: Page, genart_home: Path, tmp_path: Path, asked: list[str]
) -> None:
    tour = with_todays_weights(Path(__file__).parents[3] / "notebooks" / "00_tour.ipynb")
    order = build.Order(tmp_path / "tour", wanted=Wanted("freedom=2", painter=False), sign=False)
    made = build.publish([tour], order)
    assert made.faults == () and made.index.parent == tmp_path / "tour"
    page.goto(made.index.as_uri())
    assert page.locator(".plate").count() >= 10
    board = easel(page).locator(".board")
    before = board.screenshot()
    easel(page).get_by_label("freedom").press("End")
    expect(easel(page).locator("canvas")).to_be_visible()
    assert board.screenshot() != before
    for picture in page.locator("main img").all():
        assert picture.evaluate("(e) => { e.loading = 'eager'; return e.decode().then(() => e.naturalWidth) }") > 0
    assert asked == []
