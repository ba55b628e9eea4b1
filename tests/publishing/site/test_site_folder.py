"""The folder: nobody else's file is overwritten or deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from genart_nb.errors import FolderError
from genart_nb.publishing.site import folder
from genart_nb.publishing.site.folder import MANIFEST, Files


def files(**held: str) -> Files:
    made = Files()
    for name, text in held.items():
        made.add(name.replace("__", "/"), text)
    return made


def test_a_second_site_takes_the_place_of_the_first_and_nothing_else(tmp_path: Path) -> None:
    folder.write(tmp_path / "s", files(a="1", works__b="2"), {})
    (tmp_path / "s" / "mine.txt").write_text("mine")
    (tmp_path / "s" / "works" / "mine.txt").write_text("mine")
    folder.write(tmp_path / "s", files(a="3", c="4"), {})
    left = sorted(path.relative_to(tmp_path / "s").as_posix() for path in (tmp_path / "s").rglob("*") if path.is_file())
    assert left == [MANIFEST, "a", "c", "mine.txt", "works/mine.txt"]
    folder.write(tmp_path / "t", files(works__b="2"), {})
    folder.write(tmp_path / "t", files(a="1"), {})
    assert not (tmp_path / "t" / "works").exists()


@pytest.mark.parametrize("name", ["a", "works/b"])
def test_a_file_of_others_stands(tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    place.parent.mkdir(exist_ok=True)
    place.write_text("theirs")
    with pytest.raises(FolderError, match=name):
        folder.write(tmp_path, files(a="1", works__b="2"), {})
    assert place.read_text() == "theirs" and [path for path in tmp_path.rglob("*") if path.is_file()] == [place]


def test_a_file_of_ours_that_was_changed_since_is_theirs(tmp_path: Path) -> None:
    folder.write(tmp_path, files(a="1", b="2"), {})
    (tmp_path / "a").write_text("edited")
    with pytest.raises(FolderError, match="changed since: a"):
        folder.write(tmp_path, files(a="3"), {})
    folder.write(tmp_path, files(b="3"), {})
    assert (tmp_path / "a").read_text() == "edited"


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "works").symlink_to(tmp_path / "outside")
    with pytest.raises(FolderError):
        folder.write(tmp_path / "s", files(works__b="2"), {})
    (tmp_path / "t").symlink_to(tmp_path / "outside")
    with pytest.raises(FolderError, match="plain folder"):
        folder.write(tmp_path / "t", files(a="1"), {})
    assert not list((tmp_path / "outside").iterdir())


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": 3}', "\x00"])
def test_a_broken_manifest_is_told_and_nothing_is_written(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(FolderError, match="no site"):
        folder.write(tmp_path, files(a="1"), {})
    assert not (tmp_path / "a").exists()


def test_a_manifest_cannot_name_files_outside(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("x")
    folder.write(tmp_path / "s", files(a="1"), {})
    written = tmp_path / "s" / MANIFEST
    sum = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"  # of "x"
    written.write_text(written.read_text().replace('"a":', f'"../victim": "{sum}",\n"{victim}": "{sum}",\n"a":'))
    folder.write(tmp_path / "s", files(b="1"), {})
    assert victim.read_text() == "x" and not (tmp_path / "s" / "a").exists()


@pytest.mark.parametrize("path", ["../a", "/a", "works/../../a", ""])
def test_no_page_can_add_a_file_outside(path: str) -> None:
    with pytest.raises(ValueError, match="leave the folder"):
        Files().add(path, b"")
