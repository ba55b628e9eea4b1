"""The form of a piece: heard in notes, written in letters, drawn from plans."""

from __future__ import annotations

import pytest

from genart_nb.media.song import Note
from genart_nb.models.composer import form
from genart_nb.models.composer.grammar import FIRST_LENGTH, FORM, LENGTHS, UNPLANNED, Condition, Walk, pitch_token

BAR = 96


def bars(*tunes: str) -> list[Note]:
    """Four crotchets a bar, a letter each: their pitches count from c."""
    return [Note(at * BAR + beat * 24, 24, 60 + ord(letter) - ord("c"))
            for at, tune in enumerate(tunes) for beat, letter in enumerate(tune)]  # fmt: skip


def test_a_plan_is_heard_in_notes() -> None:
    tune = bars("cdef", "gfed", "cdef", "gfec", "hhhh", "hhhh")
    assert form.heard(tune, BAR, 6) == (0, 0, 2, -2, 0, 1)
    assert form.heard([], BAR, 2) == (0, 0)


def test_what_goes_on_is_heard_as_one_return() -> None:
    tune = bars("cdef", "cdef", "gfed", "cdef", "cdef", "gfed")
    assert form.heard(tune, BAR, 6) == (0, 1, 0, 2, 1, 3)
    long = bars("cdef", "hgfe", "cdef", "kkkk", "cdef", "hgfe")
    assert form.heard(long, BAR, 6) == (0, 0, 2, 0, 2, 4)


def test_letters_are_a_plan() -> None:
    assert form.lettered("AABA", 8) == (0, 0, 2, 2, 0, 0, 4, 4)
    assert form.lettered("AA'BA'", 16) == (0, 0, 0, 0, 4, 4, -4, -4, 0, 0, 0, 0, 12, 12, -12, -12)
    assert form.lettered("ABC", 3) == (0, 0, 0)
    assert form.lettered("AA'", 2) == (0, -1)


def test_bars_that_phrases_leave_over_are_new_and_letters_that_find_no_bar_are_left_out() -> None:
    assert form.lettered("ABA", 8) == (0, 0, 0, 0, 4, 4, 0, 0)
    assert form.lettered("AABA", 2) == (0, 1)


def test_letters_are_read_as_people_write_them() -> None:
    assert form.phrases("a a’ b A'") == ["A", "A'", "B", "A'"]
    for wrong in ("", "1", "A-B", "'A", "AB!", "é"):
        with pytest.raises(ValueError, match="no form"):
            form.phrases(wrong)


def test_plans_are_drawn_by_the_seed_and_fill_the_bars() -> None:
    plans = [(0, 0, 2, 2), (0, 1, 0, 1), tuple([0] * 12)]
    assert form.drawn(plans, 4, 3) == form.drawn(plans, 4, 3)
    assert len({form.drawn(plans, 4, seed) for seed in range(20)}) == 3
    assert form.drawn(plans, 12, 1) == plans[2]  # the only one that is long enough
    assert len(form.drawn(plans, 30, 1)) == 30
    assert form.drawn([], 8, 1) == ()


def test_a_walk_tells_what_the_plan_has_come_back() -> None:
    condition = Condition("reel", "major", "4/4", 0)
    told, free = (Walk(condition, 3, plan=plan) for plan in ((0, 1), ()))
    pitch, crotchet = pitch_token(67, condition.base), FIRST_LENGTH + LENGTHS.index(24)
    for walk in (told, free):
        for _ in range(4):
            walk.push(pitch)
            walk.push(crotchet)
    rows = told.context()[-FORM:]
    values = [row - first for row, first in zip(rows, UNPLANNED, strict=True)]
    assert values == [form.SAME, pitch, 1 + LENGTHS.index(24), 0]
    assert tuple(free.context()[-FORM:]) == UNPLANNED
    told.push(pitch)
    told.push(crotchet)
    assert told.context()[-1] - UNPLANNED[-1] == 1  # it has followed for one note

