"""The one training loop: a budget in minutes, checkpoints that resume bit for bit, and a curve as CSV."""

from __future__ import annotations

import csv
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genart_nb.training.muon import Muon

Loss = Callable[[int, torch.Generator], tuple[Tensor, int]]
"""(step, generator) -> (scalar loss, pictures in the batch)."""


@dataclass
class Plan:
    """How long and how fast: `steps` fixes the schedule of the learning rate, `minutes` only says when to stop."""

    folder: Path
    steps: int
    minutes: float = 60.0
    stop: int | None = None
    """Leave at this step, to go on later; None is at `steps`."""
    lr: float = 1e-3
    warmup: int = 200
    weight_decay: float = 0.01
    ema: float = 0.0
    clip: float = 1.0
    seed: int = 0
    save_minutes: float = 4.0
    device: str = "cpu"
    log_every: int = 25
    muon: tuple[str, ...] | None = None
    """Train by Muon, but for parameters whose names begin so; None is AdamW."""
    floor: float = 0.02
    """The learning rate ends at this part of `lr`."""


@dataclass
class State:
    """Where a run stands."""

    step: int = 0
    pictures: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)


def rate(plan: Plan, step: int) -> float:
    """Learning rate at a step: linear warm-up, then a cosine down to `floor`."""
    if step < plan.warmup:
        return plan.lr * (step + 1) / plan.warmup
    done = min(1.0, (step - plan.warmup) / max(1, plan.steps - plan.warmup))
    return plan.lr * (plan.floor + (1 - plan.floor) * 0.5 * (1 + math.cos(math.pi * done)))


def stepper(model: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    """The optimiser that a plan asks for."""
    if plan.muon is not None:
        return Muon(model, plan.lr, plan.weight_decay, plain=plan.muon)
    return torch.optim.AdamW(
        model.parameters(), lr=plan.lr, weight_decay=plan.weight_decay, betas=(0.9, 0.99), fused=True
    )


def train(model: nn.Module, loss: Loss, plan: Plan, watch: Callable[[State], None] | None = None) -> State:
    """Train until `steps` or `minutes`, going on from the last checkpoint in the folder; returns where it stands."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    optimizer = stepper(model, plan)
    average = {name: value.detach().clone() for name, value in model.state_dict().items()} if plan.ema else {}
    generator = torch.Generator().manual_seed(plan.seed)
    state = resume(plan.folder, model, optimizer, average, generator)
    began = saved = logged = time.perf_counter()
    before = state.seconds
    model.train()
    last = plan.steps if plan.stop is None else min(plan.stop, plan.steps)
    while state.step < last and state.seconds - before < plan.minutes * 60:
        for group in optimizer.param_groups:
            group["lr"] = rate(plan, state.step)
        value, pictures = loss(state.step, generator)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(model.parameters(), plan.clip)
        optimizer.step()
        state.step, state.pictures = state.step + 1, state.pictures + pictures
        if average:
            follow(average, model, min(plan.ema, (1 + state.step) / (10 + state.step)))
        state.losses.append(float(value.detach()))
        now = time.perf_counter()
        state.seconds = before + now - began
        if state.step % plan.log_every == 0 or state.step == plan.steps:
            _log(plan, state, plan.log_every * pictures / (now - logged))
            logged = now
        if now - saved > plan.save_minutes * 60:
            save(plan.folder, model, optimizer, average, generator, state)
            saved = time.perf_counter()
            if watch:
                watch(state)
    save(plan.folder, model, optimizer, average, generator, state)
    return state


@torch.no_grad()  # type: ignore[untyped-decorator]
def follow(average: dict[str, Tensor], model: nn.Module, decay: float) -> None:
    """Move the average towards the model."""
    current = [value.detach() for value in model.state_dict().values()]
    torch._foreach_lerp_(list(average.values()), current, 1 - decay)


def _log(plan: Plan, state: State, speed: float) -> None:
    mean = sum(state.losses) / len(state.losses)
    state.losses.clear()
    row = [state.step, state.pictures, f"{state.seconds:.1f}", f"{mean:.5f}", f"{rate(plan, state.step - 1):.2e}"]
    path = plan.folder / "curve.csv"
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(["step", "pictures", "seconds", "loss", "lr"])
        writer.writerow(row)
    print(f"step {row[0]}  {row[1]} pictures  {row[2]} s  loss {row[3]}  lr {row[4]}  {speed:.0f}/s", flush=True)


def save(
    folder: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: dict[str, Tensor],
    generator: torch.Generator,
    state: State,
) -> None:
    """Write one checkpoint, whole or not at all."""
    from safetensors.torch import save_file

    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    tensors |= {f"ema.{name}": value for name, value in average.items()}
    names = [name for name, _ in model.named_parameters()]
    for index, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{names[index]}.{key}": value for key, value in moments.items()}
    tensors |= {"rng.data": generator.get_state(), "rng.torch": torch.get_rng_state()}
    facts = {"step": state.step, "pictures": state.pictures, "seconds": state.seconds, "losses": state.losses}
    partial = folder / "checkpoint.partial"
    stored = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    save_file(stored, partial, {"state": json.dumps(facts)})
    partial.replace(folder / "checkpoint.safetensors")


def resume(
    folder: Path,
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    average: dict[str, Tensor],
    generator: torch.Generator,
) -> State:
    """Load the last checkpoint of a folder, if there is one."""
    from safetensors import safe_open

    path = folder / "checkpoint.safetensors"
    if not path.exists():
        return State()
    with safe_open(path, "pt") as file:
        facts = json.loads(file.metadata()["state"])
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    model.load_state_dict(part(tensors, "model."))
    for name, value in part(tensors, "ema.").items():
        if name in average:
            average[name].copy_(value)
    _restore(optimizer, model, part(tensors, "optimizer."))
    generator.set_state(tensors["rng.data"])
    torch.set_rng_state(tensors["rng.torch"])
    return State(**facts)


def part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with a prefix, without it."""
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _restore(optimizer: torch.optim.Optimizer, model: nn.Module, moments: dict[str, Tensor]) -> None:
    places = {name: index for index, (name, _) in enumerate(model.named_parameters())}
    state: dict[int, dict[str, Any]] = {}
    for path, value in moments.items():
        name, key = path.rsplit(".", 1)
        state.setdefault(places[name], {})[key] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def weights(folder: Path) -> dict[str, Tensor]:
    """What to use of a checkpoint: the average if one was kept, else the model itself."""
    from safetensors.torch import load_file

    tensors = load_file(folder / "checkpoint.safetensors")
    return part(tensors, "ema.") or part(tensors, "model.")
