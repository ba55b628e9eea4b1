"""LoRA files: named, checked, put on for one picture, and taken off again."""

from __future__ import annotations

import contextlib
import functools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from genart_nb.errors import OptionError
from genart_nb.models import weights
from genart_nb.options import shown

_HUB = re.compile(r"([\w.-]+/[\w.-]+?)(?:@([\w./-]+?))?(?:/([\w.-]+\.safetensors))?", re.ASCII)
_NAME = "genart"
_USUAL = "pytorch_lora_weights.safetensors"
_HOW = "write --lora FILE.safetensors, a folder that holds one, or a hub id OWNER/NAME; `:0.8` at its end is the weight"


@dataclass(frozen=True, slots=True)
class Lora:
    """Weights that change a model, and how much; `digest` is the file's sha256."""

    file: Path
    weight: float
    digest: str


def read(text: str) -> Lora:
    """Read `place` or `place:weight`; raises OptionError for what is not there, is a pickle, or is no place at all.

    A place is a file, a folder that holds one, or on the hub OWNER/NAME, OWNER/NAME@REVISION or OWNER/NAME/FILE.
    """
    place, weight = _split(text)
    if not math.isfinite(weight) or abs(weight) > 10:
        raise OptionError(f"A LoRA's weight of {weight:g} is not allowed.", "give it -10 to 10; 1 is its full strength")
    try:
        path = Path(place).expanduser()
        exists = bool(place) and path.exists()
    except (OSError, RuntimeError, ValueError):
        exists = False
    hub = _HUB.fullmatch(place)
    if exists:
        file = path if path.is_file() else path / _only(str(path), [each.name for each in path.iterdir()])
    elif hub and (hub[3] or not place.endswith(".safetensors")):
        file = _fetched(hub[1], hub[2], hub[3])
    else:
        raise OptionError(f"There is no LoRA at {shown(place)}.", _HOW)
    if file.suffix.lower() != ".safetensors":
        pickle = file.suffix.lower() in weights.PICKLES
        what = "is a pickle, which can run any code" if pickle else "is no .safetensors file"
        raise OptionError(f"The LoRA {file.name} {what}, so it is refused.", _HOW)
    held = file.stat()
    return Lora(file, weight, _digest(file, held.st_size, held.st_mtime_ns))


@functools.lru_cache(maxsize=64)
def _digest(file: Path, size: int, changed: int) -> str:
    """The sha256 of a file, taken once for as long as it is not written to."""
    return weights.digest(file)


def _fetched(repo: str, revision: str | None, name: str | None) -> Path:
    """A file of a hub repository, from the cache if it is there."""
    from huggingface_hub import HfApi, hf_hub_download
    from huggingface_hub.errors import OfflineModeIsEnabled

    try:
        if name is None:
            try:
                name = _only(repo, HfApi().list_repo_files(repo, revision=revision))
            except (OSError, OfflineModeIsEnabled):  # no network: what the cache would most likely hold
                name = _USUAL
        return Path(hf_hub_download(repo, name, revision=revision))
    except OptionError:
        raise
    except Exception as error:
        raise OptionError(f"The hub did not give the LoRA {repo}/{name}: {_first(error)}", _HOW) from error


@contextlib.contextmanager
def _explained(lora: Lora, pipe: Any) -> Iterator[None]:
    """Turn whatever diffusers and peft raise for weights of another shape or name into one clear error."""
    try:
        yield
    except ImportError as error:
        raise OptionError("LoRA weights need the package peft.", "pip install 'genart_nb[hub]'") from error
    except Exception as error:
        if type(error).__name__ == "SafetensorError":
            raise OptionError(f"The LoRA {lora.file.name} is damaged: {_first(error)}", "fetch it again") from error
        raise _other_base(lora, pipe, _first(error)) from error


def put_on(pipe: Any, lora: Lora) -> None:
    """Add the weights to a pipeline's models; raises OptionError, and leaves them as they were, if they do not fit."""
    try:
        with _explained(lora, pipe):
            pipe.load_lora_weights(
                str(lora.file.parent), weight_name=lora.file.name, adapter_name=_NAME, use_safetensors=True,
                local_files_only=True,
            )  # fmt: skip
        if not any(_NAME in names for names in pipe.get_list_adapters().values()):
            raise _other_base(lora, pipe, "none of its layers are here")
        with _explained(lora, pipe):
            pipe.set_adapters([_NAME], [lora.weight])
    except BaseException:
        take_off(pipe)
        raise


def take_off(pipe: Any) -> None:
    """Leave the models as they were before."""
    pipe.unload_lora_weights()


def _other_base(lora: Lora, pipe: Any, why: str) -> OptionError:
    kind = type(pipe).__name__
    return OptionError(f"The LoRA {lora.file.name} was made for another model: {why}.", f"choose one made for {kind}")


def _split(text: str) -> tuple[str, float]:
    place, colon, weight = text.strip().rpartition(":")
    try:
        return (place, float(weight)) if colon else (weight, 1.0)
    except ValueError:
        return text.strip(), 1.0


def _only(place: str, names: Sequence[str]) -> str:
    found = sorted(name for name in names if name.lower().endswith(".safetensors"))
    if len(found) == 1 or _USUAL in found:
        return _USUAL if _USUAL in found else found[0]
    listing = ", ".join(found[:5]) or "none"
    raise OptionError(f"{place} should hold one .safetensors file; it holds {listing}.", "name the file itself")


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
