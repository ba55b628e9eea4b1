"""The easel in a real JupyterLab: dragged, typed at, stormed, doubled, cut off from its kernel, and looked at."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDGETS = Path(__file__).parents[1] / "widgets"
SETUP = f"import sys; sys.path.insert(0, {str(WIDGETS)!r}); import meadow; meadow.offer()\n%load_ext genart_nb"
EASEL = 'easel = %easel meadow hills at dawn --seed 7 --style "dawn:0.6,snow:0.3"\neasel'
PATIENCE = 60_000  # milliseconds
LISTEN = """() => {
  window.frames_ = [];
  document.addEventListener('genart-frame', (event) => {
    const {message, buffer} = event.detail;
    window.frames_.push({tier: message.tier, asked: message.asked, digest: message.digest, bytes: buffer.byteLength});
  });
}"""
PIXELS = """async ([digest]) => {
  const canvas = document.querySelector('.ge-board:not(.ge-pinned) canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const hash = await crypto.subtle.digest('SHA-256', data);
  return [canvas.width, canvas.height, [...new Uint8Array(hash)].map(b => b.toString(16).padStart(2, '0')).join('')];
}"""


class Hands:
    """An easel on the page, and what a person does to it."""

    def __init__(self, lab: Any, cell: int = 1) -> None:
        self.lab, self.page = lab, lab.page
        self.root = lab.output(cell).locator(".ge")
        self.root.wait_for()
        self.done()

    def done(self) -> None:
        self.root.locator('[data-state="done"]').wait_for(timeout=PATIENCE)

    def slider(self, control: str) -> Any:
        return self.root.locator(f'[data-control="{control}"] input')

    def value(self, control: str) -> str:
        return self.root.locator(f'[data-control="{control}"] output').inner_text()

    def words(self) -> str:
        return self.root.locator(".ge-words").inner_text()

    def digest(self) -> str:
        found = re.search(r"recipe (\w{8})", self.words())
        return found[1] if found else ""

    def seed(self) -> str:
        return self.root.locator(".ge-seed").input_value()

    def drag(self, control: str, to: float, *, steps: int = 12, hold: float = 0.0, drop: bool = True) -> None:
        slider = self.slider(control)
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] / 2, middle)
        self.page.mouse.down()
        for step in range(1, steps + 1):
            self.page.mouse.move(box["x"] + box["width"] * (0.5 + (to - 0.5) * step / steps), middle)
            self.page.wait_for_timeout(25)
        self.page.wait_for_timeout(1000 * hold)
        if drop:
            self.page.mouse.up()

    def changed(self, act: Any) -> None:
        """Do something, and wait until another work is on the easel."""
        before = self.digest() or self.words()
        act()
        self.page.wait_for_function(
            "([root, before]) => { const told = root.querySelector('.ge-status');"
            " return told.dataset.state === 'done' && !told.textContent.includes(before); }",
            arg=[self.root.element_handle(), before],
            timeout=PATIENCE,
        )

    def press(self, key: str) -> None:
        self.root.focus()
        self.page.keyboard.press(key)


@pytest.fixture
def hands(lab: Any) -> Hands:
    lab.write("easel.ipynb", SETUP, EASEL, "1 + 1")
    lab.side_bars(False)
    lab.run(0)
    lab.run(1)
    lab.page.evaluate(LISTEN)
    return Hands(lab)


def test_a_drag_shows_drafts_and_a_release_the_work_itself(hands: Hands, lab: Any) -> None:
    works = "len(__import__('genart_nb').studio().gallery)"
    lab.edit(2, f"print({works})")
    lab.run(2)
    before = int(lab.output(2).inner_text())
    hands.changed(lambda: hands.drag("guidance", 0.77, hold=0.5))
    seen = lab.page.evaluate("window.frames_")
    tiers = [each["tier"] for each in seen]
    assert "draft" in tiers and tiers[-1] == "whole" and seen[-1]["digest"] == hands.digest()
    asked = [each["asked"] for each in seen]
    assert asked == sorted(asked)
    shown = lab.page.evaluate(PIXELS, [hands.digest()])
    lab.edit(2, f"print(easel.recipe.digest, easel.recipe.options['guidance'], {works})")
    lab.run(2)
    digest, guidance, kept = lab.output(2).inner_text().split()
    assert digest == hands.digest() and guidance == f"{float(hands.value('guidance')):g}"
    assert int(kept) == before + 1, "one work for one release, none for the drafts"
    hands.changed(lambda: hands.press("r"))
    hands.changed(lambda: hands.press("z"))
    assert lab.page.evaluate(PIXELS, [hands.digest()]) == shown  # the same recipe, the same pixels
    assert lab.console_errors == []


def test_the_keyboard_does_all_of_it(hands: Hands, lab: Any) -> None:
    cells = lab.page.locator(".jp-Notebook-cell").count()
    hands.slider("guidance").focus()
    hands.changed(lambda: [lab.page.keyboard.press("ArrowRight") for _ in range(4)])
    assert hands.value("guidance") == "4.50"
    first = hands.seed()
    hands.changed(lambda: hands.press("r"))
    assert hands.seed() != first and hands.root.locator(".ge-try").count() == 3
    hands.press("p")
    assert hands.root.locator(".ge-pinned").is_visible()
    hands.changed(lambda: hands.press("z"))
    assert hands.seed() == first
    hands.changed(lambda: hands.press("Shift+Z"))
    assert hands.seed() != first
    hands.changed(lambda: hands.press("z"))
    hands.changed(lambda: hands.root.get_by_text("go back to it").click())
    assert hands.seed() != first
    hands.changed(lambda: hands.root.locator(".ge-try").last.click())
    assert hands.value("guidance") == "3.50"
    hands.press("p")
    assert not hands.root.locator(".ge-pinned").is_visible()
    assert lab.page.locator(".jp-Notebook-cell").count() == cells  # no shortcut of the notebook was meant
    nameless = "input:not([aria-label]):not([id]), button:not([aria-label]):empty, canvas:not([aria-label])"
    assert hands.root.locator(nameless).count() == 0
    for name in ("guidance", "dawn", "Seed", "Prompt"):
        assert hands.root.get_by_label(name, exact=True).count() == 1


def test_the_cell_is_written_below_and_the_notebook_keeps_a_still(hands: Hands, lab: Any) -> None:
    hands.changed(lambda: hands.drag("freedom", 0.9))
    digest = hands.digest()
    hands.root.get_by_role("button", name="Write the cell that makes this").click()
    lab.page.wait_for_function("jupyterapp.shell.currentWidget.content.widgets.length === 4")
    assert lab.page.evaluate("jupyterapp.shell.currentWidget.content.widgets[2].model.sharedModel.source").startswith(
        "%%meadow --seed 7"
    )
    lab.run(2)
    assert digest in lab.output(2).inner_html()
    lab.save()
    notebook = nbformat.read(lab.server.root / "easel.ipynb", as_version=4)
    outputs = [each for each in notebook.cells[1].outputs if each.get("data")]
    assert outputs[0].data["text/plain"].startswith("<genart easel meadow seed=7 recipe=")
    assert outputs[1].data["text/plain"] == f"<genart meadow seed=7 recipe={digest}>" and "image/png" in outputs[1].data
    assert "widgets" not in notebook.metadata and "export default" not in json.dumps(notebook)


def test_a_storm_ends_on_the_recipe(hands: Hands, lab: Any) -> None:
    storm = """async () => {
      const slider = document.querySelector('[data-control=guidance] input');
      const memory = () => performance.memory?.usedJSHeapSize ?? 0;
      const start = performance.now();
      for (let turn = 0; turn < 10000; turn += 1) {
        slider.value = (turn % 40) / 4;
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        const due = start + turn;
        if (performance.now() < due) await new Promise(done => setTimeout(done, due - performance.now()));
      }
      slider.value = 4.25;
      slider.dispatchEvent(new Event('input', {bubbles: true}));
      slider.dispatchEvent(new Event('change', {bubbles: true}));
      return performance.now() - start;
    }"""
    took = lab.page.evaluate(storm)
    hands.done()
    lab.page.wait_for_timeout(500)
    hands.done()
    assert took > 9_000 and hands.value("guidance") == "4.25"
    lab.edit(2, "print(easel.wait().recipe.digest, easel.recipe.options['guidance'])")
    lab.run(2)
    assert lab.output(2).inner_text().split() == [hands.digest(), "4.25"]
    seen = lab.page.evaluate("window.frames_")
    asked = [each["asked"] for each in seen]
    assert asked == sorted(asked) and seen[-1]["tier"] == "whole"


def test_two_easels_on_one_model_and_another_cell_running(lab: Any) -> None:
    other = EASEL.replace("easel =", "other =").replace("\neasel", "\nother").replace("--seed 7", "--seed 8")
    lab.write("two.ipynb", SETUP, EASEL, other, "import time; time.sleep(12); print('slept')")
    lab.side_bars(False)
    for cell in range(3):
        lab.run(cell)
    one, two = Hands(lab, 1), Hands(lab, 2)
    one.changed(lambda: one.drag("guidance", 0.9))
    two.changed(lambda: two.drag("freedom", 0.1))
    assert one.digest() != two.digest() and one.seed() == "7" and two.seed() == "8"
    lab.run(3, wait=False)
    lab.page.wait_for_timeout(300)
    one.changed(lambda: one.press("r"))
    two.changed(lambda: two.press("r"))
    assert "slept" not in lab.output(3).inner_text()  # both were painted while the cell ran
    lab.wait_idle()


def test_without_subshells_the_easel_says_that_the_kernel_is_busy(lab: Any) -> None:
    lab.page.evaluate("jupyterapp.serviceManager.kernels.commsOverSubshells = 'disabled'")
    lab.write("busy.ipynb", SETUP, EASEL, "import time; time.sleep(6)")
    lab.run(0)
    lab.run(1)
    hands = Hands(lab)
    hands.changed(lambda: hands.drag("guidance", 0.9))
    lab.run(2, wait=False)
    lab.page.wait_for_timeout(500)
    hands.press("r")
    hands.root.get_by_text("The kernel is busy with another cell").first.wait_for()
    lab.wait_idle()
    hands.done()
    assert hands.root.locator(".ge-try").count() == 3
    lab.page.evaluate("jupyterapp.serviceManager.kernels.commsOverSubshells = 'perCommTarget'")


def test_a_restarted_kernel_is_told_and_the_cell_can_be_run_again(hands: Hands, lab: Any) -> None:
    lab.restart()
    notice = hands.root.get_by_role("alert")
    notice.get_by_text("The kernel was restarted.").wait_for()
    lab.run(0)
    notice.get_by_role("button", name="Run the cell again").click()
    notice.wait_for(state="detached")
    again = Hands(lab)
    again.changed(lambda: again.press("r"))


def test_closing_in_mid_drag_leaves_no_job(hands: Hands, lab: Any) -> None:
    hands.root.locator("summary").click()
    hands.drag("pause", 0.9, drop=False)
    lab.page.wait_for_timeout(300)
    lab.page.evaluate("jupyterapp.shell.currentWidget.content.widgets[1].outputArea.model.clear()")
    lab.page.mouse.up()
    lab.edit(2, "import time; time.sleep(1); print(len(__import__('genart_nb').studio().engine.jobs()))")
    lab.run(2)
    assert lab.output(2).inner_text().strip().endswith("0")


def test_it_is_looked_at(hands: Hands, lab: Any) -> None:
    for act in (lambda: hands.press("r"), lambda: hands.drag("style:dusk", 0.7), lambda: hands.press("r")):
        hands.changed(act)
    for theme in ("Light", "Dark"):
        lab.theme(theme)
        for width in (1280, 700, 440, 320):  # JupyterLab leaves the easel 320 px of 440
            lab.size(width, 1000 if width > 1000 else 1500)
            lab.page.wait_for_timeout(300)
            overflow = hands.root.evaluate("root => root.scrollWidth - root.clientWidth")
            assert overflow <= 0, f"{overflow} px too wide at {width}"
            lab.screenshot(f"easel-{theme.lower()}-{width}", hands.root)
    lab.size(1280, 1000)
    lab.screenshot("easel-dark-notebook")
    hands.press("p")
    hands.changed(lambda: hands.press("r"))
    lab.screenshot("easel-dark-compare", hands.root)
    lab.theme("Light")
    lab.screenshot("easel-light-notebook")
