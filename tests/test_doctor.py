"""The doctor tells the truth about what is missing, and never falls ill itself."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

from genart_nb import doctor


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
