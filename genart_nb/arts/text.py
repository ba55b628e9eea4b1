"""The writing art forms other than verse: one table of tasks over one implementation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from genart_nb.arts import programs, prose, scenes, tasks
from genart_nb.arts.desk import Desk, Manner, desk
from genart_nb.arts.form import ArtForm, weakness
from genart_nb.arts.polish import polish
from genart_nb.artwork import Artwork
from genart_nb.events import Event, Preview
from genart_nb.models.card import ModelCard
from genart_nb.models.language import ChatServer, LanguageModel
from genart_nb.options import Options
from genart_nb.recipe import Recipe

Script = Callable[[Desk, Recipe, Any], Iterator[Event]]


class Written(str):
    """A whole text with what was measured while it was written."""

    facts: Mapping[str, Any]

    def __new__(cls, text: str, facts: Mapping[str, Any]) -> Written:
        """Text that knows its facts."""
        written = super().__new__(cls, text)
        written.facts = facts
        return written

    def __reduce__(self) -> tuple[Any, ...]:
        return Written, (str(self), dict(self.facts))


@dataclass(frozen=True, slots=True)
class Task:
    """One row: what it is called, its options, its layout, and the script that writes it."""

    name: str
    noun: str
    """What the model is good or bad at, in a sentence."""
    help: str
    options: type[Options]
    script: Script
    layout: str
    example: str
    remembers: bool = False

    def form(self) -> ArtForm:
        """The art form that the package offers."""
        return ArtForm(
            self.name, self.help, self.options, self.make, self.finish, example=self.example, remembers=self.remembers
        )

    def make(self, recipe: Recipe, model: LanguageModel | ChatServer) -> Iterator[Event]:
        """Write, event by event; the last one carries what was measured, if anything was."""
        options: Any = self.options.read(recipe.options)
        names = ("temperature", "top_p", "repetition_penalty")
        manner = Manner(recipe.seed, **{name: getattr(options, name) for name in names if hasattr(options, name)})
        page = desk(model, manner)
        yield from self.script(page, recipe, options)
        if page.facts:
            yield Preview(Written(page.text, page.facts))

    def finish(self, recipe: Recipe, data: Any, card: ModelCard | None, partial: bool) -> Artwork:
        """The Artwork: title and body apart, facts, and one quiet line where there is need of one."""
        facts = dict(getattr(data, "facts", {}))
        title, text = titled(str(data))
        facts |= self._facts(recipe, text)
        if self.name == "character":
            title = _name(text)
        notes = (weakness(self.name, self.noun, card, recipe.prompt), _cut(facts), str(facts.pop("remark", "")))
        return Artwork(
            recipe, text, layout=self.layout, title=title, note=" ".join(filter(None, notes)), facts=facts,
            partial=partial,
        )  # fmt: skip

    def _facts(self, recipe: Recipe, text: str) -> dict[str, Any]:
        facts: dict[str, Any] = {"form": self.name, "words": len(text.split())}
        if self.name == "chat":
            facts["turns"] = [turn.model_dump() for turn in recipe.turns]
        if self.name == "code":
            lang = str(recipe.options.get("lang", "p5js"))
            facts |= {"lang": lang, **programs.checked(lang, text)}
        return facts


def titled(text: str) -> tuple[str, str]:
    """Title and body of a text whose first line may be `# Title`."""
    found = re.match(r"# ([^\n]*)(?:\n+|\Z)", text)
    return (found[1].strip(), text[found.end() :]) if found else ("", text)


def _name(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:  # stopped early
        return ""
    return str(found.get("name", "")) if isinstance(found, dict) else ""


def _cut(facts: Mapping[str, Any]) -> str:
    cut = facts.get("cut")
    return f"Only the first {cut['read']:,} of {cut['of']:,} characters fit the model and were read." if cut else ""


TASKS = (
    Task("story", "stories", "A short story.", tasks.StoryOptions, prose.story, "prose", "a lighthouse keeper"),
    Task(
        "screenplay", "screenplays", "Scenes for the screen, laid out as one.", tasks.ScreenplayOptions,
        scenes.screenplay, "screenplay", "two thieves who meet in a bakery",
    ),
    Task(
        "character", "inventing characters", "A character, as JSON and as a card.", tasks.CharacterOptions,
        scenes.character, "profile", "a clockmaker who is afraid of silence",
    ),
    Task("plot", "plots", "A plot in acts.", tasks.PlotOptions, scenes.plot, "acts", "a heist in a museum of clocks"),
    Task(
        "dialogue", "dialogue", "A conversation between named speakers.", tasks.DialogueOptions, scenes.dialogue,
        "dialogue", "whether the sea can remember",
    ),
    Task(
        "polish", "polishing", "Your text with its spelling and grammar put right, and what was changed.",
        tasks.PolishOptions, polish, "diff", "She dont know wich way the boats is going.",
    ),
    Task(
        "rewrite", "rewriting", "Your text said again in another voice.", tasks.RewriteOptions, prose.rewrite, "prose",
        "The meeting is moved to Monday at ten.",
    ),
    Task(
        "summarize", "summaries", "The main points of your text.", tasks.SummarizeOptions, prose.summarize, "prose",
        "The Great Auk was a flightless bird of the North Atlantic ...",
    ),
    Task(
        "translate", "translation", "Your text in another language.", tasks.TranslateOptions, prose.translate, "prose",
        "The cat sleeps on the chair.",
    ),
    Task("ask", "answering questions", "A short answer to a question.", tasks.AskOptions, prose.ask, "prose",
         "Why is the sky blue?"),
    Task(
        "chat", "conversation", "A conversation that remembers; `%genart reset` begins anew.", tasks.ChatOptions,
        prose.chat, "chat", "What should I cook tonight?", remembers=True,
    ),
    Task(
        "code", "writing programs", "A small program: p5.js or SVG with a preview, or Python.", tasks.CodeOptions,
        programs.code, "code", "a yellow sun over a blue sea",
    ),
)  # fmt: skip

(STORY, SCREENPLAY, CHARACTER, PLOT, DIALOGUE, POLISH, REWRITE, SUMMARIZE, TRANSLATE, ASK, CHAT, CODE) = (
    task.form() for task in TASKS
)
