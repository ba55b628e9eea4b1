"""The composer's network: a small causal transformer that is told, before every token, what that token is for.

Pre-norm blocks with RMSNorm, SwiGLU and rotary positions (Touvron et al. 2023, https://arxiv.org/abs/2302.13971), so
that the very weights of its blocks can stand in a LlamaModel. New: beside the token before, each place is given rows of
a table that say whose note is next, where in the bar, how many bars are left, and what every voice sounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genart_nb.models.composer.grammar import CONTEXT, VOCABULARY


@dataclass(frozen=True)
class Size:
    """How large the network is."""

    width: int = 192
    layers: int = 6
    heads: int = 3
    hidden: int = 512
    dropout: float = 0.1
    theta: float = 10000.0


class Composer(nn.Module):  # type: ignore[misc]
    """Tokens (1, n), rows of the context (1, n, fields) and what went before to logits (1, n, vocabulary).

    `past` is (layers, 2, rows, heads, t, width of a head): keys and values of the tokens before; t may be 0.
    """

    def __init__(self, size: Size | None = None) -> None:
        super().__init__()
        self.size = size or Size()
        self.tokens = nn.Embedding(VOCABULARY, self.size.width)
        self.context = nn.Embedding(CONTEXT, self.size.width)
        self.blocks = nn.ModuleList(Block(self.size) for _ in range(self.size.layers))
        self.norm = Norm(self.size.width)
        self.head = nn.Linear(self.size.width, VOCABULARY, bias=False)
        self.drop = nn.Dropout(self.size.dropout)
        self.apply(_begin)

    def forward(self, tokens: Tensor, context: Tensor, past: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Logits, and keys and values of all tokens so far."""
        states = self.drop(self.tokens(tokens) + self.context(context).sum(2))
        before = past.shape[4] if past is not None else 0
        turns = _turns(self.size, before, tokens.shape[1], states.device)
        kept = []
        for at, block in enumerate(self.blocks):
            states, seen = block(states, turns, past[at] if past is not None else None)
            kept.append(seen)
        return self.head(self.norm(states)), torch.stack(kept)


class Norm(nn.Module):  # type: ignore[misc]
    """RMSNorm, https://arxiv.org/abs/1910.07467, in operations that export as they are."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, states: Tensor) -> Tensor:
        """Each vector at unit size, in float32."""
        wide = states.float()
        return wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class Block(nn.Module):  # type: ignore[misc]
    """Attention, then a gated layer."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.norm1, self.norm2 = Norm(size.width), Norm(size.width)
        self.query, self.key = (nn.Linear(size.width, size.width, bias=False) for _ in range(2))
        self.value, self.out = (nn.Linear(size.width, size.width, bias=False) for _ in range(2))
        self.gate, self.up = (nn.Linear(size.width, size.hidden, bias=False) for _ in range(2))
        self.down = nn.Linear(size.hidden, size.width, bias=False)
        self.drop = nn.Dropout(size.dropout)

    def forward(self, states: Tensor, turns: tuple[Tensor, Tensor], past: Tensor | None) -> tuple[Tensor, Tensor]:
        """States after this block, and keys and values (2, rows, heads, t + n, width of a head)."""
        inner = self.norm1(states)
        query, key, value = (self._split(layer(inner)) for layer in (self.query, self.key, self.value))
        query, key = _turned(query, turns), _turned(key, turns)
        if past is not None:
            key, value = torch.cat([past[0], key], 2), torch.cat([past[1], value], 2)
        mixed = _attend(query, key, value)
        rows, _, length, _ = query.shape
        states = states + self.drop(self.out(mixed.transpose(1, 2).reshape(rows, length, -1)))
        inner = self.norm2(states)
        states = states + self.drop(self.down(F.silu(self.gate(inner)) * self.up(inner)))
        return states, torch.stack([key, value])

    def _split(self, states: Tensor) -> Tensor:
        rows, length, width = states.shape
        return states.view(rows, length, self.heads, width // self.heads).transpose(1, 2)


def _attend(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """Causal attention where the queries are the last of the keys.

    Written out: so it exports as it is, and short rows on a CPU take a third of the time that the fused one takes.
    """
    new, all_ = query.shape[2], key.shape[2]
    ahead = torch.arange(all_, device=query.device)[None, :] > torch.arange(new, device=query.device)[:, None] + (
        all_ - new
    )
    scores = query @ key.transpose(2, 3) * query.shape[3] ** -0.5
    return torch.softmax(scores.masked_fill(ahead, -1e4), -1) @ value


def _turns(size: Size, before: int, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines (n, half a head) of rotary positions, https://arxiv.org/abs/2104.09864."""
    half = size.width // size.heads // 2
    rates = size.theta ** (-torch.arange(half, device=device, dtype=torch.float32) / half)
    angles = (before + torch.arange(length, device=device, dtype=torch.float32))[:, None] * rates
    return angles.cos(), angles.sin()


def _turned(states: Tensor, turns: tuple[Tensor, Tensor]) -> Tensor:
    cosine, sine = (each.to(states.dtype) for each in turns)
    one, other = states.chunk(2, -1)
    return torch.cat([one * cosine - other * sine, other * cosine + one * sine], -1)


def _begin(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
