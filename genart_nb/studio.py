"""The Studio: a kernel's front door, where recipes are written, jobs begun and finished works found again."""

from __future__ import annotations

import atexit
import contextlib
import functools
import operator
import os
import re
import sys
import threading
import types
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from genart_nb import inputs
from genart_nb.arts.form import ArtForm, art
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Engine, Job, Lane
from genart_nb.errors import EmptyPromptError, OptionError, UsageError
from genart_nb.gallery import Gallery
from genart_nb.gallery_rows import Entry
from genart_nb.models import registry
from genart_nb.models.card import Folder, ModelCard
from genart_nb.options import Options, shown
from genart_nb.recipe import SEED_MAX, Recipe, Turn, clean_text, new_seed

DEFAULTS = {"text": "smollm2-135m", "picture": "painter"}
_DIGEST = re.compile("[0-9a-f]{8}")


class Studio:
    """Holds the engine, the gallery, the default model of each kind, aliases and conversations."""

    def __init__(self, engine: Engine | None = None, gallery: Gallery | None = None) -> None:
        self.gallery = Gallery() if gallery is None else gallery  # an empty one has length 0
        self._engine = engine
        self._making = threading.Lock()
        self.models = dict(DEFAULTS)
        self.aliases: dict[str, tuple[str, dict[str, Any]]] = {}
        self.conversations: dict[str, tuple[Turn, ...]] = {}
        self.last: Artwork | None = None
        self._client = f"kernel-{os.getpid()}"

    @property
    def begun(self) -> bool:
        """Whether there is an engine yet; asking makes none."""
        return self._engine is not None

    @property
    def engine(self) -> Engine:
        """Where jobs run; a LocalEngine unless another was given, made on first use."""
        with self._making:  # a cell and an easel's worker may both be the first to ask
            if self._engine is None:
                from genart_nb.engines.local import LocalEngine

                with contextlib.suppress(OSError):
                    self.gallery.sweep()
                self._engine = LocalEngine(keep=self.gallery.keep)
                atexit.register(self.close)  # a thread still inside a native library would bring the exit down
            return self._engine

    def recipe(
        self, name: str, prompt: str, options: Mapping[str, Any] | None = None, *, model: str = "",
        seed: int | None = None, sources: Iterable[Recipe] = (),
    ) -> Recipe:  # fmt: skip
        """Write the recipe of a work: options checked and filled in, model named, seed resolved.

        `seed` is in 0..2**32-1. Raises a UsageError (EmptyPromptError, OptionError, RecipeError) or ModelNotFoundError
        before anything is made.
        """
        form, sources = art(name), tuple(sources)
        prompt = clean_text(prompt).strip("\n")
        if form.prompted and not prompt.strip():
            raise EmptyPromptError(f"%%{name} needs a prompt.", f"write it below the magic line: {form.example!r}")
        form.check(prompt)
        prompt, painted = form.holds(prompt, self.recalled)
        if model and not form.kind:
            raise OptionError(f"%%{name} needs no model, so --model {model} has no meaning.", "leave --model out")
        card = self.card(form.kind, model) if form.kind else None
        given = self._with_works(form.options, {**defaults(form, card), **(options or {})})
        given, used = inputs.held(form.options, given)
        checked, seed = form.options.read(given), _checked_seed(seed)
        return Recipe.read({
            "art": name,
            "prompt": prompt,
            "model": card.id if card else "none",
            "revision": card.revision if card else "",
            "seed": seed,
            "options": checked.model_dump(mode="json"),
            "turns": self.conversations.get(name, ()) if form.remembers else (),
            "sources": (*(each for each in (*used, *painted) if each not in sources), *sources),
        })  # fmt: skip

    def recall(self, digest: str) -> Entry | None:
        """The gallery's newest whole work of a recipe, without its content."""
        return next((each for each in self.gallery.search(digest=digest, limit=100) if not each.partial), None)

    def recalled(self, name: Any) -> Any:
        """The work of the gallery that the digest of a recipe means; what is none, or names a file, as it is."""
        if not isinstance(name, str) or not _DIGEST.fullmatch(name) or Path(name).exists():
            return name
        entry = self.recall(name)
        return self.gallery.get(entry.id) if entry else name

    def make(self, recipe: Recipe, *, lane: Lane = Lane.BATCH, key: str = "") -> Job:
        """Begin a work; returns at once. What the interactive lane makes is stored only by `keep`."""
        return self.engine.run(recipe, lane=lane, client=self._client, key=key)

    def keep(self, artwork: Artwork) -> Artwork:
        """Store a work in the gallery; returns it knowing its file. Raises GalleryError."""
        return self.gallery.keep(artwork)

    def finished(self, work: Artwork) -> None:
        """Remember a work as the last one, and the turn of a conversation that it was.

        An earlier turn made again leaves the conversation where it is.
        """
        self.last, recipe = work, work.recipe
        follows = recipe.turns == self.conversations.get(recipe.art, ())
        if follows and art(recipe.art).remembers and not work.partial:
            said = (Turn(role="user", content=recipe.prompt), Turn(role="assistant", content=str(work)))
            self.conversations[recipe.art] = (*recipe.turns, *said)

    def reset(self) -> None:
        """Forget every conversation."""
        self.conversations.clear()

    def card(self, kind: str | None, name: str = "") -> ModelCard:
        """The card of that name, or of the default model of a kind, or of the first on offer."""
        if kind is None:
            raise UsageError("This art form needs no model.")
        name = name or self.models.get(kind) or next((card.id for card in registry.cards(kind)), "")
        if not name:
            raise UsageError(f"No {kind} model has been chosen.", f"`%genart model {kind} ID_OR_PATH`")
        return registry.pinned(registry.card(name, kind))

    def use(self, kind: str, name: str) -> ModelCard:
        """Make a model the default of its kind; raises ModelNotFoundError for an unknown one."""
        card = self.card(kind, name)
        self.models[kind] = card.id if isinstance(card.source, Folder) else name  # a folder wherever we go
        return card

    def alias(self, name: str, form: str, options: Mapping[str, Any]) -> None:
        """Let `@name` stand for an art form's options; raises OptionError for a wrong one."""
        if not name.isidentifier():
            raise UsageError(f"{name!r} cannot be an alias.", "use letters, digits and underscores")
        shared = {key: value for key, value in options.items() if key in ("seed", "model")}
        _checked_seed(options.get("seed"))
        art(form).options.read({key: value for key, value in options.items() if key not in shared})
        self.aliases[name] = (form, dict(options))

    def _with_works(self, table: type[Options], values: dict[str, Any]) -> dict[str, Any]:
        """The options, with a work in the place of a recipe's digest where a work may be given."""
        takes = {row.name: row.takes for row in table.table() if row.takes and isinstance(values.get(row.name), str)}
        blends = {
            name: inputs.blended(values[name], self.recalled) for name, what in takes.items() if what == "pictures"
        }
        return values | {name: self.recalled(values[name]) for name in takes} | blends

    def form(self, name: str) -> ArtForm:
        """The art form of that name."""
        return art(name)

    def close(self) -> None:
        """Stop every job, free the models and let go of the gallery."""
        atexit.unregister(self.close)
        if self._engine is not None:
            self._engine.close()
        self.gallery.close()


@functools.cache
def studio() -> Studio:
    """The one Studio of this process."""
    return Studio()


class _Callable(types.ModuleType):
    """Lets `genart_nb.studio()` work whether the name means this module (once it is imported) or the function."""

    def __call__(self) -> Studio:
        return studio()


sys.modules[__name__].__class__ = _Callable


def defaults(form: ArtForm, card: ModelCard | None) -> dict[str, Any]:
    """Values of a form's options that suit a model, where the table leaves them to it."""
    suited = card.defaults if card else {}
    return {name: value for name, value in suited.items() if name in form.options.model_fields}


def _checked_seed(seed: int | None) -> int:
    if seed is None:
        return new_seed()
    try:
        whole = -1 if isinstance(seed, bool) else operator.index(seed)  # numpy's whole numbers are welcome
    except TypeError:
        whole = -1
    if not 0 <= whole <= SEED_MAX:
        raise OptionError(f"--seed {shown(seed)} is not allowed.", f"give a whole number in 0..{SEED_MAX}")
    return whole
