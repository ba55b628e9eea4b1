"""The parts of the diffusers painter, each alone: pausing, noise, guidance, blends, looks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from genart_nb.errors import OptionError
from genart_nb.models.diffusion import preview, prompts, schedulers
from genart_nb.models.diffusion.guidance import MovingScale
from genart_nb.models.diffusion.handover import stepwise
from genart_nb.models.diffusion.listening import listening
from genart_nb.models.diffusion.noise_mode import PhiloxNoise
from genart_nb.models.noise import normal
from genart_nb.models.pictures import Brief, Schedule


def test_a_call_pauses_at_every_step_and_waits() -> None:
    log: list[str] = []

    def call(pause: Callable[[int], None]) -> int:
        for at in range(2):
            log.append(f"step {at}")
            pause(at)
        return 9

    for value in stepwise(call):
        log.append(f"saw {value}")
    assert log == ["step 0", "saw 0", "step 1", "saw 1", "saw 9"]


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_abandoned_call_unwinds_at_its_pause(after: int) -> None:
    log: list[str] = []

    def call(pause: Callable[[int], None]) -> int:
        try:
            for at in range(9):
                try:
                    pause(at)
                except Exception:
                    log.append("swallowed")
        finally:
            log.append("unwound")
        return 0

    running: Any = stepwise(call)
    for _ in range(after):
        next(running)
    running.close()
    assert log == (["unwound"] if after else [])
    assert not [each for each in threading.enumerate() if each.name == "genart-steps"]


def test_what_a_call_raises_is_raised() -> None:
    def call(pause: Callable[[int], None]) -> int:
        pause(1)
        raise KeyError("lost")

    running: Iterator[int] = stepwise(call)
    assert next(running) == 1
    with pytest.raises(KeyError, match="lost"):
        next(running)
    assert list(running) == []


def test_noise_is_philox_whatever_asks_for_it() -> None:
    from diffusers.utils.torch_utils import randn_tensor

    noise = PhiloxNoise(seed=5, index=2)
    with noise:
        drawn = [
            torch.randn(1, 4, 2, 2), torch.randn((1, 3)), torch.randn(size=(2,), dtype=torch.float64),
            torch.randn_like(torch.zeros(2, 2, dtype=torch.bfloat16)),
            randn_tensor((1, 4, 2, 2), generator=noise.generator(), device=torch.device("cpu"), dtype=torch.float32),
        ]  # fmt: skip
    for stream, tensor in enumerate(drawn):
        wanted = torch.from_numpy(normal(5, tuple(tensor.shape), 2, stream)).to(tensor.dtype)
        assert torch.equal(tensor, wanted)
    assert drawn[2].dtype == torch.float64 and drawn[3].dtype == torch.bfloat16


def test_noise_is_changed_in_one_thread_alone() -> None:
    torch.manual_seed(0)
    wanted, found = torch.randn(4), []

    def elsewhere() -> None:
        torch.manual_seed(0)
        found.append(torch.randn(4))

    with PhiloxNoise(1, 0):
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    torch.manual_seed(0)
    assert torch.equal(found[0], wanted) and torch.equal(torch.randn(4), wanted)


def test_the_generator_depends_on_the_picture_alone() -> None:
    draws = [torch.randn(3, generator=PhiloxNoise(*each).generator()).tolist() for each in ((1, 0), (1, 0), (1, 1))]
    assert draws[0] == draws[1] != draws[2]


def test_a_moving_scale_compares_by_its_peak_and_multiplies_by_its_present() -> None:
    step = 0
    scale = MovingScale(Schedule.read("0:0.5,2:8"), lambda: step)
    assert scale > 1 and float(scale) == 8 and not scale.read
    values = []
    for step in range(3):  # noqa: B007 - the scale looks at it
        values.append((scale * torch.ones(2))[0].item())
    assert values == [0.5, 4.25, 8] and scale.read


def test_shares_add_up_to_one() -> None:
    def shares(*others: float, step: float = 0) -> list[float]:
        return prompts.weights([("a", None), *(("b", Schedule.constant(each)) for each in others)], step)

    assert shares() == [1] and shares(0.25) == [0.75, 0.25] and shares(0.5, 0.5) == [0, 0.5, 0.5]
    assert shares(3, 1) == [0, 0.75, 0.25] and shares(-1) == [1, 0]
    assert prompts.weights([("a", None), ("b", Schedule.read("0:0,4:1"))], 1) == [0.75, 0.25]


def test_a_style_is_said_in_words() -> None:
    assert prompts.texts(Brief("a fox", 1, styles=(("ink", Schedule.constant(1)),))) == [("a fox, ink style", None)]
    half = Schedule.constant(0.5)
    brief = Brief("a fox", 1, styles=(("ink", half),), mix=(("a dog\ud800", half),))
    assert prompts.texts(brief) == [("a fox", None), ("a fox, ink style", half), ("a dog?", half)]


def test_a_blend_pads_masks_and_leaves_alone_what_is_shared() -> None:
    short, long = torch.ones(1, 2, 3), torch.full((1, 4, 3), 3.0)
    shared = torch.zeros(1, 5)
    masks = torch.tensor([[1, 1]]), torch.tensor([[1, 1, 1, 0]])
    assert prompts.blend([short[0], long[0]], [0.5, 0.5]).shape == (4, 3)
    mixed, mask, same, rows, nothing = prompts.blend(
        [(short, masks[0], shared, [short[0]], None), (long, masks[1], shared, [long[0]], None)], [0.5, 0.5]
    )
    assert mixed[0, :, 0].tolist() == [2, 2, 1.5, 1.5] and mask.tolist() == [[1, 1, 1, 0]]
    assert same is shared and nothing is None and isinstance(rows, list)


def test_schedulers_that_fit() -> None:
    from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, FlowMatchEulerDiscreteScheduler

    usual = schedulers.choices(DDIMScheduler())
    assert {"DDIMScheduler", "EulerDiscreteScheduler", "UniPCMultistepScheduler"} <= usual.keys()
    assert not {"DPMSolverSDEScheduler", "EDMEulerScheduler"} & usual.keys()
    flow = schedulers.choices(DPMSolverMultistepScheduler(prediction_type="flow_prediction", use_flow_sigmas=True))
    assert "UniPCMultistepScheduler" in flow and "DDIMScheduler" not in flow
    assert list(schedulers.choices(FlowMatchEulerDiscreteScheduler())) == ["FlowMatchEulerDiscreteScheduler"]
    assert schedulers.fresh(DDIMScheduler(beta_end=0.012), "EULERDISCRETE").config.beta_end == 0.012
    with pytest.raises(OptionError, match="no scheduler"):
        schedulers.fresh(DDIMScheduler(), "x" * 10_000)


def test_the_estimate_of_the_clean_latents() -> None:
    clean, noise = torch.randn(1, 4, 2, 2), torch.randn(1, 4, 2, 2)
    out = SimpleNamespace(prev_sample=torch.zeros(1))
    flow = SimpleNamespace(config={}, sigmas=torch.tensor([1.0, 0.75, 0.0]))
    at = 0.25 * clean + 0.75 * noise
    torch.testing.assert_close(preview.estimate(out, flow, noise - clean, 750, at, 1), clean)
    signal = torch.tensor([0.9, 0.4])
    at = signal[1].sqrt() * clean + (1 - signal[1]).sqrt() * noise
    for kind, predicted in {
        "epsilon": noise, "sample": clean,
        "v_prediction": signal[1].sqrt() * noise - (1 - signal[1]).sqrt() * clean,
    }.items():  # fmt: skip
        usual = SimpleNamespace(config={"prediction_type": kind}, alphas_cumprod=signal)
        torch.testing.assert_close(preview.estimate(out, usual, predicted, torch.tensor(1), at, None), clean)
    told = SimpleNamespace(prev_sample=at, pred_original_sample=clean)
    assert preview.estimate(told, flow, noise, 0, at, 0) is clean


class LinearVae:
    """A VAE whose latents are colours, mixed; what a linear look can learn exactly."""

    device, dtype = torch.device("cpu"), torch.float32
    mix = torch.tensor([[0.5, 0.2, 0.1], [0.1, -0.7, 0.3], [0.0, 0.4, 0.9], [0.3, 0.3, 0.3]])

    def __init__(self, **config: Any) -> None:
        self.config = config
        self.decoder = torch.nn.Linear(1, 1)

    def encode(self, pictures: Any) -> Any:
        pooled = torch.nn.functional.avg_pool2d(pictures, 8)
        return SimpleNamespace(latent=torch.einsum("lc,bchw->blhw", self.mix, pooled) + 0.1)


@pytest.mark.parametrize(
    "config",
    [
        {"scaling_factor": 0.5, "shift_factor": 0.2},
        {"latents_mean": [0.1] * 4, "latents_std": [2.0] * 4, "scaling_factor": 1.0},
    ],
)
def test_the_linear_look_shows_the_colours(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "SMALL", 0)
    vae = LinearVae(**config)
    colours = torch.tensor([[0.8, -0.6, 0.0], [-0.9, 0.1, 0.5]])
    picture = colours.T.reshape(1, 3, 1, 2).repeat_interleave(16, 2).repeat_interleave(16, 3)
    raw = vae.encode(picture).latent
    latents = (raw - 0.1) / 2.0 if "latents_mean" in config else (raw - 0.2) * 0.5
    seen = preview.Look(vae)(SimpleNamespace(), latents, (32, 16))
    assert seen.size == (32, 16) and seen.mode == "RGB"
    wanted = (colours.numpy() + 1) * 127.5
    np.testing.assert_allclose(np.asarray(seen, float)[8, [2, 29]], wanted, atol=12)


def test_a_look_at_what_it_does_not_know_is_a_picture_still() -> None:
    odd = SimpleNamespace(decoder=None, config={}, device="cpu", dtype=torch.float32)
    for latents in (
        torch.randn(1, 16, 1, 4, 4),
        torch.randn(1, 1, 4, 4),
        torch.randn(1, 9),
        torch.full((1, 4, 4, 4), float("nan")),
    ):
        assert preview.Look(odd)(SimpleNamespace(), latents, (20, 30)).size == (20, 30)
    assert preview.Look(None)(SimpleNamespace(), torch.zeros(1, 4, 2, 2), (8, 8)).size == (8, 8)


def test_only_the_listener_s_thread_is_hushed() -> None:
    from diffusers.utils import logging as theirs

    logger = theirs.get_logger("diffusers.genart_test")
    printed: list[str] = []
    handlers = [logging.Handler(), logging.Handler()]
    for handler in handlers:
        handler.emit = lambda record: printed.append(record.getMessage())  # type: ignore[method-assign]
        logging.getLogger("diffusers").addHandler(handler)
    try:
        with listening() as told:
            logger.warning("within")
            other = threading.Thread(target=lambda: logger.warning("elsewhere"))
            other.start()
            other.join()
        logger.warning("after")
    finally:
        for handler in handlers:
            logging.getLogger("diffusers").removeHandler(handler)
    assert told == ["within"], "heard once, though several handlers were asked"
    assert printed == ["elsewhere"] * 2 + ["after"] * 2
