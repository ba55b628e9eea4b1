"""Forms with parts: screenplays, dialogues, plots and characters, each valid by construction."""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Generator, Iterator

from genart_nb.arts import examples, worth
from genart_nb.arts.desk import Desk
from genart_nb.arts.prose import qualified, talk
from genart_nb.arts.slots import QUOTES, Slot
from genart_nb.arts.tasks import CharacterOptions, DialogueOptions, PlotOptions, ScreenplayOptions, names_of
from genart_nb.events import Event
from genart_nb.recipe import Recipe

PLAIN = "#*[]{}<>|_`~\\"
"""Markup, which spoken words never need."""

ROMAN = ("I", "II", "III", "IV", "V")
TIMES = ("by day", "at night", "in the morning", "in the evening")
MANNERS = ("quietly", "smiling", "after a pause", "surprised", "laughing", "turning away", "whispering", "firmly")
NAMES = ("MARA", "TOM", "ELIAS", "NORA", "JUNE", "OSCAR", "IRIS", "HENRY")
ARCS = {
    3: ("who the hero is and what starts it all", "how everything grows harder", "how it ends"),
    4: ("who the hero is and what starts it all", "the first steps", "the darkest hour", "how it ends"),
    5: ("who the hero is", "what starts it all", "how everything turns", "the darkest hour", "how it ends"),
}


def dialogue(desk: Desk, recipe: Recipe, options: DialogueOptions) -> Iterator[Event]:
    """Lines `Name: speech`; the speakers take turns."""
    names = names_of(options)
    kind = qualified(options.tone) + "dialogue"
    system = f"You write natural {kind}s. Everybody says something new and answers what was said before."
    cast = f"{', '.join(names[:-1])} and {names[-1]}"
    request = f"Write a {kind} between {cast} about this: {desk.fit(recipe.prompt)}"
    asked, example = examples.DIALOGUE
    desk.avoid(example)
    desk.begin(talk(system, request, ((f"Write {asked}", example),) if desk.small else ()))
    said: list[str] = []
    for turn in range(options.turns):
        name = names[turn % len(names)]
        yield from desk.say(f"\n{name}: " if turn else f"{name}: ")
        ask = f"what {name} says next, one or two sentences"
        slot = Slot("speech", ask, words=20, sentences=2, stop="\n", ban=PLAIN + ':"()', least=2)
        said.append((yield from desk.best(slot, functools.partial(worth.says_more, recipe.prompt, tuple(said)))))


def plot(desk: Desk, recipe: Recipe, options: PlotOptions) -> Iterator[Event]:
    """A title, then acts: `Act I: Title` and what happens in it."""
    kind = qualified(options.genre) + "story"
    system = f"You plan {kind}s. You tell what happens in each act, who does it and why."
    arc = "; ".join(f"Act {ROMAN[n]}: {what}" for n, what in enumerate(ARCS[options.acts]))
    request = f"Outline the plot of a {kind} in {options.acts} acts about this: "
    subject, example = examples.PLOT
    shots = ((f"Outline the plot of a story in 3 acts about this: {subject}", example),) if desk.small else ()
    desk.avoid(example)
    hint = "" if desk.small else f"\n\nThe acts: {arc}."
    desk.begin(talk(system, request + desk.fit(recipe.prompt) + hint, shots))
    yield from desk.show("# ")
    slot = Slot("title", "the title", words=5, ban=QUOTES + ":.;,()", label=True)
    yield from desk.best(slot, functools.partial(worth.entitles, recipe.prompt))
    said: list[str] = []
    headings: list[str] = []
    for number, what in enumerate(ARCS[options.acts]):
        yield from desk.say(f"\n\nAct {ROMAN[number]}: ")
        ask = f"a title of two to five words for act {ROMAN[number]} ({what})"
        slot = Slot("heading", ask, words=4, ban=QUOTES + ":.;,()", label=True)
        headings.append((yield from desk.best(slot, functools.partial(worth.names_new, "", tuple(headings)))))
        yield from desk.say("\n")
        ask = f"what happens in act {ROMAN[number]} ({what}), {options.sentences} sentences"
        words = 25 * options.sentences
        slot = Slot("act", ask, words=words, sentences=options.sentences, stop="\n", ban=PLAIN, least=words // 2)
        said.append((yield from desk.best(slot, functools.partial(worth.says_more, recipe.prompt, tuple(said)))))


def screenplay(desk: Desk, recipe: Recipe, options: ScreenplayOptions) -> Iterator[Event]:
    """Scene headings, action, and two characters who speak in turn."""
    kind = qualified(options.genre) + "film"
    system = f"You write short scenes for a {kind}: concrete action, and people who answer each other."
    subject = desk.fit(recipe.prompt)
    cast = yield from _cast(desk, subject)
    asked, example = examples.SCREENPLAY
    shots = ((f"Write scenes with {asked}", example),) if desk.small else ()
    desk.avoid(example)
    desk.begin(talk(system, f"Write scenes with {cast[0].title()} and {cast[1].title()}: {subject}", shots))
    speakers = itertools.cycle(cast)
    said: list[str] = []
    places: list[str] = []
    yield from desk.show("FADE IN:")
    for scene in range(options.scenes):
        yield from _heading(desk, subject, places)
        ask = f"the action that opens scene {scene + 1}, in one or two sentences"
        slot = Slot("action", ask, words=20, sentences=2, stop="\n", ban=PLAIN + ':"-()0123456789', least=5)
        said.append((yield from desk.best(slot, functools.partial(worth.says_more, subject, tuple(said)))))
        for _ in range(options.speeches):
            yield from _speech(desk, next(speakers), subject, said)
    yield from desk.show("\n\nFADE OUT.")


def _cast(desk: Desk, subject: str) -> Generator[Event, None, list[str]]:
    """Two first names: a small model is given them, another finds its own."""
    spare = [name for _, name in sorted(zip(desk.chance(len(NAMES)), NAMES, strict=True))]
    if desk.small:
        return spare[:2]
    cast: list[str] = []
    desk.begin(talk("You cast films.", f"Name two characters of a film about this: {subject}"))
    ban = QUOTES + "0123456789.,:;!?()&-/'"
    for _ in range(2):
        taken = f", not {cast[0]}" if cast else ""
        slot = Slot("name", f"the first name of one character{taken}", words=1, ban=ban, label=True)
        name = (yield from desk.write(slot, shown=False)).split()[0].upper()
        cast.append(name if 2 <= len(name) <= 14 and name not in cast and name != name.lower() else spare.pop())
        desk.hint(" and ")
    return cast


def _heading(desk: Desk, subject: str, places: list[str]) -> Iterator[Event]:
    """`INT. PLACE - NIGHT`, which the model reads as `Scene: inside a place, at night`."""
    desk.hint("\n\nScene: " if places else "Scene: ")
    side = yield from desk.choose("kind of place", ("inside", "outside"), shown=False)
    desk.hint(" the ")
    slot = Slot("place", "the place of the scene, two or three words", words=2, ban=QUOTES + ".,:;!?()-/", label=True)
    place = yield from desk.best(slot, functools.partial(worth.names_new, subject, tuple(places)), shown=False)
    places.append(place)
    desk.hint(", ")
    time = yield from desk.choose("time of day", TIMES, shown=False)
    desk.hint("\n")
    yield from desk.show(
        f"\n\n{'INT.' if side == 'inside' else 'EXT.'} {place.upper()} - {time.split()[-1].upper()}\n\n"
    )


def _speech(desk: Desk, name: str, subject: str, said: list[str]) -> Iterator[Event]:
    """A cue, now and then a manner, and the words."""
    desk.hint(f"\n{name.title()}: ")
    manner = ""
    if desk.chance()[0] < 0.2:
        manner = f"({MANNERS[int(desk.chance()[0] * len(MANNERS))]})\n"
    yield from desk.show(f"\n\n{name}\n{manner}")
    ask = f"what {name} says next, one or two sentences"
    slot = Slot("speech", ask, words=16, sentences=2, stop="\n", ban=PLAIN + ':"()', least=3)
    said.append((yield from desk.best(slot, functools.partial(worth.says_more, subject, tuple(said)))))


FIELDS: tuple[tuple[str, str, int], ...] = (
    ("occupation", "what they do for a living, two to six words", 5),
    ("appearance", "how they look, one sentence", 18),
    ("background", "where they come from, one or two sentences", 26),
    ("goal", "what they want most, one sentence", 16),
    ("fear", "what they fear, one sentence", 14),
    ("secret", "what nobody knows about them, one sentence", 16),
)


def character(desk: Desk, recipe: Recipe, options: CharacterOptions) -> Iterator[Event]:
    """A JSON object: name, age, occupation, appearance, three traits, background, goal, fear, secret."""
    world = f" in a {options.genre.strip()} world" if options.genre.strip() else ""
    system = "You invent characters with concrete, surprising details and describe them as JSON."
    subject, example = examples.CHARACTER
    shots = ((f"Describe a character as JSON: {subject}", example),) if desk.small else ()
    desk.avoid(example)
    desk.begin(talk(system, f"Describe a character{world} as JSON: {desk.fit(recipe.prompt)}", shots))
    yield from desk.say('{\n  "name": ')
    if options.name.strip():
        yield from desk.say(json.dumps(options.name.strip(), ensure_ascii=False))
    else:
        yield from desk.say('"')
        yield from desk.write(_string("name", "a first name and a surname", 2, ban="0123456789.:;!?()"))
        yield from desk.say('"')
    yield from desk.say(',\n  "age": ')
    yield from _age(desk)
    for key, ask, words in FIELDS:
        yield from desk.say(f',\n  "{key}": "')
        yield from desk.write(_string(key, ask, words, label=words < 8))
        yield from desk.say('"')
        if key == "appearance":
            yield from _traits(desk)
    yield from desk.say("\n}")


def _string(key: str, ask: str, words: int, *, ban: str = "", label: bool = True) -> Slot:
    """The inside of a JSON string: no quotation mark, backslash or line end."""
    return Slot(key, ask, words=words, sentences=0 if label else 2, stop='"', ban="\\\n*{}[]<>#|" + ban, label=label)


def _traits(desk: Desk) -> Iterator[Event]:
    yield from desk.say(',\n  "traits": [')
    traits: list[str] = []
    for number in range(3):
        yield from desk.say(', "' if number else '"')
        slot = _string("trait", f"trait {number + 1} of 3: one or two words", 2, ban=".,:;!?()0123456789")
        traits.append((yield from desk.best(slot, functools.partial(worth.names_new, "", tuple(traits)))))
        yield from desk.say('"')
    yield from desk.say("]")


def _age(desk: Desk) -> Iterator[Event]:
    """A whole number of years, 1 to 120."""
    digits = yield from desk.write(
        Slot("age", "the age in years, a number", words=1, only="0123456789", limit=2, label=True), shown=False
    )
    found = re.sub(r"^0+", "", digits)[:3] or "30"
    age = int(found) if int(found) <= 120 else int(found[:2])
    yield from desk.show(str(age))
