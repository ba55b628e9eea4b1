"""Quantised matrices in ONNX Runtime's layout, and a writer of graphs that use them.

A Q4_1 block of a GGUF file stores 32 values as `d * q + m`, with q in 0..15. ONNX Runtime's fast 4-bit product is
symmetric, `d * (q - 8)`, so the rest becomes a small product of its own:

    d * q + m  =  d * (q - 8) + (m + 8 d)
    y          =  MatMulNBits(x; d, q) + blocksum(x) @ (m + 8 d).T        blocksum(x) = sums over 32 inputs

Both terms carry the file's numbers exactly. (The operator's own float zero points would too, but they leave its
packed kernels for one that unpacks the matrix at each call.)
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import WeightsError
from genart_nb.models.gguf_file import HUB, GGUFTensor

BLOCK = 32


@dataclass(frozen=True)
class Blocks:
    """A quantised matrix in ONNX Runtime's layout, value = scales * (codes - 2**(bits-1)) + offsets."""

    bits: int
    codes: NDArray[np.uint8]  # (rows, blocks, bytes per block)
    scales: NDArray[np.float32]  # (rows, blocks)
    offsets: NDArray[np.float32] | None  # (rows, blocks); None where all are zero

    @classmethod
    def read(cls, name: str, tensor: GGUFTensor) -> Blocks:
        """Repack one GGUF tensor, exactly."""
        if tensor.kind not in ("Q4_0", "Q4_1", "Q8_0"):
            raise WeightsError(f"{name} is stored as {tensor.kind}; Q4_0, Q4_1 and Q8_0 matrices are read.", HUB)
        rows, columns = tensor.shape
        header = {"Q4_0": 2, "Q4_1": 4, "Q8_0": 2}[tensor.kind]
        raw = tensor.data.reshape(rows, columns // BLOCK, -1)
        heads = np.ascontiguousarray(raw[..., :header]).view(np.float16).astype(np.float32)
        body = np.ascontiguousarray(raw[..., header:])
        scales = np.ascontiguousarray(heads[..., 0])
        if tensor.kind == "Q8_0":
            return cls(8, body ^ np.uint8(0x80), scales, None)  # two's complement to offset binary
        # GGUF keeps values 0-15 in the low nibbles and 16-31 in the high; ONNX Runtime wants neighbours together.
        values = np.concatenate([body & 15, body >> 4], axis=-1)
        codes = values[..., 0::2] | (values[..., 1::2] << 4)
        return cls(4, codes, scales, heads[..., 1] + 8 * scales if tensor.kind == "Q4_1" else None)

    @classmethod
    def stack(cls, parts: list[Blocks]) -> Blocks:
        """Join matrices that share their input, row after row."""
        if len({part.bits for part in parts}) > 1:
            raise WeightsError("Matrices that share an input differ in bits (a mixed quantisation).", HUB)
        offsets = [np.zeros_like(part.scales) if part.offsets is None else part.offsets for part in parts]
        return cls(
            parts[0].bits,
            np.concatenate([part.codes for part in parts]),
            np.concatenate([part.scales for part in parts]),
            None if all(part.offsets is None for part in parts) else np.concatenate(offsets),
        )

    def take(self, rows: NDArray[np.int64]) -> Blocks:
        """Reorder rows."""
        return Blocks(
            self.bits, self.codes[rows], self.scales[rows], None if self.offsets is None else self.offsets[rows]
        )


class GraphWriter:
    """Collects ONNX nodes, and streams their weights to a data file beside the graph."""

    def __init__(self, data_file: Path) -> None:
        self.nodes: list[Any] = []
        self.initializers: list[Any] = []
        self.name = data_file.name
        self.file = data_file.open("wb")

    def weight(self, name: str, array: NDArray[Any]) -> str:
        """Write `array` to the data file, page-aligned so that it can be mapped."""
        from onnx import TensorProto, helper

        self.file.seek(-(-self.file.tell() // 4096) * 4096)
        tensor = TensorProto(name=name, dims=array.shape, data_location=TensorProto.EXTERNAL)
        tensor.data_type = helper.np_dtype_to_tensor_dtype(array.dtype)
        for key, value in (("location", self.name), ("offset", self.file.tell()), ("length", array.nbytes)):
            tensor.external_data.add(key=key, value=str(value))
        self.file.write(np.ascontiguousarray(array).data)
        self.initializers.append(tensor)
        return name

    def again(self, name: str, alias: str, shape: tuple[int, ...]) -> str:
        """Give a weight already written a second name and shape, over the same bytes of the file."""
        from onnx import TensorProto

        tensor = TensorProto()
        tensor.CopyFrom(next(known for known in self.initializers if known.name == name))
        tensor.name, tensor.dims[:] = alias, shape
        self.initializers.append(tensor)
        return alias

    def small(self, name: str, array: NDArray[Any]) -> str:
        """Keep a small constant in the graph itself."""
        from onnx import numpy_helper

        self.initializers.append(numpy_helper.from_array(array, name))
        return name

    def node(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> str:
        """Add one operator and return its first output."""
        from onnx import helper

        own = kind not in ("Gather", "Gemm", "Mul", "ReduceSum", "Reshape", "SimplifiedLayerNormalization", "Split")
        domain = "com.microsoft" if own else ""
        self.nodes.append(helper.make_node(kind, inputs, outputs, outputs[0], domain=domain, **attributes))
        return outputs[0]

    def block_sums(self, name: str, x: str, count: int) -> str:
        """Sum each run of 32 inputs: (tokens, inputs) to (tokens, count)."""
        blocks = self.node("Reshape", [x, f"blocks.{count}"], [f"{name}.blocks"])
        return self.node("ReduceSum", [blocks, "last_axis"], [f"{name}.sums"], keepdims=0)

    def linear(self, name: str, x: str, blocks: Blocks, sums: str = "") -> str:
        """Multiply `x`, (tokens, inputs), by a quantised matrix; `sums` names its block sums where they are known."""
        rows, count, _ = blocks.codes.shape
        codes = self.weight(f"{name}.codes", blocks.codes)
        scales = self.weight(f"{name}.scales", blocks.scales)
        sizes = {"K": count * BLOCK, "N": rows, "bits": blocks.bits, "block_size": BLOCK}
        product = self.node("MatMulNBits", [x, codes, scales], [f"{name}.nbits"], accuracy_level=4, **sizes)
        if blocks.offsets is None:
            return product
        sums = sums or self.block_sums(name, x, count)
        offsets = self.weight(f"{name}.offsets", np.ascontiguousarray(blocks.offsets.T))
        return self.node("Gemm", [sums, offsets, product], [name])
