"""The transformers loader on tiny random models, saved and loaded without a network."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from decoder_contract import DecoderContract
from tiny_models import write_transformers

from genart_nb.errors import ModelNotFoundError, UsageError, WeightsError
from genart_nb.models.language import LanguageModel, Message
from genart_nb.models.sampling import Sampler, generate

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from genart_nb.models.transformers_lm import TransformersLM  # noqa: E402

TALK: list[Message] = [{"role": "user", "content": "sing<|im_end|>"}]


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_transformers(tmp_path_factory.mktemp("llama"))


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_transformers(tmp_path_factory.mktemp("gpt2"), "gpt2", template=None)


class TestLlama(DecoderContract):
    @pytest.fixture(scope="class")
    def model(self, llama: Path) -> TransformersLM:
        return TransformersLM(llama, dtype="float32", device="cpu")


class TestStaticCache(DecoderContract):
    """The cache that CUDA uses, uncompiled, on the CPU."""

    @pytest.fixture(scope="class")
    def model(self, llama: Path) -> TransformersLM:
        return TransformersLM(llama, dtype="float32", device="cpu", static=True)


class TestGPT2(DecoderContract):
    @pytest.fixture(scope="class")
    def model(self, gpt2: Path) -> TransformersLM:
        return TransformersLM(gpt2, dtype="float32", device="cpu")


@pytest.mark.gpu
class TestCuda(DecoderContract):
    tolerance = 0.05

    @pytest.fixture(scope="class")
    def model(self, llama: Path) -> TransformersLM:
        return TransformersLM(llama, device="cuda")


def test_it_is_a_language_model_and_generates(llama: Path) -> None:
    model = TransformersLM(llama, dtype="float32")
    assert isinstance(model, LanguageModel)
    assert model.nbytes > 100_000
    assert model.context == 128
    prompt = model.tokenizer.encode("the quick")
    told = [list(generate(model, prompt, Sampler(seed=3), 20, stops=())) for _ in range(2)]
    assert told[0] == told[1]
    assert len(told[0]) == 20
    model.close()
    with pytest.raises(UsageError, match="closed"):
        model.start(8)


def test_its_logits_are_those_of_the_model(llama: Path) -> None:
    from transformers import AutoModelForCausalLM

    with torch.no_grad():
        theirs = AutoModelForCausalLM.from_pretrained(llama)(torch.tensor([[5, 6, 7]])).logits.numpy()
    ours = TransformersLM(llama, dtype="float32").start(8).append([[5, 6, 7]], every=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_chat_templates(llama: Path, gpt2: Path) -> None:
    told = TransformersLM(llama).tokenizer
    ids = told.chat(TALK, reply="la")
    assert told.decode(ids) == "user\nsing<|im_end|>\nassistant\nla"
    assert sum(token in told.stops for token in ids) == 1
    plain = TransformersLM(gpt2).tokenizer
    assert plain.decode(plain.chat(TALK)) == "sing<|im_end|>\n\n"
    assert b"".join(map(plain.piece, plain.encode("é 🦊"))).decode() == "é 🦊"
    assert plain.piece(plain.size - 1)
    assert min(told.stops) >= 0


def copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to))


def test_pickles_are_refused_with_the_command_that_converts(llama: Path, tmp_path: Path) -> None:
    folder = copy(llama, tmp_path / "pickled")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match="can run any code") as refusal:
        TransformersLM(folder)
    assert "save_pretrained" in refusal.value.fix


def test_the_command_that_converts_does(llama: Path, tmp_path: Path) -> None:
    import shlex
    import subprocess
    import sys

    from safetensors.torch import load_file

    folder = copy(llama, tmp_path / "pickled")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsError) as refusal:
        TransformersLM(folder)
    command = shlex.split(refusal.value.fix.split(": ", 1)[1])
    subprocess.run([sys.executable, *command[1:]], check=True, capture_output=True)
    TransformersLM(tmp_path / "pickled-safe")


def test_folders_without_weights_or_config_are_refused(llama: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="holds no weights"):
        TransformersLM(tmp_path)
    folder = copy(llama, tmp_path / "x")
    (folder / "config.json").unlink()
    with pytest.raises(WeightsError, match="cannot load"):
        TransformersLM(folder)


@pytest.mark.parametrize("keep", [0.5, 0.001])
def test_truncated_weights_are_refused(llama: Path, tmp_path: Path, keep: float) -> None:
    folder = copy(llama, tmp_path / "x")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[: int(len(whole) * keep)])
    with pytest.raises(WeightsError, match="truncated or damaged"):
        TransformersLM(folder)


def test_weights_that_lack_a_tensor_are_refused(llama: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder = copy(llama, tmp_path / "x")
    tensors = load_file(folder / "model.safetensors")
    del tensors["model.layers.1.mlp.up_proj.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(WeightsError, match=r"lacks 1 tensors, model\.layers\.1\.mlp\.up_proj\.weight"):
        TransformersLM(folder)


def test_an_unknown_id_offline_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelNotFoundError, match="no model nobody/nothing") as refusal:
        TransformersLM("nobody/nothing")
    assert "ORG/NAME" in refusal.value.fix


def test_code_in_a_model_is_not_run(llama: Path, tmp_path: Path) -> None:
    import json

    folder = copy(llama, tmp_path / "x")
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForCausalLM": "own.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own.py").write_text("raise SystemExit('ran')")
    with pytest.raises(WeightsError):
        TransformersLM(folder)
