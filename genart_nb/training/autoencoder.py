"""The starter's autoencoder: AutoencoderDC, f8, 8 channels, residual blocks alone; 128 px <-> 16x16x8.

Chen et al., "Deep Compression Autoencoder", https://arxiv.org/abs/2410.10733.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from genart_nb.training import data, loop, precision

CROP, BATCH, LATENT_NOISE = 64, 16, 0.08
STAGES = 4
STEPS = 1750
CONFIG: dict[str, Any] = {
    "in_channels": 3,
    "latent_channels": 8,
    "encoder_block_types": "ResBlock",
    "decoder_block_types": "ResBlock",
    "encoder_block_out_channels": (32, 64, 128, 128),
    "decoder_block_out_channels": (32, 64, 128, 128),
    "encoder_layers_per_block": (1, 1, 1, 2),
    "decoder_layers_per_block": (1, 1, 2, 3),
    "encoder_qkv_multiscales": ((),) * STAGES,
    "decoder_qkv_multiscales": ((),) * STAGES,
    "upsample_block_type": "interpolate",
    "downsample_block_type": "pixel_unshuffle",
    "decoder_norm_types": "rms_norm",
    "decoder_act_fns": "silu",
    "scaling_factor": 1.0,
}


def build() -> Any:
    """An untrained autoencoder."""
    from diffusers import AutoencoderDC

    return AutoencoderDC(**CONFIG).to(memory_format=torch.channels_last)


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "autoencoder"


def load() -> Any:
    """The trained autoencoder, frozen."""
    model = build()
    model.load_state_dict(loop.weights(folder()))
    return model.eval().requires_grad_(False)


def on_background(pictures: NDArray[np.uint8], grounds: NDArray[np.float32]) -> NDArray[np.float32]:
    """RGBA (n, h, w, 4) over colours (n, 1|h, 1|w, 3) in 0..1 -> RGB (n, h, w, 3) in 0..1."""
    alpha = pictures[..., 3:].astype(np.float32) / np.float32(255)
    return (pictures[..., :3].astype(np.float32) / np.float32(255)) * alpha + grounds * (1 - alpha)


def crops(pictures: NDArray[np.uint8], generator: torch.Generator, count: int, side: int) -> Tensor:
    """Random crops of pictures on white or on a plain colour, (count, 3, side, side) in -1..1, half mirrored."""
    pick = torch.randint(len(pictures), (count,), generator=generator).numpy()
    at = torch.randint(pictures.shape[1] - side + 1, (count, 2), generator=generator).numpy()
    cut = np.stack([pictures[i, y : y + side, x : x + side] for i, (y, x) in zip(pick, at, strict=True)])
    colour = torch.rand((count, 1, 1, 3), generator=generator).numpy()
    plain = torch.rand((count, 1, 1, 1), generator=generator).numpy() < 0.65
    shown = on_background(cut, np.where(plain, np.float32(1), colour))
    if torch.rand((), generator=generator) < 0.5:
        shown = shown[:, :, ::-1]
    batch = torch.from_numpy(np.ascontiguousarray(shown)).permute(0, 3, 1, 2) * 2 - 1
    return batch.contiguous(memory_format=torch.channels_last)


def edges(picture: Tensor) -> tuple[Tensor, Tensor]:
    """Differences to the right and below."""
    return picture[..., 1:] - picture[..., :-1], picture[..., 1:, :] - picture[..., :-1, :]


def distance(made: Tensor, real: Tensor) -> Tensor:
    """L1 + MSE + L1 of the edges."""
    sharp = sum(F.l1_loss(a, b) for a, b in zip(edges(made), edges(real), strict=True))
    return F.l1_loss(made, real) + F.mse_loss(made, real) + sharp


def train(minutes: float = 8.0, seed: int = 0, steps: int = STEPS, device: str = "cpu") -> loop.State:
    """Train on crops of every set; the noise on the latents makes them forgiving."""
    torch.manual_seed(seed)
    model = build().to(device)
    _, pictures = data.load(128)
    plan = loop.Plan(
        folder(), steps, minutes, lr=2e-3, warmup=100, ema=0.995, seed=seed, device=device, weight_decay=0.0
    )

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        real = crops(pictures, generator, BATCH, CROP).to(device)
        with precision.mixed(device):
            latents = model.encode(real).latent
            noise = torch.randn(latents.shape, generator=generator).to(device)
            spread = latents.float().pow(2).mean()
            noisy = latents + noise * LATENT_NOISE * spread.detach().sqrt().clamp(max=2.0)
            made = model.decode(noisy).sample.float()
        return distance(made, real) + 1e-3 * (spread - 1).relu(), BATCH

    return loop.train(model, loss, plan)
