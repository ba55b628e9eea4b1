"""Artwork: what a notebook stores of a work is deterministic, escaped, and names the recipe."""

from __future__ import annotations

import errno
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from drill import recipe

from genart_nb.artwork import MIME, Artwork
from genart_nb.errors import UsageError
from genart_nb.media import medium
from genart_nb.recipe import Recipe

HOSTILE = "</pre></p><script>alert(1)</script><img src=x onerror=alert(2)> \" ' & <b>"


def work(data: str = "one\ntwo", **more: Any) -> Artwork:
    return Artwork(more.pop("recipe", recipe()), data, **more)


def bundle(each: Artwork) -> tuple[dict[str, Any], dict[str, Any]]:
    return each._repr_mimebundle_()


class Elements(HTMLParser):
    """Every element and attribute that a browser would see, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = set[str](), set[str](), ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_bundle_has_text_page_and_record() -> None:
    data, metadata = bundle(work(facts={"lines": 2}, made={"seconds": 1.2}))
    assert set(data) == {"text/plain", "text/html", MIME}
    assert data["text/plain"] == f"one\ntwo\n\n<genart drill seed=7 recipe={recipe().digest}>"
    assert metadata == {MIME: {"made": {"seconds": 1.2}}}
    record = data[MIME]
    assert Recipe.read(record["recipe"]) == recipe() and record["digest"] == recipe().digest
    assert record["facts"] == {"lines": 2} and record["partial"] is False and record["medium"] == "text"
    assert record["fingerprint"] == medium("text").fingerprint("one\ntwo")
    json.dumps([data, metadata], allow_nan=False)


def test_the_page_tells_that_the_gallery_could_not_keep_it() -> None:
    data, _ = bundle(
        work(note="weak", made={"gallery": "Not kept in the gallery: the disk is full.\n  Fix: <free> some"})
    )
    for shown in (data["text/plain"], Elements(data["text/html"]).text):
        assert "weak" in shown and "the disk is full." in shown and "Fix: <free> some" in shown


def test_the_same_work_gives_the_same_bytes_everywhere() -> None:
    """Only metadata may differ: not the time, not the process, not an address."""
    here, _ = bundle(work(made={"seconds": 1.0}))
    later, _ = bundle(work(made={"seconds": 9.9}, path=Path("/elsewhere/x.txt")))
    assert json.dumps(here) == json.dumps(later)
    code = (
        "import json; from genart_nb.artwork import Artwork; from genart_nb.recipe import Recipe;"
        f"print(json.dumps(Artwork(Recipe.read({recipe().canonical!r}), 'one\\ntwo')._repr_mimebundle_()[0]))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert json.loads(told.stdout) == here, told.stderr
    assert not re.search(r"0x[0-9a-f]{6,}", json.dumps(here) + repr(work()))


def test_the_line_that_names_it() -> None:
    digest = recipe().digest
    assert work().colophon == f"drill · none · seed 7 · recipe {digest}"
    assert repr(work()) == work().mark == f"<genart drill seed=7 recipe={digest}>"
    assert repr(work(partial=True)) == f"<genart drill seed=7 recipe={digest} partial>"


def test_a_stopped_work_is_marked_wherever_it_is_shown() -> None:
    whole, stopped = bundle(work())[0], bundle(work(partial=True))[0]
    assert stopped[MIME]["partial"] is True
    assert "partial" in stopped["text/plain"] and "partial" not in whole["text/plain"]
    assert stopped["text/html"] != whole["text/html"]


@pytest.mark.parametrize(
    "layout", ["prose", "verse", "acts", "screenplay", "dialogue", "profile", "chat", "diff", "odd"]
)
def test_nothing_in_a_work_runs(layout: str) -> None:
    told = work(
        HOSTILE + "\n\nNAME: " + HOSTILE,
        recipe=recipe(HOSTILE),
        title=HOSTILE,
        note=HOSTILE,
        layout=layout,
        facts={HOSTILE: HOSTILE, "original": HOSTILE, "turns": [{"role": "user", "content": HOSTILE}]},
        partial=True,
    )
    seen = Elements(bundle(told)[0]["text/html"])
    assert not seen.tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form"}
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert "alert(1)" in seen.text


def test_as_text() -> None:
    assert str(work("a poem")) == "a poem"
    assert str(Artwork(recipe(), 7, path=Path("/x/y.png"))) == str(Path("/x/y.png"))
    assert str(Artwork(recipe(), 7)) == recipe_line()
    assert work().seed == 7


def recipe_line() -> str:
    return f"<genart drill seed=7 recipe={recipe().digest}>"


def test_knowing_its_file_changes_nothing_else() -> None:
    kept = work(note="n").kept_at(Path("/x"))
    assert kept.path == Path("/x") and (kept.data, kept.note) == ("one\ntwo", "n")
    assert kept.fingerprint == work().fingerprint


def test_fingerprints_are_of_the_content() -> None:
    assert work("a").fingerprint != work("b").fingerprint
    assert work("a", title="x").fingerprint == work("a").fingerprint
    assert work("é").fingerprint["characters"] == 1


@pytest.mark.parametrize("data", ["", "\n", "x" * 10**6, "海 🌊", "a\u2028b"])
def test_text_of_every_kind_is_shown(data: str) -> None:
    shown, _ = bundle(work(data))
    assert shown["text/plain"].endswith(recipe_line())
    assert medium("text").load(medium("text").dump(data)) == data


@pytest.mark.parametrize("name", ["a.png", "a.MP3", "a.mid", "a.svg", "a.html", "a.pdf"])
def test_words_are_not_saved_as_what_they_are_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"A text cannot be saved as .*\n  Fix: end the file's name in .txt"):
        work().save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_words_are_saved_under_any_other_name(tmp_path: Path) -> None:
    for name in ("a", "b.txt", "c.md", "d.js", "e.json"):
        assert work().save(tmp_path / name).read_text() == "one\ntwo"
    drawing = work('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="3"/></svg>')
    assert drawing.save(tmp_path / "f.svg").read_text().startswith("<svg")


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:2])
        raise OSError(errno.ENOSPC, "No space left on device")

    before = work("before").save(tmp_path / "a.txt")
    before.chmod(0o640)
    monkeypatch.setattr(Path, "write_bytes", full)
    for name in ("a.txt", "b.txt"):
        with pytest.raises(OSError, match="No space left"):
            work("after").save(tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"] and before.read_text() == "before"
    monkeypatch.undo()
    link = tmp_path / "link.txt"
    link.symlink_to(before)
    work("after").save(link)
    assert link.is_symlink() and before.read_text() == "after" and before.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_told_by_the_name_that_was_given(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        work().save(tmp_path / "nowhere" / "a.txt")
    assert caught.value.filename == str(tmp_path / "nowhere" / "a.txt")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    for folder in (tmp_path, ".", "/"):
        with pytest.raises(UsageError, match="is a folder"):
            work().save(folder)
