"""All the noise a pipeline draws, taken from our Philox instead of torch's generators."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from genart_nb.models.noise import bits, normal, turned


class PhiloxNoise(TorchFunctionMode):  # type: ignore[misc]  # torch is untyped here
    """While it is entered, `torch.randn` and `torch.randn_like` give a picture's own noise, on any device.

    Pipelines and schedulers differ in whether they take latents, pack them, scale them, or pass a generator on, but
    all of them draw with `torch.randn`. A function mode is torch's own way to stand in for it, and is seen by the
    thread that entered it alone, so nobody's module is patched. Each draw has a Philox stream of its own, in order:
    0 is the start noise, or for a picture redrawn the sampling of its latents. It is entered only around
    `prepare_latents` and the scheduler's step, since it slows every torch call down a little. `toward` is the seed and
    index of other noise that it has turned to by a share of the way.
    """

    def __init__(self, seed: int, index: int, toward: tuple[int, int, float] | None = None) -> None:
        super().__init__()
        self.seed, self.index, self.draws = seed, index, 0
        self._toward = toward

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.randn:
            return self._draw(_shape(args, kwargs), kwargs.get("device"), kwargs.get("dtype"))
        if func is torch.randn_like:
            like = args[0] if args else kwargs["input"]
            return self._draw(tuple(like.shape), kwargs.get("device") or like.device, kwargs.get("dtype") or like.dtype)
        return func(*args, **kwargs)

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, drawing from here."""

        @functools.wraps(call)
        def drawing(*args: Any, **kwargs: Any) -> Any:
            with self:
                return call(*args, **kwargs)

        return drawing

    def generator(self) -> torch.Generator:
        """A generator on the CPU for whatever draws outside; it too depends on the picture alone."""
        return torch.Generator("cpu").manual_seed(int(bits(self.seed, 1, self.index, 2**32 - 1)[0]))

    def _draw(self, shape: tuple[int, ...], device: Any, dtype: Any) -> torch.Tensor:
        drawn = normal(self.seed, shape, self.index, self.draws)
        if self._toward:
            seed, index, share = self._toward
            drawn = turned(drawn, normal(seed, shape, index, self.draws), share)
        self.draws += 1
        return torch.from_numpy(drawn).to(device=device or "cpu", dtype=dtype or torch.get_default_dtype())


def _shape(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> tuple[int, ...]:
    given = args or (kwargs["size"],)
    return tuple(given) if isinstance(given[0], int) else tuple(given[0])
