"""The starter models: weights that ship here or in a registry package, each with its card beside it."""

from __future__ import annotations

from pathlib import Path

from genart_nb.models.card import ModelCard


def _card(name: str) -> ModelCard:
    return ModelCard.model_validate_json((Path(__file__).parent / name / "card.json").read_text(encoding="utf-8"))


SMOLLM2 = _card("smollm2-135m")
PAINTER = _card("painter")
COMPOSER = _card("composer")
RESTYLER = _card("restyler")
