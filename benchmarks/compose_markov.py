"""What the composer is measured beside: a Markov chain over notes, and plain `generate` over the same blocks."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from genart_nb.media.song import Note, Song

Event = tuple[int, int]
"""Degree above the tonic near middle C, and length in ticks."""


class Chain:
    """Second order: the next note of a voice is drawn from those that followed the same two notes in the corpus."""

    def __init__(self, corpus: Sequence[Song]) -> None:
        self._after: dict[tuple[str, int, tuple[Event, ...]], Counter[Event]] = defaultdict(Counter)
        for song in corpus:
            base = 60 + (song.tonic + 6) % 12 - 6
            for at, voice in enumerate(song.voices):
                events = [(note.pitch - base, note.length) for note in voice]
                for end, event in enumerate(events):
                    for order in (0, 1, 2):
                        if end >= order:
                            self._after[song.mode, at, tuple(events[end - order : end])][event] += 1

    def song(self, like: Song, bars: int, seed: int) -> Song:
        """A song in the key and metre of another, each voice on its own."""
        chance = np.random.default_rng(seed)
        base = 60 + (like.tonic + 6) % 12 - 6
        voices = []
        for at in range(len(like.voices)):
            notes: list[Note] = []
            events: list[Event] = []
            time, end = 0, bars * like.bar
            while time < end:
                pasts = [tuple(events[len(events) - order :]) for order in (2, 1) if len(events) >= order]
                counts = next(found for past in [*pasts, ()] if (found := self._after.get((like.mode, at, past))))
                choices = list(counts)
                weights = np.array([counts[each] for each in choices], float)
                degree, length = choices[int(chance.choice(len(choices), p=weights / weights.sum()))]
                length = min(length, end - time)
                events.append((degree, length))
                notes.append(Note(time, length, base + degree))
                time += length
            voices.append(tuple(notes))
        return Song(tuple(voices), like.tonic, like.mode, like.metre, bars=bars)


def generate_plainly(folder: Path, tokens: int) -> tuple[float, float]:
    """Seconds, by the clock and of the processor, that transformers takes for as many tokens with the same blocks."""
    import torch
    from safetensors.torch import load_file
    from transformers import LlamaConfig, LlamaForCausalLM

    weights = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    vocabulary, width = weights["tokens.weight"].shape
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks."))
    hidden = weights["blocks.0.gate.weight"].shape[0]
    config = LlamaConfig(
        vocab_size=vocabulary, hidden_size=width, intermediate_size=hidden, num_hidden_layers=layers,
        num_attention_heads=width // 64, max_position_embeddings=2048, tie_word_embeddings=False,
        bos_token_id=0, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config).eval()
    state = {"model.embed_tokens.weight": weights["tokens.weight"], "model.norm.weight": weights["norm.weight"],
             "lm_head.weight": weights["head.weight"]}  # fmt: skip
    names = {
        "norm1": "input_layernorm", "norm2": "post_attention_layernorm", "query": "self_attn.q_proj",
        "key": "self_attn.k_proj", "value": "self_attn.v_proj", "out": "self_attn.o_proj", "gate": "mlp.gate_proj",
        "up": "mlp.up_proj", "down": "mlp.down_proj",
    }  # fmt: skip
    for layer in range(layers):
        for ours, theirs in names.items():
            state[f"model.layers.{layer}.{theirs}.weight"] = weights[f"blocks.{layer}.{ours}.weight"]
    model.load_state_dict(state)
    start = torch.zeros((1, 1), dtype=torch.long)
    with torch.no_grad():
        model.generate(start, max_new_tokens=8, min_new_tokens=8, do_sample=True)
        begun = time.process_time(), time.perf_counter()
        model.generate(start, max_new_tokens=tokens, min_new_tokens=tokens, do_sample=True)
    return time.perf_counter() - begun[1], time.process_time() - begun[0]
