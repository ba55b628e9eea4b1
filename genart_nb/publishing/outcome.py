"""What became of a step that needs the extra `publish`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

INSTALL = "pip install 'genart_nb[publish]'"
"""What brings everything that the extra has."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """True where it was done. `file` is what was written, or None, and then `reason` says why, for a person to read."""

    file: Path | None
    reason: str = ""

    def __bool__(self) -> bool:
        return self.file is not None
