"""A third party's art forms and model: everything here goes through the same door as our own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Literal

from genart_nb.arts.form import ArtForm
from genart_nb.artwork import Artwork
from genart_nb.events import Event, Step, Token
from genart_nb.models import weights
from genart_nb.models.card import ModelCard, Package
from genart_nb.models.registry import Progress
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe


class BackwardsOptions(Options):
    """What `%%backwards` takes."""

    by: Literal["letter", "word"] = option("letter", "What is turned around.")


def backwards(recipe: Recipe, model: None) -> Iterator[Event]:
    """Turn the prompt around."""
    if BackwardsOptions.read(recipe.options).by == "word":
        yield Token(" ".join(reversed(recipe.prompt.split())))
    else:
        yield Token(recipe.prompt[::-1])


class ParrotOptions(Options):
    """What `%%parrot` takes."""

    words: int = option(3, "How much it says.", ge=1, le=100, step=1)


class Parrot:
    """A bird that knows some words."""

    def __init__(self, vocabulary: list[str], nbytes: int) -> None:
        self.vocabulary, self.nbytes = vocabulary, nbytes

    def close(self) -> None:
        """Forget them."""
        self.vocabulary = []


def load(card: ModelCard, progress: Progress) -> Parrot:
    """Teach it what is in the card's file."""
    progress(f"teaching {card.title}", 0.0)
    place = weights.locate(card)
    weights.verify(card, place)
    return Parrot(place.read_text().split(), card.size)


def talk(recipe: Recipe, model: Parrot) -> Iterator[Event]:
    """Say the prompt's last word, and some of the bird's own."""
    dice, total = random.Random(recipe.seed), ParrotOptions.read(recipe.options).words
    yield Token(recipe.prompt.split()[-1])
    for done in range(total):
        yield Token(" " + dice.choice(model.vocabulary))
        yield Step(done + 1, total)


def finish(recipe: Recipe, data: str, card: ModelCard | None, partial: bool) -> Artwork:
    """The words as they are."""
    return Artwork(recipe, data, layout="verse", facts={"letters": len(data)}, partial=partial)


BACKWARDS = ArtForm("backwards", "Writing turned around.", BackwardsOptions, backwards, finish, None, "drawer")
PARROT = ArtForm("parrot", "A bird that answers.", ParrotOptions, talk, finish, "parrot", "hello")

POLLY = ModelCard(
    id="polly",
    kind="parrot",
    title="Polly",
    loader="parrot",
    source=Package(
        distribution="genart-parrot",
        version="0.3",
        file="genart_parrot/polly.onnx",
        install="pip install genart-parrot==0.3",
    ),
    revision="0.3",
    sha256={"polly.onnx": "1401ccb0d2eb685b6a8f578116b56237b84cb851e9a22bda057c2bbe38e8bd20"},
    licence="Apache-2.0",
    size=20,
)
