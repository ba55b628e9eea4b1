"""Poems and lyrics: a form kept by construction where the model runs here, and checked where a server writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from genart_nb.arts.form import ArtForm, weakness
from genart_nb.arts.forms import Form, FormReport, check, form
from genart_nb.arts.verse import write
from genart_nb.artwork import Artwork
from genart_nb.events import Event, Preview, Step
from genart_nb.models.card import ModelCard
from genart_nb.models.language import ChatServer, LanguageModel, Message
from genart_nb.options import Options, option
from genart_nb.recipe import SEED_MAX, Recipe

STRIDE = 0x9E3779B1
"""Between the seeds of a work's sections: odd, so that no two sections of a song share one."""

DRAFTS = 4
"""Poems asked of a server, of which the one nearest its form is kept."""


class VerseOptions(Options):
    """What all verse takes."""

    temperature: float = option(0.8, "how freely words are drawn", ge=0.1, le=1.5, step=0.05)
    effort: int = option(3, "how many versions of each line are tried", ge=1, le=5, step=1)


class PoemOptions(VerseOptions):
    """`%%poem`."""

    form: Literal["free", "haiku", "limerick", "couplets", "quatrain", "sonnet", "acrostic"] = option(
        "free", "the form to keep"
    )
    lines: int = option(0, "length of free verse or couplets; 0 is the usual", ge=0, le=40, step=2, unit="lines")
    rhyme_scheme: Literal["ABAB", "AABB", "ABBA", "ABCB"] = option("ABAB", "a quatrain's rhymes")
    word: str = option("", "what an acrostic spells; left out, the prompt's last word", max_length=40)


class LyricsOptions(VerseOptions):
    """`%%lyrics`."""

    verses: int = option(2, "how many verses, with the chorus after each", ge=1, le=4, step=1)
    rhyme_scheme: Literal["ABAB", "AABB", "ABBA", "ABCB"] = option("ABCB", "the verses' rhymes")


def poem(recipe: Recipe, model: LanguageModel | ChatServer) -> Iterator[Event]:
    """Write one poem."""
    yield from _verse(model, recipe.prompt, _form(recipe), recipe.seed, PoemOptions.read(recipe.options))


def lyrics(recipe: Recipe, model: LanguageModel | ChatServer) -> Iterator[Event]:
    """Write the chorus first, since every verse leads to it, then the verses."""
    options = LyricsOptions.read(recipe.options)
    sections = {"Chorus": form("couplets", lines=4)}
    for number in range(1, options.verses + 1):
        sections[f"Verse {number}"] = form("quatrain", rhyme_scheme=options.rhyme_scheme)
    written: dict[str, str] = {}
    for at, (name, shape) in enumerate(sections.items()):
        seed = (recipe.seed + at * STRIDE) % (SEED_MAX + 1)
        for event in _verse(model, recipe.prompt, shape, seed, options):
            if isinstance(event, Preview):
                written[name] = event.data
                yield Preview(_song(written, options.verses))
            else:
                yield event


def _song(written: dict[str, str], verses: int) -> str:
    order = [name for number in range(1, verses + 1) for name in (f"Verse {number}", "Chorus")]
    return "\n\n".join(f"[{name}]\n{written[name]}" for name in order if name in written)


def _verse(
    model: LanguageModel | ChatServer, prompt: str, shape: Form, seed: int, options: VerseOptions
) -> Iterator[Event]:
    if isinstance(model, ChatServer):
        yield from _ask(model, prompt, shape, seed, options.temperature)
        return
    lines: tuple[str, ...] = ()
    for draft in write(model, prompt, shape, seed=seed, temperature=options.temperature, effort=options.effort):
        if draft is None:
            yield Step(len(lines), shape.size, "lines")
        else:
            lines = draft.lines
            yield Preview(shape.join(lines))


def _ask(server: ChatServer, prompt: str, shape: Form, seed: int, temperature: float) -> Iterator[Event]:
    """Ask a server for drafts and keep the one with the fewest faults: its logits are out of our reach."""
    best: tuple[int, str] | None = None
    for number in range(DRAFTS):
        yield Step(number, DRAFTS, "asking for a draft")
        text = ""
        for piece in server.stream(
            _messages(prompt, shape), seed=seed + number, temperature=temperature, top_p=0.95, max_tokens=400
        ):
            text += piece
            if best is None:
                yield Preview(text)
            else:
                yield Step(number, DRAFTS, "asking for a draft")
        text = _lines_only(text)
        faults = len(check(shape, text).faults)
        if best is None or faults < best[0]:
            best = (faults, text)
            yield Preview(text)
        if faults == 0 or shape.name == "free":
            return


def _messages(prompt: str, shape: Form) -> list[Message]:
    wanted = f"{shape.size} lines"
    if shape.scheme:
        wanted += f", rhymed {shape.scheme}"
    if shape.letters:
        wanted += f", whose first letters spell {shape.letters.upper()}"
    counts = [f"{min(t)}" if len(t) == 1 else f"{min(t)} to {max(t)}" for t in shape.totals]
    system = "You are a poet. Reply with the poem alone: no title, no comment."
    ask = f"Write a {shape.name} poem about: {prompt}\n\n{wanted}. Syllables of each line: {', '.join(counts)}."
    return [{"role": "system", "content": system}, {"role": "user", "content": ask}]


def _lines_only(text: str) -> str:
    """Drop what servers wrap a poem in: thoughts, fences, a heading, bold marks."""
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    kept = [line.strip().strip("*_") for line in text.strip().splitlines()]
    return "\n".join(line for line in kept if not line.startswith(("```", "#"))).strip()


def _form(recipe: Recipe) -> Form:
    options = PoemOptions.read(recipe.options)
    word = options.word or next(reversed(re.findall(r"[^\W\d_]+", recipe.prompt)), "")
    return form(options.form, rhyme_scheme=options.rhyme_scheme, lines=options.lines, word=word)


def finish_poem(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """A poem with its form's report: what each line counts and rhymes with, and every fault."""
    text = str(data)
    report = check(_form(recipe), text)
    facts = {**_facts(report), "true": report.ok}
    wrong = "" if report.ok or partial else f"The form is not kept: {'; '.join(report.faults[:3])}."
    notes = (weakness("poem", "poems", card, recipe.prompt), wrong)
    return Artwork(recipe, text, layout="verse", facts=facts, note=" ".join(filter(None, notes)))


def finish_lyrics(recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
    """Lyrics, with their sections named."""
    sections = re.findall(r"^\[(.+)\]$", str(data), re.MULTILINE)
    facts = {"form": "lyrics", "sections": sections}
    note = weakness("lyrics", "lyrics", card, recipe.prompt)
    return Artwork(recipe, str(data), layout="verse", facts=facts, note=note)


def _facts(report: FormReport) -> dict[str, Any]:
    return {
        "form": report.form.name,
        "scheme": report.form.scheme,
        "syllables": [line.syllables for line in report.lines],
        "iambic": round(report.iambic, 2),
    }


POEM = ArtForm(
    "poem",
    "A poem in a form that is kept.",
    PoemOptions,
    poem,
    finish_poem,
    example="winter harbour",
)
LYRICS = ArtForm(
    "lyrics",
    "A song: rhymed verses and a chorus that comes back.",
    LyricsOptions,
    lyrics,
    finish_lyrics,
    example="the last train home",
)
