"""Where a pipeline runs: memory that does not suffice, compiling, precision, and a GPU if there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from painting import SIX, brief, pixels, same

from genart_nb.errors import OutOfMemoryError, UsageError
from genart_nb.models.diffusion.painter import OFFLOADED, DiffusersPainter

Painter = Callable[[str], Any]


class Cramped:
    """A forward that runs out of memory the first `times` times it is called."""

    def __init__(self, forward: Callable[..., Any], times: int) -> None:
        self.forward, self.left, self.calls = forward, times, 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        if self.calls >= 2 and self.left:
            self.left -= 1
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")
        return self.forward(*args, **kwargs)


@pytest.fixture
def cramped(folder: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> DiffusersPainter:
    model = DiffusersPainter(folder("sd15"), device="cpu", dtype="float32")
    monkeypatch.setattr(model, "device", "cuda")  # as far as the painter knows
    monkeypatch.setattr(model.pipe, "enable_model_cpu_offload", lambda device: None)
    return model


def test_out_of_memory_offloads_and_says_so(cramped: DiffusersPainter, painter: Painter) -> None:
    cramped.pipe.unet.forward = Cramped(cramped.pipe.unet.forward, 1)
    *_, last = cramped.paint(brief())
    assert last.facts["note"] == OFFLOADED and cramped.offloaded
    assert same(np.asarray(last.decode()), pixels(painter("sd15")))


def test_out_of_memory_for_good_says_what_would_fit(cramped: DiffusersPainter) -> None:
    cramped.pipe.unet.forward = Cramped(cramped.pipe.unet.forward, 99)
    with pytest.raises(OutOfMemoryError, match=r"(?s)at 32x32 does not fit.*the unet.*try --size 16"):
        list(cramped.paint(brief()))


def test_long_pictures_are_compiled_and_short_ones_not(
    folder: Callable[[str], Any], painter: Painter, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = []

    def fake(module: Any) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            compiled.append(module)
            return module(*args, **kwargs)

        return call

    monkeypatch.setattr(torch, "compile", fake)
    model = DiffusersPainter(folder("flux"), device="cpu", dtype="float32", compile=True)
    short = pixels(model)
    assert not compiled
    assert same(pixels(model, steps=20), pixels(painter("flux"), steps=20)) and len(compiled) == 20
    assert same(short, pixels(model)) and len(compiled) == 20, "a draft after it is as it was before it"


def test_it_weighs_what_it_holds_and_closes(folder: Callable[[str], Any]) -> None:
    sizes = []
    for dtype in ("float32", "bfloat16"):
        model = DiffusersPainter(folder("sd15"), device="cpu", dtype=dtype)
        sizes.append(model.nbytes)
        assert pixels(model, steps=2).shape == (32, 32, 3)
        model.close()
        with pytest.raises(UsageError, match="closed"):
            model.paint(brief())
    assert 1.9 < sizes[0] / sizes[1] < 2.1 and sizes[0] > 300_000


@pytest.mark.gpu
@pytest.mark.parametrize("family", SIX)
def test_cuda_paints_what_the_cpu_paints(folder: Callable[[str], Any], painter: Painter, family: str) -> None:
    model = DiffusersPainter(folder(family), device="cuda", dtype="float32")
    assert np.abs(pixels(model).astype(int) - pixels(painter(family))).mean() < 2
    own = DiffusersPainter(folder(family))
    assert (own.device, own.dtype) == ("cuda", "bfloat16") and pixels(own, steps=20).shape == (32, 32, 3)
