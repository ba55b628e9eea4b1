"""What of a song comes back, told from its notes alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from genart_nb.media import song_form, song_player
from genart_nb.media.song import TICKS, Note, Song

sys.path.insert(0, str(Path(__file__).parent))
from tunes import wandering


def sung(bars: str) -> Song:
    """A bar of four crotchets for each letter, another tune for each."""
    notes = [
        Note(TICKS * (4 * at + beat), TICKS, 60 + (ord(letter) * 7 + beat * (ord(letter) % 5 + 1)) % 24)
        for at, letter in enumerate(bars)
        for beat in range(4)
    ]
    return Song((tuple(notes),), bars=len(bars))


@pytest.mark.parametrize(
    ("bars", "form"),
    [
        ("abcdabcdefghabcd", "A A B A"),
        ("abcdabxyefghabzz", "A A′ B A′"),
        ("abcdefghabcdefgh", "A B A B"),
        ("abcdabcz", "A A"),  # the last bar is a cadence
        ("abcdabczefgh", "A A′ B"),
        ("abab", "A A"),
        ("abcdabcdxy", "A A B"),
        ("abcdefgh", ""),
        ("abcdefghijklmnaop", ""),  # one bar of many is no form
        ("a", ""),
    ],
)
def test_phrases_are_found(bars: str, form: str) -> None:
    assert " ".join(map(str, song_form.phrases(sung(bars)))) == form


def test_phrases_fill_the_song() -> None:
    for bars in ("abcdabcdefghabcd", "abcdabcdxy", "ababcdc"):
        found = song_form.phrases(sung(bars))
        assert not found or sum(each.bars for each in found) == len(bars)


@pytest.mark.parametrize("song", [Song(((),), bars=4), Song((), bars=8), wandering(1, voices=4)])
def test_silence_and_what_wanders_have_none(song: Song) -> None:
    assert song_form.phrases(song) == []
    assert "form" not in song_player.growing(song)


def test_the_player_shows_them_where_they_sound() -> None:
    page = song_player.player(sung("abcdabcdefghabcd"), "x")
    assert page.count("flex:4 0 0") == 4
    assert "<span>form A A B A</span>" in page
