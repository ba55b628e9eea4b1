from pathlib import Path

import pytest

from genart_nb.training import kinds
from genart_nb.training.data import Entry

NOUNS = """\
  1 This line belongs to the licence.
01 05 n 02 dog 0 domestic_dog 0 001 @ 10 n 0000 | a tame wolf
02 05 n 01 terrier 0 001 @ 01 n 0000 | a small dog
03 05 n 01 airedale 0 001 @ 02 n 0000 | a large terrier
04 05 n 02 mouse 0 Mus_musculus 0 001 @ 10 n 0000 | a rodent
05 06 n 01 mouse 1 001 @ 11 n 0000 | a pointing device
06 06 n 01 trackball 0 001 @ 05 n 0000 | a mouse upside down
07 18 n 01 creep 0 000 | an odd person
08 09 n 02 ghost 0 spook 0 000 | a dead man's soul
09 20 n 02 Quercus_ilex 0 holm_oak 0 001 @ 12 n 0000 | an oak
10 05 n 01 animal 0 000 | it moves
11 06 n 01 device 0 000 | it is used
12 20 n 01 tree 0 000 | tall and woody
13 15 n 01 Rex 0 001 @i 01 n 0000 | somebody's dog
14 18 n 01 spook 1 001 @ 07 n 0000 | an agent
15 13 n 01 pear 0 001 @ 16 n 0000 | a sweet fruit
16 13 n 01 fruit 0 000 | eaten
17 20 n 01 pear 1 001 @ 12 n 0000 | a tree that bears fruit
"""
SENSES = """\
dog%1:05:00:: 01 1 40
run%1:05:00:: 02 1 1
run%2:05:00:: 99 1 80
spook%1:18:00:: 14 1 0
"""


def _index() -> str:
    senses: dict[str, list[str]] = {"run": ["02"], "spook": ["14", "08"], "pear": ["17", "15"]}
    for line in NOUNS.splitlines()[1:]:
        row = line.split(" | ")[0].split()
        for word in row[4 : 4 + 2 * int(row[3]) : 2]:
            if row[0] not in senses.setdefault(word.lower(), []):
                senses[word.lower()].append(row[0])
    return "".join(f"{word} n {len(at)} 0 {len(at)} 0 {' '.join(at)}\n" for word, at in sorted(senses.items()))


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> kinds.WordNet:
    folder: Path = tmp_path_factory.mktemp("wordnet")
    (folder / "data.noun").write_text(NOUNS)
    (folder / "index.noun").write_text(_index())
    (folder / "index.sense").write_text(SENSES)
    return kinds.WordNet.read(folder)


def _entries(**drawn: str) -> list[Entry]:
    return [Entry(f"flat/{n}", n, n, (n,), (), kind, "flat", "test", "MIT") for n, kind in drawn.items()]


def test_the_nearest_thing_above_that_is_drawn(net: kinds.WordNet) -> None:
    assert kinds.find(_entries(dog="animal"), net) == {"domestic dog": "dog", "terrier": "dog", "airedale": "dog"}
    assert kinds.find(_entries(dog="animal", terrier="animal"), net)["airedale"] == "terrier"


def test_a_name_means_what_is_drawn(net: kinds.WordNet) -> None:
    assert "trackball" not in kinds.find(_entries(mouse="animal"), net)
    assert kinds.find(_entries(mouse="object"), net) == {"trackball": "mouse"}


def test_a_rarer_meaning_counts_where_no_other_is_drawn(net: kinds.WordNet) -> None:
    assert kinds.find(_entries(ghost="person"), net) == {"spook": "ghost"}


def test_scholars_words_names_and_verbs_find_nothing(net: kinds.WordNet) -> None:
    found = kinds.find(_entries(dog="animal", mouse="animal", tree="plant"), net)
    assert not {"quercus ilex", "mus musculus", "rex", "run"} & found.keys() and found["holm oak"] == "tree"


def test_what_is_eaten_is_not_the_tree_it_grows_on(net: kinds.WordNet) -> None:
    assert kinds.find(_entries(tree="plant", fruit="food"), net)["pear"] == "fruit"
    assert "pear" not in kinds.find(_entries(tree="plant"), net)
