"""A studio of its own for a test of an art form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from genart_nb.studio import Studio, studio


@pytest.fixture
def desk(genart_home: Path) -> Iterator[Studio]:
    """The kernel's studio, new, and ended afterwards."""
    studio.cache_clear()
    yield studio()
    studio().close()
    studio.cache_clear()
