from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tiny_bank
from safetensors.numpy import load_file, save_file

from genart_nb.errors import OptionError, WeightsError
from genart_nb.models.painter.bank import ENOUGH, Bank, forms, normal


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return Bank.load(tiny_bank.write(tmp_path_factory.mktemp("bank")))


def test_load_reads_entries_and_pictures(bank: Bank) -> None:
    assert bank.styles == ("flat", "noto")
    index = bank.find("noto:fox")
    assert (bank.entries[index].name, bank.entries[index].licence) == ("fox", "CC0-1.0")
    assert bank.picture(index).tobytes() == tiny_bank.picture("fox", "noto").tobytes()


@pytest.mark.parametrize(("text", "name"), [
    ("cat", "cat"), ("Cats", "cat"), ("foxes", "fox"), ("houses", "house"), ("car", None), ("tree", "deciduous tree"),
    ("box", "package"), ("red-apple", "red apple"), ("catapult", None), ("", None),
])  # fmt: skip
def test_exact_takes_plurals_and_aliases(bank: Bank, text: str, name: str | None) -> None:
    assert bank.exact(text) == name


def test_forms_and_normal() -> None:
    assert "mouse" in forms("mice") and "cherry" in forms("cherries") and "bus" in forms("buses")
    assert forms("glass")[0] == "glass" and "glas" not in forms("glass")
    assert normal("  Woman’s  HAT! ") == "woman hat"


def test_meaning_finds_what_words_do_not(bank: Bank) -> None:
    bank.learn(["kitten", "epistemology"], tiny_bank.Embedder(kitten="cat"))
    assert bank.matches("kitten", "kitten")[0].name == "cat"
    assert bank.matches("epistemology", "epistemology") == ()


def test_last_words_and_keywords_weigh(bank: Bank) -> None:
    embedder = tiny_bank.Embedder(hat="top hat", puppy="dog")
    bank.learn(["hat", "puppy"], embedder)
    assert bank.matches("hat", "hat")[0].score > 1.0
    assert bank.matches("puppy", "puppy")[0].name == "dog"
    assert all(match.score >= ENOUGH for match in bank.matches("puppy", "puppy"))


@pytest.mark.parametrize(("phrase", "head", "name"), [
    ("terrier", "terrier", "dog"), ("old terriers", "terriers", "dog"), ("guide dog", "guide dog", "dog"),
    ("alicorn", "alicorn", None), ("sunglasses", "sunglasses", "sunglasses"),
])  # fmt: skip
def test_a_kind_of_a_thing_finds_it(bank: Bank, phrase: str, head: str, name: str | None) -> None:
    bank.learn([phrase], tiny_bank.Embedder())
    matches = bank.matches(phrase, head)
    assert (matches[0].name if matches else None) == name
    assert bank.knows(head) == (name is not None)


def test_what_it_is_like_counts_more_than_what_it_is_a_kind_of(bank: Bank) -> None:
    bank.learn(["hut"], tiny_bank.Embedder(hut="balloon"))
    assert [match.name for match in bank.matches("hut", "hut")] == ["balloon", "house"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"dog": 3}'])
def test_broken_kinds_are_told(tmp_path: Path, content: str) -> None:
    folder = tiny_bank.write(tmp_path)
    (folder / "kinds.json").write_text(content)
    with pytest.raises(WeightsError, match="no bank of references"):
        Bank.load(folder)


def test_a_bank_may_know_no_kinds(tmp_path: Path) -> None:
    folder = tiny_bank.write(tmp_path)
    (folder / "kinds.json").unlink()
    assert not Bank.load(folder).knows("terrier")


def test_learn_embeds_each_phrase_once(bank: Bank) -> None:
    embedder = tiny_bank.Embedder()
    bank.learn(["gadget", "gizmo", "gadget"], embedder)
    bank.learn(["gizmo"], embedder)
    assert sorted(embedder.asked) == ["gadget", "gizmo"]


def test_find_names_a_near_reference(bank: Bank) -> None:
    with pytest.raises(OptionError, match="elephant"):
        bank.find("elefant")


def test_missing_or_cut_banks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no bank"):
        Bank.load(tmp_path)
    tiny_bank.write(tmp_path)
    path = tmp_path / "bank.safetensors"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError):
        Bank.load(tmp_path)
    path.write_bytes(whole)
    tensors = load_file(path)
    save_file(tensors, path)  # without the list of entries
    with pytest.raises(WeightsError, match="reinstall"):
        Bank.load(tmp_path)


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    import json

    from safetensors import safe_open

    path = tiny_bank.write(tmp_path) / "bank.safetensors"
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    for name, value in (("offsets", tensors["offsets"][:-1]), ("webp", tensors["webp"][:-5])):
        save_file(tensors | {name: value}, path, metadata=metadata)
        with pytest.raises(WeightsError, match="cut short"):
            Bank.load(tmp_path)
    rows = json.loads(metadata["entries"])
    del rows[0]["licence"]
    save_file(tensors, path, metadata={"entries": json.dumps(rows)})
    with pytest.raises(WeightsError):
        Bank.load(tmp_path)


def test_a_redrawn_picture_says_of_itself_what_its_source_says_not(tmp_path: Path) -> None:
    import json

    from safetensors import safe_open

    path = tiny_bank.write(tmp_path) / "bank.safetensors"
    with safe_open(path, framework="numpy") as file:
        rows = json.loads(file.metadata()["entries"])
    tensors = load_file(path)
    rows[0] = {"id": f"{rows[1]['id']}/new", "style": "new", "source": rows[1]["id"]}
    save_file(tensors, path, metadata={"entries": json.dumps(rows)})
    again, source, *_ = Bank.load(tmp_path).entries
    assert (again.name, again.keywords, again.licence) == (source.name, source.keywords, source.licence)
    assert (again.style, again.set, again.source) == ("new", f"{source.set}, redrawn", source.id)
    rows[0]["source"] = "nobody"
    save_file(tensors, path, metadata={"entries": json.dumps(rows)})
    with pytest.raises(WeightsError, match="nobody"):
        Bank.load(tmp_path)


def test_a_broken_picture_is_named(bank: Bank, tmp_path: Path) -> None:
    broken = Bank(bank.entries[:1], np.zeros(10, np.uint8), np.array([0, 10]), np.ones((1, 384), np.int8))
    with pytest.raises(WeightsError, match="flat:cat"):
        broken.picture(0)
