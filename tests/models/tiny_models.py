"""Models small enough to build in a test: a byte-level tokenizer, a GGUF file, and transformers folders."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

HIDDEN, HEADS, KV_HEADS, HEAD_DIM, FFN, LAYERS, CONTEXT = 64, 4, 2, 16, 96, 2, 128
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEXT = "the quick brown fox jumps over the lazy dog and the moon sings to the sea " * 20
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@functools.lru_cache(maxsize=1)
def bpe() -> Any:
    """Train a byte-level BPE tokenizer of 320 tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    digits = pre_tokenizers.Digits(individual_digits=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([digits, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=320, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([TEXT], trainer)
    return tokenizer


def write_gguf(path: Path, kind: str = "Q4_1", *, tied: bool = True, **changed: Any) -> Path:
    """Write a random llama-architecture GGUF; `changed` overrides metadata (None drops a key)."""
    from gguf import GGMLQuantizationType as Kind
    from gguf import GGUFWriter
    from gguf.quants import quantize

    inner = json.loads(bpe().to_str())["model"]
    tokens = sorted(inner["vocab"], key=inner["vocab"].__getitem__)
    found: dict[str, Any] = {
        "llama.context_length": CONTEXT, "llama.embedding_length": HIDDEN, "llama.block_count": LAYERS,
        "llama.feed_forward_length": FFN, "llama.attention.head_count": HEADS,
        "llama.attention.head_count_kv": KV_HEADS, "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.freq_base": 10000.0, "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens, "tokenizer.ggml.token_type": [3 if t in SPECIAL else 1 for t in tokens],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in inner["merges"]], "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.chat_template": TEMPLATE,
    }  # fmt: skip
    architecture = changed.pop("architecture", "llama")
    writer = GGUFWriter(path, architecture)
    for key, value in (found | changed).items():
        if isinstance(value, str):
            writer.add_string(key, value)
        elif isinstance(value, list):
            writer.add_array(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        elif value is not None:
            writer.add_uint32(key, value)
    rng = np.random.default_rng(0)

    def put(name: str, kind: str, *shape: int) -> None:
        values = rng.normal(0, 0.2, shape).astype(np.float32)
        wanted = Kind[kind]
        writer.add_tensor(name, quantize(values, wanted), raw_dtype=wanted)

    put("token_embd.weight", "Q8_0", len(tokens), HIDDEN)
    if not tied:
        put("output.weight", kind, len(tokens), HIDDEN)
    norms = ["output_norm.weight"]
    for layer in range(LAYERS):
        for name, rows, columns in (
            ("attn_q", HEADS * HEAD_DIM, HIDDEN), ("attn_k", KV_HEADS * HEAD_DIM, HIDDEN),
            ("attn_v", KV_HEADS * HEAD_DIM, HIDDEN), ("attn_output", HIDDEN, HEADS * HEAD_DIM),
            ("ffn_gate", FFN, HIDDEN), ("ffn_up", FFN, HIDDEN), ("ffn_down", HIDDEN, FFN),
        ):  # fmt: skip
            put(f"blk.{layer}.{name}.weight", kind, rows, columns)
        norms += [f"blk.{layer}.attn_norm.weight", f"blk.{layer}.ffn_norm.weight"]
    for name in norms:
        writer.add_tensor(name, rng.uniform(0.5, 1.5, HIDDEN).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_transformers(folder: Path, family: str = "llama", *, template: str | None = TEMPLATE) -> Path:
    """Write a random transformers model with its tokenizer; `family` is llama or gpt2."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    size = bpe().get_vocab_size()
    model: Any
    if family == "llama":
        model = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=size, hidden_size=HIDDEN, intermediate_size=FFN, num_hidden_layers=LAYERS,
                num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, max_position_embeddings=CONTEXT,
                bos_token_id=0, eos_token_id=2,
            )
        )  # fmt: skip
    else:
        model = GPT2LMHeadModel(
            GPT2Config(vocab_size=size, n_positions=CONTEXT, n_embd=HIDDEN, n_layer=LAYERS, n_head=HEADS,
                       bos_token_id=0, eos_token_id=0)
        )  # fmt: skip
    model.save_pretrained(folder)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe(), eos_token="<|im_end|>", bos_token="<|endoftext|>")
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
    if template:
        tokenizer.chat_template = template
    tokenizer.save_pretrained(folder)
    return folder
