"""From a folder or a hub id to a pipeline in memory: safetensors only, no code but diffusers', nothing left random."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import torch

from genart_nb.errors import GenartError, ModelNotFoundError, WeightsError
from genart_nb.models.diffusion import ability, folder
from genart_nb.models.diffusion.listening import listening, no_bars

_NEW = re.compile(r"newly initialized: \[?'?([^'\],\n]+)|^(\S+)\s*\|\s*MISSING", re.MULTILINE)


def load(source: str | Path, revision: str | None, dtype: str) -> Any:
    """A text-to-image pipeline on the CPU, in a torch dtype; raises ModelNotFoundError or WeightsError."""
    local = Path(source).is_dir()
    if local:
        folder.check(Path(source))
    where = {"variant": folder.variant(Path(source))} if local else {"revision": revision} if revision else {}
    with no_bars(), listening() as told:
        try:
            pipe = _pipeline(str(source), dtype=getattr(torch, dtype), **where)
        except GenartError:
            raise
        except Exception as error:
            raise _explained(str(source), error) from error
    for record in told:
        if lost := _NEW.search(record):
            raise WeightsError(
                f"The weights of {source} are not whole: {lost[1] or lost[2]} is missing.", _again(source)
            )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _pipeline(source: str, **how: Any) -> Any:
    from diffusers import AutoPipelineForText2Image, DiffusionPipeline
    from diffusers.pipelines.auto_pipeline import AUTO_TEXT2IMAGE_PIPELINES_MAPPING as KNOWN

    pipe = DiffusionPipeline.from_pretrained(source, use_safetensors=True, trust_remote_code=False, **how)
    if type(pipe) not in KNOWN.values():
        with contextlib.suppress(ValueError):  # one that redraws or fills in: its models may paint from words too
            pipe = AutoPipelineForText2Image.from_pipe(pipe)
    if "prompt" not in ability.arguments(pipe):
        raise WeightsError(f"{type(pipe).__name__} does not paint from words.", "choose a text-to-image model")
    return pipe


def redrawer(pipe: Any) -> Any:
    """The pipeline that redraws a picture with the same models, or None where the family has none."""
    from diffusers import AutoPipelineForImage2Image

    with contextlib.suppress(ValueError), listening():
        found = AutoPipelineForImage2Image.from_pipe(pipe)
        found.set_progress_bar_config(disable=True)
        if {"image", "strength", "prompt"} <= ability.arguments(found).keys():
            return found
    return None


def nbytes(*parts: Any) -> int:
    """Bytes of some modules' parameters and buffers, each counted once."""
    tensors = {id(each): each for part in parts for each in (*part.parameters(), *part.buffers())}
    return sum(each.numel() * each.element_size() for each in tensors.values())


def modules(pipe: Any) -> dict[str, Any]:
    """Its parts that hold weights, by name."""
    return {name: part for name, part in pipe.components.items() if isinstance(part, torch.nn.Module)}


def _again(source: str | Path) -> str:
    return "download the files again" if Path(source).is_dir() else f"hf cache rm model/{source}, and load it again"


def _explained(source: str, error: Exception) -> ModelNotFoundError | WeightsError:
    """Say what is wrong with a source that diffusers would not load."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
    low = said.lower()
    if "trust_remote_code" in low or ("custom" in low and "code" in low):
        return WeightsError(f"{source} runs code of its own, which is not allowed here.", "choose another model")
    if isinstance(error, ImportError):
        return WeightsError(f"{source} needs a package that is not installed: {said}", "install the package it names")
    if type(error).__name__ == "SafetensorError" or "unable to load weights" in low:
        return WeightsError(f"The weights of {source} are truncated or damaged: {said}", _again(source))
    if "expected shape" in low or "size mismatch" in low or "mismatched" in low:
        return WeightsError(
            f"The weights of {source} are of other shapes than its settings say: {said}", _again(source)
        )
    if Path(source).is_dir():
        return WeightsError(f"diffusers cannot load {source}: {said}", f"check {folder.INDEX} and the parts it names")
    if "safetensors" in low and "found" in low:
        return WeightsError(
            f"{source} offers no safetensors; pickled weights can run any code and are not loaded.",
            f"convert it with https://huggingface.co/spaces/safetensors/convert, or choose another model ({said})",
        )
    return ModelNotFoundError(
        f"There is no pipeline {source} in the cache or on the hub, or the hub cannot be reached: {said}",
        "check the spelling (OWNER/NAME), your network and HF_HUB_OFFLINE; for a gated model, hf auth login",
    )
