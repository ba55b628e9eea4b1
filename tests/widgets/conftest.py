"""A studio with an art form that needs no weights."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parent))
import meadow
from steering_bench import Bench


@pytest.fixture
def desk(genart_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Studio]:
    """The kernel's studio, new, with the meadow on offer and a gallery of its own."""
    yield from meadow.on_offer(monkeypatch, tmp_path)


@pytest.fixture
def bench(desk: Studio) -> Iterator[Bench]:
    bench = Bench(desk, desk.recipe("meadow", "hills at dawn", {"pause": 0.01}, seed=7))
    yield bench
    bench.close()
