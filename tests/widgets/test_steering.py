"""The hand moves, rests and lets go: drafts, better drafts and the whole, and never anything stale."""

from __future__ import annotations

import gc
import io
import json
import threading
import time
from dataclasses import replace
from typing import Any

import meadow
import pytest
from PIL import Image
from steering_bench import Bench

from genart_nb.arts.form import art
from genart_nb.studio import Studio
from genart_nb.widgets.worker import IDLE


def wish(bench: Bench, generation: int, *, released: bool = False, **values: Any) -> str:
    now = json.loads(bench.steering.params())
    now |= {"generation": generation, "released": released}
    now["values"] |= values
    return json.dumps(now)


def pixels(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def test_a_resting_hand_gets_a_draft_and_a_better_one_and_nothing_is_kept(bench: Bench, desk: Studio) -> None:
    bench.put(wish(bench, 1, guidance=5.0))
    bench.settle()
    assert [(each["tier"], each["asked"], each["width"]) for each in bench.frames()] == [
        ("draft", 1, 128), ("better", 1, 192)
    ]  # fmt: skip
    assert {each["mime"] for each in bench.frames()} == {"image/webp"}
    assert len(desk.gallery) == 0 and desk.last is None and bench.steering.work is None


def test_a_release_is_a_pure_function_of_the_recipe(bench: Bench, desk: Studio) -> None:
    for generation in range(1, 6):
        bench.put(wish(bench, generation, guidance=float(generation)))
        time.sleep(0.02)
    bench.put(wish(bench, 6, released=True, guidance=6.0))
    bench.settle()
    bench.acknowledge()
    said, buffers = next((said, buffers) for said, buffers in bench.said if said.get("tier") == "whole")
    alone = desk.make(desk.recipe("meadow", "hills at dawn", {"pause": 0.01, "guidance": 6.0}, seed=7)).artwork(30)
    assert (said["mime"], said["digest"]) == ("image/png", alone.recipe.digest)
    assert pixels(buffers[0]).tobytes() == alone.data.tobytes()
    assert bench.steering.work and bench.steering.work.path and bench.steering.work.path.is_file()
    assert desk.last is bench.steering.work and said["cell"].startswith("%%meadow --seed 7")


def test_only_a_release_is_kept(bench: Bench, desk: Studio) -> None:
    for generation in range(1, 40):
        bench.put(wish(bench, generation, guidance=generation / 10))
        time.sleep(0.005)
    bench.put(wish(bench, 40, released=True))
    bench.settle()
    assert len(desk.gallery) == 1


def test_news_stops_the_whole_within_a_step_and_its_frames_are_never_sent(bench: Bench) -> None:
    bench.put(wish(bench, 1, released=True, pause=0.05, steps=100))
    while "painting" not in bench.states():
        time.sleep(0.01)
    time.sleep(0.1)
    start = time.perf_counter()
    bench.put(wish(bench, 2, released=True, pause=0.0))
    bench.settle()
    assert time.perf_counter() - start < 2
    assert [each["asked"] for each in bench.frames("whole")] == [2]


def test_a_steady_hand_still_sees_drafts_in_order(bench: Bench) -> None:
    for generation in range(1, 60):
        bench.put(wish(bench, generation, guidance=generation / 10))
        bench.acknowledge()
        time.sleep(0.01)
    bench.settle()
    asked = [each["asked"] for each in bench.frames("draft")]
    assert len(asked) >= 3 and asked == sorted(set(asked)) and asked[-1] == 59


def test_a_slow_draft_gives_way_unless_half_of_it_is_done(bench: Bench) -> None:
    bench.steering.form = replace(meadow.MEADOW, drafts=({"steps": 8, "size": 64},))
    bench.put(wish(bench, 1, pause=0.2))
    time.sleep(0.5)
    bench.put(wish(bench, 2, pause=0.12))
    time.sleep(0.12 * 6)
    bench.put(wish(bench, 3, pause=0.0))
    bench.settle()
    assert [each["asked"] for each in bench.frames("draft")] == [2, 3]


def test_a_better_draft_waits_for_the_hand_to_rest(bench: Bench) -> None:
    bench.put(wish(bench, 1))
    while not bench.frames("draft"):
        time.sleep(0.005)
    time.sleep(IDLE / 4)
    bench.put(wish(bench, 2))
    bench.settle()
    assert [(each["tier"], each["asked"]) for each in bench.frames()][:2] == [("draft", 1), ("draft", 2)]


def test_errors_are_told_where_the_person_looks_and_the_next_wish_is_served(bench: Bench) -> None:
    bench.put(wish(bench, 1, released=True, fault=True))
    bench.settle()
    told = [said for said, _ in bench.said if said.get("state") == "error"]
    assert told and told[0]["text"] == "The paint has run dry." and told[0]["fix"] and told[0]["asked"] == 1
    bench.put(wish(bench, 2, released=True, guidance=99))
    bench.settle()
    assert "is not allowed" in bench.said[-1][0]["text"]
    bench.put("not json")
    bench.settle()
    assert bench.states()[-1] == "error"
    bench.put(wish(bench, 4, released=True))
    bench.settle()
    assert [each["asked"] for each in bench.frames("whole")] == [4] and bench.steering.error is None


def test_halting_leaves_no_job_running(bench: Bench, desk: Studio) -> None:
    bench.put(wish(bench, 1, released=True, pause=0.05, steps=100))
    while not desk.engine.jobs():
        time.sleep(0.01)
    bench.worker.halt()
    bench.settle(5)
    assert desk.engine.jobs() == [] and not bench.frames() and bench.states()[-1] == "stopped"
    bench.put(wish(bench, 2, released=True))
    bench.settle()
    assert len(bench.frames("whole")) == 1


def test_ten_thousand_wishes_leave_nothing_behind(bench: Bench, desk: Studio) -> None:
    tracemalloc = pytest.importorskip("tracemalloc")
    letters = [wish(bench, generation, guidance=(generation % 40) / 4) for generation in range(1, 10_001)]

    def storm() -> float:
        start = time.perf_counter()
        for letter in letters:
            bench.put(letter)
            bench.acknowledge()
        bench.put(wish(bench, 10_001, released=True, guidance=4.25))
        took = time.perf_counter() - start
        bench.settle()
        bench.said[:-1] = []
        gc.collect()
        return took

    storm()
    threads = threading.active_count()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert storm() < 10
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 1_000_000, grown
    assert threading.active_count() <= threads and desk.engine.jobs() == []
    alone = desk.recipe("meadow", "hills at dawn", {"pause": 0.01, "guidance": 4.25}, seed=7)
    assert bench.steering.work and bench.steering.work.recipe == alone
    assert bench.steering.work.data.tobytes() == desk.make(alone).artwork(30).data.tobytes()


def test_two_easels_on_one_model_both_come_to_their_end(bench: Bench, desk: Studio) -> None:
    other = Bench(desk, desk.recipe("meadow", "moors", {"pause": 0.01}, seed=8), key="other")
    for generation in range(1, 20):
        for each in (bench, other):
            each.put(wish(each, generation, released=generation == 19, guidance=generation / 4))
            each.acknowledge()
        time.sleep(0.01)
    for each in (bench, other):
        each.settle()
        assert [frame["asked"] for frame in each.frames("whole")] == [19]
    other.close()


def test_a_front_end_that_comes_later_gets_what_there_is(bench: Bench) -> None:
    assert not bench.steering.greet()
    for generation, guidance in ((1, 2.0), (2, 6.0)):
        bench.put(wish(bench, generation, released=True, guidance=guidance))
        bench.settle()
    bench.said.clear()
    assert bench.steering.greet()
    assert [said["type"] for said, _ in bench.said] == ["try", "try", "frame"]
    assert bench.frames()[0]["asked"] is None and bench.frames()[0]["tier"] == "whole"


def test_words_are_shown_as_they_grow_and_only_on_release(desk: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    import drill

    drill.offer(monkeypatch)
    bench = Bench(desk, desk.recipe("drill", drill.words(40), {"pause": 0.01}, seed=1))
    assert not art("drill").drafts
    bench.put(wish(bench, 1))
    bench.settle()
    assert not bench.frames()
    bench.put(wish(bench, 2, released=True))
    while not bench.mailbox.settles(0.01):
        bench.acknowledge()
    bench.acknowledge()
    assert bench.frames("forming") and bench.frames()[-1]["tier"] == "whole"
    assert bench.said[-1][1][0] or bench.frames()[-1]["mime"] == "text/plain"
    bench.close()
