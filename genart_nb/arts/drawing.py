"""Drawings by a model that cannot program: it says what is in a picture, and the saying is written as code.

For each thing the model picks a colour, shape, size and place, each by how much likelier the picture makes the word
than habit does. What comes out is valid p5.js or SVG by construction.
"""

from __future__ import annotations

import functools
import itertools
import math
import re
import string
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from genart_nb.arts import examples, worth
from genart_nb.arts.desk import Desk
from genart_nb.arts.mending import STOPWORDS
from genart_nb.arts.prose import talk
from genart_nb.arts.slots import Slot
from genart_nb.arts.tasks import CodeOptions
from genart_nb.events import Event, Step
from genart_nb.models.language import Message

CANVAS = 400
COLOURS = (
    "white", "black", "gray", "red", "orange", "gold", "yellow", "green", "lime", "blue", "skyblue", "navy", "purple",
    "violet", "pink", "brown", "tan", "beige", "silver", "maroon", "teal",
)  # fmt: skip
SHAPES = ("circle", "rectangle", "triangle", "ellipse")
SIZES = {"tiny": 30, "small": 60, "medium": 110, "large": 190, "huge": 320}
PLACES = {
    "top left": (80, 70), "top right": (320, 70), "top": (200, 80), "left": (90, 200), "right": (310, 200),
    "middle": (200, 200), "bottom left": (90, 320), "bottom right": (310, 320), "bottom": (200, 330),
}  # fmt: skip
NOT_THINGS = STOPWORDS | frozenset(
    [
        "big",
        "small",
        "large",
        "little",
        "tiny",
        "huge",
        "bright",
        "dark",
        "old",
        "young",
        "many",
        "few",
        "some",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "above",
        "below",
        "near",
        "beside",
        "behind",
        "between",
        "front",
        "inside",
        "outside",
        "picture",
        "drawing",
        "draw",
        "scene",
        "simple",
        "shape",
        "shapes",
    ]
)
HABIT = 0.8
"""How much of a word's usual likelihood is taken off (1 would be pointwise mutual information)."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One shape of a picture, in canvas units; (x, y) is its centre."""

    name: str
    colour: str
    shape: str
    x: int
    y: int
    width: int
    height: int


def drawing(desk: Desk, subject: str, options: CodeOptions) -> Iterator[Event]:
    """A background and some things, sketched in words by the model and written as code, the largest at the back."""
    usual = yield from _usual(desk)
    named = things_named(subject)
    desk.begin(_picture(subject), reply="Background: ")
    grounds = [colour for colour in COLOURS if colour not in {taken for _, taken in named}]
    ground = yield from _pick(desk, grounds, usual)
    things: list[Thing] = []
    for number in range(options.shapes):
        yield Step(number, options.shapes, "sketching")
        names = [thing.name for thing in things]
        name, colour = named[number] if number < len(named) else ((yield from _another(desk, subject, names)), "")
        if name in names:
            continue  # it has run out of things; better fewer than the same again
        desk.begin(_picture(subject), reply=f"Background: {ground}\n{name.capitalize()}: ")
        things.append((yield from _thing(desk, name, colour, usual, ground)))
    opening, closing, line = (*_svg(ground), _svg_thing) if options.lang == "svg" else (*_p5js(ground), _p5js_thing)
    yield from desk.show(opening)
    for thing in sorted(things, key=lambda thing: -thing.width * thing.height):
        yield from desk.show(line(thing))
    yield from desk.show(closing)


def _picture(subject: str) -> list[Message]:
    asked, example = examples.PICTURE
    system = "You describe simple pictures as lists of shapes, from back to front."
    request = "List the shapes of this picture: "
    return talk(system, request + subject, ((request + asked, example),))


def _another(desk: Desk, subject: str, names: Sequence[str]) -> Generator[Event, None, str]:
    """One more thing that the picture may hold."""
    shots = tuple((f"What is in a picture of {asked}?", held) for asked, held in examples.HELD)
    desk.begin(talk("You name things in pictures.", f"What is in a picture of {subject}?", shots))
    desk.hint("".join(f"{name}, " for name in names))
    slot = Slot("thing", words=1, stop="\n,.", only=string.ascii_letters + " ", label=True, penalty=1.0, limit=4)
    worthy = functools.partial(worth.names_new, "", (*names, *COLOURS, *SHAPES, "background"))
    return (yield from desk.best(slot, worthy, shown=False)).strip().lower() or "thing"


def things_named(subject: str) -> list[tuple[str, str]]:
    """Things that a prompt names, each with the colour that stands before it, if one does."""
    found: list[tuple[str, str]] = []
    colour = ""
    for word in re.findall(r"[a-z]+", subject.lower()):
        if word in COLOURS:
            colour = word
        elif word in NOT_THINGS:
            colour = colour if word in ("big", "small", "large", "little", "tiny", "huge", "bright", "dark") else ""
        else:
            found.append((word[:24], colour))
            colour = ""
    return found[:6]


def _usual(desk: Desk) -> Generator[Event, None, dict[str, float]]:
    """How likely each word of the sketch is when nothing is known: what a small model says out of habit."""
    desk.begin(_picture("something"), reply="Background: white\nThing: ")
    usual: dict[str, float] = {}
    for words, after in ((COLOURS, "white "), (SHAPES, "circle, "), (tuple(SIZES), "medium, "), (tuple(PLACES), "")):
        usual |= dict(zip(words, (yield from desk.weigh(words)), strict=True))
        desk.hint(after)
    return usual


def _pick(desk: Desk, words: Sequence[str], usual: Mapping[str, float]) -> Generator[Event, None, str]:
    """The word that the picture makes likelier than habit does; drawn, since there are many pictures."""
    weights = yield from desk.weigh(words)
    heat = max(desk.manner.temperature, 0.01)
    gains = [(weight - HABIT * usual[word]) / heat for word, weight in zip(words, weights, strict=True)]
    top = max(gains)
    chances = [math.exp(gain - top) for gain in gains]
    mark = desk.chance()[0] * sum(chances)
    chosen = next(
        (word for word, upto in zip(words, itertools.accumulate(chances), strict=True) if upto > mark), words[-1]
    )
    desk.hint(chosen)
    return chosen


def _thing(
    desk: Desk, name: str, colour: str, usual: Mapping[str, float], ground: str
) -> Generator[Event, None, Thing]:
    """The rest of a line of the sketch: `Moon: white circle, small, top right`."""
    if colour:
        desk.hint(colour)
    else:
        colour = yield from _pick(desk, [each for each in COLOURS if each != ground], usual)
    desk.hint(" ")
    shape = yield from _pick(desk, SHAPES, usual)
    desk.hint(", ")
    size = yield from _pick(desk, tuple(SIZES), usual)
    desk.hint(", ")
    place = yield from _pick(desk, tuple(PLACES), usual)
    (x, y), width = PLACES[place], SIZES[size]
    stretch = {"circle": 1.0, "rectangle": 0.6, "triangle": 0.9, "ellipse": 0.5}[shape]
    dx, dy = (round(72 * draw) - 36 for draw in desk.chance(2))
    return Thing(name, colour, shape, x + dx, y + dy, width, round(width * stretch))


def _p5js(ground: str) -> tuple[str, str]:
    setup = f"function setup() {{\n  createCanvas({CANVAS}, {CANVAS});\n  noLoop();\n}}\n\n"
    return f'{setup}function draw() {{\n  background("{ground}");\n  noStroke();\n', "}\n"


def _p5js_thing(thing: Thing) -> str:
    left, top = thing.x - thing.width // 2, thing.y - thing.height // 2
    call = {
        "circle": f"circle({thing.x}, {thing.y}, {thing.width})",
        "ellipse": f"ellipse({thing.x}, {thing.y}, {thing.width}, {thing.height})",
        "rectangle": f"rect({left}, {top}, {thing.width}, {thing.height})",
        "triangle": f"triangle({_corners(thing).replace(' ', ', ').replace(',', ', ').replace(',  ', ', ')})",
    }[thing.shape]
    return f'\n  // {thing.name}\n  fill("{thing.colour}");\n  {call};\n'


def _svg(ground: str) -> tuple[str, str]:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS} {CANVAS}">\n'
    return f'{head}  <rect width="{CANVAS}" height="{CANVAS}" fill="{ground}"/>\n', "</svg>\n"


def _svg_thing(thing: Thing) -> str:
    left, top = thing.x - thing.width // 2, thing.y - thing.height // 2
    shape = {
        "circle": f'circle cx="{thing.x}" cy="{thing.y}" r="{thing.width // 2}"',
        "ellipse": f'ellipse cx="{thing.x}" cy="{thing.y}" rx="{thing.width // 2}" ry="{thing.height // 2}"',
        "rectangle": f'rect x="{left}" y="{top}" width="{thing.width}" height="{thing.height}"',
        "triangle": f'polygon points="{_corners(thing)}"',
    }[thing.shape]
    return f'  <{shape} fill="{thing.colour}"><title>{thing.name}</title></{shape.split(" ", 1)[0]}>\n'


def _corners(thing: Thing) -> str:
    """Corners of a triangle that stands: `x,y x,y x,y`."""
    half, foot = thing.width // 2, thing.y + thing.height // 2
    return f"{thing.x},{thing.y - thing.height // 2} {thing.x - half},{foot} {thing.x + half},{foot}"
