"""Running text: stories, rewritings, summaries, translations, answers and conversation."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence

from genart_nb.arts import examples, worth
from genart_nb.arts.desk import Desk, Writing
from genart_nb.arts.slots import QUOTES, Slot, count_words, split_sentences
from genart_nb.arts.tasks import (
    AskOptions,
    ChatOptions,
    RewriteOptions,
    StoryOptions,
    SummarizeOptions,
    TranslateOptions,
)
from genart_nb.events import Event
from genart_nb.models.language import Message
from genart_nb.recipe import Recipe

TURNS = ("But one evening,", "Then, one morning,", "One night,", "That was when", "Then", "Suddenly,")
CLOSES = ("In the end,", "At last,", "From that day on,", "When it was over,", "By morning,", "Years later,")
PIECE_WORDS = 160
"""Words rewritten or translated at once: small models lose the thread of more."""
PART_SHARE = 0.5
"""Share of the context that one part of a long text may take when it is summed up."""
MAX_PARTS = 24


def talk(system: str, user: str, shots: Sequence[tuple[str, str]] = ()) -> list[Message]:
    """A conversation: what the model is, examples of what is wanted, and the request."""
    turns: list[Message] = [{"role": "system", "content": system}]
    for asked, answered in shots:
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return [*turns, {"role": "user", "content": user}]


def qualified(*qualities: str) -> str:
    """Words that go before a noun, each followed by a space; empty ones left out."""
    return "".join(f"{quality.strip()} " for quality in qualities if quality.strip())


def story(desk: Desk, recipe: Recipe, options: StoryOptions) -> Iterator[Event]:
    """A title, then a beginning, a turn and an end: a small model's turns and end are opened by set words."""
    kind = qualified(options.tone, options.genre) + "story"
    first = options.point_of_view == "first"
    system = f"You write short {kind}s in plain, concrete words, with a beginning, a middle and an end."
    request = f"Write a short {kind}{', told by its hero,' if first else ''} about this: "
    subject, example = examples.STORY_FIRST if first else examples.STORY
    shots = ((request + subject, example),) if desk.small else ()
    desk.avoid(example)
    desk.begin(talk(system, request + desk.fit(recipe.prompt), shots))
    yield from desk.show("# ")
    slot = Slot("title", "the title of the story", words=5, ban=QUOTES + ":.;,()", label=True)
    yield from desk.best(slot, functools.partial(worth.entitles, recipe.prompt))
    yield from desk.say("\n\n")
    if not desk.small:
        yield from desk.write(Slot("story", "the story itself", words=options.words, stop="", ban="#*"))
        return
    if first:
        yield from desk.say("I ")
    parts = max(3, round(options.words / 70))
    for part in range(parts):
        if part:
            yield from desk.say("\n\n")
            openings = CLOSES if part == parts - 1 else TURNS
            yield from desk.choose("opening", openings)
            yield from desk.say(" ")
        words = max(8, round(0.8 * options.words / parts))
        slot = Slot("paragraph", words=words, stop="\n", ban="#*[]{}<>|_`~", least=2 * words // 3)
        yield from desk.write(slot)


def rewrite(desk: Desk, recipe: Recipe, options: RewriteOptions) -> Iterator[Event]:
    """The text again in another voice: piece by piece, or by the sentence where the model is small."""
    voice = options.voice.strip() or "a warm old storyteller"
    text = desk.fit(recipe.prompt)
    system = "You say things again in another voice. You keep the meaning."
    shots = tuple((f"Say it like {who}: {plain}", said) for who, plain, said in examples.VOICES) if desk.small else ()
    for piece, gap in sentences(text) if desk.small else pieces(text):
        desk.begin(talk(system, f"Say it like {voice}: {piece}", shots))
        limit = max(8, round(1.4 * count_words(piece)))
        slot = Slot("text", words=limit, sentences=2 * len(split_sentences(piece)), stop="\n" if desk.small else "")
        yield from desk.best(slot, functools.partial(worth.retold, piece))
        yield from desk.show(gap)


def translate(desk: Desk, recipe: Recipe, options: TranslateOptions) -> Iterator[Event]:
    """The text in another language, piece by piece."""
    to = options.to.strip() or "French"
    system = f"You translate into {to}. You write the translation and nothing else."
    for piece, gap in pieces(desk.fit(recipe.prompt)):
        desk.begin(talk(system, f"Translate into {to}: {piece}"))
        slot = Slot("translation", words=max(6, 2 * count_words(piece)), sentences=len(split_sentences(piece)), stop="")
        yield from desk.write(slot)
        yield from desk.show(gap)


def summarize(desk: Desk, recipe: Recipe, options: SummarizeOptions) -> Iterator[Event]:
    """The main points; a text longer than the context is summed up part by part, then its summaries are."""
    text = recipe.prompt
    rounds = 0
    while desk.measure(text) > 1.0 and rounds < 3:
        text = yield from _condensed(desk, text)
        rounds += 1
    text = desk.fit(text)
    number = f"{options.sentences} sentence{'s' if options.sentences > 1 else ''}"
    system = f"You write brief, neutral summaries of up to {number}, with the main names, dates and numbers."
    bullets = options.style == "bullets"
    how = f"List its main points in {number}, each on a line of its own." if bullets else f"Sum it up in {number}."
    desk.begin(talk(system, f"{text}\n\n{how}"))
    if not desk.small and not bullets:
        yield from desk.write(Slot("summary", words=40 * options.sentences, sentences=options.sentences, stop=""))
        return
    said = ""
    for point in range(options.sentences):
        yield from desk.say("- " if bullets and not point else "\n- " if bullets else " " if point else "")
        ask = f"point {point + 1} of {options.sentences}, one short sentence"
        slot = Slot("point", ask, words=20 if bullets else 26, sentences=1, stop="\n", least=4)
        said += " " + (yield from desk.best(slot, functools.partial(worth.sums_up, text, said)))


def _condensed(desk: Desk, text: str) -> Writing:
    """Summaries of the parts of a text, none shown."""
    parts = list(itertools.islice(desk.parts(text, PART_SHARE), MAX_PARTS + 1))
    if len(parts) > MAX_PARTS:
        parts.pop()
        desk.facts["cut"] = {"read": sum(map(len, parts)), "of": len(text)}
    points = []
    for part in parts:
        desk.begin(talk("You sum up texts.", f"Sum up this text in two short sentences:\n\n{part}"))
        points.append((yield from desk.write(Slot("summary", words=50, sentences=2), shown=False)))
    desk.facts["parts"] = len(parts)
    return "\n".join(points)


ASKED = (
    ("What is the largest planet?", "Jupiter is the largest planet of our solar system."),
    ("How many days are in a leap year?", "A leap year has 366 days, one more than other years."),
    ("Who painted the Mona Lisa?", "Leonardo da Vinci painted the Mona Lisa in the early 1500s."),
)


def ask(desk: Desk, recipe: Recipe, options: AskOptions) -> Iterator[Event]:
    """A short answer."""
    system = "You answer questions correctly and briefly, in plain words."
    desk.begin(talk(system, desk.fit(recipe.prompt), ASKED if desk.small else ()))
    words = 30 * options.sentences
    yield from desk.write(Slot("answer", words=words, sentences=options.sentences, stop=""))


def chat(desk: Desk, recipe: Recipe, options: ChatOptions) -> Iterator[Event]:
    """The next turn of a conversation; the oldest turns are forgotten when the context is full."""
    persona = options.persona.strip() or "a friendly companion"
    system: Message = {"role": "system", "content": f"You are {persona} who answers in a few short, warm sentences."}
    shots = talk("", "", examples.CHAT)[1:-1] if desk.small and not options.persona.strip() else []
    latest: Message = {"role": "user", "content": desk.fit(recipe.prompt)}
    room = 1.0 - desk.measure(latest["content"])
    earlier: list[Message] = []
    for turn in reversed(recipe.turns):
        room -= desk.measure(turn.content) + 0.001
        if room < 0:
            desk.facts["forgotten"] = len(recipe.turns) - len(earlier)
            break
        earlier.insert(0, {"role": turn.role, "content": turn.content})
    desk.begin([system, *shots, *earlier, latest])
    yield from desk.write(Slot("reply", words=options.words, stop=""))


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """Sentences of a text, each with the gap that follows it."""
    for sentence in split_sentences(text):
        body = sentence.strip()
        if body:
            yield body, sentence[len(sentence.rstrip()) :]


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """A text in pieces of whole sentences, each with the gap that follows it; paragraphs are never joined."""
    held = ""
    for sentence in split_sentences(text):
        held += sentence
        body = held.rstrip()
        gap = held[len(body) :]
        if body and ("\n" in gap or count_words(body) >= PIECE_WORDS):
            yield body.lstrip(), gap
            held = ""
    if held.strip():
        yield held.strip(), ""
