"""What a prompt becomes before the first step: encoded once, kept, and blended with other prompts."""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from genart_nb.models.diffusion.listening import listening
from genart_nb.models.pictures import Brief, Schedule

KEPT = 16
_PLAIN = (str, int, float, bool, type(None), torch.device, torch.dtype)

Texts = Sequence[tuple[str, Schedule | None]]
"""Prompts with their weights; the first has what the others leave of 1."""


def texts(brief: Brief) -> Texts:
    """The prompts of a brief: its own, those mixed in, and one for each style, which is said in words."""
    prompt, styles = brief.prompt, [(f"{brief.prompt}, {name} style", weight) for name, weight in brief.styles]
    if len(styles) == 1 and len(styles[0][1].keys) == 1 and styles[0][1].at(0) == 1:
        prompt, styles = styles[0][0], []
    found: list[tuple[str, Schedule | None]] = [(prompt, None), *styles, *brief.mix]
    return [(clean(text), weight) for text, weight in found]


def clean(text: str) -> str:
    """A text that every tokenizer takes: lone surrogates, which are no characters, become question marks."""
    return text.encode("utf-8", "replace").decode()


def weights(texts: Texts, step: float) -> list[float]:
    """Each text's share at a step, all together 1."""
    others = [max(0.0, weight.at(step)) for _, weight in texts[1:] if weight is not None]
    total = max(1.0, sum(others))
    return [1 - sum(others) / total, *(each / total for each in others)]


class Encodings:
    """The last few prompts' encodings, so that no text encoder runs while a slider is dragged."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Any, list[str]]] = OrderedDict()

    def get(self, tag: str, bound: inspect.BoundArguments, encode: Callable[..., Any]) -> tuple[Any, list[str]]:
        """The encoding of these arguments, and what was logged about it; `tag` is whatever else it depends on."""
        given = [each for value in bound.arguments.values() for each in (value if _is_row(value) else [value])]
        if not all(isinstance(each, _PLAIN) for each in given):
            return encode(*bound.args, **bound.kwargs), []
        key = f"{tag} {dict(bound.arguments)!r}"
        if key not in self._kept:
            with listening() as told:
                self._kept[key] = encode(*bound.args, **bound.kwargs), told
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    def clear(self) -> None:
        """Forget them all."""
        self._kept.clear()


class Blend:
    """Stands in for one pipeline's `encode_prompt` during one picture; every family's, since it asks only for `prompt`.

    Whatever tensors the encoder returns are interpolated, the pooled ones too; those that all prompts share (the
    negative prompt's) are left alone. `truncations` counts, for the prompt that lost most, the encoders that did not
    read it to its end.
    """

    def __init__(self, encode: Callable[..., Any], texts: Texts, kept: Encodings, tag: str) -> None:
        self._encode, self._texts, self._kept, self._tag = encode, texts, kept, tag
        self._signature = inspect.signature(encode)
        self._parts: list[Any] = []
        self.truncations = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Encode as the pipeline asks, blended if it is the main prompt it asks for."""
        bound = self._signature.bind(*args, **kwargs)
        asked, main = bound.arguments.get("prompt"), self._texts[0][0]
        if len(self._texts) == 1 or asked not in (main, [main]):
            return self._encoded(bound)
        self._parts = []
        for text, _ in self._texts:
            bound.arguments["prompt"] = [text] if isinstance(asked, list) else text
            self._parts.append(self._encoded(bound))
        return blend(self._parts, weights(self._texts, 0))

    def _encoded(self, bound: inspect.BoundArguments) -> Any:
        found, told = self._kept.get(self._tag, bound, self._encode)
        self.truncations = max(self.truncations, sum("was truncated because" in each for each in told))
        return found

    def move(self, step: float, tensors: dict[str, Any]) -> dict[str, Any]:
        """The tensors a pipeline's step callback may change, with the blend of this step.

        Those of unknown name are told by their shape; where the negative prompt's rows come first, they stay.
        """
        fresh = list(_moving(self._parts, weights(self._texts, step)))
        moved = {}
        for name, held in tensors.items():
            for new in fresh:
                if held.shape[1:] == new.shape[1:] and len(held) >= len(new):
                    moved[name] = torch.cat([held[: len(held) - len(new)], new.to(held)])
        return moved


def blend(parts: Sequence[Any], shares: Sequence[float]) -> Any:
    """The weighted sum of what an encoder returned for several prompts: tensors, or lists and tuples of them."""
    first = parts[0]
    if _is_row(first):
        return type(first)(blend(each, shares) for each in zip(*parts, strict=True))
    if not isinstance(first, torch.Tensor) or all(torch.equal(first, each) for each in parts[1:]):
        return first
    shape = [max(sides) for sides in zip(*(each.shape for each in parts), strict=True)]
    rows = [_padded(each, shape) for each in parts]
    if not first.is_floating_point():  # a mask: whatever one of them looks at is looked at
        return torch.stack(rows).amax(0)
    summed = sum(share * each.float() for share, each in zip(shares, rows, strict=True))
    return torch.as_tensor(summed).to(first.dtype)


def _padded(tensor: torch.Tensor, shape: Sequence[int]) -> torch.Tensor:
    """With zeros after its end: texts may be of different lengths."""
    missing = [(0, wanted - held) for wanted, held in zip(shape, tensor.shape, strict=True)]
    return torch.nn.functional.pad(tensor, [each for pair in reversed(missing) for each in pair])


def _moving(parts: Sequence[Any], shares: Sequence[float]) -> Iterator[torch.Tensor]:
    for each in zip(*parts, strict=True):
        tensors = [part for part in each if isinstance(part, torch.Tensor) and part.is_floating_point()]
        if len(tensors) == len(parts) and not all(torch.equal(tensors[0], other) for other in tensors[1:]):
            yield blend(tensors, shares)


def _is_row(value: Any) -> bool:
    return isinstance(value, tuple | list)
