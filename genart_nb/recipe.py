"""The Recipe: everything needed to remake a work."""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from genart_nb.errors import RecipeError

SEED_MAX = 2**32 - 1
PROMPT_MAX = 4_000_000


class Turn(BaseModel):
    """One earlier turn of a conversation."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    role: str = Field(pattern="^(system|user|assistant)$")
    content: str


class Recipe(BaseModel):
    """Frozen and validated: the art form, prompt, model, seed and every option, with nothing left to defaults.

    `turns` is the conversation before this one; `sources` are recipes of the works it was made from, so that a
    digest covers the whole chain. `digest` is the first 8 hex digits of the SHA-256 of the canonical JSON.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    version: int = Field(1, ge=1, le=1)
    art: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    prompt: str = Field(max_length=PROMPT_MAX)
    model: str = Field(min_length=1, max_length=512)
    revision: str = Field("", max_length=200)
    seed: int = Field(ge=0, le=SEED_MAX)
    options: dict[str, JsonValue] = {}
    turns: tuple[Turn, ...] = ()
    sources: tuple[Recipe, ...] = Field((), max_length=32)

    @classmethod
    def read(cls, data: str | bytes | dict[str, Any]) -> Self:
        """Validate JSON text or a dict; raises RecipeError saying which part is wrong."""
        try:
            return cls.model_validate(data) if isinstance(data, dict) else cls.model_validate_json(data)
        except (ValidationError, RecursionError) as error:
            raise RecipeError(_first_fault(error), "compare it with `%genart last --recipe`") from None

    @functools.cached_property
    def canonical(self) -> str:
        """JSON with sorted keys and no spaces: equal recipes give equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @functools.cached_property
    def digest(self) -> str:
        """Short name of the recipe, 8 hex digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:8]

    def with_seed(self, seed: int) -> Recipe:
        """The same recipe from another seed."""
        return self.model_copy(update={"seed": seed})


def new_seed() -> int:
    """A seed nobody chose; small enough to type again."""
    return secrets.randbelow(1_000_000)


def clean_text(text: str) -> str:
    """Text that can be stored: lone surrogates become U+FFFD, line ends become `\\n`."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _first_fault(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "The recipe's sources are nested too deep."
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the recipe"
    return f"Not a recipe: {place}: {first['msg']}."
