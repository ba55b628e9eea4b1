"""What the words of a prompt ask of music: a style, a key, a mood."""

from __future__ import annotations

import re
from dataclasses import dataclass

STYLES = ("chorale", "madrigal", "reel", "jig", "hornpipe", "song")
_NAMED = {
    "chorale": "chorale hymn anthem", "madrigal": "madrigal polyphony renaissance motet", "reel": "reel",
    "jig": "jig gigue", "hornpipe": "hornpipe sailor", "song": "song folk folksong tune air ballad lullaby melody",
}  # fmt: skip
_KEY = re.compile(r"\b(?:in|key of) ([A-Ga-g])(#|b|♯|♭| sharp| flat)?(?:[ -](major|minor))?\b")


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood as what can be measured: thirds of density, leaps and register (1 low, 3 high, 0 either), and tempo."""

    density: int = 0
    leaps: int = 0
    register: int = 0
    pace: float = 1.0
    mode: str = ""


MOODS = {
    "calm": Mood(density=1, leaps=1, pace=0.85),
    "lively": Mood(density=3, leaps=3, pace=1.12),
    "bright": Mood(register=3, pace=1.05, mode="major"),
    "sad": Mood(density=1, register=1, pace=0.8, mode="minor"),
    "solemn": Mood(density=1, leaps=1, register=1, pace=0.75),
    "playful": Mood(density=3, leaps=3, register=3, pace=1.08, mode="major"),
}
_FELT = {
    "calm": "calm quiet peaceful still gentle soft slow lullaby sleep", "lively": "lively fast quick wild storm dance",
    "bright": "bright happy joyful glad merry sunny spring", "sad": "sad sorrow mournful lament grief melancholy dark",
    "solemn": "solemn grave stately funeral holy", "playful": "playful funny mischievous cheeky children",
}  # fmt: skip


def named(prompt: str, table: dict[str, str]) -> str:
    """The first row of a table one of whose words the prompt has; "" where none is."""
    words = re.findall(r"[a-z]+", prompt.lower())
    rows = [(words.index(word), name) for name, known in table.items() for word in known.split() if word in words]
    return min(rows)[1] if rows else ""


def style(prompt: str) -> str:
    """The style that a prompt names."""
    return named(prompt, _NAMED)


def mood(prompt: str) -> str:
    """The mood that a prompt names."""
    return named(prompt, _FELT)


def key(prompt: str) -> tuple[str, str]:
    """The key and mode that a prompt names, as ("F#", "minor"); "" for what it does not name."""
    found = _KEY.search(prompt)
    lone = re.search(r"\b(major|minor)\b", prompt.lower())
    mode = lone[1] if lone else ""
    if not found or (found[1] == "a" and not found[2] and not found[3]):  # "in a storm"
        return "", mode
    sign = {" sharp": "#", "♯": "#", " flat": "b", "♭": "b"}.get(found[2] or "", found[2] or "")
    return found[1].upper() + sign, found[3] or mode
