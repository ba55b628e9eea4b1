"""The composer with a network that knows nothing: the rules hold whatever it says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from genart_nb.arts import music_measures
from genart_nb.errors import OptionError, WeightsError
from genart_nb.media.song import Note, Song
from genart_nb.models.composer import form
from genart_nb.models.composer.copies import MOST, RUN, Seen, prints
from genart_nb.models.composer.grammar import (
    CONDITIONS,
    FIELDS,
    FIRST_LENGTH,
    FORM,
    STYLES,
    UNPLANNED,
    UNTOLD,
    VOCABULARY,
)
from genart_nb.models.composer.network import KEPT, WINDOW, Floats, OnnxNetwork, Thread
from genart_nb.models.composer.rules import Habits
from genart_nb.models.composer.runtime import Composer
from genart_nb.models.music import MusicBrief
from genart_nb.models.weights import STARTER

sys.path.insert(0, str(Path(__file__).parents[2] / "media"))
from tunes import scale

FOLDER = STARTER / "composer"
RANGES = {style: [[60, 84]] for style in STYLES} | {
    "chorale": [[60, 81], [53, 74], [48, 69], [36, 64]],
    "madrigal": [[60, 81], [58, 79], [53, 74], [48, 69], [36, 64]],
}
HABITS = Habits(RANGES, {f"{style} {mode}": list(range(12)) for style in STYLES for mode in ("major", "minor")})
METRES = {style: ("4/4", "3/4", "6/8") for style in STYLES}


class Noise:
    """A network that says something else at every token, a function of all it was told."""

    nbytes = 0
    shape = (1, 2, 1, 2)

    def __init__(self) -> None:
        self.longest = 0

    def run(self, tokens: Sequence[int], context: Sequence[Sequence[int]], past: Floats) -> tuple[Floats, Floats]:
        before = past.shape[4]
        self.longest = max(self.longest, before + len(tokens))
        chance = np.random.default_rng([before + len(tokens), *context[-1]])
        return chance.normal(size=VOCABULARY).astype(np.float32) * 3, np.zeros(
            (1, 2, 1, 1, before + len(tokens), 2), "f4"
        )

    def close(self) -> None:
        pass


def composer(seen: Seen | None = None) -> Composer:
    return Composer(Noise(), HABITS, seen or Seen(np.zeros(0, np.uint32)), METRES)


def brief(style: str = "chorale", **facts: object) -> MusicBrief:
    return replace(MusicBrief(style, 2, "major", "4/4", 6, 1), **facts)  # type: ignore[arg-type]


def made(brief: MusicBrief, by: Composer | None = None) -> Song:
    drafts = list((by or composer()).compose(brief))
    assert drafts[-1].final and all(not each.final for each in drafts[:-1])
    return drafts[-1].song()


@pytest.mark.parametrize("metre", ["4/4", "3/4", "6/8"])
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(3))
def test_bars_are_full_voices_in_range_and_the_end_is_a_cadence(style: str, metre: str, seed: int) -> None:
    song = made(brief(style, metre=metre, seed=seed))
    assert song.bars == 6
    assert max(voice[-1].end for voice in song.voices) == song.ticks
    assert music_measures.bars_filled(song) == 1
    assert music_measures.out_of_range(song, RANGES[style]) == 0
    assert music_measures.cadence(song)


@pytest.mark.parametrize("seed", range(6))
def test_chorales_keep_the_rules_of_part_writing(seed: int) -> None:
    song = made(brief(seed=seed, bars=12))
    assert music_measures.crossings(song) < 0.02
    assert music_measures.parallels(song) < 2


def test_the_same_seed_gives_the_same_song_and_another_another() -> None:
    assert made(brief(seed=4)) == made(brief(seed=4)) != made(brief(seed=5))


def test_a_melody_is_kept_note_for_note() -> None:
    melody = scale(bars=4, tonic=0)
    song = made(brief(tonic=0, bars=4, melody=melody))
    assert song.voices[0] == melody.voices[0]
    assert len(song.voices) == 4 and all(song.voices)


def test_a_song_is_gone_on_from_and_stays_as_it_is() -> None:
    before = made(brief(bars=3))
    song = made(brief(bars=4, before=before, seed=9))
    assert song.bars == 7
    for old, new in zip(before.voices, song.voices, strict=True):
        assert new[: len(old) - 1] == old[:-1]
        assert (new[len(old) - 1].start, new[len(old) - 1].pitch) == (old[-1].start, old[-1].pitch)


class Obedient(Noise):
    """A network that sings again what it is told comes back, and else what it likes."""

    def run(self, tokens: Sequence[int], context: Sequence[Sequence[int]], past: Floats) -> tuple[Floats, Floats]:
        logits, after = super().run(tokens, context, past)
        kind, token, length, _ = (row - first for row, first in zip(context[-1][-FORM:], UNPLANNED, strict=True))
        pending = (context[-1][CONDITIONS] - UNTOLD[CONDITIONS]) % 2
        if kind == form.SAME and length:
            logits[FIRST_LENGTH + length - 1 if pending else token] = 99
        return logits, after


@pytest.mark.parametrize("style", ["reel", "chorale"])
def test_the_phrases_asked_for_come_back(style: str) -> None:
    by = Composer(Obedient(), HABITS, Seen(np.zeros(0, np.uint32)), METRES)
    song = made(brief(style, bars=16, form="AABA"), by)
    heard = form.heard(song.voices[0], song.bar, song.bars)
    assert heard[4:8] == (4, 4, 4, 4) and heard[12:15] == (8, 8, 8)  # the last bar is a cadence
    assert 0 in heard[8:12]
    other = made(brief(style, bars=16, form="ABCD"), by)
    assert music_measures.returning(other) < 0.2


def test_without_a_form_one_is_drawn_from_those_of_the_style() -> None:
    plans = {"reel": [(0, 0, 2, 2) * 2]}
    by = Composer(Obedient(), HABITS, Seen(np.zeros(0, np.uint32)), METRES, plans)
    assert form.heard(made(brief("reel", bars=8), by).voices[0], 96, 7)[2:4] == (2, 2)


def test_what_goes_on_from_a_song_returns_to_it() -> None:
    plans = {"reel": [(0, 0, 0, 0, 4, 4, 4, 4)]}
    by = Composer(Obedient(), HABITS, Seen(np.zeros(0, np.uint32)), METRES, plans)
    before = made(brief("reel", bars=4))
    song = made(brief("reel", bars=4, before=before), by)
    assert form.heard(song.voices[0], song.bar, 7)[4:] == (4, 4, 4)


def test_long_pieces_stay_in_the_window() -> None:
    network = Noise()
    by = Composer(network, HABITS, Seen(np.zeros(0, np.uint32)), METRES)
    assert made(brief(bars=40), by).bars == 40
    assert KEPT < network.longest <= WINDOW


def test_a_thread_reads_each_token_once() -> None:
    network = Noise()
    thread = Thread(network)
    for count in range(5):
        thread.push(count, [count])
    thread.logits()
    thread.push(7, [7])
    thread.logits()
    assert network.longest == 6


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"style": "fugue"}, "style"), ({"metre": "4/2"}, "metre"), ({"style": "reel", "melody": scale()}, "one voice")],
)
def test_what_it_cannot_write_is_told(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        made(brief(**wrong))


def test_runs_are_found_in_any_key_and_only_as_long_as_they_are() -> None:
    chance = np.random.default_rng(3)
    tune = [Note(24 * at, 24, 60 + int(step)) for at, step in enumerate(chance.integers(0, 12, 60))]
    seen = Seen(prints(tune))
    higher = [Note(note.start, note.length, note.pitch + 5) for note in tune[10:40]]
    assert seen.longest(higher) == 30
    assert seen.longest(higher[:RUN]) == 0
    assert seen.longest([Note(n.start, 12, n.pitch) for n in higher]) == 0
    assert seen.current(higher) >= MOST
    assert seen.leads_on(higher, tune[40].pitch + 5, [24]) and not seen.leads_on(higher, 1, [24])


def test_a_copy_is_broken_off() -> None:
    """A network that wants one tune only is made to leave it."""

    class Copyist(Noise):
        def run(self, tokens: Sequence[int], context: Sequence[Sequence[int]], past: Floats) -> tuple[Floats, Floats]:
            logits, after = super().run(tokens, [[0]], past)
            return logits * 20, after

    free = made(brief("reel", bars=24, temperature=0.0), Composer(Copyist(), HABITS, Seen(prints([])), METRES))
    seen = Seen(prints(free.voices[0]))
    song = made(brief("reel", bars=24, temperature=0.0), Composer(Copyist(), HABITS, seen, METRES))
    assert seen.longest(free.voices[0]) > MOST
    assert seen.longest(song.voices[0]) <= MOST + 1


def test_a_folder_that_is_not_whole_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="whole composer"):
        Composer.load(tmp_path)


def test_the_shipped_network_reads_on_as_it_reads_at_once() -> None:
    network = OnnxNetwork(FOLDER)
    layers, two, heads, width = network.shape
    nothing = np.zeros((layers, two, 1, heads, 0, width), np.float32)
    context = [[0, 7, 10, 22] + [40] * (FIELDS - 4)] * 4
    at_once, _ = network.run([0, 5, 70, 9], context, nothing)
    _, past = network.run([0, 5], context[:2], nothing)
    in_parts, _ = network.run([70, 9], context[2:], past)
    assert np.allclose(at_once, in_parts, atol=1e-4)


def test_the_shipped_composer_writes_music() -> None:
    by = Composer.load(FOLDER)
    song = made(brief(seed=3, bars=8), by)
    assert music_measures.in_key(song) > 0.8
    assert music_measures.bars_filled(song) == 1
    assert music_measures.cadence(song)


@pytest.mark.parametrize("style", ["reel", "chorale"])
def test_the_shipped_composer_keeps_the_form_it_is_given(style: str) -> None:
    by = Composer.load(FOLDER)

    def returning(letters: str) -> float:
        songs = [made(brief(style, seed=seed, bars=16, form=letters), by) for seed in (1, 2)]
        return float(np.mean([music_measures.returning(song) for song in songs]))

    assert returning("AABA") > 0.3 > returning("ABCD")
