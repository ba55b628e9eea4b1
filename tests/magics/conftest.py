"""A real IPython with art forms that need no model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from genart_nb import plugins
from genart_nb.studio import Studio, studio

sys.path.insert(0, str(Path(__file__).parent))
import doubles


@pytest.fixture(scope="session")
def bare_shell() -> Iterator[InteractiveShell]:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    yield InteractiveShell.instance(config=config)
    InteractiveShell.clear_instance()


@pytest.fixture
def desk(genart_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The kernel's studio, new, with an empty gallery and the doubles on offer."""
    monkeypatch.setattr(plugins, "offered", plugins.offered)  # restores what `offer` replaces
    doubles.offer()
    studio.cache_clear()
    yield studio()
    studio().close()
    studio.cache_clear()


@pytest.fixture
def shell(bare_shell: InteractiveShell, desk: Studio) -> Iterator[InteractiveShell]:
    """A shell with the magics loaded and no names of its own."""
    bare_shell.reset(new_session=True)
    assert bare_shell.extension_manager.load_extension("genart_nb") in (None, "already loaded")
    yield bare_shell
    bare_shell.extension_manager.unload_extension("genart_nb")


class Page(DisplayPublisher):
    """What a front end would be told, in order."""

    said: list[tuple[str, Any]]

    def publish(self, data: Any, metadata: Any = None, **rest: Any) -> None:
        self.said.append(("update" if rest.get("update") else "display", data))

    def clear_output(self, wait: bool = False) -> None:
        self.said.append(("clear", wait))


@pytest.fixture
def page(shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch) -> Page:
    """Make the shell believe that it belongs to a kernel, and listen to what it publishes."""
    page = Page()
    page.said = []
    monkeypatch.setattr(shell, "display_pub", page)
    monkeypatch.setattr(shell, "kernel", object(), raising=False)
    return page
