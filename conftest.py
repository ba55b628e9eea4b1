"""Tests and notebooks run with folders of their own: nothing is read from or written to the user's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

BUILD = Path(__file__).parent / "build"


def pytest_configure(config: pytest.Config) -> None:
    """Point every folder away from home, for this process and those it starts."""
    scratch = Path(tempfile.mkdtemp(prefix="genart-test-"))
    config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))
    for name in ("GENART_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        os.environ[name] = str(scratch / name.lower())
    # Converting the starter model takes longer than any test, so its result outlives the run.
    os.environ.setdefault("GENART_CACHE", str(BUILD / "cache"))
    os.environ["HF_HOME"] = str(BUILD / "cache" / "huggingface")
    os.environ["HF_HUB_OFFLINE"] = "1"
