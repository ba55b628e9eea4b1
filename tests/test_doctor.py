"""The doctor tells the truth about what is missing, and never falls ill itself."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from genart_nb import doctor

ROOT = Path(__file__).parent.parent


def named(checks: list[doctor.Check], name: str) -> doctor.Check:
    return next(check for check in checks if check.name == name)


def test_reports_without_torch_and_without_writing(genart_home: Path) -> None:
    code = "import sys; from genart_nb import doctor; doctor.report(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert not genart_home.exists()


def test_a_missing_package_comes_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    true_version = importlib.metadata.version

    def version(package: str) -> str:
        if package in ("torch", "numpy"):
            raise importlib.metadata.PackageNotFoundError(package)
        return true_version(package)

    monkeypatch.setattr(importlib.metadata, "version", version)
    checks = doctor.report()
    hub, core = named(checks, "hub"), named(checks, "core")
    assert (hub.state, core.state) == ("warn", "missing")
    assert "torch" in hub.detail and hub.fix.endswith('-m pip install "genart_nb[hub]"')
    assert "numpy" in core.detail and core.fix in doctor.as_text(checks)


def test_every_extra_has_a_line_that_says_what_it_is_for_and_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    declared = [f"{need}; extra == '{extra}'" for extra, needs in extras.items() for need in needs]
    monkeypatch.setattr(importlib.metadata, "requires", lambda package: declared)
    assert {check.state for check in doctor._packages()} <= {"ok", "warn"}
    monkeypatch.setattr(doctor, "_version", lambda package: None)
    lines = {check.name: check for check in doctor._packages()}
    assert set(lines) == set(extras) == set(doctor.PURPOSE)
    for extra, line in lines.items():
        assert line.state == "warn" and f"only for {doctor.PURPOSE[extra]})" in line.detail
        assert line.fix == f'{sys.executable} -m pip install "genart_nb[{extra}]"'
    assert "c2pa-python, cryptography" in lines["publish"].detail


def test_an_old_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda package: "0.0.1")
    assert "too old" in named(doctor.report(), "core").detail


def test_a_check_that_breaks_becomes_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_folders", lambda: 1 / 0)
    (line,) = [check for check in doctor.report() if check.group == "Folders"]
    assert line.state == "warn" and "ZeroDivisionError" in line.detail


def test_a_full_disk_and_its_remedy(genart_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = doctor.shutil.disk_usage("/")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: usage._replace(free=10**6))
    gallery = named(doctor.report(), "gallery")
    assert gallery.state == "warn" and str(genart_home) in gallery.detail and gallery.fix


def test_chromium_may_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "none"))
    assert doctor.find_chromium() is None
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert doctor.find_chromium() == sys.executable


def test_html_is_escaped() -> None:
    shown = doctor.as_html([doctor.Check("<g>", "<n>", "missing", "<d>", "<f>")])
    assert "&lt;n&gt;" in shown and "<n>" not in shown and "Fix: <code>&lt;f&gt;" in shown
