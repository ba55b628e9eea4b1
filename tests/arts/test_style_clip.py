from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from genart_nb import inputs
from genart_nb.arts import style, style_clip
from genart_nb.arts.style import RestyleOptions
from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.events import Preview, Step
from genart_nb.media.clip import Clip
from genart_nb.models.pictures import Frame
from genart_nb.models.restyler.brief import RestyleBrief, fitted
from genart_nb.recipe import Recipe

pytestmark = pytest.mark.usefixtures("genart_home")


class Restless:
    """Lays other strokes in each frame, and lets the picture through."""

    nbytes = 0
    styles: tuple[str, ...] = ("waves",)
    reads = False

    def __init__(self) -> None:
        self.briefs: list[RestyleBrief] = []

    def restyle(self, brief: RestyleBrief) -> Iterator[Frame]:
        self.briefs.append(brief)
        content = np.asarray(fitted(brief.content, brief.size), np.float64)
        noise = np.random.default_rng(len(self.briefs)).normal(0, 20, content.shape[:2])[..., None]
        yield Frame(1, 1, lambda: Image.fromarray((content + noise).clip(0, 255).astype(np.uint8)))

    def close(self) -> None:
        pass


def clip(format: str = "webp", count: int = 6) -> Clip:
    """A red disc that crosses a grey ground."""
    frames = []
    for at in range(count):
        frames.append(Image.new("RGB", (96, 64), (120, 120, 120)))
        ImageDraw.Draw(frames[-1]).ellipse((14 * at, 20, 14 * at + 20, 40), fill="red")
    return Clip(tuple(frames), 8.0, format)


def run(given: Any, smooth: float = 0.85) -> tuple[Clip, Restless, Recipe]:
    held, used = inputs.held(RestyleOptions, {"from_": given, "style": "waves", "size": 96, "smooth": smooth})
    table, model = RestyleOptions.read(held).model_dump(mode="json"), Restless()
    recipe = Recipe(art="restyle", prompt="", model="m", seed=1, options=table, sources=tuple(used))
    events = list(style.restyle(recipe, model))
    assert isinstance(events[-1], Preview)
    assert [each.done for each in events if isinstance(each, Step)][-1] == len(model.briefs)
    return events[-1].data, model, recipe


@pytest.mark.parametrize("format", ["webp", "gif", "mp4"])
def test_a_clip_comes_back_in_its_own_format(format: str, tmp_path: Path) -> None:
    path = tmp_path / f"disc.{format}"
    path.write_bytes(clip(format).file)
    made, model, recipe = run(str(path))
    assert (made.format, len(made.frames), made.fps, made.size) == (format, 6, 8.0, (96, 64))
    work = style.finish(recipe, made, None, False)
    assert work.medium.fingerprint(made)["frames"] == 6 and work.facts["styles"][0]["name"] == "waves"
    assert {brief.beside.tobytes() for brief in model.briefs if brief.beside} == {model.briefs[0].content.tobytes()}


def test_what_stands_still_flickers_less_and_what_moves_is_followed() -> None:
    calm, _, _ = run(clip())
    restless, _, _ = run(clip(), smooth=0.0)
    facts = calm.info["facts"]
    assert facts["flicker as painted"] == restless.info["facts"]["flicker"] == pytest.approx(22.6, abs=2)
    assert facts["flicker"] < 0.25 * facts["flicker as painted"]
    red = np.asarray(calm.frames[-1], np.float64)[30, 72:88].mean(0)
    gone = np.asarray(calm.frames[-1], np.float64)[25:35, 5:15].mean((0, 1))
    assert red[0] - red[1] > 150 and abs(gone[0] - gone[1]) < 25


def test_works_and_uploads_move_too_and_one_frame_is_a_picture(tmp_path: Path) -> None:
    source = Recipe(art="animate", prompt="a disc", model="m", seed=1)
    made, _, recipe = run(Artwork(source, clip(), "clip"))
    assert len(made.frames) == 6 and recipe.sources == (source,)
    assert len(run(clip("gif").file)[0].frames) == 6
    clip("gif", 1).frames[0].save(tmp_path / "still.gif")
    held, _ = inputs.held(RestyleOptions, {"from_": tmp_path / "still.gif"})
    assert held["from_"].startswith("picture:")


def test_an_animation_given_as_a_style_is_its_first_frame(tmp_path: Path) -> None:
    (tmp_path / "disc.gif").write_bytes(clip("gif").file)
    held, _ = inputs.held(RestyleOptions, {"style": str(tmp_path / "disc.gif")})
    assert inputs.picture(held["style"].replace("-", ":")).size == (96, 64)


def test_a_video_without_frames_and_one_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OptionError, match="no clip that can be read"):
        run(blind_film())
    with pytest.raises(OptionError, match="no clip that can be read"):
        run(clip("mp4").file[:200])
    monkeypatch.setattr(style_clip, "FRAMES_MOST", 5)
    with pytest.raises(OptionError, match="at most 5"):
        run(clip())


def blind_film() -> bytes:
    """An MP4 with sound and no picture."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as file:
        stream = file.add_stream("aac", rate=44100, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        sound.rate = 44100
        file.mux(stream.encode(sound))
        file.mux(stream.encode())
    return target.getvalue()
