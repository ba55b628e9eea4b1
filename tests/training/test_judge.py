from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from genart_nb.training import card, judge  # noqa: E402
from genart_nb.training.data import Entry  # noqa: E402


def _entry(code: str, style: str, held: bool = False) -> Entry:
    return Entry(f"{style}/{code}", code, code, (), (), "animal", style, "test", "MIT", held)


def test_one_picture_of_each_concept_is_kept_back_and_held_out_ones_first() -> None:
    entries = [_entry(code, style) for code in "abc" for style in ("flat", "3d", "outline")]
    entries += [_entry("b", "bold", held=True), _entry("d", ""), _entry("e", "outline")]
    kept = judge.kept(entries)
    assert sorted(entries[i].code for i in kept) == ["a", "b", "c"]
    assert next(entries[i] for i in kept if entries[i].code == "b").held_out
    assert kept == judge.kept(entries)


def test_a_concept_is_not_told_apart_from_itself() -> None:
    model = judge.Judge()
    seen = torch.nn.functional.normalize(torch.eye(4, judge.WIDTH), dim=1)
    style = torch.full((4,), -1)
    right = judge._loss(model, seen, torch.zeros(4, 6), seen, torch.tensor([0, 1, 2, 3]), style)
    wrong = judge._loss(model, seen, torch.zeros(4, 6), seen.roll(1, 0), torch.tensor([0, 1, 2, 3]), style)
    swapped = judge._loss(model, seen, torch.zeros(4, 6), seen[[1, 0, 2, 3]], torch.tensor([0, 0, 2, 3]), style)
    assert right < wrong and swapped < wrong
    told_apart = judge._loss(model, seen, torch.zeros(4, 6), seen[[1, 0, 2, 3]], torch.tensor([0, 1, 2, 3]), style)
    assert swapped < told_apart
    styled = judge._loss(model, seen, torch.eye(4, 6) * 9, seen, torch.arange(4), torch.arange(4))
    mistaken = judge._loss(model, seen, torch.eye(4, 6) * 9, seen, torch.arange(4), torch.arange(4).flip(0))
    assert right <= styled < mistaken


def test_views_stay_in_range_and_differ() -> None:
    pictures = np.zeros((2, 64, 64, 4), np.uint8)
    pictures[:, 16:48, 16:48] = (200, 30, 30, 255)
    views = judge.Views(pictures)
    made = views.draw(torch.tensor([0, 1, 0]), torch.Generator().manual_seed(0))
    assert made.shape == (3, 3, 64, 64) and made.min() >= -1 and made.max() <= 1
    assert not torch.allclose(made[0], made[2])


def test_the_card_says_what_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "model.safetensors").write_bytes(b"12345")
    (tmp_path / "unet" / "config.json").write_text("{}")
    (tmp_path / "card.json").write_text('{"id": "painter", "defaults": {"steps": 8}, "size": 1}')
    made = card.update(tmp_path, "10k")
    assert made["size"] == 7 and made["defaults"] == {"steps": 8} and made["revision"] == "10k"
    assert list(made["sha256"]) == ["unet/model.safetensors"]
    assert made == card.update(tmp_path, "10k")
