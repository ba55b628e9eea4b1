"""The word trie of a tokenizer on disk, since working it out takes two seconds and reading it a tenth of one.

It lies in the cache folder as .npz, under a name made from all that it follows from: the tokenizer, the words, the
dictionary and the code. Whatever cannot be read is worked out anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import zipfile
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.arts import prosody
from genart_nb.arts.dictionary import published
from genart_nb.arts.trie import Trie, grow, vocabulary, word_list
from genart_nb.models.language import Identified, Tokenizer
from genart_nb.paths import cache_home

_UNREADABLE = (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile)


def trie_of(tokenizer: Tokenizer) -> Trie:
    """The trie of verse's whole vocabulary: read where it was kept, else worked out, and kept if the disk allows."""
    if not isinstance(tokenizer, Identified):
        return grow(tokenizer, vocabulary())
    path = _place(tokenizer)
    with contextlib.suppress(*_UNREADABLE):
        return load(path)
    trie = grow(tokenizer, vocabulary())
    with contextlib.suppress(OSError):
        save(trie, path)
    return trie


def save(trie: Trie, path: Path) -> None:
    """Write a trie, all of it or nothing; raises OSError."""
    columns: dict[str, Any] = {}
    for field in fields(trie):
        value = getattr(trie, field.name)
        columns[field.name] = value if isinstance(value, np.ndarray) else _packed(map(_written, value))
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **columns)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def load(path: Path) -> Trie:
    """Read a trie; raises OSError, ValueError, KeyError or BadZipFile for a file that is none, or broken."""
    with np.load(path, allow_pickle=False) as held:
        columns = {field.name: held[field.name] for field in fields(Trie)}
    texts = {name: _unpacked(columns[name]) for name in ("words", "stresses", "rhymes", "onsets")}
    sounds = {name: tuple(map(_sounds, texts[name])) for name in ("rhymes", "onsets")}
    trie = Trie(**{**columns, **texts, **sounds})
    if not len(trie.words) == len(trie.stresses) == len(trie.whole) == len(trie.rhyme_of) == len(trie.common):
        raise ValueError(f"{path.name} holds columns of several lengths")
    return trie


def _place(tokenizer: Identified) -> Path:
    sources = ["trie.py", "prosody.py", "dictionary.py"]
    code = [resources.files(__package__).joinpath(name).read_bytes() for name in sources]
    whole = hashlib.sha256()
    for part in (tokenizer.digest.encode(), word_list().encode(), published().encode(), *code):
        whole.update(hashlib.sha256(part).digest())
    return cache_home() / "verse" / f"words-{whole.hexdigest()[:24]}.npz"


def _packed(lines: Any) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _unpacked(column: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(column.tobytes().decode().split("\n"))


def _written(value: str | frozenset[prosody.Phones]) -> str:
    """Phones apart by spaces, readings by bars: `AY T|EH T`."""
    return value if isinstance(value, str) else "|".join(sorted(" ".join(phones) for phones in value))


def _sounds(text: str) -> frozenset[prosody.Phones]:
    return frozenset(tuple(phones.split()) for phones in text.split("|"))
