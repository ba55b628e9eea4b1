"""Small programs: drawings in p5.js or SVG, and Python. Nothing is ever run here.

A small model cannot write a program, but it can say what is in a picture: it fills in a sketch (thing, colour,
shape, size, place), and the sketch is written down as code, so the code is valid by construction. Its Python is
kept line by line only while Python's own grammar accepts it. A larger model writes freely and is checked after.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from genart_nb.arts import examples
from genart_nb.arts.desk import Desk
from genart_nb.arts.drawing import drawing
from genart_nb.arts.prose import talk
from genart_nb.arts.slots import Slot, unwrapped
from genart_nb.arts.tasks import CodeOptions
from genart_nb.errors import EngineError
from genart_nb.events import Event, Preview
from genart_nb.recipe import Recipe

LANGUAGES = {"p5js": ("javascript", "a p5.js sketch"), "svg": ("svg", "an SVG picture"), "python": ("python", "Python")}
TRIES = 4
"""Times a line of Python is written anew before the program ends without it."""

ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "title",
        "desc",
        "defs",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "animate",
        "animateTransform",
        "animateMotion",
    ]
)
ATTRIBUTE = re.compile(r"(?!on)[A-Za-z][A-Za-z-]*\Z")
OUTSIDE = re.compile(r"(?:url\((?!['\"]?#)|javascript:|data:|@import|https?:)", re.IGNORECASE)


def code(desk: Desk, recipe: Recipe, options: CodeOptions) -> Iterator[Event]:
    """A program in the language asked for."""
    subject = desk.fit(recipe.prompt)
    if not desk.small:
        yield from _free(desk, subject, options)
    elif options.lang == "python":
        yield from _python(desk, subject, options)
    else:
        yield from drawing(desk, subject, options)


def checked(lang: str, text: str) -> dict[str, Any]:
    """Facts on a program: whether it parses, and whether it can be shown working."""
    parses = {"python": python_parses, "svg": svg_is_safe, "p5js": is_balanced}[lang](text)
    drawn = lang == "svg" or (lang == "p5js" and bool(re.search(r"\bfunction\s+(?:setup|draw)\s*\(", text)))
    return {"parses": parses, "preview": parses and drawn}


def python_parses(text: str) -> bool:
    """Whether Python's grammar accepts it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(text.strip())


def svg_is_safe(text: str) -> bool:
    """Whether it is one well-formed SVG of plain shapes: no script, no handler, nothing from outside."""
    if re.search(r"<!(?!--)|<\?(?!xml )", text):
        return False
    try:
        root = ElementTree.fromstring(text.strip())
    except (ElementTree.ParseError, ValueError):
        return False
    if _local(root.tag) != "svg":
        return False
    for element in root.iter():
        if not isinstance(element.tag, str) or _local(element.tag) not in ELEMENTS:
            return False
        for name, value in element.attrib.items():
            if not ATTRIBUTE.match(_local(name)) or _local(name) == "href" or OUTSIDE.search(value):
                return False
    return True


def is_balanced(text: str) -> bool:
    """Whether brackets pair up and strings end, comments aside."""
    bare = re.sub(
        r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`", " ", text, flags=re.S
    )
    if re.search(r"[\"'`]|/\*", bare):
        return False
    pairs, open_now = {")": "(", "]": "[", "}": "{"}, []
    for mark in bare:
        if mark in "([{":
            open_now.append(mark)
        elif mark in pairs and (not open_now or open_now.pop() != pairs[mark]):
            return False
    return not open_now and bool(text.strip())


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _python(desk: Desk, subject: str, options: CodeOptions) -> Iterator[Event]:
    """Lines of Python, each kept only if the program so far can still become one."""
    asked, example = examples.PYTHON
    shots = ((f"Write a short Python program: {asked}", f"```python\n{example}```"),)
    messages = talk("You write short, correct Python programs.", f"Write a short Python program: {subject}", shots)
    whole, tries = "", 0
    while whole.count("\n") < options.lines and tries < TRIES:
        indent = _indent(whole) if whole.endswith(":\n") else ""
        desk.begin(messages, reply="```python\n" + whole + indent)
        wanted = bool(indent) or not whole or whole.endswith("\n\n\n")
        slot = Slot("line", words=24, stop="\n`", penalty=1.0, raw=True, least=1 if wanted else 0)
        written = yield from desk.write(slot, shown=False)
        line = (indent[:-1] + written).rstrip()
        if desk.ended and not line and python_parses(whole):
            break
        if may_continue(f"{whole}{line}\n") and not (line and line in whole.split("\n")[-3:]):
            whole, tries = f"{whole}{line}\n", 0
            if line[:1].isalpha() and line.endswith(")") and python_parses(whole):
                break  # a call at the margin shows what was made: a small model only repeats itself after it
        else:
            tries += 1
    yield from desk.show(_completed(whole))


def may_continue(text: str) -> bool:
    """Whether more lines could make `text` a program."""
    return any(python_parses(text + rest) for rest in ("", "pass\n", _indent(text) + "pass\n"))


def _indent(text: str) -> str:
    last = text.rstrip("\n").rsplit("\n", 1)[-1]
    return last[: len(last) - len(last.lstrip())] + "    "


def _completed(text: str) -> str:
    """A program that parses: lines are dropped from its end until it does."""
    lines = text.rstrip().split("\n")
    while lines and not python_parses("\n".join(lines)):
        lines.pop()
    if not lines:
        raise EngineError(
            "The model did not find a program that Python can read.",
            "try another --seed, or a larger model: `%genart model text ID_OR_PATH`",
        )
    return "\n".join(lines).rstrip() + "\n"


def _free(desk: Desk, subject: str, options: CodeOptions) -> Iterator[Event]:
    """The program as the model writes it, without the fence around it."""
    fence, kind = LANGUAGES[options.lang]
    rules = {
        "p5js": "Use function setup() and function draw() on a 400 by 400 canvas, and nothing from the network.",
        "svg": 'Write one <svg> element with viewBox="0 0 400 400", plain shapes only, no script.',
        "python": "Use the standard library only.",
    }[options.lang]
    request = f"Write {kind}: {subject}\n\n{rules} Answer with the program alone."
    desk.begin(talk("You are a careful programmer.", request), reply=f"```{fence}\n")
    yield from desk.write(Slot("program", words=600, stop="", penalty=1.0, raw=True))
    program = (desk.text.split("\n```")[0] if desk.begins else unwrapped(desk.text)).rstrip() + "\n"
    if program != desk.text:
        desk.text = program
        yield Preview(program)
