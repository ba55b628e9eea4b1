"""What the denoiser reads: every scene as normalised latents and every caption as MiniLM states, computed once."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from genart_nb.models.painter.minilm import MiniLM
from genart_nb.training import augment, data, precision, synonyms, vocabulary

VARIANTS = 6
TOKENS = 20
STEPS_PER_UNIT = 24.0
"""Latents are stored as int8 in steps of 1/24 of their standard deviation: far below what the decoder can show."""


@dataclass
class Prepared:
    """Latents (n, 8, 16, 16) int8; `captions[i]` are rows of `states` (m, 20, 384) and `pooled` (m, 384) float16."""

    latents: NDArray[np.int8]
    styles: NDArray[np.int64]
    kinds: list[str]
    captions: list[list[int]]
    texts: list[str]
    states: NDArray[np.float16]
    pooled: NDArray[np.float16]
    shift: NDArray[np.float32]
    scale: NDArray[np.float32]


def draw(seed: int = 0, variants: int = VARIANTS, workers: int = 2) -> None:
    """Draw all scenes into `scenes.npy` (uint8) and their captions into `scenes.json`."""
    entries, pictures = data.load(augment.SIDE)
    keep = [i for i, entry in enumerate(entries) if entry.style and not entry.held_out]
    named = synonyms.find(entries, lambda texts: MiniLM().encode(texts, TOKENS)[1])
    studio = augment.Studio([entries[i] for i in keep], pictures[keep], seed, named)
    shape = (len(keep) * variants, augment.SIDE, augment.SIDE, 3)
    np.lib.format.open_memmap(data.home() / "scenes.npy", mode="w+", dtype=np.uint8, shape=shape).flush()
    parts = [part.tolist() for part in np.array_split(np.arange(len(keep)), workers)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        rows = list(chain.from_iterable(pool.map(_draw, [studio] * workers, parts, [variants] * workers)))
    (data.home() / "scenes.json").write_text(json.dumps(rows))


def _draw(studio: augment.Studio, part: list[int], variants: int) -> list[dict[str, Any]]:
    canvas = np.lib.format.open_memmap(data.home() / "scenes.npy", mode="r+")
    rows = []
    for index in part:
        for variant in range(variants):
            scene = studio.scene(index, variant)
            canvas[index * variants + variant] = scene.picture
            rows.append(
                {"id": scene.entry.id, "style": scene.entry.style, "captions": scene.captions, "kind": scene.kind}
            )
    canvas.flush()
    return rows


def read(workers: int = 2) -> None:
    """Read every caption once into `captions.safetensors`."""
    from safetensors.numpy import save_file

    rows = json.loads((data.home() / "scenes.json").read_text())
    texts = sorted({caption for row in rows for caption in row["captions"]})
    parts = [texts[start : start + 512] for start in range(0, len(texts), 512)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        found = list(pool.map(_read, parts))
    tensors = {"states": np.concatenate([row[0] for row in found]), "pooled": np.concatenate([row[1] for row in found])}
    save_file(tensors, data.home() / "captions.safetensors", {"texts": json.dumps(texts)})


def _read(texts: list[str]) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    states, pooled = MiniLM().encode(texts, TOKENS)
    return states.astype(np.float16), pooled.astype(np.float16)


def encode(workers: int = 2) -> None:
    """Encode every scene with the trained autoencoder into `latents.safetensors`."""
    from safetensors.numpy import save_file

    count = len(np.load(data.home() / "scenes.npy", mmap_mode="r"))
    parts = [range(part[0], part[-1] + 1) for part in np.array_split(np.arange(count), workers)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
        found = np.concatenate(list(pool.map(_encode, parts)))
    shift, scale = found.mean((0, 2, 3)), found.std((0, 2, 3))
    unit = (found - shift[:, None, None]) / scale[:, None, None]
    stored = np.clip(np.rint(unit * STEPS_PER_UNIT), -127, 127).astype(np.int8)
    save_file({"latents": stored, "shift": shift, "scale": scale}, data.home() / "latents.safetensors")


@torch.no_grad()  # type: ignore[untyped-decorator]
def _encode(part: range, batch: int = 32) -> NDArray[np.float32]:
    """Latents of some scenes; one thread each scales better than threads that wait for one another."""
    from genart_nb.training import autoencoder

    torch.set_num_threads(1)
    model = autoencoder.load()
    scenes = np.load(data.home() / "scenes.npy", mmap_mode="r")
    found = np.empty((len(part), 8, 16, 16), np.float32)
    for start in range(0, len(part), batch):
        rows = part[start : start + batch]
        pictures = torch.from_numpy(scenes[rows.start : rows.stop].copy()).permute(0, 3, 1, 2).float() / 127.5 - 1
        with precision.mixed("cpu"):
            encoded = model.encode(pictures.contiguous(memory_format=torch.channels_last)).latent
        found[start : start + len(rows)] = encoded.float().numpy()
    return found


def load() -> Prepared:
    """Everything that training needs, made first where it is missing."""
    from safetensors import safe_open
    from safetensors.numpy import load_file

    home = data.home()
    for name, make in (("scenes.json", draw), ("captions.safetensors", read), ("latents.safetensors", encode)):
        if not (home / name).exists():
            make()
    rows: list[dict[str, Any]] = json.loads((home / "scenes.json").read_text())
    with safe_open(home / "captions.safetensors", "np") as file:
        texts = json.loads(file.metadata()["texts"])
        states, pooled = file.get_tensor("states"), file.get_tensor("pooled")
    where = {text: index for index, text in enumerate(texts)}
    tensors = load_file(home / "latents.safetensors")
    return Prepared(
        latents=tensors["latents"],
        styles=np.array([vocabulary.STYLES.index(row["style"]) for row in rows]),
        kinds=[row["kind"] for row in rows],
        captions=[[where[caption] for caption in row["captions"]] for row in rows],
        texts=texts,
        states=states,
        pooled=pooled,
        shift=tensors["shift"],
        scale=tensors["scale"],
    )
