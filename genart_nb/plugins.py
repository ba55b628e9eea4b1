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
_ONE_OF = {"arts": "art", "models": "model", "loaders": "loader", "media": "medium"}


@functools.cache
def offered(group: str) -> dict[str, EntryPoint]:
    """Entry points of one of GROUPS by name, not yet imported; ours come first, and nobody can take our names."""
    points: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUPS[group]), key=lambda point: not point.value.startswith("genart_nb.")):
        points.setdefault(point.name, point)
    return points


def load(group: str, name: str) -> Any:
    """Import what `name` stands for; raises UsageError that names the nearest there is, or lists them all."""
    if name not in offered(group):
        offered.cache_clear()  # its package may have been installed since
    points = offered(group)
    if name not in points:
        from genart_nb.options import nearest  # brings pydantic, which loading the extension can do without

        guess = nearest(name, points)
        listing = ", ".join(sorted(points)) or "none: reinstall genart_nb"
        fix = f"did you mean {guess}? " if guess else ""
        raise UsageError(f"There is no {_ONE_OF[group]} named {name!r}.", f"{fix}use one of: {listing}")
    return _import(points[name])


@functools.cache
def _import(point: EntryPoint) -> Any:
    try:
        return point.load()
    except (Exception, SystemExit) as error:
        owner = point.dist.name if point.dist else "its package"
        raise UsageError(
            f"{point.name!r} from {owner} cannot be imported: {error}.", f"reinstall or remove {owner}"
        ) from error
