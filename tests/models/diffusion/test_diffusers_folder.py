"""Folders that are broken, unsafe or no pipelines, and hub ids that lead nowhere: each refused with what to do."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from genart_nb.errors import GenartError, ModelNotFoundError, WeightsError
from genart_nb.models import registry
from genart_nb.models.card import Folder
from genart_nb.models.diffusion.painter import DiffusersPainter

Change = Callable[[Path], object]


@pytest.fixture
def place(folder: Callable[[str], Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder("sd15"), tmp_path / "pipeline"))


def load(place: Path) -> Any:
    return registry.load(registry.card(str(place), "picture"), lambda what, fraction: None)


def tensors(part: str, change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(place: Path) -> None:
        (file,) = (place / part).glob("*.safetensors")
        held = load_file(file)
        change(held)
        save_file(held, file, metadata={"format": "pt"})

    return changed


def written(name: str, text: str) -> Change:
    return lambda place: (place / name).write_text(text)


def index(**changed: Any) -> Change:
    def write(place: Path) -> None:
        file = place / "model_index.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | changed))

    return write


def pickled(place: Path) -> None:
    (place / "unet" / "diffusion_pytorch_model.safetensors").rename(place / "unet" / "diffusion_pytorch_model.bin")


def halved(place: Path) -> None:
    for file in (place / "vae").glob("*.safetensors"):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def sharded(place: Path) -> None:
    weights = {"weight_map": {"a": "diffusion_pytorch_model.safetensors", "b": "lost.safetensors"}}
    (place / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(json.dumps(weights))


def own_code(place: Path) -> None:
    index(unet=["my_unet", "Own"])(place)
    (place / "unet" / "my_unet.py").write_text("raise SystemExit('ran')")


BROKEN: dict[str, tuple[Change, str, str]] = {
    "no pipeline": (lambda place: (place / "model_index.json").unlink(), "is no diffusers pipeline", "model_index"),
    "index damaged": (written("model_index.json", '{"_class_name": '), "is damaged", "again"),
    "index a list": (written("model_index.json", "[1]"), "names no pipeline class", "again"),
    "index binary": (lambda place: (place / "model_index.json").write_bytes(b"\xff\xfe\x00"), "is damaged", "again"),
    "unknown class": (index(_class_name="NoSuchPipeline"), "cannot load.*NoSuchPipeline", "model_index"),
    "code of its own": (index(_class_name=["pipeline", "Own"]), "code that comes with weights is not run", "another"),
    "a part of its own": (own_code, "'unet' brings code of its own", "another model"),
    "part missing": (lambda place: shutil.rmtree(place / "vae"), "lacks its part 'vae'", "again"),
    "settings missing": (lambda place: (place / "unet" / "config.json").unlink(), "'unet'.*has no settings", "again"),
    "settings damaged": (written("vae/config.json", "{"), r"vae/config\.json is damaged", "again"),
    "pickle": (pickled, r"diffusion_pytorch_model\.bin is a pickle", "safe_serialization"),
    "no weights": (lambda place: next((place / "vae").glob("*.safetensors")).unlink(), "no weights in.*vae", "again"),
    "shard missing": (sharded, r"lacks 1 of 2 weight files, lost\.safetensors", "again"),
    "truncated": (halved, "truncated or damaged", "again"),
    "other shapes": (tensors("unet", lambda held: held.update({"conv_out.weight": torch.zeros(3, 3)})),
                     r"of other shapes.*conv_out\.weight", "again"),
    "other shapes of words": (
        tensors("text_encoder", lambda held: held.update({sorted(held)[5]: torch.zeros(3, 3)})), "other shapes", "again"
    ),
    "a tensor missing": (tensors("unet", lambda held: held.pop("conv_out.weight")),
                         r"not whole: conv_out\.weight is missing", "again"),
    "a tensor of words missing": (tensors("text_encoder", lambda held: held.pop(sorted(held)[5])),
                                  "not whole: .*layer_norm2.weight is missing", "again"),
    "another kind": (index(_class_name="DDPMPipeline"), "DDPMPipeline does not paint from words|cannot load", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused_with_what_to_do(name: str, place: Path) -> None:
    change, says, fix = BROKEN[name]
    change(place)
    with pytest.raises(WeightsError, match=f"(?s){says}") as refusal:
        load(place)
    assert fix in refusal.value.fix and refusal.value.fix and len(str(refusal.value)) < 900


def test_no_pickle_and_no_code_is_ever_run(place: Path) -> None:
    class Evil:
        def __reduce__(self) -> Any:
            return (pytest.fail, ("a pickle was opened",))

    for part in ("unet", "vae", "text_encoder"):
        name = "pytorch_model.bin" if part == "text_encoder" else "diffusion_pytorch_model.bin"
        torch.save({"evil": Evil()}, place / part / name)
    load(place).close()  # beside safetensors they are left alone
    for file in place.glob("*/*.safetensors"):
        file.unlink()
    with pytest.raises(WeightsError, match="is a pickle"):
        load(place)


def test_folders_that_are_something_else(place: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is no diffusers pipeline") as refusal:
        load(place / "unet")
    assert f"give its parent, {place}" in refusal.value.fix
    (tmp_path / "one").mkdir()
    shutil.copy(next((place / "unet").glob("*.safetensors")), tmp_path / "one" / "model.safetensors")
    with pytest.raises(WeightsError, match="checkpoint in one file") as refusal:
        load(tmp_path / "one")
    assert "from_single_file" in refusal.value.fix
    card = registry.card(str(place), "picture")
    shutil.rmtree(place)
    with pytest.raises(ModelNotFoundError, match="does not exist"):
        registry.load(card, lambda what, fraction: None)


def test_a_folder_named_by_path_is_loaded_by_diffusers(place: Path) -> None:
    card = registry.card(str(place), "picture")
    assert card.loader == "diffusers" and card.source == Folder(path=str(place))
    assert len(registry.pinned(card).revision) == 16
    told: list[str] = []
    model = registry.load(card, lambda what, fraction: told.append(what))
    assert isinstance(model, DiffusersPainter) and model.nbytes > 100_000 and told == ["loading pipeline"]


def test_weights_in_half_precision_under_their_own_name(place: Path) -> None:
    for file in place.glob("*/*.safetensors"):
        file.rename(file.with_name(f"{file.stem}.fp16.safetensors"))
    assert DiffusersPainter(place, device="cpu", dtype="float32").nbytes > 100_000


@pytest.mark.parametrize("repo", ["nobody/nothing", f"nobody/nothing@{'0' * 40}"])
def test_an_unknown_id_offline_is_not_found(repo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    card = registry.card(repo, "picture")
    assert card.loader == "diffusers"
    with pytest.raises(ModelNotFoundError, match="no pipeline nobody/nothing") as refusal:
        registry.load(card, lambda what, fraction: None)
    assert "OWNER/NAME" in refusal.value.fix


@pytest.mark.parametrize("lost", ["", "vae/config.json"])
def test_what_the_hub_left_here_needs_no_network(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    import huggingface_hub.constants

    commit = "a" * 40
    held = tmp_path / "hub" / "models--owner--name"
    (held / "refs").mkdir(parents=True)
    (held / "refs" / "main").write_text(commit)
    (held / "snapshots").mkdir()
    place.rename(held / "snapshots" / commit)
    if lost:
        (held / "snapshots" / commit / lost).unlink()
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    card = registry.pinned(registry.card("owner/name", "picture"))
    assert card.revision == commit
    if lost:
        with pytest.raises(ModelNotFoundError, match="no pipeline owner/name"):
            registry.load(card, lambda what, fraction: None)
    else:
        assert registry.load(card, lambda what, fraction: None).nbytes > 100_000


def test_the_hub_is_asked_for_the_pinned_revision_and_safetensors_alone(
    folder: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from diffusers import DiffusionPipeline

    asked: list[dict[str, Any]] = []
    theirs = DiffusionPipeline.from_pretrained

    def from_pretrained(source: str, **how: Any) -> Any:
        asked.append({"source": source, **how})
        return theirs(folder("sd15"), dtype=how["dtype"])

    monkeypatch.setattr(DiffusionPipeline, "from_pretrained", from_pretrained)
    registry.load(registry.card(f"owner/name@{'a' * 40}", "picture"), lambda what, fraction: None)
    assert asked[0]["source"] == "owner/name" and asked[0]["revision"] == "a" * 40
    assert asked[0]["use_safetensors"] is True and asked[0]["trust_remote_code"] is False


def test_without_torch_it_says_what_to_install(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "genart_nb.models.diffusion.painter", None)
    with pytest.raises(GenartError, match=r"genart_nb\[hub\]"):
        load(place)
