"""The composer's network on ONNX Runtime: tokens and what they are for go in, logits of the next come out."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import UsageError, WeightsError

Floats = NDArray[np.float32]

WINDOW = 384
"""Tokens that the network has learnt to look back on."""
KEPT = 192
"""How many of them it goes on with when there are more."""
AGAIN = "reinstall genart_nb: the file is part of it"


class Network(Protocol):
    """What a `Thread` runs on; tests offer their own."""

    nbytes: int
    shape: tuple[int, int, int, int]
    """Layers, keys and values (2), heads, width of a head."""

    def run(self, tokens: Sequence[int], context: Sequence[Sequence[int]], past: Floats) -> tuple[Floats, Floats]:
        """Logits of the last token (vocabulary,), and keys and values of all so far."""

    def close(self) -> None:
        """Free the memory."""


class OnnxNetwork:
    """The graph `model.onnx` of a folder, its weights in the safetensors file beside it.

    Raises WeightsError where the folder is not whole, and UsageError once closed.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads  # one token at a time is too little to share out
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            path = str(folder / "model.onnx")
            self._session: Any = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own, one per status code
            raise WeightsError(f"ONNX Runtime refuses {folder.name}/model.onnx: {error}", AGAIN) from error
        self._lock = threading.Lock()
        past = next(each for each in self._session.get_inputs() if each.name == "past").shape
        self.shape = (past[0], past[1], past[3], past[5])
        self.nbytes = 2 * sum(path.stat().st_size for path in folder.glob("*.safetensors"))

    def run(self, tokens: Sequence[int], context: Sequence[Sequence[int]], past: Floats) -> tuple[Floats, Floats]:
        """Logits of the last token, and keys and values of all so far."""
        fed = {"tokens": np.array([tokens], np.int64), "context": np.array([context], np.int64), "past": past}
        with self._lock:
            if self._session is None:
                raise UsageError("This composer is closed.", "load it again")
            logits, present = self._session.run(None, fed)
        return logits[0, -1], present

    def close(self) -> None:
        """Free the memory."""
        with self._lock:
            self._session = None


class Thread:
    """One piece on its way through a network; what was read is kept, so that each token is read once."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._tokens: list[int] = []
        self._context: list[list[int]] = []
        self._read = 0
        self._past = self._nothing()

    def push(self, token: int, context: Sequence[int]) -> None:
        """Add the token before, and what is known of the one to come."""
        self._tokens.append(token)
        self._context.append(list(context))

    def logits(self) -> Floats:
        """Logits of the token to come, (vocabulary,)."""
        new = len(self._tokens) - self._read
        if self._past.shape[4] + new > WINDOW:
            self._tokens, self._context = self._tokens[-KEPT:], self._context[-KEPT:]
            self._read, self._past = 0, self._nothing()
        found, self._past = self._network.run(self._tokens[self._read :], self._context[self._read :], self._past)
        self._read = len(self._tokens)
        return found

    def _nothing(self) -> Floats:
        layers, two, heads, width = self._network.shape
        return np.zeros((layers, two, 1, heads, 0, width), np.float32)
