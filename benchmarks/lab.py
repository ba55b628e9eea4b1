"""What the lab extension costs: JupyterLab with it against the same JupyterLab without it, page by page in one run.

    genart bench lab [--rounds 5] [--cells 500]

Typing is measured in a notebook of `cells` cells, half of them magic, every editor in the page, as the main thread's
CPU time a key; starting as that time, and the wall's, from an empty page until the application says it is restored.
The sides take turns. `without` is served the same page with the extension struck from its list.
"""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from _suite import HOME, finish
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, CDPSession, Page, Route, sync_playwright

from genart_nb.doctor import find_chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# A page that a test has served instead of the server may else not speak to the server.
FLAGS += ["--disable-features=LocalNetworkAccessChecks"]
CONFIG = re.compile(r'(<script id="jupyter-config-data" type="application/json">)(.*?)(</script>)', re.DOTALL)
PYTHON = "def area(width, height):\n    '''Of a rectangle.'''\n    return width * height  # square metres\n"
MAGIC = "%%paint --style flat:0.7 --freedom 0.4 --seed 7 -o fox\na fox in {{place}}, wearing a crown\n"
WORDS = "the quick brown fox jumps over the lazy dog, and then sleeps "
SIDES = ("with", "without")


def serve(route: Route, side: str) -> None:
    """Serve the page, for one side without our extension; the other goes the same way, so that both take as long."""
    if route.request.resource_type != "document":
        route.continue_()
        return
    answer = route.fetch()

    def without(found: re.Match[str]) -> str:
        config = json.loads(found[2])
        others = [each for each in config["federated_extensions"] if each["name"] != "genart_nb"]
        config["federated_extensions"] = others
        return found[1] + json.dumps(config) + found[3]

    text = answer.text()
    route.fulfill(response=answer, body=text if side == "with" else CONFIG.sub(without, text))


@contextmanager
def page_of(browser: Browser, side: str) -> Iterator[Page]:
    """A page of one side, with nothing cached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.route(re.compile(r"/lab[/?]"), lambda route: serve(route, side))
    try:
        yield page
    finally:
        context.close()


def clock(page: Page) -> CDPSession:
    """A session that counts the main thread's CPU time."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    return session


def spent(session: CDPSession) -> float:
    """Seconds of CPU time spent so far."""
    told = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(told["TaskDuration"])


def start(page: Page, server: Any) -> dict[str, float]:
    """Start the application once."""
    session = clock(page)
    page.goto(f"{server.url}/lab?reset&token={server.token}")
    page.wait_for_function("window.jupyterapp !== undefined", timeout=180_000)
    page.evaluate("window.jupyterapp.restored")
    return {"cpu_s": spent(session), "wall_s": page.evaluate("performance.now()") / 1000}


def type_in(page: Page, session: CDPSession, index: int) -> float:
    """CPU milliseconds a key at the end of one cell."""
    page.evaluate(
        """async (index) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            await notebook.scrollToItem(index);
            notebook.activeCellIndex = index;
            notebook.mode = 'edit';
            await notebook.activeCell.ready;
            const {editor} = notebook.activeCell;
            editor.focus();
            editor.setCursorPosition(editor.getPositionAt(editor.model.sharedModel.getSource().length));
        }""",
        index,
    )
    page.wait_for_timeout(300)
    begun = spent(session)
    page.keyboard.type(WORDS, delay=15)
    page.wait_for_timeout(200)
    return 1000 * (spent(session) - begun) / len(WORDS)


def typing(page: Page, lab: Any, cells: int, rounds: int) -> dict[str, list[float]]:
    """Open a long notebook, and type into it."""
    lab.start()
    session = clock(page)
    page.evaluate("() => void jupyterapp.commands.execute('docmanager:open', {path: 'long.ipynb'})")
    ready = "jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    page.wait_for_function(ready, timeout=300_000)
    page.wait_for_function(f"document.querySelectorAll('.jp-Notebook .cm-editor').length === {cells}", timeout=300_000)
    page.wait_for_timeout(2000)
    found: dict[str, list[float]] = {"open": [spent(session)], "python": [], "magic": []}
    type_in(page, session, 0)  # warm
    for round in range(rounds):
        at = 2 * (cells * round // (2 * rounds))
        found["python"].append(type_in(page, session, at))
        found["magic"].append(type_in(page, session, at + 1))
    return found


def run(rounds: int, cells: int) -> dict[str, Any]:
    """Both sides, in one JupyterLab and one browser."""
    given = importlib.util.spec_from_file_location("browser_harness", HOME / "tests" / "browser" / "conftest.py")
    assert given and given.loader
    harness = importlib.util.module_from_spec(given)
    given.loader.exec_module(harness)
    del harness.SETTINGS["notebook-extension/tracker"]  # cells off the screen are left to JupyterLab, as people have it
    starts: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    keys: dict[str, dict[str, list[float]]] = {side: {"open": [], "python": [], "magic": []} for side in SIDES}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = harness.Server(Path(folder))
        notebook = new_notebook(cells=[new_code_cell(MAGIC if at % 2 else PYTHON) for at in range(cells)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, server.root / "long.ipynb")
        try:
            server.wait()
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
            for round in range(4 * rounds + 1):
                for side in SIDES if round % 2 else SIDES[::-1]:
                    with page_of(browser, side) as page:
                        told = start(page, server)
                        starts[side] += [told] if round else []  # the first warms the server
            for side in (*SIDES, *SIDES[::-1]):
                with page_of(browser, side) as page:
                    for kind, found in typing(page, harness.Lab(page, server), cells, rounds).items():
                        keys[side][kind] += found
                    server.end_kernels()
            browser.close()
        finally:
            server.end_kernels()
            server.stop()
    return {"cells": cells, "rounds": rounds, "starts": starts, "keys": keys}


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for reading: medians, and with over without."""
    rows = [
        ("start, CPU s", *([each["cpu_s"] for each in found["starts"][side]] for side in SIDES)),
        ("start, wall s", *([each["wall_s"] for each in found["starts"][side]] for side in SIDES)),
        ("open the notebook, CPU s", *(found["keys"][side]["open"] for side in SIDES)),
        ("a key in a Python cell, CPU ms", *(found["keys"][side]["python"] for side in SIDES)),
        ("a key in a magic cell, CPU ms", *(found["keys"][side]["magic"] for side in SIDES)),
    ]
    lines = [f"{found['cells']} cells{'':24}{''.join(f'{side:>12}' for side in SIDES)}{'ratio':>12}"]
    for name, ours, theirs in rows:
        one, other = statistics.median(ours), statistics.median(theirs)
        lines.append(f"{name:36}{one:>12.3f}{other:>12.3f}{one / other:>12.3f}")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Run, print the table, and write the figures as JSON."""
    count = {"type": int}
    return finish("lab", __doc__, run, table, argv, rounds={**count, "default": 5}, cells={**count, "default": 500})


if __name__ == "__main__":
    raise SystemExit(main())
