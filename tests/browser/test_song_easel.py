"""The easel over a song in a real JupyterLab, with the real composer: dragged while it plays, and looked at."""

from __future__ import annotations

from typing import Any

import pytest
from test_easel_in_lab import Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EASEL = "easel = %easel compose a slow tune --style song --metre 4/4 --bars 6 --tempo 60 --seed 3\neasel"
# Every sound that is put on the board while one plays, how it went on, and how fast.
LISTEN = """([root]) => {
  const now = () => root.querySelector('.ge-board:not(.ge-pinned) audio');
  window.heard_ = {first: now(), heights: new Set(), rates: new Set(), silent: 0};
  document.addEventListener('genart-frame', (event) => {
    window.heard_.heights.add(Math.round(root.getBoundingClientRect().height));
    window.heard_.rates.add(now().playbackRate);
    window.heard_.silent += now().paused ? 1 : 0;
    window.heard_.tiers = [...(window.heard_.tiers ?? []), event.detail.message.tier];
  });
}"""
AUDIO = "document.querySelector('.ge-board:not(.ge-pinned) audio')"
ROLL = "document.querySelector('.ge-board:not(.ge-pinned) .gr-sheet').innerHTML"


@pytest.fixture
def hands(lab: Any) -> Hands:
    lab.write("song.ipynb", "%load_ext genart_nb", EASEL, "print(len(__import__('genart_nb').studio().gallery))")
    lab.side_bars(False)
    lab.size(1400)
    lab.run(0)
    lab.run(1)
    return Hands(lab)


def playing(lab: Any) -> None:
    """Wait until sound comes out and goes on."""
    before = lab.page.evaluate(f"{AUDIO}.currentTime")
    lab.page.wait_for_function(
        f"(before) => !{AUDIO}.paused && Math.abs({AUDIO}.currentTime - before) > 0.15", arg=before
    )


def faults(lab: Any) -> list[str]:
    """What the page complains of, but for the status of a kernel that has no time to answer at its side door."""
    return [each for each in lab.console_errors if "503" not in each]


def works(lab: Any) -> int:
    lab.run(2)
    return int(lab.output(2).inner_text())


def test_a_song_is_steered_while_it_plays(hands: Hands, lab: Any) -> None:
    page, kept = lab.page, works(lab)
    page.evaluate(LISTEN, [hands.root.element_handle()])
    page.wait_for_function(f"{AUDIO}.readyState >= 3")
    page.evaluate(f"{AUDIO}.loop = true")  # however slow this machine is, it plays
    first = page.evaluate(ROLL)
    hands.root.locator(".gr-roll").focus()
    page.keyboard.press("Space")
    playing(lab)

    hands.changed(lambda: hands.drag("tempo", 0.35, hold=1.0))
    rates = page.evaluate("[...window.heard_.rates]")
    assert max(rates) > 1.2, "a tempo is heard while the hand is still at it"
    page.wait_for_function(f"{AUDIO} !== window.heard_.first && {AUDIO}.playbackRate === 1", timeout=60_000)
    assert page.evaluate(ROLL) == first, "a tempo writes no other note"
    playing(lab)

    hands.changed(lambda: hands.root.locator('[data-control="instrument"] select').select_option("harp"))
    playing(lab)
    assert page.evaluate(ROLL) == first and "harp" in hands.root.locator(".gr-legend").inner_text()

    hands.changed(lambda: hands.root.locator('[data-control="key"] select').select_option("Eb"))
    playing(lab)
    assert page.evaluate(ROLL) != first and "Eb" in hands.root.locator(".gr-legend").inner_text()
    assert page.evaluate("window.heard_.silent") == 0, "no frame stopped what was playing"
    assert {"draft", "forming", "whole"} <= set(page.evaluate("window.heard_.tiers"))
    heights = page.evaluate("[...window.heard_.heights]")
    assert max(heights) - min(heights) <= 2, "nothing on the page jumps"

    page.evaluate(f"{AUDIO}.pause()")
    assert works(lab) == kept + 3, "one work for each release, none for the drafts"
    before = page.locator(".jp-Notebook-cell").count()
    hands.root.locator('[aria-label^="Write the cell"]').click()
    page.wait_for_function(f"document.querySelectorAll('.jp-Notebook-cell').length === {before + 1}")
    written = lab.cell(2).locator(".cm-content").inner_text()
    assert written.startswith("%%compose") and "--key Eb" in written and "--instrument harp" in written
    hands.changed(lambda: hands.press("z"))
    hands.changed(lambda: hands.press("z"))
    assert page.evaluate(ROLL) == first
    assert faults(lab) == []


def test_two_songs_are_held_against_each_other(hands: Hands, lab: Any) -> None:
    page = lab.page
    page.wait_for_function(f"{AUDIO}.readyState >= 3")
    hands.press("p")
    hands.changed(lambda: hands.press("r"))
    pinned = hands.root.locator(".ge-pinned")
    assert pinned.locator(".gr-sheet").inner_html() != page.evaluate(ROLL)
    pinned.locator(".gr-roll").focus()
    page.keyboard.press("Space")
    page.wait_for_function("!document.querySelector('.ge-pinned audio').paused")
    hands.root.locator(".ge-board:not(.ge-pinned) .gr-roll").focus()
    page.keyboard.press("Space")
    playing(lab)
    assert page.evaluate("document.querySelector('.ge-pinned audio').paused"), "one plays at a time"
    page.evaluate(f"{AUDIO}.pause()")
    own = hands.root.locator('[data-control="style"] option[value="auto"]')
    assert own.inner_text() == "auto"
    hands.changed(lambda: hands.root.locator('[data-control="style"] select').select_option("auto"))
    assert own.inner_text() == "auto · song"  # by the words
    for theme, width in (("Light", 1400), ("Dark", 1400), ("Dark", 700), ("Light", 700), ("Light", 480)):
        lab.theme(theme)
        lab.size(width)
        page.wait_for_timeout(300)
        over = page.evaluate("([root]) => root.scrollWidth - root.clientWidth", [hands.root.element_handle()])
        assert over <= 1, f"{width} pixels wide, something sticks out"
        lab.screenshot(f"song-easel-{theme.lower()}-{width}", hands.root)
    assert faults(lab) == []
