"""`genart train composer`: the corpus, the network, and what ships."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genart_nb.models.composer.grammar import VOCABULARY
from genart_nb.paths import cache_home
from genart_nb.training import composer_corpus, composer_data, loop, precision
from genart_nb.training.composer_model import Composer, Size

ROWS = 12
STEPS = 3000
"""About an hour and a half on one CPU core; the schedule ends there."""
PLAIN = ("tokens", "context", "head", "norm")


def home() -> Path:
    """Where checkpoints and the curve are kept."""
    return cache_home() / "training" / "composer"


def train(
    minutes: float = 120.0, steps: int = STEPS, seed: int = 0, device: str = "cpu", rows: int = ROWS,
    stop: int | None = None,
) -> None:  # fmt: skip
    """Train on from the last checkpoint, for so many minutes at most, or to the step `stop`."""
    composer_corpus.read_corpus()
    torch.manual_seed(seed)
    model = Composer().to(device)
    batches = composer_data.Batches()

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        del generator
        total, count = torch.zeros((), device=device), 0
        for drawn in batches.draw(rows, np.random.default_rng([seed, step])):
            tokens, context, targets = (each.to(device) for each in drawn)
            with precision.mixed(device):
                logits, _ = model(tokens, context)
            total = total + cross_entropy(logits, targets)
            count += int((targets >= 0).sum())
        return total / count, rows

    plan = loop.Plan(
        home(), steps, minutes, stop, lr=3e-3, warmup=60, weight_decay=0.02, ema=0.995, seed=seed, device=device,
        muon=PLAIN, log_every=10, floor=0.05,
    )  # fmt: skip
    loop.train(model, loss, plan)


def cross_entropy(logits: Tensor, targets: Tensor) -> Tensor:
    """Sum over the tokens there are, in nats."""
    flat = logits.float().reshape(-1, VOCABULARY)
    return F.cross_entropy(flat, targets.reshape(-1), ignore_index=-100, reduction="sum")


def trained(size: Size | None = None) -> Composer:
    """The network of the last checkpoint, averaged over the latest steps."""
    model: Composer = Composer(size)
    model.load_state_dict(loop.weights(home()))
    model.eval()
    return model


@torch.no_grad()  # type: ignore[untyped-decorator]
def held_out(model: Composer, batches: int = 8) -> float:
    """Nats a token on pieces that were never trained on."""
    drawn = composer_data.Batches(held_out=True)
    total, count = 0.0, 0
    for step in range(batches):
        for tokens, context, targets in drawn.draw(8, np.random.default_rng([99, step])):
            total += float(cross_entropy(model(tokens, context)[0], targets))
            count += int((targets >= 0).sum())
    return total / count


def run(given: argparse.Namespace) -> None:
    """Train, then write what ships."""
    from genart_nb.training import composer_export

    chosen = {name: getattr(given, name) for name in ("minutes", "steps") if getattr(given, name) is not None}
    train(seed=given.seed, device=given.device, **chosen)
    composer_export.export()
