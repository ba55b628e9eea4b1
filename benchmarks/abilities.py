"""How well a model does each writing task: short prompts, mechanical checks, a score in 0..1 and a label.

    python benchmarks/abilities.py [--model ID] [--only ask,polish] [--write FILE]

The checks see form, facts, repetition and drift; they cannot see whether a story is worth reading. So the bars are
set high for free writing: `good` needs 0.9 there and 0.8 elsewhere, `weak` 0.35; below that the model is `unable`.
What a reader found weak (`READ`) is never called good.
"""

# ruff: noqa: E501 (the samples read better whole)

from __future__ import annotations

import argparse
import itertools
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ability_samples import CLEAN, ERRORS, FACTS, PICTURES, PROGRAMS, READ, SUBJECTS, TEXTS, TRANSLATIONS
from forms import judge

from genart_nb.arts.form import art
from genart_nb.arts.mending import content_words
from genart_nb.arts.worth import repetition
from genart_nb.events import Preview, Token
from genart_nb.models import registry
from genart_nb.recipe import Recipe, Turn

FREE = ("poem", "lyrics", "story", "screenplay", "character", "plot", "dialogue", "rewrite", "chat")
Make = Callable[..., str]


def mean(values: list[float]) -> float:
    """Arithmetic mean."""
    return sum(values) / len(values)


def found(pattern: str, text: str) -> bool:
    """Whether any alternative of a pattern occurs."""
    return bool(re.search(pattern, text, re.IGNORECASE))


def prose(text: str, subject: str, parts: list[str]) -> float:
    """Subject, little repetition, parts that go on from each other without saying the same, whole sentences."""
    words = [content_words(part) for part in parts]
    linked = mean([float(bool(a & b)) for a, b in itertools.pairwise(words)] or [1.0])
    same = mean([len(a & b) / max(1, min(len(a), len(b))) for a, b in itertools.pairwise(words)] or [0.0])
    on_topic = len(content_words(subject) & content_words(text)) / len(content_words(subject))
    ended = mean([float(part.rstrip()[-1:] in tuple('.!?…"”')) for part in parts])
    return mean([on_topic, 1 - repetition(text), linked, 1 - same, ended])


def poem(make: Make) -> list[float]:
    """Form kept (by the judge of forms.py), the subject met, little repetition."""
    return [
        mean([float(not judge(text, form)), met(text, subject), 1 - repetition(text)])
        for form, subject in itertools.product(("haiku", "limerick", "couplets", "quatrain"), SUBJECTS[:3])
        for text in [make("poem", subject, form=form)]
    ]


def lyrics(make: Make) -> list[float]:
    """The subject met in each section, little repetition but for the chorus."""
    scores = []
    for subject in SUBJECTS[:3]:
        sections = [part.partition("]\n")[2] for part in make("lyrics", subject).split("\n\n[")]
        own = list(dict.fromkeys(sections))
        scores.append(mean([*(met(part, subject) for part in own), 1 - repetition("\n".join(own))]))
    return scores


def met(text: str, subject: str) -> float:
    """Whether anything of the subject is named."""
    return float(bool(content_words(subject) & content_words(text)))


def story(make: Make) -> list[float]:
    """Prose checks over paragraphs, and length."""
    texts = [make("story", subject, words=150) for subject in SUBJECTS]
    return [
        mean([prose(text, subject, text.split("\n\n")), float(90 <= len(text.split()) <= 210)])
        for text, subject in zip(texts, SUBJECTS, strict=True)
    ]


def speeches(text: str) -> list[str]:
    """What is said in a dialogue or a screenplay."""
    return re.findall(r"(?:^\w+: |^[A-Z]{2,}\n(?:\(.*\)\n)?)(.+)", text, re.MULTILINE)


def spoken(text: str, subject: str) -> float:
    """Speeches that differ, answer each other and keep to the subject."""
    said = speeches(text)
    distinct = len({speech.lower() for speech in said}) / max(1, len(said))
    return mean([distinct, prose(" ".join(said), subject, said)])


def dialogue(make: Make) -> list[float]:
    """Speech checks."""
    return [spoken(make("dialogue", subject, turns=6), subject) for subject in SUBJECTS]


def screenplay(make: Make) -> list[float]:
    """Speech checks."""
    return [spoken(make("screenplay", subject, scenes=1), subject) for subject in SUBJECTS[:4]]


def plot(make: Make) -> list[float]:
    """Prose checks over acts."""
    texts = [make("plot", subject, sentences=2) for subject in SUBJECTS[:4]]
    return [prose(text, subject, re.split(r"\n*^Act .*\n", text, flags=re.MULTILINE)[1:])
            for text, subject in zip(texts, SUBJECTS, strict=False)]  # fmt: skip


def character(make: Make) -> list[float]:
    """Valid JSON, of fields that differ and traits that are single words."""
    scores = []
    for subject in SUBJECTS:
        card = json.loads(make("character", subject))
        fields = [card[key] for key in ("appearance", "background", "goal", "fear", "secret")]
        single = mean([float(len(trait.split()) == 1) for trait in card["traits"]])
        scores.append(mean([prose(" ".join(map(str, card.values())), subject, fields), single]))
    return scores


def polish(make: Make) -> list[float]:
    """Errors put right, and sentences without errors left alone."""
    scores = []
    for wrong, fixes in ERRORS:
        text = make("polish", wrong)
        scores.append(mean([float(found(fix, text)) for fix in fixes]))
    return scores + [float(make("polish", text) == text) for text in CLEAN]


def rewrite(make: Make) -> list[float]:
    """Meaning kept, words changed, something of the voice."""
    voices = (("a pirate", r"\b(aye|arr+|matey|sail|captain|ship|ye|sea|treasure|pirate)\b"),
              ("a grandmother", r"\b(dear|now|child|sweet|love|darling)\b"),
              ("a robot", r"\b(alert|system|unit|error|level|robot|detect\w*|data|warning)\b"))  # fmt: skip
    sentences = (
        "I lost my keys in the garden.",
        "The meeting is moved to Monday at ten.",
        "Please close the door when you leave.",
    )
    scores = []
    for voice, marks in voices:
        for sentence in sentences:
            text = make("rewrite", sentence, voice=voice)
            kept = len(content_words(sentence) & content_words(text)) / len(content_words(sentence))
            scores.append(
                mean([kept, float(text.lower().strip(".") != sentence.lower().strip(".")), float(found(marks, text))])
            )
    return scores


def summarize(make: Make) -> list[float]:
    """Key facts kept, nothing invented, much shorter."""
    scores = []
    for source, keys in TEXTS:
        text = make("summarize", source)
        words = content_words(text)
        true = len(words & content_words(source)) / max(1, len(words))
        short = float(len(text.split()) <= 0.9 * len(source.split()))
        scores.append(mean([mean([float(found(key, text)) for key in keys]), true, short]))
    return scores


def translate(make: Make) -> list[float]:
    """Words that any right translation has."""
    return [
        mean([float(found(word, make("translate", text, to=to))) for word in words.split()])
        for text, to, words in TRANSLATIONS
    ]


def ask(make: Make) -> list[float]:
    """Twenty facts."""
    return [float(found(rf"\b(?:{answer})\b", make("ask", question, sentences=1))) for question, answer in FACTS]


def chat(make: Make) -> list[float]:
    """What was said before is remembered, and replies keep to the question."""
    told = (("My name is Lena.", "What is my name?", "lena"), ("I have a dog called Rex.", "What is my dog called?", "rex"),
            ("I live in Oslo.", "Where do I live?", "oslo"), ("My favourite colour is green.", "What is my favourite colour?", "green"))  # fmt: skip
    scores = []
    for first, second, answer in told:
        turns = (Turn(role="user", content=first), Turn(role="assistant", content="Nice to know!"))
        scores.append(float(found(answer, make("chat", second, before=turns))))
    topics = (("What should I cook tonight?", "cook|dinner|soup|pasta|meal|dish|chicken|salad|food|recipe"),
              ("I feel sad today.", "sorry|sad|feel|help|listen"), ("Tell me about the sea.", "sea|ocean|water|wave"))  # fmt: skip
    return scores + [float(found(wanted, make("chat", said))) for said, wanted in topics]


def code(make: Make) -> list[float]:
    """Drawings that hold what was asked for in its colour, and Python that has what it needs."""
    scores = []
    for subject, things in PICTURES:
        for lang, line in (
            ("p5js", r"// {0}\n\s*fill\(\"(?:{1})\"\)"),
            ("svg", r"fill=\"(?:{1})\"[^>]*>(?:<title>)?{0}"),
        ):
            text = make("code", subject, lang=lang)
            scores.append(mean([float(found(line.format(*thing), text)) for thing in things]))
    return scores + [float(found(needed, make("code", asked, lang="python"))) for asked, needed in PROGRAMS]


TASKS = (poem, lyrics, story, screenplay, character, plot, dialogue, polish, rewrite, summarize, translate, ask, chat, code)


def label(task: str, score: float, model_id: str) -> str:
    """Good, weak or unable."""
    good = 0.9 if task in FREE else 0.8
    if score >= good and task not in READ.get(model_id, ()):
        return "good"
    return "weak" if score >= 0.35 else "unable"


def measure(model_id: str, only: list[str]) -> dict[str, Any]:
    """Scores of every task."""
    card = registry.card(model_id)
    model = registry.load(card, lambda what, fraction: None)

    def make(name: str, prompt: str, before: tuple[Turn, ...] = (), **options: Any) -> str:
        form = art(name)
        table = form.options.read(options).model_dump(mode="json")
        recipe = Recipe(art=name, prompt=prompt, model=card.id, seed=7, options=table, turns=before)
        data: Any = ""
        try:
            for event in form.make(recipe, model):
                data = (
                    event.data
                    if isinstance(event, Preview)
                    else data + event.text
                    if isinstance(event, Token)
                    else data
                )
        except Exception as error:
            return f"({error})"
        return str(form.finish(recipe, data, card, False))

    tasks = {}
    for task in TASKS:
        if only and task.__name__ not in only:
            continue
        begun = time.perf_counter()
        scores = task(make)
        score = round(mean(scores), 3)
        tasks[task.__name__] = {"score": score, "label": label(task.__name__, score, card.id), "samples": len(scores)}
        print(f"{task.__name__:12} {score:.3f} {label(task.__name__, score, card.id):7} {len(scores):3} samples "
              f"{time.perf_counter() - begun:6.1f} s", flush=True)  # fmt: skip
    model.close()
    return {"model": card.id, "revision": card.revision, "seed": 7, "read_and_found_weak": list(READ.get(card.id, ())), "bars": {"good": 0.8, "good, free writing": 0.9, "weak": 0.35},
            "tasks": tasks}  # fmt: skip


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="smollm2-135m")
    parser.add_argument("--only", default="")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    report = measure(options.model, [name for name in options.only.split(",") if name])
    if options.write and options.only and options.write.exists():
        report["tasks"] = json.loads(options.write.read_text(encoding="utf-8"))["tasks"] | report["tasks"]
    if options.write:
        options.write.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
