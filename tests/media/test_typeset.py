import itertools
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader import Reader
from samples import AFTER, BEFORE, PERSON, POEM, SAMPLES, SCENE, TALK

from genart_nb.media.base import Sheet
from genart_nb.media.typeset import LAYOUTS, figure, html
from genart_nb.media.typeset.frame import HUE_SHARE, HUES
from genart_nb.media.typeset.revision import word_edits


@pytest.mark.parametrize("name", SAMPLES)
def test_a_card_is_small_and_asks_for_nothing(name: str) -> None:
    page = html(SAMPLES[name])
    style = page.split("</style>")[0]
    assert len(style) < 3000
    # The runtime names the site it follows in a comment, which does not travel.
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|@import|url\(|<link|<script", page.split("<iframe")[0])
    assert "://" not in re.sub(r"http://www\.w3\.org/2000/svg", "", page)


@pytest.mark.parametrize("name", SAMPLES)
def test_rules_stay_inside_their_card(name: str) -> None:
    sheet = SAMPLES[name]
    style = html(sheet).split("</style>")[0].removeprefix("<style>")
    flat = re.sub(r"@keyframes [\w-]+\{[^{}]*\{[^{}]*\}\}", "", style)
    flat = re.sub(r"@media\([^)]*\)\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", flat)
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", flat):
        for selector in re.split(r",(?![^(]*\))", selectors):
            assert selector.startswith(f".genart.genart-{sheet.layout}")


def test_cards_of_one_layout_agree_on_every_rule() -> None:
    """So that a card added to a page changes none that is already there."""
    known: dict[str, list[str]] = {}
    for sheet in [*SAMPLES.values(), *(replace(sheet, live=True) for sheet in SAMPLES.values())]:
        rules: dict[str, list[str]] = {}
        style = html(sheet).split("</style>")[0].removeprefix("<style>")
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style.split("@keyframes")[0]):
            rules.setdefault(selector, []).append(body)
        for selector, bodies in rules.items():
            assert known.setdefault(selector, bodies) == bodies


def test_verse_keeps_every_line_and_stanza() -> None:
    page = html(Sheet(POEM, "verse"))
    lines = re.findall(r"<span>(.*?)</span>", page)
    assert [line.replace("\u00a0", " ") for line in lines] == [line for line in POEM.split("\n") if line]
    assert page.count("<p>") == 2


def test_prose_knows_lists_rules_and_emphasis() -> None:
    page = html(SAMPLES["prose"])
    assert "<em>forty-one</em>" in page and "<strong>backward</strong>" in page and "<hr>" in page
    assert page.count("<li>") == 3
    assert "<em>" not in html(Sheet("2*3*4 and a * b * c"))


def test_screenplay_tells_its_parts_apart() -> None:
    page = html(Sheet(SCENE, "screenplay"))
    assert re.findall(r'<h4 class="tocSkip">(.*?)</h4>', page) == ["INT. LIGHTHOUSE - NIGHT", "EXT. CLIFF PATH - LATER"]
    assert re.findall(r"<b>(.*?)</b>", page) == ["MARA", "TOM (O.S.)", "MARA"]
    assert re.findall(r"<i>(.*?)</i>", page) == ["(without looking up)", "(beat)"]
    assert re.findall(r'<p class="genart-cut">(.*?)</p>', page) == ["CUT TO:"]
    assert "<p>FADE IN:</p>" in page


def test_a_screenplay_without_blank_lines_still_has_speeches() -> None:
    page = html(Sheet("INT. ATTIC - DAY\nDust.\nANN\nHello?\nBEN\n(above)\nMind the", "screenplay"))
    assert re.findall(r"<b>(.*?)</b>", page) == ["ANN", "BEN"]
    assert "<p>Dust.</p>" in page


def test_a_name_being_typed_is_already_a_name() -> None:
    growing = Sheet("Rain.\n\nMAR", "screenplay", live=True)
    assert "<b>MAR" in html(growing)
    assert "<b>" not in html(replace(growing, live=False))


def test_dialogue_gives_each_speaker_one_colour() -> None:
    page = html(Sheet(TALK, "dialogue"))
    turns = re.findall(r'<dt class="genart-s(\d)" dir="auto">(.*?)</dt>', page)
    assert [name for _, name in turns] == ["Ines", "Bao", "The Old Porter", "Ines", "Kofi", "Wren", "Sol"]
    assert turns[0][0] == turns[3][0] and len({colour for colour, _ in turns}) == 6
    assert "<p>(The lamp flickers.)</p>" in page
    assert "<dd><em>(laughing)</em> On the thirteenth step?</dd>" in page


def test_profile_is_a_card_when_whole_and_the_raw_text_until_then() -> None:
    page = html(Sheet(PERSON, "profile"))
    assert ">Odile Marchetti</h4>" in page and "<li>secretly vain</li>" in page
    assert "<dt>fear</dt><dd>That they will not want it back.</dd>" in page
    for text, live in ((PERSON, True), (PERSON[:90], False), ("[1]", False), ("[" * 9000, False), ("{}", False)):
        raw = Reader(html(Sheet(text, "profile", live=live)))
        assert "dl" not in raw.tags and text in raw.text


def test_acts_are_numbered_and_titled() -> None:
    page = html(SAMPLES["acts"])
    assert page.count("<li>") == 3 and "<span>Act II<b>: </b></span>The Questions</h4>" in page
    loose = html(Sheet("A tale.\n\n**ACT 1 - Dawn**\nLight.\n\n## Act Two\nDark.", "acts"))
    assert loose.count("<li>") == 2 and "Dawn</h4>" in loose and "<p>A tale.</p><ol" in loose


def test_diff_marks_words_and_keeps_a_clean_version() -> None:
    page = html(Sheet(AFTER, "diff", prompt=BEFORE))
    assert "<del>adress</del>" in page and ">address</ins>" in page
    assert "<details><summary>Clean version" in page
    assert "<ins" not in html(Sheet(AFTER, "diff", prompt=AFTER))
    for unfinished in ({"live": True}, {"partial": True}):
        assert "<del>" not in html(Sheet(AFTER[:60], "diff", prompt=BEFORE, **unfinished))


@given(st.text("ab ,.\n港'", max_size=80), st.text("ab ,.\n港'", max_size=80))
@settings(deadline=None)
def test_edits_hold_both_texts(old: str, new: str) -> None:
    edits = word_edits(old, new)
    assert "".join(text for kind, text in edits if kind != "+") == old
    assert "".join(text for kind, text in edits if kind != "-") == new
    assert all(one[0] != two[0] for one, two in itertools.pairwise(edits))


def test_chat_shows_the_last_turns_and_not_the_system() -> None:
    page = html(SAMPLES["chat"])
    assert "Be brief" not in page and "Question number 0" not in page and "Question number 1" in page
    assert page.index("Prussian") < page.index("the last of them") < page.index("short waves")


def test_code_is_coloured_and_whole() -> None:
    for name in ("p5js", "svg", "python"):
        sheet = SAMPLES[name]
        assert sheet.data in Reader(html(sheet)).text
        assert '<span class="' in html(sheet).split("<code>")[1]


def test_a_preview_comes_only_with_finished_sketches_and_drawings() -> None:
    assert "<iframe" not in html(SAMPLES["python"])
    for name, sandbox in (("p5js", "allow-scripts"), ("svg", "")):
        assert f'sandbox="{sandbox}" loading="lazy"' in html(SAMPLES[name])
        assert "<iframe" not in html(replace(SAMPLES[name], live=True))
        facts = {**SAMPLES[name].facts, "preview": False}
        assert "<iframe" not in html(replace(SAMPLES[name], facts=facts))
    assert 'width="420" height="300"' in html(SAMPLES["p5js"]) and 'width="400" height="240"' in html(SAMPLES["svg"])
    assert len(html(SAMPLES["p5js"])) < 24_000


def test_caption_holds_note_colophon_and_the_mark_of_a_stopped_work() -> None:
    page = html(Sheet("x", note="a note", colophon="seed 7", partial=True))
    assert '<figcaption><p class="genart-note" dir="auto">a note</p>' in page
    assert "<small><strong>stopped early</strong> · seed 7</small>" in page
    assert "figcaption" not in html(Sheet("x")).split("</style>")[1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_caret_stands_inside_the_last_words(layout: str) -> None:
    page = html(Sheet("Act I: Ann\nAnn: said", layout, live=True))
    assert re.search(r'said(<[^>]*>)?<span class="genart-caret"></span></', page) and 'aria-busy="true"' in page


def test_another_medium_can_use_the_frame() -> None:
    page = figure("<canvas></canvas>", Sheet(None, "painting", colophon="seed 7"), "& canvas{width:100%}")
    assert ".genart.genart-painting canvas{width:100%}" in page and "seed 7" in page


GROUNDS = [  # (text, its opacity, page): JupyterLab and VS Code, light and dark
    ("#000000", 0.87, "#ffffff"),
    ("#ffffff", 1.0, "#111111"),
    ("#3b3b3b", 1.0, "#ffffff"),
    ("#cccccc", 1.0, "#1f1f1f"),
]


@pytest.mark.parametrize(("ink", "opacity", "page"), GROUNDS)
@pytest.mark.parametrize("hue", HUES)
def test_every_hue_can_be_read_on_light_and_dark(hue: str, ink: str, opacity: float, page: str) -> None:
    """WCAG 2.2 contrast, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, of color-mix with premultiplied alpha."""
    share = HUE_SHARE / 100
    alpha = share + (1 - share) * opacity
    tint = [0.03 * opacity * i + (1 - 0.03 * opacity) * p for i, p in zip(rgb(ink), rgb(page), strict=True)]
    mixed = [share * h + (1 - share) * opacity * i for h, i in zip(rgb(hue), rgb(ink), strict=True)]
    shown = [m + (1 - alpha) * t for m, t in zip(mixed, tint, strict=True)]
    lighter, darker = sorted((luminance(shown), luminance(tint)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def rgb(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(colour: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
