"""Songs on pages: read from the notebook alone, with files that carry the recipe, and never guessed."""

from __future__ import annotations

import copy
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from books import Book, outputs_of

from genart_nb import marks
from genart_nb.artwork import MIME, Artwork
from genart_nb.media import song_engraving, song_midi
from genart_nb.media.song import Note, Song
from genart_nb.publishing.site import build, notebook, songs, works
from genart_nb.publishing.site.easels import Wanted
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parents[2] / "media"))
import tunes

HOSTILE = '"><img src=x onerror=alert(1)> <span>C major · 4/4 · ♩ = 99 · 1 bars · 2 s · piano</span> é 歌 \u2028'


def sung(song: Song, prompt: str = "a tune") -> Artwork:
    return Artwork(Recipe(art="compose", prompt=prompt, model="none", seed=3), song, "song", layout="song")


def publish(book: Book, to: Path, **order: Any) -> build.Published:
    made = build.Order(to, wanted=Wanted(painter=False), sign=False, **order)
    return build.publish([notebook.read(book.save())], made)


@pytest.mark.parametrize(
    "song",
    [
        tunes.scale(4, tempo=63, tonic=6, mode="minor", instrument="organ"),
        tunes.wandering(1),
        tunes.wandering(2, voices=5, bars=6),
        tunes.scale(tempo=72.25),
        tunes.scale(tempo=71.4, metre="4/4", tonic=3),
        Song(((), (Note(0, 24, 0),), (Note(24, 24, 127),))),
        Song(((Note(0, 3, 60),),), metre="6/8", tonic=10),
    ],
    ids=repr,
)
def test_the_notes_come_back_from_the_roll_as_they_were(song: Song) -> None:
    work = sung(song, HOSTILE)
    found = works.found(outputs_of(work)[0])
    assert found.faults == () and found.work is not None
    assert songs.notes_sha256(found.work.data) == songs.notes_sha256(song)
    assert found.work.data.title == " ".join(HOSTILE.split())[:80]


@pytest.mark.parametrize(
    ("old", "new"),
    [('d="M0 ', 'd="M3 '), ("C major ·", "D major ·"), ("h23v", "h20v"), ("genart-voice", "x"), ("viewBox", "box")],
)
def test_notes_that_are_not_those_of_the_record_are_not_believed(old: str, new: str, desk: Studio) -> None:
    work = sung(tunes.scale())
    desk.gallery.keep(work)
    output = copy.deepcopy(outputs_of(work)[0])
    assert old in output["data"]["text/html"]
    output["data"]["text/html"] = output["data"]["text/html"].replace(old, new)
    found = works.found(output)
    assert found.work is None and "not those that its record names" in found.faults[0]
    assert found.sound and found.still is not None


def test_very_many_notes_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    work = sung(tunes.scale())
    monkeypatch.setattr(songs, "MOST", 7)
    assert works.found(outputs_of(work)[0]).work is None


def test_a_page_has_the_song_in_every_form_and_each_says_how_it_was_made(
    book: Book, desk: Studio, tmp_path: Path
) -> None:
    song = tunes.scale(4, bars=4)
    work = sung(song, "a hymn")
    page = publish(book.prose("# Song").work(work), tmp_path / "s").index.read_text()
    stem = f"works/book-01-compose-{work.recipe.digest}"
    for ending in (".mid", ".mp3", ".musicxml", "-score.svg", "-score-narrow.svg"):
        content = (tmp_path / "s" / f"{stem}{ending}").read_bytes()
        found = marks.read(content)
        assert found and found["digest"] == work.recipe.digest, ending
    assert songs.notes_sha256(song_midi.read_midi((tmp_path / "s" / f"{stem}.mid").read_bytes())) == (
        songs.notes_sha256(song)
    )
    assert f'<audio controls preload="none" src="{stem}.mp3"' in page and "data:audio" not in page
    assert '<span class="time">0:10</span>' in page, "how long it is stands there before anything is loaded"
    assert f'href="{stem}.musicxml" download="book-01-compose-{work.recipe.digest}.musicxml"' in page
    assert f'<source media="(max-width: 40rem)" srcset="{stem}-score-narrow.svg">' in page
    assert 'src="assets/song.js"' in page


def test_a_page_without_songs_has_no_player(book: Book, hills: Artwork, tmp_path: Path) -> None:
    assert "song.js" not in publish(book.work(hills), tmp_path / "s").index.read_text()


def test_a_song_of_hostile_words_or_of_none_is_named(book: Book, desk: Studio, tmp_path: Path) -> None:
    book.work(sung(tunes.scale(), HOSTILE)).work(sung(tunes.scale(tonic=2), ""))
    page = publish(book, tmp_path / "s").index.read_text()
    assert "<img src=x" not in page and "é 歌" in page
    assert 'aria-label="Play: D major"' in page and "<q></q>" not in page


def test_without_verovio_there_is_no_score_and_with_many_bars_it_is_folded(
    book: Book, desk: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.work(sung(tunes.scale(bars=songs.SHORT + 1)))
    assert '<details class="sheet-music"><summary>' in publish(book, tmp_path / "a").index.read_text()
    monkeypatch.setattr(song_engraving, "available", lambda: False)
    page = publish(book, tmp_path / "b").index.read_text()
    assert "sheet-music" not in page and "MusicXML" in page


def test_another_soundfont_leaves_the_sound_that_the_author_heard(book: Book, desk: Studio, tmp_path: Path) -> None:
    book.work(sung(tunes.scale()))
    output = book.cells[0]["outputs"][0]["data"]
    output[MIME]["fingerprint"]["samples"] = "0" * 64
    page = publish(book, tmp_path / "s", metadata=False).index.read_text()
    (sound,) = (tmp_path / "s" / "works").glob("*.mp3")
    assert sound.read_bytes() == works.found(book.cells[0]["outputs"][0]).sound
    assert "another SoundFont" in page


def test_a_single_file_holds_sound_and_both_scores(book: Book, desk: Studio, tmp_path: Path) -> None:
    page = publish(book.work(sung(tunes.scale())), tmp_path / "s", single_file=True).index.read_text()
    assert 'src="data:audio/mpeg;base64' in page and 'srcset="data:image/svg+xml;base64' in page
    assert not re.search(r'(?:src|href|srcset)="(?:works|assets)/', page)


def test_a_song_on_an_easel_is_heard_and_that_is_told(book: Book, desk: Studio, tmp_path: Path) -> None:
    made = publish(book.work(sung(tunes.scale()), frames="tempo=3"), tmp_path / "s")
    assert any("its sliders are not published" in report for report in made.reports)
    page = made.index.read_text()
    assert 'class="song"' in page and "easel-data" not in page


def test_a_song_whose_notes_are_gone_is_still_heard(book: Book, desk: Studio, tmp_path: Path) -> None:
    book.work(sung(tunes.scale(), HOSTILE))
    held = book.cells[0]["outputs"][0]["data"]
    held["text/html"] = held["text/html"].replace("genart-voice", "x")
    page = publish(book, tmp_path / "s").index.read_text()
    assert '<audio controls preload="none" src="works/book-01.mp3"' in page and "Careful" in page
    assert (tmp_path / "s/works/book-01.mp3").is_file() and "<img src=x" not in page
