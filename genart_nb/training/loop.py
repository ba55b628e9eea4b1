"""The one training loop: a budget in minutes, checkpoints that resume bit for bit, and a curve as CSV."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from genart_nb.training import precision
from genart_nb.training.muon import Muon
from genart_nb.training.team import Team

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
    workers: int = 1
    """Processes of one thread each that share the batch (CPU, Muon alone)."""
    log_every: int = 25
    muon: tuple[str, ...] | None = None
    """Train by Muon, but for parameters whose names begin so; None is AdamW."""
    floor: float = 0.02
    """The learning rate ends at this part of `lr`."""
    tail: int = 0
    """Steps after `steps`, at that rate."""


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


def train(model: nn.Module, loss: Loss, plan: Plan) -> State:
    """Train until `steps` or `minutes`, going on from the last checkpoint in the folder; returns where it stands."""
    plan.folder.mkdir(parents=True, exist_ok=True)
    optimizer = stepper(model, plan)
    average = {name: value.detach().clone() for name, value in model.state_dict().items()} if plan.ema else {}
    state = resume(plan.folder, model, optimizer, average)
    precision.dtype(torch.device(plan.device).type)  # found once, before the processes part
    team = Team(model, plan.workers, [*average.values(), *_held(optimizer)])
    generator, began, before = torch.Generator(), time.perf_counter(), state.seconds
    saved = logged = began
    end = plan.steps + plan.tail
    last = end if plan.stop is None else min(plan.stop, end)
    model.train()
    with gentle() as told, team:
        while team.going(not told and state.step < last and state.seconds - before < plan.minutes * 60):
            seed(generator, plan.seed, state.step, team.rank)
            for group in optimizer.param_groups:
                group["lr"] = rate(plan, state.step)
            value, pictures = loss(state.step, generator)
            optimizer.zero_grad(set_to_none=True)
            value.backward()
            team.gather(plan.clip)
            optimizer.step()
            state.step, state.pictures = state.step + 1, state.pictures + pictures * team.size
            follow(average, model, team.mine, min(plan.ema, (1 + state.step) / (10 + state.step)))
            state.losses.append(float(value.detach()))
            now = time.perf_counter()
            state.seconds = before + now - began
            if team.rank == 0 and (state.step % plan.log_every == 0 or state.step == end):
                _log(plan, state, plan.log_every * pictures * team.size / (now - logged))
                logged = now
            team.meet()
            if team.rank == 0 and now - saved > plan.save_minutes * 60:
                save(plan.folder, model, optimizer, average, state)
                saved = time.perf_counter()
    save(plan.folder, model, optimizer, average, state)
    return state


def seed(generator: torch.Generator, base: int, step: int, rank: int) -> None:
    """Chance is a function of the seed, the step and the process, so a checkpoint need not hold any."""
    number = ((base * 1_000_003 + step) * 64 + rank) % 2**63
    generator.manual_seed(number)
    torch.manual_seed(number + 1)  # for dropout


def _held(optimizer: torch.optim.Optimizer) -> list[Tensor]:
    return [value for row in optimizer.state.values() for value in row.values() if isinstance(value, Tensor)]


@contextlib.contextmanager
def gentle() -> Iterator[list[int]]:
    """A list that fills when the process is asked to end, so that a step is finished and the checkpoint written."""
    told: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield told
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _: object) -> None:
        told.append(number)
        signal.signal(number, before[signal.Signals(number)])  # a second time ends at once

    for number in before:
        signal.signal(number, note)
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@torch.no_grad()  # type: ignore[untyped-decorator]
def follow(average: dict[str, Tensor], model: nn.Module, mine: list[Tensor], decay: float) -> None:
    """Move the average of some parameters towards the model."""
    wanted = {id(value) for value in mine}
    pairs = [
        (average[name], value.detach()) for name, value in model.named_parameters() if average and id(value) in wanted
    ]
    if pairs:
        torch._foreach_lerp_([old for old, _ in pairs], [new for _, new in pairs], 1 - decay)


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
    state: State,
) -> None:
    """Write one checkpoint, whole or not at all."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    tensors |= {f"ema.{name}": value for name, value in average.items()}
    names = [name for name, _ in model.named_parameters()]
    for index, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{names[index]}.{key}": value for key, value in moments.items()}
    write(folder, tensors, state)


def write(folder: Path, tensors: dict[str, Tensor], state: State) -> None:
    """Write tensors by name and where a run stands as the checkpoint of a folder."""
    from safetensors.torch import save_file

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
    if all(optimizer.state.get(value) for value in model.parameters()):  # made beforehand, and perhaps shared: fill it
        for index, value in enumerate(model.parameters()):
            for key, held in state.get(index, {}).items():
                optimizer.state[value][key].copy_(held)
        return
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def weights(folder: Path) -> dict[str, Tensor]:
    """What to use of a checkpoint: the average if one was kept, else the model itself."""
    from safetensors.torch import load_file

    tensors = load_file(folder / "checkpoint.safetensors")
    return part(tensors, "ema.") or part(tensors, "model.")
