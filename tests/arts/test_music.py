"""`%%compose`: what its words and options ask for, and what it refuses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import genart_nb
from genart_nb import inputs
from genart_nb.arts import music, music_measures, music_words
from genart_nb.arts.music import COMPOSE, ComposeOptions
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError, UsageError
from genart_nb.events import Preview, Step
from genart_nb.magics.grammar import parse, split
from genart_nb.media.song import Note, Song
from genart_nb.models.music import Draft, MusicBrief
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))
from tunes import ABC, scale


class Scales:
    """A music model that writes scales, and remembers what it was asked for."""

    nbytes = 1
    asked: MusicBrief

    def __init__(self) -> None:
        self.styles = {style: ("4/4", "3/4", "6/8") for style in music_words.STYLES}

    def compose(self, brief: MusicBrief) -> Iterator[Draft]:
        self.asked = brief
        song = scale(4 if brief.style == "chorale" else 1, brief.bars, tonic=brief.tonic, mode=brief.mode)
        for done in range(0, song.ticks, 24):
            yield Draft(done, song.ticks, lambda: song)
        yield Draft(song.ticks, song.ticks, lambda: song, {"longest copied run": 0}, final=True)

    def close(self) -> None:
        pass


def asked(prompt: str = "", seed: int = 1, **options: object) -> MusicBrief:
    model = Scales()
    given, _ = inputs.held(ComposeOptions, options)
    filled = ComposeOptions.read(given).model_dump(mode="json")
    recipe = Recipe(art="compose", prompt=prompt, model="scales", seed=seed, options=filled)
    list(music.compose(recipe, model))
    return model.asked


@pytest.mark.parametrize(
    ("prompt", "style", "key", "mode"),
    [
        ("a lively jig in D", "jig", 2, "major"), ("a hymn in f minor", "chorale", 5, "minor"),
        ("sailor's hornpipe in Bb major", "hornpipe", 10, "major"), ("a lullaby in a storm", "song", None, None),
        ("", "chorale", None, None),
    ],
)  # fmt: skip
def test_words_are_heard(prompt: str, style: str, key: int | None, mode: str | None) -> None:
    brief = asked(prompt)
    assert brief.style == style
    assert key is None or brief.tonic == key
    assert mode is None or brief.mode == mode


def test_options_come_before_words() -> None:
    brief = asked("a lively jig in D", style="reel", key="F#", mode="minor", mood="calm", bars=12, metre="3/4")
    assert (brief.style, brief.tonic, brief.mode, brief.bars, brief.metre) == ("reel", 6, "minor", 12, "3/4")
    assert (brief.density, brief.leaps) == (1, 1)


def test_a_form_has_a_letter_for_each_phrase() -> None:
    brief = asked("a jig", form="aa’ ba")
    assert (brief.form, brief.bars) == ("AA'BA", 16)
    assert asked("a jig", form="AABA", bars=10).bars == 10
    assert asked("a jig", form="A" * 40).bars == music.LONGEST
    assert asked("a jig").form == ""


def test_a_melody_has_a_form_of_its_own() -> None:
    with pytest.raises(OptionError, match="leave --form out"):
        asked(harmonise=scale(bars=4), form="AABA")


@pytest.mark.parametrize("mood", music_words.MOODS)
def test_every_mood_has_a_word_and_something_to_measure(mood: str) -> None:
    assert music_words.mood(f"something {mood}") == mood
    felt = music_words.MOODS[mood]
    assert felt.density or felt.leaps or felt.register


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"bars": 0}, "--bars 0"), ({"bars": 10_000}, "2..64 bars"), ({"key": "H"}, "no key 'H'"),
        ({"key": "C##b"}, "no key"), ({"style": "jigg"}, "did you mean 'jig'"), ({"tempo": 0}, "--tempo"),
        ({"metre": "5/4"}, "--metre"), ({"instrument": "kazoo"}, "--instrument"),
        ({"form": "A1"}, "letter for each"), ({"form": "<b>"}, "no form"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(OptionError, match=told):
        ComposeOptions.read(options)


def test_continue_is_an_option_though_python_has_the_word() -> None:
    command = parse(split("--continue tune.mid --bars 4"), ComposeOptions)
    assert command.of(ComposeOptions) == {"continue_": "tune.mid", "bars": 4}
    with pytest.raises(OptionError, match="--continue"):
        parse(split("--contnue x"), ComposeOptions)


def test_a_song_goes_in_as_a_file_a_work_or_abc(genart_home: Path, tmp_path: Path) -> None:
    song = scale(4, bars=3, tonic=5, tempo=70.0)
    path = tmp_path / "before.mid"
    work = Artwork(Recipe(art="compose", prompt="", model="m", seed=1), song, "song")
    work.save(path)
    briefs = [asked(continue_=given) for given in (str(path), song, work)]
    assert all(brief.before == song for brief in briefs)
    assert {(brief.style, brief.tonic, brief.metre) for brief in briefs} == {("chorale", 5, "4/4")}
    tune = asked(continue_=ABC).before
    assert tune and (tune.metre, len(tune.voices)) == ("6/8", 1)
    assert asked(continue_=ABC).style == "jig"


def test_a_melody_is_harmonised_where_sopranos_sing(genart_home: Path) -> None:
    low = Song((tuple(Note(24 * at, 24, 48 + at % 5) for at in range(16)),), bars=4)
    brief = asked(harmonise=low)
    assert brief.style == "chorale" and brief.bars == 4
    assert brief.melody and brief.melody.voices[0][0].pitch in (60, 72)


def test_songs_that_cannot_be_used_are_told(genart_home: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no file"):
        asked(continue_=str(tmp_path / "none.mid"))
    with pytest.raises(OptionError, match="together"):
        asked(continue_=scale(4), harmonise=scale())
    with pytest.raises(OptionError, match="3 voices"):
        asked(continue_=scale(3))
    with pytest.raises(OptionError, match="80 bars long"):
        asked(continue_=scale(4, bars=80))
    with pytest.raises(OptionError, match="no notes"):
        asked(harmonise=Song(((),)))
    (tmp_path / "broken.mid").write_bytes(b"MThd")
    with pytest.raises(UsageError, match=r"MIDI|no notes"):
        asked(harmonise=str(tmp_path / "broken.mid"))


def test_bars_are_previewed_and_every_note_can_be_stopped_at() -> None:
    recipe = Recipe(art="compose", prompt="x", model="m", seed=1, options={"bars": 4, "style": "reel"})
    events = list(music.compose(recipe, Scales()))
    assert sum(isinstance(event, Step) for event in events) == 16
    previews = [event for event in events if isinstance(event, Preview)]
    assert len(previews) == 4 and events[-1] is previews[-1]


def test_a_song_is_made_kept_and_remade(desk: Studio) -> None:
    work = genart_nb.compose("a calm chorale in G", bars=2, seed=5)
    assert work.data.bars == 2 and work.facts["bars filled"] == 1
    assert work.path and work.path.suffix == ".mid"
    again = genart_nb.compose("a calm chorale in G", bars=2, seed=5)
    assert again.fingerprint == work.fingerprint and again.data == work.data
    assert len(desk.gallery) >= 1
    more = genart_nb.compose("", continue_=work, bars=2, seed=6)
    assert more.data.bars == 4 and more.recipe.sources[0].digest == work.recipe.digest
    assert genart_nb.compose("", continue_=work, bars=2, seed=7).recipe.digest != more.recipe.digest


def test_measures_know_good_from_bad() -> None:
    parallel = scale(voices=2, bars=2)
    assert music_measures.parallels(parallel) > 90
    assert music_measures.in_key(scale()) == 1 and music_measures.in_key(scale(tonic=6)) < 0.5
    assert music_measures.cadence(scale()) and not music_measures.cadence(scale(tonic=2))
    assert music_measures.bars_filled(scale()) == 1
    odd = Song(((Note(0, 5, 60), Note(5, 19, 62)),), bars=1)
    assert music_measures.bars_filled(odd) == 0
    assert music_measures.distance([1.0, 0.0], [0.0, 1.0]) == 1


def test_bars_that_come_back_are_counted() -> None:
    one = (Note(0, 48, 60), Note(48, 48, 64))
    bars = [tuple(Note(n.start + 96 * at, n.length, n.pitch + up) for n in one) for at, up in enumerate((0, 2, 0, 0))]
    song = Song((tuple(note for bar in bars for note in bar),), bars=4)
    assert music_measures.returning(song) == pytest.approx(2 / 3)
    assert music_measures.returning(song, 2) == 0
    assert music_measures.returning(Song(((),), bars=2)) == 0


def test_the_form_needs_no_prompt() -> None:
    assert not COMPOSE.prompted and COMPOSE.kind == "music"
