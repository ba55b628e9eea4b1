"""A painter's graphs as one file each: optimised ahead, fixed to one picture, weights inside as float16."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from genart_nb.errors import WeightsError
from genart_nb.models.painter.graphs import AGAIN, PLACES

NAMES = ("unet", "encoder", "decoder", "upscaler")

_SMALL = 64  # numbers of a tensor that is not worth a node of its own


def packed(folder: Path, name: str) -> bytes:
    """The ONNX model of a painter's network; raises WeightsError where the folder is not whole.

    ONNX Runtime's own rewriting is done here, since it takes a browser a second: constants are folded for a batch of
    1, and neighbouring operations fused where no CPU in particular is meant. Folding makes weights float32; those that
    were float16 before, which is nearly all, go back to it without loss, so that a page carries half the bytes.
    """
    import onnx

    with tempfile.TemporaryDirectory() as place:
        target = Path(place) / "optimised.onnx"
        _optimise(folder / PLACES[name], target)
        model = onnx.load(target)
    halved(model.graph)
    whole: bytes = model.SerializeToString()
    return whole


def _optimise(source: Path, target: Path) -> None:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    for name in ("batch", "n"):
        options.add_free_dimension_override_by_name(name, 1)
    try:
        onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, one per status code
        raise WeightsError(f"ONNX Runtime refuses {source.parent.name}/{source.name}: {error}", AGAIN) from error


def halved(graph: Any) -> None:
    """Store every float32 weight that float16 holds exactly as float16, cast back where the graph begins; in place."""
    from onnx import TensorProto, helper, numpy_helper

    kept, casts = [], []
    for tensor in graph.initializer:
        value = numpy_helper.to_array(tensor)
        if tensor.data_type == TensorProto.FLOAT and value.size >= _SMALL:
            with np.errstate(over="ignore"):
                half = value.astype(np.float16)
            if np.array_equal(half.astype(np.float32), value):
                casts.append(helper.make_node("Cast", [f"{tensor.name}.half"], [tensor.name], to=TensorProto.FLOAT))
                tensor = numpy_helper.from_array(half, f"{tensor.name}.half")
        kept.append(tensor)
    nodes = [*casts, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
