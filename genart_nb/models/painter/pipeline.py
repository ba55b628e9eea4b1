"""The starter painter as a diffusers pipeline: the same picture by torch, for those who build on it, and to compare."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import (
    AutoencoderDC,
    DiffusionPipeline,
    FlowMatchEulerDiscreteScheduler,
    ImagePipelineOutput,
    UNet2DConditionModel,
)
from PIL.Image import Image

from genart_nb.models import noise
from genart_nb.models.painter import pixels
from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.sampler import State, Step, advance, grid
from genart_nb.models.painter.starts import Start
from genart_nb.models.painter.words import Reader, Words, slots


class PainterPipeline(DiffusionPipeline):  # type: ignore[misc, unused-ignore]
    """Rectified flow on latents (8, 16, 16), guided, one picture a call.

    `latents_mean` and `latents_std` (8 numbers each) are what the autoencoder's latents are normalised by, taken from
    `latents.json` in its folder where they are not given; `styles` name the slots of the style weights. Loaded by

        DiffusionPipeline.from_pretrained(folder, trust_remote_code=True)

    since diffusers runs a pipeline that is not its own only when told so; the folder's `pipeline.py` imports this.
    """

    model_cpu_offload_seq = "unet->autoencoder"

    def __init__(
        self, unet: UNet2DConditionModel, autoencoder: AutoencoderDC, scheduler: FlowMatchEulerDiscreteScheduler,
        styles: list[str] | None = None, distilled: bool = False,
        latents_mean: list[float] | None = None, latents_std: list[float] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.register_modules(unet=unet, autoencoder=autoencoder, scheduler=scheduler)
        beside = Path(str(autoencoder.config.get("_name_or_path", ""))) / "latents.json"
        if latents_mean is None and beside.is_file():
            spread = json.loads(beside.read_text(encoding="utf-8"))
            latents_mean, latents_std = spread["shift"], spread["scale"]
        self.register_to_config(
            styles=styles or [], distilled=distilled, latents_mean=latents_mean, latents_std=latents_std
        )
        self._reader: Reader | None = None

    @torch.no_grad()  # type: ignore[untyped-decorator, unused-ignore]
    def __call__(
        self, prompt: str, *, negative_prompt: str = "", styles: Mapping[str, float] | None = None,
        num_inference_steps: int = 4, guidance_scale: float = 3.5, seed: int = 0, index: int = 0,
        image: Image | None = None, strength: float = 0.6, output_type: str = "pil",
    ) -> ImagePipelineOutput:  # fmt: skip
        """Paint 128 by 128 pixels; the start noise is ours (`noise.normal`), the same on every device.

        `image` is a picture to start from, of which `strength` in 0..1 is painted over. `output_type` is `pil`, or
        `np` for (1, 128, 128, 3) in 0..1. Raises OptionError for a style the painter does not have.
        """
        away = Words(((negative_prompt, 1.0),)) if negative_prompt.strip() else Words()
        words = Words(((prompt, 1.0),), slots(styles or {}, self.config.styles))
        times = grid(num_inference_steps, 1.0 if image is None else strength, float(self.scheduler.config.shift))
        start = self._start(image, strength)
        fresh, time = noise.normal(seed, (8, 16, 16), index), np.float32(start.time)
        state = State(fresh if start.latents is None else (1 - time) * start.latents + time * fresh)
        before = None
        for place in self.progress_bar(range(num_inference_steps)):
            step = Step(times[place], times[place + 1], guidance_scale, words, away)
            state, before = advance(state, step, before, self._velocity), step
        picture = start.detailed(self._decode(state.latents))
        if output_type == "pil":
            return ImagePipelineOutput(images=[pixels.image(picture)])
        return ImagePipelineOutput(images=picture.transpose(0, 2, 3, 1).clip(-1, 1) / 2 + 0.5)

    def _start(self, image: Image | None, strength: float) -> Start:
        if image is None:
            return Start(1.0)
        picture = pixels.array(pixels.square(image))
        mean, std = self._spread()
        latents = (self.autoencoder.encode(self._tensor(picture)).latent.float().cpu().numpy()[0] - mean) / std
        return Start(strength, latents, picture, self._decode(latents))

    def _velocity(self, latents: Any, step: Step) -> Any:
        if self._reader is None:
            self._reader = Reader(MiniLM())
        known = step.input(self.config.distilled)
        told = [self._reader.condition(step.words, known)]
        if step.guidance != 1 and not known:
            told.append(self._reader.condition(step.away))
        states, labels = (self._tensor(np.stack(each)) for each in zip(*told, strict=True))
        sample = self._tensor(latents[None]).expand(len(told), -1, -1, -1)
        time = torch.full((len(told),), 1000 * step.time, device=self.device, dtype=sample.dtype)
        found = self.unet(sample, time, states, class_labels=labels, return_dict=False)[0].float().cpu().numpy()
        if len(told) == 1:
            return found[0]
        return found[1] + np.float32(step.guidance) * (found[0] - found[1])

    def _decode(self, latents: Any) -> Any:
        mean, std = self._spread()
        return (
            self.autoencoder.decode(self._tensor((latents * std + mean)[None]), return_dict=False)[0]
            .float()
            .cpu()
            .numpy()
        )

    def _spread(self) -> tuple[Any, Any]:
        mean, std = self.config.latents_mean or [0.0] * 8, self.config.latents_std or [1.0] * 8
        return np.asarray(mean, np.float32)[:, None, None], np.asarray(std, np.float32)[:, None, None]

    def _tensor(self, array: Any) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self.device, self.unet.dtype)
