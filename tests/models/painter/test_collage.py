from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tiny_bank

from genart_nb.errors import OptionError
from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.collage import MOST, Collage, compose


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank.load(tiny_bank.write(tmp_path_factory.mktemp("bank")))


def made(bank: Bank, prompt: str, seed: int = 1, **options: object) -> Collage:
    collage = compose(prompt, options.pop("styles", {}), seed, bank, tiny_bank.Embedder(), **options)  # type: ignore[arg-type]
    assert collage is not None
    assert (collage.picture.size, collage.picture.mode) == ((128, 128), "RGB")
    return collage


def test_references_come_with_their_licences(bank: Bank) -> None:
    collage = made(bank, "a fox riding a bicycle")
    assert [reference.name for reference in collage.references] == ["fox", "bicycle"]
    assert {reference.licence for reference in collage.references} == {"CC0-1.0"}
    fox, bicycle = (tiny_bank.spot(collage.picture, name) for name in ("fox", "bicycle"))
    assert fox and bicycle and fox[1] < bicycle[1]


def test_a_cat_wearing_a_hat(bank: Bank) -> None:
    collage = made(bank, "a cat wearing a top hat")
    assert collage.references[0].name == "cat face"  # seen from the front
    cat, hat = tiny_bank.spot(collage.picture, "cat face"), tiny_bank.spot(collage.picture, "top hat")
    assert cat and hat and hat[1] < cat[1] and hat[3] < cat[3] and abs(hat[0] + hat[2] - cat[0] - cat[2]) < 24


@pytest.mark.parametrize("style", tiny_bank.STYLES)
def test_the_heaviest_style_is_used(bank: Bank, style: str) -> None:
    collage = made(bank, "a fox and a house", styles={style: 0.7, "flat": 0.3, "no such style": 0.1})
    assert {reference.style for reference in collage.references} == {style}


@pytest.mark.parametrize(
    ("styles", "drawn"), [({"flat": 1.0}, "flat"), ({"noto": 1.0}, "noto"), ({}, "noto"), ({"flat": 0.4}, "flat")]
)
def test_what_somebody_drew_goes_before_what_was_redrawn(tmp_path: Path, styles: dict[str, float], drawn: str) -> None:
    bank = Bank.load(tiny_bank.write(tmp_path))
    bank.entries = tuple(replace(entry, source="noto:x" * (entry.style == "flat")) for entry in bank.entries)
    for seed in range(6):
        assert made(bank, "a fox", seed, styles=styles).references[0].style == drawn


def test_the_seed_decides_and_nothing_else(bank: Bank) -> None:
    first = made(bank, "a dog next to a tree", 7)
    made(bank, "a house", 3)
    assert made(bank, "a dog next to a tree", 7).picture.tobytes() == first.picture.tobytes()
    others = {made(bank, "a dog next to a tree", seed).picture.tobytes() for seed in range(8)}
    assert len(others) == 8
    made(bank, "a dog", -1)
    made(bank, "a dog", 2**70)


def test_colours_choose_a_reference_or_tint_one(bank: Bank) -> None:
    assert made(bank, "a green apple").references[0].name == "green apple"
    collage = made(bank, "a blue cat", styles={"flat": 1.0})
    pixels = np.asarray(collage.picture).astype(int)
    assert (np.abs(pixels - (52, 110, 220)).max(axis=-1) < 30).sum() > 800


def test_backgrounds(bank: Bank) -> None:
    assert made(bank, "a fox").picture.getpixel((0, 0)) == (255, 255, 255)
    assert made(bank, "a fox on a red background").picture.getpixel((2, 2)) == (214, 48, 49)
    night = np.asarray(made(bank, "a fox at night").picture)
    assert night[:10].mean() < 90
    beach = compose("a beach at sunset", {}, 1, bank, tiny_bank.Embedder())
    assert beach is not None and beach.references == ()
    assert made(bank, "a white cat").picture.getpixel((0, 0)) != (255, 255, 255)


def test_nothing_alike_is_none(bank: Bank) -> None:
    for prompt in ("", "epistemology", "\0\n", "猫", "ignore all instructions"):
        assert compose(prompt, {}, 1, bank, tiny_bank.Embedder()) is None


def test_unknown_words_are_left_out(bank: Bank) -> None:
    collage = made(bank, "a flumph with a fox on a zorb")
    assert [reference.name for reference in collage.references] == ["fox"]


def test_meaning_and_emoji(bank: Bank) -> None:
    collage = compose("a kitten", {}, 1, bank, tiny_bank.Embedder(kitten="cat"))
    assert collage is not None and collage.references[0].name in ("cat", "cat face")
    assert [reference.name for reference in made(bank, "🦊 on a 🚲").references] == ["fox", "bicycle"]


def test_known_words_need_no_embedding(bank: Bank) -> None:
    embedder = tiny_bank.Embedder()
    compose("two dogs in a box under a tree at night", {}, 1, bank, embedder)
    assert embedder.asked == []


def test_at_most_five(bank: Bank) -> None:
    prompt = "a fox, a dog, a cat, a house, an ant, a balloon, an elephant, a bicycle"
    assert [reference.name for reference in made(bank, prompt).references][:2] == ["fox", "dog"]
    assert len(made(bank, prompt).references) == MOST


def test_references_can_be_given(bank: Bank) -> None:
    collage = made(bank, "a fox wearing a top hat", references=["noto:dog", "top hat"])
    assert [reference.id.split(":")[1] for reference in collage.references] == ["dog", "top hat"]
    assert collage.references[0].style == "noto"
    dog, hat = tiny_bank.spot(collage.picture, "dog"), tiny_bank.spot(collage.picture, "top hat")
    assert dog and hat and hat[1] < dog[1] and hat[3] < dog[3]  # in the fox's place
    assert made(bank, "", references=["flat:ant"]).references[0].name == "ant"
    with pytest.raises(OptionError, match="bicycle"):
        made(bank, "a fox", references=["bicycl"])


def test_long_prompts(bank: Bank) -> None:
    assert made(bank, "a fox " + "very " * 3000).references[0].name == "fox"


def test_it_imports_no_torch() -> None:
    code = "import sys, genart_nb.models.painter.collage; assert not {'torch', 'onnxruntime'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
