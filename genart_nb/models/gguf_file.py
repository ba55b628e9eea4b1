"""Read a GGUF file: its metadata and its tensors, mapped and not copied.

The format is little-endian: a header, key-value pairs, tensor descriptions, then aligned data.
Source: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import WeightsError

MAGIC = b"GGUF"
STRING, ARRAY = 8, 9
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

KINDS = {0: ("F32", 1, 4), 1: ("F16", 1, 2), 2: ("Q4_0", 32, 18), 3: ("Q4_1", 32, 20), 8: ("Q8_0", 32, 34)}
"""Tensor kinds read here: number in the file -> (name, values in a block, bytes in a block)."""

NAMES = {6: "Q5_0", 7: "Q5_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16"}
"""Kinds that are not read, so that an error can name them."""

REPAIR = "download the file again and check its sha256"
HUB = "name the model's safetensors on the hub instead: %genart model text ORG/NAME"


@dataclass(frozen=True)
class GGUFTensor:
    """One tensor: `shape` is rows first, as in numpy; `data` holds the rows' bytes, (rows, bytes per row)."""

    kind: str
    shape: tuple[int, ...]
    data: NDArray[np.uint8]


@dataclass(frozen=True)
class GGUF:
    """What a GGUF file holds."""

    path: Path
    metadata: dict[str, Any]
    tensors: dict[str, GGUFTensor]


class _Cursor:
    """A place in the file, which refuses to run past the end."""

    def __init__(self, data: memoryview, path: Path) -> None:
        self.data, self.path, self.at = data, path, 0

    def take(self, count: int) -> memoryview:
        """Return the next `count` bytes."""
        if count > len(self.data) - self.at:
            raise WeightsError(f"{self.path} ends in the middle of its header: the file is truncated.", REPAIR)
        self.at += count
        return self.data[self.at - count : self.at]

    def unpack(self, code: str) -> Any:
        return struct.unpack(f"<{code}", self.take(struct.calcsize(f"<{code}")))[0]

    def string(self) -> str:
        return bytes(self.take(self.unpack("Q"))).decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.string()
        if kind == ARRAY:
            inner, count = self.unpack("I"), self.unpack("Q")
            if code := SCALARS.get(inner):
                packed = self.take(count * struct.calcsize(f"<{code}"))
                return list(struct.unpack(f"<{count}{code}", packed))
            return [self.value(inner) for _ in range(count)]
        if code := SCALARS.get(kind):
            return self.unpack(code)
        raise WeightsError(f"{self.path} holds a metadata value of unknown type {kind}: the file is damaged.", REPAIR)


def read_gguf(path: Path) -> GGUF:
    """Read `path`; tensor data stay on disk until used.

    Raises WeightsError for a file that is truncated, damaged, not GGUF, or of a quantisation not read here.
    """
    if not path.is_file() or path.stat().st_size == 0:
        raise WeightsError(f"{path} is missing or empty.", REPAIR)
    data = np.memmap(path, np.uint8, "r")
    cursor = _Cursor(data.data, path)
    if len(data) < 24 or bytes(cursor.take(4)) != MAGIC:
        raise WeightsError(f"{path} is not a GGUF file: it does not begin with 'GGUF'.", REPAIR)
    if (version := cursor.unpack("I")) not in (2, 3):
        raise WeightsError(f"{path} is GGUF version {version}; versions 2 and 3 are read.", REPAIR)
    tensor_count, pair_count = cursor.unpack("Q"), cursor.unpack("Q")
    metadata = {cursor.string(): cursor.value(cursor.unpack("I")) for _ in range(pair_count)}
    described = [_describe(cursor, path) for _ in range(tensor_count)]
    alignment = metadata.get("general.alignment", 32)
    start = -(-cursor.at // alignment) * alignment
    return GGUF(path, metadata, {entry.name: _map(data, start, entry, path) for entry in described})


@dataclass(frozen=True)
class _Entry:
    """Where a tensor lies: `offset` counts bytes from the end of the header, aligned."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int


def _describe(cursor: _Cursor, path: Path) -> _Entry:
    """Read one tensor's description."""
    name, rank = cursor.string(), cursor.unpack("I")
    if not 0 < rank <= 4:
        raise WeightsError(f"{path} describes a tensor of {rank} dimensions: the file is damaged.", REPAIR)
    shape = tuple(cursor.unpack("Q") for _ in range(rank))[::-1]
    return _Entry(name, shape, cursor.unpack("I"), cursor.unpack("Q"))


def _map(data: NDArray[np.uint8], start: int, entry: _Entry, path: Path) -> GGUFTensor:
    """View one tensor's bytes in the mapped file."""
    name, shape, kind = entry.name, entry.shape, entry.kind
    if kind not in KINDS:
        raise WeightsError(
            f"{path.name} stores {name} as {NAMES.get(kind, f'kind {kind}')}; F32, F16, Q4_0, Q4_1 and Q8_0 are read.",
            "llama-quantize MODEL-f16.gguf MODEL.gguf Q4_1 --pure, or use the model's safetensors from the hub",
        )
    label, values, size = KINDS[kind]
    columns = shape[-1]
    width = columns // values * size
    rows = math.prod(shape[:-1])
    begin, end = start + entry.offset, start + entry.offset + rows * width
    if columns % values or end > len(data):
        short = max(0, end - len(data))
        raise WeightsError(f"{path} is truncated: {name} lacks {short:,} bytes.", REPAIR)
    return GGUFTensor(label, shape, data[begin:end].reshape(rows, width))
