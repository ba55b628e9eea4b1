"""Llama-architecture models on the CPU, through ONNX Runtime, from a folder that `gguf_onnx.convert` wrote."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import UsageError, WeightsError
from genart_nb.models.gguf_onnx import FORMAT, LlamaConfig
from genart_nb.models.language import Logits, due
from genart_nb.models.tokenizer import BPETokenizer

CHUNK = 256
"""Tokens of a prompt fed at once; bounds the attention scores held in memory."""


class OnnxLlama:
    """A converted model in memory (the `LanguageModel` protocol).

    `threads` defaults to the physical cores this process may use; results do not depend on it.
    Raises WeightsError where the folder is not whole.
    """

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        again = f"delete {folder} and load the model again (it is converted anew)"
        try:
            found = json.loads((folder / "config.json").read_text())
            if found.get("format") != FORMAT:
                raise WeightsError(f"{folder} was converted by another version of genart_nb.", again)
            self.config = LlamaConfig(**found)
            self.tokenizer = BPETokenizer(folder)
            threads = threads or physical_cores()
            self._session: Any = _open(folder / "model.onnx", threads)
            self.environment = {"runtime": "onnxruntime", "device": "cpu", "dtype": "float32", "threads": threads}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise WeightsError(f"{folder} does not hold a whole converted model: {error}", again) from error
        except Exception as error:  # onnxruntime raises classes of its own, one per status code
            if isinstance(error, WeightsError):
                raise
            raise WeightsError(f"ONNX Runtime refuses {folder}: {error}", again) from error
        self.context = self.config.context
        self.nbytes = (folder / "weights.bin").stat().st_size
        self._spare: NDArray[np.float32] | None = None

    @property
    def session(self) -> Any:
        """The ONNX Runtime session; raises UsageError once closed."""
        if self._session is None:
            raise UsageError("This model is closed.", "load it again")
        return self._session

    def start(self, capacity: int) -> OnnxDecoder:
        """Begin an empty one-row decoder; raises UsageError where `capacity` exceeds the context."""
        assert self.session
        if not 0 < capacity <= self.context:
            raise UsageError(f"{capacity} tokens were asked for; this model reads 1 to {self.context}.")
        return OnnxDecoder(self, capacity)

    def lend(self, rows: int, capacity: int) -> NDArray[np.float32]:
        """Caches of at least (layers, key or value, rows, kv_heads, capacity, head_dim), their content left over.

        Memory is slow only when first touched, so what the last decoder gave back is used again.
        """
        spare, self._spare = self._spare, None
        if spare is not None and spare.shape[2] >= rows and spare.shape[4] >= capacity:
            return spare
        config = self.config
        return np.empty((config.layers, 2, rows, config.kv_heads, capacity, config.head_dim), np.float32)

    def give_back(self, caches: NDArray[np.float32]) -> None:
        """Keep the larger of these caches and the spare ones."""
        if self._session is not None and (self._spare is None or caches.size > self._spare.size):
            self._spare = caches

    def close(self) -> None:
        """Free the weights."""
        self._session = self._spare = None


class OnnxDecoder:
    """Rows decoded in step, over key-value caches that the graph writes in place (the `Decoder` protocol)."""

    def __init__(self, model: OnnxLlama, capacity: int) -> None:
        self.model, self.capacity = model, capacity
        self._rows, self._length = 1, 0
        self._caches = model.lend(1, capacity)
        # How many first tokens each slot of the caches has in common with slot 0: rows branch from one prompt, and
        # what they still share need not be copied when they change places.
        self._common = np.zeros(self._caches.shape[2], np.int64)
        self._calls: dict[tuple[int, int, int, int], _Call] = {}

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self._rows

    @property
    def length(self) -> int:
        """Tokens that each row holds."""
        return self._length

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        """Feed (rows, n) tokens; returns the next token's logits, (rows, vocab), or (rows, n, vocab) with `every`."""
        fed = due(tokens, self._rows, self._length, self.capacity, self.model.config.vocab)
        n = fed.shape[1]
        # The attention operator takes several tokens for several rows only into empty caches.
        stride = CHUNK if self._rows == 1 or (self._length == 0 and n <= CHUNK) else 1
        parts = [self._step(fed[:, at : at + stride], every) for at in range(0, n, stride)]
        if every:
            return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return parts[-1][:, -1]

    def rewind(self, length: int) -> None:
        """Forget all but the first `length` tokens of every row."""
        if not 0 <= length <= self._length:
            raise ValueError(f"cannot rewind to {length}: the rows hold {self._length} tokens")
        self._length = length
        np.minimum(self._common, length, out=self._common)

    def select(self, rows: Sequence[int]) -> None:
        """Keep, drop, reorder or duplicate rows; of rows that change place, only what differs is copied."""
        wanted = np.asarray(rows, np.int64)
        if wanted.ndim != 1 or len(wanted) == 0 or wanted.min() < 0 or wanted.max() >= self._rows:
            raise ValueError(f"rows must be chosen from 0 to {self._rows - 1}")
        if len(wanted) > self._caches.shape[2]:
            self._grow(len(wanted))
        places = np.arange(len(wanted))
        common = np.where(np.arange(len(self._common)) == 0, self._length, self._common)
        if len(moved := places[wanted != places]):
            branch = int(np.minimum(common[moved], common[wanted[moved]]).min())
            span = slice(branch, self._length)
            self._caches[:, :, moved, :, span] = self._caches[:, :, wanted[moved], :, span]
        first = common[wanted[0]]
        self._common = np.minimum(common, first)
        self._common[places] = np.where(wanted == wanted[0], self._length, np.minimum(common[wanted], first))
        self._rows = len(wanted)

    def _grow(self, rows: int) -> None:
        """Make room for more rows; the new slots share nothing yet."""
        held = self._caches.shape[2]
        grown = self.model.lend(rows, self.capacity)
        grown[:, :, :held, :, : self._length] = self._caches[:, :, :, :, : self._length]
        self._caches = grown
        self._common = np.concatenate([self._common, np.zeros(grown.shape[2] - held, np.int64)])
        self._calls.clear()

    def __del__(self) -> None:
        """Let the next decoder have the caches."""
        if hasattr(self, "_caches"):
            self.model.give_back(self._caches)

    def _step(self, tokens: NDArray[np.int64], every: bool) -> Logits:
        """Run the graph once."""
        rows, n = tokens.shape
        key = (rows, n, n if every else 1, id(self._caches))
        call = self._calls.get(key)
        if call is None:
            call = _Call(self.model, self._caches, rows, n, every)
            if n == 1:
                self._calls[key] = call
        self._length += n
        return call.run(tokens, self._length)


class _Call:
    """One shape of call: buffers bound once, so that a step allocates nothing but its answer."""

    def __init__(self, model: OnnxLlama, caches: NDArray[np.float32], rows: int, n: int, every: bool) -> None:
        self.session = model.session
        self.binding = self.session.io_binding()
        self.tokens = np.empty(rows * n, np.int64)
        self.shape = np.array([rows, n, -1])
        self.last = np.empty(rows, np.int32)
        self.total = np.empty((), np.int32)
        self.wanted = np.arange(rows * n) if every else np.arange(n - 1, rows * n, n)
        self.logits = np.empty((len(self.wanted), model.config.vocab), np.float32)
        for name in ("tokens", "shape", "last", "total", "wanted"):
            self._bind(self.binding.bind_input, name, getattr(self, name))
        self._bind(self.binding.bind_output, "logits", self.logits)
        for layer, pair in enumerate(caches):
            for part, cache in zip(("key", "value"), pair, strict=True):
                self._bind(self.binding.bind_input, f"past_{part}.{layer}", cache[:rows])
                self._bind(self.binding.bind_output, f"present_{part}.{layer}", cache[:rows])

    @staticmethod
    def _bind(bind: Any, name: str, array: NDArray[Any]) -> None:
        bind(name, "cpu", 0, array.dtype.type, array.shape, array.ctypes.data)

    def run(self, tokens: NDArray[np.int64], length: int) -> Logits:
        """Feed `tokens`, the last of which is each row's token number `length`."""
        self.tokens[:] = tokens.reshape(-1)
        self.last[:] = length - 1
        self.total[...] = length
        self.session.run_with_iobinding(self.binding)
        return self.logits.reshape(len(self.last), -1, self.logits.shape[-1]).copy()


def _open(graph: Path, threads: int) -> Any:
    """Open a session."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def physical_cores() -> int:
    """Physical cores that this process may use; hyper-threads share one core's arithmetic and gain nothing."""
    allowed = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
    cores = set()
    for cpu in allowed:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text() if siblings.is_file() else str(cpu))
    return max(1, len(cores))
