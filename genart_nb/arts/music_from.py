"""What a song takes from a text, a picture or a clip, and why: every choice goes by something that can be counted.

From words: a mood that most of its mood words share, or else the weight of its stresses; bars from its lines; a pace
from the syllables of a line; phrases that come back where its lines rhyme; a jig where they rhyme as a limerick's. From
pictures: people match music in major, and faster music, with colours that are lighter, more saturated and yellower, and
slower music in minor with darker, greyer and bluer ones (Palmer et al. 2013, https://doi.org/10.1073/pnas.1212562110).
How far apart "light" and "dark" lie, that contrast and movement make a picture lively, and that a tune should rhyme
with the verse, is this program's own choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genart_nb import inputs
from genart_nb.arts import music_words, scansion

if TYPE_CHECKING:
    from PIL.Image import Image

FEWEST, MOST = 4, 32
"""Bars that a form may ask for."""
VERSE = 60
"""Characters of a line of verse, at most, in the median; a text of longer lines is prose and goes by its sentences."""
SCANNED = 64
"""Lines of verse that are scanned."""
USUAL = 8.0
"""Syllables of a line that takes the tempo of its style."""
LIGHT, HEAVY, WEIGHED = 0.35, 0.48, 16
"""Share of stressed syllables up to which verse is light, and from which it is heavy: of 18 poems that the starter
wrote two are as light, and one is as heavy. Fewer syllables than the last have no weight."""
RHYMED = 16
"""Lines of verse, at most, whose rhymes are a form."""
SIDE = 128
"""Pixels of the longer side at which colours are measured."""

_SENTENCE = re.compile(r"[^.!?。！？…؟।\n]*\w[^.!?。！？…؟।\n]*")
_LABEL = re.compile(r"\[[^\[\]]*\]")
"""`[Chorus]`, as lyrics have it."""
_FELT = {
    (1, 1): "playful", (1, 0): "bright", (1, -1): "calm", (0, 1): "lively", (0, 0): "", (0, -1): "calm",
    (-1, 1): "lively", (-1, 0): "solemn", (-1, -1): "sad",
}  # fmt: skip
"""Mood of a picture by its colours, 1 glad to -1 sad, and by how lively it is, 1 to -1."""


@dataclass(frozen=True)
class Taken:
    """What there is to take; "" or 0 where the work says nothing. `key` is a tonic's name.

    `pace` multiplies the tempo. `seconds` is how long a clip plays. `why` has a reason for each by its name; `measured`
    are the figures they go by.
    """

    what: str
    title: str = ""
    style: str = ""
    key: str = ""
    mode: str = ""
    mood: str = ""
    bars: int = 0
    form: str = ""
    pace: float = 1.0
    seconds: float = 0.0
    why: Mapping[str, str] = field(default_factory=dict)
    measured: Mapping[str, float] = field(default_factory=dict)

    def bars_at(self, rate: float) -> int:
        """How many bars it asks for where `rate` of them are played a minute; 0 where it does not say."""
        return self.bars or (_within(round(self.seconds * rate / 60)) if self.seconds else 0)

    def told(self, used: Mapping[str, str]) -> dict[str, Any]:
        """The facts: what it was, what was measured, and each thing that was used, with its reason."""
        reasons = {name: f"{value}: {self.why[name]}" for name, value in used.items() if value and name in self.why}
        title = {"title": self.title} if self.title else {}
        return {"what": self.what, **title, **reasons, "measured": dict(self.measured)}


def taken(name: str) -> Taken:
    """Measure what `inputs` holds under a name; raises OptionError when it is not on this machine."""
    content = inputs.content(name)
    if isinstance(content, str):
        return of_text(content)
    frames = getattr(content, "frames", None)
    return of_clip(frames, content.fps) if frames else of_pictures([content])


def of_text(text: str) -> Taken:
    """What words say; where a script cannot be read aloud here, its lines alone."""
    lines = [line for each in text.splitlines() if (line := each.strip())]
    lines = [line for line in lines if not _LABEL.fullmatch(line)] or lines
    verse = sorted(map(len, lines))[len(lines) // 2] <= VERSE
    style, key, mode = music_words.said(text)
    mood, words = music_words.felt(text)
    noun, count = ("line", len(lines)) if verse else ("sentence", len(_SENTENCE.findall(text)))
    bars = _within(2 * count)
    why = {
        "style": f"its words name a {style}" if style else "words are sung",
        "key": f"its words name {key} {mode}", "mode": f"its words name {key} {mode}",
        "mood": f"{len(words)} of its words: {', '.join(list(dict.fromkeys(words))[:6])}",
        "bars": f"{count} {noun}{'' if count == 1 else 's'}, 2 bars each"
        + (f", within {FEWEST} to {MOST}" if bars != 2 * count else ""),
    }  # fmt: skip
    found = Taken(
        "text", short(lines[0]), style or "song", key, mode, mood, bars, why=why, measured={f"{noun}s": count}
    )
    return _aloud(found, lines, bool(style)) if verse else found


def _aloud(found: Taken, lines: Sequence[str], named: bool) -> Taken:
    """The same with what is heard where lines of verse are said; `named`: the words name its style."""
    heard = _heard("\n".join(lines[:SCANNED]))
    if heard is None:
        return found
    syllables, stressed, scheme = heard
    why = {**found.why, "tempo": f"{syllables:.1f} syllables a line"}
    style, mood = found.style, found.mood
    if scheme == "AABBA" and len(lines) == 5 and not named:
        style, why["style"] = "jig", "it rhymes AABBA, as limericks do"
    if not mood and syllables * min(SCANNED, len(lines)) >= WEIGHED:
        mood = "lively" if stressed <= LIGHT else "solemn" if stressed >= HEAVY else ""
        why["mood"] = f"{stressed:.0%} of its syllables are stressed"
    form = _form(scheme) if found.bars == 2 * len(lines) else ""
    why["form"] = "as its lines rhyme"
    measured = {**found.measured, "syllables a line": round(syllables, 1), "stressed": round(stressed, 2)}
    pace = round(min(1.15, max(0.85, USUAL / syllables)), 2)
    return replace(found, style=style, mood=mood, form=form, pace=pace, why=why, measured=measured)


def _form(scheme: str) -> str:
    """A rhyme scheme as a form, a letter for each line; "" where nothing rhymes, or of more lines than RHYMED."""
    lines = scheme.replace(" ", "")
    free = iter(sorted(set(ascii_uppercase) - set(lines)))
    if len(lines) > RHYMED or len(set(lines) - {"-"}) == len(lines.replace("-", "")):
        return ""
    return "".join(next(free) if letter == "-" else letter for letter in lines)


def of_pictures(frames: Sequence[Image], movement: float = 0.0) -> Taken:
    """What colours say, as the mean of several frames; `movement` in steps of L* a second."""
    light, chroma, yellow, contrast = (
        round(float(each), 1) for each in np.mean([_measures(lab(frame)) for frame in frames], axis=0)
    )
    happy = float(np.mean([_score(light, 50, 25), _score(chroma, 20, 20), _score(yellow, 5, 20)]))
    energy = float(np.mean([_score(chroma, 20, 20), _score(max(contrast, movement), 20, 10)]))
    glad, lively = (0 if abs(each) < 1 / 3 else 1 if each > 0 else -1 for each in (happy, energy))
    mood, mode = _FELT[glad, lively], "major" if happy >= 0 else "minor"
    pace = round(1 + 0.2 * happy, 2)
    sides = (("light", "dark", light, 50), ("colourful", "pale", chroma, 20), ("yellowish", "bluish", yellow, 5))
    colours = ", ".join(f"{high if value >= middle else low} {value:.0f}" for high, low, value, middle in sides)
    manner = f"{('sober', 'glad', 'sombre')[glad]} colours"
    why = {"mode": colours, "tempo": manner}
    if mood:
        cause = "movement" if movement > contrast else "contrast"
        why["mood"] = f"{manner}, {cause} {max(contrast, movement):.0f}"
    measured = {"lightness": light, "chroma": chroma, "yellow": yellow, "contrast": contrast}
    return Taken("picture", mode=mode, mood=mood, pace=pace, why=why, measured=measured)


def of_clip(frames: Sequence[Image], fps: float) -> Taken:
    """As a picture, the mean of four frames; with its movement, and as many bars as it lasts."""
    chosen = [frames[round(at * (len(frames) - 1) / 3)] for at in range(4)]
    pairs = [round(at * (len(frames) - 2) / 3) for at in range(4)] if len(frames) > 1 else []
    apart = [float(np.abs(lab(frames[at])[..., 0] - lab(frames[at + 1])[..., 0]).mean()) for at in sorted(set(pairs))]
    movement = round(fps * sum(apart) / len(apart), 1) if apart else 0.0
    found, seconds = of_pictures(chosen, movement), round(len(frames) / fps, 2)
    why = {**found.why, "bars": f"it lasts {seconds:g} s"}
    measured = {**found.measured, "movement": movement, "seconds": seconds}
    return replace(found, what="clip", seconds=seconds, why=why, measured=measured)


def lab(image: Image) -> NDArray[np.float64]:
    """CIE L*a*b* (D65) of a picture brought to SIDE pixels: (height, width, 3); L* in 0..100.

    Source: IEC 61966-2-1 (sRGB) and CIE 15 (L*a*b*).
    """
    from PIL import Image as Pictures

    small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE), Pictures.Resampling.BOX)
    rgb = np.asarray(small, np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ (matrix / matrix.sum(axis=1, keepdims=True)).T
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)


def _measures(pixels: NDArray[np.float64]) -> tuple[float, ...]:
    """Mean L*, mean chroma, mean b*, and the standard deviation of L*."""
    light, red, yellow = np.moveaxis(pixels, -1, 0)
    return light.mean(), np.hypot(red, yellow).mean(), yellow.mean(), light.std()


def _score(value: float, middle: float, reach: float) -> float:
    return min(1.0, max(-1.0, (value - middle) / reach))


def _heard(text: str) -> tuple[float, float, str] | None:
    """Syllables a line, share of stressed ones, rhyme scheme; None where fewer than half the words can be said."""
    scanned = scansion.scan_poem(text)
    words = [word for line in scanned.lines for word in line.words if word.stress]
    known = [word for word in words if "?" not in word.stress and not word.guessed]
    if not words or 2 * len(known) < len(words):
        return None
    stress = "".join(word.stress for word in known)
    syllables = sum(len(word.stress) for word in words) / len(scanned.lines)
    return syllables, sum(mark in "12" for mark in stress) / len(stress), scanned.scheme


def sentence(origin: Mapping[str, Any]) -> str:
    """What a reader is told: `From a text: mood calm (1 of its words: sleeps), 8 bars (4 lines, 2 bars each).`."""
    each = {
        name: str(text).partition(": ") for name, text in origin.items() if name not in ("what", "title", "measured")
    }
    parts = [
        f"{f'{value} bars' if name == 'bars' else f'{name} {value}'} ({reason})"
        for name, (value, _, reason) in each.items()
    ]
    return f"From a {origin['what']}: {', '.join(parts)}." if parts else ""


def _within(bars: int) -> int:
    return min(MOST, max(FEWEST, bars))


def short(line: str) -> str:
    """A line as a title quotes it."""
    line = " ".join(line.split()).rstrip(",;:") or line.strip()
    return line if len(line) <= 48 else line[:47].rstrip() + "…"
