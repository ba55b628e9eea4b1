from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genart_nb import inputs
from genart_nb.arts import image, keyframes, motion, tween
from genart_nb.arts.image import PaintOptions
from genart_nb.arts.motion import ANIMATE, AnimateOptions
from genart_nb.artwork import Artwork
from genart_nb.engines.local import LocalEngine
from genart_nb.errors import JobCancelledError, OptionError, UsageError
from genart_nb.events import Event, Preview, Step
from genart_nb.gallery import Gallery
from genart_nb.magics.draft import Draft
from genart_nb.magics.help import help_text
from genart_nb.magics.interpolate import Scope
from genart_nb.media.clip import Clip
from genart_nb.models.card import Folder, ModelCard
from genart_nb.models.noise import normal, turned
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Frame
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio
from tests.arts.plain_painter import PlainPainter
from tests.drill import offer
from tests.models.painter.tiny_painter import make


class Walker(PlainPainter):
    """A plain painter that turns its noise from one brief's to another's."""

    supports = PlainPainter.supports | {"between"}

    def _picture(self, brief: Brief) -> Any:
        one, other, share = brief.extras.get("between", (brief, brief, 0.0))
        if one.seed == other.seed:
            return super()._picture(brief)
        from PIL import Image

        ends = [normal(each.seed, (64, 64, 3)) for each in (one, other)]
        return Image.fromarray((turned(*ends, share) * 20 + 100).clip(0, 255).astype(np.uint8))


class Slow(Walker):
    """One that takes its time."""

    def paint(self, brief: Brief) -> Iterator[Frame]:
        for frame in super().paint(brief):
            time.sleep(0.02)
            yield frame


def load(card: ModelCard, progress: Any) -> Slow:
    return Slow()


SLOW = ModelCard(id="slow-walker", kind="picture", title="Slow", loader="slow-walker", source=Folder(path="/"))
POINTS = [
    EntryPoint("slow-walker", "tests.arts.test_motion:SLOW", "genart_nb.models"),
    EntryPoint("slow-walker", "tests.arts.test_motion:load", "genart_nb.loaders"),
]


def recipe(prompt: str = "a fox\na wolf", seed: int = 7, **options: Any) -> Recipe:
    table = AnimateOptions.read({"seconds": 1, "fps": 8, **options})
    return Recipe(art="animate", prompt=prompt, model="plain", seed=seed, options=table.model_dump(mode="json"))


def run(recipe: Recipe, model: PlainPainter | Painter | None = None) -> tuple[Clip, list[Event]]:
    events = list(motion.animate(recipe, model or Walker()))
    last = [event for event in events if isinstance(event, Preview)][-1]
    return last.data, events


def painted(prompt: str, seed: int = 7, **options: Any) -> Any:
    table = PaintOptions.read(options)
    wanted = Recipe(art="paint", prompt=prompt, model="plain", seed=seed, options=table.model_dump(mode="json"))
    return [each for each in image.paint(wanted, Walker()) if isinstance(each, Preview)][-1].data


def same(one: Any, other: Any) -> bool:
    return np.array_equal(np.asarray(one), np.asarray(other))


def test_a_keyframe_is_what_paint_would_paint() -> None:
    clip, _ = run(recipe("a fox\na wolf --seed 9 --guidance 5 --saturation 0.5", guidance=3, loop="none", steps=2))
    assert same(clip.frames[0], painted("a fox", guidance=3, steps=2))
    assert same(clip.frames[-1], painted("a wolf", 9, guidance=5, steps=2, saturation=0.5))
    assert len({frame.tobytes() for frame in clip.frames}) == len(clip.frames) == 8


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Painter]:
    found = Painter.load(make(tmp_path_factory.mktemp("painter")), defaults={"size": 128}, threads=1)
    yield found
    found.close()


def test_the_painter_walks_smoothly_between_what_it_paints(painter: Painter) -> None:
    shared: dict[str, Any] = {"steps": 2, "freedom": 1, "guidance": 2}
    clip, _ = run(recipe("a fox --style flat\na wolf --style ink --seed 9", fps=12, loop="none", **shared), painter)
    for frame, (prompt, seed, style) in ((0, ("a fox", 7, "flat")), (-1, ("a wolf", 9, "ink"))):
        table = PaintOptions.read({**shared, "style": style})
        wanted = Recipe(art="paint", prompt=prompt, model="tiny", seed=seed, options=table.model_dump(mode="json"))
        assert same(clip.frames[frame], [each for each in image.paint(wanted, painter)][-1].data)  # type: ignore[union-attr]
    arrays = [np.asarray(frame, float) for frame in clip.frames]
    steps = [np.abs(one - other).mean() for one, other in pairwise(arrays)]
    assert max(steps) < 0.35 * np.abs(arrays[0] - arrays[-1]).mean()


def test_numbers_go_straight_and_words_mix() -> None:
    model = Walker()
    run(recipe("a fox --guidance 2\na wolf --guidance 6", easing="linear", loop="none", fps=5), model)
    assert [brief.guidance and brief.guidance.at(0) for brief in model.briefs] == [2, 3, 4, 5, 6]
    assert [[(text, keys.at(0)) for text, keys in brief.mix] for brief in model.briefs] == [
        [], [("a wolf", 0.25)], [("a wolf", 0.5)], [("a wolf", 0.75)], []
    ]  # fmt: skip
    assert [brief.prompt for brief in model.briefs] == ["a fox"] * 4 + ["a wolf"]


def test_styles_pass_into_each_other_and_fade_in_from_none() -> None:
    model = Walker()
    walk = "a fox --style flat -> a fox --style ink -> a fox --style ''"
    run(recipe(walk, easing="linear", loop="none", fps=5), model)
    weights = [{name: keys.at(0) for name, keys in brief.styles} for brief in model.briefs]
    assert weights == [{"flat": 1}, {"flat": 0.5, "ink": 0.5}, {"ink": 1}, {"ink": 0.5}, {}]
    assert not any(brief.mix for brief in model.briefs)


def test_noise_turns_from_seed_to_seed() -> None:
    clip, _ = run(recipe("a fox\n--seed 8", loop="none", easing="linear", fps=9))
    apart = [np.abs(np.asarray(a, int) - np.asarray(b, int)).mean() for a, b in pairwise(clip.frames)]
    whole = np.abs(np.asarray(clip.frames[0], int) - np.asarray(clip.frames[-1], int)).mean()
    assert max(apart) < 0.3 * whole
    assert abs(np.asarray(clip.frames[4]).std() - np.asarray(clip.frames[0]).std()) < 1


def test_bounce_paints_once_what_it_shows_twice() -> None:
    model = Walker()
    clip, events = run(recipe(fps=12), model)
    assert len(clip.frames) == 12 and len(model.briefs) == 7
    assert all(same(clip.frames[at], clip.frames[-at]) for at in range(1, 6))
    steps = [each for each in events if isinstance(each, Step)]
    assert steps[0] == Step(0, 7, "frame") and steps[-1] == Step(7, 7, "frame")


def test_cycle_comes_home_and_hold_rests() -> None:
    model = Walker()
    clip, _ = run(recipe("a fox\na wolf\na bear", loop="cycle", fps=24, easing="hold"), model)
    assert len(clip.frames) == 24 and clip.loop
    assert model.briefs[-1].prompt == "a bear" and model.briefs[-1].mix[0][0] == "a fox"
    assert all(same(clip.frames[0], clip.frames[at]) for at in (1, 2)) and len(model.briefs) < 16


def test_none_plays_once() -> None:
    assert not run(recipe(loop="none"))[0].loop


@pytest.mark.parametrize("loop", ["none", "cycle", "bounce"])
def test_every_keyframe_has_its_frame_however_short_the_clip(loop: str) -> None:
    clip, _ = run(recipe("a\nb\nc\nd --seed 2", seconds=0.1, fps=1, loop=loop))
    for prompt, seed in (("a", 7), ("b", 7), ("c", 7), ("d", 2)):
        assert any(same(frame, painted(prompt, seed)) for frame in clip.frames)


@pytest.mark.parametrize("name", tween.EASINGS)
def test_an_easing_goes_from_here_to_there(name: str) -> None:
    way = [tween.EASINGS[name](at / 100) for at in range(101)]
    assert way[0] == 0 and way[-1] == 1
    assert all(a <= b for a, b in pairwise(way))


def test_previews_are_clips_of_the_frames_so_far_and_finish_as_partial() -> None:
    walk = motion.animate(wanted := recipe(fps=12), Walker())
    shown = next(event for event in walk if isinstance(event, Preview) and len(event.data.frames) == 3)
    walk.close()
    work = ANIMATE.finish(wanted, shown.data, None, True)
    assert work.partial and len(work.data.frames) == 3 and work.fingerprint["frames"] == 3


def test_a_stop_takes_effect_within_a_step_of_the_model() -> None:
    walk = motion.animate(recipe(steps=5), Walker())
    first = [next(walk) for _ in range(4)]
    assert first == [Step(0, 5, "frame")] * 4


def test_a_walk_that_is_stopped_keeps_its_frames(genart_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, POINTS)
    engine = LocalEngine(keep=Gallery().keep)
    job = engine.run(recipe(seconds=10).model_copy(update={"model": "slow-walker"}))
    draft = Draft(job.recipe, iter(range(10_000)).__next__)
    for event in job.events():
        draft.fold(event)
        if isinstance(event, Step) and event.done == 3:
            assert "frame 3 of 41 · " in draft.progress and " s left" in draft.progress
            assert "<progress" in draft.bundle()["text/html"]
            job.cancel()
    engine.close()
    with pytest.raises(JobCancelledError) as caught:
        job.artwork()
    work = caught.value.partial
    assert work is not None and work.partial and 3 <= len(work.data.frames) < 41
    assert Gallery().get(1).fingerprint == work.fingerprint
    assert "stopped early" in work._repr_mimebundle_()[0]["text/html"]


def test_the_work_knows_its_keyframes_and_references() -> None:
    work = ANIMATE.finish(wanted := recipe(), run(wanted)[0], None, False)
    assert work.facts["keyframes"] == ["a fox", "a wolf"]
    assert [each["name"] for each in work.facts["references"]] == ["fox", "wolf"]
    assert work.medium.suffix == ".webp"
    film = ANIMATE.finish(wanted := recipe(format="mp4"), run(wanted)[0], None, False)
    assert film.medium.suffix == ".mp4" and film.facts["references"] == work.facts["references"]


def test_keyframes_are_lines_or_arrows_with_options_of_their_own() -> None:
    read = keyframes.read('a fox -- quick\n\n  a cat\'s hat --style "flat:0.5, ink:0.5" --seed=9\n--seed 3\nx -> y → z',
                          motion._Seeded, motion._KEYED)  # fmt: skip
    assert [key.prompt for key in read] == ["a fox -- quick", "a cat's hat", "a cat's hat", "x", "y", "z"]
    assert [dict(key.options) for key in read[1:3]] == [{"style": "flat:0.5, ink:0.5", "seed": 9}, {"seed": 3}]


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("a fox", "two keyframes"),
        ("a fox ->", "two keyframes"),
        ("--seed 3\na fox", "no words"),
        ("\n".join(["a fox"] * 61), "at most 60"),
        ("a fox\na wolf --sed 4", "did you mean --seed"),
        ("a fox\na wolf --steps 4", "Unknown option --steps"),
        ("a fox\na wolf --seed", "--seed needs a value"),
        ("a fox\na wolf --seed --style ink", "--seed needs a value"),
        ("a fox\na wolf --seed 4 with a hat", "'with a hat' stands after"),
        ("a fox\na wolf --seed -4", "--seed -4 is not allowed"),
        ("a fox\na wolf --seed four", "--seed 'four' is not allowed"),
        ("a fox\na wolf --style fat", "did you mean 'flat'"),
        ("a fox\na wolf --guidance 5", "Only some keyframes say --guidance"),
        ("a fox\na wolf --freedom nan", "--freedom nan is not allowed"),
    ],
)
def test_a_walk_that_cannot_be_is_refused_before_anything_is_painted(prompt: str, told: str) -> None:
    model = Walker()
    with pytest.raises(UsageError) as caught:
        run(recipe(prompt), model)
    assert told in str(caught.value)
    assert not model.briefs


def test_badly_written_keyframes_are_refused_before_a_model_is_loaded(genart_home: Path) -> None:
    for prompt in ("a fox", "a fox -> a wolf --seed x", "a fox -> a wolf --sed 3"):
        with pytest.raises(UsageError):
            Studio(engine=None, gallery=Gallery()).recipe("animate", prompt)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"seconds": 0}, "0.1..600 s"),
        ({"seconds": 10_000}, "0.1..600 s"),
        ({"seconds": 600}, "at most 1,200 are painted"),
        ({"seconds": float("nan")}, "not allowed"),
        ({"easing": "smoth"}, "did you mean 'smooth'"),
        ({"loop": "forever"}, "none|cycle|bounce"),
        ({"format": "gif", "fps": 60}, "at most 50"),
        ({"style": "flat:2"}, "weights in 0..1"),
        ({"count": 3}, "Unknown option --count"),
    ],
)
def test_options_out_of_range_are_refused_with_the_range(options: dict[str, Any], told: str) -> None:
    with pytest.raises(OptionError) as caught:
        recipe(**options)
    assert told in str(caught.value)


def test_mp4_without_pyav_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(OptionError, match=r"pip install 'genart_nb\[video\]'"):
        recipe(format="mp4")


def test_a_model_that_has_no_way_says_so() -> None:
    with pytest.raises(OptionError, match="cannot walk between seeds"):
        run(recipe("a fox\n--seed 9"), PlainPainter())
    plain = PlainPainter()
    plain.supports = plain.supports - {"mix"}  # type: ignore[misc]
    with pytest.raises(OptionError, match="cannot mix prompts"):
        run(recipe(), plain)
    clip, _ = run(recipe("a fox --guidance 1\na fox --guidance 9"), plain)
    assert len(clip.frames) == 8


def scope(**names: Any) -> Scope:
    return Scope(lambda code: eval(code, names), lambda: names)  # noqa: S307


def work(prompt: str, colour: str = "red", **options: Any) -> Artwork:
    table = PaintOptions.read(options)
    made = Recipe(art="paint", prompt=prompt, model="plain", seed=9, options=table.model_dump(mode="json"))
    return Artwork(made, Image.new("RGB", (64, 64), colour), "picture")


def test_a_keyframe_starts_from_a_picture_of_its_own(genart_home: Path, tmp_path: Path) -> None:
    fox = work("a fox")
    Image.new("RGB", (64, 64), "blue").save(tmp_path / "a wolf.png")
    cell = f'a fox --init "fox" --strength 0.2\n--init "{tmp_path}/a wolf.png"\na bear --seed 3 --init={{{{fox}}}}'
    names = scope(fox=fox)
    body, used = ANIMATE.holds(names.fill(cell, ANIMATE.said), names.held)
    assert ANIMATE.holds("a fox --init fox -> a wolf --init fox", names.held)[1] == used == [fox.recipe]
    assert names.works == [fox] and str(tmp_path) not in body
    read = keyframes.read(body, motion._Seeded, motion._KEYED)
    held = [str(key.options["init"]) for key in read]
    assert [inputs.picture(name).getpixel((0, 0)) for name in held] == [(255, 0, 0), (0, 0, 255), (255, 0, 0)]
    assert ANIMATE.holds(body, lambda name: name) == (body, [])  # held once, it stays as it is
    model = Walker()
    run(recipe(body, easing="linear", loop="none", fps=5), model)
    reds = [brief.init.getpixel((0, 0))[0] for brief in model.briefs if brief.init]  # type: ignore[index]
    assert reds == [255, 127, 0, 127, 255] and [round(b.strength, 1) for b in model.briefs] == [0.2, 0.4, 0.6, 0.6, 0.6]


def test_a_painted_work_is_a_keyframe(genart_home: Path) -> None:
    fox, poem = work("a red\n fox", style="flat:0.6, ink:0.4", guidance=5), Artwork(recipe("sea"), "waves\nsand")
    body = scope(fox=fox, poem=poem).fill("{{fox}} -> {{poem}} --style ink", ANIMATE.said)
    read = keyframes.read(body, motion._Seeded, motion._KEYED)
    assert body.startswith('a red fox --seed 9 --style "flat:0.6, ink:0.4" --guidance 5.0 -> waves')
    assert [key.prompt for key in read] == ["a red fox", "waves", "sand"]
    assert dict(read[0].options) == {"seed": 9, "style": "flat:0.6, ink:0.4", "guidance": 5.0}
    for prompt in ("a fox -> a wolf", "a fox --style flat"):
        with pytest.raises(UsageError, match="cannot stand in a keyframe"):
            scope(odd=work(prompt)).fill("{{odd}}", ANIMATE.said)


def test_pictures_for_some_keyframes_only_need_a_model_of_references(genart_home: Path) -> None:
    body, _ = ANIMATE.holds("a fox --init fox\na wolf", scope(fox=work("a fox")).held)
    with pytest.raises(OptionError, match="Only some keyframes say --init"):
        run(recipe(body), Walker())
    with pytest.raises(OptionError, match=r"there is no file 'nowhere.png'"):
        ANIMATE.holds("a fox --init nowhere.png\na wolf", lambda name: name)
    studio = Studio(engine=None, gallery=Gallery())
    made = studio.recipe("animate", "a fox\n" + body.splitlines()[0], seed=1)
    assert made.prompt.endswith(body.splitlines()[0])


def test_help_tells_how_keyframes_are_written() -> None:
    told = help_text(ANIMATE)
    assert "    a wolf --style 3d" in told and "--easing" in told and "%animate a fox -> a wolf -> a bear" in told
