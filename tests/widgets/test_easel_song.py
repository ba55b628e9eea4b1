"""An easel over `%%compose`, with the real composer: rolls at once, then the sound; a tempo writes no note anew."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from steering_bench import Bench

from genart_nb.arts import music_memory
from genart_nb.arts.form import art
from genart_nb.media import song_sound
from genart_nb.models.composer.runtime import Composer
from genart_nb.models.music import MusicBrief
from genart_nb.studio import Studio
from genart_nb.widgets import controls, frames

PATIENCE = 120.0


@pytest.fixture
def easel(desk: Studio) -> Iterator[Bench]:
    bench = Bench(desk, desk.recipe("compose", "a tune", {"style": "song", "metre": "4/4", "bars": 3}, seed=3))
    heard = threading.Event()

    def front_end() -> None:
        while not heard.wait(0.02):
            bench.acknowledge()

    threading.Thread(target=front_end, daemon=True).start()
    yield bench
    heard.set()
    bench.close()


@pytest.fixture
def briefs(monkeypatch: pytest.MonkeyPatch) -> list[MusicBrief]:
    """Every brief that the composer is given."""
    given: list[MusicBrief] = []
    compose = Composer.compose

    def noted(self: Composer, brief: MusicBrief) -> Any:
        given.append(brief)
        return compose(self, brief)

    monkeypatch.setattr(Composer, "compose", noted)
    return given


def moved(bench: Bench, generation: int, *, released: bool = False, **values: Any) -> str:
    now = json.loads(bench.steering.params())
    now["values"] |= values
    return json.dumps(now | {"generation": generation, "released": released})


def songs(bench: Bench, generation: int) -> list[tuple[str, dict[str, Any], list[bytes]]]:
    """Tier, roll and buffers of the frames that a generation was answered with."""
    return [
        (said["tier"], json.loads(buffers[0]), buffers)
        for said, buffers in bench.said
        if said["type"] == "frame" and said["asked"] == generation
    ]


def test_the_roll_comes_while_it_is_written_and_then_the_sound(easel: Bench) -> None:
    easel.put(moved(easel, 1, released=True))
    easel.settle(PATIENCE)
    found = songs(easel, 1)
    tiers = [tier for tier, _, _ in found]
    assert tiers[-1] == "whole" and "forming" in tiers
    assert all(len(buffers) == 1 for tier, _, buffers in found if tier == "forming")
    _, told, (_, sound) = found[-1]
    assert sound == song_sound.inline(easel.steering.work.data)  # type: ignore[union-attr]
    assert found[-2][1] == told  # the whole roll was there before its sound
    assert told["seconds"] == pytest.approx(3 * told["bar"]) and told["picture"].startswith("<svg")
    said = next(said for said, _ in easel.said if said.get("tier") == "whole")
    assert said["took"] | {"key": "", "tempo": 0} == {
        "style": "song", "key": "", "mode": said["took"]["mode"], "metre": "4/4", "tempo": 0, "bars": 3,
        "instrument": "recorder",
    }  # fmt: skip
    small, picture = next((said, buffers[0]) for said, buffers in easel.said if said["type"] == "try")
    assert small["mime"] == "image/webp" and Image.open(io.BytesIO(picture)).size == (frames.THUMBNAIL,) * 2


def test_a_tempo_writes_no_note_again_and_a_key_does(easel: Bench, briefs: list[MusicBrief]) -> None:
    easel.put(moved(easel, 1, released=True))
    easel.settle(PATIENCE)
    assert len(briefs) == 1
    easel.put(moved(easel, 2, tempo=150.0))
    easel.settle(PATIENCE)
    easel.put(moved(easel, 3, released=True, tempo=150.0, instrument="harp"))
    easel.settle(PATIENCE)
    assert len(briefs) == 1
    first, drafted, whole = songs(easel, 1)[-1][1], songs(easel, 2)[-1][1], songs(easel, 3)[-1][1]
    assert first["notes"] == drafted["notes"] == whole["notes"] and first["tempo"] != 150.0 == whole["tempo"]
    assert "harp" in whole["legend"] and songs(easel, 3)[-1][2][1] != songs(easel, 1)[-1][2][1]
    easel.put(moved(easel, 4, released=True, key="Eb"))
    easel.settle(PATIENCE)
    assert len(briefs) == 2 and songs(easel, 4)[-1][1]["notes"] != first["notes"]


def test_a_draft_that_is_the_whole_is_not_made_twice(easel: Bench, briefs: list[MusicBrief], desk: Studio) -> None:
    easel.put(moved(easel, 1, bars=2))
    easel.settle(PATIENCE)
    assert [tier for tier, _, _ in songs(easel, 1)][-1] == "draft" and len(desk.gallery) == 0
    assert all(len(buffers) == 1 for _, _, buffers in songs(easel, 1))
    easel.put(moved(easel, 2, released=True, bars=2))
    easel.settle(PATIENCE)
    assert len(briefs) == 1 and len(desk.gallery) == 1 and songs(easel, 2)[-1][0] == "whole"
    work = easel.steering.work
    assert work and work.data == desk.make(work.recipe).artwork(PATIENCE).data
    assert len(briefs) == 2  # what is made again is written again: only so does `%genart remake` prove anything


def test_a_recipe_is_the_same_whatever_was_written_before(desk: Studio, briefs: list[MusicBrief]) -> None:
    options = {"style": "jig", "bars": 2}
    music_memory._written.clear()
    slow = desk.recipe("compose", "", {**options, "tempo": 90}, seed=5)
    alone = desk.make(slow).artwork(PATIENCE)
    desk.make(desk.recipe("compose", "", {**options, "tempo": 200}, seed=5)).artwork(PATIENCE)
    assert len(briefs) == 1
    again = desk.make(slow).artwork(PATIENCE)
    assert len(briefs) == 2 and again.fingerprint == alone.fingerprint and again.facts == alone.facts


@pytest.mark.parametrize("options", [{}, {"key": "C#", "tempo": 77.5}, {"key": "bb", "bars": 5, "mood": "calm"}])
def test_an_untouched_easel_has_the_very_recipe_it_was_given(desk: Studio, options: dict[str, Any]) -> None:
    form, recipe = art("compose"), desk.recipe("compose", "a hymn", options, seed=1)
    rows = controls.controls(form, recipe)
    assert controls.written(form, recipe, recipe.prompt, recipe.seed, controls.values(rows)) == recipe
    assert controls.cheaper(form, recipe, 0) == recipe


def test_what_a_song_is_made_of_stands_in_sight(desk: Studio) -> None:
    form, recipe = art("compose"), desk.recipe("compose", "", {}, seed=1)
    rows = {row.id: row for row in controls.controls(form, recipe)}
    assert [id for id, row in rows.items() if row.first] == list(controls.FIRST_OF_MUSIC)
    assert not {"from_", "continue_", "harmonise"} & rows.keys()
    assert rows["tempo"].kind == rows["bars"].kind == "slider" and rows["tempo"].value is None
    assert rows["style"].kind == "select" and "chorale" in rows["style"].choices
    assert "F#" in rows["key"].choices and rows["key"].choices[0] == ""
