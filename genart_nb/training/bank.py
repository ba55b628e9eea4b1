"""The bank of reference pictures that ships with the painter: drawings with alpha, their names, and whose they are."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from genart_nb.models.painter.bank import normal
from genart_nb.models.weights import STARTER
from genart_nb.training import data, icons, kinds, redrawn
from genart_nb.training.vocabulary import STYLES

HOME = STARTER / "painter" / "bank"
SIDE, QUALITY = 128, 68
TITLES = data.TITLES | {icons.KEY: icons.TITLE}
SETS = data.SETS | {icons.KEY: icons.SET}


def build(home: Path = HOME) -> int:
    """Write `bank.safetensors`, `kinds.json` and `ATTRIBUTION.md`; returns how many pictures, held-out pairs apart."""
    from safetensors.numpy import save_file

    from genart_nb.models.painter.minilm import MiniLM

    shown = sorted(_shown(), key=lambda each: (STYLES.index(each[0].style), each[0].id))
    entries, files = [entry for entry, _ in shown], [file for _, file in shown]
    names: dict[str, str] = {}
    for entry in entries:
        names.setdefault(normal(entry.name), entry.name)
    _, embedding = MiniLM().encode(list(names.values()))
    home.mkdir(parents=True, exist_ok=True)
    tensors = {**data.packed(files), "embedding": np.rint(embedding * 127).astype(np.int8)}
    described = [describe(entry) for entry in entries]
    save_file(tensors, home / "bank.safetensors", {"entries": json.dumps(described, separators=(",", ":"))})
    (home / "bank.safetensors").chmod(0o644)
    families: dict[str, list[str]] = {}
    for word, name in sorted(kinds.find(entries).items()):
        families.setdefault(name, []).append(word)
    (home / "kinds.json").write_text(json.dumps(families, separators=(",", ":"), sort_keys=True) + "\n")
    (home / "ATTRIBUTION.md").write_text(attribution(entries))
    return len(entries)


def _shown() -> list[tuple[data.Entry, bytes]]:
    """Everything in the bank as WebP: what people drew, and what was redrawn from it."""
    drawn = redrawn.drawn()
    found = [(entry, data.webp(data.resized(picture, SIDE), QUALITY)) for entry, picture in drawn]
    made = redrawn.load(drawn)
    return found + list(zip(made.entries, made.files, strict=True))


def describe(entry: data.Entry) -> dict[str, object]:
    """What the bank says about a picture; of one that was redrawn, what is not its source's."""
    if entry.source:
        return {"id": entry.id, "style": entry.style, "source": entry.source}
    words = dict.fromkeys([*entry.names[1:], *entry.keywords[:6]])
    words.pop(entry.name, None)
    return {
        "id": entry.id, "name": entry.name, "keywords": list(words), "style": entry.style,
        "set": TITLES[entry.set], "licence": entry.licence, "category": entry.category,
    }  # fmt: skip


def attribution(entries: list[data.Entry]) -> str:
    """Every set with its author, licence and homepage."""
    lines = [
        "# Whose drawings these are",
        "",
        "The reference pictures in `bank.safetensors`, cut to 128 pixels and recompressed; otherwise unchanged, but "
        "for those that the starter painter redrew in other styles.",
        "",
    ]
    for key, origin in SETS.items():
        mine = [bool(entry.source) for entry in entries if entry.set == key]
        if mine:
            count, again = mine.count(False), mine.count(True)
            lines += [
                f"- **{TITLES[key]}** (`{key}`, {count} pictures, style `{origin.style}`; {again} redrawn from them):",
                f"  by {origin.author}; {LICENCES[origin.licence]}.",
                f"  {origin.homepage} (npm package {origin.package} {origin.version})",
            ]
    lines += ["", "Names and keywords: emoji-datasource (Cal Henderson) and emojilib (Mu-An Chiou), both MIT License."]
    lines += ["Which words are kinds of what (`kinds.json`): WordNet 3.1 (Princeton University), WordNet License."]
    return "\n".join(lines) + "\n\n" + MIT + "\n" + WORDNET


MIT = """## The MIT License, which the Fluent drawings are under

Copyright (c) Microsoft Corporation.

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation
the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and
to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of
the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO
THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF
CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER
DEALINGS IN THE SOFTWARE.
"""

WORDNET = """## The WordNet License, which `kinds.json` is under

This software and database is being provided to you, the LICENSEE, by Princeton University under the following license.
By obtaining, using and/or copying this software and database, you agree that you have read, understood, and will
comply with these terms and conditions.:

Permission to use, copy, modify and distribute this software and database and its documentation for any purpose and
without fee or royalty is hereby granted, provided that you agree to comply with the following copyright notice and
statements, including the disclaimer, and that the same appear on ALL copies of the software, database and
documentation, including modifications that you make for internal use or for distribution.

WordNet 3.1 Copyright 2011 by Princeton University. All rights reserved.

THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS
OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF
MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE, DATABASE OR
DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS.

The name of Princeton University or Princeton may not be used in advertising or publicity pertaining to distribution of
the software and/or database. Title to copyright in this software, database and any associated documentation shall at
all times remain with Princeton University and LICENSEE agrees to preserve same.
"""

LICENCES = {
    "MIT": "MIT License",
    "Apache-2.0": "Apache License 2.0",
    "CC-BY-3.0": "Creative Commons Attribution 3.0, https://creativecommons.org/licenses/by/3.0/",
    "CC-BY-4.0": "Creative Commons Attribution 4.0, https://creativecommons.org/licenses/by/4.0/",
}
