"""Any causal language model that transformers can load, from the hub or a folder.

On CUDA: bfloat16, a static cache and a compiled step. On the CPU: a cache that grows, in bfloat16 where the processor
multiplies it natively (it then halves the memory traffic that bounds decoding), else float32.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from genart_nb.errors import ModelNotFoundError, UsageError, WeightsError
from genart_nb.models.language import Logits, due
from genart_nb.models.transformers_tokenizer import TransformersTokenizer

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


class TransformersLM:
    """A transformers model in memory (the `LanguageModel` protocol).

    `source` is a hub id or a folder; `revision` a commit, tag or branch of the hub; `device` and `dtype` are torch's
    names, chosen by the machine where None. Only safetensors are read, and no code from the hub is run.
    Raises ModelNotFoundError or WeightsError.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        revision: str | None = None,
        device: str | None = None,
        dtype: str | None = None,
        static: bool | None = None,
    ) -> None:
        import torch

        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.dtype = dtype or ("bfloat16" if self.device == "cuda" or fast_bfloat16() else "float32")
        if Path(source).is_dir():
            check_folder(Path(source))
        self.model, tokenizer = _load(str(source), revision, getattr(torch, self.dtype))
        self.model.to(self.device).eval()
        config = self.model.config.get_text_config()
        self.static = self.device == "cuda" if static is None else static
        self.tokenizer = TransformersTokenizer(tokenizer, config.vocab_size, self.model.generation_config)
        self.context: int = getattr(config, "max_position_embeddings", None) or 2048
        threads = torch.get_num_threads()
        self.environment = {"runtime": "torch", "device": self.device, "dtype": self.dtype, "threads": threads}
        self.nbytes = sum(weight.numel() * weight.element_size() for weight in self.model.parameters())
        self._step: Any = None

    def start(self, capacity: int) -> TransformersDecoder:
        """Begin an empty one-row decoder; raises UsageError where `capacity` exceeds the context."""
        if self.model is None:
            raise UsageError("This model is closed.", "load it again")
        if not 0 < capacity <= self.context:
            raise UsageError(f"{capacity} tokens were asked for; this model reads 1 to {self.context}.")
        return TransformersDecoder(self, capacity)

    def step(self, tokens: Any, cache: Any, every: bool) -> Any:
        """Run the model on new tokens, (rows, n); compiled on CUDA where n is 1."""
        call = self.model
        if self.device == "cuda" and self.static and tokens.shape[1] == 1:
            call = self._compiled()
        keep = {"logits_to_keep": 0 if every else 1} if self._keeps() else {}
        return call(input_ids=tokens, past_key_values=cache, use_cache=True, **keep).logits

    def close(self) -> None:
        """Free the weights."""
        import torch

        self.model = self._step = None
        if self.device == "cuda":
            torch.cuda.empty_cache()

    def _keeps(self) -> bool:
        return "logits_to_keep" in inspect.signature(self.model.forward).parameters

    def _compiled(self) -> Any:
        import torch

        if self._step is None:
            self._step = torch.compile(self.model, mode="reduce-overhead")
        return self._step


class TransformersDecoder:
    """Rows decoded in step, over a transformers cache (the `Decoder` protocol)."""

    def __init__(self, model: TransformersLM, capacity: int) -> None:
        from transformers import DynamicCache, StaticCache

        self.model, self.capacity = model, capacity
        config = model.model.config
        self._cache: Any = StaticCache(config, max_cache_len=capacity) if model.static else DynamicCache(config=config)
        self._rows, self._length = 1, 0

    @property
    def rows(self) -> int:
        """Number of rows."""
        return self._rows

    @property
    def length(self) -> int:
        """Tokens that each row holds."""
        return self._length

    def append(self, tokens: Sequence[Sequence[int]], *, every: bool = False) -> Logits:
        """Feed (rows, n) tokens; returns the next token's logits, (rows, vocab), or (rows, n, vocab) with `every`."""
        import torch

        fed = due(tokens, self._rows, self._length, self.capacity, self.model.tokenizer.size)
        with torch.inference_mode():
            logits = self.model.step(torch.from_numpy(fed).to(self.model.device), self._cache, every)
            found: Logits = (logits if every else logits[:, -1]).float().cpu().numpy()
        self._length += fed.shape[1]
        return found

    def rewind(self, length: int) -> None:
        """Forget all but the first `length` tokens of every row."""
        if not 0 <= length <= self._length:
            raise ValueError(f"cannot rewind to {length}: the rows hold {self._length} tokens")
        if self.model.static:
            for layer in self._cache.layers:  # what lies past the length is masked, then written over
                layer.cumulative_length.fill_(length)
        elif length < self._length:
            self._cache.crop(length - self._length)
        self._length = length

    def select(self, rows: Sequence[int]) -> None:
        """Keep, drop, reorder or duplicate rows."""
        import torch

        wanted = np.asarray(rows, np.int64)
        if wanted.ndim != 1 or len(wanted) == 0 or wanted.min() < 0 or wanted.max() >= self._rows:
            raise ValueError(f"rows must be chosen from 0 to {self._rows - 1}")
        index = torch.from_numpy(wanted).to(self.model.device)
        with torch.inference_mode():
            if not self.model.static:
                self._cache.batch_select_indices(index)
            else:
                for layer in self._cache.layers if self._length else ():
                    layer.keys, layer.values = layer.keys[index], layer.values[index]
                    layer.batch_size = len(wanted)
        self._rows = len(wanted)


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds no weights, or none but pickles, and say why."""
    if any(folder.glob("*.safetensors")):
        return
    pickles = sorted(path.name for pattern in PICKLES for path in folder.glob(pattern))
    if not pickles:
        raise WeightsError(
            f"{folder} holds no weights (*.safetensors).", f"put model.safetensors and config.json into {folder}"
        )
    convert = (
        'if you trust who made them, convert them once: python -c "from transformers import AutoModelForCausalLM as M, '
        f"AutoTokenizer as T; [X.from_pretrained('{folder}', **k).save_pretrained('{folder}-safe') "
        "for X, k in ((M, {'use_safetensors': False}), (T, {}))]\""
    )
    raise WeightsError(f"{folder} holds only pickled weights ({pickles[0]}): loading them can run any code.", convert)


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 natively (AVX512-BF16, AMX or Arm's BF16)."""
    import torch

    flags = Path("/proc/cpuinfo")
    named = flags.read_text(errors="replace") if flags.is_file() else ""
    native = any(flag in named for flag in ("avx512_bf16", "amx_bf16", " bf16"))
    return native and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _load(source: str, revision: str | None, dtype: Any) -> tuple[Any, Any]:
    """Load model and tokenizer, turning what transformers raises into our errors."""
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer

    where = {"revision": revision} if revision else {}
    again = "download the files again" if Path(source).is_dir() else f"hf cache rm model/{source}, and load it again"
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False, **where)
        model, found = AutoModelForCausalLM.from_pretrained(
            source, dtype=dtype, use_safetensors=True, trust_remote_code=False, output_loading_info=True, **where
        )
    except SafetensorError as error:
        raise WeightsError(f"The weights of {source} are truncated or damaged: {error}", again) from error
    except (OSError, ValueError, KeyError) as error:
        raise _explain(source, error) from error
    if lost := sorted(found["missing_keys"]):
        raise WeightsError(f"{source} lacks {len(lost)} tensors, {lost[0]} among them.", again)
    return model, tokenizer


def _explain(source: str, error: Exception) -> ModelNotFoundError | WeightsError:
    """Say what is wrong with a source that transformers would not load."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if Path(source).is_dir():
        return WeightsError(
            f"transformers cannot load {source}: {said}", "check the folder's config.json and tokenizer"
        )
    if "safetensors" in said:
        return WeightsError(
            f"{source} offers no safetensors; pickled weights can run any code and are not loaded.",
            f"convert it with https://huggingface.co/spaces/safetensors/convert, or choose another model ({said})",
        )
    if "trust_remote_code" in said or "custom code" in said:
        return WeightsError(f"{source} runs code of its own, which is not allowed here.", "choose another model")
    return ModelNotFoundError(
        f"There is no model {source} in the cache or on the hub, or the hub cannot be reached: {said}",
        "check the spelling (ORG/NAME), your network and HF_HUB_OFFLINE; for a gated model, hf auth login",
    )
