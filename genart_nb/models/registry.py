"""Which models are known: those offered through entry points, and those named by a path, a hub id or a URL."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from genart_nb import plugins
from genart_nb.errors import ModelNotFoundError, UsageError
from genart_nb.models import weights
from genart_nb.models.card import Folder, Hub, ModelCard, Package, Server, Shipped
from genart_nb.options import nearest, shown

log = logging.getLogger(__name__)

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+(@[\w./-]+)?", re.ASCII)
_HUB_WAIT = 5.0  # seconds
_COMMIT = re.compile("[0-9a-f]{40}")
_READERS = {"text": "transformers", "picture": "diffusers"}

Progress = Callable[[str, float], None]


class Loaded(Protocol):
    """What a loader returns: anything that knows its size and how to free itself."""

    nbytes: int

    def close(self) -> None:
        """Free the memory."""


class Loader(Protocol):
    """One family's way from a card to a model in memory."""

    def __call__(self, card: ModelCard, progress: Progress) -> Loaded:
        """Load; call `progress(what, fraction)` now and then, and let what it raises pass."""


def cards(kind: str | None = None) -> list[ModelCard]:
    """Every card on offer, of one kind or all, ours first; one that cannot be imported is left out, and logged."""
    found = []
    for name in plugins.offered("models"):
        try:
            found.append(_offered(name))
        except UsageError as error:
            _left_out(str(error))
    return [card for card in found if kind in (None, card.kind)]


def card(name: str, kind: str = "text", revision: str = "") -> ModelCard:
    """The card with that id, or a new one for a folder, an `http(s)://` server or a hub id (`owner/name`).

    A server is written `http://host:port/v1#model`; a hub id may pin its revision: `owner/name@revision`. Raises
    ModelNotFoundError with the nearest id, or when the weights here are not of the `revision` asked for.
    """
    if name in plugins.offered("models"):
        return _at(_of_kind(_offered(name), kind), revision)
    known = {each.id: each for each in cards()}
    if name in known:
        return _at(_of_kind(known[name], kind), revision)
    if name.startswith(("http://", "https://")):
        url, _, model = name.partition("#")
        return ModelCard(id=name, kind=kind, title=model or url, loader="openai", source=Server(url=url, model=model))
    if folder := _folder(name):
        made = ModelCard(
            id=str(folder), kind=kind, title=folder.name, loader=_loader_of(kind), source=Folder(path=str(folder))
        )
        return _at(made, revision)
    if _HUB_ID.fullmatch(name):
        repo, _, wanted = name.partition("@")
        return ModelCard(
            id=repo, kind=kind, title=repo.split("/")[1], loader=_loader_of(kind), source=Hub(repo=repo),
            revision=revision or wanted or "main", homepage=f"https://huggingface.co/{repo}",
        )  # fmt: skip
    guess = nearest(name, [each.id for each in known.values() if each.kind == kind])
    hint = f"did you mean {guess}? " if guess else ""
    raise ModelNotFoundError(
        f"There is no model {shown(name)}.",
        f"{hint}`%genart models` lists them; a folder or owner/name works as well",
    )


@functools.cache
def _left_out(reason: str) -> None:
    log.warning("a model is left out: %s", reason)  # once, though completion asks at every Tab


def _offered(name: str) -> ModelCard:
    found = plugins.load("models", name)
    if not isinstance(found, ModelCard):
        raise UsageError(
            f"The entry point {name!r} gives a {type(found).__name__}, not a ModelCard.", "fix its package"
        )
    return found


def _of_kind(card: ModelCard, kind: str) -> ModelCard:
    if card.kind != kind:
        raise ModelNotFoundError(f"{card.id} makes {card.kind}, not {kind}.", "`%genart models` lists them by kind")
    return card


def _at(card: ModelCard, revision: str) -> ModelCard:
    """The card at a revision that a recipe names; hub weights can be had at any, others only as they are here."""
    if isinstance(card.source, Hub) and revision:
        return card.model_copy(update={"revision": revision})
    if isinstance(card.source, Folder) and revision:
        card = pinned(card)
    if revision and card.revision and revision != card.revision:
        raise ModelNotFoundError(
            f"The recipe was made with {card.id} at {revision}; what is here is {card.revision}.",
            "put the older weights back, or write the work anew with its prompt and seed",
        )
    return card


def _folder(name: str) -> Path | None:
    try:
        path = Path(name).expanduser()
        return path.resolve() if name and path.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # too long for a path, or the home of an unknown user
        return None


def load(card: ModelCard, progress: Progress) -> Loaded:
    """Bring a model into memory through its family's loader."""
    return cast(Loader, plugins.load("loaders", card.loader))(card, progress)


def _loader_of(kind: str) -> str:
    """The loader of a kind's folders and hub repositories: by the table, else the one that is named as the kind is."""
    name = _READERS.get(kind, kind)
    if name not in plugins.offered("loaders"):
        raise ModelNotFoundError(f"No loader reads {kind} models from a folder or the hub.", "see `%genart models`")
    return name


def pinned(card: ModelCard) -> ModelCard:
    """The card with its hub revision resolved to a commit, or its folder's contents named by their fingerprint.

    So a recipe names exact weights. Of the hub's, asks the local cache first, then the hub; raises ModelNotFoundError
    when neither knows it.
    """
    if isinstance(card.source, Folder) and not card.revision:
        return card.model_copy(update={"revision": weights.fingerprint(weights.locate(card))})
    if not isinstance(card.source, Hub) or _COMMIT.fullmatch(card.revision):
        return card
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.constants import HF_HUB_CACHE
    except ImportError:
        raise ModelNotFoundError(f"{card.id} is on the hub.", "pip install 'genart_nb[hub]'") from None
    cached = Path(HF_HUB_CACHE) / f"models--{card.source.repo.replace('/', '--')}" / "refs" / card.revision
    if cached.is_file():
        return card.model_copy(update={"revision": cached.read_text().strip()})
    try:
        info = HfApi().model_info(card.source.repo, revision=card.revision, timeout=_HUB_WAIT)
    except Exception as error:
        raise ModelNotFoundError(
            f"{card.id} is not on this machine and the hub did not give it: {_first_line(error)}",
            f"check the name and the network, or use {_offline(card.kind)}",
        ) from None
    return card.model_copy(update={"revision": info.sha})


def _offline(kind: str) -> str:
    here = next((each.id for each in cards(kind) if isinstance(each.source, Shipped | Package)), "")
    return f"`%genart model {kind} {here}`, which works offline" if here else "a folder of this machine"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
