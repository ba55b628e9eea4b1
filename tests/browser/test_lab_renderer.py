"""Works in notebooks that are opened without a kernel: seen, with their recipes, whatever the file holds."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from genart_nb.artwork import MIME, Artwork
from genart_nb.recipe import Recipe

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROMPT = "a fox & <img src=x onerror=\"document.title='owned'\"> in the snow"
RECIPE = Recipe(art="paint", prompt=PROMPT, model="painter", seed=7, options={"style": "flat", "negative": ""})


def picture() -> str:
    kept = io.BytesIO()
    Image.new("RGB", (96, 64), (200, 90, 40)).save(kept, "PNG")
    return base64.b64encode(kept.getvalue()).decode()


def work(**changed: Any) -> dict[str, Any]:
    """The bundle of a picture, as a notebook stores it, some of it changed."""
    record = {
        "recipe": RECIPE.model_dump(mode="json"), "digest": RECIPE.digest, "fingerprint": {"sha256": "ab" * 32},
        "medium": "picture", "layout": "", "facts": {}, "partial": False,
    }  # fmt: skip
    bundle = {"text/plain": "<genart paint>", "image/png": picture(), "text/html": f"<figure>{'x' * 10}</figure>"}
    return {**bundle, MIME: record, **changed}


def opened(lab: Any, name: str, *bundles: dict[str, Any]) -> Any:
    """A notebook of outputs that nobody here has run, open without a kernel."""
    outputs = [new_output("display_data", data=bundle) for bundle in bundles]
    notebook = new_notebook(cells=[new_code_cell("%%paint\na fox", outputs=[output]) for output in outputs])
    nbformat.write(notebook, lab.server.root / name)
    lab.page.evaluate("name => void jupyterapp.commands.execute('docmanager:open', {path: name})", name)
    lab.page.locator(".jp-Dialog").get_by_role("button", name="No Kernel").click()
    lab.page.wait_for_function("() => jupyterapp.shell.currentWidget?.content?.widgets?.length > 0")
    lab.output(0).locator(".ge-work").first.wait_for()
    return lab


def test_the_picture_and_its_recipe_are_shown_without_a_kernel(lab: Any) -> None:
    opened(lab, "still.ipynb", work())
    output = lab.output(0)
    assert output.locator("img").evaluate("image => image.naturalWidth") == 96
    fold = output.locator("details.ge-recipe")
    assert fold.locator("summary").inner_text() == f"recipe {RECIPE.digest}"
    assert not fold.locator("dl").is_visible()
    fold.locator("summary").focus()
    lab.page.keyboard.press("Enter")
    told = fold.locator("dl").inner_text()
    assert PROMPT in told and "flat" in told and "7" in told and "negative" not in told
    assert lab.page.title() != "owned" and output.locator("img[src=x]").count() == 0
    assert lab.server.ask("/api/kernels") == []
    for theme in ("Light", "Dark"):
        lab.theme(theme)
        lab.screenshot(f"lab-renderer-{theme.lower()}")


def test_text_alone_is_shown(lab: Any) -> None:
    recipe = Recipe(art="poem", prompt="snow", model="smollm2-135m", seed=1)
    bundle, _ = Artwork(recipe, "snow falls\non snow", layout="verse")._repr_mimebundle_()
    opened(lab, "poem.ipynb", json.loads(json.dumps(bundle)), {MIME: bundle[MIME]})
    assert "snow falls" in lab.output(0).inner_text()
    assert "recipe" in lab.output(1).inner_text() and "smollm2" in lab.output(1).inner_text(), "a record alone is open"


MALFORMED: list[Any] = [None, 7, "text", [], {}, {"recipe": None}, {"recipe": {"art": 1, "prompt": [], "seed": "x"}}]


def test_a_malformed_recipe_says_so_and_the_work_is_still_seen(lab: Any) -> None:
    opened(lab, "malformed.ipynb", *(work(**{MIME: each}) for each in MALFORMED))
    for index, each in enumerate(MALFORMED):
        lab.output(index).locator(".ge-malformed").wait_for()
        assert lab.output(index).locator("img").count() == 1, each


def test_strange_but_readable_records_do_not_break_it(lab: Any) -> None:
    recipe = {"art": "paint", "prompt": "a" * 100_000, "seed": 1, "options": {"x": {"y": [1]}}, "sources": [None, 3]}
    strange = {
        "recipe": recipe,
        "digest": ["<b>"],
        "fingerprint": "none",
    }
    opened(lab, "strange.ipynb", work(**{MIME: strange}))
    lab.output(0).locator("summary").click()
    assert len(lab.output(0).locator("dl").inner_text()) < 5000


def test_fifty_megabytes_do_not_freeze_it(lab: Any) -> None:
    recipe = RECIPE.model_dump(mode="json") | {"prompt": "x" * 50_000_000}
    opened(lab, "large.ipynb", work(**{MIME: {"recipe": recipe, "digest": "ab12cd34", "fingerprint": {}}}))
    lab.output(0).locator("summary").click()
    lab.output(0).locator("dl").wait_for(timeout=5000)


def test_a_work_just_made_looks_as_before_with_its_recipe_below(lab: Any, tmp_path: Path) -> None:
    magics = Path(__file__).parents[1] / "magics"
    setup = f"import sys; sys.path.insert(0, {str(magics)!r}); import doubles; doubles.offer()\n%load_ext genart_nb"
    lab.write("made.ipynb", setup, "%%ode --seed 3\nthe sea")
    lab.run_all()
    card = lab.output(1).locator("figure.genart")
    assert card.count() == 1 and "seed 3" in card.inner_text()
    assert lab.output(1).locator("details.ge-recipe").count() == 1
