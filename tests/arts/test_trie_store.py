"""The word trie on disk: read back as it was, made anew whenever the file is not what it should be."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from noise_model import LongestMatch

from genart_nb.arts import trie_store
from genart_nb.arts.lexicon import Lexicon
from genart_nb.arts.trie import Trie, grow
from genart_nb.models.language import Identified

WORDS = ("night", "light", "read", "sea", "March", "march", "don't", "Élan", "fire")


class Known(LongestMatch):
    """A tokenizer that knows what it is."""

    digest = "one"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Digests of tokenizers whose trie was worked out; caches go to a folder of the test."""
    found: list[str] = []

    def counted(tokenizer: Any, words: Any) -> Trie:
        found.append(getattr(tokenizer, "digest", ""))
        return grow(tokenizer, words)

    monkeypatch.setenv("GENART_CACHE", str(tmp_path))
    monkeypatch.setattr(trie_store, "vocabulary", lambda: tuple(word for word in WORDS if word.isascii()))
    monkeypatch.setattr(trie_store, "grow", counted)
    return found


def same(one: Trie, other: Trie) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(Trie)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def only(folder: Path) -> Path:
    (path,) = (folder / "verse").iterdir()
    return path


def test_it_is_worked_out_once_and_read_the_same(made: list[str], tmp_path: Path) -> None:
    one, two = trie_store.trie_of(Known()), trie_store.trie_of(Known())
    assert made == ["one"] and same(one, two) and only(tmp_path).suffix == ".npz"
    fresh, read = Lexicon(Known(), one), Lexicon(Known(), two)
    assert fresh.entries == read.entries and fresh.by_rhyme == read.by_rhyme and fresh.letter == read.letter
    assert read.rhymes_of(read.entries[read.index["night"]]) == [read.index["light"]]
    assert len(read.entries[read.index["read"]].rhyme) == 2  # as in red, and as in reed


def test_another_tokenizer_or_other_code_has_a_file_of_its_own(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trie_store.trie_of(Known())
    other = Known()
    other.digest = "two"
    trie_store.trie_of(other)
    monkeypatch.setattr(trie_store, "published", lambda: "another dictionary")
    trie_store.trie_of(Known())
    assert made == ["one", "two", "one"] and len(list((tmp_path / "verse").iterdir())) == 3


def test_one_that_does_not_know_itself_is_never_kept(made: list[str], tmp_path: Path) -> None:
    trie_store.trie_of(LongestMatch())
    assert made == [""] and not (tmp_path / "verse").exists()


@pytest.mark.parametrize("broken", ["empty", "cut", "flipped", "other", "pickle"])
def test_a_broken_file_is_made_anew(made: list[str], tmp_path: Path, broken: str) -> None:
    whole = trie_store.trie_of(Known())
    path = only(tmp_path)
    content = bytearray(path.read_bytes())
    if broken == "flipped":
        content[len(content) // 2] ^= 0xFF
    if broken == "other":
        np.savez(path, words=np.zeros(3, np.uint8))
    elif broken == "pickle":
        np.savez(path, **{field.name: np.array([object()]) for field in fields(Trie)})
    else:
        path.write_bytes(content[: {"empty": 0, "cut": len(content) // 2}.get(broken, len(content))])
    assert same(trie_store.trie_of(Known()), whole) and made == ["one", "one"]
    assert same(trie_store.load(only(tmp_path)), whole)


def test_a_disk_that_takes_nothing_is_no_hindrance(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "verse").write_text("in the way")
    assert len(trie_store.trie_of(Known()).words) == 8 and made == ["one"]
    (tmp_path / "verse").unlink()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    trie_store.trie_of(Known())
    assert list((tmp_path / "verse").iterdir()) == []


def test_a_tokenizer_says_whether_it_knows_itself() -> None:
    assert isinstance(Known(), Identified) and not isinstance(LongestMatch(), Identified)
