"""The public door: art forms, models, loaders and media all arrive as entry points, ours and everybody's alike."""

from __future__ import annotations

import functools
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from genart_nb.errors import UsageError

GROUPS = {
    "arts": "genart_nb.arts",
    "models": "genart_nb.models",
    "loaders": "genart_nb.loaders",
    "media": "genart_nb.media",
}


@functools.cache
def offered(group: str) -> dict[str, EntryPoint]:
    """Entry points of one of GROUPS by name, not yet imported."""
    return {point.name: point for point in entry_points(group=GROUPS[group])}


def load(group: str, name: str) -> Any:
    """Import what `name` stands for; raises UsageError that lists the names there are."""
    points = offered(group)
    if name not in points:
        listing = ", ".join(sorted(points)) or "none: reinstall genart_nb"
        raise UsageError(f"There is no {group.rstrip('s')} named {name!r}.", f"use one of: {listing}")
    return _import(points[name])


@functools.cache
def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except Exception as error:
        owner = point.dist.name if point.dist else "its package"
        raise UsageError(
            f"{point.name!r} from {owner} cannot be imported: {error}.", f"reinstall or remove {owner}"
        ) from error
