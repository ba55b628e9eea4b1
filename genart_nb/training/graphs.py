"""ONNX graphs without weights of their own: every initialiser points into the safetensors file beside the graph.

External data: https://onnx.ai/onnx/repo-docs/ExternalData.html; safetensors: an 8-byte length, a JSON header, bytes.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import torch
import torch.nn.functional as F
from torch import Tensor, nn

OPSET = 17


def spans(path: Path) -> dict[str, tuple[int, int]]:
    """Where each tensor of a safetensors file lies: (offset from the start of the file, length), in bytes."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    header.pop("__metadata__", None)
    ranges = {name: row["data_offsets"] for name, row in header.items()}
    return {name: (8 + length + start, end - start) for name, (start, end) in ranges.items()}


def trace(model: nn.Module, inputs: Mapping[str, Tensor], output: str, free: Mapping[str, Mapping[int, str]]) -> Any:
    """The plain ONNX graph of a module, weights inside; `free` names the dimensions that may vary."""
    import onnx

    buffer = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad(), mock.patch.object(F, "pixel_unshuffle", pixel_unshuffle):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(), tuple(inputs.values()), buffer, input_names=list(inputs), output_names=[output],
            dynamic_axes={name: dict(axes) for name, axes in free.items()}, opset_version=OPSET,
            do_constant_folding=False, dynamo=False,
        )  # fmt: skip
    graph = onnx.load_from_string(buffer.getvalue())
    for node in graph.graph.node:
        if node.op_type == "Transpose":  # the exporter leaves -1 for the last axis, which ONNX does not know
            order = node.attribute[0].ints
            order[:] = [axis % len(order) for axis in order]
    return graph


def pixel_unshuffle(picture: Tensor, factor: int) -> Tensor:
    """What torch's own does, in reshapes: its export to ONNX miscounts when the batch may vary."""
    channels, high, wide = (int(size) for size in picture.shape[1:])
    split = picture.reshape(-1, channels, high // factor, factor, wide // factor, factor)
    return split.permute(0, 1, 3, 5, 2, 4).reshape(-1, channels * factor * factor, high // factor, wide // factor)


def point(graph: Any, shards: Mapping[str, Path], names: Mapping[str, str] | None = None) -> Any:
    """The same graph with its weights outside: fp16 in the safetensors files, cast to float32 on loading.

    `shards` maps file names, as the graph will know them, to where they are now; `names` maps an initialiser's name to
    the tensor's, where they differ. What is not found there (a few constants) stays inside.
    """
    from onnx import TensorProto, helper

    places = {key: (location, *span) for location, path in shards.items() for key, span in spans(path).items()}
    casts, kept = [], []
    for tensor in graph.graph.initializer:
        key = (names or {}).get(tensor.name, tensor.name)
        if key not in places:
            kept.append(tensor)
            continue
        location, offset, length = places[key]
        half = TensorProto(name=f"{tensor.name}.half", data_type=TensorProto.FLOAT16, dims=tensor.dims)
        half.data_location = TensorProto.EXTERNAL
        for entry, value in (("location", location), ("offset", offset), ("length", length)):
            half.external_data.add(key=entry, value=str(value))
        kept.append(half)
        casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
    del graph.graph.initializer[:]
    graph.graph.initializer.extend(kept)
    nodes = [*casts, *graph.graph.node]
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    return graph


def difference(path: Path, model: nn.Module, inputs: Mapping[str, Tensor]) -> float:
    """Greatest difference between ONNX Runtime on a graph and torch in float32."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (found,) = session.run(None, {name: value.numpy() for name, value in inputs.items()})
    with torch.no_grad():
        wanted = model.eval()(*inputs.values())
    return float((torch.from_numpy(found) - wanted).abs().max())
