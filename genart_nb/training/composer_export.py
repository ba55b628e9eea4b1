"""Writing the starter composer as it ships: weights in fp16, a graph that points into them, habits and seen runs."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from genart_nb.media.song import Note, bar_ticks
from genart_nb.models.composer import form
from genart_nb.models.composer.copies import prints
from genart_nb.models.composer.grammar import CONTEXT, FIELDS, STYLES, VOCABULARY
from genart_nb.models.weights import STARTER
from genart_nb.training import composer, composer_data, graphs
from genart_nb.training.composer_corpus import Piece
from genart_nb.training.composer_model import Composer

HOME = STARTER / "composer"
RARE = 0.002
"""Degrees that are a smaller part of a style's notes than this are left to it."""
FORMS, SHORT, LONG = 60, 8, 64
"""How many plans of each style ship, and the fewest and most bars of one."""
_COMMON = 0.04
"""Metres that fewer of a style's pieces are in are not on offer."""


class Exported(nn.Module):  # type: ignore[misc]
    """The network with the names that the graph shows."""

    def __init__(self, model: Composer) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor, context: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """Logits and the keys and values so far."""
        found: tuple[Tensor, Tensor] = self.model(tokens, context, past)
        return found


def export(home: Path = HOME) -> float:
    """Write what was trained to `home`; returns how far ONNX Runtime is from torch."""
    from safetensors.numpy import save_file as save_arrays
    from safetensors.torch import save_file

    home.mkdir(parents=True, exist_ok=True)
    model = composer.trained().half().float()
    halves = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    save_file(halves, home / "model.safetensors")
    found, thirds, ranges = composer_data.prepared()
    runs = [prints([Note(*note) for note in piece.voices[0]]) for piece in found]
    save_arrays({"runs": np.unique(np.concatenate(runs))}, home / "seen.safetensors")
    facts = {"styles": metres(found), "ranges": ranges, "degrees": degrees(found), "thirds": _rounded(thirds)}
    facts["forms"] = forms(found)
    rows = (f" {json.dumps(name)}: {json.dumps(facts[name], sort_keys=True)}" for name in sorted(facts))
    (home / "composer.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")
    difference = _graph(home, model)
    for name in _FILES:
        (home / name).chmod(0o644)
    _card(home)
    return difference


def metres(found: list[Piece]) -> dict[str, list[str]]:
    """The usual metres of each style, the most usual first."""
    kept = {}
    for style in STYLES:
        counts = Counter(piece.metre for piece in found if piece.style == style)
        kept[style] = [metre for metre, count in counts.most_common() if count >= _COMMON * counts.total()]
    return kept


def degrees(found: list[Piece]) -> dict[str, list[int]]:
    """Which degrees occur in each style and mode, in semitones above the tonic."""
    kept = {}
    for style in STYLES:
        for mode in ("major", "minor"):
            own = [piece for piece in found if (piece.style, piece.mode) == (style, mode)]
            counts = Counter((note[2] - piece.tonic) % 12 for piece in own for voice in piece.voices for note in voice)
            kept[f"{style} {mode}"] = sorted(each for each, count in counts.items() if count > RARE * counts.total())
    return kept


def forms(found: list[Piece]) -> dict[str, list[form.Plan]]:
    """Plans of pieces of each style that were learnt from, FORMS at most, evenly chosen; LONG bars of each at most."""
    kept = {}
    for style in STYLES:
        own = [piece for at, piece in enumerate(found) if piece.style == style and at % composer_data.HELD_OUT]
        plans = [plan for plan in map(_plan, own) if len(plan) >= SHORT]
        kept[style] = [plans[int(at)] for at in np.linspace(0, len(plans) - 1, min(FORMS, len(plans)))]
    return kept


def _plan(piece: Piece) -> form.Plan:
    """Which whole bars of a piece come back; an upbeat before them is left out, and what came back from it is new."""
    bar = bar_ticks(piece.metre)
    bars = max(voice[-1][0] + voice[-1][1] for voice in piece.voices) // bar
    plan = form.heard([Note(*note) for note in piece.voices[0]], bar, bars)
    first = int(piece.offset > 0)
    whole = (back if abs(back) <= at else 0 for at, back in enumerate(plan[first:]))
    return tuple(whole)[:LONG]


def _rounded(thirds: dict[str, list[list[float]]]) -> dict[str, list[list[float]]]:
    return {style: [[round(cut, 3) for cut in cuts] for cuts in rows] for style, rows in thirds.items()}


def _graph(home: Path, model: Composer) -> float:
    import onnx
    import onnxruntime

    size = model.size
    past = torch.randn(size.layers, 2, 1, size.heads, 5, size.width // size.heads)
    inputs = {
        "tokens": torch.randint(0, VOCABULARY, (1, 3)), "context": torch.randint(0, CONTEXT, (1, 3, FIELDS)),
        "past": past,
    }  # fmt: skip
    free = {"tokens": {1: "n"}, "context": {1: "n"}, "past": {4: "t"}}
    graph = graphs.trace(Exported(model), inputs, "logits", free)
    shards = {"model.safetensors": home / "model.safetensors"}
    names = {tensor.name: tensor.name.removeprefix("model.") for tensor in graph.graph.initializer}
    names |= _transposed(graph, model)
    onnx.save(graphs.point(graph, shards, names), str(home / "model.onnx"))
    session = onnxruntime.InferenceSession(str(home / "model.onnx"), providers=["CPUExecutionProvider"])
    logits, _ = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    with torch.no_grad():
        wanted, _ = model(*inputs.values())
    return float((torch.from_numpy(logits) - wanted).abs().max())


def _transposed(graph: Any, model: Composer) -> dict[str, str]:
    """Names that the exporter gave to no weight of ours: none, or it is told here."""
    known = {f"model.{name}" for name, _ in model.named_parameters()}
    return {tensor.name: tensor.name for tensor in graph.graph.initializer if tensor.name not in known}


def _card(home: Path) -> dict[str, Any]:
    """Bring `card.json` up to what lies in the folder; what others wrote there stays."""
    path = home / "card.json"
    card: dict[str, Any] = json.loads(path.read_text()) if path.exists() else dict(_NEW)
    files = sorted(each for each in home.iterdir() if each.name in _FILES)
    card["size"] = sum(each.stat().st_size for each in files)
    card["sha256"] = {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    curve = composer.home() / "curve.csv"
    rows = curve.read_text().split() if curve.exists() else []
    if rows:
        shutil.copyfile(curve, home / curve.name)
    card["revision"] = f"{int(rows[-1].split(',')[1]) // 1000}k" if len(rows) > 1 else "untrained"
    path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n")
    return card


_FILES = ("composer.json", "model.onnx", "model.safetensors", "seen.safetensors")
_NEW: dict[str, Any] = {
    "id": "composer",
    "kind": "music",
    "title": "the starter composer",
    "loader": "composer",
    "source": {"where": "shipped", "path": "composer"},
    "licence": "Apache-2.0",
    "choices": {"style": list(STYLES)},
}
