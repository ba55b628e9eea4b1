from __future__ import annotations

import pytest

from genart_nb.publishing.rebuilt import cell_of
from genart_nb.recipe import Recipe

HELD = "picture:0123456789abcdef"


def restyled(**options: str) -> str:
    return cell_of(Recipe(art="restyle", prompt="", model="restyler", revision="0.1.0", seed=1, options=dict(options)))


def test_a_recipe_that_names_what_is_held_is_a_cell() -> None:
    cell = restyled(from_=HELD, style="waves:0.6,picture-0123456789abcdef:0.4")
    assert cell.startswith("%%restyle") and f"--from {HELD}" in cell


@pytest.mark.parametrize("options", [
    {"from_": "/etc/hostname"}, {"from_": "photo.png"}, {"from_": HELD, "style": "photo.png"},
    {"from_": HELD, "style": "waves:0.5,/home/somebody/photo:0.5"}, {"from_": HELD, "style": "C:\\photo.png:0.5"},
])  # fmt: skip
def test_a_recipe_that_names_a_file_is_never_written_as_a_cell(options: dict[str, str]) -> None:
    assert restyled(**options).startswith("import genart_nb.twins")
