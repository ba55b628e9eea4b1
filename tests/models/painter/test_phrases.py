from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genart_nb.models.painter.phrases import Plan, Setting, read

KNOWN = {
    "cat", "cats", "dog", "fox", "foxes", "hat", "bicycle", "apples", "apple", "table", "tree", "trees", "hot dog",
    "house", "box", "bed", "moon", "balloon", "girl", "scarf", "turtle", "fish", "fox face", "knight", "dragon", "sky",
}  # fmt: skip
MIXED = "cat dog of on in with and wearing between behind two red moon sky night table under . , 🦊 flying 7 ="


def plan(prompt: str) -> Plan:
    return read(prompt, KNOWN.__contains__)


def heads(prompt: str) -> list[str]:
    return [thing.head for thing in plan(prompt).things]


@pytest.mark.parametrize(("prompt", "count", "colour", "scale"), [
    ("a fox", 1, "", 1.0), ("two cats", 2, "", 1.0), ("three red apples", 3, "red", 1.0), ("12 cats", 6, "", 1.0),
    ("a tiny blue cat", 1, "blue", 0.5), ("a giant dog", 1, "", 1.7), ("0 cats", 1, "", 1.0),
])  # fmt: skip
def test_counts_colours_and_sizes(prompt: str, count: int, colour: str, scale: float) -> None:
    (thing,) = plan(prompt).things
    assert (thing.count, thing.colour, thing.scale) == (count, colour, scale)


@pytest.mark.parametrize(("prompt", "relations"), [
    ("a cat wearing a hat", [("cat", "", None), ("hat", "wear", 0)]),
    ("a fox riding a bicycle", [("fox", "", None), ("bicycle", "ride", 0)]),
    ("a cat in a box on a bed", [("cat", "", None), ("box", "in", 0), ("bed", "on", 1)]),
    ("a girl with a balloon under a tree", [("girl", "", None), ("balloon", "with", 0), ("tree", "under", 0)]),
    ("a cat wearing a hat and a scarf", [("cat", "", None), ("hat", "wear", 0), ("scarf", "wear", 0)]),
    ("a dog and a cat", [("dog", "", None), ("cat", "and", None)]),
    ("a cat in front of a house", [("cat", "", None), ("house", "front", 0)]),
    ("a fox next to a dog", [("fox", "", None), ("dog", "beside", 0)]),
    ("a knight fighting a dragon", [("knight", "", None), ("dragon", "", None)]),
])  # fmt: skip
def test_relations(prompt: str, relations: list[tuple[str, str, int | None]]) -> None:
    assert [(thing.head, thing.relation, thing.anchor) for thing in plan(prompt).things] == relations


def test_between_two_makes_one_on_each_side() -> None:
    things = plan("a fox between two trees").things
    assert [(thing.head, thing.count, thing.relation) for thing in things[1:]] == [("trees", 1, "between")] * 2


@pytest.mark.parametrize(("prompt", "setting"), [
    ("a fox on a blue background", Setting(colour="blue")),
    ("a fox at night in the forest", Setting(place="forest", time="night")),
    ("a fox in the rain", Setting(weather="rain")),
    ("a fox in the forest in the snow", Setting(place="forest", weather="snow")),
    ("a dog on the beach at sunset", Setting(place="beach", time="sunset")),
    ("a turtle underwater with a fish", Setting(place="underwater")),
    ("a fish under the sea", Setting(place="underwater")),
    ("a dog on the moon", Setting(place="moonscape")),
    ("a flying dog", Setting(place="sky")),
    ("a fox", Setting()),
])  # fmt: skip
def test_settings(prompt: str, setting: Setting) -> None:
    found = plan(prompt)
    assert found.setting == setting
    assert found.things and found.things[0].relation == ""


def test_the_longest_name_wins_and_modifiers_ride_along() -> None:
    assert heads("a hot dog") == ["hot dog"]
    assert heads("a sleepy clockwork cat") == ["cat"]
    assert plan("a clockwork cat").things[0].phrase == "clockwork cat"


def test_emoji_are_read_by_name() -> None:
    assert heads("🦊 on a 🚲") == ["fox face", "bicycle"]
    assert [thing.relation for thing in plan("🦊 on a 🚲").things] == ["", "on"]


@pytest.mark.parametrize("prompt", ["", " ", "\0", "...", "of of of", "on on in", "the a an", "red big two"])
def test_nothing_comes_of_nothing(prompt: str) -> None:
    assert plan(prompt).things == []


def test_long_prompts_are_bounded() -> None:
    assert len(plan("cat, " * 2000).things) == 12


@settings(max_examples=150, deadline=None)
@given(st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(MIXED.split()), max_size=14).map(" ".join),
))  # fmt: skip
def test_anything_can_be_read(prompt: str) -> None:
    for at, thing in enumerate(plan(prompt).things):
        assert thing.anchor is None or 0 <= thing.anchor < at
        assert 1 <= thing.count <= 6 and thing.phrase
