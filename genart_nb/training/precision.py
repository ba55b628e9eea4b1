"""bfloat16 where it is faster: on GPUs, and on processors that multiply in it; elsewhere it is ten times slower."""

from __future__ import annotations

import functools

import torch


@functools.cache
def dtype(kind: str) -> torch.dtype:
    """What matrices are multiplied in on a kind of device, such as `cpu`: torch.bfloat16 or torch.float32."""
    fast = kind != "cpu" or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
    return torch.bfloat16 if fast else torch.float32


def mixed(device: str | torch.device) -> torch.autocast:
    """A context in which a network runs at the precision that suits its device."""
    kind = torch.device(device).type
    return torch.autocast(kind, torch.bfloat16, enabled=dtype(kind) is torch.bfloat16)
