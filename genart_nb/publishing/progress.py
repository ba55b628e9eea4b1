"""Progress of a long command: one line of a terminal that is written over, or a line each for a program that asks."""

from __future__ import annotations

import os
import sys

ASKED = "GENART_PROGRESS"
"""Environment variable by which a program that started us asks to be told."""


def tell(line: str) -> None:
    """Say how far it is; nothing where standard error is neither a terminal nor read by a program. '' wipes it."""
    if os.environ.get(ASKED):
        if line:
            print(line, file=sys.stderr, flush=True)
    elif sys.stderr.isatty():
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
