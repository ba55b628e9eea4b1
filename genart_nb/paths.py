"""Where data and caches live; `GENART_HOME` and `GENART_CACHE` move them."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def nearest_folder(path: Path) -> Path:
    """The nearest of a path and the folders it lies in that is there, as far as this user can see."""
    return next(each for each in (path, *path.parents) if os.path.exists(each))  # noqa: PTH110 (it raises nothing)


def data_home() -> Path:
    """Folder of the gallery and settings; not created here."""
    return Path(os.environ.get("GENART_HOME") or platformdirs.user_data_path("genart_nb", appauthor=False))


def cache_home() -> Path:
    """Folder of converted weights, which can be made again; not created here."""
    return Path(os.environ.get("GENART_CACHE") or platformdirs.user_cache_path("genart_nb", appauthor=False))
