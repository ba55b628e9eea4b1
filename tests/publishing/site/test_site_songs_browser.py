"""Songs and formulas in a real browser: nothing is loaded before it is asked for, and keys do all that a hand does."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from books import Book
from playwright.sync_api import Browser, Locator, Page, expect

from genart_nb.artwork import Artwork
from genart_nb.publishing.site import build, notebook
from genart_nb.publishing.site.easels import Wanted
from genart_nb.recipe import Recipe

sys.path.insert(0, str(Path(__file__).parents[2] / "media"))
import tunes

pytestmark = pytest.mark.browser

WIDE = "$$" + " + ".join(f"a_{{{at}}}" for at in range(40)) + "$$"
AMONG = "$" + " + ".join(f"a_{{{at}}}" for at in range(40)) + "$"
PLACE = "(root) => root.querySelector('audio').currentTime"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, made once: no test changes it."""
    folder = tmp_path_factory.mktemp("songs")
    book = Book(folder / "author")
    book.prose(f"# Songs of $x^2$\n\nSome words, {AMONG}.\n\n{WIDE}")
    for number, song in enumerate((tunes.scale(4, bars=4), tunes.scale(bars=2))):
        recipe = Recipe(art="compose", prompt=f"tune {number}", model="none", seed=3)
        book.work(Artwork(recipe, song, "song", layout="song"))
    order = build.Order(folder / "site", wanted=Wanted(painter=False), sign=False)
    return build.publish([notebook.read(book.save())], order).index


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(chromium: Browser, asked: list[str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.on("console", lambda said: asked.append(f"error: {said.text}") if said.type == "error" else None)
    yield page
    context.close()
    assert [each for each in asked if each.startswith("error")] == []


@pytest.fixture
def plain_server(site: Path) -> Iterator[str]:
    """A server as simple as many: it knows no ranges."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(site.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


def song(page: Page, at: int = 0) -> Locator:
    return page.locator(".song").nth(at)


def at_least(page: Page, where: Locator, seconds: float) -> None:
    expect(where.locator(".play")).to_have_class(re.compile("plays"))
    page.wait_for_function(f"(root) => ({PLACE})(root) >= {seconds}", arg=where.element_handle())


def test_nothing_is_loaded_and_the_length_is_there_before_it_plays(page: Page, site: Path, asked: list[str]) -> None:
    page.goto(site.as_uri())
    page.wait_for_timeout(300)
    assert not [url for url in asked if url.endswith(".mp3")]
    expect(song(page).locator(".time")).to_have_text("0:00 / 0:10")
    assert song(page).locator("audio").is_hidden()


def test_the_line_follows_the_sound_and_keys_move_it(page: Page, site: Path) -> None:
    page.goto(site.as_uri())
    roll, play = song(page).locator(".roll"), song(page).locator(".play")
    roll.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(roll).to_have_attribute("aria-valuetext", "0:05 of 0:10, bar 3")
    page.keyboard.press(" ")
    at_least(page, song(page), 5.1)
    left = song(page).locator(".needle").evaluate("(line) => parseFloat(line.style.left)")
    assert 50 < left < 100, "it begins where the reader put it, and goes on"
    assert play.get_attribute("aria-label") == "Pause: tune 0"
    page.keyboard.press("Home")
    page.wait_for_function(f"(root) => ({PLACE})(root) < 3", arg=song(page).element_handle())
    page.keyboard.press(" ")
    expect(play).to_have_attribute("aria-label", "Play: tune 0")
    assert song(page).locator("audio").evaluate("(sound) => sound.paused")


def test_a_click_goes_there_and_only_one_song_sounds(page: Page, site: Path) -> None:
    page.goto(site.as_uri())
    width = song(page).locator(".roll").bounding_box()
    assert width
    song(page).locator(".roll").click(position={"x": width["width"] / 2, "y": 20})
    expect(song(page).locator(".time")).to_have_text("0:05 / 0:10")
    song(page).locator(".play").click()
    at_least(page, song(page), 5.1)
    song(page, 1).locator(".play").click()
    at_least(page, song(page, 1), 0.05)
    assert song(page).locator("audio").evaluate("(sound) => sound.paused")
    song(page, 1).locator(".roll").press("End")
    expect(song(page, 1).locator(".time")).to_have_text("0:00 / 0:05", timeout=60_000)


def test_a_server_that_knows_no_ranges_lets_one_seek_too(page: Page, plain_server: str, asked: list[str]) -> None:
    page.goto(plain_server)
    song(page).locator(".play").click()
    at_least(page, song(page), 0.1)
    song(page).locator(".play").click()
    song(page).locator(".roll").press("End")
    song(page).locator(".roll").press("ArrowLeft")
    page.wait_for_function(f"(root) => Math.abs(({PLACE})(root) - 7.5) < 0.01", arg=song(page).element_handle())
    assert len([url for url in asked if url.endswith(".mp3")]) == 1


def test_a_sound_that_is_gone_is_told(chromium: Browser, site: Path, tmp_path: Path) -> None:
    without = shutil.copytree(site.parent, tmp_path / "site", ignore=shutil.ignore_patterns("*.mp3"))
    page = chromium.new_page()
    page.goto((without / "index.html").as_uri())
    song(page).locator(".play").click()
    expect(song(page).locator(".time")).to_have_text("The sound cannot be loaded")
    page.close()


def test_without_scripts_the_browser_itself_plays(chromium: Browser, site: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.as_uri())
    assert song(page).locator("audio").is_visible() and song(page).locator(".play").is_hidden()
    expect(song(page).locator(".time")).to_have_text("0:10")
    context.close()


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_scores_and_formulas_are_no_wider_than_the_screen(page: Page, site: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site.as_uri())
    page.locator(".score img").first.scroll_into_view_if_needed()
    shown = page.locator(".score img").first
    page.wait_for_function("(image) => image.naturalWidth > 0", arg=shown.element_handle())
    assert shown.evaluate("(image) => image.currentSrc.includes('narrow')") == (width <= 640)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    formula = page.locator("math[display=block]")
    if width < 500:
        assert formula.get_attribute("tabindex") == "0", "what scrolls can be reached by keys"
        assert formula.evaluate("(each) => each.scrollWidth > each.clientWidth")


def test_the_score_opens_in_full_size_and_turns_light_on_a_dark_page(page: Page, site: Path) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(site.as_uri())
    assert "invert" in page.locator(".score img").first.evaluate("(image) => getComputedStyle(image).filter")
    page.locator(".score").first.focus()
    page.keyboard.press("Enter")
    large = page.locator("#zoom[open] img")
    assert str(large.get_attribute("src")).endswith("-score.svg")
    assert "invert" in large.evaluate("(image) => getComputedStyle(image).filter")
    page.keyboard.press("Escape")
    page.emulate_media(color_scheme="light")
    assert page.locator(".score img").first.evaluate("(image) => getComputedStyle(image).filter") == "none"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(page: Page, site: Path, scheme: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(site.as_uri())
    page.locator(".recipe summary").first.click()
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [(each["id"], node["html"][:120]) for each in found for node in each["nodes"]] == []
