"""One server and one kernel for all of these tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from real_server import Kernel, Server


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these tests."""
    server = Server(tmp_path_factory.mktemp("jupyter_server"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def kernel(jupyter: Server) -> Iterator[Kernel]:
    """A kernel with our magics and the doubles' art forms."""
    kernel = Kernel(jupyter)
    kernel.run("import doubles; doubles.offer()\n%load_ext genart_nb")
    yield kernel
    kernel.close()
