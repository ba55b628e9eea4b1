"""Several processes of one thread each that train one model in shared memory.

On a CPU this beats one process of many threads: they wait for each other twice a step, not twice an operation. Every
process has its part of the batch; then each updates its share of the parameters, which all of them see.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from genart_nb.errors import GenartError

PATIENCE = 900.0
"""Seconds that one process waits for another."""


class Team:
    """`size` processes, of which the one that made it is rank 0; with size 1 it does nothing at all."""

    def __init__(self, model: nn.Module, size: int = 1, tensors: Iterable[Tensor] = ()) -> None:
        self.size, self.rank = size, 0
        self.parameters = [value for value in model.parameters() if value.requires_grad]
        self.mine = list(self.parameters)
        if size == 1:
            return
        for tensor in (*model.state_dict().values(), *tensors):
            tensor.share_memory_()
        context = multiprocessing.get_context("fork")
        self._barrier = context.Barrier(size)
        self._gradients = [torch.zeros(size, *value.shape).share_memory_() for value in self.parameters]
        self._norms, self._going = torch.zeros(size).share_memory_(), torch.ones(()).share_memory_()
        self._children: list[Any] = []

    def __enter__(self) -> Team:
        """Fork; every process goes on with a rank of its own and one thread."""
        if self.size > 1:
            self._fork()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Children leave here; rank 0 waits for them."""
        if self.size == 1:
            return
        if error is not None:
            self._barrier.abort()  # so that nobody waits for who has failed
        if self.rank:
            if error is not None:
                traceback.print_exception(error)
            sys.stdout.flush()
            os._exit(error is not None)
        for child in self._children:
            os.waitpid(child, 0)

    def _fork(self) -> None:
        torch.set_num_threads(1)
        for rank in range(1, self.size):
            if not (child := os.fork()):
                self.rank, self._children = rank, []
                signal.signal(signal.SIGINT, signal.SIG_IGN)  # rank 0 says when to stop
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                break
            self._children.append(child)
        shares: list[list[Tensor]] = [[] for _ in range(self.size)]
        for value in sorted(self.parameters, key=lambda each: -each.numel()):
            min(shares, key=lambda share: sum(each.numel() for each in share)).append(value)
        owned = {id(value) for value in shares[self.rank]}
        self.mine = [value for value in self.parameters if id(value) in owned]

    def going(self, wish: bool) -> bool:
        """Whether to take another step; rank 0 decides."""
        if self.size == 1:
            return wish
        if self.rank == 0:
            self._going.fill_(float(wish))
        self._wait()
        return bool(self._going)

    def gather(self, clip: float) -> None:
        """Give `mine` the mean gradient of all, clipped by the norm of the whole."""
        if self.size == 1:
            nn.utils.clip_grad_norm_(self.parameters, clip)
            return
        for value, shared in zip(self.parameters, self._gradients, strict=True):
            shared[self.rank].copy_(value.grad)
        self._wait()
        squares = 0.0
        mine = {id(value) for value in self.mine}
        for value, shared in zip(self.parameters, self._gradients, strict=True):
            if id(value) in mine:
                value.grad.copy_(shared.mean(0))
                squares += float(value.grad.pow(2).sum())
            else:
                value.grad = None
        self._norms[self.rank] = squares
        self._wait()
        scale = min(1.0, clip / (float(self._norms.sum()) ** 0.5 + 1e-6))
        for value in self.mine:
            value.grad.mul_(scale)

    def meet(self) -> None:
        """Wait until everybody has updated its share."""
        if self.size > 1:
            self._wait()

    def _wait(self) -> None:
        try:
            self._barrier.wait(PATIENCE)
        except threading.BrokenBarrierError:
            what = f"Another process of this training has failed, or stood still for {PATIENCE / 60:.0f} minutes."
            raise GenartError(what, "read what it said above; the same command goes on where it stopped") from None
