"""`genart inspect`: other programs' files, broken and hostile ones, and what is asked wrongly."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from inspecting import at, edited, fresh_studio, painted
from marked_files import FILES, picture, recipe, text_png, work
from PIL import Image

from genart_nb import cli, marks
from genart_nb.gallery import Gallery
from genart_nb.media.picture import encoded_as
from genart_nb.models import registry, weights
from genart_nb.publishing.inspect_file import examine
from genart_nb.recipe import Recipe

Said = pytest.CaptureFixture[str]
A1111 = (
    "a dog in the {{snow}}, oil\nNegative prompt: blurry, text\n"
    'Steps: 20, Sampler: DPM++ 2M, CFG scale: 7.5, Seed: 965400086, Size: 512x512, Model: "sd, 1.5", Version: v1.9.4'
)


@pytest.fixture(autouse=True)
def desk(genart_home: Path) -> Iterator[None]:
    yield from fresh_studio()


@pytest.fixture
def gallery(desk: None) -> Gallery:
    return Gallery()


def test_another_programs_picture_is_read_and_a_cell_suggested(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    path = at(tmp_path, text_png(parameters=A1111))
    report = examine(path, gallery)
    assert report.origin == "foreign" and report.parameters is not None and report.recipe is None
    assert report.parameters.prompt == "a dog in the {{snow}}, oil" and report.parameters.negative == "blurry, text"
    assert report.parameters.settings["Model"] == "sd, 1.5"
    assert report.cell == (
        '%%paint --steps 20 --guidance 7.5 --seed 965400086 --negative "blurry, text"\na dog in the {{"{{"}}snow}}, oil'
    )
    assert cli.main(["inspect", str(path)]) == 3
    assert "another program" in capsys.readouterr().out


def test_another_programs_jpeg_is_read_from_exif(tmp_path: Path, gallery: Gallery) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + A1111.encode("utf-16-be")
    exif[0x0131] = "a1111"
    path = tmp_path / "x.jpg"
    picture().save(path, exif=exif)
    report = examine(path, gallery)
    assert report.parameters is not None and report.parameters.settings["Seed"] == "965400086"
    assert report.said == {"software": "a1111"}


@pytest.mark.parametrize("record, fault", [
    ("{", "no JSON"), ('{"genart": 1, "recipe": {"art": "paint"}}', "Not a recipe"), ("[" * 9999, "no JSON"),
    ('{"genart": 7, "recipe": {}}', "version '7'"), ('{"genart": 1, "recipe": []}', "no recipe"),
])  # fmt: skip
def test_broken_records_are_told_in_a_line(
    record: str, fault: str, tmp_path: Path, gallery: Gallery, capsys: Said
) -> None:
    path = at(tmp_path, text_png(genart=record))
    assert cli.main(["inspect", str(path)]) == 1
    said = capsys.readouterr()
    assert fault in said.out and "Traceback" not in said.err


@pytest.mark.parametrize("fingerprint", [
    None, {}, "x", {"sha256": 1}, {"sha256": "x", "width": 32, "height": 24, "thumbnail": "!!!"},
    {"sha256": "x", "width": 32, "height": 24, "thumbnail": {"a": []}, "phash": 9},
])  # fmt: skip
def test_a_broken_fingerprint_is_survived(fingerprint: Any, tmp_path: Path, gallery: Gallery) -> None:
    content = edited(painted().save(tmp_path / "x.png").read_bytes(), fingerprint=fingerprint)
    assert examine(at(tmp_path, content), gallery).content in ("unread", "different")


@pytest.mark.parametrize("key", ["facts", "left_out", "software", "digest", "medium", "partial", "layout"])
@pytest.mark.parametrize("value", [None, [], {"references": [1]}, "\x1b[2J" * 100, 1e9])
def test_any_part_of_a_record_may_be_nonsense(
    key: str, value: Any, tmp_path: Path, gallery: Gallery, capsys: Said
) -> None:
    content = edited(painted().save(tmp_path / "x.png").read_bytes(), **{key: value})
    assert cli.main(["inspect", str(at(tmp_path, content))]) in (0, 1)
    assert "\x1b" not in capsys.readouterr().out


def test_a_file_cannot_draw_on_the_terminal(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    hostile = "a\x1b]0;owned\x07\x1b[31m</script><script>alert(1)</script>\r\u202e"
    content = edited(painted().save(tmp_path / "x.png").read_bytes(), recipe=recipe(hostile).model_dump(mode="json"))
    cli.main(["inspect", str(at(tmp_path, content))])
    said = capsys.readouterr().out
    assert "\x1b" not in said and "\x07" not in said and "\r" not in said and "owned" in said
    cli.main(["inspect", "--json", str(tmp_path / "x.png")])
    assert "\x1b" not in (told := capsys.readouterr().out) and json.loads(told)["record"]["recipe"]["prompt"] == hostile


@pytest.mark.parametrize("model", ["/", "~", "evil/weights", "http://127.0.0.1:9/v1#x", "../.."])
def test_a_recipe_of_a_strangers_touches_no_folder_and_no_net(
    model: str, tmp_path: Path, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: Any, **named: Any) -> Any:
        raise AssertionError(f"it was asked for: {given}")

    first = painted()
    made = Recipe.read({**first.recipe.model_dump(), "model": model, "revision": "main"})
    path = at(tmp_path, edited(first.save(tmp_path / "x.png").read_bytes(), recipe=made.model_dump(mode="json")))
    monkeypatch.setattr(registry, "pinned", refused)
    monkeypatch.setattr(weights, "fingerprint", refused)
    report = examine(path, gallery)
    assert report.recipe == made and report.cell.startswith("import genart_nb.twins\ngenart_nb.twins.make('")


def test_a_recipe_that_begins_with_a_file_of_yours_does_not_read_it(tmp_path: Path, gallery: Gallery) -> None:
    secret = at(tmp_path, encoded_as(picture(9), ".png"), "secret.png")
    first = painted()
    options = {**first.recipe.options, "init": str(secret)}
    made = Recipe.read({**first.recipe.model_dump(), "options": options})
    content = edited(first.save(tmp_path / "x.png").read_bytes(), recipe=made.model_dump(mode="json"))
    assert "genart_nb.twins.make(" in examine(at(tmp_path, content), gallery).cell
    assert not list((gallery.home.parent / "inputs").glob("*"))


def test_an_art_form_that_is_not_here_keeps_its_recipe(tmp_path: Path, gallery: Gallery) -> None:
    path = at(tmp_path, marks.write(FILES[".png"](), ".png", work(art="hologram").record))
    report = examine(path, gallery)
    assert repr(recipe(art="hologram").canonical) in report.cell and report.faults == ()


def test_a_bomb_a_cut_file_and_an_empty_one(tmp_path: Path, gallery: Gallery) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")
    assert examine(tmp_path / "bomb.png", gallery).origin == "unknown"
    whole = painted().save(tmp_path / "x.png").read_bytes()
    assert examine(at(tmp_path, whole[:-200]), gallery).content == ""
    assert examine(at(tmp_path, b""), gallery).origin == "unknown"


def test_the_status_of_several_files_is_the_worst(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    good = painted().save(tmp_path / "good.png")
    bare = painted(seed=3).save(tmp_path / "bare.png", metadata=False)
    wrong = at(tmp_path, text_png(genart="{"), "wrong.png")
    assert cli.main(["inspect", str(good), str(bare)]) == 3
    assert cli.main(["inspect", str(good), str(bare), str(wrong)]) == 1
    capsys.readouterr()
    assert cli.main(["inspect", "--json", str(good), str(bare)]) == 3
    told = json.loads(capsys.readouterr().out)
    assert [each["origin"] for each in told] == ["ours", "unknown"] and told[0]["content"] == "same"


def test_what_is_asked_wrongly(tmp_path: Path, capsys: Said) -> None:
    for given in ([], ["--what"], [str(tmp_path / "none.png")], [str(tmp_path)]):
        assert cli.main(["inspect", *given]) == 2, given
    assert cli.main(["inspect", "--help"]) == 0
    assert "Exit status: 0" in capsys.readouterr().out




def test_a_notebook_is_sent_to_check(tmp_path: Path, capsys: Said) -> None:
    assert cli.main(["inspect", str(at(tmp_path, b"{}", "x.ipynb"))]) == 3
    assert "genart check" in capsys.readouterr().out
