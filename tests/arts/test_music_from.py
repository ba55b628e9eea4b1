"""`%%compose --from`: what a song takes from a poem, a picture or a clip, what it refuses, and chains made again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import genart_nb
from genart_nb import inputs, twins
from genart_nb.arts import music, music_from, music_words
from genart_nb.arts.music import ComposeOptions
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.media.clip import Clip
from genart_nb.media.song import Song
from genart_nb.media.vector import Vector
from genart_nb.models.music import Draft, MusicBrief
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))
from tunes import ABC, scale

pytestmark = pytest.mark.usefixtures("genart_home")

QUATRAIN = """The river sleeps, the wind is low,
A gentle boat goes by,
The reeds are soft, the hills are slow,
Beneath a silent sky."""
LIMERICK = """There was a young goat on a hill,
Who never was known to sit still,
He jumped on the shed,
And fell on the bed,
And that was the end of his bill."""
LEMON = Image.new("RGB", (40, 30), (250, 214, 72))
NIGHT = Image.new("RGB", (40, 30), (16, 18, 44))


class Scales:
    """A music model that writes scales, and remembers what it was asked for."""

    nbytes = 1
    asked: MusicBrief

    def __init__(self) -> None:
        self.styles = {style: ("4/4", "3/4", "6/8") for style in music_words.STYLES} | {"jig": ("6/8", "9/8")}

    def compose(self, brief: MusicBrief) -> Iterator[Draft]:
        self.asked = brief
        song = scale(4 if brief.style == "chorale" else 1, brief.bars, tonic=brief.tonic, mode=brief.mode)
        yield Draft(0, song.ticks, lambda: song)
        yield Draft(song.ticks, song.ticks, lambda: song, {"longest copied run": 0}, final=True)

    def close(self) -> None:
        pass


def made(prompt: str = "", seed: int = 1, **options: Any) -> tuple[MusicBrief, Artwork]:
    model = Scales()
    held, used = inputs.held(ComposeOptions, options)
    filled = ComposeOptions.read(held).model_dump(mode="json")
    recipe = Recipe(art="compose", prompt=prompt, model="scales", seed=seed, options=filled, sources=tuple(used))
    *_, last = music.compose(recipe, model)
    return model.asked, music.finish(recipe, last.data, None, False)  # type: ignore[union-attr]


def work(data: Any, medium: str = "text", art: str = "poem", prompt: str = "the river") -> Artwork:
    return Artwork(Recipe(art=art, prompt=prompt, model="m", seed=1), data, medium)


def test_a_poem_gives_mood_bars_and_style_and_says_why() -> None:
    brief, song = made(from_=work(QUATRAIN))
    assert (brief.style, brief.bars, brief.density, brief.leaps) == ("song", 8, 1, 1)
    told = song.facts["from"]
    assert told["mood"] == "calm: 5 of its words: sleeps, gentle, soft, slow, silent"
    assert told["bars"] == "8: 4 lines, 2 bars each" and told["style"] == "song: words are sung"
    assert told["measured"]["lines"] == 4 and told["measured"]["syllables a line"] == 7
    assert song.title == song.data.title == "After “The river sleeps, the wind is low”"
    assert song.note.startswith("From a text: mood calm (5 of its words: sleeps")
    assert song.recipe.sources[0].art == "poem" and song.recipe.depth == 2


@pytest.mark.parametrize(
    ("text", "bars"),
    [
        ("one line here", 4), (QUATRAIN, 8), ("a\n\nb c\n\n\nd e", 6), ("word\n" * 40, 32),
        ("[Verse 1]\na b\nc d\ne f", 6),
        ("It was a night of rain, and nobody was out but the keeper. He saw a boat. It had no lights! Why?", 8),
    ],
)  # fmt: skip
def test_form_comes_from_form(text: str, bars: int) -> None:
    assert made(from_=work(text))[0].bars == bars


def test_verse_that_rhymes_as_limericks_do_is_a_jig() -> None:
    brief, song = made(from_=work(LIMERICK))
    assert (brief.style, brief.metre, brief.bars) == ("jig", "6/8", 10)
    assert song.facts["from"]["style"] == "jig: it rhymes AABBA, as limericks do"
    assert made(from_=work("a hymn for the drowned\n" + LIMERICK))[0].style == "chorale"


def test_phrases_come_back_where_lines_rhyme() -> None:
    brief, song = made(from_=work(QUATRAIN))
    assert (brief.form, song.facts["from"]["form"]) == ("ABAB", "ABAB: as its lines rhyme")
    assert "form ABAB (as its lines rhyme)" in song.note
    assert made(from_=work(LIMERICK))[0].form == "AABBA"
    assert made(from_=work("The sea was wide\nThe night was black\nWe stood beside\nthe open door"))[0].form == "ABAC"
    assert made(from_=work(QUATRAIN), bars=16)[0].form == "ABAB" and made(from_=work(QUATRAIN), bars=6)[0].form == ""
    own, told = made(from_=work(QUATRAIN), form="AABA")
    assert (own.form, own.bars) == ("AABA", 8) and "form" not in told.facts["from"]


@pytest.mark.parametrize(
    "text", ["a dog\na house\na river", "one line", "\n".join([QUATRAIN] * 5), "春风又绿江南岸\n明月何时照我还"]
)
def test_verse_that_does_not_rhyme_or_is_long_says_nothing_of_form(text: str) -> None:
    assert made(from_=work(text))[0].form == ""


def test_shorter_lines_are_quicker() -> None:
    short = "The boat came in\nThe rope was thin\nThe sea was wide\nWe stood beside"
    long = "\n".join(f"{line} and the evening was over the water" for line in short.splitlines())
    tempo = [made(from_=work(text), mood="none")[1].facts["tempo"] for text in (short, QUATRAIN, long)]
    assert tempo[0] > tempo[2] and tempo[0] == round(104 * 1.15) and tempo[2] == round(104 * 0.85)


def test_verse_without_a_word_of_mood_goes_by_its_stresses() -> None:
    heavy = "Big black rocks break cold white waves\nTall ships pass blue stone shores\nWide nets haul fat red fish"
    brief, song = made(from_=work(heavy))
    assert song.facts["from"]["mood"].startswith("solemn: ") and "stressed" in song.facts["from"]["mood"]
    assert (brief.density, brief.register) == (1, 1)


def test_a_text_names_its_key_only_with_its_mode() -> None:
    brief, _ = made(from_=work("We played it in F# minor\nall the night"))
    assert (brief.tonic, brief.mode) == (6, "minor")
    assert music_words.said("in a minor way, in D, a major key") == ("", "", "")


@pytest.mark.parametrize(("picture", "mode"), [(LEMON, "major"), (NIGHT, "minor")])
def test_pictures_give_mode_mood_and_pace_by_their_colours(picture: Image.Image, mode: str) -> None:
    brief, song = made(from_=work(picture, "picture", "paint", "a lemon"))
    assert brief.mode == mode and brief.style == "chorale" and brief.bars == 8
    told = song.facts["from"]
    glad = mode == "major"
    assert told["mode"].startswith("major: light 86, colourful 71" if glad else "minor: dark 6, pale 20, bluish -18")
    assert (song.facts["tempo"] > 84) == glad
    assert set(told["measured"]) == {"lightness", "chroma", "yellow", "contrast"}
    assert song.title == "After “a lemon”"


def test_contrast_makes_a_picture_lively() -> None:
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[::8], stripes[1::8], stripes[2::8] = (255, 60, 30), (255, 220, 60), (255, 255, 255)
    assert made(from_=stripes)[1].facts["from"]["mood"].startswith("lively: ")
    assert made(from_=LEMON)[1].facts["from"]["mood"].startswith("bright: ")


def test_colours_are_those_of_the_standard() -> None:
    for colour, known in (
        ((255, 0, 0), (53.2, 80.1, 67.2)),
        ((0, 0, 255), (32.3, 79.2, -107.9)),
        ((255,) * 3, (100, 0, 0)),
    ):
        assert music_from.lab(Image.new("RGB", (2, 2), colour))[0, 0] == pytest.approx(known, abs=0.2)


def test_a_clip_gives_as_many_bars_as_it_lasts() -> None:
    frames = tuple(Image.new("RGB", (16, 16), (level, level, level)) for level in range(60, 180))
    brief, song = made(from_=work(Clip(frames, fps=6), "clip", "animate"), tempo=120)
    assert brief.bars == 10 and song.data.seconds == 20.0
    assert song.facts["from"]["bars"] == "10: it lasts 20 s"
    assert song.facts["from"]["measured"]["movement"] > 0
    assert made(from_=Clip(frames[:2], fps=10))[0].bars == 4


def test_options_come_before_the_prompt_and_the_prompt_before_the_work() -> None:
    poem = work(QUATRAIN)
    brief, song = made("a playful reel in D minor", from_=poem)
    assert (brief.style, brief.tonic, brief.mode, brief.density, brief.bars) == ("reel", 2, "minor", 3, 8)
    assert set(song.facts["from"]) == {"what", "title", "measured", "bars", "form", "tempo"}
    assert song.title == "a playful reel in D minor, after “The river sleeps, the wind is low”"
    brief, song = made("a playful reel", from_=poem, style="jig", mood="sad", bars=5, tempo=100, mode="major", key="Bb")
    assert (brief.style, brief.register, brief.bars, brief.mode, brief.tonic) == ("jig", 1, 5, "major", 10)
    assert song.facts["tempo"] == 100 and set(song.facts["from"]) == {"what", "title", "measured"}


def test_a_mood_that_is_asked_for_keeps_its_mode() -> None:
    assert made(from_=NIGHT, mood="bright")[0].mode == "major"
    assert made(from_=NIGHT, mood="calm")[0].mode == "minor"
    assert "mode" not in made(from_=LEMON, mood="bright")[1].facts["from"]


def test_a_song_given_keeps_its_own_and_takes_the_mood_and_the_bars() -> None:
    song = scale(4, bars=3, tonic=5, mode="minor", tempo=70.0)
    brief, more = made(continue_=song, from_=work(QUATRAIN))
    assert (brief.style, brief.tonic, brief.mode, brief.bars, brief.density) == ("chorale", 5, "minor", 8, 1)
    assert more.facts["tempo"] == 70 and set(more.facts["from"]) == {"what", "title", "measured", "mood", "bars"}
    brief, four = made(harmonise=scale(1, bars=3), from_=work(QUATRAIN))
    assert brief.bars == 3 and brief.density == 1 and "bars" not in four.facts["from"]


@pytest.mark.parametrize(
    "text",
    [
        "春眠不觉晓，处处闻啼鸟。\n夜来风雨声，花落知多少。",
        "البحر في الليل\nهادئ",
        "🌊🌊🏴‍☠️",
        "…\n—",
        "Ночь, улица,\nфонарь",
        "e\u0301\u202e",
    ],
)
def test_any_text_has_a_form(text: str) -> None:
    brief, song = made(from_=work(text))
    assert brief.bars == 4 and song.facts["from"]["bars"].startswith("4: ") and "mood" not in song.facts["from"]


def test_a_text_comes_as_a_file_a_variable_or_bytes(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text(QUATRAIN, encoding="utf-8")
    (tmp_path / "poem.md").write_text(f"# A poem\n\n{QUATRAIN}\n\n---\n", encoding="utf-8")
    (tmp_path / "wide.txt").write_text(QUATRAIN, encoding="utf-16")
    upload = {"name": "poem.txt", "content": memoryview(QUATRAIN.replace("\n", "\r\n").encode())}
    given = [str(tmp_path / "poem.txt"), tmp_path / "wide.txt", QUATRAIN, QUATRAIN.encode(), upload, work(QUATRAIN)]
    names = {str(inputs.held(ComposeOptions, {"from_": each})[0]["from_"]) for each in given}
    assert len(names) == 1 and inputs.content(names.pop()) == QUATRAIN
    assert made(from_=str(tmp_path / "poem.md"))[0].bars == 8
    with (tmp_path / "poem.txt").open("rb") as file:
        assert made(from_=file)[0].bars == 8


def test_a_picture_comes_as_a_file_an_image_an_array_or_a_drawing(tmp_path: Path) -> None:
    LEMON.save(tmp_path / "lemon.png")
    (tmp_path / "nameless").write_bytes((tmp_path / "lemon.png").read_bytes())
    drawing = work(Vector("<svg></svg>", LEMON), "vector", "paint")
    given = [str(tmp_path / "lemon.png"), tmp_path / "nameless", LEMON, np.asarray(LEMON), drawing]
    assert len({str(inputs.held(ComposeOptions, {"from_": each})[0]["from_"]) for each in given}) == 1


def test_one_pixel_is_a_colour() -> None:
    brief, song = made(from_=Image.new("RGB", (1, 1), (250, 214, 72)))
    assert brief.mode == "major" and song.facts["from"]["measured"]["contrast"] == 0


def test_what_cannot_be_taken_is_told(tmp_path: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(b"MThd\0\0")
    (tmp_path / "tune.txt").write_text(ABC)
    (tmp_path / "empty.txt").write_text(" \n\n")
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\xff\xfe" * 9)
    (tmp_path / "latin.txt").write_bytes("für Elise".encode("latin-1"))
    cases: list[tuple[Any, str]] = [
        (scale(), "--continue"), (work(scale(), "song", "compose"), "--continue"), (ABC, "--continue"),
        (str(tmp_path / "tune.mid"), "this is a song"), (tmp_path / "tune.txt", "this is a song"),
        (b"MThd\0\0", "this is a song"), ("gone.abc", "no file"), (work(""), "empty"), (work(" \n"), "empty"),
        (tmp_path / "empty.txt", "empty"), ("   ", "empty"), (b"", "empty"),
        (tmp_path / "broken.png", "no picture|broken"),
        (tmp_path / "text.png", "no picture"), (tmp_path / "binary.txt", "no text"), (tmp_path / "latin.txt", "UTF-8"),
        ("verze", "no file and no variable 'verze'"), ("a missing.png", "no file"),
        (str(tmp_path / "none.md"), "no file"),
        (tmp_path / "none.md", "no file"), (tmp_path, "no file"), ("poems/one", "no file"), (12, "int"),
        (np.zeros((0, 4, 3)), "shape"), ("text:0123456789abcdef", "not on this machine"),
        ("x" * 5000, "no file"),
    ]  # fmt: skip
    for value, told in cases:
        with pytest.raises(OptionError, match=told) as caught:
            made(from_=value)
        assert "Fix: " in str(caught.value), value


def test_markup_in_a_title_is_text() -> None:
    _, song = made(from_=work("<script>alert(1)</script>\nand <b>more</b> of it"))
    page = song._repr_mimebundle_()[0]["text/html"]
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_words_are_known_by_their_endings() -> None:
    assert music_words.felt("Sleeping, SLEEPS and darkness; danced")[0] == "calm"
    assert music_words.felt("hoping and hoped")[0] == "bright"
    assert music_words.felt("her letter, the lastly") == ("", [])
    assert music_words.felt("dark " + "and " * 120) == ("", [])
    table = [word for words in music_words._TOLD.values() for word in words.split()]
    assert len(table) == len(set(table)) and set(music_words._TOLD) == set(music_words.MOODS)


def test_a_chain_of_poem_and_song_is_made_again(desk: Studio, genart_home: Path) -> None:
    poem = genart_nb.poem("the river", form="haiku", seed=3)
    first = genart_nb.compose(from_=poem, bars=2, seed=5)
    assert first.recipe.sources == (poem.recipe,) and isinstance(first.data, Song)
    assert first.recipe.options["from_"] == f"text:{poem.fingerprint['sha256'][:16]}"
    for folder in (genart_home / "inputs", genart_home / "gallery" / "works"):
        for path in folder.iterdir():
            path.unlink()
    assert inputs.missing(ComposeOptions, first.recipe.options)
    assert twins.make(first.recipe.canonical).fingerprint == first.fingerprint
    assert genart_nb.compose(from_=genart_nb.poem("the sea", form="haiku", seed=3), bars=2, seed=5).recipe.digest != (
        first.recipe.digest
    )
