"""Slots: what they may hold, where they end, and what is made of a server's reply."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unlearned import Noise

from genart_nb.arts.desk import Manner
from genart_nb.arts.model_desk import ModelDesk
from genart_nb.arts.slots import Slot, count_sentences, ends_sentence, split_sentences, unwrapped, whole_sentences
from genart_nb.arts.vocabulary import vocabulary
from genart_nb.events import Token

SLOTS = (
    Slot("speech", words=8, sentences=2, ban=':"()', least=2),
    Slot("name", words=2, ban='".,\\', label=True),
    Slot("string", words=12, stop='"', ban="\\\n"),
    Slot("age", words=1, only="0123456789", limit=2, label=True),
    Slot("free", words=20, stop=""),
)


def run(writing: Any) -> tuple[str, str]:
    """The text that is given back, and the text that was shown."""
    shown = ""
    while True:
        try:
            event = next(writing)
        except StopIteration as end:
            return end.value, shown
        shown += event.text if isinstance(event, Token) else ""


def desk(seed: int) -> ModelDesk:
    page = ModelDesk(Noise(), Manner(seed))
    page.begin([{"role": "user", "content": "hello"}], reply="Name: ")
    return page


@pytest.mark.parametrize("slot", SLOTS, ids=lambda slot: slot.name)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), drafts=st.booleans())
def test_a_slot_keeps_its_promises(slot: Slot, seed: int, drafts: bool) -> None:
    page = desk(seed)
    given_back, shown = run(page.best(slot, len) if drafts else page.write(slot))
    assert given_back == shown == page.text
    assert given_back.strip() == given_back != ""
    assert not set(given_back) & set(slot.ban + slot.stop)
    assert not slot.only or set(given_back) <= set(slot.only)
    assert len(given_back.split()) >= slot.least


def test_literal_parts_and_slots_alternate() -> None:
    page = desk(4)
    list(page.say("\nAda: "))
    given_back, _ = run(page.write(SLOTS[0]))
    list(page.say("\nBo: "))
    assert page.text == f"\nAda: {given_back}\nBo: "


def test_choices_are_one_of_those_offered() -> None:
    chosen = set()
    for seed in range(30):
        page = desk(seed)
        page.hint(f"{seed} ")
        chosen.add(run(page.choose("time", ("noon", "dusk", "dawn")))[0])
    assert chosen <= {"noon", "dusk", "dawn"} and len(chosen) > 1


def test_weighing_leaves_no_trace_and_adds_up() -> None:
    page, other = desk(1), desk(1)
    weights, _ = run(page.weigh(["the sea", "the light", "the sea"]))
    assert weights[0] == weights[2] != weights[1]
    assert run(page.write(SLOTS[4])) == run(other.write(SLOTS[4]))


def test_what_conversations_share_is_read_once() -> None:
    page = ModelDesk(Noise(), Manner(1))
    fed = 0
    start = page.model.start

    def counting(capacity: int) -> Any:
        decoder = start(capacity)
        append = decoder.append

        def counted(tokens: Any, *, every: bool = False) -> Any:
            nonlocal fed
            fed += len(tokens[0])
            return append(tokens, every=every)

        decoder.append = counted  # type: ignore[method-assign]
        return decoder

    page.model.start = counting  # type: ignore[method-assign]
    page.begin([{"role": "system", "content": "the sea " * 50}, {"role": "user", "content": "one"}])
    run(page.weigh(["a"]))
    first = fed
    page.begin([{"role": "system", "content": "the sea " * 50}, {"role": "user", "content": "two"}])
    run(page.weigh(["a"]))
    assert first > 100 and fed - first < 40


def test_masks_are_exact() -> None:
    words = vocabulary(Noise().tokenizer)
    for token, piece in enumerate(words.pieces):
        assert words.holding('"\n')[token] == (b'"' in piece or b"\n" in piece)
        assert words.made_of("0123456789")[token] == (piece.isdigit() and piece != b"")


def test_sentences() -> None:
    whole = 'Dr. Who met Mr. X. "Hello!" she said. It was 3.5 km away... And then?\nYes.'
    assert "".join(split_sentences(whole)) == whole
    assert count_sentences("One. Two! Three? J. S. Bach.") == 4
    assert ends_sentence('He said "no."') and not ends_sentence("Mr.") and not ends_sentence("and")
    assert whole_sentences("One two three. Four five six. Seven.", 6) == "One two three. Four five six."


@given(st.text(max_size=300))
def test_splitting_loses_nothing(whole: str) -> None:
    assert "".join(split_sentences(whole)) == whole


def test_talk_around_a_reply_is_taken_off() -> None:
    assert unwrapped("Sure! Here's a haiku:\n\nOld pond") == "Old pond"
    assert unwrapped("Certainly.\n```js\nlet a\n```\nBye") == "let a"
    assert unwrapped("Sure as eggs are eggs") == "Sure as eggs are eggs"
    assert unwrapped("The sea is old.") == "The sea is old."


@given(st.text(max_size=200))
def test_clean_keeps_the_promises_too(reply: str) -> None:
    for slot in SLOTS[:4]:
        fitted = slot.clean(reply)
        assert not set(fitted) & set(slot.ban + slot.stop)
