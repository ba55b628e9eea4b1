"""The starter's denoiser: a small UNet trained by rectified flow on latents of 128-px scenes.

x_t = (1 - t) x0 + t noise; the network predicts noise - x0 (Liu et al., https://arxiv.org/abs/2209.03003), with t drawn
from a logit-normal (Esser et al., https://arxiv.org/abs/2403.03206). Subject and style are dropped apart from one
another, so that each can be guided by itself (Ho and Salimans, https://arxiv.org/abs/2207.12598).
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from genart_nb.training import data, latents, loop, precision
from genart_nb.training.vocabulary import SLOTS

WIDTH, BATCH = 384, 64
CLASS_WIDTH = WIDTH + SLOTS + 2
"""Pooled subject, style weights, distilled guidance (0: none), one spare."""

BOTH, SUBJECT, STYLE = 0.10, 0.03, 0.15
PLAIN = ("conv_in", "conv_out", "time_embedding")
"""What meets the world outside is trained by AdamW, the rest by Muon."""

KINDS = {"plain": 1.0, "ground": 0.7, "two": 0.5, "colour": 1.0}
"""How often a scene is drawn: one thing on white is what all else is made of."""

TILT = 0.2
"""Mean of the logit of t: a little more often where the thing itself is decided."""

CONFIG: dict[str, Any] = {
    "sample_size": 16,
    "in_channels": 8,
    "out_channels": 8,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
    "mid_block_type": "UNetMidBlock2DCrossAttn",
    "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
    "block_out_channels": (128, 192),
    "layers_per_block": 1,
    "attention_head_dim": 6,
    "cross_attention_dim": WIDTH,
    "class_embed_type": "simple_projection",
    "projection_class_embeddings_input_dim": CLASS_WIDTH,
    "norm_num_groups": 32,
}


def build() -> Any:
    """An untrained denoiser."""
    from diffusers import UNet2DConditionModel

    model = UNet2DConditionModel(**CONFIG)
    torch.nn.init.zeros_(model.conv_out.weight)
    return model.to(memory_format=torch.channels_last)


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "denoiser"


def load() -> Any:
    """The trained denoiser (its average), frozen; an untrained one where there is no checkpoint yet."""
    model = build()
    if (folder() / "checkpoint.safetensors").exists():
        model.load_state_dict(loop.weights(folder()))
    return model.eval().requires_grad_(False)


def conditions(pooled: Tensor, styles: Tensor) -> Tensor:
    """Pooled subject (n, 384) and style weights (n, 8) -> class labels (n, 394)."""
    return torch.cat([pooled, styles, pooled.new_zeros(len(pooled), 2)], 1)


class Batches:
    """Draws noisy latents and their conditions; all randomness comes from the generator."""

    def __init__(self, prepared: latents.Prepared, batch: int, device: str) -> None:
        self.batch, self.device = batch, device
        self.latents = torch.from_numpy(prepared.latents)
        self.styles = F.one_hot(torch.from_numpy(prepared.styles), SLOTS).float()
        self.states, self.pooled = torch.from_numpy(prepared.states), torch.from_numpy(prepared.pooled)
        longest = max(map(len, prepared.captions))
        self.captions = torch.tensor([(rows * longest)[:longest] for rows in prepared.captions])
        self.counts = torch.tensor([len(rows) for rows in prepared.captions])
        share = torch.bincount(torch.from_numpy(prepared.styles), minlength=SLOTS).float()
        # The rarest style is seen up to twice as often as its size would have it.
        rarity = (share.max() / share.clamp(min=1)).clamp(max=2.0)[torch.from_numpy(prepared.styles)]
        self.weights = rarity * torch.tensor([KINDS[kind] for kind in prepared.kinds])

    def clean(self, pick: Tensor) -> Tensor:
        """Latents (n, 8, 16, 16) of some scenes."""
        return self.latents[pick].float() / latents.STEPS_PER_UNIT

    def draw(self, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Latents (n, 8, 16, 16), token states (n, 20, 384), class labels (n, 394) and times (n,) in 0..1."""
        count = self.batch
        pick = torch.multinomial(self.weights, count, replacement=True, generator=generator)
        column = (torch.rand(count, generator=generator) * self.counts[pick]).long()
        rows = self.captions[pick, column]
        roll = torch.rand(count, generator=generator)
        told = (roll >= BOTH + SUBJECT).float()
        styled = ((roll >= BOTH) & (roll < BOTH + SUBJECT) | (roll >= BOTH + SUBJECT + STYLE)).float()
        states = self.states[rows].float() * told[:, None, None]
        labels = conditions(self.pooled[rows].float() * told[:, None], self.styles[pick] * styled[:, None])
        times = torch.sigmoid(torch.randn(count, generator=generator) + TILT)
        return self.clean(pick).to(self.device), states.to(self.device), labels.to(self.device), times.to(self.device)


def flow_loss(
    model: Any, clean: Tensor, states: Tensor, labels: Tensor, times: Tensor, noise: Tensor, shown: Tensor | None = None
) -> Tensor:
    """Mean squared error of the predicted velocity; `shown` goes in beside the noisy latents."""
    at = times[:, None, None, None]
    noisy = (1 - at) * clean + at * noise
    noisy = (noisy if shown is None else torch.cat([noisy, shown], 1)).contiguous(memory_format=torch.channels_last)
    with precision.mixed(clean.device):
        made = model(noisy, times * 1000, encoder_hidden_states=states, class_labels=labels).sample
    return F.mse_loss(made.float(), noise - clean)


def train(
    minutes: float = 100.0, seed: int = 0, steps: int = 4800, device: str = "cpu", workers: int = 2
) -> loop.State:
    """Train on the prepared scenes; goes on where it stopped. `workers` processes share each batch on a CPU."""
    torch.manual_seed(seed)
    model = precision.suited(build(), device)
    runs = torch.compile(model) if device.startswith("cuda") else model
    workers = 1 if device.startswith("cuda") else workers
    batches = Batches(latents.load(), BATCH // workers, device)
    plan = loop.Plan(
        folder(), steps, minutes, lr=1e-3, warmup=100, ema=0.998, seed=seed, device=device, muon=PLAIN, workers=workers
    )

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        clean, states, labels, times = batches.draw(generator)
        noise = torch.randn(clean.shape, generator=generator).to(device)
        return flow_loss(runs, clean, states, labels, times, noise), batches.batch

    return loop.train(model, loss, plan)


@torch.no_grad()  # type: ignore[untyped-decorator]
def sample(
    model: Any,
    states: Tensor,
    labels: Tensor,
    noise: Tensor,
    steps: int = 10,
    guidance: float = 3.5,
    begin: float = 1.0,
) -> Tensor:
    """Euler steps from t = `begin` to 0 with guidance; `noise` is x at `begin`, (n, 8, 16, 16)."""
    times = torch.linspace(begin, 0, steps + 1)
    x, blank = noise, torch.zeros_like(labels)
    for now, after in pairwise(times):
        both = torch.cat([x, x]).contiguous(memory_format=torch.channels_last)
        with precision.mixed(x.device):
            v = model(
                both, (now * 1000).expand(len(both)),
                encoder_hidden_states=torch.cat([states, torch.zeros_like(states)]),
                class_labels=torch.cat([labels, blank]),
            ).sample.float()  # fmt: skip
        told, free = v.chunk(2)
        x = x + (after - now) * (free + guidance * (told - free))
    return x


def style_weights(name: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """One style alone, as 8 weights."""
    from genart_nb.training.vocabulary import STYLES

    weights = np.zeros(SLOTS, np.float32)
    weights[STYLES.index(name)] = 1
    return weights
