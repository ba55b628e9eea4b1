"""LoRA files: named, checked, put on for one picture, and taken off again."""

from __future__ import annotations

import contextlib
import math
import re
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
    """Weights that change a model, and how much; `source` is a folder or a hub id, `digest` a file's sha256."""

    source: str
    weight: float
    file: str = ""
    revision: str = ""
    digest: str = ""

    @property
    def title(self) -> str:
        """Its name without folders."""
        return self.file or self.source


def read(text: str) -> Lora:
    """Read `place` or `place:weight`; raises OptionError for what is not there, is a pickle, or is no place at all."""
    place, weight = _split(text)
    if not math.isfinite(weight) or abs(weight) > 10:
        raise OptionError(f"A LoRA's weight of {weight:g} is not allowed.", "give it -10 to 10; 1 is its full strength")
    try:
        path = Path(place).expanduser()
        exists = bool(place) and path.exists()
    except (OSError, RuntimeError, ValueError):
        exists = False
    if exists:
        file = path if path.is_file() else _only(path)
        if file.suffix.lower() != ".safetensors":
            what = (
                "is a pickle, which can run any code" if file.suffix in weights.PICKLES else "is no .safetensors file"
            )
            raise OptionError(f"The LoRA {file.name} {what}, so it is refused.", _HOW)
        return Lora(str(file.parent), weight, file.name, digest=weights.digest(file))
    hub = _HUB.fullmatch(place)
    if not hub or (place.endswith(".safetensors") and place.count("/") < 2):
        raise OptionError(f"There is no LoRA at {shown(place)}.", _HOW)
    return Lora(hub[1], weight, hub[3] or "", hub[2] or "")


@contextlib.contextmanager
def _explained(lora: Lora, pipe: Any) -> Any:
    """Turn whatever diffusers and peft raise for weights of another shape or name into one clear error."""
    try:
        yield
    except ImportError as error:
        raise OptionError("LoRA weights need the package peft.", "pip install 'genart_nb[hub]'") from error
    except Exception as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        if not lora.digest and ("offline" in first.lower() or "connect" in first.lower() or "hub" in first.lower()):
            raise OptionError(f"The hub did not give the LoRA {lora.source}: {first}", _HOW) from error
        raise _other_base(lora, pipe, first) from error


def put_on(pipe: Any, lora: Lora) -> None:
    """Add the weights to a pipeline's models; raises OptionError, and leaves them as they were, if they do not fit."""
    where = {"weight_name": lora.file} if lora.file else {}
    where |= {"revision": lora.revision} if lora.revision else {}
    try:
        with _explained(lora, pipe):
            pipe.load_lora_weights(
                lora.source, adapter_name=_NAME, use_safetensors=True, local_files_only=bool(lora.digest), **where
            )
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
    return OptionError(f"The LoRA {lora.title} was made for another model: {why}.", f"choose one made for {kind}")


def _split(text: str) -> tuple[str, float]:
    place, colon, weight = text.strip().rpartition(":")
    try:
        return (place, float(weight)) if colon else (weight, 1.0)
    except ValueError:
        return text.strip(), 1.0


def _only(folder: Path) -> Path:
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".safetensors")
    if len(found) == 1 or folder / _USUAL in found:
        return folder / _USUAL if folder / _USUAL in found else found[0]
    names = ", ".join(path.name for path in found[:5]) or "none"
    raise OptionError(f"{folder} should hold one .safetensors file; it holds {names}.", "name the file itself")
