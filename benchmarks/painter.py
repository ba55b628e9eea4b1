"""How well the painter paints what it is told: named things, held-out pairs, paraphrases, colours, icons, styles.

    python benchmarks/painter.py [--model FOLDER] [--few] [--freedom 1,0.6] [--steps N] [--threads N] [--write FILE]

The judge (`genart train judge`) ranks the vocabulary's names for each picture: R@5 is how often the right one is among
the first five. It has not seen the real pictures that set the ceiling, nor anything of the set of icons, which it ranks
among their names too. All is painted by the product's own painter.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from painter_prompts import COLOURED
from PIL import Image

from genart_nb.models.painter.minilm import MiniLM
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Schedule
from genart_nb.models.weights import STARTER
from genart_nb.training import colours, data, icons, judge
from genart_nb.training.synonyms import PARAPHRASES
from genart_nb.training.vocabulary import STYLES, phrase

COPY = 0.05
"""Mean absolute difference, of 32-px greys in 0..1, below which a picture counts as a copy of a training picture."""


ICONS = "icons"
"""The set of things that the bank knows from black icons alone."""

BLIND = 0.4
"""R@5 on real pictures below which a judge has not been trained to its end: it ends at 0.77."""


@dataclass(frozen=True)
class Case:
    """One picture to paint: words, style, and the name and colour that it should show."""

    prompt: str
    style: str
    name: str
    colour: str = ""


@dataclass
class Scores:
    """What the judge found over one set of pictures; shares in 0..1."""

    pictures: int
    r5: float
    r20: float
    median_rank: float
    style: float
    colour: float | None = None
    copies: float | None = None
    seconds: float | None = None


def cases(entries: Sequence[data.Entry], few: bool, seed: int = 0) -> dict[str, list[Case]]:
    """The five sets of prompts; `few` is a fifth of each, for a look on the way."""
    dice = random.Random(seed)
    real = [entries[i] for i in judge.kept(entries)]
    named = [Case(phrase(entry.name), entry.style, entry.name) for entry in dice.sample(real, 200)]
    held = [Case(phrase(entry.name), entry.style, entry.name) for entry in entries if entry.held_out]
    styles = ("flat", "3d", "shaded", "bold")
    said = [Case(text, styles[i % 4], name) for i, (text, name) in enumerate(PARAPHRASES.items())]
    words = [w for w in colours.WORDS if w != "white"]
    coloured = []
    for i, name in enumerate(COLOURED):
        word = words[i % len(words)]
        coloured.append(Case(phrase(f"{word} {name}"), styles[i % 4], name, word))
    black = sorted(name for _, name in icons.chosen())[::4]
    drawn = [Case(phrase(name), styles[i % 4], name) for i, name in enumerate(black)]
    found = {"named": named, "held out": held, "paraphrase": said, "colour": coloured, ICONS: drawn}
    return {key: rows[::5] if few else rows for key, rows in found.items()}


def paint(painter: Painter, rows: Sequence[Case], freedom: float, seed: int) -> tuple[list[Image.Image], float]:
    """Every case as the product paints it, and the mean seconds that one took."""
    made, began = [], time.perf_counter()
    for index, row in enumerate(rows):
        style = ((row.style, Schedule.constant(1.0)),)
        frames = painter.paint(Brief(row.prompt, seed + index, styles=style, freedom=freedom))
        made.append(next(frame for frame in frames if frame.final).decode())
    return made, (time.perf_counter() - began) / max(1, len(rows))


def score(verdicts: judge.Verdicts, pictures: list[Image.Image], rows: Sequence[Case]) -> Scores:
    """Ranks, styles and colours of painted (or real) pictures."""
    order, styles, _ = verdicts.look(pictures)
    where = {name: index for index, name in enumerate(verdicts.names)}
    ranks = np.array([int(np.flatnonzero(found == where[row.name])[0]) for found, row in zip(order, rows, strict=True)])
    kept = np.mean([style == row.style for style, row in zip(styles, rows, strict=True)])
    coloured = [row for row in rows if row.colour]
    seen = [shown(picture) for picture, row in zip(pictures, rows, strict=True) if row.colour]
    right = [row.colour in found for found, row in zip(seen, coloured, strict=True)]
    return Scores(
        len(rows), float((ranks < 5).mean()), float((ranks < 20).mean()), float(np.median(ranks)), float(kept),
        colour=float(np.mean(right)) if right else None,
    )  # fmt: skip


def shown(picture: Image.Image) -> set[str]:
    """Colour words that fit what is not background: a third of it or more is of that colour."""
    rgb = np.asarray(picture.convert("RGB").resize((96, 96), Image.Resampling.BOX)).astype(np.float32) / np.float32(255)
    thing = np.abs(rgb - np.median(rgb[[0, 0, -1, -1], [0, -1, 0, -1]], axis=0)).max(-1) > 0.12
    hsv = colours.to_hsv(rgb)
    hue, saturation, value = (hsv[..., i][thing] for i in range(3))
    if not len(hue):
        return set()
    vivid = saturation > 0.3
    masks = {
        word: vivid
        & (np.abs((hue - degrees + 180) % 360 - 180) < (32 if word in ("blue", "green") else 24))
        & (value > 0.3)
        for word, degrees in colours.HUES.items()
    }
    masks["pink"] |= (np.abs((hue - 340 + 180) % 360 - 180) < 35) & (value > 0.7) & (saturation > 0.12)
    masks["brown"] = (np.abs((hue - 22 + 180) % 360 - 180) < 20) & (saturation > 0.25) & (value < 0.78)
    masks["black"] = value < 0.35
    masks["grey"] = (saturation < 0.2) & (value >= 0.2) & (value < 0.9)
    return {word for word, mask in masks.items() if mask.mean() > 1 / 3}


def copies(pictures: list[Image.Image], training: np.ndarray[Any, np.dtype[np.float32]]) -> float:
    """Share of pictures that lie within `COPY` of a training picture."""
    small = np.stack([grey(picture) for picture in pictures])
    nearest = [float(np.abs(training - one).mean(axis=(1, 2)).min()) for one in small]
    return float(np.mean(np.array(nearest) < COPY))


def grey(picture: Image.Image) -> np.ndarray[Any, np.dtype[np.float32]]:
    """A picture as 32x32 greys in 0..1."""
    return np.asarray(picture.convert("L").resize((32, 32), Image.Resampling.BOX), np.float32) / np.float32(255)


def sliders(painter: Painter, verdicts: judge.Verdicts, rows: Sequence[Case], seed: int) -> dict[str, float]:
    """How steadily a slider does what it says: mean rank correlation of its place and its effect, 1 is never back.

    The style slider goes from shaded to ink and is seen by the judge; the freedom slider goes from 0 to 1 and is seen
    by how far the picture is from the one at 0.
    """
    places = np.linspace(0, 1, 6)
    found: dict[str, list[float]] = {"style": [], "freedom": []}
    for index, row in enumerate(rows):
        blends = []
        for place in places:
            styles = (("shaded", Schedule.constant(1 - place)), ("ink", Schedule.constant(place)))
            brief = Brief(row.prompt, seed + index, styles=styles, freedom=0.8)
            blends.append(next(frame for frame in painter.paint(brief) if frame.final).decode())
        ink = verdicts.sure(blends)[:, STYLES.index("ink")]
        found["style"].append(rank_correlation(places, ink))
        free = []
        for place in places:
            brief = Brief(row.prompt, seed + index, styles=((row.style, Schedule.constant(1.0)),), freedom=float(place))
            free.append(grey(next(frame for frame in painter.paint(brief) if frame.final).decode()))
        away = np.array([float(np.abs(picture - free[0]).mean()) for picture in free])
        found["freedom"].append(rank_correlation(places, away))
    return {name: float(np.mean(values)) for name, values in found.items()}


def rank_correlation(one: np.ndarray[Any, np.dtype[Any]], other: np.ndarray[Any, np.dtype[Any]]) -> float:
    """Spearman's, of two rows without ties to speak of."""
    return float(np.corrcoef(one.argsort().argsort(), other.argsort().argsort())[0, 1])


def on_white(picture: np.ndarray[Any, np.dtype[np.uint8]]) -> Image.Image:
    """RGBA pixels on white."""
    drawing = Image.fromarray(picture)
    ground = Image.new("RGBA", drawing.size, "white")
    ground.alpha_composite(drawing)
    return ground.convert("RGB")


def main() -> None:
    """Measure, print a table, and write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=STARTER / "painter")
    parser.add_argument("--freedom", default="1,0.6")
    parser.add_argument("--steps", type=int, default=None, help="the model's own where not given")
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--no-sliders", action="store_true", help="leave out how steady the sliders are")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--write", type=Path)
    given = parser.parse_args()
    entries, pictures = data.load(128)
    names = sorted({entry.name for entry in entries})
    more = sorted({*names, *(name for _, name in icons.chosen())})
    encoder = MiniLM()
    verdicts, wider = (
        judge.Verdicts(known, encoder.encode([phrase(name) for name in known])[1]) for known in (names, more)
    )
    sets = cases(entries, given.few)
    by_pair = {(entry.name, entry.style): i for i, entry in enumerate(entries)}
    table: dict[str, dict[str, Scores]] = {"real": {}}
    for key in ("named", "held out"):
        real = [on_white(pictures[by_pair[row.name, row.style]]) for row in sets[key]]
        table["real"][key] = score(verdicts, real, sets[key])
    if table["real"]["named"].r5 < BLIND:
        raise SystemExit("The judge does not know real pictures either.\n  Fix: genart train judge --minutes 60")
    seen = [i for i, entry in enumerate(entries) if entry.style and not entry.held_out]
    training = np.stack([grey(on_white(pictures[i])) for i in seen])
    chosen = {**json.loads((given.model / "card.json").read_text())["defaults"]}
    chosen |= {"steps": given.steps} if given.steps else {}
    painter = Painter.load(given.model, defaults=chosen, threads=given.threads)
    for freedom in map(float, given.freedom.split(",")):
        rows = table[f"freedom {freedom:g}"] = {}
        for key, some in sets.items():
            made, seconds = paint(painter, some, freedom, given.seed)
            rows[key] = score(wider if key == ICONS else verdicts, made, some)
            rows[key].copies, rows[key].seconds = copies(made, training), seconds
            print(f"freedom {freedom:g}, {key}: {rows[key]}", flush=True)
    some = [] if given.no_sliders else sets["named"][:: 4 if given.few else 10]
    steady = sliders(painter, verdicts, some, given.seed) if some else {}
    print(markdown(table))
    print("sliders:", ", ".join(f"{name} {value:.2f}" for name, value in steady.items()))
    if given.write:
        found: dict[str, Any] = {
            where: {key: asdict(one) for key, one in rows.items()} for where, rows in table.items()
        }
        given.write.write_text(json.dumps({**found, "sliders": steady}, indent=2) + "\n")


def markdown(table: dict[str, dict[str, Scores]]) -> str:
    """The scores as a table."""
    lines = [
        "| | set | n | R@5 | R@20 | median rank | style | colour | copies |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for where, rows in table.items():
        for key, one in rows.items():
            rest = ["" if value is None else f"{value:.2f}" for value in (one.colour, one.copies)]
            lines.append(
                f"| {where} | {key} | {one.pictures} | {one.r5:.2f} | {one.r20:.2f} | {one.median_rank:.0f} "
                f"| {one.style:.2f} | {rest[0]} | {rest[1]} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
