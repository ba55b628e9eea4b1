"""RO-Crate: a published folder described for archives and search engines (https://w3id.org/ro/crate).

Every work is the result of a CreateAction, whose instruments are genart_nb and the model, and whose object is the
recipe; the model and every drawing that was used stand there with their licences.
"""

from __future__ import annotations

import datetime
import hashlib
import importlib.util
import json
import mimetypes
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from genart_nb import marks
from genart_nb.errors import GenartError
from genart_nb.publishing.outcome import INSTALL, Outcome
from genart_nb.version import __version__

NAME = "ro-crate-metadata.json"
SOFTWARE = "#genart_nb"
VERSION = "1.1"
"""The version of RO-Crate that most readers know."""

_SPDX = re.compile(r"[A-Za-z0-9][\w.+-]*-[\w.+-]+|MIT|ISC|Zlib", re.ASCII)
_TYPES = {".webp": "image/webp", ".mid": "audio/midi", ".ipynb": "application/x-ipynb+json", ".js": "text/javascript"}


def describe(
    folder: Path, works: Mapping[str, Mapping[str, Any]], *,
    title: str = "", authors: Sequence[str] = (), licence: str = "", metadata: bool = True,
) -> Outcome:  # fmt: skip
    """Write `ro-crate-metadata.json` for a folder; `works` maps paths in it to records (`Artwork.record`).

    Authors and a licence for the whole are named only if given; without `metadata` no recipe is. Without the extra
    `publish`, and where the file is there and is not ours, nothing is written and the reason says so.
    """
    if importlib.util.find_spec("rocrate") is None:
        return Outcome(None, f"describing a folder needs rocrate: {INSTALL}")
    target = folder / NAME
    if target.exists() and SOFTWARE not in target.read_text(encoding="utf-8", errors="replace"):
        return Outcome(None, f"{target} is not ours, and stays as it is")
    crate = _begun(title or folder.resolve().name, authors, licence)
    files = {path.relative_to(folder).as_posix(): _add_file(crate, folder, path) for path in _files(folder)}
    for name, record in works.items() if metadata else ():
        if name in files:
            _add_work(crate, name, files[name], marks.public(record))
    text = json.dumps(crate.metadata.generate(), indent=2, ensure_ascii=False)
    target.write_text(text + "\n", encoding="utf-8")
    return Outcome(target)


def _begun(title: str, authors: Sequence[str], licence: str) -> Any:
    from rocrate.model.person import Person
    from rocrate.rocrate import ROCrate

    crate = ROCrate(version=VERSION)
    crate.name = title
    crate.description = f"{title}: generated art, with the recipes that make it again"
    crate.datePublished = _date()
    if licence:
        crate.license = _licence(crate, licence)
    people = [crate.add(Person(crate, f"#author-{at}", {"name": name})) for at, name in enumerate(authors, 1)]
    if people:
        crate.root_dataset["author"] = people
    return crate


def _date() -> str:
    """Today, or the day of SOURCE_DATE_EPOCH for those who build the same bytes twice."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch.isdigit() else datetime.datetime.now()
    return now.date().isoformat()


def _files(folder: Path) -> Iterator[Path]:
    """Every file of the folder but hidden ones and the description itself, in a stable order."""
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not path.is_symlink() and not hidden and path != folder / NAME:
            yield path


def _add_file(crate: Any, folder: Path, path: Path) -> Any:
    from rocrate.model.file import File

    name = path.relative_to(folder).as_posix()
    kind = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    size = path.stat().st_size
    facts = {"name": path.name, "encodingFormat": kind, "contentSize": str(size), "sha256": digest}
    return crate.add(File(crate, path, dest_path=name, properties=facts))


def _add_work(crate: Any, name: str, file: Any, record: Mapping[str, Any]) -> None:
    recipe, digest = record["recipe"], record["digest"]
    file["description"] = recipe["prompt"]
    made_by = [_software(crate), *_model(crate, recipe)]
    facts = {"@type": "CreativeWork", "name": f"recipe {digest}", "encodingFormat": "application/json"}
    text = json.dumps(recipe, sort_keys=True, ensure_ascii=False)
    told = _thing(crate, f"#recipe-{digest}", {**facts, "text": text})
    action = {"@type": "CreateAction", "name": f"{recipe['art']}, seed {recipe['seed']}"}
    # Two files can come of one recipe, a picture in two sizes for instance.
    made = _thing(crate, f"#make-{digest}-{hashlib.sha256(name.encode()).hexdigest()[:8]}", action)
    made["object"], made["instrument"], made["result"] = told, made_by, file
    crate.root_dataset.append_to("mentions", made)
    file["additionalType"] = marks.source_type(record)
    if sources := [_reference(crate, each) for each in record.get("facts", {}).get("references") or ()]:
        file["isBasedOn"] = sources


def _software(crate: Any) -> Any:
    facts = {"@type": "SoftwareApplication", "name": "genart_nb", "version": __version__}
    return _thing(crate, SOFTWARE, {**facts, "license": _licence(crate, "Apache-2.0")})


def _model(crate: Any, recipe: Mapping[str, Any]) -> list[Any]:
    """The model with its licence, as far as its card is known here."""
    from genart_nb.models import registry

    name = str(recipe["model"])
    if name == "none":
        return []
    facts = {"@type": "SoftwareApplication", "name": name, "version": str(recipe.get("revision") or "unknown")}
    try:
        card = next((each for each in registry.cards() if each.id == name), None)
    except GenartError:
        card = None
    if card:
        facts |= {"name": card.title, "license": _licence(crate, card.licence)}
        facts |= {"url": card.homepage} if card.homepage else {}
    return [_thing(crate, f"#model-{_slug(name)}", facts)]


def _reference(crate: Any, each: Mapping[str, Any]) -> Any:
    facts = {"@type": "CreativeWork", "name": str(each.get("name", "")), "isPartOf": str(each.get("set", ""))}
    licence = {"license": _licence(crate, str(each["licence"]))} if each.get("licence") else {}
    return _thing(crate, f"#reference-{_slug(str(each.get('id', '')))}", {**facts, **licence})


def _thing(crate: Any, id: str, facts: dict[str, Any]) -> Any:
    """The entity of that id, added if it is new."""
    from rocrate.model.contextentity import ContextEntity

    if known := crate.dereference(id):
        return known
    entity = ContextEntity(crate, id, {key: value for key, value in facts.items() if isinstance(value, str)})
    for key, value in facts.items():
        if not isinstance(value, str):
            entity[key] = value
    return crate.add(entity)


def _licence(crate: Any, name: str) -> Any:
    """The page of an SPDX licence, or the words as they are."""
    if not _SPDX.fullmatch(name):
        return name
    return _thing(crate, f"https://spdx.org/licenses/{name}", {"@type": "CreativeWork", "name": name})


def _slug(text: str) -> str:
    return re.sub(r"[^\w.-]+", "-", text).strip("-") or hashlib.sha256(text.encode()).hexdigest()[:8]
