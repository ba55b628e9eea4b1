"""The painter's four networks on ONNX Runtime, their weights read from the diffusers safetensors beside them."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import UsageError, WeightsError

Floats = NDArray[np.float32]

AGAIN = "reinstall genart_nb: the file is part of it"
PLACES = {
    "unet": "unet/model.onnx", "encoder": "autoencoder/encoder.onnx", "decoder": "autoencoder/decoder.onnx",
    "upscaler": "upscaler/model.onnx",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """What the folder says about its model, from `model_index.json` and the scheduler's config.

    `styles` name the slots of the style weights, in order. `shift` bends the time grid towards noise (1: even).
    `distilled` is whether the network takes guidance as an input.
    """

    styles: tuple[str, ...]
    shift: float = 1.0
    distilled: bool = False

    @classmethod
    def read(cls, folder: Path) -> Layout:
        """Read it; raises WeightsError where the folder holds no painter."""
        try:
            index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
            scheduler = folder / "scheduler" / "scheduler_config.json"
            sampling = json.loads(scheduler.read_text(encoding="utf-8")) if scheduler.is_file() else {}
            styles = tuple(str(name) for name in index["styles"])
            return cls(styles, float(sampling.get("shift", 1.0)), bool(index.get("distilled", False)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsError(f"{folder} does not hold a whole painter: {error!r}", AGAIN) from error


class Graphs:
    """The graphs at `PLACES` in a folder: two are opened at once, encoder and enlarger when first needed.

    Pictures are (n, 3, height, width) in -1..1, latents (n, 8, 16, 16) of about unit variance. Results do not depend
    on `threads`, which defaults to the physical cores this process may use. Raises WeightsError where the folder is
    not whole, and UsageError once closed.
    """

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        from genart_nb.models.onnx_llama import physical_cores

        self._folder, self._threads = folder, threads or physical_cores()
        self.environment = {"runtime": "onnxruntime", "device": "cpu", "dtype": "float32", "threads": self._threads}
        self._sessions: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._closed = False
        stored = sum(path.stat().st_size for path in folder.glob("*/*.safetensors"))
        self.nbytes = 2 * stored  # float16 on disk, float32 in memory
        self._session("unet")
        self._session("decoder")

    def velocity(self, sample: Floats, time: float, states: Floats, labels: Floats) -> Floats:
        """Noise minus picture, as the network believes, for (n, 8, 16, 16) samples at a time in 0..1."""
        fed = {
            "sample": sample, "timestep": np.full(len(sample), 1000 * time, np.float32),
            "encoder_hidden_states": states, "class_labels": labels,
        }  # fmt: skip
        return self._run("unet", fed)

    def encode(self, picture: Floats) -> Floats:
        """Latents of pictures whose sides are multiples of 8."""
        return self._run("encoder", {"picture": picture})

    def decode(self, latents: Floats) -> Floats:
        """Pictures of latents."""
        return self._run("decoder", {"latents": latents})

    def enlarge(self, picture: Floats) -> Floats:
        """Pictures of twice the side."""
        return self._run("upscaler", {"picture": picture})

    def close(self) -> None:
        """Free the memory."""
        with self._lock:
            self._closed = True
            self._sessions.clear()

    def _run(self, name: str, fed: dict[str, Floats]) -> Floats:
        found: Floats = self._session(name).run(None, fed)[0]
        return found

    def _session(self, name: str) -> Any:
        with self._lock:
            if self._closed:
                raise UsageError("This painter is closed.", "load it again")
            if name not in self._sessions:
                self._sessions[name] = self._open(self._folder / PLACES[name])
            return self._sessions[name]

    def _open(self, path: Path) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin while they wait cost little time alone and double it where the cores are shared.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own, one per status code
            raise WeightsError(f"ONNX Runtime refuses {path.parent.name}/{path.name}: {error}", AGAIN) from error
