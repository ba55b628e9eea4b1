"""Networks run as is fastest where they are.

bfloat16 on GPUs, and on processors that multiply in it well. Some cannot, and are ten times slower; some can and are
slower all the same, such as a Xeon with AVX512-BF16 whose AMX is hidden by its virtual machine. So it is timed.
"""

from __future__ import annotations

import functools
import time
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ROUNDS = 4
"""Of the timing; the quickest counts."""


@functools.cache
def dtype(kind: str) -> torch.dtype:
    """What matrices are multiplied in on a kind of device, such as `cpu`: torch.bfloat16 or torch.float32."""
    fast = kind != "cpu" or (torch.ops.mkldnn._is_mkldnn_bf16_supported() and _pass(True) < _pass(False))
    return torch.bfloat16 if fast else torch.float32


@torch.enable_grad()  # type: ignore[untyped-decorator]
def _pass(mixed: bool) -> float:
    """Seconds of a pass forward and back of a layer such as ours; no chance is used up."""
    given = torch.full((8, 128, 16, 16), 0.5).contiguous(memory_format=torch.channels_last).requires_grad_()
    weight = torch.full((128, 128, 3, 3), 0.01).contiguous(memory_format=torch.channels_last).requires_grad_()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
            made = F.conv2d(given, weight, padding=1)
        made.float().sum().backward()
        times.append(time.perf_counter() - began)
    return min(times)


def mixed(device: str | torch.device) -> torch.autocast:
    """A context in which a network runs at the precision that suits its device."""
    kind = torch.device(device).type
    return torch.autocast(kind, torch.bfloat16, enabled=dtype(kind) is torch.bfloat16)


def suited(model: Any, device: str) -> Any:
    """A UNet of diffusers on its device, its layers as they are fastest there."""
    from diffusers.models.attention_processor import AttnProcessor

    model = model.to(device)
    if not device.startswith("cuda"):
        model.set_attn_processor(AttnProcessor())  # at 64 tokens plain products beat the fused kernel's backward
        for layer in model.modules():
            if isinstance(layer, nn.GroupNorm):
                layer.register_forward_pre_hook(_widened)
    return model


def _widened(_: nn.Module, given: tuple[Tensor]) -> tuple[Tensor]:
    """In float32: of channels-last bfloat16, torch's group_norm takes six times as long on a CPU."""
    return (given[0].float(),)
