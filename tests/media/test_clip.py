from __future__ import annotations

import base64
import io
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError, UsageError
from genart_nb.gallery import Gallery
from genart_nb.media import player, reels
from genart_nb.media.base import Sheet, medium
from genart_nb.media.clip import GIF, MEDIA, MP4, WEBP, Clip, strip
from genart_nb.recipe import Recipe

HOSTILE = '"><script>window.harmed=1</script><img src=x onerror="window.harmed=1">'


def drawing(at: int, size: tuple[int, int] = (48, 32)) -> Image.Image:
    picture = Image.new("RGB", size, (250, 240, 200))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((at * 3, 6, at * 3 + 18, 24), fill=(200, 30 + at * 8, 40))
    return picture


def clip(format: str = "webp", count: int = 8, fps: float = 12.0, **more: Any) -> Clip:
    size = more.pop("size", (48, 32))
    return Clip(tuple(drawing(at, size) for at in range(count)), fps, format, **more)


def apart(one: Clip, other: Clip) -> float:
    pairs = zip(one.frames, other.frames, strict=True)
    return max(float(np.abs(np.asarray(a, float) - np.asarray(b, float)).mean()) for a, b in pairs)


@pytest.mark.parametrize("format", reels.FORMATS)
def test_a_clip_read_again_has_the_fingerprint_it_was_kept_with(format: str) -> None:
    data, kind = clip(format), MEDIA[format]
    again = kind.load(kind.dump(data))
    assert kind.fingerprint(again) == kind.fingerprint(data)
    assert (again.fps, again.format, again.loop, again.size, len(again.frames)) == (12, format, True, (48, 32), 8)
    assert kind.dump(again) == kind.dump(data) == kind.dump(clip(format))
    assert medium(kind.name) is kind


def test_webp_keeps_every_pixel_and_the_others_come_close() -> None:
    assert apart(clip("webp"), WEBP.load(WEBP.dump(clip("webp")))) == 0
    assert apart(clip("gif"), GIF.load(GIF.dump(clip("gif")))) < 1
    assert apart(clip("mp4"), MP4.load(MP4.dump(clip("mp4")))) < 4


@pytest.mark.parametrize("format", reels.FORMATS)
@pytest.mark.parametrize("fps", [1, 7, 12, 50])
def test_frames_that_stand_still_are_all_there(format: str, fps: float) -> None:
    still = tuple(drawing(at) for at in (0, 0, 0, 1, 2, 2, 3, 3, 3))
    again = MEDIA[format].load(MEDIA[format].dump(Clip(still, fps, format, False)))
    assert len(again.frames) == 9 and again.fps == fps and not again.loop
    assert apart(again, Clip(still, fps)) < 6  # H.264 halves the resolution of colours


@pytest.mark.parametrize("format", reels.FORMATS)
@pytest.mark.parametrize(("size", "count"), [((47, 31), 5), ((48, 32), 1), ((8, 8), 3), ((1, 1), 2)])
def test_odd_sizes_and_single_frames(format: str, size: tuple[int, int], count: int) -> None:
    data = clip(format, count, size=size)
    again = MEDIA[format].load(MEDIA[format].dump(data))
    assert again.size == size and len(again.frames) == count
    assert apart(data, again) < 12


def test_colours_survive_mp4() -> None:
    for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (120, 200, 60)):
        again = MP4.load(MP4.dump(Clip((Image.new("RGB", (64, 64), colour),) * 3, 12, "mp4")))
        assert np.abs(np.asarray(again.frames[1], int) - colour).max() <= 4


def test_a_gif_keeps_a_plain_ground_as_it_is() -> None:
    rng = np.random.default_rng(1)
    rich = np.concatenate([rng.integers(0, 256, (45, 90, 3), np.uint8), rng.integers(240, 255, (45, 90, 3), np.uint8)])
    frames = []
    for at in range(5):
        picture = Image.new("RGB", (160, 120), "white")
        picture.paste(Image.fromarray(rich), (at * 10, 20))
        frames.append(picture)
    again = GIF.load(GIF.dump(Clip(tuple(frames), 12, "gif")))
    assert all(frame.getpixel((158, 2)) == (255, 255, 255) for frame in again.frames)


def test_another_medium_writes_its_own_format() -> None:
    assert GIF.dump(clip("webp"))[:3] == b"GIF"
    assert MP4.fingerprint(clip("webp")) == MP4.fingerprint(clip("mp4")) != WEBP.fingerprint(clip("webp"))


def test_a_fingerprint_is_of_frames_their_order_size_and_rate() -> None:
    backwards = Clip(tuple(reversed(clip().frames)))
    turned = Clip(tuple(Image.frombytes("RGB", (32, 48), frame.tobytes()) for frame in clip().frames))
    prints = [WEBP.fingerprint(each) for each in (clip(), backwards, turned, clip(fps=6), clip(count=7))]
    assert len({each["sha256"] for each in prints}) == 5
    assert [len(base64.b64decode(each)) for each in prints[0]["thumbnails"]] == [1024] * 4


@pytest.mark.parametrize(
    "content", [b"", b"not a film", b"GIF89a", b"RIFF0000WEBPVP8 ", b"\0\0\0\x20ftypisom" + b"x" * 9]
)
def test_a_broken_file_is_told_as_one(content: bytes) -> None:
    with pytest.raises(ValueError):
        WEBP.load(content)


def test_other_peoples_films_can_be_read() -> None:
    target = io.BytesIO()
    drawing(0).save(target, "GIF", save_all=True, append_images=[drawing(5)], duration=250, loop=0)
    found = WEBP.load(target.getvalue())
    assert (len(found.frames), found.fps, found.loop, found.format) == (2, 4, True, "gif")


def test_what_is_no_clip_is_refused() -> None:
    for wrong in ((), (drawing(0), drawing(1, (9, 9)))):
        with pytest.raises(ValueError, match="frames of one size"):
            Clip(wrong)
    with pytest.raises(ValueError, match="frames per second"):
        clip(fps=0)


def test_mp4_without_pyav_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(OptionError, match=r"genart_nb\[video\]"):
        MP4.dump(clip("mp4"))


@pytest.mark.parametrize("format", reels.FORMATS)
def test_a_bundle_has_a_stable_line_a_strip_and_escaped_html(format: str) -> None:
    sheet = Sheet(clip(format), layout="clip", prompt=HOSTILE, mark="<genart animate>", facts={"keyframes": [HOSTILE]})
    bundle = MEDIA[format].bundle(sheet)
    assert bundle["text/plain"] == "<genart animate>"
    assert Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).width > 400
    assert "<script" not in bundle["text/html"] and "onerror=&quot;" in bundle["text/html"]
    kind = "video/mp4" if format == "mp4" else f"image/{format}"
    source = re.search(rf"data:{kind};base64,([^\"]+)", bundle["text/html"].split("genart-screen", 1)[1])
    shown = base64.b64decode(re.findall(rf'src="data:{kind};base64,([^"]+)', bundle["text/html"])[0])
    kept = MEDIA[format].dump(clip(format))
    # x264 may spend a byte more or less on the same frames from one run to the next.
    assert source and (abs(len(shown) - len(kept)) < 16 if format == "mp4" else shown == kept)


def test_a_growing_clip_shows_its_newest_frame_and_is_not_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reels, "encode", lambda *_: pytest.fail("encoded while it grows"))
    data = clip(info={"total": 20})
    sheet = Sheet(data, layout="clip", prompt="a fox", mark="<m>", colophon="frame 8 of 20", live=True)
    bundle = WEBP.bundle(sheet)
    assert set(bundle) == {"text/plain", "text/html"} and "frame 8 of 20" in bundle["text/html"]
    assert '<progress value="8" max="20">' in bundle["text/html"]
    assert len(bundle["text/html"]) < 8000


def test_a_large_clip_is_shown_by_a_lighter_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    noise = tuple(Image.fromarray(rng.integers(0, 255, (64, 64, 3), np.uint8)) for _ in range(6))
    data = Clip(noise)
    monkeypatch.setattr(player, "EMBEDDED", 30_000)
    told = WEBP.bundle(Sheet(data, layout="clip", mark="<m>"))["text/html"]
    assert "a lighter copy" in told
    shown = base64.b64decode(re.findall(r'src="data:image/webp;base64,([^"]+)', told)[0])
    assert len(shown) < len(data.file) and len(WEBP.load(shown).frames) == 6


def test_a_strip_is_wide_and_not_too_wide() -> None:
    assert strip(clip(count=3)).size == (3 * 240 + 8, 160)
    assert strip(Clip((Image.new("RGB", (1600, 20)),) * 9)).width <= 1310


def test_the_gallery_keeps_a_film_as_a_film(genart_home: Path) -> None:
    recipe = Recipe(art="animate", prompt="a\nb", model="m", seed=1)
    work = Gallery().keep(Artwork(recipe, clip("mp4"), "clip-mp4", layout="clip"))
    assert str(work).endswith(".mp4") and Path(str(work)).read_bytes()[4:8] == b"ftyp"
    again = Gallery().get(1)
    assert again.fingerprint == work.fingerprint and repr(again.data) == "<clip 8 frames 48x32 12 fps mp4>"


def test_a_clip_saves_itself_in_the_format_its_name_says(tmp_path: Path) -> None:
    work = Artwork(Recipe(art="animate", prompt="a\nb", model="m", seed=1), clip(), "clip", layout="clip")
    heads = [work.save(tmp_path / f"fox{end}").read_bytes()[:12] for end in ("", ".GIF", ".mp4", ".png")]
    kinds = [head[at:][:4] for head, at in zip(heads, (8, 0, 4, 0), strict=True)]
    assert kinds == [b"WEBP", b"GIF8", b"ftyp", b"\x89PNG"]
    with pytest.raises(UsageError, match=r"\.webp, \.gif, \.mp4"):
        work.save(tmp_path / "fox.avi")


@pytest.mark.browser
def test_a_player_plays_and_rests_where_less_motion_is_wanted(chromium: Browser) -> None:
    sheets = [Sheet(clip(format), layout="clip", prompt=HOSTILE, mark="<m>") for format in reels.FORMATS]
    html = "".join(MEDIA[sheet.data.format].bundle(sheet)["text/html"] for sheet in sheets)
    seen = "getComputedStyle(document.querySelector('.genart-moving')).visibility"
    word = "[...document.querySelectorAll('label')][0].innerText"
    cases = [("no-preference", "visible", "hidden", "Stop"), ("reduce", "hidden", "visible", "Play")]
    for motion, before, after, label in cases:
        page = chromium.new_page(reduced_motion=motion)
        page.set_content(f"<!doctype html><body>{html}")
        page.wait_for_function("[...document.images].every(each => each.complete && each.naturalWidth == 48)")
        assert page.evaluate(seen) == before and page.evaluate(word) == label
        page.locator("label").first.click()
        assert page.evaluate(seen) == after
        assert page.evaluate(word) == ("Play" if label == "Stop" else "Stop")
        film = page.locator("video")
        page.wait_for_function("document.querySelector('video').readyState >= 2")
        assert film.evaluate("each => each.duration") == pytest.approx(8 / 12, abs=0.01)
        assert film.evaluate("each => each.paused") == (motion == "reduce")
        assert not page.evaluate("window.harmed")
        page.close()
