"""The Gallery: nothing is lost, whoever is killed, whoever writes at the same time, and whatever the disk does."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from drill import recipe

from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import SCHEMA

WRITER = """
import sys
from pathlib import Path
from genart_nb.artwork import Artwork
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import SCHEMA
from genart_nb.recipe import Recipe
home, name, (count, size, works) = Path(sys.argv[1]), sys.argv[2], map(int, sys.argv[3:])
gallery = Gallery(home)
print("ready", flush=True)
for turn in range(count):
    seed = turn % works
    recipe = Recipe(art="poem", prompt=f"from {name}", model="m", seed=seed)
    kept = gallery.keep(Artwork(recipe, f"{name} {seed} " * size))
    print(kept.path.name, flush=True)
"""


def work(text: str = "so it goes", prompt: str = "the sea", **more: Any) -> Artwork:
    return Artwork(recipe(prompt, seed=more.pop("seed", 7)), text, **more)


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    return Gallery(tmp_path / "gallery")


def writer(home: Path, name: str, count: int, size: int = 1, works: int = 1000) -> subprocess.Popen[str]:
    """Start a process that keeps `count` works, the same ones again after `works` of them."""
    command = [sys.executable, "-c", WRITER, str(home), name, str(count), str(size), str(works)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def check_whole(gallery: Gallery) -> set[str]:
    """Read every row back and compare its content with its identity; returns the names of the files."""
    len(gallery)  # whoever was killed at once had not even made the table
    with contextlib.closing(sqlite3.connect(gallery.home / "gallery.sqlite")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT id, file, sha256 FROM works").fetchall()
    for id, _, sha256 in rows:
        assert gallery.get(id).fingerprint["sha256"] == sha256
    return {file for _, file, _ in rows}


def test_what_is_kept_comes_back(gallery: Gallery) -> None:
    told = work("Eins\n\tzwei 海 🌊", title="t", note="n", layout="verse", facts={"lines": 2}, made={"seconds": 0.5})
    kept = gallery.keep(told)
    assert kept.path is not None and kept.path.read_bytes() == told.data.encode()
    (entry,) = gallery.search()
    again = gallery.get(entry.id)
    assert again.recipe == told.recipe and again.data == told.data and again.path == kept.path
    for name in ("title", "note", "layout", "facts", "made", "partial", "medium_name"):
        assert getattr(again, name) == getattr(told, name)
    assert (entry.art, entry.prompt, entry.seed, entry.digest) == ("drill", "the sea", 7, told.recipe.digest)
    assert abs(entry.created - time.time()) < 60 and entry.file == kept.path


def test_a_work_is_not_stored_twice(gallery: Gallery) -> None:
    for _ in range(3):
        gallery.keep(work())
    gallery.favour(gallery.search()[0].id)
    gallery.keep(work("another text"))
    gallery.keep(work("so it goes", partial=True))
    gallery.keep(work())
    assert len(gallery) == 3
    newest = gallery.search()[0]
    assert newest.favourite and not newest.partial
    assert sum(entry.partial for entry in gallery.search()) == 1


def test_finds_by_every_word_in_any_script(gallery: Gallery) -> None:
    prompts = [
        "The SEA at night", "100% of_it \\ 'quoted' \"twice\"", "静夜思 床前明月光", "Élan über Straße", "e\u0301toile",
        "a 🌊 wave", "x; DROP TABLE works; --", "İstanbul",
    ]  # fmt: skip
    for seed, prompt in enumerate(prompts):
        gallery.keep(work(prompt=prompt, seed=seed))

    def found(words: str) -> list[str]:
        return sorted(entry.prompt for entry in gallery.search(words))

    assert found("sea NIGHT") == [prompts[0]]
    assert found("sea day") == []
    assert found("%") == found("100%") == found("_") == found("\\") == found("'quoted'") == found('"') == [prompts[1]]
    assert found("明月") == found("静夜思 明月") == [prompts[2]]
    assert found("éLAN") == found("STRASSE") == [prompts[3]]
    assert found("étoile") == found("ÉTOILE") == [prompts[4]]
    assert found("🌊") == [prompts[5]]
    assert found("DROP TABLE works;") == [prompts[6]]
    assert found("\ud800") == [] and len(found("")) == len(gallery) == len(prompts)


def test_filters_and_pages(gallery: Gallery) -> None:
    for seed in range(25):
        gallery.keep(work(f"text {seed}", seed=seed))
    ids = [entry.id for entry in gallery.search(limit=100)]
    assert ids == sorted(ids, reverse=True)
    assert [entry.id for entry in gallery.search(limit=10, offset=20)] == ids[20:]
    assert len(gallery.search()) == 20
    assert gallery.search(art="poem") == [] and len(gallery.search(art="drill", model="none", limit=50)) == 25
    gallery.favour(ids[3])
    gallery.favour(ids[5])
    gallery.favour(ids[5], False)
    assert [entry.id for entry in gallery.search(favourite=True)] == [ids[3]]
    wanted = gallery.search()[7]
    assert wanted in gallery.search(digest=wanted.digest[:4])
    assert gallery.search(digest="%") == gallery.search(digest="_") == []


def test_what_is_not_there_is_said(gallery: Gallery) -> None:
    with pytest.raises(GalleryError, match="no work 1"):
        gallery.get(1)
    with pytest.raises(GalleryError, match="no work 1"):
        gallery.favour(1)
    kept = gallery.keep(work())
    assert kept.path
    kept.path.write_bytes(b"\xff\xfe")
    with pytest.raises(GalleryError, match="cannot be read"):
        gallery.get(1)
    kept.path.unlink()
    with pytest.raises(GalleryError, match="is gone") as caught:
        gallery.get(1)
    assert "remake" in caught.value.fix
    assert len(gallery.search()) == 1


def test_no_name_leads_out_of_the_folder(gallery: Gallery, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told = work()
    for suffix in ("/../../../x.txt", "/x", os.sep + "y"):
        monkeypatch.setattr(type(told.medium), "suffix", suffix)
        with pytest.raises(GalleryError, match="is not a file name"):
            gallery.keep(told)
    monkeypatch.undo()
    gallery.keep(told)
    (tmp_path / "secret.txt").write_text("secret")
    with sqlite3.connect(gallery.home / "gallery.sqlite") as database:
        database.execute("UPDATE works SET file = '../../secret.txt'")
    with pytest.raises(GalleryError, match="is gone"):
        gallery.get(1)
    assert gallery.search()[0].file.parent == gallery.home / "works"


def test_a_work_that_cannot_be_written_is_refused_in_words(gallery: Gallery) -> None:
    for told in (work("a\ud800"), work(facts={"odd": object()}), Artwork(recipe(), 7)):
        with pytest.raises(GalleryError, match="cannot keep this drill"):
            gallery.keep(told)
    assert len(gallery) == 0


def test_killed_writers_leave_it_clean(gallery: Gallery) -> None:
    """Kill -9 at random moments, new works and old ones half written: each row's file is whole, none is lost."""
    dice, told = random.Random(5), set[str]()
    for turn in range(3):
        writers = [writer(gallery.home, f"w{name}", 100_000, 50_000, 2 + turn) for name in range(3)]
        for each in writers:
            assert each.stdout and each.stdout.readline() == "ready\n"
            if not turn:  # at least once, however busy the machine is
                told.add(each.stdout.readline().strip())
        for each in writers:
            time.sleep(dice.uniform(0.02, 0.2))
            os.kill(each.pid, signal.SIGKILL)
        for each in writers:
            assert each.stdout
            told |= set(each.stdout.read().split("\n")[:-1])
            assert each.wait() == -signal.SIGKILL
        files = check_whole(Gallery(gallery.home))
        assert told <= files
    assert told
    for left in (gallery.home / "works").glob(".*.part"):
        os.utime(left, (0, 0))
    gallery.sweep()
    assert list((gallery.home / "works").glob(".*")) == []
    gallery.keep(work())


DYING = """
import os, pathlib, signal, sys
from genart_nb.artwork import Artwork
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import SCHEMA
from genart_nb.recipe import Recipe
gallery = Gallery(pathlib.Path(sys.argv[1]))
told = Artwork(Recipe(art="poem", prompt="p", model="m", seed=1), "so it goes")
gallery.keep(told)
setattr(pathlib.Path if sys.argv[2] == "replace" else os, sys.argv[2], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
gallery.keep(told)
"""


@pytest.mark.parametrize("moment", ["fdopen", "fsync", "replace"])
def test_a_kernel_killed_while_it_writes_a_work_again_leaves_the_first(gallery: Gallery, moment: str) -> None:
    done = subprocess.run([sys.executable, "-c", DYING, str(gallery.home), moment])
    assert done.returncode == -signal.SIGKILL
    assert len(check_whole(gallery)) == 1


def test_kernels_write_at_once(gallery: Gallery) -> None:
    writers = [writer(gallery.home, name, 200) for name in ("one", "two")]
    for each in writers:
        assert len(each.communicate(timeout=60)[0].split()) == 201
        assert each.returncode == 0
    assert len(gallery) == 400
    assert len(check_whole(gallery)) == 400


def test_sweeps_only_what_is_stale(gallery: Gallery) -> None:
    assert gallery.sweep() == 0
    gallery.keep(work())
    fresh, stale = gallery.home / "works" / ".a.part", gallery.home / "works" / ".b.part"
    fresh.touch()
    stale.touch()
    os.utime(stale, (0, 0))
    assert gallery.sweep() == 1
    assert fresh.exists() and not stale.exists() and len(gallery) == 1


@pytest.mark.parametrize("call", ["fsync", "fdopen", "replace"])
def test_a_full_disk_is_told_and_leaves_no_half(gallery: Gallery, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    gallery.keep(work())
    monkeypatch.setattr(Path if call == "replace" else os, call, full)
    with pytest.raises(GalleryError, match="No space left") as caught:
        gallery.keep(work("another"))
    assert "free some disk" in caught.value.fix and str(gallery.home) in caught.value.what
    monkeypatch.undo()
    assert list((gallery.home / "works").glob(".*")) == []
    assert len(check_whole(gallery)) == 1
    gallery.keep(work("another"))
    assert len(gallery) == 2


def test_a_folder_that_takes_nothing_is_not_called_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    gallery = Gallery(tmp_path / "file" / "gallery")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # as for anybody but root, who may write anywhere
    with pytest.raises(GalleryError) as caught:
        gallery.keep(work())
    assert "you may write to" in caught.value.fix and "free some disk" not in caught.value.fix


FULL = """
import resource, signal, sys
from pathlib import Path
from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import SCHEMA
from genart_nb.recipe import Recipe
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
gallery = Gallery(Path(sys.argv[1]))
def keep(seed, size):
    return gallery.keep(Artwork(Recipe(art="poem", prompt="p", model="m", seed=seed), "x" * size))
keep(0, 10)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
try:
    keep(1, 1_000_000)
except GalleryError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
keep(2, 10)
print(len(gallery))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file size are a thing of Unix")
def test_a_file_the_system_will_not_take(gallery: Gallery) -> None:
    done = subprocess.run([sys.executable, "-c", FULL, str(gallery.home)], capture_output=True, text=True)
    assert "could not keep the work" in done.stdout and "free some disk" in done.stdout, done.stderr
    assert done.stdout.splitlines()[-1] == "2"
    assert list((gallery.home / "works").glob(".*")) == []
    check_whole(gallery)


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("only root can mount a small disk")
    gallery, kept = Gallery(place / "gallery"), 0
    try:
        with pytest.raises(GalleryError, match=r"full|No space"):
            for kept in range(1000):
                gallery.keep(work("x" * 3000, seed=kept))
        assert 0 < kept < 100
        gallery.search()[0].file.unlink()
        assert len(gallery) == kept
    finally:
        gallery.close()
        subprocess.run(["umount", str(place)], check=True)


READ_ONLY = """
import os, sys
from pathlib import Path
from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import SCHEMA
from genart_nb.recipe import Recipe
told = Artwork(Recipe(art="poem", prompt="p", model="m", seed=1), "x")
told.fingerprint
if os.getuid() == 0:
    os.setuid(65534)  # root may write anywhere
try:
    Gallery(Path(sys.argv[1])).keep(told)
except GalleryError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are another thing on Windows")
def test_a_folder_that_may_not_be_written() -> None:
    home = Path(tempfile.mkdtemp())  # pytest's own is closed to other users
    try:
        Gallery(home).keep(work())
        for path in (home, *home.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run([sys.executable, "-c", READ_ONLY, str(home)], capture_output=True, text=True)
        assert "could not keep the work" in done.stdout and "GENART_HOME" in done.stdout, done.stderr
        assert "ermission denied" in done.stdout
    finally:
        for path in (home, home / "works"):
            path.chmod(0o755)
        shutil.rmtree(home)


@pytest.mark.parametrize("content", [b"this is no database " * 500, b"SQLite format 3\x00" + b"\x07" * 5000])
def test_a_corrupt_database_is_told(gallery: Gallery, content: bytes) -> None:
    gallery.home.mkdir(parents=True)
    (gallery.home / "gallery.sqlite").write_bytes(content)
    with pytest.raises(GalleryError, match="could not keep") as caught:
        gallery.keep(work())
    assert f"move {gallery.home} away" in caught.value.fix
    for read in (gallery.search, gallery.__len__, lambda: gallery.get(1), lambda: gallery.favour(1)):
        with pytest.raises(GalleryError, match="cannot be read"):
            read()
    assert [path.read_text() for path in (gallery.home / "works").iterdir()] == ["so it goes"]


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "gallery").write_text("in the way")
    with pytest.raises(GalleryError, match="could not keep"):
        Gallery(tmp_path / "gallery").keep(work())


def test_a_folder_of_its_own_by_default(genart_home: Path) -> None:
    assert Gallery().home == genart_home / "gallery"
    Gallery().keep(work())
    assert (genart_home / "gallery" / "gallery.sqlite").is_file()


def test_the_record_is_plain_json(gallery: Gallery) -> None:
    gallery.keep(work(facts={"a": [1, 2]}, made={"seconds": 1.5}))
    with contextlib.closing(sqlite3.connect(gallery.home / "gallery.sqlite")) as database:
        record, kept = database.execute("SELECT record, recipe FROM works").fetchone()
    assert json.loads(record)["facts"] == {"a": [1, 2]}
    assert kept == work().recipe.canonical


def test_a_gallery_moved_away_under_it_is_begun_anew(gallery: Gallery) -> None:
    gallery.keep(work())
    gallery.home.rename(gallery.home.with_name("old"))
    gallery.keep(work("another"))
    assert len(gallery) == 1 and len(Gallery(gallery.home.with_name("old"))) == 1


def test_threads_share_it_and_closing_folds_its_log_away(gallery: Gallery) -> None:
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(lambda seed: gallery.keep(work(f"text {seed}", seed=seed)), range(40)))
    assert len({each.path for each in kept}) == len(gallery) == 40
    gallery.close()
    assert [path.name for path in gallery.home.glob("gallery*")] == ["gallery.sqlite"]
    assert len(gallery) == 40


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not fork")
def test_a_forked_process_has_a_connection_of_its_own(gallery: Gallery) -> None:
    gallery.keep(work())
    child = os.fork()
    if not child:
        gallery.keep(work("of the child"))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    gallery.keep(work("of the parent"))
    assert len(gallery) == 3
    check_whole(gallery)


def test_a_gallery_of_an_earlier_version_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = SCHEMA  # as it was before works knew their notebook
    home = tmp_path / "gallery"
    home.mkdir()
    row = ("d" * 8, "s" * 64, "poem", "the sea", "m", 7, "text", "gone.txt", recipe("the sea").canonical, "{}", 1.0)
    with contextlib.closing(sqlite3.connect(home / "gallery.sqlite")) as database, database:
        database.executescript(older)
        columns = "digest, sha256, art, prompt, model, seed, medium, file, recipe, record, created"
        database.execute(f"INSERT INTO works ({columns}) VALUES ({', '.join('?' * 11)})", row)
    galleries = [Gallery(home), Gallery(home)]
    assert [each.search()[0].notebook for each in galleries] == ["", ""]
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/fox.ipynb")
    galleries[0].keep(work())
    assert galleries[1].tallies()["notebook"] == {"/home/me/fox.ipynb": 1}
    assert [each.prompt for each in galleries[1].search(notebook="/home/me/fox.ipynb")] == ["the sea"]
    assert galleries[1].count() == 2
    monkeypatch.setenv("JPY_SESSION_NAME", "")
    galleries[0].keep(work())  # the same again, from a terminal
    assert galleries[1].count(notebook="/home/me/fox.ipynb") == 1
