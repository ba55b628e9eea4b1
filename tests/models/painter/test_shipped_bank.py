"""The bank as it ships: everything in every style, and whose each picture is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.collage import compose
from genart_nb.models.weights import STARTER

STYLES = {"flat", "3d", "shaded", "bold", "ink", "outline"}


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load(STARTER / "painter" / "bank")


def no_vectors(texts: list[str]) -> Iterator[np.ndarray]:  # type: ignore[type-arg]
    raise AssertionError(f"the bank should know {texts} by name")


def test_everything_is_there_in_every_style(bank: Bank) -> None:
    for name, indices in bank.named.items():
        assert {bank.entries[index].style for index in indices} == STYLES, name


def test_what_was_redrawn_says_from_what_and_keeps_its_licence(bank: Bank) -> None:
    by = {entry.id: entry for entry in bank.entries}
    assert len(by) == len(bank.entries)
    redrawn = [entry for entry in bank.entries if entry.source]
    assert len(redrawn) > 2000
    for entry in redrawn:
        source = by[entry.source]
        assert not source.source and source.name == entry.name and source.style != entry.style
        assert (entry.licence, entry.set) == (source.licence, f"{source.set}, redrawn")
    assert {entry.licence for entry in bank.entries} == {"MIT", "Apache-2.0", "CC-BY-3.0", "CC-BY-4.0"}


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("prompt", ["a lighthouse", "a knight", "two barrels", "a seahorse"])
def test_things_of_black_icons_are_found_in_every_style(bank: Bank, prompt: str, style: str) -> None:
    made = compose(prompt, {style: 1.0}, 1, bank, no_vectors)  # type: ignore[arg-type]
    assert made is not None and not made.missing
    assert [reference.style for reference in made.references] == [style]
    assert made.references[0].set == "Game Icons" + ", redrawn" * (style != "ink")
    levels = np.asarray(made.picture.convert("RGB"), np.int16)
    drawn = (levels < 215).any(axis=2)
    assert 0.03 < drawn.mean() < 0.9
    colour = (levels.max(axis=2) - levels.min(axis=2))[drawn].mean()
    assert colour < 5 if style == "ink" else colour > 5


@pytest.mark.parametrize("name", ["cat", "house", "sailboat", "apple"])
def test_what_somebody_drew_is_what_is_taken(bank: Bank, name: str) -> None:
    for style in STYLES:
        known = [bank.entries[index] for index in bank.named[name]]
        drawn = {entry.style for entry in known if not entry.source}
        made = compose(f"a {name}", {style: 1.0}, 3, bank, no_vectors)  # type: ignore[arg-type]
        assert made is not None
        if style in drawn:
            assert "redrawn" not in made.references[0].set
