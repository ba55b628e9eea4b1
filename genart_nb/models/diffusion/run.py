"""One picture: a pipeline object of its own around the shared models, its noise, its scheduler, and its steps."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PIL import Image, ImageOps

from genart_nb.errors import OptionError
from genart_nb.models.diffusion import ability, guidance, load, preview, prompts, schedulers
from genart_nb.models.diffusion.handover import stepwise
from genart_nb.models.diffusion.listening import listening
from genart_nb.models.diffusion.noise_mode import PhiloxNoise
from genart_nb.models.pictures import Brief, Frame


class Run:
    """The making of one picture.

    A pipeline keeps the state of its call on itself, and so does its scheduler. Two runs may take turns step by step,
    so each has a shallow copy of the pipeline and a fresh scheduler; what is replaced on them (how it draws noise,
    encodes words, takes a step) ends with them, and the next picture finds nothing of it.
    """

    def __init__(
        self, pipe: Any, able: ability.Ability, brief: Brief, look: preview.Look, kept: prompts.Encodings,
        *, compiled: Callable[..., Any] | None = None, tag: str = "", facts: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self._brief, self._able, self._look, self._facts = brief, able, look, dict(facts or {})
        self._pipe = copy.copy(pipe)
        self._takes = ability.arguments(pipe)
        self._scheduler = schedulers.fresh(pipe.scheduler, str(brief.extras.get("scheduler", "")))
        self._pipe.scheduler = self._scheduler
        self._noise = _noise(brief)
        self._size = brief.size or able.size
        self._texts = prompts.texts(brief)
        self._blend: prompts.Blend | None = None
        self._done = 0
        self._scale = self._moving_scale()
        self._replace(kept, tag, compiled)
        self._facts |= {"scheduler": type(self._scheduler).__name__}

    def frames(self) -> Iterator[Frame]:
        """A frame for every step, the last with the finished picture."""
        return stepwise(self._call)

    def _call(self, pause: Callable[[Frame], None]) -> Frame:
        take_step = self._scheduler.step

        def step(predicted: Any, timestep: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
            as_object = kwargs.pop("return_dict", True)
            before = getattr(self._scheduler, "step_index", None)
            with self._noise:
                out = take_step(predicted, timestep, sample, *args, return_dict=True, **kwargs)
            clean = preview.estimate(out, self._scheduler, predicted, timestep, sample, before)
            self._done += 1
            self._check_read()
            if self._done < (total := self._total()):
                pause(Frame(self._done, total, lambda: self._look(self._pipe, clean, self._size), self._facts))
            # PixArt takes the second part as the clean latents when there is one step; some schedulers give none
            return out if as_object else out.to_tuple() if len(out.to_tuple()) > 1 else (out.prev_sample, clean)

        self._scheduler.step = step
        try:
            with listening():
                picture = self._pipe(**self._arguments()).images[0].convert("RGB")
        except (ValueError, NotImplementedError) as error:
            first = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
            raise OptionError(f"{self._able.title} refused this: {first}", "change that option") from error
        done = max(self._done, 1)
        return Frame(done, done, lambda: picture, {**self._facts, **self._truncated()})

    def _arguments(self) -> dict[str, Any]:
        """The call's arguments, no more of them than it takes."""
        brief, (width, height) = self._brief, self._size
        wanted: dict[str, Any] = {
            "prompt": self._texts[0][0], "height": height, "width": width, "num_inference_steps": brief.steps,
            "negative_prompt": prompts.clean(brief.negative) or None, "generator": self._noise.generator(),
            "use_resolution_binning": False,  # else another size is painted than asked for, then cropped
            "clean_caption": False,  # else the words change with the packages that happen to be installed
            "output_type": "pil",
        }  # fmt: skip
        if self._scale is not None:
            wanted[str(self._able.guidance)] = self._scale
        if brief.negative and (self._takes.get("true_cfg_scale") or math.inf) <= 1:
            wanted["true_cfg_scale"] = ability.DISTILLED_CFG
        if brief.init is not None:
            steps = brief.steps or self._takes.get("num_inference_steps") or 50
            wanted |= {
                "image": ImageOps.fit(brief.init.convert("RGB"), self._size, Image.Resampling.LANCZOS),
                "strength": brief.strength,
                "num_inference_steps": max(steps, math.ceil(1 / brief.strength)),  # else not one step would be left
            }
        if self._moves():
            names = [each for each in self._pipe._callback_tensor_inputs if not each.startswith("negative")]
            wanted |= {"callback_on_step_end": self._moved, "callback_on_step_end_tensor_inputs": names}
        return {name: value for name, value in wanted.items() if name in self._takes and value is not None}

    def _replace(self, kept: prompts.Encodings, tag: str, compiled: Callable[..., Any] | None) -> None:
        own = vars(self._pipe)
        if hasattr(self._pipe, "prepare_latents"):
            own["prepare_latents"] = self._noise.around(self._pipe.prepare_latents)
        if hasattr(self._pipe, "encode_prompt"):
            own["encode_prompt"] = self._blend = prompts.Blend(self._pipe.encode_prompt, self._texts, kept, tag)
        name, module = ability.denoiser(self._pipe)
        moving = self._scale if isinstance(self._scale, guidance.MovingScale) else None
        embeds = getattr(module, "config", {}).get("guidance_embeds")
        if module is not None and (compiled or (moving is not None and embeds)):
            own[name] = guidance.Denoiser(module, compiled or module, moving)

    def _moving_scale(self) -> float | None:
        schedule = self._brief.guidance
        if schedule is None:
            return None
        return guidance.MovingScale(schedule, self._step) if ability.varies(schedule) else schedule.at(0)

    def _check_read(self) -> None:
        if isinstance(self._scale, guidance.MovingScale) and not self._scale.read and self._scale > 1:
            raise OptionError(f"{self._able.title} reads its guidance once, so it cannot move.", "give it one value")

    def _truncated(self) -> dict[str, str]:
        """A note where no text encoder read the whole prompt; where one did, another's shorter view matters little."""
        encoders = sum(name.startswith("text_encoder") for name in load.modules(self._pipe))
        if not encoders or self._blend is None or self._blend.truncations < encoders:
            return {}
        note = "The prompt is longer than this model reads: its end was left out."
        return {"note": " ".join(filter(None, (self._facts.get("note", ""), note)))}

    def _moves(self) -> bool:
        return any(ability.varies(weight) for _, weight in self._texts)

    def _moved(self, pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        """The step callback: the words of the next step."""
        latents = tensors.pop("latents")
        return {"latents": latents, **(self._blend.move(self._step(), tensors) if self._blend else {})}

    def _step(self) -> float:
        return self._done // max(1, int(getattr(self._scheduler, "order", 1)))

    def _total(self) -> int:
        known = getattr(self._pipe, "_num_timesteps", None)
        return int(known) if known else len(self._scheduler.timesteps)


def _noise(brief: Brief) -> PhiloxNoise:
    one, other, share = brief.extras.get("between", (brief, brief, 0.0))
    toward = (other.seed, other.index, share) if (one.seed, one.index) != (other.seed, other.index) else None
    return PhiloxNoise(one.seed, one.index, toward)
