"""The starter's denoiser once more, with guidance as an input: one pass of the network where there were two.

The student begins as the teacher, and learns what the teacher says when it is guided, with the guidance told in a slot
of its own (Meng et al., https://arxiv.org/abs/2210.03142). Where that slot is 0 it stays the plain model, so negative
prompts go on working by two passes. What is asked need not be what is there: words and styles are often those of
another picture or between two, as when a collage is redrawn in a style that its references do not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from genart_nb.training import data, denoiser, latents, loop, precision
from genart_nb.training.denoiser import WIDTH
from genart_nb.training.vocabulary import SLOTS

BATCH = 64
GUIDANCE = WIDTH + SLOTS
LEAST, MOST = 1.0, 8.0
"""Guidance that the student is taught."""

PLAIN, BLANK = 0.25, 0.08
"""Shares without guidance: of all, and of these with nothing said."""

OTHER_STYLE, OTHER_WORDS, BETWEEN, UNSTYLED = 0.4, 0.15, 0.15, 0.1
"""Shares whose style is drawn anew, whose words are another picture's, which lie between two, which have no style."""

PLAINLY = (*denoiser.PLAIN, "class_embedding")
"""Trained by AdamW: a new input is one column, and Muon would hold it to the pace of all others."""

LOW, SHIFT = 0.35, 2.0
"""Share of times that a redrawn collage meets, below `REDRAWN`; the rest lie on the sampler's own bent grid."""
REDRAWN = 0.3


@dataclass
class Lesson:
    """Noisy latents (n, 8, 16, 16) at `times` (n,), token states, labels with their guidance, and what to answer."""

    noisy: Tensor
    times: Tensor
    states: Tensor
    labels: Tensor
    target: Tensor


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "distil"


def load() -> Any:
    """The trained student (its average), frozen; raises FileNotFoundError where there is none."""
    model = denoiser.build()
    model.load_state_dict(loop.weights(folder()))
    return model.eval().requires_grad_(False)


def student() -> Any:
    """The teacher as it is, deaf to guidance until it has learnt."""
    model = denoiser.build()
    model.load_state_dict(denoiser.load().state_dict())
    with torch.no_grad():
        model.class_embedding.weight[:, GUIDANCE:] = 0
    return model


def times(count: int, generator: torch.Generator) -> Tensor:
    """Times (count,) in 0..1: often low, as when a collage is redrawn, else as the sampler's grid has them."""
    even, low = torch.rand(count, generator=generator), torch.rand(count, generator=generator) < LOW
    return torch.where(low, even * REDRAWN, SHIFT * even / (1 + (SHIFT - 1) * even))


def ask(states: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Words and styles as people ask for them, made from those of pictures: others', mixed, or none."""
    count = len(labels)
    words, styles = labels[:, :WIDTH].clone(), labels[:, WIDTH:GUIDANCE].clone()
    roll, other = torch.rand(count, generator=generator), torch.randperm(count, generator=generator)
    share = torch.where(roll < OTHER_WORDS, 1.0, torch.rand(count, generator=generator))
    share = torch.where(roll < OTHER_WORDS + BETWEEN, share, 0.0)
    states = states.lerp(states[other], share[:, None, None])
    words = words.lerp(words[other], share[:, None])
    one, two = (F.one_hot(torch.randint(6, (count,), generator=generator), SLOTS).float() for _ in range(2))
    mixed = torch.where(torch.rand(count, generator=generator) < 0.5, torch.rand(count, generator=generator), 1.0)
    fresh = torch.rand(count, generator=generator) < OTHER_STYLE
    styles = torch.where(fresh[:, None], two.lerp(one, mixed[:, None]), styles)
    styles = styles * (torch.rand(count, generator=generator) >= UNSTYLED).float()[:, None]
    return states, torch.cat([words, styles, labels.new_zeros(count, 2)], 1)


@torch.no_grad()  # type: ignore[untyped-decorator]
def lesson(
    teacher: Any, clean: Tensor, states: Tensor, labels: Tensor, generator: torch.Generator, device: str = "cpu"
) -> Lesson:
    """What the teacher, guided or plain, answers; `clean` is (n, 8, 16, 16), conditions as `Batches` draws them.

    Drawn on the CPU, so that the same seed asks the same anywhere, and answered on `device`.
    """
    count = len(clean)
    states, labels = ask(states, labels, generator)
    at = times(count, generator)
    noise = torch.randn(clean.shape, generator=generator)
    noisy = at[:, None, None, None] * noise + (1 - at[:, None, None, None]) * clean
    plain = round(PLAIN * count)  # the first of the batch, which is in no order
    blank = (torch.arange(count) < plain) & (torch.rand(count, generator=generator) < BLANK / PLAIN)
    states, labels = states * ~blank[:, None, None], labels * ~blank[:, None]
    guidance = LEAST + (MOST - LEAST) * torch.rand(count - plain, generator=generator)
    noisy, at, states, labels, guidance = (each.to(device) for each in (noisy, at, states, labels, guidance))
    twice = (torch.cat([each, each[plain:]]) for each in (noisy, at))
    blanked = (torch.cat([each, torch.zeros_like(each[plain:])]) for each in (states, labels))
    said = answer(teacher, *twice, *blanked)
    told, free = said[plain:count], said[count:]
    guided = free + guidance[:, None, None, None] * (told - free)
    labels[plain:, GUIDANCE] = guidance
    return Lesson(noisy, at, states, labels, torch.cat([said[:plain], guided]))


def answer(model: Any, noisy: Tensor, at: Tensor, states: Tensor, labels: Tensor) -> Tensor:
    """Velocities (n, 8, 16, 16), float32."""
    with precision.mixed(noisy.device):
        made = model(
            noisy.contiguous(memory_format=torch.channels_last), at * 1000,
            encoder_hidden_states=states, class_labels=labels,
        ).sample  # fmt: skip
    velocity: Tensor = made.float()
    return velocity


def miss(model: Any, taught: Lesson) -> Tensor:
    """Mean squared error, where more guidance, which makes all velocities longer, counts no more than less."""
    made = answer(model, taught.noisy, taught.times, taught.states, taught.labels)
    weight = 1 / (1 + 0.1 * taught.labels[:, GUIDANCE])
    found: Tensor = (weight * (made - taught.target).pow(2).mean((1, 2, 3))).mean()
    return found


def train(minutes: float = 60.0, seed: int = 0, steps: int = 1400, device: str = "cpu", workers: int = 2) -> loop.State:
    """Train a student of the trained denoiser; goes on where it stopped. `workers` processes share each batch."""
    torch.manual_seed(seed)
    model, teacher = (precision.suited(each, device) for each in (student(), denoiser.load()))
    workers = 1 if device.startswith("cuda") else workers
    batches = denoiser.Batches(latents.load(), BATCH // workers, "cpu")
    plan = loop.Plan(
        folder(), steps, minutes, lr=3e-4, warmup=40, ema=0.99, seed=seed, device=device, muon=PLAINLY,
        workers=workers,
    )  # fmt: skip

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        clean, states, labels, _ = batches.draw(generator)
        return miss(model, lesson(teacher, clean, states, labels, generator, device)), batches.batch

    return loop.train(model, loss, plan)
