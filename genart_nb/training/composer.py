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
"""The schedule ends there: after 35 minutes on two CPU cores that multiply bfloat16; 2,900 took 1 hour 43 on one that
does not."""
TAIL = 5
"""One step for so many more, in which nothing is kept from it: it ends as it will be used."""
PLAIN = ("tokens", "context", "head", "norm")


def home() -> Path:
    """Where checkpoints and the curve are kept."""
    return cache_home() / "training" / "composer"


def train(
    minutes: float = 120.0, steps: int = STEPS, seed: int = 0, device: str = "cpu", rows: int = ROWS,
    stop: int | None = None, workers: int = 2,
) -> None:  # fmt: skip
    """Train on from the last checkpoint, for so many minutes at most, or to the step `stop`.

    `workers` processes share the `rows` of each batch on a CPU.
    """
    composer_corpus.read_corpus()
    torch.manual_seed(seed)
    model = Composer().to(device)
    batches = composer_data.Batches()
    workers = 1 if device.startswith("cuda") else workers
    share = rows // workers

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        total, count = torch.zeros((), device=device), 0
        deaf = composer_data.DEAF if step < steps else 0.0
        for drawn in batches.draw(share, np.random.default_rng(generator.initial_seed()), deaf):
            tokens, context, targets = (each.to(device) for each in drawn)
            with precision.mixed(device):
                logits, _ = model(tokens, context)
            total = total + cross_entropy(logits, targets)
            count += int((targets >= 0).sum())
        return total / count, share

    plan = loop.Plan(
        home(), steps, minutes, stop, lr=3e-3, warmup=60, weight_decay=0.02, ema=0.998, seed=seed, device=device,
        muon=PLAIN, workers=workers, log_every=10, floor=0.05, tail=steps // TAIL,
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
def held_out(model: Composer, *, form: bool = True) -> dict[str, float]:
    """Nats a token on pieces that were never trained on, by style, with or without being told their form.

    Each is read whole, WINDOW tokens at a time, in its own key and its mood unsaid.
    """
    lost: dict[str, list[float]] = {}
    for piece in composer_data.Batches(held_out=True).pieces:
        sums = lost.setdefault(piece.style, [0.0, 0.0])
        for tokens, context, targets in composer_data.windows(piece, form=form):
            sums[0] += float(cross_entropy(model(tokens, context)[0], targets))
            sums[1] += targets.numel()
    return {style: loss / count for style, (loss, count) in lost.items()}


def run(given: argparse.Namespace) -> None:
    """Train, then write what ships."""
    from genart_nb.training import composer_export

    chosen = {name: getattr(given, name) for name in ("minutes", "steps") if getattr(given, name) is not None}
    train(seed=given.seed, device=given.device, **chosen)
    composer_export.export()
