"""Judging a work made again: content, recipe, tier, and whether what is stored agrees with itself."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sameness_samples import ELSEWHERE, FEWER_THREADS, HERE, output, picture, recipe, record, text, work

from genart_nb.artwork import MIME, Artwork
from genart_nb.publishing.sameness import Tier, Verdict, changes, compare, judge
from genart_nb.publishing.stored import Work, faults


def stored(each: Artwork | dict[str, Any]) -> Work:
    found = Work.of(output(each) if isinstance(each, Artwork) else each)
    assert found is not None
    return found


def test_the_same_again() -> None:
    result = judge(stored(work()), stored(work()))
    assert result.passed and result.comparison.verdict is Verdict.SAME and result.tier is Tier.EXACT
    assert result.reasons == [] and result.elsewhere == ()


@pytest.mark.parametrize(
    "shift, where, passed",
    [
        (0.7, HERE, False),  # rounding has no excuse where nothing differs
        (0.7, FEWER_THREADS, True),
        (6.0, FEWER_THREADS, True),  # drifted, which is told
        (6.0, ELSEWHERE, True),
        (80.0, ELSEWHERE, False),
        (0.7, None, True),
    ],
)
def test_what_is_allowed_depends_on_where_it_is_made(shift: float, where: Any, passed: bool) -> None:
    result = judge(stored(work()), stored(work(picture(shift=shift), environment=where)))
    assert result.passed is passed, result.comparison
    assert bool(result.elsewhere) is (where is not HERE)


def test_a_tier_that_is_asked_for_holds_everywhere() -> None:
    drifted = stored(work(picture(shift=6.0), environment=ELSEWHERE))
    close = stored(work(picture(shift=0.7)))
    assert judge(stored(work()), drifted, Tier.PERCEPTUAL).passed
    assert not judge(stored(work()), drifted, Tier.CLOSE).passed
    assert judge(stored(work()), close, Tier.CLOSE).passed
    assert not judge(stored(work()), stored(work(picture(shift=0.7), environment=ELSEWHERE)), Tier.EXACT).passed


def test_another_recipe_is_another_work_and_is_told_line_by_line() -> None:
    other = recipe(seed=8, options={"size": 128})
    result = judge(stored(work()), stored(work(recipe=other)))
    assert not result.passed and result.comparison.verdict is Verdict.DIFFERENT
    assert result.recipe == ("seed: 7 -> 8", "options.size: 96 -> 128")
    assert "though the content is the same" in result.reasons[-1]


def test_changes_reach_into_lists_and_are_cut() -> None:
    one, other = ({"sources": [{"seed": seed}], "prompt": text} for seed, text in ((1, "a" * 1000), (2, "\x1b[31m")))
    told = list(changes(one, other))
    assert told[0] == "sources[0].seed: 1 -> 2"
    assert "1002 characters" in told[1] and "\x1b" not in told[1]


def test_bare_records_are_compared_by_their_fingerprints() -> None:
    one, close, other = (record(output(work(picture(seed, shift=shift)))) for seed, shift in ((7, 0), (7, 0.7), (8, 0)))
    assert compare(one, one).verdict is Verdict.SAME
    assert compare(one, close).verdict is Verdict.CLOSE
    assert compare(one, other).verdict is Verdict.DIFFERENT

def apart(where: Any = ELSEWHERE, moved: bool = False, **more: Any) -> Any:
    """Another text than the stored one, made elsewhere."""
    told = {"art": "poem", "options": {"subject": "picture:0123456789abcdef"}}
    one = text("the owl at noon, and the moon", recipe=recipe(**told))
    made = text("a fox in fog", recipe=recipe(**{**told, **more}), environment=where)
    return judge(stored(one), stored(made), moved=moved)


def test_another_text_of_the_same_recipe_is_excused_elsewhere_alone() -> None:
    assert apart().passed and "word" in apart().excuse and apart().moved
    assert not apart(HERE).passed and not apart(None).passed


@pytest.mark.parametrize(
    "more, passed",
    [
        ({"options": {"subject": "picture:fedcba9876543210"}}, True),
        ({"options": {"subject": "song:fedcba9876543210x"}}, False),
        ({"seed": 8}, False),
        ({"prompt": "another"}, False),  # nothing went into it that could have been quoted
        ({"options": {"subject": "picture:fedcba9876543210", "size": 1}}, False),
        ({"revision": "2"}, False),
    ],
)
def test_what_is_made_from_a_moved_work_may_differ_in_what_went_in(more: dict[str, Any], passed: bool) -> None:
    assert apart(moved=True, **more).passed is passed
    assert not apart(moved=False, **more).passed


@pytest.mark.parametrize("tier, where, moved", [
    (Tier.AUTO, ELSEWHERE, True), (Tier.PERCEPTUAL, ELSEWHERE, False), (Tier.AUTO, None, False),
])  # fmt: skip
def test_what_follows_is_free_only_after_a_work_that_is_known_to_be_made_elsewhere(
    tier: Tier, where: Any, moved: bool
) -> None:
    result = judge(stored(work()), stored(work(picture(shift=0.7), environment=where)), tier)
    assert result.passed and result.moved is moved


def test_pictures_of_a_steady_model_are_excused_nowhere() -> None:
    assert not judge(stored(work()), stored(work(picture(8), environment=ELSEWHERE)), moved=True).passed


def test_pictures_of_a_model_that_rounds_to_int8_are() -> None:
    told = recipe(art="restyle", model="restyler")
    one, other = work(recipe=told), work(picture(8), recipe=told, environment=ELSEWHERE)
    assert "int8" in judge(stored(one), stored(other)).excuse
    assert not judge(stored(one), stored(other), Tier.PERCEPTUAL).passed


def test_a_stored_output_that_was_edited_is_never_excused() -> None:
    edited = output(text("the owl at noon"))
    edited["data"]["text/plain"] = edited["data"]["text/plain"].replace("owl", "cow")
    result = judge(stored(edited), stored(text("a fox", environment=ELSEWHERE)))
    assert not result.passed and result.faults and not result.excuse


def test_a_partial_work_is_not_the_whole_one() -> None:
    assert not judge(stored(work()), stored(work(partial=True))).passed


def swapped() -> dict[str, Any]:
    each = output(work())
    each["data"]["image/png"] = output(work(picture(8)))["data"]["image/png"]
    return each


def edited(**more: Any) -> dict[str, Any]:
    each = copy.deepcopy(output(work()))
    record(each)["recipe"] |= more
    return each


def without(*path: str) -> dict[str, Any]:
    each = copy.deepcopy(output(work()))
    place = each["data"]
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return each


@pytest.mark.parametrize(
    "each, told",
    [
        (swapped(), "not the one that its record describes"),
        (edited(seed=8), "was edited"),
        (edited(version=9), "version 9, which this genart_nb does not know"),
        (edited(art="NO ART"), "cannot be read"),
        (without(MIME, "recipe"), "has no recipe"),
        (without("image/png"), "missing"),
        (without(MIME, "fingerprint"), ""),
    ],
)
def test_what_does_not_agree_with_itself_fails_though_the_work_is_made_again(each: dict[str, Any], told: str) -> None:
    result = judge(stored(each), stored(work()))
    assert not result.passed
    assert told in " ".join(result.reasons)


def test_only_the_html_swapped_is_found_here_and_elsewhere() -> None:
    each = output(work())
    each["data"]["text/html"] = output(work(picture(8)))["data"]["text/html"]
    for where in (HERE, FEWER_THREADS):
        result = judge(stored(each), stored(work(environment=where)))
        assert not result.passed and "text/html" in " ".join(result.reasons)


def test_a_text_swapped_or_edited_is_found() -> None:
    each = output(text("The sea is grey.\nThe gulls are white.\n\nNight."))
    assert faults(stored(each)) == []
    each["data"]["text/plain"] = each["data"]["text/plain"].replace("grey", "blue")
    assert "stored text" in " ".join(faults(stored(each)))


@pytest.mark.parametrize("more", [{}, {"title": "The Sea"}, {"note": "Small models err."}, {"title": "T", "note": "n"}])
@pytest.mark.parametrize("data", ["one line", "\na\n\nb\n", "a\n\nb\n\nc"])
def test_every_way_a_text_is_shown_is_taken_apart_again(data: str, more: dict[str, str]) -> None:
    assert faults(stored(output(text(data, **more)))) == []


def test_hostile_outputs_are_no_works_and_break_nothing() -> None:
    for each in ({}, {"data": None}, {"data": {MIME: "text"}}, {"data": {MIME: ["list"]}}):
        assert Work.of(each) is None
    odd = Work.of({"data": {MIME: {"fingerprint": "x", "recipe": 3}, "image/png": "%%%"}, "metadata": {MIME: 1}})
    assert odd is not None and faults(odd) and not judge(odd, stored(work())).passed
    assert judge(stored(work(facts={"a": 1})), stored(work(facts={"a": 2}))).reasons == [
        "what was measured of it differs: facts.a: 1 -> 2"
    ]
