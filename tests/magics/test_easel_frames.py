"""`%easel --frames`: the easel's own option, cut out of a line that may hold anything else."""

from __future__ import annotations

import pytest

from genart_nb.errors import OptionError
from genart_nb.magics.easel import _framed
from genart_nb.magics.grammar import split


@pytest.mark.parametrize(
    ("line", "left", "frames"),
    [
        ('cat --frames "freedom=6,guidance=3"', "cat", "freedom=6,guidance=3"),
        ("--frames freedom=6 cat", "cat", "freedom=6"),
        ("paint a fox --frames=freedom=6 --style flat", "paint a fox --style flat", "freedom=6"),
        ("paint 'a --frames fox'", "paint 'a --frames fox'", ""),
        ("cat", "cat", ""),
    ],
)
def test_frames_are_cut_out_of_the_line(line: str, left: str, frames: str) -> None:
    rest, words, found = _framed(line, split(line))
    assert (rest.split(), found) == (left.split(), frames)
    assert [word.text for word in words] == [word.text for word in split(left)]


def test_frames_without_a_value_are_refused() -> None:
    with pytest.raises(OptionError, match="needs a value"):
        _framed("cat --frames", split("cat --frames"))
