"""Tiny pipelines, built once a session and loaded once each."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

collect_ignore_glob = [] if all(map(importlib.util.find_spec, ("torch", "diffusers"))) else ["test_*.py"]

Folder = Callable[[str], Path]
Painter = Callable[[str], Any]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The folder of a family's tiny pipeline."""
    from tiny_pipelines import build

    place = tmp_path_factory.mktemp("pipelines")
    return functools.cache(lambda family: build(family, place))


@pytest.fixture(scope="session")
def painter(folder: Folder) -> Painter:
    """A family's tiny pipeline, loaded; tests leave it as it is."""
    from genart_nb.models.diffusion.painter import DiffusersPainter

    return functools.cache(lambda family: DiffusersPainter(folder(family), device="cpu", dtype="float32"))


@pytest.fixture(scope="session")
def lora_file(folder: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A LoRA for a family."""
    from tiny_pipelines import save_lora

    pytest.importorskip("peft")
    place = tmp_path_factory.mktemp("loras")
    return functools.cache(lambda family: save_lora(family, folder(family), place))
