"""The starter's upscaler: 128 px as the autoencoder gives them to 256 px, by sub-pixel convolution.

Shi et al., "Real-Time Single Image and Video Super-Resolution", https://arxiv.org/abs/1609.05158.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genart_nb.training import autoencoder, data, loop, precision

CHANNELS, BLOCKS = 40, 6
CROP, BATCH, DRAWINGS = 48, 16, 1600
STEPS = 2200


class Upscaler(nn.Module):  # type: ignore[misc]
    """Bilinear twice the size plus a learnt correction; (n, 3, h, w) in -1..1 -> (n, 3, 2h, 2w)."""

    def __init__(self, channels: int = CHANNELS, blocks: int = BLOCKS) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, channels, 5, padding=2)
        self.body = nn.ModuleList(_block(channels) for _ in range(blocks))
        self.last = nn.Conv2d(channels, 12, 3, padding=1)
        nn.init.zeros_(self.last.weight)

    def forward(self, picture: Tensor) -> Tensor:
        """The picture at twice the size."""
        hidden = F.silu(self.first(picture))
        for block in self.body:
            hidden = hidden + block(hidden)
        large = F.interpolate(picture, scale_factor=2, mode="bilinear", align_corners=False)
        return large + F.pixel_shuffle(self.last(hidden), 2)


def _block(channels: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels, channels, 3, padding=1), nn.SiLU(), nn.Conv2d(channels, channels, 3, padding=1)
    )


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "upscaler"


def load() -> Upscaler:
    """The trained upscaler, frozen; one that only interpolates where none has been trained."""
    model = Upscaler()
    if (folder() / "checkpoint.safetensors").exists():
        model.load_state_dict(loop.weights(folder()))
    return model.requires_grad_(False).eval()  # type: ignore[no-any-return]


def save(model: Upscaler, home: Path) -> None:
    """Write fp16 weights and the two numbers of its shape."""
    from safetensors.torch import save_file

    home.mkdir(parents=True, exist_ok=True)
    save_file(
        {name: value.half().contiguous() for name, value in model.state_dict().items()}, home / "model.safetensors"
    )
    (home / "config.json").write_text(json.dumps({"channels": CHANNELS, "blocks": BLOCKS, "scale": 2}, indent=2) + "\n")


def pairs(model: nn.Module, seed: int = 0) -> tuple[Tensor, Tensor]:
    """uint8 (n, 3, 128, 128) as the autoencoder gives them back, and (n, 3, 256, 256) as they were drawn."""
    entries, pictures = data.load(data.SIDE)
    dice = np.random.default_rng(seed)
    styled = [i for i, entry in enumerate(entries) if entry.style]
    keep = dice.permutation(styled)[:DRAWINGS].tolist()
    large = torch.empty(len(keep), 3, data.SIDE, data.SIDE, dtype=torch.uint8)
    small = torch.empty(len(keep), 3, data.SIDE // 2, data.SIDE // 2, dtype=torch.uint8)
    for row, start in enumerate(range(0, len(keep), BATCH)):
        part = pictures[keep[start : start + BATCH]]
        colour = dice.random((len(part), 1, 1, 3), np.float32)
        ground = np.where(dice.random((len(part), 1, 1, 1)) < 0.6, np.float32(1), colour)
        real = torch.from_numpy(autoencoder.on_background(part, ground)).permute(0, 3, 1, 2).contiguous()
        half = (F.avg_pool2d(real, 2) * 2 - 1).contiguous(memory_format=torch.channels_last)
        with torch.no_grad(), precision.mixed("cpu"):
            latents = model.encode(half).latent
            spread = 0.06 if row % 2 else 0.0
            made = model.decode(latents + torch.randn_like(latents) * spread).sample.float()
        large[start : start + len(part)] = (real * 255).round().to(torch.uint8)
        small[start : start + len(part)] = ((made.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return small, large


def train(minutes: float = 7.0, seed: int = 0, steps: int = STEPS, device: str = "cpu", workers: int = 2) -> loop.State:
    """Train on crops of autoencoder round trips against the drawings at twice the size."""
    torch.manual_seed(seed)
    small, large = pairs(autoencoder.load(), seed)
    model = Upscaler().to(device, memory_format=torch.channels_last)
    workers = 1 if device.startswith("cuda") else workers
    plan = loop.Plan(
        folder(), steps, minutes, lr=2e-3, warmup=50, ema=0.995, seed=seed, device=device, weight_decay=0.0,
        muon=("first", "last"), workers=workers,
    )  # fmt: skip

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        pick = torch.randint(len(small), (BATCH // workers,), generator=generator)
        y, x = torch.randint(small.shape[-1] - CROP + 1, (2,), generator=generator).tolist()
        given = small[pick, :, y : y + CROP, x : x + CROP].float() / 127.5 - 1
        wanted = large[pick, :, 2 * y : 2 * (y + CROP), 2 * x : 2 * (x + CROP)].float() / 127.5 - 1
        given, wanted = given.to(device, memory_format=torch.channels_last), wanted.to(device)
        with precision.mixed(device):
            made = model(given).float()
        return autoencoder.distance(made, wanted), BATCH // workers

    return loop.train(model, loss, plan)
