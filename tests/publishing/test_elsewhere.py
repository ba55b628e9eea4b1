"""What may come out otherwise elsewhere: what follows from an answer that did."""

from __future__ import annotations

from typing import Any

import pytest

from genart_nb.publishing.elsewhere import same_but_for_inputs


def talk(answer: str, asked: str = "And then?") -> dict[str, Any]:
    turns = [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]
    return {"art": "chat", "prompt": "Go on.", "seed": 1, "turns": turns, "options": {"words": 50}}


def test_what_was_answered_before_is_a_work_and_what_was_asked_is_not() -> None:
    assert same_but_for_inputs(talk("A soft glow."), talk("The fog."))
    assert not same_but_for_inputs(talk("A soft glow."), talk("A soft glow.", asked="What else?"))


@pytest.mark.parametrize("change", [{"seed": 2}, {"prompt": "Stop."}, {"turns": []}, {"options": {"words": 9}}])
def test_any_other_change_is_one(change: dict[str, Any]) -> None:
    assert not same_but_for_inputs(talk("A soft glow."), talk("The fog.") | change)
