"""The mark: one record as the JSON, the `parameters` text and the XMP packet that go into a file.

Nothing personal leaves: of a path only the last part, of a URL no password, and no time, machine or user at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from genart_nb.errors import MarkError
from genart_nb.marks import xmp
from genart_nb.marks.base import MARK_MAX
from genart_nb.marks.parameters import parameters
from genart_nb.recipe import clean_text
from genart_nb.version import __version__

VERSION = 1
"""Version of the record's shape; the key is `genart`."""

SHORT = 2000
"""Characters that are kept of a text that is too long for its place."""

_KEPT = ("digest", "recipe", "fingerprint", "medium", "layout", "partial", "part")
_FACTS = ("form", "references")
_SAFE = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})
_PATH = re.compile(r"(?:~[\\/]|/[^/]+/|\.{1,2}[\\/]|[A-Za-z]:[\\/]|\\\\|file:)", re.ASCII)
_PASSWORD = re.compile(r"(?<=//)[^/@\s]*@")

_CODES = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@dataclass(frozen=True)
class Mark:
    """What is written into one file."""

    payload: Mapping[str, Any]

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """The mark of a work's record."""
        left_out: dict[str, str] = {}
        told = {name: record[name] for name in _KEPT if name in record}
        told["recipe"] = _without_paths(dict(record["recipe"]), left_out)
        told["facts"] = {name: record["facts"][name] for name in _FACTS if name in record.get("facts", {})}
        payload = {"genart": VERSION, "software": f"genart_nb {__version__}", **told}
        if len(_json(payload)) > MARK_MAX:
            payload = _shortened(payload, left_out)
        return cls({**payload, "left_out": left_out} if left_out else payload)

    @cached_property
    def json(self) -> bytes:
        """The record as ASCII in which no `<`, `>` or `&` occurs, so that it is the same in XML, HTML and bytes."""
        return _json(self.payload)

    @cached_property
    def parameters(self) -> str:
        """The text that galleries read, prompt first."""
        return parameters(self.payload)

    @property
    def software(self) -> str:
        """Name and version of what made it."""
        return str(self.payload["software"])

    @property
    def title(self) -> str:
        """The prompt on one line, for places that hold a line."""
        return " ".join(clean_text(self.payload["recipe"]["prompt"]).split())[:200]

    def xmp(self, *, record: bool = True, note: str = "", extra: Mapping[str, str] | None = None) -> bytes:
        """The XMP packet, with the JSON or without; `note` is kept in front, `extra` are further properties."""
        prompt = clean_text(self.payload["recipe"]["prompt"])[:SHORT]
        told = self.json.decode() if record else ""
        return xmp.packet(prompt, self.software, source_type(self.payload), told, note=note, extra=extra or {})


def source_type(record: Mapping[str, Any]) -> str:
    """IPTC's digital source type (https://cv.iptc.org/newscodes/digitalsourcetype/), a URI.

    Programs that draw are algorithmic; what a trained model made is trained, and composite when it began with a
    picture that somebody brought.
    """
    recipe = record["recipe"]
    if recipe["art"] == "code" or recipe["model"] == "none":
        return _CODES + "algorithmicMedia"
    brought = bool(recipe.get("options", {}).get("init"))
    return _CODES + ("compositeWithTrainedAlgorithmicMedia" if brought else "trainedAlgorithmicMedia")


def understood(content: bytes) -> dict[str, Any]:
    """The record in the JSON; raises MarkError for one that cannot be read."""
    fix = "it was damaged or edited; ask its maker for the file again"
    try:
        record = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MarkError(f"The file's record is no JSON: {str(error)[:80]}.", fix) from None
    if not isinstance(record, dict) or not isinstance(record.get("recipe"), dict):
        raise MarkError("The file's record has no recipe.", fix)
    if record.get("genart") != VERSION:
        shown = str(record.get("genart"))[:20]
        raise MarkError(f"The file's record is of version {shown!r}, not {VERSION}.", "pip install --upgrade genart_nb")
    return record


def _json(payload: Mapping[str, Any]) -> bytes:
    return json.dumps(payload, sort_keys=True, separators=(",", ":")).translate(_SAFE).encode()


def _without_paths(recipe: dict[str, Any], left_out: dict[str, str], at: str = "") -> dict[str, Any]:
    """The recipe with the last part of every path alone; what was cut is told in `left_out`."""
    options = {name: _public(value) for name, value in dict(recipe.get("options", {})).items()}
    public = {**recipe, "model": _public(recipe.get("model", "")), "options": options}
    changed = ["model"] if public["model"] != recipe.get("model", "") else []
    changed += [f"options.{name}" for name, value in options.items() if value != recipe["options"][name]]
    left_out.update({at + name: "the rest of a path or an address" for name in changed})
    if recipe.get("sources"):
        each = enumerate(recipe["sources"])
        public["sources"] = [_without_paths(dict(one), left_out, f"{at}sources.{n}.") for n, one in each]
    return public


def _public(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    parts = [_last(part) if _PATH.match(part.strip()) else part for part in value.split(",")]
    return _PASSWORD.sub("", ",".join(parts))


def _last(path: str) -> str:
    return re.split(r"[\\/]", path.strip().rstrip("\\/"))[-1]


def _shortened(payload: dict[str, Any], left_out: dict[str, str]) -> dict[str, Any]:
    """The payload with every long text cut and all earlier recipes gone."""
    recipe = dict(payload["recipe"])
    for name in ("turns", "sources"):
        if recipe.get(name):
            recipe[name] = []
            left_out[name] = "too long for a file's metadata"
    if len(recipe["prompt"]) > SHORT:
        recipe["prompt"] = recipe["prompt"][:SHORT] + "…"
        left_out["prompt"] = "too long for a file's metadata"
    payload = {**payload, "recipe": recipe}
    for name in ("facts", "fingerprint", "options"):
        if len(_json(payload)) <= MARK_MAX:
            break
        left_out[name] = "too long for a file's metadata"
        if name == "options":
            payload["recipe"] = {**payload["recipe"], "options": {}}
        elif name == "facts":
            payload["facts"] = {}
        else:
            payload["fingerprint"] = {"sha256": payload["fingerprint"]["sha256"]}
    return payload
