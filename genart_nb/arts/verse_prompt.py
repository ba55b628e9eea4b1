"""What a model is told before it writes verse: who it is, one or two poems of the form, and the subject."""

from __future__ import annotations

from genart_nb.arts.forms import Form
from genart_nb.models.language import Message, Tokenizer

SYSTEM = "You are a poet. You write clear, vivid verse in plain English about things one can see, hear and touch."

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "haiku": (
        ("rain", "Rain on the tin roof,\nThe old cat lifts one gray ear\nAnd goes back to sleep."),
        ("a winter morning", "Frost upon the glass,\nA child draws a sailing ship\nAnd breathes it away."),
    ),
    "couplets": (
        (
            "a lighthouse",
            "The lighthouse counts the ships at night\nAnd sweeps the water with its light.\n"
            "It never asks them where they go,\nIt only burns so they will know.",
        ),
    ),
    "quatrain": (
        (
            "an orchard",
            "The apples fall before the frost,\nThe ladder leans against the tree,\n"
            "And every summer that we lost\nIs sweet and waiting there for me.",
        ),
    ),
    "limerick": (
        (
            "a baker",
            "A baker who lived by the sea\nPut salt in his honey and tea.\nWhen asked for the reason,\n"
            "He said it's the season,\nAnd sailed away, happy and free.",
        ),
    ),
    "sonnet": (
        (
            "evening",
            "The evening lays its coat across the hill,\nAnd every window keeps a little flame.\n"
            "The road goes on, although the wheels are still,\nAnd in the dark the river says your name.",
        ),
    ),
    "free": (
        (
            "moving house",
            "We carried the rooms out one by one,\nThe chairs, the lamps, the smell of bread.\n"
            "What would not fit in the van\nWe left for the light to keep.",
        ),
    ),
}
EXAMPLES["acrostic"] = EXAMPLES["free"]

KINDS = {"free": "short poem", "acrostic": "short poem", "couplets": "poem in rhyming couplets"}

MAX_SUBJECT = 400
"""Characters of the prompt that a poem is written about."""


def messages_for(tokenizer: Tokenizer, form: Form, prompt: str, room: int) -> list[int]:
    """Token ids up to where the poem begins, at most `room` of them."""
    kind = KINDS.get(form.name, form.name)
    plain = prompt[: 4 * MAX_SUBJECT].encode("utf-8", "replace").decode()
    subject = " ".join(plain.split())[:MAX_SUBJECT]
    messages: list[Message] = [{"role": "system", "content": SYSTEM}]
    for topic, poem in EXAMPLES[form.name]:
        messages.append({"role": "user", "content": f"Write a {kind} about {topic}."})
        messages.append({"role": "assistant", "content": poem})
    while True:
        asked: Message = {"role": "user", "content": f"Write a {kind} about {subject}."}
        ids = tokenizer.chat([*messages, asked])
        if len(ids) <= room or (len(messages) == 1 and not subject):
            return ids
        # The subject is cut to a line or so before the examples go, and to nothing only after them.
        if len(messages) == 1 or len(subject) > MAX_SUBJECT // 8:
            subject = subject[: len(subject) // 2]
        else:
            del messages[1:3]
