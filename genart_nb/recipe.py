"""The Recipe: everything needed to remake a work."""

from __future__ import annotations

import functools
import hashlib
import json
import math
import re
import secrets
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, ValidationError, model_validator

from genart_nb.errors import RecipeError

SEED_MAX = 2**32 - 1
PROMPT_MAX = 4_000_000
DEPTH_MAX = 32
INTEGER_MAX = 2**53 - 1  # beyond it a reader in another language would round, and the digest would differ

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _checked(value: JsonValue, depth: int = 0) -> JsonValue:
    """Refuse what JSON cannot carry everywhere: NaN, huge integers, lone surrogates, bottomless nesting."""
    if depth > DEPTH_MAX:
        raise ValueError(f"it is nested more than {DEPTH_MAX} deep")
    match value:
        case bool() | None:
            pass
        case int() if abs(value) > INTEGER_MAX:
            raise ValueError("the whole number is beyond 2**53 - 1")
        case float() if not math.isfinite(value):
            raise ValueError("the number is not finite")
        case str() if not _encodable(value):
            raise ValueError("the text has a lone surrogate")
        case list():
            for each in value:
                _checked(each, depth + 1)
        case dict():
            for key, each in value.items():
                _checked(key, depth + 1)
                _checked(each, depth + 1)
    return value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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

    version: int = Field(1, ge=1, le=1, strict=True)
    art: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    prompt: str = Field(max_length=PROMPT_MAX)
    model: str = Field(min_length=1, max_length=512)
    revision: str = Field("", max_length=200)
    seed: int = Field(ge=0, le=SEED_MAX, strict=True)
    options: Annotated[dict[str, JsonValue], AfterValidator(_checked)] = {}
    turns: tuple[Turn, ...] = ()
    sources: tuple[Recipe, ...] = Field((), max_length=32)

    @classmethod
    def read(cls, data: str | bytes | dict[str, Any]) -> Self:
        """Validate JSON text or a dict; raises RecipeError saying which part is wrong."""
        try:
            return cls.model_validate(data) if isinstance(data, dict) else cls.model_validate_json(data)
        except (ValidationError, RecursionError) as error:
            raise RecipeError(_first_fault(error), "compare it with `%genart last --recipe`") from None

    @model_validator(mode="after")
    def _is_shallow(self) -> Self:
        if self.depth > DEPTH_MAX:
            raise ValueError(f"its sources are nested more than {DEPTH_MAX} deep")
        return self

    @functools.cached_property
    def depth(self) -> int:
        """Length of the longest chain of sources, this recipe included."""
        return 1 + max((source.depth for source in self.sources), default=0)

    @functools.cached_property
    def canonical(self) -> str:
        """JSON with sorted keys and no spaces: equal recipes give equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    @functools.cached_property
    def digest(self) -> str:
        """Short name of the recipe, 8 hex digits."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()[:8]

    def with_seed(self, seed: int) -> Recipe:
        """The same recipe from another seed; raises RecipeError for one out of range."""
        return Recipe.read({**self.model_dump(), "seed": seed})  # model_copy would keep the old digest


def new_seed() -> int:
    """A seed nobody chose; small enough to type again."""
    return secrets.randbelow(1_000_000)


def clean_text(text: str) -> str:
    """Text that files, SQLite, HTML, XML and a terminal all take.

    Halves of a surrogate pair are joined; a lone one, a control character or a noncharacter becomes U+FFFD. Line ends
    become `\\n`, and a byte-order mark at the beginning is dropped.
    """
    paired = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").removeprefix("\ufeff")
    return _UNFIT.sub("\ufffd", paired.replace("\r\n", "\n").replace("\r", "\n"))


def _first_fault(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "The recipe's sources are nested too deep."
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"][:6]) or "the recipe"
    return f"Not a recipe: {place}: {first['msg'].removeprefix('Value error, ')}."
