"""The bank of reference pictures: licensed drawings with an alpha channel, found by the words they are known by."""

from __future__ import annotations

import io
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from genart_nb.errors import OptionError, WeightsError
from genart_nb.models.painter.vocabulary import ALIASES, LOOSE, PLURALS
from genart_nb.options import nearest

FILE, KINDS_FILE = "bank.safetensors", "kinds.json"
ENOUGH = 0.6
"""What a name must score. Measured on 961 names: words for things drawn there (kitten, burger, wizard) find them at a
cosine of 0.61 to 0.89, words for none (democracy, tomorrow, asdfgh) stay under 0.48."""

KIND, KIND_GAIN = 0.72, 0.3
"""What a name scores at least for a word that is a kind of it, and how much such a word adds."""

_KEPT = 64  # decoded pictures: 4 MB

Embed = Callable[[list[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference picture: what it shows, in which style, from which set, and under which licence.

    `source` is the id of the drawing that it was redrawn from; nothing where somebody drew it.
    """

    id: str
    name: str
    keywords: tuple[str, ...]
    style: str
    set: str
    licence: str
    category: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A name that fits a phrase, and how well: 1 or more is the very word."""

    name: str
    score: float


class Bank:
    """Reference pictures by name. Pictures are decoded when they are asked for, not before.

    `embedding` has a row for each name, in the order in which the entries first have them.
    """

    def __init__(
        self, entries: Sequence[Entry], webp: NDArray[np.uint8], offsets: NDArray[np.int64],
        embedding: NDArray[np.int8], kinds: Mapping[str, Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        self.entries = tuple(entries)
        self._webp, self._offsets = webp, offsets
        self._vectors: dict[str, NDArray[np.float32]] = {}
        self._pictures: dict[int, Image.Image] = {}
        self._matched: dict[tuple[str, str], tuple[Match, ...]] = {}
        named: defaultdict[str, list[int]] = defaultdict(list)
        for index, entry in enumerate(self.entries):
            named[normal(entry.name)].append(index)
        self.named = {name: tuple(indices) for name, indices in named.items()}
        self._names = tuple(self.named)
        self._kinds = {word: name for name, words in (kinds or {}).items() if name in self.named for word in words}
        vectors = embedding.astype(np.float32)
        self._matrix = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)

    @classmethod
    def load(cls, folder: Path) -> Bank:
        """Read `bank.safetensors` and `kinds.json` of a folder; raises WeightsError where one is missing or broken."""
        from safetensors import SafetensorError, safe_open

        path = folder / FILE
        try:
            with safe_open(path, framework="numpy") as file:
                rows = json.loads((file.metadata() or {})["entries"])
                webp, offsets, embedding = (file.get_tensor(name) for name in ("webp", "offsets", "embedding"))
            drawn = {row["id"]: row for row in rows if "source" not in row}
            entries = [_entry(_as_its_source(row, drawn) if "source" in row else row) for row in rows]
            kinds = _kinds(folder / KINDS_FILE)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise WeightsError(f"{path} is no bank of references: {error}", "reinstall genart_nb") from error
        count = len({normal(entry.name) for entry in entries})
        whole = offsets.shape == (len(rows) + 1,) and embedding.shape[:1] == (count,)
        if not rows or not whole or offsets[0] != 0 or np.any(np.diff(offsets) <= 0) or offsets[-1] != len(webp):
            raise WeightsError(f"{path} is cut short or its parts do not fit.", "reinstall genart_nb")
        return cls(entries, webp, offsets, embedding, kinds)

    def picture(self, index: int) -> Image.Image:
        """One entry's picture, RGBA, as it is stored; not to be written on."""
        if index in self._pictures:
            return self._pictures[index]
        try:
            picture = Image.open(io.BytesIO(self.webp(index))).convert("RGBA")
        except OSError as error:
            name = self.entries[index].id
            raise WeightsError(f"reference {name} is broken: {error}", "reinstall genart_nb") from error
        while len(self._pictures) >= _KEPT:
            self._pictures.pop(next(iter(self._pictures)), None)
        self._pictures[index] = picture
        return picture

    def webp(self, index: int) -> bytes:
        """One entry's picture as it is stored."""
        start, end = self._offsets[index : index + 2]
        return self._webp[start:end].tobytes()

    @cached_property
    def styles(self) -> tuple[str, ...]:
        """The styles its pictures come in, sorted."""
        return tuple(sorted({entry.style for entry in self.entries}))

    @cached_property
    def _heads(self) -> dict[str, tuple[str, ...]]:
        """Names by what is left of them without colours and faces, and by their last word."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name in self._names:
            words = name.split()
            found[" ".join(word for word in words if word not in LOOSE)][name] = None
            found[words[-1]][name] = None
        return {head: tuple(names) for head, names in found.items()}

    @cached_property
    def _keywords(self) -> dict[str, tuple[str, ...]]:
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for name, indices in self.named.items():
            for keyword in self.entries[indices[0]].keywords:
                found[normal(keyword)][name] = None
        return {keyword: tuple(names) for keyword, names in found.items()}

    def exact(self, phrase: str) -> str | None:
        """The name that a phrase is, also in the plural or by a common alias."""
        for form in forms(phrase):
            if form in self.named:
                return form
            for name in ALIASES.get(form, "").split("|"):
                if normal(name) in self.named:
                    return normal(name)
        return None

    def knows(self, phrase: str) -> bool:
        """Whether a phrase is a name, a name's last word, a kind of one, or a telling keyword."""
        return self.exact(phrase) is not None or any(
            form in self._heads or form in self._kinds or 0 < len(self._keywords.get(form, ())) <= 3
            for form in forms(phrase)
        )

    def learn(self, phrases: Sequence[str], embed: Embed) -> None:
        """Embed phrases not met before, all in one call, so that `matches` can compare them."""
        fresh = sorted({phrase for phrase in phrases if phrase not in self._vectors})
        if fresh:
            if len(self._vectors) > 4096:
                self._vectors.clear()
                self._matched.clear()
            self._vectors.update(zip(fresh, embed(fresh), strict=True))

    def matches(self, phrase: str, head: str) -> tuple[Match, ...]:
        """Names for a learnt phrase whose main noun is `head`, best first, none under `ENOUGH`.

        The score is the cosine of MiniLM vectors (in `learn`) and what the words themselves say: being the name weighs
        most, then being its last word, then standing among its keywords. A kind of a thing always finds it.
        """
        if (phrase, head) in self._matched:
            return self._matched[phrase, head]
        vector = self._vectors.get(phrase)
        if vector is None and (known := self.exact(phrase)) is not None:
            vector = self._matrix[self._names.index(known)]
        scores = self._matrix @ vector if vector is not None else np.zeros(len(self._names), np.float32)
        score = dict(zip(self._names, scores.tolist(), strict=True))
        for text, share in ((phrase, 1.0), (head, 0.7)):
            gains: dict[str, float] = {}
            for form in forms(text):
                keyed = self._keywords.get(form, ())
                gains |= dict.fromkeys(keyed, 0.3 if len(keyed) <= 8 else 0.1)
                gains |= dict.fromkeys(self._heads.get(form, ()), 0.35)
            if (name := self.exact(text)) is not None:
                gains[name] = 0.7
            for name, gain in gains.items():
                score[name] += share * gain
            for name in {self._kinds[form] for form in forms(text) if form in self._kinds}:
                score[name] = max(score[name] + share * KIND_GAIN, KIND)
        for name in score:
            if name.startswith("person "):  # "fence" is no person fencing
                score[name] -= 0.15
        best = sorted((Match(name, value) for name, value in score.items() if value >= ENOUGH), key=_descending)
        if vector is not None:
            self._matched[phrase, head] = tuple(best[:8])
        return tuple(best[:8])

    def find(self, reference: str) -> int:
        """The index of an entry by its id, else the first of that name; raises OptionError naming a near one."""
        wanted = reference.strip()
        for index, entry in enumerate(self.entries):
            if entry.id == wanted:
                return index
        if (name := self.exact(wanted)) is not None:
            return self.named[name][0]
        near = nearest(normal(wanted)[:80], self._names) or self._names[0]
        raise OptionError(
            f"There is no reference {wanted[:60]!r}.", f"the nearest is --references {near!r}; an id works too"
        )


def normal(text: str) -> str:
    """Lower case, words of letters and digits, single spaces."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’]s?\b", "", text.lower())))


def forms(phrase: str) -> tuple[str, ...]:
    """A phrase in normal form and what it may be the plural of, likeliest first."""
    phrase = normal(phrase)
    start, _, word = phrase.rpartition(" ")
    words = [word]
    if word in PLURALS:
        words.append(PLURALS[word])
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        words.append(word[:-1])
        if word.endswith("ies"):
            words.append(word[:-3] + "y")
        elif word.endswith("es"):
            words.append(word[:-2])
    else:
        words += [word + "s", word + "es"]  # socks and grapes are drawn in the plural
    return tuple(f"{start} {each}".strip() for each in words)


def _as_its_source(row: Mapping[str, object], drawn: Mapping[object, dict[str, object]]) -> dict[str, object]:
    """The row of a redrawn picture, which says only what is not its source's."""
    source = drawn[row["source"]]
    return {**source, "set": f"{source['set']}, redrawn", **row}


def _entry(row: dict[str, object]) -> Entry:
    keywords = row.get("keywords", ())
    if not isinstance(keywords, list):
        raise TypeError("keywords must be a list")
    rest = {key: str(row[key]) for key in ("id", "name", "style", "set", "licence", "category")}
    return Entry(keywords=tuple(str(keyword) for keyword in keywords), source=str(row.get("source", "")), **rest)


def _kinds(path: Path) -> dict[str, list[str]]:
    """Names and the words that are kinds of them; none where a bank has no such file."""
    rows = json.loads(path.read_text("utf-8")) if path.exists() else {}
    if not isinstance(rows, dict) or not all(isinstance(words, list) for words in rows.values()):
        raise TypeError(f"{path.name} must hold lists of words by name")
    return rows


def _descending(match: Match) -> tuple[float, str]:
    return -match.score, match.name
