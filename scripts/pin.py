"""Write constraints.txt: one exact version for all that the extras of `EXTRAS` need, as found in this environment.

Run as `make constraints`, after upgrading what you mean to upgrade with `.venv/bin/pip install -U NAME`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = "genart_nb"
EXTRAS = ("hub", "lab", "train", "video", "publish", "test")
HEADER = f"""\
# Exact versions for `pip install -c constraints.txt -e ".[{",".join(EXTRAS)}]"`. Written by `make constraints`.
#
# torch is pinned because a bare `torch` may be newer than any CPU build at hand, and on Linux then brings several
# gigabytes of CUDA libraries. The pin names no local version, so 2.13.0+cpu satisfies it wherever pip is shown one,
# and a machine with a GPU still gets the CUDA build.
"""


def needed(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """Yield the requirements of one installed distribution that apply on this platform, for the extras asked."""
    for line in distribution(name).requires or ():
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            yield requirement


def resolved(root: str, extras: frozenset[str]) -> dict[str, str]:
    """Name and version of all that `root` needs, whatever else the environment holds."""
    found: dict[str, str] = {}
    todo = [(root, extras)]
    seen = set(todo)
    while todo:
        for requirement in needed(*todo.pop()):
            name = canonicalize_name(requirement.name)
            found[name] = Version(distribution(name).version).public
            step = (name, frozenset(requirement.extras))
            if step not in seen:
                seen.add(step)
                todo.append(step)
    found.pop(canonicalize_name(root), None)
    return found


def main() -> None:
    """Write the file named on the command line."""
    pins = resolved(ROOT, frozenset(EXTRAS))
    lines = [f"{name}=={version}" for name, version in sorted(pins.items())]
    Path(sys.argv[1]).write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{sys.argv[1]}: {len(lines)} packages pinned")


if __name__ == "__main__":
    main()
