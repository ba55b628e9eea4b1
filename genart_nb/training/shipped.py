"""Training on from the weights that ship, where no checkpoint was kept: anybody can, from an install alone."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from genart_nb.models.weights import STARTER
from genart_nb.training import autoencoder, composer, denoiser, loop, upscaler


def lay_out_composer() -> None:
    """Make the shipped composer the checkpoint of `composer`, unless there is one."""
    from safetensors.torch import load_file

    home = STARTER / "composer"
    lay_out(composer.home(), load_file(home / "model.safetensors"), home / "curve.csv")


def lay_out_painter() -> None:
    """Make the shipped autoencoder, upscaler and denoiser the checkpoints of their trainings, unless there are some.

    The first two are done: what the denoiser reads and writes stays as it was.
    """
    from diffusers import AutoencoderDC, UNet2DConditionModel
    from safetensors.torch import load_file

    home = STARTER / "painter"
    done = {
        autoencoder: AutoencoderDC.from_pretrained(home / "autoencoder").state_dict(),
        upscaler: load_file(home / "upscaler" / "model.safetensors"),
    }
    for part, weights in done.items():
        lay_out(part.folder(), weights, step=part.STEPS)
    lay_out(denoiser.folder(), UNet2DConditionModel.from_pretrained(home / "unet").state_dict(), home / "curve.csv")


def lay_out(folder: Path, weights: Mapping[str, Tensor], curve: Path | None = None, step: int = 0) -> bool:
    """Write weights as a checkpoint that has come as far as the last row of its curve; False where one is kept.

    The optimiser begins anew, so the first few steps are not what they would have been in one run.
    """
    if (folder / "checkpoint.safetensors").exists():
        return False
    folder.mkdir(parents=True, exist_ok=True)
    state = loop.State(step)
    if curve is not None:
        last = list(csv.DictReader(curve.read_text().splitlines()))[-1]
        state = loop.State(int(last["step"]), int(last["pictures"]), float(last["seconds"]))
        shutil.copyfile(curve, folder / "curve.csv")
    tensors = {f"{kind}.{name}": value.float().clone() for kind in ("model", "ema") for name, value in weights.items()}
    loop.write(folder, tensors, state)
    return True
