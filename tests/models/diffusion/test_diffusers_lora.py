"""LoRA files: put on for one picture, gone for the next, refused where they do not fit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from painting import brief, pixels, same

from genart_nb.errors import OptionError
from genart_nb.models.diffusion import lora

Painter = Callable[[str], Any]
Folder = Callable[[str], Path]


@pytest.mark.parametrize("family", ["sd15", "sdxl", "sd3", "flux", "sana"])
def test_it_counts_by_its_weight_and_leaves_nothing_behind(painter: Painter, lora_file: Folder, family: str) -> None:
    model, file = painter(family), lora_file(family)
    plain = pixels(model)
    full, half = (pixels(model, extras={"lora": f"{file}{weight}"}) for weight in ("", ":0.5"))
    assert not same(plain, full) and not same(full, half) and not same(plain, half)
    assert same(plain, pixels(model)), "it stayed on"
    assert same(full, pixels(model, extras={"lora": str(file.parent)})), "its folder names it too"
    *_, last = model.paint(brief(extras={"lora": f"{file}:0.5"}))
    assert last.facts["lora"]["weight"] == 0.5 and len(last.facts["lora"]["sha256"]) == 64


def test_pictures_with_and_without_take_turns(painter: Painter, lora_file: Folder) -> None:
    model = painter("sd15")
    asked: list[dict[str, Any]] = [{"extras": {"lora": str(lora_file("sd15"))}}, {"seed": 3}]
    alone = [pixels(model, **each) for each in asked]
    together = [last for last in zip(*(model.paint(brief(**each)) for each in asked), strict=True)][-1]
    assert all(same(one, np.asarray(frame.decode())) for one, frame in zip(alone, together, strict=True))


def test_an_abandoned_picture_takes_it_off(painter: Painter, lora_file: Folder) -> None:
    model = painter("sd15")
    plain = pixels(model)
    running = model.paint(brief(extras={"lora": str(lora_file("sd15"))}))
    next(running)
    running.close()
    assert same(plain, pixels(model))


@pytest.mark.parametrize(("family", "other"), [("sd15", "sdxl"), ("sdxl", "sd15"), ("flux", "sd15"), ("sd15", "sana")])
def test_one_of_another_model_is_refused_and_changes_nothing(
    painter: Painter, lora_file: Folder, family: str, other: str
) -> None:
    model = painter(family)
    plain = pixels(model)
    with pytest.raises(OptionError, match="was made for another model") as refusal:
        pixels(model, extras={"lora": str(lora_file(other))})
    assert "Pipeline" in refusal.value.fix
    assert same(plain, pixels(model))


def test_a_family_without_lora_says_so(painter: Painter) -> None:
    with pytest.raises(OptionError, match="does not take --lora"):
        painter("pixart").paint(brief(extras={"lora": "x"}))


def test_what_is_no_lora_is_refused_before_the_first_step(painter: Painter, lora_file: Folder, tmp_path: Path) -> None:
    (tmp_path / "evil.bin").write_bytes(b"pickle")
    (tmp_path / "empty").mkdir()
    two = tmp_path / "two"
    two.mkdir()
    for name in ("a", "b"):
        shutil.copy(lora_file("sd15"), two / f"{name}.safetensors")
    for given, says in {
        str(tmp_path / "evil.bin"): "is a pickle", str(tmp_path / "empty"): "it holds none",
        str(two): "holds a.safetensors, b.safetensors", str(tmp_path / "no.safetensors"): "no LoRA at",
        f"{lora_file('sd15')}:nan": "weight of nan", f"{lora_file('sd15')}:1e9": "not allowed",
        "a\x00b": "no LoRA at", "x" * 5000: "no LoRA at", ":0.5": "no LoRA at", "a b/c": "no LoRA at",
    }.items():  # fmt: skip
        with pytest.raises(OptionError, match=says) as refusal:
            painter("sd15").paint(brief(extras={"lora": given}))
        assert len(str(refusal.value)) < 600


def test_a_damaged_file_is_refused(painter: Painter, lora_file: Folder, tmp_path: Path) -> None:
    whole = lora_file("sd15").read_bytes()
    (tmp_path / "half.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(OptionError, match=r"half\.safetensors"):
        pixels(painter("sd15"), extras={"lora": str(tmp_path / "half.safetensors")})


def test_hub_ids(lora_file: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str, str | None]] = []

    def download(repo: str, name: str, revision: str | None = None) -> str:
        asked.append((repo, name, revision))
        return str(lora_file("sd15"))

    def listing(self: object, repo: str, revision: str | None = None) -> list[str]:
        if repo == "off/line":
            raise ConnectionError("no network")
        return ["README.md", "one.safetensors"]

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    monkeypatch.setattr("huggingface_hub.HfApi.list_repo_files", listing)
    for text in ("owner/name@v1/file.safetensors:0.7", "owner/name", "off/line:-1"):
        assert len(lora.read(text).digest) == 64
    assert asked == [
        ("owner/name", "file.safetensors", "v1"), ("owner/name", "one.safetensors", None),
        ("off/line", "pytorch_lora_weights.safetensors", None),
    ]  # fmt: skip


@pytest.mark.parametrize("place", ["nobody/nothing", "nobody/nothing/x.safetensors"])
def test_the_hub_out_of_reach(painter: Painter, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(OptionError, match="hub did not give the LoRA nobody/nothing"):
        painter("sd15").paint(brief(extras={"lora": place}))
