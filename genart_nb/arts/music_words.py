"""What words ask of music: those of a prompt, or of a text that a song is made after: a style, a key, a mood."""

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

_SUNG = {"chorale": "chorale hymn psalm", "madrigal": "madrigal motet", "reel": "reel", "jig": "jig gigue",
         "hornpipe": "hornpipe"}  # fmt: skip
_TOLD = {
    "calm": """calm quiet peace peaceful gentle soft slow lullaby sleep asleep dream rest silence silent hush moonlight
    breeze drift slumber whisper drowsy tender float serene""",
    "lively": """lively fast quick wild storm dance run race leap rush thunder spark gallop swift whirl spin chase
    burst roar gale drum""",
    "bright": """bright happy joy joyful glad merry sun sunny spring shine golden dawn smile bloom blossom radiant glow
    gleam sparkle delight hope""",
    "sad": """sad sorrow mournful lament grief melancholy dark tear weep wept cry lonely lone alone lost loss grey
    gray ache fade wither goodbye farewell regret mourn""",
    "solemn": """solemn stately funeral holy pray prayer god church bell temple tomb death dead altar sacred oath
    vow""",
    "playful": """playful funny mischievous mischief cheeky children laugh laughter giggle tease tickle silly joke prank
    skip kitten clown puppet wink jolly trick toy""",
}
"""Words by which a text is felt: more than a prompt's, for a text does not mean to ask, and without two-faced ones."""
_ENDINGS = ("", "s", "es", "d", "ed", "ing", "ly", "ness", "ful", "er", "'s")


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


def said(text: str) -> tuple[str, str, str]:
    """Style, key and mode that a text speaks of, as ("jig", "D", "minor"); a key counts only with its mode."""
    mode = next((found for found in _KEY.finditer(text) if found[3] and (found[1] != "a" or found[2])), None)
    return named(text, _SUNG), *(key(mode[0]) if mode else ("", ""))


def felt(text: str) -> tuple[str, list[str]]:
    """The mood that most words of an English text share, with those words; the one that comes first, of several.

    A word counts with its endings (sleeps, darkness); no sentence is understood. Nothing where it is less than one word
    in a hundred.
    """
    known = {word: name for name, words in _TOLD.items() for word in words.split()}
    words = re.findall(r"[a-z]+(?:'s)?", text.lower().replace("’", "'"))
    found: dict[str, list[str]] = {}
    for word in words:
        stem = next((stem for stem in _stems(word) if stem in known), "")
        if stem:
            found.setdefault(known[stem], []).append(word)
    mood = max(found, key=lambda name: len(found[name]), default="")
    return (mood, found[mood]) if mood and 100 * len(found[mood]) >= len(words) else ("", [])


def _stems(word: str) -> list[str]:
    bare = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
    return [each + letter for each in bare if len(each) > 2 for letter in ("", "e")]
