"""Carry a llama-architecture GGUF over to ONNX Runtime without changing one weight (see `onnx_graph` for how)."""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import WeightsError
from genart_nb.models.gguf_file import GGUF, HUB, GGUFTensor, read_gguf
from genart_nb.models.onnx_graph import BLOCK, Blocks, GraphWriter
from genart_nb.models.tokenizer import write_tokenizer

Progress = Callable[[float, str], None]

FORMAT = 1
"""Goes up when the graph changes, so that caches of an older kind are not used."""


@dataclass(frozen=True)
class LlamaConfig:
    """Sizes of a llama-architecture model, as the loader needs them."""

    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int
    context: int
    rope_base: float
    eps: float
    format: int = FORMAT

    @classmethod
    def read(cls, gguf: GGUF) -> LlamaConfig:
        """Sizes from the metadata; raises WeightsError for another architecture or scaled rotary positions."""
        found = gguf.metadata
        architecture = found.get("general.architecture")
        if architecture != "llama":
            raise WeightsError(f"{gguf.path.name} is a {architecture!r} model; only 'llama' GGUF files are read.", HUB)
        scaled = found.get("llama.rope.scaling.type", "none") != "none" or "rope_freqs.weight" in gguf.tensors
        if scaled or found.get("llama.expert_count", 0):
            raise WeightsError(f"{gguf.path.name} scales its rotary positions or mixes experts; not read here.", HUB)
        try:
            hidden, heads = found["llama.embedding_length"], found["llama.attention.head_count"]
            return cls(
                layers=found["llama.block_count"],
                hidden=hidden,
                heads=heads,
                kv_heads=found.get("llama.attention.head_count_kv", heads),
                head_dim=found.get("llama.attention.key_length", hidden // heads),
                vocab=len(found["tokenizer.ggml.tokens"]),
                context=found["llama.context_length"],
                rope_base=found.get("llama.rope.freq_base", 10000.0),
                eps=found["llama.attention.layer_norm_rms_epsilon"],
            )
        except KeyError as error:
            raise WeightsError(f"{gguf.path.name} lacks the metadata {error}.", HUB) from None


def half_split(heads: int, head_dim: int) -> NDArray[np.int64]:
    """Row order that undoes llama.cpp's pairing of neighbours: rotary halves, as ONNX Runtime rotates by default."""
    return np.arange(heads * head_dim).reshape(heads, head_dim // 2, 2).swapaxes(1, 2).reshape(-1)


class LlamaGraph:
    """Builds the decoder graph, layer by layer.

    Inputs: tokens (rows * n,) int64; shape (3,) int64, [rows, n, -1]; last (rows,) int32, the index of each row's
    last token once these are in; total () int32, which is last + 1; wanted (m,) int64, the places among the tokens
    whose logits are wanted; and for each layer the key and value caches (rows, kv_heads, capacity, head_dim), which
    the outputs share. Output: logits (m, vocab). Flat tokens let the offsets' product add itself up (Gemm).
    """

    def __init__(self, gguf: GGUF, config: LlamaConfig, writer: GraphWriter) -> None:
        self.gguf, self.config, self.writer = gguf, config, writer
        self.inputs: list[Any] = []
        self.outputs: list[Any] = []

    def blocks(self, name: str) -> Blocks:
        """Read a quantised matrix."""
        return Blocks.read(name, self.tensor(name))

    def tensor(self, name: str) -> GGUFTensor:
        """Find a tensor, or raise WeightsError."""
        if name not in self.gguf.tensors:
            raise WeightsError(f"{self.gguf.path.name} lacks the tensor {name}.", HUB)
        return self.gguf.tensors[name]

    def norm(self, name: str) -> str:
        """Write the gain of a root-mean-square norm."""
        return self.writer.weight(name, self.tensor(f"{name}.weight").data.view(np.float32).reshape(-1))

    def prologue(self) -> str:
        """Constants, inputs and the embedding lookup; returns the name of the hidden states."""
        config, writer = self.config, self.writer
        inner = self.tensor("blk.0.ffn_up.weight").shape[0]
        for width in {config.hidden, config.heads * config.head_dim, inner}:
            writer.small(f"blocks.{width // BLOCK}", np.array([-1, width // BLOCK, BLOCK]))
        writer.small("last_axis", np.array([2]))
        angles = np.outer(
            np.arange(config.context), config.rope_base ** (-np.arange(0, config.head_dim, 2) / config.head_dim)
        )
        writer.weight("cos", np.cos(angles).astype(np.float32))
        writer.weight("sin", np.sin(angles).astype(np.float32))
        writer.small("flat", np.array([-1, config.heads * config.head_dim]))
        self.declare("tokens", np.int64, ["fed"])
        self.declare("shape", np.int64, [3])
        self.declare("last", np.int32, ["rows"])
        self.declare("total", np.int32, [])
        self.declare("wanted", np.int64, ["m"])
        table = self.blocks("token_embd.weight")
        if table.bits != 8:
            raise WeightsError("token_embd.weight is not Q8_0.", HUB)
        codes = writer.weight("embed.codes", table.codes.reshape(config.vocab, -1))
        scales = writer.weight("embed.scales", table.scales)
        sizes = {"gather_axis": 0, "quantize_axis": 1, "block_size": BLOCK, "bits": 8}
        return writer.node("GatherBlockQuantized", [codes, "tokens", scales], ["embedded"], **sizes)

    def declare(self, name: str, dtype: Any, shape: list[Any], *, output: bool = False) -> str:
        """Declare a graph input or output."""
        from onnx import helper

        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        (self.outputs if output else self.inputs).append(helper.make_tensor_value_info(name, kind, shape))
        return name

    def attention(self, layer: int, x: str) -> str:
        """Grouped-query attention over the shared caches."""
        config, name = self.config, f"layer{layer}"
        order_q = half_split(config.heads, config.head_dim)
        order_k = half_split(config.kv_heads, config.head_dim)
        parts = [self.blocks(f"blk.{layer}.attn_{part}.weight") for part in "qkv"]
        packed = Blocks.stack([parts[0].take(order_q), parts[1].take(order_k), parts[2]])
        qkv = self.writer.linear(f"{name}.qkv", x, packed)
        qkv = self.writer.node("Reshape", [qkv, "shape"], [f"{name}.qkv3"])
        shape = ["rows", config.kv_heads, "capacity", config.head_dim]
        past = [self.declare(f"past_{part}.{layer}", np.float32, shape) for part in ("key", "value")]
        present = [self.declare(f"present_{part}.{layer}", np.float32, shape, output=True) for part in ("key", "value")]
        sizes = {"num_heads": config.heads, "kv_num_heads": config.kv_heads, "do_rotary": 1}
        mixed = self.writer.node(
            "GroupQueryAttention",
            [qkv, "", "", *past, "last", "total", "cos", "sin"],
            [f"{name}.mixed", *present],
            **sizes,
        )
        mixed = self.writer.node("Reshape", [mixed, "flat"], [f"{name}.mixed2"])
        return self.writer.linear(f"{name}.attn_output", mixed, self.blocks(f"blk.{layer}.attn_output.weight"))

    def feed_forward(self, layer: int, x: str) -> str:
        """Gated feed-forward: down(silu(gate(x)) * up(x))."""
        name, writer = f"layer{layer}", self.writer
        sums = writer.block_sums(name, x, self.config.hidden // BLOCK)
        gate = writer.linear(f"{name}.gate", x, self.blocks(f"blk.{layer}.ffn_gate.weight"), sums)
        up = writer.linear(f"{name}.up", x, self.blocks(f"blk.{layer}.ffn_up.weight"), sums)
        silu = writer.node("QuickGelu", [gate], [f"{name}.silu"], alpha=1.0)
        gated = writer.node("Mul", [silu, up], [f"{name}.gated"])
        return writer.linear(f"{name}.down", gated, self.blocks(f"blk.{layer}.ffn_down.weight"))

    def build(self, progress: Progress) -> Any:
        """Write all weights and return the ONNX model."""
        from onnx import helper

        config, writer = self.config, self.writer
        stream = self.prologue()
        eps = {"epsilon": config.eps}
        normed = writer.node(
            "SimplifiedLayerNormalization", [stream, self.norm("blk.0.attn_norm")], ["norm0"], axis=-1, **eps
        )
        for layer in range(config.layers):
            progress(layer / config.layers, f"layer {layer + 1} of {config.layers}")
            change = self.attention(layer, normed)
            normed, stream = self.skip_norm(f"layer{layer}.mid", stream, change, f"blk.{layer}.ffn_norm")
            change = self.feed_forward(layer, normed)
            after = f"blk.{layer + 1}.attn_norm" if layer + 1 < config.layers else "output_norm"
            normed, stream = self.skip_norm(f"layer{layer}.end", stream, change, after)
        wanted = writer.node("Gather", [normed, "wanted"], ["states"], axis=0)
        self.head(wanted)
        graph = helper.make_graph(writer.nodes, "llama", self.inputs, self.outputs, writer.initializers)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="genart_nb")

    def skip_norm(self, name: str, stream: str, change: str, gain: str) -> tuple[str, str]:
        """Add `change` to the residual stream and norm the sum."""
        outputs = [f"{name}.normed", "", "", f"{name}.stream"]
        inputs = [stream, change, self.norm(gain)]
        self.writer.node("SkipSimplifiedLayerNormalization", inputs, outputs, epsilon=self.config.eps)
        return outputs[0], outputs[3]

    def head(self, states: str) -> None:
        """Logits, by the embedding table itself where the file ties them."""
        config, writer = self.config, self.writer
        if "output.weight" in self.gguf.tensors:
            writer.linear("head", states, self.blocks("output.weight"))
        else:
            sizes = {"K": config.hidden, "N": config.vocab, "bits": 8, "block_size": BLOCK}
            blocks = (config.vocab, config.hidden // BLOCK, BLOCK)
            inputs = [states, writer.again("embed.codes", "embed.codes.blocks", blocks), "embed.scales"]
            writer.node("MatMulNBits", inputs, ["head"], accuracy_level=4, **sizes)
        writer.nodes[-1].output[0] = "logits"
        self.declare("logits", np.float32, ["m", config.vocab], output=True)


def convert(source: Path, target: Path, progress: Progress = lambda fraction, what: None) -> Path:
    """Turn the GGUF `source` into the folder `target` (model.onnx, weights, tokenizer, sizes) and return it.

    The folder appears whole or not at all; two processes may convert at once. A folder of this format is kept.
    Raises WeightsError for a damaged file, another architecture, or a quantisation not read.
    """
    if _converted(target):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        progress(0.0, f"reading {source.name}")
        gguf = read_gguf(source)
        config = LlamaConfig.read(gguf)
        write_tokenizer(gguf, work)
        writer = GraphWriter(work / "weights.bin")
        with writer.file:
            model = LlamaGraph(gguf, config, writer).build(progress)
        (work / "model.onnx").write_bytes(model.SerializeToString())
        (work / "config.json").write_text(json.dumps(asdict(config), indent=1))
        _publish(work, target)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    progress(1.0, "ready")
    return target


def _converted(folder: Path) -> bool:
    """Whether `folder` holds a conversion of this format."""
    try:
        return bool(json.loads((folder / "config.json").read_text())["format"] == FORMAT)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _publish(work: Path, target: Path) -> None:
    """Rename `work` to `target`, unless another process was first; what an older version left is moved aside."""
    work.chmod(0o755)
    if target.exists() and not _converted(target):
        aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        with contextlib.suppress(OSError):
            target.rename(aside / "old")
        shutil.rmtree(aside, ignore_errors=True)
    try:
        work.rename(target)
    except OSError:
        if not _converted(target):
            raise
