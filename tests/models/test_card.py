"""ModelCard: facts that are written down once and read by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from genart_nb.models import weights
from genart_nb.models.card import Folder, Hub, ModelCard, Package, Server, Shipped
from genart_nb.models.starter import SMOLLM2

SOURCES = [
    Shipped(path="a"), Package(distribution="d", version="1", file="f", install="pip install d"), Hub(repo="o/n"),
    Folder(path="/m"), Server(url="http://127.0.0.1/v1", model="m"),
]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.where)
def test_round_trip(source: Hub) -> None:
    card = ModelCard(id="m", kind="text", title="M", loader="l", source=source, abilities={"poem": "good"})
    again = ModelCard.model_validate_json(card.model_dump_json())
    assert again == card and type(again.source) is type(source)
    assert (again.ability("poem"), again.ability("story")) == ("good", None)


@pytest.mark.parametrize(
    "change", [{"extra": 1}, {"source": {"where": "torrent"}}, {"abilities": {"poem": "superb"}}, {"kind": None}]
)
def test_refuses_what_it_does_not_know(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ModelCard.model_validate(SMOLLM2.model_dump() | change)


def test_every_shipped_card_is_complete() -> None:
    found = sorted(Path(weights.STARTER).glob("*/card.json"))
    assert found
    for path in found:
        card = ModelCard.model_validate_json(path.read_text(encoding="utf-8"))
        assert card.id == path.parent.name
        assert card.licence != "unknown"
        assert card.homepage.startswith("https://") or isinstance(card.source, Shipped), "ours have no other home"
        assert card.size > 0 and card.limits and card.revision
        assert card.languages or card.kind in ("music", "style"), "what reads words says in which language"
        assert card.sha256 and all(len(digest) == 64 for digest in card.sha256.values())
        assert card.title and isinstance(card.source, Package | Shipped)


def test_a_card_is_frozen() -> None:
    with pytest.raises(ValidationError):
        SMOLLM2.id = "other"
