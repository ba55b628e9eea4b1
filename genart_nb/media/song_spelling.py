"""Which of a pitch's names is written: by the key, with raised leading notes in minor and secondary dominants."""

from __future__ import annotations

from functools import cache

_LETTERS = "CDEFGAB"
_NATURAL = (0, 2, 4, 5, 7, 9, 11)
# Degree of the scale (0..6) and alteration by semitones above the tonic.
_MAJOR = {0: 0, 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 4, 9: 5, 10: 6, 11: 6}
_MINOR = {0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4, 8: 5, 9: 5, 10: 6, 11: 6}


@cache
def spelt(pitch: int, tonic: str, mode: str) -> tuple[str, int, int]:
    """Letter, alteration in semitones and octave of a MIDI pitch in a key, such as ("F", 1, 4)."""
    letter, sign = tonic[0], tonic[1:].count("#") - tonic[1:].count("b")
    root = _LETTERS.index(letter)
    above = (pitch - _NATURAL[root] - sign) % 12
    degree = (_MAJOR if mode == "major" else _MINOR)[above]
    name = (root + degree) % 7
    alteration = (pitch - _NATURAL[name] + 6) % 12 - 6
    octave = (pitch - alteration) // 12 - 1
    return _LETTERS[name], alteration, octave
