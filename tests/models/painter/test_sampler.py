"""The sampler: where its steps lie, how near they land, and how much it remembers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from genart_nb.models.painter.sampler import State, Step, Trajectories, advance, follow, grid
from genart_nb.models.painter.words import Words


def steps(times: list[float]) -> list[Step]:
    return [Step(now, after, 1.0, Words(), Words()) for now, after in pairwise(times)]


def test_the_grid_goes_from_the_start_to_the_picture() -> None:
    assert grid(4) == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert grid(2, 0.5) == [0.5, 0.25, 0.0]
    bent = grid(4, 1.0, 3.0)
    assert (bent[0], bent[-1]) == (1.0, 0.0) and bent[2] == pytest.approx(0.75)
    assert grid(3, 0.6, 3.0)[0] == pytest.approx(0.6)


def test_it_lands_nearer_than_euler_and_twice_the_steps_land_four_times_nearer() -> None:
    def miss(count: int, euler: bool = False) -> float:
        state, before = State(np.ones((1, 1, 1))), None
        for step in steps(grid(count)):
            kept = State(state.latents) if euler else state
            state, before = advance(kept, step, before, lambda latents, step: latents * (1 + step.time)), step
        return abs(state.latents.item() - math.exp(-1.5))  # dx/dt = x (1 + t) from 1 at t = 1

    assert miss(8) < 0.5 * miss(8, euler=True)
    assert miss(32) / miss(64) == pytest.approx(4, rel=0.3)


def test_it_remembers_no_more_than_it_may() -> None:
    known = Trajectories(capacity=10_000)
    for place in range(50):
        known.put(bytes([place]), State(np.zeros((8, 4, 4), np.float32), np.zeros((8, 4, 4), np.float32)))
        assert known.nbytes <= 10_000
    assert known.get(bytes([49])) is not None and known.get(bytes([0])) is None


def test_what_was_forgotten_is_computed_again_to_the_bit() -> None:
    calls = []

    def velocity(latents: Any, step: Step) -> Any:
        calls.append(step.time)
        return np.tanh(latents) + np.float32(step.time)

    start, way = State(np.linspace(-1, 1, 128, dtype=np.float32).reshape(8, 4, 4)), steps(grid(5))
    whole = [state.latents for _, state in follow(start, b"", way, velocity, Trajectories())]
    small = Trajectories(capacity=3000)  # room for two states
    for _ in range(3):
        assert all(
            np.array_equal(one, state.latents)
            for one, (_, state) in zip(whole, follow(start, b"", way, velocity, small), strict=True)
        )
    assert len(calls) > 10
    with pytest.raises(ValueError, match="read-only"):
        whole[0][:] = 0
