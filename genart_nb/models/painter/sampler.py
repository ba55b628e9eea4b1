"""Rectified flow from noise to a picture, with every state kept, so that a changed ending starts where it changes."""

from __future__ import annotations

import hashlib
import struct
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genart_nb.models.painter.words import Words

Floats = NDArray[np.float32]


TAUGHT = 8.0
"""Guidance up to which a distilled network was taught; beyond it takes two passes like any other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step from `time` to `until` (1: noise, 0: picture), and what the network is told in it.

    `away` are the words that guidance leads away from: the negative prompt, or nothing.
    """

    time: float
    until: float
    guidance: float
    words: Words
    away: Words

    def input(self, distilled: bool) -> float:
        """Guidance as the network takes it itself; 0 where it is plain, or led by a second pass."""
        taught = distilled and 1 < self.guidance <= TAUGHT and not self.away.texts
        return self.guidance if taught else 0.0

    def digest(self, before: bytes) -> bytes:
        """Name of the state after this step, given the name of the state before it."""
        numbers = struct.pack("<3d", self.time, self.until, self.guidance)
        away = self.away.digest if self.guidance != 1 else b""
        return hashlib.blake2b(before + numbers + self.words.digest + away, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class State:
    """Latents (8, 16, 16) on their way, and the velocity of the step that led there, None at the start."""

    latents: Floats
    velocity: Floats | None = None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.latents.nbytes + (0 if self.velocity is None else self.velocity.nbytes)

    def estimate(self, time: float) -> Floats:
        """The picture's latents as they look from here, at a time."""
        return self.latents if self.velocity is None else self.latents - np.float32(time) * self.velocity


Velocity = Callable[[Floats, Step], Floats]


def grid(steps: int, start: float = 1.0, shift: float = 1.0) -> list[float]:
    """`steps` + 1 times from `start` down to 0, evenly spaced before `shift` bends them.

    t = shift * u / (1 + (shift - 1) * u), as in Esser et al. 2024, https://arxiv.org/abs/2403.03206, section 5.3.2.
    """
    first = start / (shift - (shift - 1) * start)
    evenly = [first * (steps - step) / steps for step in range(steps + 1)]
    return [shift * u / (1 + (shift - 1) * u) for u in evenly]


def advance(state: State, step: Step, before: Step | None, velocity: Velocity) -> State:
    """One step of the two-step Adams-Bashforth method; the first, with nothing behind it, is Euler's.

    It costs one call of the network like Euler's, and lands nearer to where many small steps would.
    """
    last = 0.0 if before is None else before.until - before.time
    return advance_by(state, step.until - step.time, last, velocity(state.latents, step))


def advance_by(state: State, length: float, before: float, now: Floats) -> State:
    """A step of a length (below 0: towards the picture), after one of length `before`, with the velocity found here."""
    mean = now
    if state.velocity is not None and before:
        mean = now + 0.5 * (length / before) * (now - state.velocity)
    return State(state.latents + length * mean, now)


class Trajectories:
    """States by name, least recently used first to go beyond `capacity` bytes."""

    def __init__(self, capacity: int = 64 << 20) -> None:
        self.capacity, self.nbytes = capacity, 0
        self._states: OrderedDict[bytes, State] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: bytes) -> State | None:
        """The state of that name, if it is still here."""
        with self._lock:
            state = self._states.get(name)
            if state is not None:
                self._states.move_to_end(name)
            return state

    def put(self, name: bytes, state: State) -> None:
        """Keep a state; nobody may write into its arrays any more."""
        for array in (state.latents, state.velocity):
            if array is not None:
                array.flags.writeable = False
        with self._lock:
            if name in self._states:
                return
            self._states[name] = state
            self.nbytes += state.nbytes
            while self.nbytes > self.capacity:
                self.nbytes -= self._states.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._states.clear()
            self.nbytes = 0


def follow(
    start: State, name: bytes, steps: Sequence[Step], velocity: Velocity, known: Trajectories
) -> Iterator[tuple[bytes, State]]:
    """Yield (name, state) after each step.

    A name is a hash of everything that led to the state, so what is known is taken as it is; from the first step that
    is not, the network runs, on the same arrays as it would have without any knowledge.
    """
    state, before = start, None
    for step in steps:
        name = step.digest(name)
        found = known.get(name)
        if found is None:
            found = advance(state, step, before, velocity)
            known.put(name, found)
        state, before = found, step
        yield name, state
