"""A painter of a few thousand random weights, in the files and formats of the real one, and a painter that counts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper
from safetensors.numpy import save_file

from genart_nb.models.painter.graphs import PLACES, Graphs
from genart_nb.models.painter.minilm import TOKENIZER
from genart_nb.models.painter.words import LABELS

STYLES = ("flat", "3d", "ink")


def make(folder: Path) -> Path:
    """Write the folder; graphs keep their weights in the safetensors, float16, as external data."""
    (folder / "text").mkdir(parents=True)
    (folder / "text" / "tokenizer.json").write_bytes(TOKENIZER.read_bytes())
    (folder / "model_index.json").write_text(json.dumps({"styles": STYLES}))
    random = np.random.default_rng(0)

    def draw(*shape: int, scale: float) -> NDArray[np.float16]:
        return (random.standard_normal(shape) * scale).astype(np.float16)

    batch = ["n", 8, 16, 16]
    write(
        folder, "unet", {"conv": draw(8, 8, 3, 3, scale=0.1), "text": draw(384, 8, scale=1.0),
                         "label": draw(LABELS, 8, scale=1.0), "hour": draw(1, 8, scale=0.3)},
        [("Conv", ["sample", "conv"], "mixed", {"pads": [1, 1, 1, 1]}),
         ("ReduceMean", ["encoder_hidden_states", "one"], "mean", {"keepdims": 0}),
         ("MatMul", ["mean", "text"], "said", {}),
         ("MatMul", ["class_labels", "label"], "shown", {}), ("Unsqueeze", ["timestep", "one"], "column", {}),
         ("Div", ["column", "thousand"], "time", {}), ("MatMul", ["time", "hour"], "late", {}),
         ("Sum", ["said", "shown", "late"], "told", {}), ("Unsqueeze", ["told", "last"], "wide", {}),
         ("Add", ["mixed", "wide"], "sum", {}), ("Tanh", ["sum"], "v", {})],
        {"sample": batch, "timestep": ["n"], "encoder_hidden_states": ["n", 20, 384], "class_labels": ["n", LABELS]},
    )  # fmt: skip
    eight = {"strides": [8, 8]}
    write(folder, "encoder", {"w": draw(8, 3, 8, 8, scale=0.1)}, [("Conv", ["picture", "w"], "latents", eight)],
          {"picture": ["n", 3, "h", "w"]})  # fmt: skip
    write(folder, "decoder", {"w": draw(8, 3, 8, 8, scale=0.1)},
          [("ConvTranspose", ["latents", "w"], "raw", eight), ("Tanh", ["raw"], "picture", {})],
          {"latents": ["n", 8, "h", "w"]})  # fmt: skip
    write(folder, "upscaler", {"w": draw(3, 3, 2, 2, scale=0.5)},
          [("ConvTranspose", ["picture", "w"], "larger", {"strides": [2, 2]})],
          {"picture": ["n", 3, "h", "w"]})  # fmt: skip
    return folder


def write(
    folder: Path, name: str, weights: dict[str, NDArray[np.float16]],
    operations: list[tuple[str, list[str], str, dict[str, Any]]], inputs: dict[str, list[Any]],
) -> None:  # fmt: skip
    """One graph and its safetensors."""
    place = folder / PLACES[name]
    place.parent.mkdir(exist_ok=True)
    file = place.with_name(f"{name}.safetensors")
    save_file(weights, file)
    stored = file.read_bytes()
    head = int.from_bytes(stored[:8], "little")
    places = json.loads(stored[8 : 8 + head])
    held = [
        external(key, value, file.name, 8 + head + places[key]["data_offsets"][0]) for key, value in weights.items()
    ]
    held += [
        helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        helper.make_tensor("last", TensorProto.INT64, [2], [2, 3]),
        helper.make_tensor("thousand", TensorProto.FLOAT, [], [1000.0]),
    ]
    casts = [helper.make_node("Cast", [f"{key}.fp16"], [key], to=TensorProto.FLOAT) for key in weights]
    nodes = [helper.make_node(kind, fed, [out], **how) for kind, fed, out, how in operations]
    graph = helper.make_graph(
        [*casts, *nodes], name,
        [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in inputs.items()],
        [helper.make_tensor_value_info(operations[-1][2], TensorProto.FLOAT, None)],
        [tensor for tensor in held if tensor.name in {fed for node in [*casts, *nodes] for fed in node.input}],
    )  # fmt: skip
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), place)


def external(name: str, value: NDArray[np.float16], file: str, offset: int) -> onnx.TensorProto:
    """A tensor that says where its bytes are."""
    tensor = onnx.TensorProto(name=f"{name}.fp16", data_type=TensorProto.FLOAT16, dims=value.shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, told in {"location": file, "offset": offset, "length": value.nbytes}.items():
        tensor.external_data.add(key=key, value=str(told))
    return tensor


class CountingGraphs(Graphs):
    """The same networks, with the sizes of the batches they were given."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, threads=1)
        self.batches: list[int] = []
        self.decoded = 0

    def velocity(self, sample: Any, time: float, states: Any, labels: Any) -> Any:
        self.batches.append(len(sample))
        return super().velocity(sample, time, states, labels)

    def decode(self, latents: Any) -> Any:
        self.decoded += 1
        return super().decode(latents)


class CountingEncoder:
    """Vectors from the letters of a text, and the texts it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Any, tokens: int = 20) -> Any:
        self.asked += texts
        drawn = [np.random.default_rng(list(text.encode("utf-8", "replace"))[:64] or 1) for text in texts]
        states = np.stack([each.standard_normal((tokens, 384)) for each in drawn]).astype(np.float32)
        pooled = states.mean(axis=1)
        return states, pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
