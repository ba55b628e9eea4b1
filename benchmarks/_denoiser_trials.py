"""The networks of `painter_trials.py`: how each begins, learns and paints."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genart_nb.models import weights
from genart_nb.models.starter import RESTYLER
from genart_nb.training import autoencoder, data, denoiser, export, latents, loop, precision

GUIDANCE, STEPS = 3.5, 12
PATCH, LEAST, HUSH = 8, 0.05, 0.5
"""Side of a patch; the least time that an error is divided by; the noise's share of a picture's range (128 px)."""
DRAWN, PULL = 160, 0.5
"""Channels of the frozen features, 8x8 of them, and how much being like them counts."""
FEATURES = "MobilenetV2/expanded_conv_15/add_prequant"


def scenes(pick: Tensor) -> Tensor:
    """Pixels (n, 3, 128, 128) of some scenes, 0..255."""
    kept = np.load(data.home() / "scenes.npy", mmap_mode="r")
    return torch.from_numpy(kept[pick.numpy()]).permute(0, 3, 1, 2).float()


class Trial:
    """A denoiser of latents: how it begins, learns and paints."""

    lr = 5e-4
    plain: tuple[str, ...] = denoiser.PLAIN
    drawer: type[denoiser.Batches] = denoiser.Batches
    """What draws its lessons."""

    def __init__(self, workers: int) -> None:
        self.model = precision.suited(self.begin(), "cpu")
        self.batches = self.drawer(latents.load(), denoiser.BATCH // workers, "cpu")

    def begin(self) -> Any:
        """The network before the trial."""
        model = denoiser.build()
        model.load_state_dict(loop.weights(denoiser.folder()))
        return model

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        """Of one batch."""
        clean, states, labels, times = self.batches.draw(generator)
        noise = torch.randn(clean.shape, generator=generator)
        return denoiser.flow_loss(self.model, clean, states, labels, times, noise), self.batches.batch

    def paint(self, states: Tensor, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Pictures (n, 3, 128, 128) in -1..1, from noise alone."""
        noise = torch.randn((len(states), 8, 16, 16), generator=generator)
        made = denoiser.sample(self.model.eval(), states, labels, noise, STEPS, GUIDANCE)
        pictures: Tensor = export.Decoder(autoencoder.load(), *export.normalisation())(made)
        return pictures

    def miss(self, clean: Tensor, states: Tensor, labels: Tensor, generator: torch.Generator) -> float | None:
        """Flow loss on scenes that nobody trained on, at ten times each."""
        found = []
        for time in torch.arange(0.05, 1, 0.1):
            noise = torch.randn(clean.shape, generator=generator)
            found.append(denoiser.flow_loss(self.model.eval(), clean, states, labels, time.expand(len(clean)), noise))
        return float(torch.stack(found).mean())


class Attention(Trial):
    """With attention where there was none, silent until it has learnt."""

    def begin(self) -> Any:
        """The shipped denoiser with more layers."""
        from diffusers import UNet2DConditionModel

        model = UNet2DConditionModel(
            **{
                **denoiser.CONFIG,
                "down_block_types": ("CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
                "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D"),
                "attention_head_dim": (4, 6),
            }
        ).to(memory_format=torch.channels_last)
        knows = loop.weights(denoiser.folder())
        model.load_state_dict(knows, strict=False)
        with torch.no_grad():
            for name, value in model.named_parameters():
                if name not in knows and "proj_out" in name:
                    value.zero_()
        return model


class Seen(denoiser.Batches):
    """Says which scenes it drew."""

    def clean(self, pick: Tensor) -> Tensor:
        """Latents, as ever."""
        self.pick = pick
        return super().clean(pick)


class Aligned(Trial):
    """Its middle says, through a small projection, what a frozen network sees at the same places."""

    drawer = Seen
    batches: Seen

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self.model.projection = nn.Sequential(nn.Conv2d(192, 384, 1), nn.SiLU(), nn.Conv2d(384, DRAWN, 1))
        self.model.mid_block.register_forward_hook(self._keep)
        self.session: Any = None

    def _keep(self, _: nn.Module, __: Any, made: Tensor) -> None:
        self.middle = made

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        """Flow loss, less how alike its middle is."""
        flow, count = super().loss(step, generator)
        with precision.mixed("cpu"):
            said = self.model.projection(self.middle)
        return flow - PULL * F.cosine_similarity(said.float(), self._see(self.batches.pick)).mean(), count

    def _see(self, pick: Tensor) -> Tensor:
        """What the frozen network sees in scenes, (n, DRAWN, 8, 8)."""
        if self.session is None:  # made after the processes have parted
            self.session = frozen()
        large = F.interpolate(scenes(pick) / 255, size=256, mode="bilinear").permute(0, 2, 3, 1).contiguous().numpy()
        found = [self.session.run([FEATURES], {"style_image": each[None]})[0] for each in large]
        return torch.from_numpy(np.concatenate(found))


def frozen() -> Any:
    """The starter restyler's reader of styles, so that it also says what it sees at 8x8 places."""
    import onnx
    import onnxruntime

    graph = onnx.load(weights.locate(RESTYLER) / "arbitrary_predict.onnx")
    graph.graph.output.append(onnx.helper.make_tensor_value_info(FEATURES, onnx.TensorProto.FLOAT, [1, DRAWN, 8, 8]))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])


class Anew(Trial):
    """From nothing."""

    lr = 1e-3

    def begin(self) -> Any:
        """Untrained."""
        return denoiser.build()


class Scenes(denoiser.Batches):
    """Scenes themselves."""

    def clean(self, pick: Tensor) -> Tensor:
        """Pictures (n, 3, 128, 128) in -1..1."""
        return scenes(pick) / 127.5 - 1


class Transformer(nn.Module):  # type: ignore[misc]
    """Noisy pixels, times and words -> the clean picture; pooled words and style are two tokens more."""

    def __init__(self) -> None:
        from diffusers import PixArtTransformer2DModel

        super().__init__()
        self.net = PixArtTransformer2DModel(
            num_attention_heads=4, attention_head_dim=64, in_channels=3, out_channels=3, num_layers=8,
            cross_attention_dim=256, sample_size=128, patch_size=PATCH, caption_channels=denoiser.WIDTH,
            use_additional_conditions=False,
        )  # fmt: skip
        self.label = nn.Linear(denoiser.CLASS_WIDTH, 2 * denoiser.WIDTH)

    def forward(self, noisy: Tensor, times: Tensor, states: Tensor, labels: Tensor) -> Tensor:
        """(n, 3, 128, 128)."""
        told = torch.cat([states, self.label(labels).unflatten(1, (2, denoiser.WIDTH))], 1)
        with precision.mixed("cpu"):
            return self.net(noisy, told, timestep=times * 1000).sample.float()


class Pixels(Trial):
    """From nothing, without latents: the clean picture is what the network says, the velocity what it is judged by."""

    lr = 1e-3
    plain = ("net.pos_embed", "net.proj_out", "net.scale", "net.adaln", "net.caption", "label")

    def __init__(self, workers: int) -> None:
        self.model = Transformer()
        self.batches = Scenes(latents.load(), denoiser.BATCH // workers, "cpu")

    def loss(self, step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        """Of the velocity that the clean picture amounts to."""
        clean, states, labels, _ = self.batches.draw(generator)
        times = torch.sigmoid(0.8 * torch.randn(len(clean), generator=generator) + 0.8)
        at = times[:, None, None, None]
        noisy = (1 - at) * clean + at * HUSH * torch.randn(clean.shape, generator=generator)
        miss = (self.model(noisy, times, states, labels) - clean) / at.clamp(min=LEAST)
        return miss.pow(2).mean(), len(clean)

    def paint(self, states: Tensor, labels: Tensor, generator: torch.Generator) -> Tensor:
        """Pictures from noise, in as many passes of the network twice over."""
        x = HUSH * torch.randn((len(states), 3, 128, 128), generator=generator)
        for now, after in pairwise(torch.linspace(1, 0, 2 * STEPS + 1)):
            told, free = (
                self.model(x, now.expand(len(x)), *words)
                for words in ((states, labels), (torch.zeros_like(states), torch.zeros_like(labels)))
            )
            clean = free + GUIDANCE * (told - free)
            x = clean + (after / now) * (x - clean)
        return x

    def miss(self, *_: Any) -> None:
        """Pixels have no loss to set beside that of latents."""


TRIALS: dict[str, type[Trial]] = {
    "as-it-is": Trial, "further": Trial, "attention": Attention, "aligned": Aligned, "anew": Anew, "pixels": Pixels,
}  # fmt: skip
