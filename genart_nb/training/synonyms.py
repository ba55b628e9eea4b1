"""Other words for a thing, found among its keywords: near in meaning, its own, and not withheld for measuring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from genart_nb.models.painter.bank import Embed
from genart_nb.training.data import Entry

NEAR = 0.55
"""Cosine of keyword and name, at least: `motorboat` for a speedboat, not `hoot` for an owl."""
SHARED, LONGEST, MOST = 2, 27, 4
"""Things that may share a keyword, characters of one, and keywords taken of each."""

PARAPHRASES = {
    "a kitten": "cat", "a puppy": "dog", "a bunny": "rabbit", "king of the jungle": "lion",
    "a slithering serpent": "snake", "a piglet": "pig", "an orca": "whale", "a bumblebee": "bee",
    "a bird that hoots at night": "owl", "a pony": "horse", "a tuxedoed antarctic bird": "penguin",
    "an aeroplane": "airplane", "a jet plane": "airplane", "a lorry": "delivery truck",
    "a yacht with sails": "sailboat", "a spaceship taking off": "rocket", "an alien spacecraft": "ufo",
    "a pedal cycle": "bicycle", "a motor car": "car", "a sports car": "race car", "a motorbike": "motorcycle",
    "a cottage": "house", "a king's fortress": "castle", "a skyscraper": "office building",
    "a conifer": "pine tree", "a leafy oak": "tree", "a succulent with spines": "cactus", "a toadstool": "mushroom",
    "a bunch of flowers": "bouquet", "a red blossom with thorns": "rose", "a burger": "hamburger",
    "a slice of pepperoni pie": "pizza", "chips from the chip shop": "french fries", "a donut": "doughnut",
    "a muffin": "cupcake", "a mug of espresso": "cup of coffee", "a pint of lager": "beer mug",
    "a yellow curved fruit": "banana", "maize": "ear of corn", "an aubergine": "eggplant",
    "a soda": "cup with straw", "a brolly": "umbrella", "a magician's hat": "top hat", "spectacles": "glasses",
    "a royal headpiece": "crown", "trainers": "running shoe", "a handset": "mobile phone",
    "a notebook computer": "laptop", "a tv set": "television", "a bulb that shines": "light bulb",
    "an electric guitar": "guitar", "a fiddle": "violin", "a ball for the goalkeeper": "soccer ball",
    "a present with a bow": "gift", "a spook": "ghost", "an android": "robot", "a spacewalker": "astronaut",
    "a sorcerer": "wizard", "a lightning strike": "lightning bolt", "an erupting mountain": "volcano",
}  # fmt: skip
"""What the painter's benchmark asks for in words that no caption may hold, and what it should then show."""


def find(entries: Sequence[Entry], embed: Embed) -> dict[str, tuple[str, ...]]:
    """Name -> its synonyms, nearest first; a name that has none is left out."""
    keywords = {entry.name: tuple(dict.fromkeys(map(str.lower, entry.keywords))) for entry in entries}
    taken = {name for entry in entries for name in (entry.name, *entry.names)}
    shared = Counter(word for words in keywords.values() for word in words)
    pairs = [
        (name, word)
        for name, words in keywords.items()
        for word in words
        if word not in taken and shared[word] <= SHARED and len(word) <= LONGEST and not withheld(word)
    ]
    texts = sorted({text for pair in pairs for text in pair})
    where = {text: index for index, text in enumerate(texts)}
    vectors = embed(texts)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    found: dict[str, list[tuple[float, str]]] = {}
    for name, word in pairs:
        near = float(vectors[where[name]] @ vectors[where[word]])
        if near >= NEAR:
            found.setdefault(name, []).append((-near, word))
    return {name: tuple(word for _, word in sorted(rows)[:MOST]) for name, rows in found.items()}


def withheld(word: str) -> bool:
    """Whether the benchmark asks in this word: `bunny`, `burgers`."""
    plain = word.lower().rstrip("s")
    return any(plain == asked.removeprefix("a ").removeprefix("an ").rstrip("s") for asked in PARAPHRASES)
