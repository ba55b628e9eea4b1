"""The `parameters` text: what AUTOMATIC1111's web UI writes into a picture, and galleries read.

The prompt, a line `Negative prompt: ...`, and a last line of pairs: `Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 1`.
Form: https://github.com/AUTOMATIC1111/stable-diffusion-webui/wiki/Features#png-info
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genart_nb.recipe import clean_text

LONGEST = 8000
"""Characters of a prompt in it; EXIF has room for some 32,000 in all."""

_NEGATIVE = "Negative prompt:"
_PAIR = re.compile(r'\s*([\w ,/-]+?):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_FEWEST = 3  # pairs that a last line must have to be one of settings


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the text says, as read: `settings` has the last line's pairs."""

    prompt: str = ""
    negative: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def parameters(record: Mapping[str, Any]) -> str:
    """The text for a record's work."""
    recipe, fingerprint = record["recipe"], record.get("fingerprint", {})
    options = recipe.get("options", {})
    lines = [clean_text(recipe["prompt"])[:LONGEST]]
    if options.get("negative"):
        lines.append(f"{_NEGATIVE} {clean_text(str(options['negative']))[:LONGEST]}")
    settings = {
        "Steps": options.get("steps"),
        "Sampler": options.get("scheduler") or ("Euler" if recipe["model"] == "painter" else None),
        "CFG scale": options.get("guidance"),
        "Seed": recipe["seed"],
        "Size": f"{fingerprint['width']}x{fingerprint['height']}" if "width" in fingerprint else None,
        "Model hash": recipe.get("revision") or None,
        "Model": recipe["model"],
        "Version": record.get("software"),
        "Recipe": record.get("digest"),
    }
    lines.append(", ".join(f"{name}: {_quoted(value)}" for name, value in settings.items() if value is not None))
    return "\n".join(lines)


def parsed(text: str) -> Parameters:
    """Read a `parameters` text, whoever wrote it."""
    *lines, last = text.strip().splitlines() or [""]
    pairs = {name.strip(): _unquoted(value.strip()) for name, value in _PAIR.findall(last[:20_000])}
    if len(pairs) < _FEWEST:
        lines, pairs = [*lines, last], {}
    at = next((n for n, line in enumerate(lines) if line.strip().startswith(_NEGATIVE)), len(lines))
    negative = "\n".join(lines[at:]).strip().removeprefix(_NEGATIVE).strip()
    return Parameters("\n".join(lines[:at]).strip(), negative, pairs)


def _quoted(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r'[,:\n"]', text) else text


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
