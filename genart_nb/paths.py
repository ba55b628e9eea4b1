"""Where data and caches live; `GENART_HOME` and `GENART_CACHE` move them."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_home() -> Path:
    """Folder of the gallery and settings; not created here."""
    return Path(os.environ.get("GENART_HOME") or platformdirs.user_data_path("genart_nb", appauthor=False))


def cache_home() -> Path:
    """Folder of converted weights, which can be made again; not created here."""
    return Path(os.environ.get("GENART_CACHE") or platformdirs.user_cache_path("genart_nb", appauthor=False))
