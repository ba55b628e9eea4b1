"""The starter's denoiser shown a drawing: it draws the same thing, as that drawing has it, in another style.

The drawing's latents go in beside the noisy ones (Brooks et al., https://arxiv.org/abs/2211.09800), through channels
that begin at zero, so training begins with what the denoiser knows. Lessons are pairs of drawings of one thing, laid
alike on the page, and drawings with their own black and white. It fills the bank once and does not ship.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from genart_nb.models.painter.sampler import State, advance_by, grid
from genart_nb.training import data, denoiser, latents, loop, pairs, precision
from genart_nb.training.vocabulary import SLOTS, STYLES

BATCH = 64
CHANNELS = denoiser.CONFIG["in_channels"]

SHOWN, PLAIN = 0.9, 0.42
"""How often it is shown a drawing, and how often that is the drawing itself in black and white."""
NAMED, STYLED = 0.8, 0.92
"""How often it is told the name and the style."""
TILT = 0.9
"""Mean of the logit of t: what is shown matters most while little can be seen of what is wanted."""


def build() -> Any:
    """An untrained one: a denoiser with room for a drawing in its first layer."""
    from diffusers import UNet2DConditionModel

    model = UNet2DConditionModel(**{**denoiser.CONFIG, "in_channels": 2 * CHANNELS})
    return model.to(memory_format=torch.channels_last)


def folder() -> Path:
    """Where its checkpoint lives."""
    return data.home() / "redrawer"


def beginning() -> Any:
    """The trained denoiser, blind to what it is shown until it has learnt to see."""
    model, knows = build(), denoiser.load().state_dict()
    seeing = torch.zeros_like(model.conv_in.weight)
    seeing[:, :CHANNELS] = knows["conv_in.weight"]
    model.load_state_dict({**knows, "conv_in.weight": seeing})
    return model


def load() -> Any:
    """The trained one (its average), frozen."""
    model = build()
    model.load_state_dict(loop.weights(folder()))
    return model.eval().requires_grad_(False)


class Lessons:
    """Draws what is to be drawn, what is shown, and what is told; all randomness comes from the generator."""

    def __init__(self, made: pairs.Pairs, batch: int) -> None:
        self.batch = batch
        self.latents = torch.from_numpy(made.latents)
        self.styles = torch.tensor([STYLES.index(entry.style) for entry in made.entries])
        self.states, self.pooled = torch.from_numpy(made.states), torch.from_numpy(made.pooled)
        longest = max(map(len, made.captions))
        self.captions = torch.tensor([(rows * longest)[:longest] for rows in made.captions])
        self.others = self._others([entry.code for entry in made.entries])
        share = torch.bincount(self.styles, minlength=SLOTS).float()
        self.weights = (share.max() / share.clamp(min=1)).clamp(max=2.0)[self.styles]

    @staticmethod
    def _others(codes: list[str]) -> Tensor:
        """(n, most): the other drawings of the same thing, over and over; itself where it is the only one."""
        by: dict[str, list[int]] = {}
        for index, code in enumerate(codes):
            by.setdefault(code, []).append(index)
        rows = [[each for each in by[code] if each != index] or [index] for index, code in enumerate(codes)]
        most = 60  # divisible by how many others there are: 1 to 5
        return torch.tensor([(row * most)[:most] for row in rows])

    def draw(self, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Latents wanted (n, 8, 16, 16), token states (n, 20, 384), labels (n, 394), times (n,), latents shown."""
        count = self.batch

        def chance() -> Tensor:
            return torch.rand(count, generator=generator)

        pick = torch.multinomial(self.weights, count, replacement=True, generator=generator)
        where = torch.randint(pairs.PLACES, (count,), generator=generator)
        other = self.others[pick, (chance() * self.others.shape[1]).long()]
        own = (chance() < PLAIN) | (other == pick)
        shown = self.latents[torch.where(own, pick, other), where, own.long()].float() / latents.STEPS_PER_UNIT
        shown = shown * (chance() < SHOWN).float()[:, None, None, None]
        wanted = self.latents[pick, where, 0].float() / latents.STEPS_PER_UNIT
        rows = self.captions[pick, (chance() * self.captions.shape[1]).long()]
        named, styled = (chance() < NAMED).float(), (chance() < STYLED).float()
        states = self.states[rows].float() * named[:, None, None]
        styles = F.one_hot(self.styles[pick], SLOTS).float() * styled[:, None]
        labels = denoiser.conditions(self.pooled[rows].float() * named[:, None], styles)
        times = torch.sigmoid(torch.randn(count, generator=generator) + TILT)
        return wanted, states, labels, times, shown


def train(minutes: float = 90.0, seed: int = 0, steps: int = 2000, device: str = "cpu", workers: int = 2) -> loop.State:
    """Train from the trained denoiser; goes on where it stopped. `workers` processes share each batch on a CPU."""
    torch.manual_seed(seed)
    model = precision.suited(beginning(), device)
    workers = 1 if device.startswith("cuda") else workers
    lessons = Lessons(pairs.load(), BATCH // workers)
    plan = loop.Plan(
        folder(), steps, minutes, lr=7e-4, warmup=60, ema=0.995, seed=seed, device=device, muon=denoiser.PLAIN,
        workers=workers,
    )  # fmt: skip

    def loss(step: int, generator: torch.Generator) -> tuple[Tensor, int]:
        *drawn, shown = lessons.draw(generator)
        noise = torch.randn(shown.shape, generator=generator)
        return denoiser.flow_loss(model, *(each.to(device) for each in (*drawn, noise, shown))), lessons.batch

    return loop.train(model, loss, plan)


@torch.no_grad()  # type: ignore[untyped-decorator]
def redraw(
    model: Any, shown: Tensor, told: tuple[Tensor, Tensor], own: tuple[Tensor, Tensor], noise: Tensor,
    steps: int = 6, begin: float = 1.0, sight: float = 2.0, speech: float = 4.0,
) -> Tensor:  # fmt: skip
    """Latents (n, 8, 16, 16) of what is shown, as told: (token states, labels).

    `own` is told beside it, in the drawing's own style: `speech` leads from that to what is told, `sight` from nothing
    shown and said to what is shown. It starts from what is shown, noised to `begin`: 1 is noise alone.
    """
    times = grid(steps, begin, 2.0)
    state, before = State((1 - begin) * shown + begin * noise), 0.0
    blind = torch.zeros_like(shown), *(torch.zeros_like(each) for each in told)
    for now, after in pairwise(times):
        asked = [(shown, *told), (shown, *own), blind]
        sees, states, labels = (torch.cat(each) for each in zip(*asked, strict=True))
        both = torch.cat([torch.cat([state.latents] * 3), sees], 1).contiguous(memory_format=torch.channels_last)
        with precision.mixed(shown.device):
            v = model(both, torch.full((len(both),), now * 1000), encoder_hidden_states=states, class_labels=labels)
        said, plain, free = v.sample.float().chunk(3)
        led = free + sight * (plain - free) + speech * (said - plain)
        state, before = advance_by(state, after - now, before, led), after - now
    return state.latents
