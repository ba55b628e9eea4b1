"""Every art form as a function: its signature, its help, and code that makes a recipe again."""

from __future__ import annotations

import inspect
import pydoc
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import genart_nb
import genart_nb.twins
from genart_nb import plugins, twins
from genart_nb.arts.form import ArtForm
from genart_nb.artwork import Artwork
from genart_nb.engines.base import Job
from genart_nb.engines.fake import FakeEngine
from genart_nb.errors import EmptyPromptError, EngineError, GenartError, JobCancelledError, OptionError
from genart_nb.events import Event, Token
from genart_nb.options import Options, option
from genart_nb.recipe import Recipe, Turn
from genart_nb.studio import Studio, studio


class SongOptions(Options):
    """What a song takes."""

    key: Literal["C", "a"] = option("C", "where it is at home")
    bars: int | None = option(None, "how long", ge=1, le=64, unit="bars")
    swing: bool = option(False, "uneven eighths")
    words: str = option("", "what is sung")


SONG = ArtForm("song", "A song.", SongOptions, lambda recipe, model: iter(()), None, kind=None)  # type: ignore[arg-type]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    real_load, real_offered = plugins.load, plugins.offered
    monkeypatch.setattr(
        plugins, "load", lambda group, name: SONG if (group, name) == ("arts", "song") else real_load(group, name)
    )
    monkeypatch.setattr(
        plugins, "offered", lambda group: {**real_offered(group), **({"song": None} if group == "arts" else {})}
    )
    studio.cache_clear()
    twins.twin.cache_clear()
    studio()._engine = FakeEngine()
    yield studio()
    studio().close()
    studio.cache_clear()
    twins.twin.cache_clear()


def test_it_makes_a_work(desk: Studio) -> None:
    work = genart_nb.song("la la", seed=3, bars=8)
    assert isinstance(work, Artwork) and str(work) == "la la "
    assert desk.last is work and work.seed == 3 and work.recipe.options["bars"] == 8


def test_signature_and_help(desk: Studio) -> None:
    signature = inspect.signature(genart_nb.song)
    assert list(signature.parameters) == ["prompt", "seed", "model", "key", "bars", "swing", "words"]
    assert signature.parameters["key"].default == "C" and signature.return_annotation is Artwork
    told = pydoc.plain(pydoc.render_doc(genart_nb.song))
    for piece in ("A song.", "genart_nb.song(", "where it is at home", "C|a", "1..64 bars", "%%song"):
        assert piece in told
    assert "song" in dir(genart_nb)


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({"kay": "C"}, OptionError), ({"bars": 0}, OptionError), ({"seed": -1}, OptionError),
        ({"seed": True}, OptionError), ({"key": "H"}, OptionError),
    ],
)  # fmt: skip
def test_bad_arguments(desk: Studio, given: dict[str, Any], kind: type[GenartError]) -> None:
    with pytest.raises(kind, match="Fix: "):
        genart_nb.song("x", **given)


def test_nothing_to_make(desk: Studio) -> None:
    with pytest.raises(EmptyPromptError, match=r"song\(\) needs a prompt.*\n.*genart_nb.song\('"):
        genart_nb.song("  ")


def test_failure_is_raised(desk: Studio) -> None:
    def fail(recipe: Recipe) -> Iterator[Event]:
        yield Token("x")
        raise ValueError("broken")

    desk._engine = FakeEngine(fail)
    with pytest.raises(EngineError, match="broken"):
        genart_nb.song("x")
    assert desk.last is None


def test_an_interrupt_keeps_the_part(desk: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Job.since

    def since(job: Job, index: int, timeout: float) -> list[Event]:
        events = real(job, index, timeout)
        if any(isinstance(event, Token) for event in events):
            raise KeyboardInterrupt
        return events

    def forever(recipe: Recipe) -> Iterator[Event]:
        while True:
            yield Token("on and ")

    desk._engine = FakeEngine(forever)
    monkeypatch.setattr(Job, "since", since)
    with pytest.raises(JobCancelledError) as caught:
        genart_nb.song("x")
    assert caught.value.partial is desk.last is not None and desk.last.partial


RECIPES = st.builds(
    lambda prompt, seed, given: studio().recipe("song", prompt, given, seed=seed),
    st.text().filter(str.strip), st.integers(0, 2**32 - 1),
    st.fixed_dictionaries(
        {},
        optional={
            "key": st.sampled_from(["C", "a"]), "bars": st.none() | st.integers(1, 64), "swing": st.booleans(),
            "words": st.text(),
        },
    ),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_code_makes_the_same_recipe(desk: Studio, data: st.DataObject) -> None:
    """Whatever Unicode the prompt is made of."""
    prompt = data.draw(st.text(st.characters()))
    try:
        recipe = studio().recipe("song", prompt, data.draw(st.just({"words": prompt[:9]}) | st.just({})), seed=1)
    except GenartError:
        return
    assert made_by(twins.call(recipe)).digest == recipe.digest


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.data())
def test_code_gives_every_option(desk: Studio, data: st.DataObject) -> None:
    recipe = data.draw(RECIPES)
    assert made_by(twins.call(recipe)).digest == recipe.digest


def test_code_of_what_a_call_cannot_say(desk: Studio) -> None:
    plain = desk.recipe("song", "x", seed=1)
    for more in ({"turns": (Turn(role="user", content="'\"\\"),)}, {"sources": (plain,)}, {"revision": "old"}):
        recipe = plain.model_copy(update=more)
        assert made_by(twins.call(recipe)).digest == recipe.digest
    assert twins.call(plain) == "genart_nb.song('x', seed=1)"


def made_by(code: str) -> Recipe:
    """The recipe of the work that the code makes."""
    return eval(code, {"genart_nb": genart_nb}).recipe  # noqa: S307 (that it can be evaluated is the point)
