"""Muon for matrices and convolutions, AdamW for the rest.

Jordan et al., "Muon: an optimizer for hidden layers", https://kellerjordan.github.io/posts/muon; the scale
that lets both share one learning rate and weight decay is from Liu et al., https://arxiv.org/abs/2502.16982.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from genart_nb.training import precision

COEFFICIENTS = (3.4445, -4.7750, 2.0315)


def orthogonal(batch: Tensor, rounds: int = 5) -> Tensor:
    """Newton-Schulz towards the nearest orthogonal matrices; batch is (n, rows, columns), any float type."""
    a, b, c = COEFFICIENTS
    matrix = batch.to(precision.dtype(batch.device.type))
    tall = matrix.size(1) > matrix.size(2)
    matrix = matrix.mT if tall else matrix
    matrix = matrix / (matrix.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(rounds):
        gram = matrix @ matrix.mT
        matrix = a * matrix + (b * gram + c * gram @ gram) @ matrix
    return matrix.mT if tall else matrix


class Muon(torch.optim.Optimizer):  # type: ignore[misc]
    """Momentum, orthogonalised per matrix; vectors, and what is named in `plain`, take AdamW."""

    def __init__(self, model: nn.Module, lr: float, weight_decay: float, plain: Iterable[str] = ()) -> None:
        skipped = tuple(plain)
        self.matrices = {
            id(value) for name, value in model.named_parameters() if value.ndim >= 2 and not name.startswith(skipped)
        }
        super().__init__(list(model.parameters()), {"lr": lr, "weight_decay": weight_decay})
        for value in model.parameters():  # made now, so that processes can share it
            if id(value) in self.matrices:
                self.state[value] = {"momentum": torch.zeros_like(value)}
            else:
                moments = {"exp_avg": torch.zeros_like(value), "exp_avg_sq": torch.zeros_like(value)}
                self.state[value] = {"step": torch.zeros(()), **moments}

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def step(self, closure: Any = None) -> None:
        """One update of every parameter that has a gradient."""
        for group in self.param_groups:
            shapes: dict[tuple[int, int], list[Tensor]] = {}
            for value in group["params"]:
                if value.grad is None:
                    continue
                if id(value) in self.matrices:
                    shapes.setdefault((value.size(0), value[0].numel()), []).append(value)
                else:
                    self._adamw(value, group["lr"], group["weight_decay"])
            for shape, values in shapes.items():
                self._muon(shape, values, group["lr"], group["weight_decay"])

    def _muon(self, shape: tuple[int, int], values: list[Tensor], lr: float, decay: float) -> None:
        steps = []
        for value in values:
            momentum = self.state[value]["momentum"]
            momentum.lerp_(value.grad, 0.05)
            steps.append(value.grad.lerp(momentum, 0.95).reshape(shape))
        for value, change in zip(values, orthogonal(torch.stack(steps)), strict=True):
            value.mul_(1 - lr * decay)
            value.add_(change.reshape(value.shape).to(value.dtype), alpha=-lr * 0.2 * max(shape) ** 0.5)

    def _adamw(self, value: Tensor, lr: float, decay: float) -> None:
        state = self.state[value]
        state["step"] += 1
        count = float(state["step"])
        state["exp_avg"].lerp_(value.grad, 0.1)
        state["exp_avg_sq"].mul_(0.99).addcmul_(value.grad, value.grad, value=0.01)
        scale = (state["exp_avg_sq"] / (1 - 0.99**count)).sqrt_().add_(1e-8)
        if value.ndim >= 2:
            value.mul_(1 - lr * decay)
        value.addcdiv_(state["exp_avg"] / (1 - 0.9**count), scale, value=-lr)
