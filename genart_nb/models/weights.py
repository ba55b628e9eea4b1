"""From a card to files on this machine: found, checked by sha256, and never a pickle."""

from __future__ import annotations

import hashlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genart_nb.errors import ModelError, ModelNotFoundError, WeightsError
from genart_nb.models.card import Folder, Hub, ModelCard, Package, Server, Shipped

STARTER = Path(__file__).parent / "starter"
SAFE = (".safetensors", ".gguf", ".onnx")
PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".msgpack", ".h5")
_TELLING = (".json", ".txt", ".model", ".jinja")  # tokenizers and settings, without which weights say something else
_SAMPLE, _SAMPLES = 4096, 64


@dataclass(frozen=True, slots=True)
class Status:
    """Whether a model can be used now, and if not, what to do."""

    state: Literal["ready", "missing", "remote"]
    detail: str
    fix: str = ""


def locate(card: ModelCard) -> Path:
    """Folder or file that holds the weights; raises ModelNotFoundError with the installing command.

    Hub and server models have no place here until their loader has asked for them: it is a ModelNotFoundError to
    locate one.
    """
    source = card.source
    match source:
        case Shipped(path=path):
            found = STARTER / path
            fix = "reinstall genart_nb: the file is part of it"
        case Package():
            return _in_package(card, source)
        case Folder(path=path):
            found = Path(path).expanduser()
            fix = "check the path with `ls`, or choose another model with `%genart models`"
        case Hub() | Server():
            raise ModelNotFoundError(f"{card.id} is not on this machine.", "load it: its loader asks for it by name")
    if not found.exists():
        raise ModelNotFoundError(f"{card.id}: {found} does not exist.", fix)
    return found


def _in_package(card: ModelCard, source: Package) -> Path:
    try:
        distribution = importlib.metadata.distribution(source.distribution)
    except importlib.metadata.PackageNotFoundError:
        raise ModelNotFoundError(f"{card.title} is not installed.", source.install) from None
    found = Path(str(distribution.locate_file(source.file)))
    if not found.exists():
        raise ModelNotFoundError(f"{source.distribution} is installed, but {source.file} is gone.", source.install)
    return found


def verify(card: ModelCard, place: Path) -> None:
    """Compare every file the card vouches for; raises WeightsError for a truncated or altered one."""
    for name, expected in card.sha256.items():
        path = place if place.is_file() else place / name
        if not path.is_file():
            raise WeightsError(f"{card.id}: {name} is missing from {place}.", _again(card))
        held = path.stat().st_size
        if len(card.sha256) == 1 and held < card.size:
            raise WeightsError(f"{card.id}: {path.name} is truncated: {held:,} of {card.size:,} bytes.", _again(card))
        if digest(path) != expected:
            raise WeightsError(f"{card.id}: {path.name} is damaged or was altered: its sha256 differs.", _again(card))


def refuse_pickles(place: Path) -> None:
    """Raise WeightsError unless the folder holds weights in a format that cannot run code."""
    files = _files(place)
    if any(path.suffix.lower() in SAFE for path in files):
        return
    pickled = sorted(path.name for path in files if path.suffix.lower() in PICKLES)
    if pickled:
        raise WeightsError(
            f"{pickled[0]} is a pickle, which can run any code when it is loaded, so it is refused.",
            "convert it where you trust it: `model.save_pretrained(folder, safe_serialization=True)`",
        )
    raise WeightsError(f"There are no weights in {place}.", f"it needs a file that ends in {', '.join(SAFE)}")


def fingerprint(place: Path) -> str:
    """Sixteen hex digits that change when the weights of a folder do, in milliseconds however large they are.

    Small files count whole; of a large one its size and 64 samples of 4 KiB, spread evenly from its first byte to its
    last. That notices another model, a download that broke off or further training, though not one altered byte.
    """
    whole = hashlib.sha256()
    for path in sorted(_files(place), key=lambda path: path.relative_to(place).as_posix()):
        if path.suffix.lower() in (*SAFE, *_TELLING):
            size = path.stat().st_size
            whole.update(f"{path.relative_to(place).as_posix()}\0{size}\0".encode())
            with path.open("rb") as file:
                for at in _samples(size):
                    file.seek(at)
                    whole.update(file.read(_SAMPLE))
    return whole.hexdigest()[:16]


def _samples(size: int) -> list[int]:
    if size <= _SAMPLES * _SAMPLE:
        return list(range(0, size, _SAMPLE))
    return [(size - _SAMPLE) * turn // (_SAMPLES - 1) for turn in range(_SAMPLES)]


def _files(place: Path) -> list[Path]:
    """Files of a model, two folders deep and no deeper: a model is small in number, a home folder is not."""
    found = [place] if place.is_file() else [*place.glob("*"), *place.glob("*/*")]
    return [path for path in found if path.is_file()]


def status(card: ModelCard) -> Status:
    """Whether a model is ready, without loading or fetching anything."""
    match card.source:
        case Server(url=url):
            return Status("remote", f"served at {url}")
        case Hub(repo=repo):
            held = _hub_cache(repo)
            if held:
                return Status("ready", str(held))
            return Status("remote", "fetched from the hub on first use")
    try:
        place = locate(card)
        if isinstance(card.source, Folder):
            refuse_pickles(place)
        return Status("ready", str(place))
    except ModelError as error:
        return Status("missing", error.what, error.fix)


def digest(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hub_cache(repo: str) -> Path | None:
    try:
        from huggingface_hub.constants import HF_HUB_CACHE
    except ImportError:
        return None
    place = Path(HF_HUB_CACHE) / f"models--{repo.replace('/', '--')}" / "snapshots"
    return place if place.is_dir() and any(place.iterdir()) else None


def _again(card: ModelCard) -> str:
    if isinstance(card.source, Package):
        return f"{card.source.install} --force-reinstall"
    return "fetch or copy the weights again"
