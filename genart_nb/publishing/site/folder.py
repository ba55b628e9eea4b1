"""The folder a site is written into: ours are the files named in its manifest, and no other is ever touched.

Everything is made in memory first, so that a page that fails leaves the folder as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from genart_nb.errors import FolderError

MANIFEST = ".genart-site.json"


class Files:
    """Files of a site by their path in it, written all at once."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def add(self, path: str, content: bytes | str) -> str:
        """Hold a file; returns its path. Raises ValueError for one that would leave the folder."""
        parts = PurePosixPath(path)
        if parts.is_absolute() or ".." in parts.parts or not parts.name:
            raise ValueError(f"{path} would leave the folder")
        self.held[path] = content.encode() if isinstance(content, str) else content
        return path

    @property
    def nbytes(self) -> int:
        """Bytes of everything held."""
        return sum(map(len, self.held.values()))


def check(target: Path, files: Mapping[str, bytes] | None = None) -> dict[str, str]:
    """What of `target` is ours, as path -> SHA-256; raises FolderError where a file of others stands in the way.

    A file of ours that somebody has changed since is theirs.
    """
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise FolderError(f"{target} is not a plain folder.", "name another with --to")
    ours = _ours(target)
    foreign = [path for path in files or () if _stands(target, path) and not _unchanged(target, path, ours)]
    if foreign:
        listed = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        what = f"{target} has files that this command did not write, or that were changed since: {listed}."
        raise FolderError(what, "move them away, or publish into another folder with --to")
    return ours


def write(target: Path, files: Files, more: Mapping[str, Any]) -> list[Path]:
    """Write every file, take away those of ours that are no longer part of it; `more` goes into the manifest."""
    ours = check(target, files.held)
    try:
        for path, content in files.held.items():
            _put(target / path, content)
        for path in ours:
            if path not in files.held and _unchanged(target, path, ours):
                (target / path).unlink(missing_ok=True)
                _prune(target, (target / path).parent)
        sums = {path: _sum(content) for path, content in sorted(files.held.items())}
        _put(target / MANIFEST, json.dumps({**more, "files": sums}, indent=1).encode())
    except OSError as error:
        raise FolderError(f"{target} cannot be written: {error.strerror}.", "name another with --to") from None
    return [target / path for path in files.held]


def manifest(target: Path) -> dict[str, Any]:
    """The manifest of a site; raises FolderError where there is none."""
    try:
        held = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
        held["files"] = dict(held["files"])
        return dict(held)
    except (OSError, ValueError, KeyError, TypeError):
        what = f"{target} is no site: it has no {MANIFEST} that can be read."
        raise FolderError(what, "genart publish my.ipynb --to site") from None


def _ours(target: Path) -> dict[str, str]:
    if not (target / MANIFEST).exists():
        return {}
    files = manifest(target).get("files", {})
    inside = {str(path): str(sum) for path, sum in files.items() if _is_inside(str(path))}
    return inside


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts and bool(parts.name)


def _stands(target: Path, path: str) -> bool:
    """Whether something is in the way of a path: a file, or a link or a file where a folder must be."""
    place = target
    for part in PurePosixPath(path).parts:
        place = place / part
        if place.is_symlink() or place.is_file():
            return True
    return place.exists()


def _unchanged(target: Path, path: str, ours: Mapping[str, str]) -> bool:
    place = target / path
    if path not in ours or any(each.is_symlink() for each in (place, *place.parents) if each.is_relative_to(target)):
        return False
    return place.is_file() and _sum(place.read_bytes()) == ours[path]


def _put(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".genart-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(place)


def _prune(target: Path, folder: Path) -> None:
    """Take away folders that have become empty."""
    while folder != target and folder.is_relative_to(target) and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
