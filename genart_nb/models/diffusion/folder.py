"""A pipeline's folder, looked at before anything of it is loaded: whole, in order, and without a pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from genart_nb.errors import WeightsError
from genart_nb.models import weights

INDEX = "model_index.json"
_SETTINGS = ("config.json", "scheduler_config.json", "tokenizer_config.json", "preprocessor_config.json")
_AGAIN = "download or copy the folder again"


def check(folder: Path) -> None:
    """Raise WeightsError, with what to do about it, unless the folder holds a pipeline that is safe to load."""
    index = folder / INDEX
    if not index.is_file():
        raise _no_pipeline(folder)
    parts = _json(index)
    if not isinstance(parts, dict) or not isinstance(parts.get("_class_name"), str):
        raise WeightsError(
            f"{index} names no pipeline class of diffusers; code that comes with weights is not run.",
            "choose another model, or " + _AGAIN,
        )
    for name, kind in parts.items():
        if isinstance(kind, list) and len(kind) == 2 and kind[1] is not None:
            _check_part(folder, name, str(kind[0]), parts["_class_name"])


def _check_part(folder: Path, name: str, library: str, pipeline: str) -> None:
    place = folder / name
    if not place.is_dir():
        raise WeightsError(f"{pipeline} in {folder} lacks its part {name!r}: there is no such folder.", _AGAIN)
    if any((each / f"{library}.py").exists() for each in (folder, place)):
        raise WeightsError(f"The part {name!r} brings code of its own, which is not run.", "choose another model")
    settings = [place / each for each in _SETTINGS if (place / each).is_file()]
    if not settings:
        raise WeightsError(f"The part {name!r} in {folder} has no settings ({_SETTINGS[0]} or the like).", _AGAIN)
    for each in (*settings, *place.glob("*.index.json")):
        _json(each)
    if (place / "config.json").is_file() and not (place / "tokenizer_config.json").is_file():
        _check_weights(place)


def _check_weights(place: Path) -> None:
    held = {path.name for path in place.glob("*.safetensors")}
    if not held:
        if any(path.suffix.lower() in weights.PICKLES for path in place.glob("*")):
            weights.refuse_pickles(place)
        raise WeightsError(f"There are no weights in {place}.", f"it needs a .safetensors file; {_AGAIN}")
    for index in place.glob("*.safetensors.index.json"):
        wanted = set(_json(index).get("weight_map", {}).values())
        if lost := sorted(wanted - held):
            raise WeightsError(f"{place} lacks {len(lost)} of {len(wanted)} weight files, {lost[0]} first.", _AGAIN)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} is damaged: {str(error)[:100]}", _AGAIN) from error


def _no_pipeline(folder: Path) -> WeightsError:
    single = next(iter(sorted(folder.glob("*.safetensors"))), None)
    if single and not (folder / "config.json").is_file():
        return WeightsError(
            f"{folder} holds a checkpoint in one file, not a diffusers pipeline ({INDEX} is missing).",
            f'convert it once: python -c "from diffusers import StableDiffusionXLPipeline as P; P.from_single_file('
            f"'{single}').save_pretrained('{folder}-pipeline')\" (or the class of its family)",
        )
    parent = folder.parent / INDEX
    fix = f"give its parent, {folder.parent}" if parent.is_file() else f"give the folder that holds {INDEX}"
    return WeightsError(f"{folder} is no diffusers pipeline: {INDEX} is missing.", fix)


def variant(folder: Path) -> str | None:
    """The variant that its weight files are named by (`fp16`), or None where some part has plain ones alone."""
    found = {path.suffixes[-2].removeprefix(".") for path in folder.glob("*/*.safetensors") if len(path.suffixes) > 1}
    plain = any(len(path.suffixes) == 1 for path in folder.glob("*/*.safetensors"))
    return found.pop() if len(found) == 1 and not plain else None
