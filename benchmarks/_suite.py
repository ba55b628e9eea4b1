"""How a suite ends: its flags are read, it runs, its table is printed, and its figures are kept as JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]


def finish(
    name: str,
    purpose: str,
    run: Callable[..., dict[str, Any]],
    table: Callable[[dict[str, Any]], str],
    argv: Sequence[str] | None,
    **flags: Mapping[str, Any],
) -> int:
    """Run a suite with its flags as keyword arguments; `flags` hold what argparse is told of each. Returns 0.

    `--json FILE` says where the figures go, build/bench-NAME.json if nobody does.
    """
    parser = argparse.ArgumentParser(description=purpose.splitlines()[0])
    for flag, told in flags.items():
        parser.add_argument(f"--{flag}", **told)
    parser.add_argument("--json", type=Path, default=HOME / "build" / f"bench-{name}.json")
    asked = vars(parser.parse_args(argv))
    kept: Path = asked.pop("json")
    found = run(**asked)
    print(table(found))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found, indent=1))
    return 0
