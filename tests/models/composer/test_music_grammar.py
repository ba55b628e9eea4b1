"""The grammar: what is written reads back, and every bar can always be filled."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from genart_nb.media.song import Note, Song, bar_ticks
from genart_nb.models.composer import echo
from genart_nb.models.composer.grammar import (
    CONTEXT,
    FIELDS,
    FIRST_LENGTH,
    FORM,
    LENGTHS,
    METRES,
    Condition,
    Walk,
    pitch_of,
    pitch_token,
    steps,
)
from genart_nb.models.composer.reading import written

sys.path.insert(0, str(Path(__file__).parents[2] / "media"))
from tunes import wandering

STYLE = {1: "song", 4: "chorale", 5: "madrigal"}


def heard(song: Song) -> list[list[tuple[int, int, int]]]:
    return [[(note.start, note.length, note.pitch) for note in voice] for voice in song.voices]


@pytest.mark.parametrize("voices", [1, 4, 5])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_reads_back(voices: int, seed: int) -> None:
    song = wandering(seed, voices)
    condition = Condition(STYLE[voices], song.mode, song.metre, song.tonic)
    tokens, contexts, bars = written(condition, song.voices, song.bars)
    walk = Walk(condition, song.bars)
    for token in tokens:
        walk.push(token)
    assert walk.done
    assert [[(n.start, n.length, n.pitch) for n in voice] for voice in walk.notes] == heard(song)
    assert len(contexts) == len(bars) == len(tokens)
    assert bars == sorted(bars) and set(bars) == set(range(song.bars))


def test_contexts_are_rows_of_the_table() -> None:
    song = wandering(5, 4)
    condition = Condition("chorale", "minor", "4/4", 7, 3, 2, 1)
    _, contexts, _ = written(condition, song.voices, song.bars, see=True)
    table = np.array(contexts)
    assert table.shape[1] == FIELDS
    assert table.min() >= 0 and table.max() < CONTEXT
    assert (np.diff(table[:, :7], axis=0) == 0).all()


def test_all_keys_share_their_tokens() -> None:
    tune = [Note(0, 24, 67), Note(24, 24, 71), Note(48, 48, 74)]
    g, _, _ = written(Condition("song", "major", "4/4", 7), [tune], 1)
    a, _, _ = written(Condition("song", "major", "4/4", 9), [[Note(n.start, n.length, n.pitch + 2) for n in tune]], 1)
    assert g == a


def test_pitches_out_of_reach_are_refused() -> None:
    base = Condition("song", "major", "4/4", 0).base
    assert pitch_of(pitch_token(72, base), base) == 72
    with pytest.raises(ValueError, match="out of reach"):
        pitch_token(base + 40, base)


@pytest.mark.parametrize("metre", METRES)
def test_from_every_place_the_bar_can_be_filled(metre: str) -> None:
    """Whatever length is taken of those allowed, the bar's end is met exactly."""
    bar = bar_ticks(metre)
    table, chance = steps(bar), np.random.default_rng(0)
    for _ in range(300):
        place = 0
        while place < bar:
            assert table[place], f"nothing may stand at {place} of {metre}"
            place += int(chance.choice(table[place]))
        assert place == bar


def test_triplets_stay_in_their_beat() -> None:
    assert 8 in steps(96)[0] and 8 not in steps(96)[12]
    assert set(steps(96)[8]) <= {4, 8, 16}
    assert FIRST_LENGTH + len(LENGTHS) == 82


def test_a_returning_phrase_is_told_as_it_returns() -> None:
    """Four bars twice over: in the second four, the place four bars back says what comes, and how long it has."""
    pitches = (60, 62, 64, 65, 67, 69, 71, 72)
    tune = [Note(24 * at, 24, pitches[(at * 3 + at // 5) % 16 % 8]) for at in range(16)]
    again = [Note(note.start + 4 * 96, note.length, note.pitch) for note in tune]
    tokens, contexts, bars = written(Condition("song", "major", "4/4", 0), [[*tune, *again]], 8)
    at = FIELDS - FORM - len(echo.BACK) * echo.PER_BAR + echo.BACK.index(4) * echo.PER_BAR
    lowest = np.array(contexts)[:, at : at + 3].min(0)  # of the first bar, where nothing was before
    told = np.array(contexts)[:, at : at + 3] - lowest
    second = np.array(bars) >= 4
    heads = np.arange(len(tokens)) % 2 == 0
    assert (told[~second] == 0).all()
    assert (told[second & heads, 0] == np.array(tokens)[second & heads]).all()
    assert (told[second & ~heads, 1] == np.array(tokens)[second & ~heads] - FIRST_LENGTH + 1).all()
    assert told[second & heads, 2].tolist() == [0, 1, 2, *[3] * 13]


def test_a_note_under_way_and_a_beginning_are_told_apart() -> None:
    voice = echo.Echo(96)
    voice.add(0, 5, 13)
    assert voice.at(96)[:3] == [5, 13, 0] and voice.at(96 + 24)[:2] == [echo.INSIDE, 0]
    assert voice.at(24)[:2] == [echo.NOTHING, 0]
