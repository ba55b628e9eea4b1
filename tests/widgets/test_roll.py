"""The roll: what it tells Python, and in a real browser that it plays, follows and seeks."""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from genart_nb.errors import UsageError
from genart_nb.widgets.roll import Roll

sys.path.insert(0, str(Path(__file__).parents[1] / "media"))
from tunes import scale

PAGE = """<meta charset="utf-8"><div id="at"></div><script type="module">
%s
const held = %s, calls = {}, sent = [];
const sound = Uint8Array.from(atob("%s"), (each) => each.charCodeAt(0));
const state = { ...held, sound };
window.model = {
  get: (name) => state[name],
  set: (name, value) => { state[name] = value; sent.push([name, value]); },
  save_changes: () => {}, on: (name, act) => { calls[name] = act; }, off: (name) => { delete calls[name]; },
};
window.sent = sent;
window.say = (name, value) => { state[name] = value; calls[`change:${name}`](); };
window.stop = roll.render({ model: window.model, el: document.getElementById("at") });
window.left = () => Object.keys(calls).length;
</script>"""


def test_it_holds_the_song_and_no_address() -> None:
    song = scale(4, bars=4)
    roll = Roll(song)
    assert roll.seconds == song.seconds and roll.bar == song.seconds / 4
    assert roll.sound[:2] in (b"ID", b"\xff\xfb", b"\xff\xf3") and "<svg" in roll.picture
    assert repr(roll) == repr(Roll(song)) and "0x" not in repr(roll)


def test_it_stays_inside_the_song() -> None:
    roll = Roll(scale())
    roll.position = 1e9
    assert roll.position == roll.seconds
    roll.position = -5
    assert roll.position == 0


def test_what_is_no_song_is_told() -> None:
    with pytest.raises(UsageError, match="plays songs"):
        Roll("la la la")  # type: ignore[arg-type]


@pytest.mark.browser
def test_it_plays_follows_and_seeks(chromium: Browser, tmp_path: Path) -> None:
    import json

    roll = Roll(scale(2, bars=4))
    state = {
        name: getattr(roll, name) for name in ("picture", "legend", "seconds", "bar", "position", "playing", "loop")
    }
    script = Roll._esm.replace("export default", "const roll =")
    page = tmp_path / "roll.html"
    page.write_text(PAGE % (script, json.dumps(state), base64.b64encode(roll.sound).decode()), encoding="utf-8")
    tab = chromium.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.goto(page.as_uri())
    assert not faults
    tab.wait_for_function("document.querySelector('audio').readyState >= 3")
    tab.focus(".gr-roll")
    tab.keyboard.press("Space")
    tab.wait_for_function("document.querySelector('audio').currentTime > 0.4")
    assert float(tab.evaluate("parseFloat(document.querySelector('.gr-head').style.left)")) > 2
    tab.keyboard.press("Space")
    assert tab.evaluate("document.querySelector('audio').paused")
    tab.keyboard.press("Home")
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function(f"Math.abs(document.querySelector('audio').currentTime - {roll.bar}) < 0.05")
    tab.evaluate(f"say('position', {roll.seconds / 2})")
    tab.wait_for_function("Math.abs(parseFloat(document.querySelector('.gr-head').style.left) - 50) < 1")
    told = tab.evaluate("sent.filter(([name]) => name === 'position').length")
    assert 1 <= told <= 20
    tab.evaluate("stop()")
    assert tab.evaluate("left()") == 0 and not tab.query_selector(".gr") and not faults
    tab.close()
