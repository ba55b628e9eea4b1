"""DiffusersPainter: any diffusers text-to-image pipeline as a picture model."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image, ImageOps

from genart_nb.errors import OutOfMemoryError, UsageError
from genart_nb.models.diffusion import ability, load, lora, preview, prompts, schedulers
from genart_nb.models.diffusion.listening import listening
from genart_nb.models.diffusion.run import Run
from genart_nb.models.pictures import Brief, Frame
from genart_nb.models.transformers_lm import fast_bfloat16

COMPILE_FROM = 20
"""Steps from which compiling the denoiser pays on CUDA; fewer would wait longer than they save."""
OFFLOADED = "It did not fit the GPU whole: its parts took turns there, which is slower."


class DiffusersPainter:
    """A diffusers pipeline in memory (the `PictureModel` protocol).

    `source` is a hub id or a folder; `revision` a commit, tag or branch of the hub; `device` and `dtype` are torch's
    names, chosen by the machine where None: bfloat16 wherever it is native, on the CPU too (a UNet and a VAE of
    middling size ran 1.6 and 4.4 times as fast so, channels last, as in float32). Sizes are multiples of `multiple`.
    All noise is ours (see `noise_mode`). A safety checker only flags: its verdict is in the last frame's
    `facts["flagged"]`. Raises ModelNotFoundError or WeightsError.
    """

    styles: tuple[str, ...] = ()

    def __init__(
        self, source: str | Path, *, revision: str | None = None, device: str | None = None, dtype: str | None = None,
        compile: bool | None = None,
    ) -> None:  # fmt: skip
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.dtype = dtype or ("bfloat16" if self.device == "cuda" or fast_bfloat16() else "float32")
        threads = torch.get_num_threads()
        self.environment = {"runtime": "torch", "device": self.device, "dtype": self.dtype, "threads": threads}
        self.pipe = load.load(source, revision, self.dtype)
        self.nbytes = load.nbytes(*load.modules(self.pipe).values())
        self._checker = getattr(self.pipe, "safety_checker", None)
        self._extractor = getattr(self.pipe, "feature_extractor", None)
        if self._checker is not None:
            self.pipe.safety_checker = None  # it would blacken pictures; it is asked afterwards instead
        for part in load.modules(self.pipe).values():
            part.requires_grad_(False)
        for name in ("unet", "vae"):
            if getattr(self.pipe, name, None) is not None:
                getattr(self.pipe, name).to(memory_format=torch.channels_last)
        self.offloaded = False
        self._place()
        self.redraw = load.redrawer(self.pipe)
        self.able = ability.of(self.pipe, self.redraw is not None)
        self.supports = self.able.supports
        self.multiple = self.able.multiple
        self.defaults = self.able.defaults
        self._compile = self.device == "cuda" if compile is None else compile
        self._compiled: Callable[..., Any] | None = None
        self._kept, self._look = prompts.Encodings(), preview.Look(getattr(self.pipe, "vae", None))
        self._worn: lora.Lora | None = None
        self._lock = threading.RLock()

    def paint(self, brief: Brief) -> Iterator[Frame]:
        """Yield a frame after every step; raises OptionError at once for what this pipeline cannot do."""
        if self.pipe is None:
            raise UsageError("This model is closed.", "load it again")
        ability.check(brief, self.able)
        schedulers.fresh(self.pipe.scheduler, str(brief.extras.get("scheduler", "")))
        named = str(brief.extras.get("lora") or "")
        return self._painted(brief, lora.read(named) if named else None)

    def close(self) -> None:
        """Free the memory."""
        self.pipe = self.redraw = self._checker = self._extractor = self._compiled = None
        self._kept.clear()
        self._look = preview.Look(None)
        self._free()

    def _painted(self, brief: Brief, worn: lora.Lora | None) -> Iterator[Frame]:
        if brief.init is not None and brief.strength == 0:
            same = ImageOps.fit(brief.init.convert("RGB"), brief.size or self.able.size, Image.Resampling.LANCZOS)
            yield Frame(1, 1, lambda: same)
            return
        try:
            yield from self._attempt(brief, worn)
            return
        except (torch.OutOfMemoryError, RuntimeError) as error:
            if not _out_of_memory(error):
                raise
            if self.offloaded or self.device == "cpu":
                raise self._too_large(brief) from error
        self._offload()  # outside the handler: its traceback would keep the tensors of the failed attempt
        try:
            yield from self._attempt(brief, worn)
        except (torch.OutOfMemoryError, RuntimeError) as error:
            raise (self._too_large(brief) if _out_of_memory(error) else error) from error

    def _attempt(self, brief: Brief, worn: lora.Lora | None) -> Iterator[Frame]:
        steps = brief.steps or self.able.takes.get("num_inference_steps") or 0
        compiled = self._compiled_denoiser() if self._compile and steps >= COMPILE_FROM and not worn else None
        facts: dict[str, Any] = {"note": OFFLOADED} if self.offloaded else {}
        facts |= {"lora": {"name": worn.file.name, "weight": worn.weight, "sha256": worn.digest}} if worn else {}
        pipe = self.redraw if brief.init is not None else self.pipe
        run = Run(
            pipe, self.able, brief, self._look, self._kept, compiled=compiled, tag=repr(worn), facts=facts
        )  # fmt: skip
        frames = run.frames()
        try:
            while True:
                with self._lock:
                    self._wear(worn)
                    frame = next(frames, None)
                if frame is None:
                    return
                yield self._flagged(frame) if frame.final else frame
        finally:
            frames.close()  # type: ignore[attr-defined]
            with self._lock:
                self._wear(None)

    def _wear(self, worn: lora.Lora | None) -> None:
        """Have that LoRA on and no other: pictures may take turns step by step, and share the models."""
        if worn == self._worn or self.pipe is None:
            return
        if self._worn is not None:
            lora.take_off(self.pipe)
            self._worn = None
        if worn is not None:
            lora.put_on(self.pipe, worn)
            self._worn = worn

    def _flagged(self, frame: Frame) -> Frame:
        if self._checker is None or self._extractor is None:
            return frame
        import numpy as np

        picture = frame.decode()
        seen = self._extractor(picture, return_tensors="pt").pixel_values
        first = next(self._checker.parameters())
        with torch.no_grad(), listening():
            _, flags = self._checker(
                images=np.array(picture, np.float32)[None] / 255, clip_input=seen.to(first.device, first.dtype)
            )
        note = "A safety checker flags this picture." if flags[0] else ""
        notes = " ".join(filter(None, (frame.facts.get("note", ""), note)))
        return replace(frame, facts={**frame.facts, "flagged": bool(flags[0]), **({"note": notes} if notes else {})})

    def _compiled_denoiser(self) -> Callable[..., Any] | None:
        if self._compiled is None and not self.offloaded:
            self._compiled = torch.compile(ability.denoiser(self.pipe)[1])
        return self._compiled

    def _place(self) -> None:
        if self.device == "cpu":
            return
        try:
            self.pipe.to(self.device)
            return
        except torch.OutOfMemoryError:
            pass
        self._offload()

    def _offload(self) -> None:
        """Keep the parts in the machine's memory, each on the device only while it works."""
        self._compiled = None
        self._free()
        self.pipe.to("cpu")
        self._free()
        self.pipe.enable_model_cpu_offload(device=self.device)
        self.offloaded = True

    def _too_large(self, brief: Brief) -> OutOfMemoryError:
        size, name = max((load.nbytes(part), name) for name, part in load.modules(self.pipe).items())
        width, height = brief.size or self.able.size
        smaller = max(1, max(width, height) // 2 // self.able.multiple) * self.able.multiple
        return OutOfMemoryError(
            f"{self.able.title} at {width}x{height} does not fit the memory of the {self.device}: its largest part, "
            f"the {name}, takes {size / 2**30:.1f} GiB, and the picture is made beside it.",
            f"try --size {smaller}, free another model with `%genart models --free ID`, or choose a smaller one",
        )

    @staticmethod
    def _free() -> None:
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _out_of_memory(error: BaseException) -> bool:
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
