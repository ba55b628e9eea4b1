"""The picture as the model sees it so far: its estimate of the clean latents, and a cheap look at them."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.nn import functional

from genart_nb.models.noise import bits

SMALL = 5_000_000
"""Parameters up to which a decoder is quick enough to decode previews with."""
_SIDE, _FIELDS = 8, 4  # latents a side, and pictures, that the linear look is fitted on


def estimate(out: Any, scheduler: Any, predicted: Any, timestep: Any, sample: Any, before: int | None) -> Any:
    """The clean latents this step points at: as the scheduler says, or from its prediction, or the latents as they are.

    `out` is the step's output, `before` the scheduler's step index before it.
    """
    for name in ("pred_original_sample", "denoised"):
        if getattr(out, name, None) is not None:
            return getattr(out, name)
    kind = scheduler.config.get("prediction_type", "")
    if kind == "flow_prediction" or not kind:  # rectified flow: x_t = (1 - sigma) x_0 + sigma noise
        sigmas = getattr(scheduler, "sigmas", None)
        if sigmas is None:
            return out.prev_sample
        at = before if before is not None else 0
        return sample - sigmas[min(at, len(sigmas) - 1)].to(sample) * predicted
    signals = getattr(scheduler, "alphas_cumprod", None)
    if signals is None:
        return out.prev_sample
    signal = signals[int(timestep)].to(sample.device, torch.float32)
    root, rest = signal.sqrt(), (1 - signal).sqrt()
    clean = {"epsilon": lambda: (sample - rest * predicted) / root, "sample": lambda: predicted,
             "v_prediction": lambda: root * sample - rest * predicted}  # fmt: skip
    return clean.get(kind, lambda: out.prev_sample)().to(sample.dtype)


class Look:
    """Latents to a picture, for one VAE.

    A small decoder decodes; for a large one a linear map from latent channels to colours stands in, fitted once to
    the VAE's own encodings of a few colour fields. Nothing it does touches the picture being made.
    """

    def __init__(self, vae: Any) -> None:
        self._vae = vae
        decoder = getattr(vae, "decoder", None)
        self._decodes = decoder is not None and sum(each.numel() for each in decoder.parameters()) <= SMALL
        self._map: torch.Tensor | None = None

    def __call__(self, pipe: Any, latents: Any, size: tuple[int, int]) -> Image.Image:
        """An RGB picture of `size` (width, height) from a pipeline's latents, packed or not."""
        with torch.no_grad():
            return self._seen(pipe, latents, size)

    def _seen(self, pipe: Any, latents: Any, size: tuple[int, int]) -> Image.Image:
        grid = _unpacked(pipe, latents, size)
        if grid is None or self._vae is None:
            return Image.new("RGB", size, (127, 127, 127))
        raw = self._raw(grid)
        try:
            colours = self._decoded(raw) if self._decodes else self._linear(raw)
        except (RuntimeError, TypeError, ValueError, AttributeError):  # a VAE of another kind (video): show the shape
            colours = _normalised(raw)
        pixels = (colours[0].float().clamp(-1, 1).permute(1, 2, 0).cpu().numpy() + 1) * 127.5
        return Image.fromarray(np.round(np.nan_to_num(pixels)).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)

    def _decoded(self, raw: Any) -> Any:
        return self._vae.decode(raw.to(self._vae.dtype), return_dict=False)[0]

    def _linear(self, raw: Any) -> Any:
        if self._map is None:
            self._map = self._fitted()
        ones = torch.ones_like(raw[:, :1])
        return torch.einsum("oc,bchw->bohw", self._map.to(raw.device), torch.cat([raw, ones], 1).float())

    def _fitted(self) -> torch.Tensor:
        """(3, channels + 1): the colours of a field by its latents, least squares."""
        device, dtype = self._vae.device, self._vae.dtype
        words = bits(0, _FIELDS * 3 * 16).astype(np.float32) / 2**31 - 1
        fields = torch.from_numpy(words.reshape(_FIELDS, 3, 4, 4)).to(device)
        trial = self._encoded(torch.zeros(1, 3, 256, 256, device=device, dtype=dtype))
        scale = 256 // trial.shape[-1]
        wide = functional.interpolate(fields, size=(_SIDE * scale, _SIDE * scale), mode="bilinear")
        latents = self._encoded(wide.to(dtype)).float()
        colours = functional.interpolate(wide, size=latents.shape[-2:], mode="area")
        known = torch.cat([latents, torch.ones_like(latents[:, :1])], 1).movedim(1, -1).flatten(0, 2)
        solved = torch.linalg.lstsq(known.cpu(), colours.movedim(1, -1).flatten(0, 2).cpu(), driver="gelsd").solution
        return torch.as_tensor(solved.T.to(device))

    def _encoded(self, pictures: Any) -> Any:
        out = self._vae.encode(pictures)
        return out.latent_dist.mode() if hasattr(out, "latent_dist") else out.latent

    def _raw(self, grid: Any) -> Any:
        """Latents as the VAE has them: pipelines keep them shifted and scaled to about unit variance."""
        config = self._vae.config
        mean, deviation = config.get("latents_mean"), config.get("latents_std")
        grid = grid.float()
        if mean and deviation and len(mean) == grid.shape[1]:
            shape = (1, -1, 1, 1)
            grid = grid * torch.tensor(deviation, device=grid.device).view(shape)
            return grid / (config.get("scaling_factor") or 1) + torch.tensor(mean, device=grid.device).view(shape)
        return grid / (config.get("scaling_factor") or 1) + (config.get("shift_factor") or 0)


def _unpacked(pipe: Any, latents: Any, size: tuple[int, int]) -> Any:
    if latents.ndim == 3 and hasattr(pipe, "_unpack_latents"):
        try:
            latents = pipe._unpack_latents(latents, size[1], size[0], pipe.vae_scale_factor)
        except (RuntimeError, TypeError, ValueError):
            return None
    if latents.ndim == 5 and latents.shape[2] == 1:
        latents = latents[:, :, 0]
    return latents if latents.ndim == 4 else None


def _normalised(raw: Any) -> Any:
    shape = (raw[:, :3] if raw.shape[1] >= 3 else raw[:, :1].expand(-1, 3, -1, -1)).float()
    return (shape - shape.mean()) / (3 * shape.std() + 1e-6)
