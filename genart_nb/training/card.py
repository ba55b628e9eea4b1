"""The facts that ship beside the painter's weights: sizes, digests, and what it cannot do."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

WEIGHTS = (".safetensors", ".onnx")
LIMITS = (
    "It knows some 1,150 everyday things and draws them one or two at a time, as icons and stickers are drawn: "
    "no people, hands, text, crowds or photographs, and what it invents without references (freedom near 1) is often "
    "misshapen."
)


def update(home: Path, revision: str, evaluation: str = "") -> dict[str, Any]:
    """Bring `card.json` up to what lies in the folder; what others wrote there stays. Returns the card."""
    path = home / "card.json"
    card: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"id": "painter", "kind": "picture"}
    files = sorted(file for file in home.rglob("*") if file.is_file() and file.suffix in (*WEIGHTS, ".json"))
    files = [file for file in files if file.name not in ("card.json", "evaluation.json")]
    card["revision"] = revision
    card["licence"] = "Apache-2.0"
    card["size"] = sum(file.stat().st_size for file in files)
    weights = [file for file in files if file.suffix in WEIGHTS or file.name in ("tokenizer.json", "kinds.json")]
    card["sha256"] = {str(file.relative_to(home)): hashlib.sha256(file.read_bytes()).hexdigest() for file in weights}
    card["limits"] = LIMITS
    if evaluation:
        card["evaluation"] = evaluation
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card
