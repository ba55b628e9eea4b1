"""The player that roll and easel share, in a real browser: another sound takes over where the one before plays."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from genart_nb.media.song import Song
from genart_nb.widgets import frames, roll

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))
from tunes import scale

pytestmark = pytest.mark.browser

PAGE = """<meta charset="utf-8"><style>%s</style><body><script>%s
const player = new Player();
const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
document.body.append(player.root);
</script>"""
# Where the sound of now is left, and where the next takes it up; it loops, for this machine may be slow.
WATCH = """() => {
  window.before = player.audio;
  Object.assign(before, { volume: 0.5, loop: true });
  const replace = before.replaceWith;
  before.replaceWith = function (next) { window.left = this.currentTime; replace.call(this, next); };
  const play = player.play;
  player.play = function (wanted) { window.takenUp = this.audio.currentTime; return play.call(this, wanted); };
}"""
PLAYS = "() => !player.audio.paused && player.audio.currentTime > %s"


@pytest.fixture
def tab(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    here = Path(roll.__file__).parent
    page = tmp_path / "player.html"
    page.write_text(PAGE % ((here / "roll.css").read_text(), (here / "player.js").read_text()), encoding="utf-8")
    tab = chromium.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(page.as_uri())
    yield tab
    tab.close()
    assert not faults


def drawn(tab: Page, song: Song) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(frames.song(song).data)
    tab.evaluate("(song) => player.draw(song)", told)
    return told


def heard(tab: Page, song: Song) -> None:
    frame = frames.song(song, sound=True)
    sound = base64.b64encode(frame.sound).decode()
    tab.evaluate(
        "([song, sound]) => (player.draw(song), player.load(bytes(sound), song))", [json.loads(frame.data), sound]
    )


def looped(tab: Page, song: Song, at: float) -> None:
    """Have a song play over and over, and wait until it is `at` seconds in."""
    heard(tab, song)
    tab.focus(".gr-roll")
    tab.keyboard.press("Space")
    tab.wait_for_function(PLAYS % at)
    tab.evaluate("player.audio.loop = true")


def test_what_plays_goes_on_at_the_same_bar(tab: Page) -> None:
    slow, quick = replace(scale(2, bars=8), tempo=60.0), replace(scale(2, bars=8), tempo=120.0)
    heard(tab, slow)
    assert tab.evaluate("player.audio.paused && player.audio.currentTime === 0")
    tab.focus(".gr-roll")
    tab.evaluate(f"player.seek({slow.seconds / 2})")
    tab.keyboard.press("Space")
    tab.wait_for_function(PLAYS % (slow.seconds / 2 + 0.2))
    tab.evaluate(WATCH)
    drawn(tab, quick)
    assert tab.evaluate("[player.audio === before, player.audio.paused, player.audio.playbackRate]") == [True, False, 2]
    assert not tab.query_selector(".gr-ahead")  # the same notes
    heard(tab, quick)
    tab.wait_for_function("player.audio !== before && !player.audio.paused")
    left, taken_up, rate, volume = tab.evaluate("[left, takenUp, player.audio.playbackRate, player.audio.volume]")
    assert left > slow.seconds / 2 and taken_up == pytest.approx(left / 2, abs=0.05) and (rate, volume) == (1, 0.5)
    assert tab.evaluate("before.paused && document.querySelectorAll('audio').length === 1")


def test_other_notes_are_ahead_of_what_is_heard_until_their_sound_comes(tab: Page) -> None:
    looped(tab, scale(2, bars=8), 0.2)
    shorter = scale(4, bars=2)
    drawn(tab, shorter)
    assert tab.query_selector(".gr-ahead") and tab.evaluate("player.audio.playbackRate") == 1
    tab.evaluate(WATCH)
    heard(tab, shorter)
    tab.wait_for_function(f"Math.abs(player.length - {shorter.seconds}) < 0.01 && !player.audio.paused")
    assert tab.evaluate("takenUp") < shorter.seconds
    assert not tab.query_selector(".gr-ahead")


def test_sounds_that_come_quickly_leave_the_last_one_alone(tab: Page) -> None:
    looped(tab, scale(2, bars=8), 0.1)
    for tempo in (70.0, 80.0, 90.0, 100.0):
        heard(tab, replace(scale(2, bars=8), tempo=tempo))
    tab.wait_for_function("player.heard.tempo === 100 && !player.audio.paused")
    assert tab.evaluate("document.querySelectorAll('audio').length") == 1
    tab.evaluate("player.remove()")
    assert tab.evaluate("player.audio.paused") and not tab.query_selector(".gr")


def test_nothing_to_hear_is_no_fault(tab: Page) -> None:
    tab.focus(".gr-roll")
    for key in ("Space", "ArrowRight", "Home"):
        tab.keyboard.press(key)
    tab.click(".gr-roll")
    assert tab.evaluate("player.audio.paused")
