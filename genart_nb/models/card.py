"""ModelCard: the facts about weights."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Ability = Literal["good", "weak", "unable"]


class _Source(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Shipped(_Source):
    """A file or folder inside the wheel, below `genart_nb/models/starter`."""

    where: Literal["shipped"] = "shipped"
    path: str


class Package(_Source):
    """A file or folder inside an installed distribution from the Python Package Index."""

    where: Literal["package"] = "package"
    distribution: str
    version: str
    file: str
    install: str
    """The command that installs it."""


class Hub(_Source):
    """A repository on the Hugging Face hub, fetched by the loader and pinned by the card's revision."""

    where: Literal["hub"] = "hub"
    repo: str


class Folder(_Source):
    """A folder of this machine."""

    where: Literal["folder"] = "folder"
    path: str


class Server(_Source):
    """An OpenAI-compatible server; the key is read from the environment variable `key_env`."""

    where: Literal["server"] = "server"
    url: str
    model: str
    key_env: str = "OPENAI_API_KEY"


Source = Annotated[Shipped | Package | Hub | Folder | Server, Field(discriminator="where")]


class ModelCard(BaseModel):
    """Facts about one set of weights.

    `kind` is what art forms ask for (`text`); `loader` names an entry point of `genart_nb.loaders`; `size` is in
    bytes on disk; `sha256` maps each file, relative to the source, to its digest. `abilities` records per art form
    whether the model is good, weak or unable, as measured by the evaluation named in `evaluation`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    id: str
    kind: str
    title: str
    loader: str
    source: Source
    revision: str = ""
    sha256: dict[str, str] = {}
    licence: str = "unknown"
    homepage: str = ""
    size: int = 0
    languages: tuple[str, ...] = ()
    abilities: dict[str, Ability] = {}
    defaults: dict[str, JsonValue] = {}
    """Values of options that suit this model, where a recipe does not give its own."""
    choices: dict[str, tuple[str, ...]] = {}
    """Names that an option takes with this model, where the form's table leaves them open, the most used first."""
    evaluation: str = ""
    steady: bool = True
    """False where it rounds to few bits between its layers, so that another processor may make another work."""
    limits: str = ""
    """What it is bad at, in one plain sentence."""

    def ability(self, art: str) -> Ability | None:
        """How well it does an art form, or None when nobody has measured it."""
        return self.abilities.get(art)
