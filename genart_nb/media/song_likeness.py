"""How alike two songs are, by their fingerprints."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from genart_nb.media.likeness import Comparison, Shown, Verdict, same

OPENING = 0.25
"""Share of the piano roll, from its beginning, that must be the same for a song that only drifted."""
PITCHES = 0.12
"""Or how far apart the shares of the pitch classes may be, of 1."""
_SIDE, _GREY = 32, 2.0


def compare(old: Shown, new: Shown) -> Comparison:
    """Notes first, then samples; songs of other notes by where they part and by which pitches sound how long."""
    then, now = old.fingerprint, new.fingerprint
    if same(old, new):
        if then.get("samples") == now.get("samples"):
            return Comparison(Verdict.SAME)
        font = "another SoundFont" if then.get("font") != now.get("font") else "the same notes, rendered otherwise"
        return Comparison(Verdict.CLOSE, {}, (font,))
    if then.get("bars") != now.get("bars"):
        return Comparison(Verdict.DIFFERENT, {}, (f"{then.get('bars')} bars then, {now.get('bars')} now",))
    found = {"opening": opening(then, now), "pitches": pitches_apart(then, now)}
    reason = f"other notes after {found['opening']:.0%} of it"
    kept = found["opening"] >= OPENING or found["pitches"] <= PITCHES
    return Comparison(Verdict.DRIFTED if kept else Verdict.DIFFERENT, found, (reason,))


def opening(then: Mapping[str, Any], now: Mapping[str, Any]) -> float:
    """Share of the columns of two rolls, from the left, that are alike, 0..1."""
    one, other = (_columns(each) for each in (then, now))
    if one is None or other is None:
        return 0.0
    for at, (a, b) in enumerate(zip(one, other, strict=True)):
        if sum(abs(x - y) for x, y in zip(a, b, strict=True)) > _GREY * _SIDE:
            return at / _SIDE
    return 1.0


def pitches_apart(then: Mapping[str, Any], now: Mapping[str, Any]) -> float:
    """Total variation between the shares of the twelve pitch classes, 0..1; 1 where they are not known."""
    try:
        one, other = ([float(each) for each in side["pitch_classes"]] for side in (then, now))
    except (KeyError, TypeError, ValueError):
        return 1.0
    if len(one) != 12 or len(other) != 12 or sum(one) <= 0 or sum(other) <= 0:
        return 1.0
    return sum(abs(a / sum(one) - b / sum(other)) for a, b in zip(one, other, strict=True)) / 2


def _columns(fingerprint: Mapping[str, Any]) -> list[bytes] | None:
    try:
        grey = base64.b64decode(str(fingerprint.get("thumbnail", "")), validate=True)
    except binascii.Error:
        return None
    return [grey[at::_SIDE] for at in range(_SIDE)] if len(grey) == _SIDE * _SIDE else None
