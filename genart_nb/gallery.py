"""The Gallery: every work kept, as a file and a row, before anybody sees it.

A file is written beside its final name, flushed and renamed, and only then is its row committed, so that a process
killed at any moment leaves at worst a file without a row. SQLite in WAL mode lets several kernels share it. Each keeps
its connection, for the last one to close one pays for a checkpoint.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Unpack

from genart_nb import marks
from genart_nb.artwork import Artwork
from genart_nb.errors import GalleryError, UsageError
from genart_nb.gallery_rows import COLUMNS, Entry, Wanted, opened, where
from genart_nb.media import medium
from genart_nb.paths import data_home, nearest_folder
from genart_nb.recipe import Recipe

_LOCK_WAIT = 30.0  # seconds that a kernel waits for another one's commit
_PARENTS: list[sqlite3.Connection] = []  # a forked process must not close what is its parent's
_STALE = 3600.0  # seconds after which an unfinished file cannot belong to a living process


class Gallery:
    """Works in a folder: `gallery.sqlite` and `works/`. Raises GalleryError when the disk will not take them."""

    def __init__(self, home: Path | None = None, patience: float = _LOCK_WAIT) -> None:
        self.home = home or data_home() / "gallery"
        self._patience = patience
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened_by = 0
        self._inode: tuple[int, int] | None = None

    def close(self) -> None:
        """Let go of the database; the next call opens it again."""
        with self._lock:
            self._drop()

    def __del__(self) -> None:
        if getattr(self, "_connection", None) is not None:
            self._drop()

    def keep(self, artwork: Artwork) -> Artwork:
        """Store a work; returns it knowing its file. A work already here is not stored twice."""
        try:
            identity = artwork.fingerprint["sha256"]
            name = f"{artwork.recipe.art}-{artwork.recipe.digest}-{identity[:8]}{artwork.medium.suffix}"
            row = _row(artwork, identity, name)
            path = self._write(name, marks.write(artwork.medium.dump(artwork.data), Path(name).suffix, artwork.record))
            with self._open() as database:
                database.execute(
                    "INSERT INTO works (digest, sha256, art, prompt, model, seed, medium, file, recipe, record,"
                    " created, partial, notebook) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET created = excluded.created, file = excluded.file,"
                    " notebook = CASE excluded.notebook WHEN '' THEN notebook ELSE excluded.notebook END",
                    row,
                )
        except (OSError, sqlite3.Error) as error:
            raise GalleryError(f"The gallery at {self.home} could not keep the work: {error}.", self._fix) from error
        except (AttributeError, TypeError, ValueError) as error:  # the work is not what its medium stores
            what = f"The gallery cannot keep this {artwork.recipe.art}: {error}."
            raise GalleryError(what, "report it to whoever wrote the art form") from error
        return artwork.kept_at(path)

    def get(self, id: int) -> Artwork:
        """The work with that id, read back from its file."""
        with self._reading() as database:
            row = database.execute(
                "SELECT file, recipe, record, medium, partial FROM works WHERE id = ?", (id,)
            ).fetchone()
        if row is None:
            raise _unknown(id)
        path = self._place(row[0])
        if not path.is_file():
            raise GalleryError(f"The file of work {id} is gone: {path}.", "`%genart remake` can make it again")
        try:
            recipe, record = Recipe.read(row[1]), json.loads(row[2])
            data = medium(row[3]).load(marks.strip(path.read_bytes()))
            return Artwork(recipe, data, row[3], **record, partial=bool(row[4]), path=path)
        except (OSError, TypeError, ValueError, UsageError) as error:
            what = f"Work {id} cannot be read from {path}: {error}"
            raise GalleryError(what, "`%genart remake` can make it again") from error

    def search(
        self, words: str = "", *, limit: int = 20, offset: int = 0, **wanted: Unpack[Wanted]
    ) -> list[Entry]:  # fmt: skip
        """Entries whose prompt has every word in any case, newest first."""
        condition, values = where(words, wanted)
        with self._reading() as database:
            rows = database.execute(
                f"SELECT {COLUMNS} FROM works WHERE {condition} ORDER BY created DESC, id DESC LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
        return [self._entry(*row) for row in rows]

    def count(self, words: str = "", **wanted: Unpack[Wanted]) -> int:
        """How many works `search` would find."""
        condition, values = where(words, wanted)
        with self._reading() as database:
            return int(database.execute(f"SELECT count(*) FROM works WHERE {condition}", values).fetchone()[0])

    def entry(self, id: int) -> tuple[Entry, Recipe]:
        """The row of a work and its recipe, whether or not its file is still there."""
        with self._reading() as database:
            row = database.execute(f"SELECT {COLUMNS}, recipe FROM works WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise _unknown(id)
        return self._entry(*row[:-1]), Recipe.read(row[-1])

    def tallies(self) -> dict[str, dict[str, int]]:
        """How many works there are of each art form, model and notebook, most first."""
        with self._reading() as database:
            return {
                column: dict(
                    database.execute(
                        f"SELECT {column}, count(*) FROM works WHERE {column} != '' GROUP BY {column} ORDER BY 2 DESC"
                    ).fetchall()
                )
                for column in ("art", "model", "notebook")
            }

    def stamp(self) -> str:
        """A short text that is another one after any change."""
        with self._reading() as database:
            told = database.execute("SELECT count(*), max(created), total(id * favourite) FROM works").fetchone()
        return "-".join(map(str, told))

    def _entry(self, *row: Any) -> Entry:
        id, digest, art, prompt, model, seed, medium_name, file, created, partial, favourite, notebook, sha256 = row
        marks = bool(partial), bool(favourite)
        place = self._place(file)
        return Entry(id, digest, art, prompt, model, seed, medium_name, place, created, *marks, notebook, sha256)

    def _place(self, file: str) -> Path:
        return self.home / "works" / Path(file).name  # the name alone: no row can point outside the folder

    def favour(self, id: int, favourite: bool = True) -> None:
        """Mark a work as a favourite, or no longer."""
        with self._reading() as database:
            found = database.execute("UPDATE works SET favourite = ? WHERE id = ?", (int(favourite), id)).rowcount
        if not found:
            raise _unknown(id)

    def __len__(self) -> int:
        """How many works there are."""
        with self._reading() as database:
            return int(database.execute("SELECT count(*) FROM works").fetchone()[0])

    def sweep(self) -> int:
        """Remove files that a killed process left half written; returns how many."""
        swept = 0
        for path in (self.home / "works").glob(".*.part"):
            with contextlib.suppress(OSError):  # another kernel may be sweeping too
                if time.time() - path.stat().st_mtime > _STALE:
                    path.unlink()
                    swept += 1
        return swept

    def _write(self, name: str, content: bytes) -> Path:
        folder = self.home / "works"
        if Path(name).name != name:
            raise ValueError(f"{name!r} is not a file name")
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            return Path(temporary).replace(folder / name)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                database = self._connected()
                with database:
                    yield database
            except BaseException:
                self._drop()  # whatever is wrong with it, the next call begins afresh
                raise

    def _connected(self) -> sqlite3.Connection:
        """The connection of this process to the database that lies there now, for it may have been moved away."""
        path = self.home / "gallery.sqlite"
        with contextlib.suppress(OSError):
            if self._connection and self._opened_by == os.getpid() and self._inode == _inode(path):
                return self._connection
        self._drop()
        self.home.mkdir(parents=True, exist_ok=True)
        self._connection, self._opened_by = opened(path, self._patience), os.getpid()
        self._inode = _inode(path)
        return self._connection

    def _drop(self) -> None:
        database, self._connection = self._connection, None
        if database and self._opened_by == os.getpid():
            database.close()
        elif database:
            _PARENTS.append(database)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._open() as database:
                yield database
        except (OSError, sqlite3.Error) as error:
            raise GalleryError(f"The gallery at {self.home} cannot be read: {error}.", self._fix) from error

    @property
    def _fix(self) -> str:
        there = nearest_folder(self.home)
        if not os.access(there, os.W_OK):
            return f"make {there} a folder you may write to, or point GENART_HOME at another"
        return f"free some disk, or move {self.home} away, or point GENART_HOME at another folder"


def _inode(path: Path) -> tuple[int, int]:
    """Which file it is that has this name now."""
    found = path.stat()
    return found.st_dev, found.st_ino


def _row(artwork: Artwork, identity: str, name: str) -> tuple[Any, ...]:
    recipe = artwork.recipe
    kept = ("layout", "title", "note", "facts", "made")
    record = json.dumps({key: _plain(getattr(artwork, key)) for key in kept})
    return (
        recipe.digest, identity, recipe.art, recipe.prompt, recipe.model, recipe.seed, artwork.medium_name, name,
        recipe.canonical, record, time.time(), int(artwork.partial), _notebook(),
    )  # fmt: skip


def _notebook() -> str:
    """The notebook that this process is the kernel of, as a Jupyter server names it to its kernels; '' for none."""
    name = os.environ.get("JPY_SESSION_NAME", "")
    return name if name.endswith(".ipynb") else ""


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else dict(value)


def _unknown(id: int) -> GalleryError:
    return GalleryError(f"The gallery has no work {id}.", "`%genart gallery` lists them")
