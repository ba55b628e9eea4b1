"""Writing the starter painter as it ships: diffusers folders in fp16, and ONNX graphs that point into them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genart_nb.models.weights import STARTER
from genart_nb.training import autoencoder, data, denoiser, distil, graphs, upscaler

HOME = STARTER / "painter"
SHARD = "16MB"
SHIFT = 2.0
"""Of the time grid: 8 steps land nearest to where 48 do, 0.08 (rms of latents) against 0.20 unshifted."""
EDITION = 5
"""Of what ships beside the same weights: the bank and the defaults."""
FREE: dict[int, str] = {0: "batch"}


class Encoder(nn.Module):  # type: ignore[misc]
    """Picture in -1..1 -> normalised latents."""

    def __init__(self, model: Any, shift: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.model = model
        self.shift, self.scale = shift[:, None, None], scale[:, None, None]

    def forward(self, picture: Tensor) -> Tensor:
        """(n, 3, 128, 128) -> (n, 8, 16, 16)."""
        return (self.model.encode(picture).latent - self.shift) / self.scale


class Decoder(nn.Module):  # type: ignore[misc]
    """Normalised latents -> picture in -1..1."""

    def __init__(self, model: Any, shift: Tensor, scale: Tensor) -> None:
        super().__init__()
        self.model = model
        self.shift, self.scale = shift[:, None, None], scale[:, None, None]

    def forward(self, latents: Tensor) -> Tensor:
        """(n, 8, 16, 16) -> (n, 3, 128, 128)."""
        return self.model.decode(latents * self.scale + self.shift).sample.clamp(-1, 1)


class Unet(nn.Module):  # type: ignore[misc]
    """The denoiser with the names that the graph shows."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, sample: Tensor, timestep: Tensor, encoder_hidden_states: Tensor, class_labels: Tensor) -> Tensor:
        """Velocity, (n, 8, 16, 16)."""
        return self.model(
            sample, timestep, encoder_hidden_states=encoder_hidden_states, class_labels=class_labels
        ).sample


def export(home: Path = HOME, student: bool = False) -> dict[str, float]:
    """Write every trained part, the student for the denoiser if told; returns how far ONNX is from torch, by graph."""
    shift, scale = normalisation()
    parts = {
        "autoencoder": halved(autoencoder.load()),
        "unet": halved(distil.load() if student else denoiser.load()),
        "upscaler": halved(upscaler.load()),
    }
    parts["autoencoder"].half().save_pretrained(home / "autoencoder")
    parts["unet"].half().save_pretrained(home / "unet", max_shard_size=SHARD)
    upscaler.save(parts["upscaler"], home / "upscaler")
    for model in parts.values():
        model.float()
    for path in home.rglob("*.safetensors"):
        path.chmod(0o644)
    (home / "autoencoder" / "latents.json").write_text(
        json.dumps({"shift": shift.tolist(), "scale": scale.tolist()}, indent=2) + "\n"
    )
    _scheduler(home)
    _index(home / "model_index.json", student)
    return {
        "unet": _unet(home / "unet", parts["unet"]),
        **_autoencoder(home / "autoencoder", parts["autoencoder"], shift, scale),
        "upscaler": _upscaler(home / "upscaler", parts["upscaler"]),
    }


def revision(student: bool = False) -> str:
    """What it is called: how many pictures the denoiser (and its student) has seen, in thousands, and the edition."""
    folders = [denoiser.folder(), *([distil.folder()] if student else [])]
    curves = [(folder / "curve.csv").read_text().split() for folder in folders if (folder / "curve.csv").exists()]
    seen = "+".join(f"{int(rows[-1].split(',')[1]) // 1000}k" for rows in curves if len(rows) > 1)
    return f"{seen}-{EDITION}" if seen else "untrained"


def halved(model: Any) -> Any:
    """The model with weights as fp16 will hold them, so that what is compared is what ships."""
    return model.half().float()


def normalisation() -> tuple[Tensor, Tensor]:
    """Shift and scale of the latents, (8,) each; the identity before latents were made."""
    from safetensors.torch import load_file

    path = data.home() / "latents.safetensors"
    if not path.exists():
        return torch.zeros(8), torch.ones(8)
    tensors = load_file(path)
    return tensors["shift"], tensors["scale"]


def _scheduler(home: Path) -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler

    FlowMatchEulerDiscreteScheduler(num_train_timesteps=1000, shift=SHIFT).save_pretrained(home / "scheduler")


def _index(path: Path, student: bool) -> None:
    """Say whether the network takes guidance as an input; the rest of the index is written by hand."""
    if path.exists():
        said = {False: '"distilled": false', True: '"distilled": true'}
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(said[not student], said[student]), encoding="utf-8")


def _unet(folder: Path, model: Any) -> float:
    size = denoiser.CONFIG["sample_size"]
    inputs = {
        "sample": torch.randn(2, 8, size, size),
        "timestep": torch.tensor([300.0, 700.0]),
        "encoder_hidden_states": torch.randn(2, 20, denoiser.WIDTH),
        "class_labels": torch.randn(2, denoiser.CLASS_WIDTH) * 0.1,
    }
    return _write(folder / "model.onnx", Unet(model), inputs, "v", {name: FREE for name in (*inputs, "v")})


def _autoencoder(folder: Path, model: Any, shift: Tensor, scale: Tensor) -> dict[str, float]:
    picture, latents = torch.rand(2, 3, 128, 128) * 2 - 1, torch.randn(2, 8, 16, 16)
    both = {"picture": FREE, "latents": FREE}
    return {
        "encoder": _write(folder / "encoder.onnx", Encoder(model, shift, scale), {"picture": picture}, "latents", both),
        "decoder": _write(folder / "decoder.onnx", Decoder(model, shift, scale), {"latents": latents}, "picture", both),
    }


def _upscaler(folder: Path, model: Any) -> float:
    free = {0: "batch", 2: "height", 3: "width"}
    inputs = {"picture": torch.rand(2, 3, 128, 128) * 2 - 1}
    # Input and output may not share a name inside one graph.
    return _write(folder / "model.onnx", model, inputs, "larger", {"picture": free, "larger": free})


def _write(
    path: Path, model: nn.Module, inputs: dict[str, Tensor], output: str, free: dict[str, dict[int, str]]
) -> float:
    """Write one graph, pointing into the safetensors beside it, and compare it with torch."""
    import onnx

    graph = graphs.trace(model, inputs, output, free)
    shards = {file.name: file for file in sorted(path.parent.glob("*.safetensors"))}
    names = {tensor.name: tensor.name.removeprefix("model.") for tensor in graph.graph.initializer}
    onnx.save(graphs.point(graph, shards, names), str(path))
    return graphs.difference(path, model, inputs)
