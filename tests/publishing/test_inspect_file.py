"""`genart inspect`: ours read back and the cell rebuilt, and everything held against the truth."""

from __future__ import annotations

import importlib.util
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from inspecting import at, edited, fresh_studio, painted
from marked_files import FILES, drawing, film, picture, recipe, work
from PIL import Image

from genart_nb import cli, marks, writing
from genart_nb.artwork import Artwork
from genart_nb.errors import UsageError
from genart_nb.gallery import Gallery
from genart_nb.media.contact import ContactSheet
from genart_nb.media.picture import encoded_as
from genart_nb.publishing import identity, inspect_command, signing
from genart_nb.publishing.inspect_file import examine
from genart_nb.recipe import Recipe

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def desk(genart_home: Path) -> Iterator[None]:
    yield from fresh_studio()


@pytest.fixture
def gallery(desk: None) -> Gallery:
    return Gallery()


@pytest.mark.parametrize("ending, content", [(".png", "same"), (".webp", "same"), (".jpg", "close")])
def test_ours_is_read_back_and_the_cell_makes_the_same_recipe(
    ending: str, content: str, tmp_path: Path, gallery: Gallery
) -> None:
    first = painted(freedom=0.5, negative='fog "thick"')
    report = examine(first.save(tmp_path / f"x{ending}"), gallery)
    assert report.origin == "ours" and report.recipe == first.recipe and report.content == content
    assert report.faults == () and report.cell == writing.cell(first.recipe)
    assert report.cell.startswith("%%paint --seed 7") and report.cell.endswith("\na cat 海")
    assert cli.main(["inspect", str(report.path)]) == 0


@pytest.mark.parametrize("each, ending, content", [
    (film(), ".webp", "same"), (film(), ".gif", "close"), (film(), ".mp4", "close"),
    (film(), ".png", "same"), (film(format="gif"), ".gif", "same"), (film(format="mp4"), ".mp4", "same"),
    (drawing(), ".svg", "same"), (drawing(), ".png", "same"), (drawing(), ".jpg", "close"),
    (Artwork(recipe(), ContactSheet((picture(1), picture(2)), ("a", "b"), 2), "contact"), ".png", "same"),
    (Artwork(recipe(), ContactSheet((picture(1), picture(2)), ("a", "b"), 2), "contact"), ".jpg", "unread"),
])  # fmt: skip
@pytest.mark.parametrize("signed", [False, True])
def test_works_of_every_medium(
    each: Artwork, ending: str, content: str, signed: bool, tmp_path: Path, gallery: Gallery
) -> None:
    path = each.save(tmp_path / f"x{ending}")
    if signed:
        assert signing.sign(path, each.record)
    report = examine(path, gallery)
    assert (report.content, report.faults) == (content, ()), report.content_told
    assert report.recipe == each.recipe and bool(report.signature) == signed


def test_a_file_that_is_not_there_hides_no_other(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    there = str(painted().save(tmp_path / "there.png"))
    away, gone = str(tmp_path / "away.png"), str(tmp_path / "gone.png")
    with pytest.raises(UsageError, match=r"no file .*away.png\. There is no file .*gone.png"):
        inspect_command.run([away, there, gone])
    assert "there.png: made with genart_nb" in capsys.readouterr().out
    with pytest.raises(UsageError, match="no file"):
        inspect_command.run(["--json", there, away])
    assert [each["file"] for each in json.loads(capsys.readouterr().out)] == [there]


def test_an_edited_recipe_is_told(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    first = painted()
    content = first.save(tmp_path / "x.png").read_bytes()
    another = {**first.record["recipe"], "seed": 8}
    path = at(tmp_path, edited(content, recipe=another))
    assert cli.main(["inspect", str(path)]) == 1
    said = capsys.readouterr().out
    assert "The recipe was edited" in said and first.recipe.digest in said and "--seed 8" in said


def test_a_picture_put_in_anothers_place_is_told(tmp_path: Path, gallery: Gallery) -> None:
    one, other = painted(seed=1), painted(seed=2)
    path = at(tmp_path, marks.write(encoded_as(other.data, ".png"), ".png", one.record))
    report = examine(path, gallery)
    assert report.content == "different" and "not what the record says" in report.faults[0]


def test_a_few_pixels_painted_over_are_told(tmp_path: Path, gallery: Gallery) -> None:
    first = painted(image=picture(1, 128, 128))
    touched = first.data.copy()
    touched.putpixel((5, 5), (255, 0, 0))
    report = examine(at(tmp_path, marks.write(encoded_as(touched, ".png"), ".png", first.record)), gallery)
    assert report.content == "close" and "changed, a little" in report.faults[0]


def test_stripped_metadata_is_found_again_in_the_gallery(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    kept = gallery.keep(painted())
    path = kept.save(tmp_path / "x.png", metadata=False)
    report = examine(path, gallery)
    assert report.origin == "gallery" and report.recipe == kept.recipe and report.entry is not None
    assert cli.main(["inspect", str(path)]) == 0
    assert f"work {report.entry.id} of your gallery" in capsys.readouterr().out


def test_clips_drawings_and_texts_are_found_again_too(tmp_path: Path, gallery: Gallery) -> None:
    for each, name in [(film(), "f.webp"), (film(format="gif"), "f.gif"), (drawing(), "d.svg"),
                       (Artwork(recipe(art="poem"), "rain on a tin roof"), "poem.txt")]:  # fmt: skip
        gallery.keep(each)
        report = examine(each.save(tmp_path / name, metadata=False), gallery)
        assert report.origin == "gallery" and report.recipe == each.recipe, name


def test_stripped_metadata_that_the_gallery_does_not_know(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    path = painted().save(tmp_path / "x.png", metadata=False)
    assert examine(path, gallery).origin == "unknown"
    assert cli.main(["inspect", str(path)]) == 3
    assert "says nothing of how it was made" in capsys.readouterr().out


def test_a_recipe_that_is_left_in_the_signature_alone(tmp_path: Path, gallery: Gallery) -> None:
    first = painted()
    path = first.save(tmp_path / "x.png", metadata=False)
    assert signing.sign(path, first.record)
    report = examine(path, gallery)
    assert report.origin == "ours" and report.recipe == first.recipe and report.content == "same"
    assert report.faults == () and "read from its signature" in report.notes[0]
    lossy = first.save(tmp_path / "x.jpg", metadata=False)
    assert signing.sign(lossy, first.record)
    report = examine(lossy, gallery)
    assert (report.content, report.faults) == ("unread", ()) and report.recipe == first.recipe


def test_a_signature_of_our_own_one_of_others_and_a_broken_one(
    tmp_path: Path, gallery: Gallery, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    first = painted()
    path = first.save(tmp_path / "x.png")
    assert signing.sign(path, first.record)
    assert cli.main(["inspect", str(path)]) == 0
    assert "whole, made on this computer" in capsys.readouterr().out
    monkeypatch.setattr(identity, "home", lambda: tmp_path / "elsewhere")
    assert cli.main(["inspect", str(path)]) == 0
    assert "by somebody this computer does not know" in capsys.readouterr().out
    content = bytearray(path.read_bytes())
    content[content.index(b"IDAT") + 9] ^= 1
    assert cli.main(["inspect", str(at(tmp_path, bytes(content)))]) == 1
    assert "The signature does not hold" in capsys.readouterr().out


def test_a_recipe_that_is_not_the_signed_one(tmp_path: Path, gallery: Gallery) -> None:
    first = painted()
    path = first.save(tmp_path / "x.png")
    assert signing.sign(path, painted("a dog").record)
    assert any("not the one that was signed" in fault for fault in examine(path, gallery).faults)


def test_a_signature_beside_the_file(tmp_path: Path, gallery: Gallery) -> None:
    path = at(tmp_path, marks.write(FILES[".mid"](), ".mid", work().record), "song.mid")
    assert signing.sign(path, work().record).file == tmp_path / "song.mid.c2pa"
    report = examine(path, gallery)
    assert report.signature is not None and report.signature.state == "ours"


def test_a_signed_file_without_the_extra(tmp_path: Path, gallery: Gallery, monkeypatch: pytest.MonkeyPatch) -> None:
    first = painted()
    path = first.save(tmp_path / "x.png")
    assert signing.sign(path, first.record)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    report = examine(path, gallery)
    assert report.signature is None and "pip install 'genart_nb[publish]'" in report.unverified
    assert report.content == "same" and report.faults == ()


def test_what_was_left_out_is_said_and_is_no_fault(tmp_path: Path, gallery: Gallery) -> None:
    told = replace(work(), recipe=recipe(model="/home/jo/mine"))
    report = examine(told.save(tmp_path / "x.png"), gallery)
    assert report.faults == () and "left out of the file: model" in report.notes[0]


def test_a_smaller_copy_is_close_and_one_of_another_shape_is_not(tmp_path: Path, gallery: Gallery) -> None:
    first = painted(image=picture(1, 256, 192))
    for size, content in [((128, 96), "close"), ((128, 128), "different")]:
        copy = marks.write(encoded_as(first.data.resize(size), ".webp"), ".webp", first.record)
        assert examine(at(tmp_path, copy, "x.webp"), gallery).content == content


def test_one_picture_of_a_sheet_says_which(tmp_path: Path, gallery: Gallery, capsys: Said) -> None:
    first = painted()
    path = at(tmp_path, marks.write(encoded_as(first.data, ".png"), ".png", {**first.record, "part": 3}))
    assert cli.main(["inspect", str(path)]) == 0
    assert "number 3 of a sheet" in capsys.readouterr().out


def test_a_recipe_from_before_an_option_was_there_still_gives_a_cell(tmp_path: Path, gallery: Gallery) -> None:
    first = painted(freedom=0.5)
    older = {name: value for name, value in first.recipe.options.items() if name != "contrast"}
    told = replace(first, recipe=Recipe.read({**first.recipe.model_dump(), "options": older}))
    assert told.recipe.digest != first.recipe.digest
    assert examine(told.save(tmp_path / "x.png"), gallery).cell == writing.cell(first.recipe)


def only_exif(work: Artwork, gallery: Gallery, folder: Path) -> Path:
    """What is left where a web site saves a picture anew and keeps EXIF alone."""
    content = work.save(folder / "first.jpg").read_bytes()
    with Image.open(io.BytesIO(content)) as image:
        image.save(folder / "x.jpg", quality=80, exif=image.info["exif"])
    return folder / "x.jpg"


def test_a_recipe_that_is_only_named_is_recalled_if_the_content_bears_it_out(
    tmp_path: Path, gallery: Gallery, capsys: Said
) -> None:
    first = gallery.keep(painted(image=picture(1, 128, 128)))
    report = examine(only_exif(first, gallery, tmp_path), gallery)
    assert (report.origin, report.content, report.recipe) == ("ours", "close", first.recipe) and report.faults == ()
    liar = painted(image=picture(2, 128, 128))  # the same recipe, another picture
    report = examine(path := only_exif(liar, gallery, tmp_path), gallery)
    assert report.origin == "foreign" and report.recipe is None
    assert cli.main(["inspect", str(path)]) == 3
    assert "made with genart_nb 0.1.0, but its record is lost" in capsys.readouterr().out


def test_a_gallery_that_cannot_be_read_hinders_nothing_else(tmp_path: Path, gallery: Gallery) -> None:
    kept = gallery.keep(painted())
    path = kept.save(tmp_path / "x.png", metadata=False)
    assert kept.path is not None
    kept.path.unlink()
    report = examine(path, gallery)
    assert report.origin == "unknown" and "is gone" in report.notes[0]
