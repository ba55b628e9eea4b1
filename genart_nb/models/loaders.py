"""From a card to a model in memory: one function for each family, reached through entry points."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from genart_nb.errors import ModelNotFoundError
from genart_nb.models import weights
from genart_nb.models.card import Folder, Hub, ModelCard, Server, Shipped
from genart_nb.models.language import ChatServer, LanguageModel
from genart_nb.models.pictures import PictureModel
from genart_nb.models.registry import Progress
from genart_nb.paths import cache_home

if TYPE_CHECKING:
    from genart_nb.models.composer.runtime import Composer
    from genart_nb.models.painter.runtime import Painter
    from genart_nb.models.restyler.redraw import Redrawer
    from genart_nb.models.restyler.runtime import Restyler


def starter(card: ModelCard, progress: Progress) -> LanguageModel:
    """Load a GGUF of the Llama family with ONNX Runtime, converted once into the cache."""
    from genart_nb.models.gguf_onnx import FORMAT, convert
    from genart_nb.models.onnx_llama import OnnxLlama

    source = weights.locate(card)
    converted = cache_home() / "models" / f"{card.id}-{next(iter(card.sha256.values()))[:16]}-{FORMAT}"
    if not (converted / "config.json").is_file():
        progress("checking the weights", 0.0)
        weights.verify(card, source)
        convert(source, converted, lambda fraction, what: progress(what, fraction))
    progress(f"loading {card.title}", 1.0)
    return OnnxLlama(converted)


def transformers(card: ModelCard, progress: Progress) -> LanguageModel:
    """Load any causal language model with transformers, from a folder or the hub; a pickle is refused unopened."""
    if isinstance(card.source, Folder):
        weights.refuse_pickles(weights.locate(card))
    from genart_nb.models.transformers_lm import TransformersLM

    progress(f"loading {card.title}", 0.0)
    match card.source:
        case Folder(path=path):
            return TransformersLM(path)
        case Hub(repo=repo):
            return TransformersLM(repo, revision=card.revision)
    raise TypeError(f"{card.id} is not a folder or a hub repository")


def diffusers(card: ModelCard, progress: Progress) -> PictureModel:
    """Load any text-to-image pipeline with diffusers, from a folder or the hub; a pickle is refused unopened."""
    if isinstance(card.source, Folder | Shipped):
        from genart_nb.models.diffusion.folder import check

        check(weights.locate(card))
    try:
        from genart_nb.models.diffusion.painter import DiffusersPainter
    except ImportError as error:
        raise ModelNotFoundError(
            f"{card.title} needs diffusers and torch: {error}", "pip install 'genart_nb[hub]'"
        ) from error
    progress(f"loading {card.title}", 0.0)
    if isinstance(card.source, Hub):
        return DiffusersPainter(card.source.repo, revision=card.revision)
    return DiffusersPainter(weights.locate(card))


def openai(card: ModelCard, progress: Progress) -> ChatServer:
    """Connect to an OpenAI-compatible server."""
    from genart_nb.models.openai_server import OpenAIServer

    assert isinstance(card.source, Server)
    return OpenAIServer(card.source.url, card.source.model, os.environ.get(card.source.key_env))


def painter(card: ModelCard, progress: Progress) -> Painter:
    """Load the starter painter, or one trained like it, with ONNX Runtime; every file is checked first."""
    from genart_nb.models.painter.runtime import Painter

    progress(f"loading {card.title}", 0.0)
    folder = weights.locate(card)
    weights.verify(card, folder)
    return Painter.load(folder, defaults=card.defaults)


def composer(card: ModelCard, progress: Progress) -> Composer:
    """Load the starter composer, or one trained like it, with ONNX Runtime; every file is checked first."""
    from genart_nb.models.composer.runtime import Composer

    progress(f"loading {card.title}", 0.0)
    folder = weights.locate(card)
    weights.verify(card, folder)
    return Composer.load(folder)


def restyler(card: ModelCard, progress: Progress) -> Restyler:
    """Load the starter restyler with ONNX Runtime; every file is checked first."""
    from genart_nb.models.restyler.runtime import Restyler

    progress(f"loading {card.title}", 0.0)
    folder = weights.locate(card)
    weights.verify(card, folder)
    return Restyler(folder)


def redrawer(card: ModelCard, progress: Progress) -> Redrawer:
    """Load any image-to-image pipeline with diffusers, from a folder or the hub, to paint over pictures."""
    from genart_nb.models.restyler.redraw import Redrawer

    return Redrawer(diffusers(card, progress))
