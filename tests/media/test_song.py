"""Songs: whole on their grid, the same after every file, audible, and harmless on a page."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Tree

import numpy as np
import pytest
import soundfile

from genart_nb.errors import GenartError, OptionError, UsageError
from genart_nb.media import Sheet, song_engraving, song_midi, song_roll, song_sound, song_xml
from genart_nb.media.likeness import Shown, Verdict
from genart_nb.media.song import TICKS, Note, Song, bar_ticks, key_name
from genart_nb.media.song_medium import SONG
from genart_nb.media.song_spelling import spelt

sys.path.insert(0, str(Path(__file__).parent))
from tunes import ABC, scale, wandering


@pytest.mark.parametrize(
    "notes", [[Note(0, 30, 60), Note(24, 24, 62)], [Note(180, 24, 60)], [Note(0, 0, 60)], [Note(0, 24, 128)]]
)
def test_a_note_that_does_not_fit_is_refused(notes: list[Note]) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Song((tuple(notes),), bars=2)


@pytest.mark.parametrize(("metre", "ticks"), [("4/4", 96), ("6/8", 72), ("3/2", 144), ("9/8", 108)])
def test_bars_have_their_length(metre: str, ticks: int) -> None:
    assert bar_ticks(metre) == ticks


@pytest.mark.parametrize("seed", range(4))
def test_midi_gives_the_very_song_back(seed: int) -> None:
    song = wandering(seed, voices=4)
    assert SONG.load(SONG.dump(song)) == song
    assert SONG.dump(song) == SONG.dump(song)


def test_midi_of_others_is_read_on_our_grid() -> None:
    score = song_midi.score_of(scale(voices=4, bars=3))
    song = song_midi.read_midi(score.dumps_midi())
    assert [len(voice) for voice in song.voices] == [12] * 4
    assert (song.metre, song.bars, song.tempo) == ("4/4", 3, 96.0)
    assert song.voices[0][0] == Note(0, TICKS, 72)


def test_abc_is_read() -> None:
    song = song_midi.read_abc(ABC)
    assert (song.metre, song.key, len(song.voices)) == ("6/8", "G major", 1)
    assert [note.pitch for note in song.voices[0]][:4] == [67, 69, 71, 69]


@pytest.mark.parametrize(
    "content", [b"", b"MThd", b"not music at all", b"MThd\0\0\0\6\0\1\0\1\1\xe0MTrk\xff\xff\xff\xff"]
)
def test_a_corrupt_midi_is_told(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.mid"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"MIDI|no notes"):
        SONG.taken(str(path), "--continue")


def test_an_empty_melody_is_told() -> None:
    with pytest.raises(OptionError, match="no notes"):
        SONG.taken(Song(((),)), "--harmonise")


def test_what_is_no_song_is_told(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no file"):
        SONG.taken(str(tmp_path / "none.mid"), "--continue")
    with pytest.raises(OptionError, match="a list"):
        SONG.taken([60, 62], "--continue")
    (tmp_path / "x.txt").write_text("la la la")
    with pytest.raises(UsageError, match="no music"):
        SONG.taken(str(tmp_path / "x.txt"), "--continue")


@pytest.mark.parametrize("seed", range(3))
def test_musicxml_measures_are_full(seed: int) -> None:
    song = wandering(seed, voices=2)
    root = Tree.fromstring(song_xml.musicxml(song))
    measures = root.findall("./part/measure")
    assert len(measures) == 2 * song.bars
    for measure in measures:
        assert sum(int(each.text or 0) for each in measure.findall("./note/duration")) == song.bar
    ties = [each.get("type") for each in root.iter("tie")]
    assert ties.count("start") == ties.count("stop") > 0
    assert root.findtext("./work/work-title") == song.title


@pytest.mark.parametrize(
    ("pitch", "tonic", "mode", "name"),
    [
        (66, "G", "major", ("F", 1, 4)), (68, "A", "minor", ("G", 1, 4)), (70, "F", "major", ("B", -1, 4)),
        (59, "Db", "major", ("C", -1, 4)), (60, "C#", "minor", ("B", 1, 3)), (61, "D", "minor", ("C", 1, 4)),
    ],
)  # fmt: skip
def test_pitches_are_spelt_by_the_key(pitch: int, tonic: str, mode: str, name: tuple[str, int, int]) -> None:
    assert spelt(pitch, tonic, mode) == name


def test_every_spelling_sounds_as_it_should() -> None:
    natural = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    for mode in ("major", "minor"):
        for tonic in range(12):
            for pitch in range(36, 90):
                letter, alteration, octave = spelt(pitch, key_name(tonic, mode), mode)
                assert natural[letter] + alteration + 12 * (octave + 1) == pitch
                assert abs(alteration) <= 2


def test_sound_is_loud_and_does_not_clip() -> None:
    song = scale(voices=2, bars=4, instrument="organ")
    samples = song_sound.rendered(song)
    assert samples.shape[0] == 2
    assert song.seconds <= samples.shape[1] / song_sound.RATE <= song.seconds + song_sound.TAIL
    assert 0.8 < np.abs(samples).max() <= song_sound.PEAK + 1e-6
    window = samples[:, : round(song.seconds * song_sound.RATE)].mean(0)
    loudness = [np.sqrt((part**2).mean()) for part in np.array_split(window, 20)]
    assert min(loudness) > 0.01
    assert np.abs(samples[:, -1]).max() == 0


@pytest.mark.parametrize(
    "instrument", ["piano", "harpsichord", "violin", "choir", "flute", "whistle", "harp", "guitar"]
)
def test_every_instrument_sounds(instrument: str) -> None:
    """Each plays its own samples: a SoundFont without it would give silence, or the piano."""
    song = scale(bars=1, instrument=instrument)
    samples = song_sound.rendered(song)
    assert np.sqrt((samples**2).mean()) > 0.02
    if instrument != "piano":
        other = song_sound.rendered(scale(bars=1, instrument="piano"))
        length = min(samples.shape[1], other.shape[1])
        assert np.abs(samples[:, :length] - other[:, :length]).max() > 0.05


def test_the_same_song_gives_the_same_samples() -> None:
    first = song_sound.rendered(scale()).copy()
    song_sound._rendered.cache_clear()
    assert np.array_equal(first, song_sound.rendered(scale()))


def test_a_missing_soundfont_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(song_sound.VARIABLE, str(tmp_path / "gone.sf2"))
    with pytest.raises(GenartError, match="no SoundFont"):
        song_sound.rendered(scale())
    (tmp_path / "gone.sf2").write_bytes(b"not a font")
    with pytest.raises(GenartError, match="no SoundFont that can be played"):
        song_sound.rendered(scale())


@pytest.mark.parametrize("suffix", [".wav", ".mp3", ".ogg", ".flac"])
def test_sound_files_hold_the_song(suffix: str) -> None:
    samples, rate = soundfile.read(io.BytesIO(SONG.encode(scale(), suffix)))
    assert rate == song_sound.RATE
    assert len(samples) / rate > scale().seconds - 0.1


def test_other_endings_are_refused() -> None:
    with pytest.raises(UsageError, match=r"\.musicxml"):
        SONG.encode(scale(), ".docx")


def test_the_engraving_is_the_same_twice() -> None:
    song = scale(voices=4)
    first = song_engraving.svg(song)
    song_engraving._engraved.cache_clear()
    assert song_engraving.svg(song) == first
    assert first.lstrip().startswith("<svg")
    hidden = re.findall(r'<g class="([^"]*)"><ellipse', first)
    assert hidden and all("placeholder" in each for each in hidden) and "<g/>" not in first


def test_a_song_is_recognised_and_another_is_not() -> None:
    one, other = SONG.fingerprint(scale()), SONG.fingerprint(scale(tempo=97.0))
    assert one == SONG.fingerprint(scale())
    assert one["sha256"] != other["sha256"] and one["samples"] != other["samples"]
    assert sum(one["pitch_classes"]) == pytest.approx(8)


def test_songs_are_compared_by_how_much_they_share() -> None:
    one = wandering(3, voices=4)
    voices = one.voices
    late = replace(one, voices=(*voices[:3], (*voices[3][:-1], replace(voices[3][-1], pitch=voices[3][-1].pitch - 5))))
    shown = {name: Shown(SONG.fingerprint(song)) for name, song in (("one", one), ("late", late))}
    other = Shown(SONG.fingerprint(wandering(8, voices=4)))
    longer = Shown(SONG.fingerprint(wandering(3, voices=4, bars=5)))
    quiet = Shown({**shown["one"].fingerprint, "samples": "0"})
    verdicts = [
        SONG.compare(shown["one"], each).verdict for each in (shown["one"], quiet, shown["late"], other, longer)
    ]
    assert verdicts == [Verdict.SAME, Verdict.CLOSE, Verdict.DRIFTED, Verdict.DIFFERENT, Verdict.DIFFERENT]
    assert SONG.compare(Shown({}), shown["one"]).verdict == Verdict.DIFFERENT


def test_the_page_plays_and_runs_nothing_that_was_written_in_a_prompt() -> None:
    song = wandering(1)
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    bundle = SONG.bundle(Sheet(song, layout="song", prompt=hostile, title=hostile, mark="<genart>"))
    page = bundle["text/html"]
    assert "<script" not in page and "onerror=alert" not in page.replace("onerror=alert(2)&gt;", "")
    assert "<audio controls" in page and "data:audio/mpeg;base64," in page and "<svg" in page
    assert "http://" not in page.replace("http://www.w3.org", "") and "https://" not in page
    assert bundle["text/plain"] == "<genart>" and bundle["image/png"]


def test_a_growing_song_is_cheap() -> None:
    sheet = Sheet(scale(), layout="song", mark="<genart>", live=True)
    assert "<audio" not in SONG.bundle(sheet)["text/html"]


def test_the_roll_shows_every_voice() -> None:
    colours = {colour for _, colour in song_roll.picture(scale(voices=4)).getcolors() or ()}
    assert len(colours) >= 6
