"""Writing in a real JupyterLab: words stream, the card stays, Stop stops, and a prompt is only ever text."""

from __future__ import annotations

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.starter, pytest.mark.slow]

LOAD = "%load_ext genart_nb"
CARD = "figure.genart"


def test_words_stream_and_one_card_stays(lab):
    path = lab.write("stream.ipynb", LOAD, "%%story --seed 3 --words 90\na lighthouse keeper and a whale")
    lab.run(0)
    lab.run(1, wait=False)
    growing = lab.output(1).locator(f"{CARD}[aria-busy=true]")
    growing.wait_for(timeout=90_000)
    early = growing.inner_text()
    lab.wait_idle(120)
    card = lab.output(1).locator(CARD)
    assert card.count() == 1
    assert "seed 3" in card.inner_text()
    assert len(card.inner_text()) > len(early)
    lab.save()
    outputs = nbformat.read(path, as_version=4).cells[1].outputs
    assert [output.output_type for output in outputs] == ["execute_result"]
    assert "aria-busy" not in outputs[0].data["text/html"]


def test_stop_keeps_what_there_is_and_the_next_cell_works(lab):
    lab.write(
        "stop.ipynb",
        LOAD,
        "%%story --seed 4 --words 1500 -o tale\nan endless river",
        "print(len(str(tale)) > 0, tale.partial)",
    )
    lab.run(0)
    lab.run(1, wait=False)
    lab.output(1).locator(f"{CARD}[aria-busy=true]").wait_for(timeout=90_000)
    lab.page.wait_for_function("document.querySelector('figure.genart').innerText.length > 500", timeout=90_000)
    lab.interrupt()
    lab.wait_idle(30)
    assert "stopped early" in lab.output(1).inner_text().lower()
    lab.run(2)
    assert lab.output(2).inner_text().strip().endswith("True True")


def test_restart_in_mid_job_leaves_a_working_kernel(lab):
    lab.write(
        "restart.ipynb", LOAD, "%%story --seed 4 --words 1500\nan endless river", "%%poem --form haiku --seed 1\nsnow"
    )
    lab.run(0)
    lab.run(1, wait=False)
    lab.output(1).locator(CARD).first.wait_for(timeout=90_000)
    lab.restart()
    lab.run(0)
    lab.run(2)
    assert "seed 1" in lab.output(2).locator(CARD).inner_text()


def test_a_prompt_is_text_everywhere(lab):
    hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> {{1+1}} {json}"
    lab.write(
        "hostile.ipynb",
        LOAD,
        f"%%chat --seed 2 --words 20\n{hostile}",
        "%genart gallery",
        "%genart last --recipe",
        "%genart code",
    )
    lab.run_all()
    lab.page.wait_for_timeout(500)
    assert lab.page.title() != "owned"
    assert "<script>" in lab.output(1).inner_text()
    assert lab.page.locator(".jp-OutputArea script, .jp-OutputArea img[src=x]").count() == 0


def test_a_program_runs_in_a_sandbox_and_shows_itself(lab):
    lab.write(
        "code.ipynb",
        LOAD,
        "%%code --lang svg --seed 1\na yellow sun over a blue sea",
        "%%code --lang p5js --seed 1\na yellow sun over a blue sea",
    )
    lab.run_all()
    for index in (1, 2):
        frames = lab.output(index).locator("iframe")
        assert frames.count() == 1
        assert "allow-same-origin" not in (frames.first.get_attribute("sandbox") or "")


def test_errors_are_short_and_say_the_fix(lab):
    lab.write(
        "wrong.ipynb",
        LOAD,
        "%%poem --frm haiku\nsnow",
        "%%poem --form haikoo\nsnow",
        "%%poem\n{{missing}} snow",
        "%%poem\n\n",
    )
    for index in range(5):
        lab.run(index)
    said = [lab.output(index).inner_text() for index in range(1, 5)]
    assert "--form" in said[0]
    assert "haiku" in said[1]
    assert "missing" in said[2]
    assert "prompt" in said[3]
    assert not any("Traceback" in each for each in said)


def test_the_tour_looks_well(lab):
    nbformat.write(nbformat.read("notebooks/00_tour.ipynb", as_version=4), lab.server.root / "tour.ipynb")
    lab.open("tour.ipynb")
    assert "5\n" in lab.output(5).inner_text(), "a scansion must read right before anybody trusts the notebook"
    lab.run_all()
    lab.side_bars(False)
    too_wide = "[...document.querySelectorAll('figure.genart')].filter(f => f.scrollWidth > f.clientWidth + 1).length"
    for theme, width in (("Light", 1280), ("Dark", 1280), ("Light", 700)):
        lab.theme(theme)
        lab.size(width)
        assert lab.page.locator(CARD).count() >= 6
        assert lab.page.evaluate(too_wide) == 0
        for part, index in (("poems", 3), ("character", 12), ("drawing", 16)):
            lab.cell(index).scroll_into_view_if_needed()
            lab.page.wait_for_timeout(600)
            lab.screenshot(f"tour-{part}-{theme.lower()}-{width}")
