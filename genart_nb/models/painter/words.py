"""From prompts and styles to what the denoiser is conditioned on."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import OptionError
from genart_nb.models.painter.minilm import TOKENS, WIDTH
from genart_nb.options import nearest, shown

Floats = NDArray[np.float32]

SLOTS = 8
LABELS = WIDTH + SLOTS + 2
GUIDANCE = WIDTH + SLOTS
"""Place of the distilled guidance in the labels; 0 there means that it is not distilled."""


class TextEncoder(Protocol):
    """Texts to token states (n, tokens, 384) and unit vectors (n, 384)."""

    def encode(self, texts: Sequence[str], tokens: int = TOKENS) -> tuple[Floats, Floats]:
        """Encode."""


@dataclass(frozen=True, slots=True)
class Words:
    """What one half of a step is told: texts and style slots with their weights, in the order they were given."""

    texts: tuple[tuple[str, float], ...] = ()
    styles: tuple[tuple[int, float], ...] = ()

    @property
    def digest(self) -> bytes:
        """Sixteen bytes that differ wherever the conditioning may."""
        told = repr((self.texts, self.styles)).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(told, digest_size=16).digest()


class Reader:
    """Conditioning of words; texts are encoded once, however often their weights move."""

    def __init__(self, encoder: TextEncoder, capacity: int = 512) -> None:
        self._encoder, self._capacity = encoder, capacity
        self._known: OrderedDict[str, tuple[Floats, Floats]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, text: str) -> tuple[Floats, Floats]:
        """Token states (20, 384) and the pooled vector (384,) of a text."""
        with self._lock:
            if text not in self._known:
                states, pooled = self._encoder.encode([text])
                self._known[text] = states[0], pooled[0]
                if len(self._known) > self._capacity:
                    self._known.popitem(last=False)
            self._known.move_to_end(text)
            return self._known[text]

    def embed(self, texts: Sequence[str]) -> Floats:
        """Pooled vectors (n, 384) of texts."""
        return np.stack([self.read(text)[1] for text in texts]) if texts else np.zeros((0, WIDTH), np.float32)

    def condition(self, words: Words, guidance: float = 0.0) -> tuple[Floats, Floats]:
        """States (20, 384) and labels (394,); texts of an empty prompt count as nothing said, which is zeros."""
        states, labels = np.zeros((TOKENS, WIDTH), np.float32), np.zeros(LABELS, np.float32)
        for text, weight in words.texts:
            if text.strip() and weight:
                told, pooled = self.read(text)
                states += np.float32(weight) * told
                labels[:WIDTH] += np.float32(weight) * pooled
        for slot, weight in words.styles:
            labels[WIDTH + slot] += np.float32(weight)
        labels[GUIDANCE] = guidance
        return states, labels


def shares(prompt: str, mix: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Prompts with weights that sum to 1: the first has what the others leave, and they fill it when they overflow."""
    weights = [_weight(weight, text) for text, weight in mix]
    whole = max(1.0, math.fsum(weights))
    found = [(text, weight / whole) for (text, _), weight in zip(mix, weights, strict=True) if weight]
    rest = 1.0 - math.fsum(weight for _, weight in found)
    return ((prompt, rest), *found) if rest > 1e-9 else tuple(found)


def slots(weights: Mapping[str, float], names: Sequence[str]) -> tuple[tuple[int, float], ...]:
    """Style slots with weights that sum to 1 at most; raises OptionError for a style not in `names`."""
    found = []
    for name, weight in weights.items():
        if name not in names:
            guess = nearest(name, names)
            hint = f"did you mean {guess!r}? " if guess else ""
            raise OptionError(f"There is no style {shown(name)}.", f"{hint}Styles: {', '.join(names)}")
        found.append((names.index(name), _weight(weight, name)))
    whole = max(1.0, math.fsum(weight for _, weight in found))
    return tuple((slot, weight / whole) for slot, weight in sorted(found) if weight)


def _weight(weight: float, of: str) -> float:
    if not 0 <= weight < math.inf:
        raise OptionError(f"{shown(of)} has the weight {weight}.", "weights are 0 or more, as in `flat:0.6,3d:0.4`")
    return float(weight)
