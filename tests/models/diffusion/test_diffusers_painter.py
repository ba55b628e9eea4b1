"""Six families of pipelines, each by its own signature, through one contract."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from painting import SIX, brief, pixels, same
from PIL import Image

from genart_nb.errors import OptionError
from genart_nb.models.diffusion import noise_mode
from genart_nb.models.pictures import Schedule

Painter = Callable[[str], Any]
ALL = {"aspect", "between", "guidance", "mix", "negative", "schedule", "scheduler", "size", "steps", "style"}
SUPPORTS = {
    "sd15": ALL | {"init", "strength", "lora"}, "sdxl": ALL | {"init", "strength", "lora"},
    "sd3": ALL | {"init", "strength", "lora"}, "flux": ALL | {"init", "strength", "lora"},
    "sana": ALL | {"lora"}, "pixart": ALL, "schnell": (ALL | {"init", "strength", "lora"}) - {"guidance"},
}  # fmt: skip
RED = Image.new("RGB", (50, 40), (255, 0, 0))


@pytest.mark.parametrize("family", SUPPORTS)
def test_what_it_takes_is_read_from_its_signature(painter: Painter, family: str) -> None:
    model = painter(family)
    assert model.supports == SUPPORTS[family] and model.styles == ()
    for name, wanted in {"init": RED, "guidance": Schedule.constant(3), "freedom": 0.5}.items():
        if name not in model.supports:
            with pytest.raises(OptionError, match=f"does not take --{name}") as refusal:
                model.paint(brief(**{name: wanted}))
            assert "--steps" in refusal.value.fix


def test_noise_turns_from_one_seed_to_another(painter: Painter) -> None:
    model, one, other = painter("sd15"), brief(seed=1), brief(seed=2)

    def walked(share: float) -> Any:
        return np.asarray(pixels(model, seed=1, extras={"between": (one, other, share)}), float)

    ends = np.asarray(pixels(model, seed=1), float), np.asarray(pixels(model, seed=2), float)
    assert np.array_equal(walked(0.0), ends[0]) and np.array_equal(walked(1.0), ends[1])
    way = [np.abs(walked(share) - ends[0]).mean() for share in (0.05, 0.4, 1.0)]
    assert 0 < way[0] < way[1] < way[2]


def test_its_own_numbers_are_its_defaults(painter: Painter) -> None:
    assert painter("sd15").defaults == {"size": 32, "steps": 50, "guidance": 7.5}
    assert painter("sana").defaults == {"size": 64, "steps": 20, "guidance": 4.5}
    assert painter("schnell").defaults == {"size": 256, "steps": 28}
    assert pixels(painter("sana"), size=None, steps=2).shape == (64, 64, 3)
    assert sum(1 for _ in painter("pixart").paint(brief(steps=None))) == 20


@pytest.mark.parametrize("family", SIX)
def test_a_frame_for_every_step_and_the_picture_last(painter: Painter, family: str) -> None:
    model = painter(family)
    frames = []
    for frame in model.paint(brief(steps=4)):
        frames.append((frame.done, frame.final, np.asarray(frame.decode())))
    assert [done for done, *_ in frames] == list(range(1, len(frames) + 1)) and len(frames) in (4, 5)
    assert [final for _, final, _ in frames] == [False] * (len(frames) - 1) + [True]
    assert all(picture.shape == (32, 32, 3) for *_, picture in frames)
    assert same(frames[-1][2], pixels(model, steps=4)), "looking at previews changed the picture"
    assert frames[-1][2].std() > 1


@pytest.mark.parametrize("family", SIX)
@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 8}, {"index": 2}, {"prompt": "a blue dog"}, {"negative": "grass"}, {"guidance": Schedule.constant(2)},
        {"styles": (("ink", Schedule.constant(1)),)}, {"mix": (("9", Schedule.constant(0.5)),)}, {"steps": 1},
        {"size": (32, 64)},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_every_option_counts(painter: Painter, family: str, changed: dict[str, Any]) -> None:
    model = painter(family)
    picture = pixels(model, **changed)
    assert picture.shape == (*changed.get("size", (32, 32))[::-1], 3)
    assert not same(picture, pixels(model)) and same(picture, pixels(model, **changed))


@pytest.mark.parametrize("family", SIX)
def test_all_noise_is_ours(painter: Painter, family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, tuple[int, ...], int, int]] = []
    theirs = noise_mode.normal
    monkeypatch.setattr(noise_mode, "normal", lambda *given: drawn.append(given) or theirs(*given))
    before = torch.get_rng_state()
    pixels(painter(family), seed=2**63, index=5)
    (seed, shape, index, stream), *more = drawn
    assert (seed, index, stream, more) == (2**63, 5, 0, []) and len(shape) == 4 and shape[2:] == (16, 16)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "flux"])
def test_a_picture_is_redrawn(painter: Painter, family: str) -> None:
    model = painter(family)
    some = [pixels(model, init=RED, strength=strength, steps=4) for strength in (0.3, 0.9)]
    assert not same(*some) and some[0].shape == (32, 32, 3)
    assert same(some[0], pixels(model, init=RED, strength=0.3, steps=4))
    assert sum(1 for _ in model.paint(brief(init=RED, strength=0.01, steps=2))) >= 1, "at least one step is left"
    assert (pixels(model, init=RED, strength=0) == (255, 0, 0)).all()


@pytest.mark.parametrize("family", SIX)
def test_guidance_moves(painter: Painter, family: str) -> None:
    model = painter(family)
    still = pixels(model, guidance=Schedule.constant(3), steps=3)
    unseen = pixels(model, guidance=Schedule.read("0:3,8:3,9:12"), steps=3)  # its peak lies past the last step
    assert np.abs(still.astype(int) - unseen).max() <= 1, "it does not follow its schedule"
    assert not same(still, pixels(model, guidance=Schedule.read("0:3,2:12"), steps=3))


def test_guidance_that_cannot_move_is_refused(painter: Painter) -> None:
    model = painter("lcm")
    assert not same(*(pixels(model, guidance=Schedule.constant(value)) for value in (2, 9)))
    seen = []
    with pytest.raises(OptionError, match="reads its guidance once"):
        seen.extend(model.paint(brief(guidance=Schedule.read("0:2,3:9"))))
    assert not seen


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "flux", "sana"])
def test_a_blend_of_prompts_moves(painter: Painter, family: str) -> None:
    model = painter(family)
    still = pixels(model, mix=(("8 9", Schedule.constant(0.5)),))
    unseen = pixels(model, mix=(("8 9", Schedule.read("0:0.5,8:0.5,9:1")),))
    assert np.abs(still.astype(int) - unseen).max() <= 1
    assert not same(still, pixels(model, mix=(("8 9", Schedule.read("0:0.5,2:1")),)))


def test_a_blend_that_cannot_move_is_refused(painter: Painter) -> None:
    with pytest.raises(OptionError, match="reads its words once"):
        painter("pixart").paint(brief(mix=(("9", Schedule.read("0:0,2:1")),)))


def test_a_blend_goes_from_one_prompt_to_the_other(painter: Painter) -> None:
    model = painter("sdxl")
    assert same(pixels(model, mix=(("8 9", Schedule.constant(0)),)), pixels(model))
    assert same(pixels(model, mix=(("8 9", Schedule.constant(1)),)), pixels(model, prompt="8 9"))


def test_words_are_encoded_once(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    model = painter("sd15")
    pixels(model, prompt="once")
    monkeypatch.setattr(model.pipe.text_encoder, "forward", lambda *_, **__: pytest.fail("encoded again"))
    pixels(model, prompt="once", seed=99, steps=2)


@pytest.mark.parametrize("prompt", ["", "x" * 10_000, "a\x00b\ud800 \U0001f98a \u202e", "{a} <b> (c)"])
@pytest.mark.parametrize("family", SIX)
def test_any_text_is_painted(painter: Painter, family: str, prompt: str, capfd: pytest.CaptureFixture[str]) -> None:
    model = painter(family)
    capfd.readouterr()
    *_, last = model.paint(brief(prompt=prompt, negative=prompt, steps=2))
    assert last.decode().size == (32, 32)
    if family != "sana":  # its pipeline does not tell
        assert ("its end was left out" in last.facts.get("note", "")) == (len(prompt) > 1000)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"steps": 0}, r"--steps 0 is not allowed.*1\.\.1000"),
        ({"steps": 1001}, "--steps 1001 is not allowed"),
        ({"size": (32, 33)}, "33 pixels is no multiple of 2.*use 32 or 34"),
        ({"size": (0, 32)}, "side of 0 pixels"),
        ({"size": (-8, 32)}, "side of -8 pixels.*use 2 or 4"),
        ({"guidance": Schedule.constant(float("nan"))}, "no number"),
        ({"mix": (("9", Schedule.constant(float("inf"))),)}, "no number"),
        ({"init": RED, "strength": float("nan")}, "--strength nan"),
        ({"init": RED, "strength": 1.5}, "--strength 1.5"),
        ({"init": Image.new("RGB", (0, 0))}, "start from is empty"),
        ({"freedom": 0.5}, "does not take --freedom"),
        ({"extras": {"references": "fox"}}, "does not take --references"),
        ({"extras": {"scheduler": "EulerAncestralDiskrete"}}, "did you mean EulerAncestralDiscreteScheduler"),
        ({"extras": {"scheduler": "zzz"}}, "no scheduler 'zzz'.*DDIMScheduler"),
    ],
)
def test_what_is_wrong_is_refused_before_the_first_step(painter: Painter, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(OptionError, match=f"(?s){says}"):
        painter("sd15").paint(brief(**changed))


def test_sizes_come_in_steps_of_the_patch_too(painter: Painter) -> None:
    with pytest.raises(OptionError, match=r"(?s)34 pixels is no multiple of 4.*32 or 36"):
        painter("flux").paint(brief(size=(34, 32)))


def test_schedulers_by_name(painter: Painter) -> None:
    model = painter("sd15")
    usual = pixels(model, steps=4)
    for name in ("EulerDiscreteScheduler", "ddim", "dpmsolvermultistep", "HeunDiscrete"):
        *_, last = model.paint(brief(steps=4, extras={"scheduler": name}))
        assert last.facts["scheduler"].lower().startswith(name.lower().removesuffix("scheduler"))
        assert not same(usual, np.asarray(last.decode()))
    assert same(usual, pixels(model, steps=4)), "a scheduler stayed behind"


def test_schedulers_that_draw_more_noise_draw_ours(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    theirs = noise_mode.normal
    monkeypatch.setattr(noise_mode, "normal", lambda *given: drawn.append(given[3]) or theirs(*given))
    one = pixels(painter("sd15"), extras={"scheduler": "EulerAncestralDiscreteScheduler"})
    assert drawn == [0, 1, 2, 3]
    torch.manual_seed(1)
    assert same(one, pixels(painter("sd15"), extras={"scheduler": "EulerAncestralDiscreteScheduler"}))


def test_two_pictures_take_turns_on_one_model(painter: Painter) -> None:
    model = painter("sdxl")
    asked = [{"guidance": Schedule.read("0:2,3:9")}, {"seed": 8, "extras": {"scheduler": "ddim"}, "mix": ()}]
    alone = [pixels(model, **each) for each in asked]
    running = [model.paint(brief(**each)) for each in asked]
    together = [last for last in zip(*running, strict=True)][-1]
    for one, frame in zip(alone, together, strict=True):
        assert same(one, np.asarray(frame.decode()))


def test_closing_stops_within_a_step_and_leaves_no_thread(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    model, calls = painter("sd15"), []
    forward = model.pipe.unet.forward
    monkeypatch.setattr(model.pipe.unet, "forward", lambda *a, **k: calls.append(0) or forward(*a, **k))
    running = model.paint(brief(steps=50))
    next(running), next(running)
    running.close()
    assert len(calls) == 2
    del running
    model.paint(brief())  # asked for and never looked at
    assert not [each for each in threading.enumerate() if each.name == "genart-steps"]


def test_what_goes_wrong_inside_comes_out(painter: Painter, monkeypatch: pytest.MonkeyPatch) -> None:
    model = painter("sd15")
    with monkeypatch.context() as patch:
        patch.setattr(model.pipe.vae, "decode", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            pixels(model)
        patch.setattr(model.pipe.unet, "forward", lambda *_, **__: int("not a number"))
        with pytest.raises(OptionError, match="refused this"):
            pixels(model)
    assert not [each for each in threading.enumerate() if each.name == "genart-steps"]
    assert pixels(model).std() > 1


def test_a_safety_checker_flags_and_never_blackens(painter: Painter, capfd: pytest.CaptureFixture[str]) -> None:
    model = painter("sd15_guarded")
    capfd.readouterr()
    frames = list(model.paint(brief()))
    assert frames[-1].facts["flagged"] is True and "flags this picture" in frames[-1].facts["note"]
    assert np.asarray(frames[-1].decode()).std() > 1
    assert capfd.readouterr() == ("", ""), "it said that it had blackened the picture"
