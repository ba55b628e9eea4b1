"""Rows of the Gallery: the table, how an older one grows into it, what is asked of it, and what one row tells."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from genart_nb.recipe import clean_text

SCHEMA = """
CREATE TABLE IF NOT EXISTS works (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL, sha256 TEXT NOT NULL, art TEXT NOT NULL, prompt TEXT NOT NULL, model TEXT NOT NULL,
    seed INTEGER NOT NULL, medium TEXT NOT NULL, file TEXT NOT NULL, recipe TEXT NOT NULL, record TEXT NOT NULL,
    created REAL NOT NULL, partial INTEGER NOT NULL DEFAULT 0, favourite INTEGER NOT NULL DEFAULT 0,
    UNIQUE (digest, sha256, partial)
);
CREATE INDEX IF NOT EXISTS works_by_time ON works (created DESC);
"""
ADDED = {"notebook": "TEXT NOT NULL DEFAULT ''"}
"""Columns that a gallery of an earlier version lacks; that version still reads and writes one that has them."""

COLUMNS = "id, digest, art, prompt, model, seed, medium, file, created, partial, favourite, notebook, sha256"


class Wanted(TypedDict, total=False):
    """What works are looked for by, besides words; `digest` may be the beginning of one, the rest is whole."""

    art: str
    model: str
    notebook: str
    digest: str
    sha256: str
    favourite: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One row, without its content; `created` is Unix time in seconds, `notebook` the path it was made in, or ''."""

    id: int
    digest: str
    art: str
    prompt: str
    model: str
    seed: int
    medium: str
    file: Path
    created: float
    partial: bool
    favourite: bool
    notebook: str
    sha256: str


def opened(path: Path, patience: float) -> sqlite3.Connection:
    """A connection to the table, made or grown where need be; `patience` is in seconds. Raises sqlite3.Error."""
    database = sqlite3.connect(path, timeout=patience, check_same_thread=False)  # its owner sees to the threads
    try:
        database.create_function("folded", 1, folded, deterministic=True)
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(SCHEMA)
        _grow(database)
    except BaseException:
        database.close()
        raise
    return database


def _grow(database: sqlite3.Connection) -> None:
    have = {row[1] for row in database.execute("PRAGMA table_info(works)")}
    for name, kind in ADDED.items():
        if name not in have:
            try:
                database.execute(f"ALTER TABLE works ADD COLUMN {name} {kind}")
            except sqlite3.OperationalError as error:
                if "duplicate column" not in str(error):  # another kernel was quicker
                    raise


def where(words: str, wanted: Wanted) -> tuple[str, list[Any]]:
    """The condition, and its values, for works whose prompt has every word in any case."""
    sought = [folded(word) for word in clean_text(words).split()]
    conditions: list[tuple[str, Any]] = [("instr(folded(prompt), ?)", word) for word in sought]
    equal = {name: wanted.get(name) for name in ("art", "model", "notebook", "sha256")}
    conditions += [(f"{column} = ?", value) for column, value in equal.items() if value]
    if digest := wanted.get("digest"):
        conditions.append(("instr(digest, ?) = 1", digest))
    terms = ["favourite" if wanted.get("favourite") else "1", *(term for term, _ in conditions)]
    return " AND ".join(terms), [value for _, value in conditions]


def folded(text: str) -> str:
    """Text as it is compared in a search: without case, accents composed."""
    return unicodedata.normalize("NFC", text).casefold()
