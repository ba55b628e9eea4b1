"""The Studio in a real JupyterLab: works found, looked at, compared, put into notebooks; ten thousand of them."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from genart_nb.artwork import MIME, Artwork
from genart_nb.gallery import Gallery
from genart_nb.recipe import Recipe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 30_000
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
COLOURS = ("red", "green", "blue", "gold")


@pytest.fixture
def gallery(lab: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gallery]:
    """The server's gallery with four pictures, one of them without its file, and a text; afterwards without them."""
    gallery = Gallery(lab.server.root.parent / "genart_home" / "gallery")
    clear(gallery)
    asked = Recipe(art="ask", prompt="why is the sea salt?", model="smollm2-135m", seed=1)
    gallery.keep(Artwork(asked, "Rivers do it."))
    for seed, colour in enumerate(COLOURS, 2):
        recipe = Recipe(art="paint", prompt=f"a {colour} fox <i>", model="painter", seed=seed)
        monkeypatch.setenv("JPY_SESSION_NAME", f"/home/me/{'warm' if colour in ('red', 'gold') else 'cold'}.ipynb")
        gallery.keep(Artwork(recipe, Image.new("RGB", (256, 192), colour), "picture"))
    gallery.search("a green fox")[0].file.unlink()
    yield gallery
    clear(gallery)
    gallery.close()


def clear(gallery: Gallery) -> None:
    """Take down whatever tests have made on this server."""
    with gallery._open() as database:
        database.execute("DELETE FROM works")


@pytest.fixture
def studio(lab: Any, gallery: Gallery) -> Any:
    show(lab)
    lab.page.locator(".ge-tile").first.wait_for(timeout=PATIENCE)
    return lab


def show(lab: Any) -> None:
    lab.page.evaluate("() => jupyterapp.commands.execute('genart:studio')")


def faults(lab: Any, place: str) -> list[str]:
    """What axe-core finds serious in a part of the page."""
    found = Axe().run(lab.page, context={"include": [[place]]}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:120]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def tile(lab: Any, words: str) -> Any:
    return lab.page.get_by_role("option", name=words)


def says(lab: Any, words: str) -> None:
    lab.page.locator(".ge-said", has_text=words).wait_for(timeout=PATIENCE)


def test_works_are_found_by_words_form_and_favour(studio: Any) -> None:
    says(studio, "works")
    assert tile(studio, "green fox").inner_text().startswith("gone")
    studio.page.get_by_label("Search prompts").fill("RED fox")
    says(studio, "1 work")
    tile(studio, "red fox").click()
    studio.page.get_by_role("button", name="Mark as a favourite").click()
    studio.page.locator(".ge-star").wait_for()
    studio.page.get_by_label("Search prompts").fill("")
    studio.page.get_by_label("Only favourites").click()
    says(studio, "1 work")
    studio.page.get_by_label("Only favourites").click()
    studio.page.get_by_label("Notebook", exact=True).select_option("/home/me/warm.ipynb")
    says(studio, "2 works")
    studio.page.get_by_label("Notebook", exact=True).select_option("")
    studio.page.get_by_label("Art form").select_option("ask")
    says(studio, "1 work")
    tile(studio, "sea salt").click()
    studio.page.locator(".ge-detail pre", has_text="Rivers do it.").wait_for(timeout=PATIENCE)
    studio.page.get_by_label("Search prompts").fill("nothing like it")
    says(studio, "No such work")


def test_two_are_compared_by_keyboard_alone(studio: Any) -> None:
    studio.page.locator(".ge-grid").focus()
    studio.page.keyboard.press("Home")
    studio.page.locator(".ge-detail", has_text="gold").wait_for()
    studio.page.get_by_role("button", name="Compare it with").focus()
    studio.page.keyboard.press("Enter")
    studio.page.locator(".ge-grid").focus()
    studio.page.keyboard.press("ArrowRight")
    page = studio.page.locator(".ge-comparison")
    page.locator("img").nth(1).wait_for(timeout=PATIENCE)
    assert [each.get_attribute("alt") for each in page.locator("img").all()] == [
        "paint: a gold fox <i>",
        "paint: a blue fox <i>",
    ]
    page.locator("tr", has_text="seed").wait_for()
    assert "≠" in page.locator("tr", has_text="seed").inner_text()
    assert "=" in page.locator("tr", has_text="model").inner_text()
    assert faults(studio, ".ge-comparison") == []
    studio.screenshot("lab-compare-light")


def test_a_work_goes_into_a_notebook_as_its_cell_with_what_it_shows(studio: Any) -> None:
    path = studio.write("insert.ipynb", "print('first')")
    show(studio)
    tile(studio, "red fox").click()
    studio.page.get_by_role("button", name="Insert as cell").click()
    studio.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 2")
    studio.save()
    cell = nbformat.read(path, as_version=4).cells[1]
    assert "a red fox <i>" in cell.source and {"image/png", MIME} <= set(cell.outputs[0].data)
    assert studio.output(1).locator("img").first.is_visible()


def test_a_work_is_dragged_into_a_notebook_with_its_picture(studio: Any) -> None:
    path = studio.write("drag.ipynb", "print('first')")
    show(studio)
    box, target = tile(studio, "red fox").bounding_box(), studio.cell(0).bounding_box()
    mouse = studio.page.mouse
    mouse.move(box["x"] + 50, box["y"] + 50)
    mouse.down()
    mouse.move(box["x"] + 70, box["y"] + 60)
    studio.page.locator(".ge-dragged[data-whole]").wait_for(state="attached", timeout=PATIENCE)
    for step in range(1, 6):
        mouse.move(target["x"] + 200 + step, target["y"] + 20)
        studio.page.wait_for_timeout(30)
    mouse.up()
    studio.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 2", timeout=PATIENCE)
    studio.save()
    cell = next(each for each in nbformat.read(path, as_version=4).cells if "red fox" in each.source)
    assert {"image/png", MIME} <= set(cell.outputs[0].data)


def test_without_a_notebook_one_is_offered_and_begins_with_a_cell_to_try(studio: Any) -> None:
    tile(studio, "red fox").click()
    studio.page.get_by_role("button", name="Insert as cell").click()
    studio.page.get_by_role("button", name="New art notebook").click()
    studio.page.wait_for_function("() => jupyterapp.shell.currentWidget?.content.widgets?.length === 2")
    assert "%load_ext genart_nb" in studio.cell(0).inner_text() and "%%paint" in studio.cell(1).inner_text()


def test_ten_thousand_works_scroll(studio: Any, gallery: Gallery) -> None:
    with gallery._open() as database:
        row = database.execute("SELECT * FROM works WHERE prompt LIKE '%red%'").fetchone()
        marks = ", ".join("?" * len(row))
        many = ([None, f"{at:08x}", f"{at:064x}", *row[3:11], float(at), *row[12:]] for at in range(10_000))
        database.executemany(f"INSERT INTO works VALUES ({marks})", many)
    studio.page.get_by_label("Search prompts").fill("fox")
    says(studio, "10,004 works")
    frames = studio.page.evaluate(
        """async () => {
            const grid = document.querySelector('.ge-grid');
            const tall = grid.scrollHeight - grid.clientHeight;
            let most = 0;
            const taken = [];
            for (let step = 1; step <= 120; step++) {
                const begun = performance.now();
                grid.scrollTop = tall * step / 120;
                await new Promise(requestAnimationFrame);
                taken.push(performance.now() - begun);
                most = Math.max(most, document.querySelectorAll('.ge-tile').length);
            }
            taken.sort((one, other) => one - other);
            return [most, taken[60], tall, taken[114]];
        }"""
    )
    assert frames[0] < 200, "only tiles in sight are in the page"
    assert frames[2] > 100_000
    print(f"a step of scrolling 10,000 works: median {frames[1]:.1f} ms, 95% {frames[3]:.1f} ms")
    assert frames[1] < 100, "a frame's time, with room for a busy machine"
    studio.page.wait_for_function("!document.querySelector('.ge-tile[data-empty]')", timeout=PATIENCE)


def test_models_show_their_cards(studio: Any) -> None:
    studio.page.get_by_role("tab", name="Models", exact=True).click()
    card = studio.page.locator(".ge-cards li", has_text="Apache-2.0").first
    card.wait_for(timeout=PATIENCE)
    assert "MB" in card.inner_text() and "ready" in studio.page.locator(".ge-cards").inner_text()
    assert faults(studio, ".ge-studio") == []
    studio.screenshot("lab-models-light")


def test_a_gallery_that_cannot_be_read_says_so(studio: Any) -> None:
    body = json.dumps({"message": "The gallery cannot be read: it is locked.", "fix": "move it away"})
    studio.page.route("**/genart/works?*", lambda route: route.fulfill(status=503, body=body))
    studio.page.get_by_label("Search prompts").fill("x")
    says(studio, "it is locked. Fix: move it away")


def test_without_the_server_extension_it_says_how_to_turn_it_on(studio: Any) -> None:
    studio.page.route("**/genart/works?*", lambda route: route.fulfill(status=404, body="{}"))
    studio.page.get_by_label("Search prompts").fill("x")
    says(studio, "jupyter server extension enable genart_nb.server")


def test_an_empty_gallery_is_friendly(lab: Any) -> None:
    clear(Gallery(lab.server.root.parent / "genart_home" / "gallery"))
    show(lab)
    lab.page.locator(".ge-first", has_text="%%paint").wait_for(timeout=PATIENCE)
    lab.page.locator(".ge-first").get_by_role("button", name="Make a notebook").click()
    lab.page.wait_for_function("() => jupyterapp.shell.currentWidget?.content.widgets?.length === 2")
    assert not lab.page.locator(".ge-grid").is_visible()


def hang(gallery: Gallery) -> None:
    """Hang what the project's own notebooks show, pictures and texts, as far as their files hold it whole."""
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                record = output.get("data", {}).get(MIME)
                if record and record["medium"] == "picture":
                    with Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))) as picture:
                        gallery.keep(Artwork(Recipe.read(record["recipe"]), picture.convert("RGB"), "picture"))


def test_it_looks_well_and_axe_finds_nothing_serious(studio: Any, gallery: Gallery) -> None:
    hang(gallery)
    studio.write("look.ipynb", "%load_ext genart_nb", "%%paint --seed 7\na red fox in the snow")
    show(studio)
    studio.page.wait_for_function("document.querySelectorAll('.ge-tile img').length > 8", timeout=PATIENCE)
    studio.page.locator(".ge-tile").nth(1).click()
    studio.page.wait_for_function("document.querySelector('.ge-look img')?.naturalWidth")
    studio.page.get_by_role("button", name="Insert as cell").click()
    studio.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 3")
    for theme in ("Light", "Dark"):
        studio.theme(theme)
        assert faults(studio, ".ge-studio") == []
        for width in (1280, 700):
            studio.size(width)
            studio.screenshot(f"lab-studio-{theme.lower()}-{width}")
    studio.size(1280)
    studio.page.get_by_role("button", name="Compare it with").click()
    studio.page.locator(".ge-tile").nth(2).click()
    studio.page.locator(".ge-comparison img").nth(1).wait_for(timeout=PATIENCE)
    studio.screenshot("lab-compare-dark")


def test_it_is_made_again_from_here(studio: Any) -> None:
    magics = Path(__file__).parents[1] / "magics"
    setup = f"import sys; sys.path.insert(0, {str(magics)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
    studio.write("again.ipynb", setup, "%%ode --seed 3\nthe evening sea")
    studio.run_all()
    show(studio)
    studio.page.get_by_label("Search prompts").fill("evening")
    tile(studio, "evening sea").click()
    studio.page.get_by_role("button", name="Make it again").click()
    studio.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length >= 3")
    studio.page.get_by_text("Same: recipe").wait_for(timeout=PATIENCE)
