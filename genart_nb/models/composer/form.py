"""The form of a piece: which of its bars come back, from where, and how exactly.

A plan has a number for each bar: 0 where the top voice sings something new, k where it sings what it sang k bars
before, note for note, and -k where that comes back varied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from genart_nb.media.song import Note, by_bar

Plan = tuple[int, ...]

UNSAID, NEW, VARIED, SAME = range(4)
"""What a model is told of a bar."""
ALIKE = 0.5
"""The share of its notes, place and pitch, that a varied bar has from the one it varies."""
_LETTERS = re.compile(r"([A-Z])(['’′]?)")


def kind(plan: Plan, number: int) -> int:
    """What a plan says of a bar; UNSAID beyond its end."""
    if number >= len(plan):
        return UNSAID
    return NEW if not plan[number] else SAME if plan[number] > 0 else VARIED


def heard(notes: Sequence[Note], bar: int, bars: int) -> Plan:
    """The plan that a voice turns out to have, `bar` ticks a bar.

    Of several bars that one may come from, it is the one after the source of the bar before, else the nearest.
    """
    inside = [set(each) for each in by_bar(notes, bar, bars)]
    found: list[int] = []
    for number, mine in enumerate(inside):
        before = [number - back for back in range(1, number + 1)]
        on = number - abs(found[-1]) if found and found[-1] else number
        if on < number:
            before.insert(0, on)
        same = next((at for at in before if mine and inside[at] == mine), None)
        like = max(before, key=lambda at: likeness(mine, inside[at]), default=number)
        if same is not None:
            found.append(number - same)
        elif like < number and likeness(mine, inside[like]) >= ALIKE:
            found.append(like - number)
        else:
            found.append(0)
    return tuple(found)


def likeness(one: set[tuple[int, int, int]], other: set[tuple[int, int, int]]) -> float:
    """Share of the notes (place, pitch, length) of two bars that begin alike, 0..1; bars of one note are like none."""
    if len(one) < 2 or len(other) < 2:
        return 0.0
    begun, there = ({note[:2] for note in each} for each in (one, other))
    return len(begun & there) / max(len(begun), len(there))


def phrases(letters: str) -> list[str]:
    """`AA'BA` as its phrases, `["A", "A'", "B", "A"]`; raises ValueError for what is no form."""
    told = "".join(letters.split()).upper()
    found = _LETTERS.findall(told)
    if not found or "".join(letter + mark for letter, mark in found) != told:
        raise ValueError(f"{letters!r} is no form")
    return [letter + ("'" if mark else "") for letter, mark in found]


def lettered(letters: str, bars: int) -> Plan:
    """The plan of a form such as `AABA` over so many bars: a phrase has as many as the others, what is left is new.

    A letter that was there before is the same again; with `'` the first half of it is, and the rest is varied.
    """
    parts = phrases(letters)
    long = max(1, bars // len(parts))
    begun: dict[str, int] = {}
    plan: list[int] = []
    for at, part in enumerate(parts):
        back = (at - begun.get(part[0], at)) * long
        plan += [-back if part.endswith("'") and 2 * bar >= long - 1 else back for bar in range(long)]
        if part[0] not in begun or not part.endswith("'"):
            begun[part[0]] = at
    return (*plan, *[0] * bars)[:bars]


def drawn(plans: Sequence[Plan], bars: int, seed: int) -> Plan:
    """One of the plans that pieces have, by the seed, cut to so many bars, or several on end where each is shorter."""
    chance = np.random.Generator(np.random.Philox(key=seed))
    found: Plan = ()
    while plans and len(found) < bars:
        long = [plan for plan in plans if len(plan) >= bars - len(found)] or plans
        found += long[int(chance.integers(len(long)))]
    return found[:bars]
