"""What a pipeline can do, read from its own signature and settings; and whether a brief asks for more."""

from __future__ import annotations

import inspect
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from genart_nb.errors import OptionError
from genart_nb.models.pictures import Brief, Schedule

DISTILLED_CFG = 2.0
"""True guidance for a negative prompt in a model whose guidance is distilled, which otherwise ignores it."""


@dataclass(frozen=True, slots=True)
class Ability:
    """What one pipeline takes: `%%paint` options by name, sizes in steps of `multiple` pixels.

    `guidance` names the argument that guides it, if any; `takes` are the arguments of its call, with their defaults;
    `size` is its own (width, height); `steps_max` its scheduler's number of training steps.
    """

    title: str
    supports: frozenset[str]
    takes: Mapping[str, Any]
    guidance: str | None
    multiple: int
    size: tuple[int, int]
    steps_max: int
    moves_prompts: bool

    @property
    def defaults(self) -> dict[str, Any]:
        """Values of options that suit it, as a card's `defaults`."""
        found = {"size": max(self.size), "steps": self.takes.get("num_inference_steps")}
        if self.guidance:
            found["guidance"] = self.takes[self.guidance]
        return {name: value for name, value in found.items() if value is not None}


def arguments(pipe: Any) -> dict[str, Any]:
    """What its call takes, with defaults (None where there is none)."""
    found = inspect.signature(type(pipe).__call__).parameters.values()
    return {each.name: None if each.default is each.empty else each.default for each in found}


def denoiser(pipe: Any) -> tuple[str, Any]:
    """Name and module of what predicts the noise."""
    for name in ("unet", "transformer", "prior"):
        if getattr(pipe, name, None) is not None:
            return name, getattr(pipe, name)
    return "", None


def of(pipe: Any, redraws: bool) -> Ability:
    """Read a pipeline; `redraws` says that a picture can be redrawn with its models."""
    takes, config = arguments(pipe), getattr(denoiser(pipe)[1], "config", {})
    guidance = _guidance(takes, config)
    words = hasattr(pipe, "encode_prompt")
    found = {
        "negative": "negative_prompt" in takes, "steps": "num_inference_steps" in takes, "guidance": bool(guidance),
        "size": {"height", "width"} <= takes.keys(), "aspect": {"height", "width"} <= takes.keys(),
        "init": redraws, "strength": redraws, "mix": words, "style": words, "schedule": bool(guidance) or words,
        "scheduler": hasattr(pipe, "scheduler"), "lora": hasattr(pipe, "load_lora_weights"), "between": True,
    }  # fmt: skip
    multiple = int(getattr(pipe, "vae_scale_factor", 8)) * _patch(pipe, config)
    settings = getattr(getattr(pipe, "scheduler", None), "config", {})
    return Ability(
        type(pipe).__name__, frozenset(name for name, able in found.items() if able), takes, guidance, multiple,
        _size(pipe, takes, config, multiple), int(settings.get("num_train_timesteps", 1000)),
        "callback_on_step_end" in takes and "prompt_embeds" in getattr(pipe, "_callback_tensor_inputs", ()),
    )  # fmt: skip


def check(brief: Brief, able: Ability) -> None:
    """Raise OptionError for what the model cannot do, or a value outside its range."""
    asked = {
        "negative": bool(brief.negative), "steps": brief.steps is not None, "guidance": brief.guidance is not None,
        "size": brief.size is not None, "init": brief.init is not None, "mix": bool(brief.mix),
        "style": bool(brief.styles), "freedom": brief.freedom is not None,
        **{name: bool(value) for name, value in brief.extras.items()},
    }  # fmt: skip
    for name in (name for name, wanted in asked.items() if wanted and name not in able.supports):
        listing = ", ".join(f"--{each}" for each in sorted(able.supports - {"between"}))
        raise OptionError(f"{able.title} does not take --{name}.", f"leave it out; it takes {listing}")
    if brief.steps is not None and not 1 <= brief.steps <= able.steps_max:
        raise OptionError(f"--steps {brief.steps} is not allowed.", f"give --steps 1..{able.steps_max}")
    if not 0 <= brief.strength <= 1:  # NaN is not
        raise OptionError(f"--strength {brief.strength} is not allowed.", "give --strength 0..1")
    if brief.init is not None and not all(brief.init.size):
        raise OptionError("The picture to start from is empty.", "give --init a picture")
    for side in brief.size or ():
        _check_side(side, able.multiple)
    _check_schedules(brief, able)


def _check_schedules(brief: Brief, able: Ability) -> None:
    for name, schedule in [("guidance", brief.guidance), *brief.mix, *brief.styles]:
        if schedule and not all(math.isfinite(number) for key in schedule.keys for number in key):
            raise OptionError(f"{name[:60]!r} has a value that is no number.", "give it a number")
    if not able.moves_prompts and any(varies(weight) for _, weight in [*brief.mix, *brief.styles]):
        raise OptionError(f"{able.title} reads its words once, so their blend cannot move.", "give it one weight")


def varies(schedule: Schedule | None) -> bool:
    """Whether a number changes while a picture is sampled."""
    return schedule is not None and len({value for _, value in schedule.keys}) > 1


def _check_side(side: int, multiple: int) -> None:
    if side >= multiple and side % multiple == 0:
        return
    below, above = side // multiple * multiple, (side // multiple + 1) * multiple
    near = f"{below} or {above}" if below > 0 else f"{multiple} or {2 * multiple}"
    raise OptionError(f"A side of {side} pixels is no multiple of {multiple}.", f"use {near}")


def _guidance(takes: Mapping[str, Any], config: Mapping[str, Any]) -> str | None:
    """The argument that guides: where there is a true scale too, the plain one works only as a distilled input."""
    if "true_cfg_scale" not in takes:
        return "guidance_scale" if "guidance_scale" in takes else None
    if config.get("guidance_embeds") and "guidance_scale" in takes:
        return "guidance_scale"
    return "true_cfg_scale" if (takes["true_cfg_scale"] or 0) > 1 else None


def _patch(pipe: Any, config: Mapping[str, Any]) -> int:
    patch = config.get("patch_size") or 1
    patch = patch if isinstance(patch, int) else max(patch)
    return max(patch, 2 if hasattr(pipe, "_pack_latents") else 1)


def _size(pipe: Any, takes: Mapping[str, Any], config: Mapping[str, Any], multiple: int) -> tuple[int, int]:
    """(width, height) it was trained at: what its denoiser says, else what its call says, else 512."""
    held = config.get("sample_size") or getattr(pipe, "default_sample_size", None)
    if held and hasattr(pipe, "vae_scale_factor"):
        height, width = held if isinstance(held, tuple | list) else (held, held)
        height, width = height * pipe.vae_scale_factor, width * pipe.vae_scale_factor
    else:
        height, width = takes.get("height") or 512, takes.get("width") or 512
    return max(width // multiple, 1) * multiple, max(height // multiple, 1) * multiple
