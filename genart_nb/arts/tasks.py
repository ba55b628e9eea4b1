"""The options of every writing task: one typed table each."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator

from genart_nb.options import Options, option

_NOT_IN_NAMES = re.compile(r"[:*_()\[\]{}?!;\"<>=/\\\n\r\t#|~`：]")


class Writing(Options):
    """What every writing task takes."""

    temperature: float = option(0.7, "how freely words are drawn; 0 always takes the likeliest", ge=0, le=2, step=0.05)
    top_p: float = option(0.95, "share of probability that words are drawn from", ge=0.05, le=1, step=0.05)
    repetition_penalty: float = option(1.1, "how much words used before are avoided", ge=1, le=1.5, step=0.05)


class Faithful(Writing):
    """Defaults for tasks that should keep to what they are given."""

    temperature: float = option(0.3, "how freely words are drawn; 0 always takes the likeliest", ge=0, le=2, step=0.05)
    repetition_penalty: float = option(1.05, "how much words used before are avoided", ge=1, le=1.5, step=0.05)


class StoryOptions(Writing):
    """`%%story`."""

    words: int = option(180, "about how long", ge=30, le=1500, step=10, unit="words")
    genre: str = option("", "fairy tale, mystery, science fiction ...", max_length=60)
    tone: str = option("", "funny, eerie, tender ...", max_length=60)
    point_of_view: Literal["third", "first"] = option("third", "who tells it: a narrator, or the hero")


class ScreenplayOptions(Writing):
    """`%%screenplay`."""

    scenes: int = option(2, "how many scenes", ge=1, le=6, step=1)
    speeches: int = option(4, "speeches in each scene", ge=2, le=16, step=1)
    genre: str = option("", "drama, comedy, thriller ...", max_length=60)


class CharacterOptions(Writing):
    """`%%character`."""

    name: str = option("", "the character's name; left out, one is found", max_length=60)
    genre: str = option("", "the world the character lives in", max_length=60)


class PlotOptions(Writing):
    """`%%plot`."""

    acts: int = option(3, "how many acts", ge=3, le=5, step=1)
    sentences: int = option(3, "sentences in each act", ge=1, le=8, step=1)
    genre: str = option("", "heist, romance, tragedy ...", max_length=60)


class DialogueOptions(Writing):
    """`%%dialogue`."""

    speakers: str = option("Ada, Bo", "who speaks: two to six names, with commas between", max_length=200)
    turns: int = option(8, "how many speeches", ge=2, le=40, step=1)
    tone: str = option("", "friendly, tense, absurd ...", max_length=60)

    @field_validator("speakers")
    @classmethod
    def _names(cls, value: str) -> str:
        names = [" ".join(name.split()) for name in value.split(",") if name.strip()]
        if not 2 <= len(names) <= 6 or len({name.casefold() for name in names}) != len(names):
            raise ValueError("two to six different names are needed, with commas between")
        for name in names:
            if _NOT_IN_NAMES.search(name) or len(name) > 38 or len(name.split()) > 4:
                raise ValueError(f"{name!r} is not a name of one to four words")
        return ", ".join(names)


class PolishOptions(Options):
    """`%%polish`."""

    strength: Literal["light", "full"] = option(
        "light", "light corrects spelling and grammar, full may also say a sentence anew"
    )
    temperature: float = option(0.2, "how freely a sentence is said anew (full)", ge=0, le=2, step=0.05)


class RewriteOptions(Writing):
    """`%%rewrite`."""

    voice: str = option("a warm old storyteller", "whose voice: a pirate, a news reader ...", max_length=120)


class SummarizeOptions(Faithful):
    """`%%summarize`."""

    sentences: int = option(2, "how many sentences or bullets", ge=1, le=10, step=1)
    style: Literal["prose", "bullets"] = option("prose", "running text, or a list")


class TranslateOptions(Faithful):
    """`%%translate`."""

    to: str = option("French", "the language to translate into", max_length=60)


class AskOptions(Faithful):
    """`%%ask`."""

    sentences: int = option(3, "longest answer", ge=1, le=20, step=1, unit="sentences")


class ChatOptions(Writing):
    """`%%chat`."""

    temperature: float = option(0.5, "how freely words are drawn; 0 always takes the likeliest", ge=0, le=2, step=0.05)
    words: int = option(120, "about how long a reply may be", ge=10, le=800, step=10, unit="words")
    persona: str = option("", "who replies: a patient teacher, a ship's cook ...", max_length=300)


class CodeOptions(Writing):
    """`%%code`."""

    lang: Literal["p5js", "svg", "python"] = option("p5js", "language of the program")
    temperature: float = option(0.4, "how freely words are drawn; 0 always takes the likeliest", ge=0, le=2, step=0.05)
    shapes: int = option(7, "shapes in a drawing made by a small model", ge=2, le=30, step=1)
    lines: int = option(24, "longest Python program made by a small model", ge=4, le=80, step=1)


def names_of(options: DialogueOptions) -> list[str]:
    """Speakers, as a list."""
    return [name.strip() for name in options.speakers.split(",")]
