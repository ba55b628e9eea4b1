from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import genart_nb
from genart_nb import inputs, twins
from genart_nb.arts import style
from genart_nb.arts.style import RESTYLE, RestyleOptions
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Event, Preview, Step
from genart_nb.gallery import Gallery
from genart_nb.magics.help import help_text, shell_help
from genart_nb.models.pictures import Frame
from genart_nb.models.restyler.brief import RestyleBrief, fitted
from genart_nb.models.starter import RESTYLER
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio
from genart_nb.widgets import controls

pytestmark = pytest.mark.usefixtures("genart_home")
TEAL = Image.new("RGB", (20, 10), "teal")


class Tinter:
    """Restyles by the strength alone, in two parts; remembers every brief."""

    nbytes = 0
    styles: tuple[str, ...] = ("waves", "mosaic", "frost")
    reads = False

    def __init__(self) -> None:
        self.briefs: list[RestyleBrief] = []

    def restyle(self, brief: RestyleBrief) -> Iterator[Frame]:
        self.briefs.append(brief)
        tint = Image.new("RGB", fitted(brief.content, brief.size).size, (int(255 * brief.strength), 0, 0))
        for done in (1, 2):
            yield Frame(done, 2, lambda: tint)

    def close(self) -> None:
        pass


class Reader(Tinter):
    styles = ()
    reads = True


def recipe(prompt: str = "", **options: Any) -> Recipe:
    held, used = inputs.held(RestyleOptions, {"from_": TEAL, **options})
    table = RestyleOptions.read(held).model_dump(mode="json")
    return Recipe(art="restyle", prompt=prompt, model="tinter", seed=7, options=table, sources=tuple(used))


def run(recipe: Recipe, model: Tinter | None = None) -> tuple[RestyleBrief, Any, list[Event]]:
    model = model or Tinter()
    events = list(style.restyle(recipe, model))
    assert isinstance(events[-1], Preview)
    return model.briefs[0], events[-1].data, events


def test_a_picture_comes_with_its_parts_and_its_styles() -> None:
    brief, data, events = run(recipe(style="waves:0.6,frost:0.2", size=64, strength=0.5))
    assert [(each.done, each.total) for each in events if isinstance(each, Step)] == [(1, 2), (2, 2)]
    assert data.size == (64, 32) and brief.content.getpixel((0, 0)) == (0, 128, 128)
    work = style.finish(recipe(), data, RESTYLER, False)
    assert [(each["name"], each["weight"]) for each in work.facts["styles"]] == [("waves", 0.75), ("frost", 0.25)]
    assert work.facts["styles"][0]["licence"] == "CC0-1.0"


def test_a_style_may_be_a_picture_in_every_shape(tmp_path: Path) -> None:
    TEAL.save(tmp_path / "teal.png")
    work = Artwork(Recipe(art="paint", prompt="teal", model="m", seed=1), TEAL, "picture")
    for given in (TEAL, str(tmp_path / "teal.png"), np.asarray(TEAL), work, {"name": "x.png", "content": png(TEAL)}):
        brief, _, _ = run(recipe(style=given))
        assert brief.styles[0].picture is not None and brief.styles[0].picture.size == TEAL.size
    assert recipe(style=work).sources == (work.recipe,)


def test_names_and_pictures_blend() -> None:
    text = str(recipe(style=[(TEAL, 0.25), ("waves", 0.75)]).options["style"])
    assert text.endswith(":0.25,waves:0.75") and text.startswith("picture-")
    brief, _, _ = run(recipe(style={"waves": 0.5, "frost": 0.5}))
    assert [each.name for each in brief.styles] == ["waves", "frost"]


def test_a_blend_in_a_cell_finds_variables_that_hold_pictures() -> None:
    known: dict[str, Any] = {"mine": TEAL, "frost": 12}
    found = inputs.blended("mine:0.6, frost:0.4", lambda name: known.get(name, name))
    assert found == [(TEAL, 0.6), ("frost", 0.4)]
    assert inputs.blended("waves,frost:0.4", lambda name: known.get(name, name)) == "waves,frost:0.4"


def test_words_name_the_style_where_no_option_does() -> None:
    assert run(recipe("mosaic"))[0].styles[0].name == "mosaic"
    assert run(recipe("my dog", style="frost"))[0].styles[0].name == "frost"
    brief, _, _ = run(recipe("a fox in snow", style="old map"), Reader())
    assert brief.prompt == "a fox in snow" and brief.styles[0].name == "old map"
    assert run(recipe("a fox in snow"), Reader())[0].styles == ()


@pytest.mark.parametrize(("options", "told"), [
    ({"from_": ""}, "needs a picture"), ({"style": "wave"}, "did you mean 'waves'"), ({"style": "waves:2"}, "0..1"),
    ({"style": "waves,mosaic,frost,a,b"}, "at most 4"), ({"style": "picture-0123456789abcdef"}, "not on this machine"),
    ({"style": "nowhere.png"}, "there is no file"), ({"from_": 12}, "cannot start from a int"),
    ({"size": 10_000}, "64..2048 px"), ({"strength": 1.5}, "0..1"),
])  # fmt: skip
def test_what_cannot_be_is_refused_with_a_way_out(options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        run(recipe(**options))


def test_what_is_uploaded_is_a_picture() -> None:
    class FileUpload:
        value = ({"name": "teal.png", "content": memoryview(png(TEAL))},)

    for given in (png(TEAL), FileUpload(), FileUpload.value):
        assert run(recipe(from_=given))[0].content.size == TEAL.size
    with pytest.raises(OptionError, match="no picture"):
        recipe(from_=b"%PDF-1.7 no picture at all")


def test_works_nest() -> None:
    fox = Artwork(Recipe(art="paint", prompt="a fox", model="m", seed=1), TEAL, "picture")
    first = recipe(from_=fox, style="waves")
    assert first.sources == (fox.recipe,)
    second = recipe(from_=Artwork(first, TEAL, "picture"), style=fox)
    assert second.sources == (first, fox.recipe) and second.depth == 3
    assert second.digest != recipe(from_=TEAL, style=TEAL).digest


def test_an_easel_has_sliders_for_strength_and_four_styles() -> None:
    made = controls.controls(RESTYLE, recipe(style="waves"), RESTYLER)
    sight = [each.id for each in made if each.first]
    assert sight == ["style:waves", "style:leadlight", "style:night-strokes", "style:strokes", "strength"]
    moved = {**controls.values(made), "style:waves": 0.5, "style:strokes": 0.25, "strength": 0.4}
    again = controls.written(RESTYLE, recipe(style="waves"), "", 7, moved)
    assert (again.options["style"], again.options["strength"]) == ("waves:0.5,strokes:0.25", 0.4)


def png(image: Image.Image) -> bytes:
    from genart_nb.media.picture import encoded

    return encoded(image, "PNG")


def test_a_chain_is_made_again_from_its_recipes(genart_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Studio(gallery=Gallery(genart_home / "gallery"))
    monkeypatch.setattr(twins, "studio", lambda: desk)
    first = twins.make(desk.recipe("restyle", "", {"from_": TEAL, "style": "frost", "size": 64}, seed=1))
    second = twins.make(desk.recipe("restyle", "", {"from_": first, "style": first, "size": 64}, seed=1))
    for path in (genart_home / "inputs").iterdir():
        path.unlink()
    TEAL.save(genart_home / "teal.png")
    inputs.held(RestyleOptions, {"from_": genart_home / "teal.png"})  # somebody's own picture must be given anew
    for path in (genart_home / "gallery" / "works").iterdir():
        path.unlink()
    assert inputs.missing(RestyleOptions, second.recipe.options)
    assert twins.make(second.recipe).fingerprint == second.fingerprint
    desk.close()


def test_its_help_shows_an_example_that_has_all_it_needs() -> None:
    told = help_text(RESTYLE)
    assert "%%restyle --from photo.jpg --seed 7 -o work\n    leadlight" in told
    assert "%restyle --from photo.jpg leadlight" in told
    assert "genart_nb.restyle('leadlight', from_='photo.jpg', seed=7)" in told
    assert "genart_nb.restyle('leadlight', from_='photo.jpg', seed=7)" in str(genart_nb.restyle.__doc__)
    assert 'genart restyle --from photo.jpg "leadlight" --seed 7' in shell_help(RESTYLE, ())
