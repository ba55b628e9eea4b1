"""Polish: spelling and grammar put right without losing the meaning.

A small model asked to correct a text invents another. So it is only asked what it is good at: which of two
sentences is likelier. Corrections of each word are proposed by rule (`mending`), the model weighs the sentence with
and without each, and a correction is taken when it gains more than its kind of edit costs: a noisy channel
(Kernighan, Church and Gale 1990, https://aclanthology.org/C90-2036). What nobody proposes cannot change.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from genart_nb.arts.desk import Desk
from genart_nb.arts.mending import Edit, content_words, edits, is_english, tidy, words_of
from genart_nb.arts.model_desk import ModelDesk
from genart_nb.arts.prose import pieces, talk
from genart_nb.arts.slots import Slot, count_words, split_sentences
from genart_nb.arts.tasks import PolishOptions
from genart_nb.events import Event, Token
from genart_nb.recipe import Recipe

WINDOW = 12
"""Words after an edit that the model weighs; what is farther off hardly tells."""

PASSES = 2
KEEPS = 0.75
"""Share of a sentence's content words that a new wording must keep."""

SYSTEM = "You write clear, correct English."
FULL = (
    ("She dont like the rain because of it make her sad.", "She does not like the rain because it makes her sad."),
    ("In my opinion I think that the movie was good in a way.", "I think the movie was good."),
)


def polish(desk: Desk, recipe: Recipe, options: PolishOptions) -> Iterator[Event]:
    """The text put right, sentence by sentence."""
    text = desk.fit(recipe.prompt)
    if not isinstance(desk, ModelDesk):
        yield from _asked(desk, text, options)
        return
    before = ""
    for sentence in split_sentences(text):
        body = sentence.strip()
        start = sentence.find(body) if body else len(sentence)
        if body and is_english(body):
            if options.strength == "full":
                body = yield from _anew(desk, body, options)
            body = yield from _mended(desk, before, tidy(body))
        before = f"{before} {body}".strip()[-400:]
        yield from desk.show(sentence[:start] + body + sentence[start + len(sentence.strip()) :])
        yield Token("")


def _mended(desk: ModelDesk, before: str, sentence: str) -> Generator[Event, None, str]:
    """The sentence with every correction that the model finds worth its cost."""
    desk.begin(talk(SYSTEM, "Write a text in correct English."))
    for _ in range(PASSES):
        changed = False
        place = 0
        while place < len(words_of(sentence)):
            edit = yield from _best(desk, before, sentence, place)
            if edit is not None:
                sentence, changed = edit.text, True
            place += 1
        if not changed:
            break
    return sentence


def _best(desk: ModelDesk, before: str, sentence: str, place: int) -> Generator[Event, None, Edit | None]:
    """The correction at one word that gains most beyond its cost, if any does."""
    offered = edits(sentence, place)
    if not offered:
        return None
    lead = f"{before} " if before else ""
    texts = [lead + _window(text, place) for text in (sentence, *(edit.text for edit in offered))]
    weights = yield from desk.weigh(texts)
    gains = [(weight - weights[0] - edit.cost, -number) for number, (weight, edit) in
             enumerate(zip(weights[1:], offered, strict=True))]  # fmt: skip
    gain, number = max(gains)
    return offered[-number] if gain > 0 else None


def _window(sentence: str, place: int) -> str:
    spots = words_of(sentence)
    return sentence[: spots[place + WINDOW].start()] if place + WINDOW < len(spots) else sentence


def _anew(desk: Desk, sentence: str, options: PolishOptions) -> Generator[Event, None, str]:
    """The sentence in the model's words, if they keep what it says; else as it was."""
    messages = talk("You correct sentences and make them clearer.", sentence, FULL)
    desk.begin(messages)
    words = count_words(sentence)
    slot = Slot("sentence", words=round(1.2 * words) + 2, sentences=1, penalty=1.0, temperature=options.temperature)
    said = yield from desk.write(slot, shown=False)
    return said if keeps_meaning(sentence, said) else sentence


def keeps_meaning(old: str, new: str) -> bool:
    """Whether a new wording has most content words of the old, all its numbers and names, and little besides."""
    had, has = content_words(old), content_words(new)
    fixed = set(re.findall(r"\d[\d.,:]*|(?<=\S )[A-Z]\w+", old))
    near = had & has
    return (
        len(near) >= KEEPS * len(had)
        and len(has - had) <= max(1, 0.25 * len(has))
        and all(each in new for each in fixed)
        and 0.5 * len(old) <= len(new) <= 1.3 * len(old) + 10
    )


def _asked(desk: Desk, text: str, options: PolishOptions) -> Iterator[Event]:
    """A server is asked piece by piece; a piece comes back as it was if the reply lost its meaning."""
    for piece, gap in pieces(text):
        how = "spelling and grammar" if options.strength == "light" else "spelling, grammar and style"
        request = f"Correct the {how} of this text, keep its meaning, and reply with the text alone:\n\n{piece}"
        desk.begin(talk("You are a careful copy editor.", request))
        slot = Slot("text", words=2 * count_words(piece) + 8, stop="", temperature=options.temperature)
        said = yield from desk.write(slot, shown=False)
        yield from desk.show((said if keeps_meaning(piece, said) else piece) + gap)
