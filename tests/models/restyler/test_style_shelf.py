from __future__ import annotations

import hashlib

import numpy as np
import pytest

from genart_nb.models.restyler import drawings, shelf

PAINTERS = ("gogh", "monet", "hokusai", "picasso", "kandinsky", "munch", "klimt", "mondrian", "seurat", "matisse")


def test_every_name_is_one_style_and_says_where_it_is_from() -> None:
    names = shelf.names()
    assert len(names) == len(set(names)) == 36
    assert all(shelf.origin(name)["from"] and shelf.origin(name)["licence"] for name in names)


def test_no_style_bears_a_painters_name() -> None:
    told = " ".join([*shelf.names(), *(shelf.words(name) for name in shelf.names())]).lower()
    assert not [painter for painter in PAINTERS if painter in told]


def test_files_are_those_of_the_list() -> None:
    assert {path.stem for path in shelf.FOLDER.glob("*.webp")} == set(shelf.drawn()) == set(drawings.SHELF)
    for name, each in shelf.drawn().items():
        assert hashlib.sha256((shelf.FOLDER / f"{name}.webp").read_bytes()).hexdigest() == each.sha256
        assert each.picture.size == (drawings.SIDE, drawings.SIDE)


@pytest.mark.parametrize("name", ["leadlight", "waves", "hatching"])
def test_the_code_draws_what_is_on_the_shelf(name: str) -> None:
    again = np.asarray(drawings.drawing(name), np.int16)
    assert np.abs(again - np.asarray(shelf.drawn()[name].picture, np.int16)).mean() < 12
