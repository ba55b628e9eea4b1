"""The painter's programs and weights as scripts that a page loads on demand, once whatever number of easels it has.

A page that was opened from a disk may neither fetch nor import, so they are classic scripts that register base64.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from genart_nb.models import weights
from genart_nb.models.card import ModelCard
from genart_nb.paths import cache_home
from genart_nb.publishing.browser import graphs

_HERE = Path(__file__).parent
_RUNTIME = _HERE / "runtime"
_SCRIPTS = ("noise", "packing", "sampler", "pixels", "wish", "networks", "painter", "worker")


def write(target: Path, card: ModelCard) -> list[Path]:
    """Write `client.js`, and the parts that it runs when a reader asks for the painter; the paths, client first.

    The folder is the `base` that `genart.painter` is given. Raises ModelNotFoundError or WeightsError where the weights
    are not here or not whole, OSError where the disk will not take it.
    """
    made = identity(card)
    code = "\n".join([_program("ort.wasm.min.js"), *(_script(name) for name in _SCRIPTS)])
    parts = {"wasm": (_RUNTIME / "ort-wasm-simd-threaded.wasm.gz").read_bytes()}
    parts |= {name: _packed(card, name) for name in graphs.NAMES}
    texts = {"client": _script("client")}
    texts["worker"] = _registered("worker", made=made, code=code, loader=_program("ort-wasm-simd-threaded.mjs"))
    for name, packed in parts.items():
        texts[name] = _registered(name, made=made, base64=base64.b64encode(packed).decode())
    target.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (target / f"{name}.js").write_text(text, encoding="utf-8", newline="\n")
    return [target / f"{name}.js" for name in texts]


def identity(card: ModelCard) -> str:
    """A name of this very painter, 12 hex digits: an easel is painted by the weights and programs it was made for."""
    return hashlib.sha256(_weights(card) + _programs()).hexdigest()[:12]


def _weights(card: ModelCard) -> bytes:
    """A digest of a card's weights and of how they are packed."""
    facts = json.dumps([card.id, card.revision, card.sha256], sort_keys=True)
    return hashlib.sha256(facts.encode() + Path(graphs.__file__).read_bytes()).digest()


@functools.cache
def _programs() -> bytes:
    """A digest of every program that goes with them."""
    found = hashlib.sha256()
    for path in sorted([*_RUNTIME.iterdir(), *(_HERE / "scripts").iterdir()]):
        found.update(path.read_bytes())
    return found.digest()


def _packed(card: ModelCard, name: str) -> bytes:
    """A gzipped graph, from the cache where it has been packed before."""
    kept = cache_home() / "browser" / _weights(card).hex()[:12] / f"{name}.onnx.gz"
    if kept.is_file():
        return kept.read_bytes()
    packed = gzip.compress(graphs.packed(weights.locate(card), name), 6, mtime=0)
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, place = tempfile.mkstemp(dir=kept.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(packed)
    Path(place).replace(kept)
    return packed


def _script(name: str) -> str:
    """A script of ours in ASCII, so that it reads the same whatever encoding a page is served in."""
    text = (_HERE / "scripts" / f"{name}.js").read_text(encoding="utf-8")
    return text.encode("ascii", "backslashreplace").decode()


def _program(name: str) -> str:
    """A program of the runtime, without the line that names a file which a page does not have."""
    text = (_RUNTIME / name).read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("//# sourceMappingURL="))


def _registered(name: str, **facts: Any) -> str:
    """A script that registers a part; it may stand within a page, whatever is in it."""
    return f"((globalThis.genart ??= {{}}).assets ??= {{}}).{name} = {_json(facts)};\n"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
