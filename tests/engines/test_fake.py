"""FakeEngine keeps the contract, so what is tested with it holds for the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract import EngineContract, ended
from drill import load_then_say, recipe, say

from genart_nb.engines.base import Engine
from genart_nb.engines.fake import FakeEngine
from genart_nb.events import Event, Finished
from genart_nb.recipe import Recipe


def script(each: Recipe) -> Iterator[Event]:
    return load_then_say(each) if each.art == "drill_heavy" else say(each)


class TestFakeEngine(EngineContract):
    @pytest.fixture
    def engine(self) -> Iterator[Engine]:
        engine = FakeEngine(script)
        yield engine
        engine.close()


def test_echoes_unless_told_otherwise() -> None:
    engine = FakeEngine()
    final = ended(engine.run(recipe("the sea")))[-1]
    assert isinstance(final, Finished) and final.artwork.data == "the sea "
    engine.close()
