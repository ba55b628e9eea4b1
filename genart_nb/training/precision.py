"""Networks run as is fastest where they are.

bfloat16 on GPUs, and on processors that multiply in it; elsewhere it is ten times slower.
"""

from __future__ import annotations

import functools
from typing import Any

import torch
from torch import Tensor, nn


@functools.cache
def dtype(kind: str) -> torch.dtype:
    """What matrices are multiplied in on a kind of device, such as `cpu`: torch.bfloat16 or torch.float32."""
    fast = kind != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.bfloat16 if fast else torch.float32


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
