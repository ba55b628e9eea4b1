"""The judge of pictures: a small picture encoder that shares a space with MiniLM's text vectors, and knows styles.

Contrastive (Radford et al., https://arxiv.org/abs/2103.00020) with one difference: pictures of one concept are not told
apart. It measures only and does not ship. It never sees the held-out pairs of style and concept, nor one picture of
each concept that is kept to say how well real pictures do.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from genart_nb.training import data, loop, precision
from genart_nb.training.vocabulary import STYLES, phrase

SIDE, BATCH, WIDTH = 64, 96, 192
TEMPLATES = ("{}", "a picture of {}", "a drawing of {}")


class Judge(nn.Module):  # type: ignore[misc]
    """Pictures (n, 3, 64, 64) in -1..1 and MiniLM means (n, 384) -> unit vectors (n, 192); logits of the styles."""

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 32, 64, 128, 192)
        self.stages = nn.Sequential(*(_stage(a, b) for a, b in pairwise(widths)))
        self.picture = nn.Linear(widths[-1] * 16, WIDTH)
        self.text = nn.Linear(384, WIDTH)
        self.style = nn.Linear(widths[-1] * 2, len(STYLES))
        self.heat = nn.Parameter(torch.tensor(2.7))

    def see(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Unit vectors and style logits of pictures."""
        found = self.stages(pictures)
        flat = found.flatten(1)
        both = torch.cat([found.mean((2, 3)), found.amax((2, 3))], 1)
        return F.normalize(self.picture(flat).float(), dim=1), self.style(both).float()

    def read(self, pooled: Tensor) -> Tensor:
        """Unit vectors of texts."""
        return F.normalize(self.text(pooled).float(), dim=1)


def _stage(given: int, made: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(given, made, 3, stride=2, padding=1), nn.GroupNorm(8, made), nn.SiLU(),
        nn.Conv2d(made, made, 3, padding=1), nn.GroupNorm(8, made), nn.SiLU(),
    )  # fmt: skip


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "judge"


def load() -> Judge:
    """The trained judge, frozen."""
    model = Judge()
    model.load_state_dict(loop.weights(folder()))
    return model.requires_grad_(False).eval()  # type: ignore[no-any-return]


def kept(entries: Sequence[data.Entry], seed: int = 0) -> list[int]:
    """One styled picture of each concept, which the judge never sees; held-out pairs first."""
    dice = random.Random(seed)
    choices: dict[str, list[int]] = {}
    for index, entry in enumerate(entries):
        if entry.style and entry.style != "outline":
            choices.setdefault(entry.code, []).append(index)
    return [next((i for i in found if entries[i].held_out), None) or dice.choice(found) for found in choices.values()]


class Views:
    """Pictures as the judge trains on them: moved, resized, mirrored, on colours, a little blurred."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        rgba = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255
        self.alpha = rgba[:, 3:].half()
        self.colour = (rgba[:, :3] * rgba[:, 3:]).half()  # premultiplied

    def draw(self, pick: Tensor, generator: torch.Generator) -> Tensor:
        """A view of each picked picture, (n, 3, 64, 64) in -1..1."""
        count = len(pick)
        size = 1 / (0.62 + 0.43 * torch.rand(count, generator=generator))
        mirror = torch.where(torch.rand(count, generator=generator) < 0.35, -1.0, 1.0)
        shift = (torch.rand(count, 2, generator=generator) - 0.5) * 0.4
        affine = torch.zeros(count, 2, 3)
        affine[:, 0, 0], affine[:, 1, 1], affine[:, :, 2] = size * mirror, size, shift
        grid = F.affine_grid(affine, [count, 4, SIDE, SIDE], align_corners=False)
        layers = torch.cat([self.colour[pick], self.alpha[pick]], 1).float()
        seen = F.grid_sample(layers, grid, align_corners=False)
        plain = torch.rand(count, 1, 1, 1, generator=generator) < 0.6
        ground = torch.where(plain, torch.ones(()), torch.rand(count, 3, 1, 1, generator=generator))
        shown = seen[:, :3] + ground * (1 - seen[:, 3:])
        if torch.rand((), generator=generator) < 0.4:
            shown = F.avg_pool2d(F.pad(shown, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
        noise = torch.randn(shown.shape, generator=generator) * 0.03
        return ((shown + noise) * 2 - 1).clamp(-1, 1).contiguous(memory_format=torch.channels_last)


def train(minutes: float = 8.0, seed: int = 0, steps: int = 2600, device: str = "cpu", workers: int = 2) -> loop.State:
    """Train on every set, also those that the denoiser never saw."""
    from genart_nb.models.painter.minilm import MiniLM

    torch.manual_seed(seed)
    entries, pictures = data.load(SIDE)
    hidden = set(kept(entries)) | {i for i, entry in enumerate(entries) if entry.held_out}
    use = [i for i in range(len(entries)) if i not in hidden]
    views = Views(pictures[use])
    codes = {code: row for row, code in enumerate(sorted({entry.code for entry in entries}))}
    concept = torch.tensor([codes[entries[i].code] for i in use])
    style = torch.tensor([STYLES.index(entries[i].style) if entries[i].style else -1 for i in use])
    names = {entries[i].code: entries[i].name for i in use}
    texts = [template.format(phrase(names[code])) for code in codes for template in TEMPLATES]
    pooled = torch.from_numpy(MiniLM().encode(texts)[1]).view(len(codes), len(TEMPLATES), 384)
    model = Judge().to(device, memory_format=torch.channels_last)
    plan = loop.Plan(
        folder(), steps, minutes, lr=1e-3, warmup=100, ema=0.995, seed=seed, device=device, weight_decay=0.05,
        muon=("style",), workers=1 if device.startswith("cuda") else workers,
    )  # fmt: skip

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        pick = torch.randint(len(use), (BATCH,), generator=generator)
        told = torch.randint(len(TEMPLATES), (BATCH,), generator=generator)
        shown = views.draw(pick, generator).to(device)
        with precision.mixed(device):
            seen, styles = model.see(shown)
            read = model.read(pooled[concept[pick], told].to(device))
        return _loss(model, seen, styles, read, concept[pick].to(device), style[pick].to(device)), BATCH

    return loop.train(model, loss, plan)


def _loss(model: Judge, seen: Tensor, styles: Tensor, read: Tensor, concept: Tensor, style: Tensor) -> Tensor:
    same = (concept[:, None] == concept[None]).float()
    target = same / same.sum(1, keepdim=True)
    logits = seen @ read.T * model.heat.exp().clamp(max=60)
    match = F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)
    styled = style >= 0  # sets of no style teach names alone
    told = F.cross_entropy(styles[styled], style[styled], reduction="sum") / styled.sum().clamp(min=1)
    return 0.5 * match + 0.3 * told


class Verdicts:
    """What the judge says of finished pictures."""

    def __init__(self, names: Sequence[str], pooled: NDArray[np.float32]) -> None:
        self.names, self.model = list(names), load()
        with torch.no_grad():
            self.texts = self.model.read(torch.from_numpy(pooled))

    def look(self, pictures: Sequence[Any]) -> tuple[NDArray[np.int64], list[str], NDArray[np.float32]]:
        """Of PIL pictures: names ranked best first (n, names), the style of each, and their vectors (n, 192)."""
        seen, styles = self._see(pictures)
        order = (seen @ self.texts.T).argsort(dim=1, descending=True)
        return order.numpy(), [STYLES[i] for i in styles.argmax(1).tolist()], seen.numpy()

    def sure(self, pictures: Sequence[Any]) -> NDArray[np.float32]:
        """How likely each style is, (n, 6)."""
        found: NDArray[np.float32] = self._see(pictures)[1].softmax(1).numpy()
        return found

    def _see(self, pictures: Sequence[Any]) -> tuple[Tensor, Tensor]:
        from PIL import Image

        small = [picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX) for picture in pictures]
        batch = torch.from_numpy(np.stack([np.asarray(each) for each in small])).permute(0, 3, 1, 2).float() / 127.5 - 1
        with torch.no_grad():
            return self.model.see(batch.contiguous(memory_format=torch.channels_last))
