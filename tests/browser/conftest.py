"""A real JupyterLab in a real Chromium, and the hands to drive it.

`lab` is what tests take. It speaks to JupyterLab through the application object that Jupyter exposes for tests, so
that no step depends on where a menu stands; what a person sees is then read from the page itself.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import nbformat
import pytest
from jupyter_process import end, wait_until_up
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
# Cells off the screen stay in the page, and no dialog asks about news.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
WITHIN = """
const within = (promise, seconds) => Promise.race([promise, new Promise((_, fail) =>
  setTimeout(() => fail(new Error(`not done within ${seconds} s`)), 1000 * seconds))]);
"""


class Server:
    """A Jupyter server on loopback with folders of its own, stopped by pid together with its kernels."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "notebooks"
        self.log = folder / "server.log"
        self.token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        environment = os.environ | places | {"GENART_HOME": str(folder / "genart_home")}
        self.root.mkdir(parents=True)
        for name, setting in SETTINGS.items():
            path = folder / "config/lab/user-settings/@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(setting))
        command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
        command += [f"--ServerApp.root_dir={self.root}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
        command += [f"--IdentityProvider.token={self.token}", "--ServerApp.port_retries=0"]
        command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
        # Should the tests be killed outright, the server does not outlive them for long.
        command += ["--MappingKernelManager.cull_idle_timeout=900", "--ServerApp.shutdown_no_activity_timeout=900"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.root,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def ask(self, path: str, method: str = "GET") -> Any:
        """Send a request to the server's REST API."""
        headers = {"Authorization": f"token {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(self.url + path, None, headers, method=method)) as answer:
            return json.loads(answer.read() or "null")

    def wait(self, seconds: float = 120) -> None:
        """Return once it answers."""
        wait_until_up(self.process, self.ask, self.log, seconds)

    def end_kernels(self) -> None:
        """Shut down every kernel, so that each test begins without any."""
        for session in self.ask("/api/sessions"):
            self.ask(f"/api/sessions/{session['id']}", "DELETE")

    def stop(self) -> None:
        """End the server and whatever it started."""
        end(self.process)


class Lab:
    """One browser page on a JupyterLab, or on a Jupyter Notebook 7 with `classic`. Cells are counted from 0."""

    def __init__(self, page: Page, server: Server, *, classic: bool = False) -> None:
        self.page = page
        self.server = server
        self.classic = classic
        page.set_default_timeout(60_000)
        self.console_errors: list[str] = []
        page.on("console", lambda said: self.console_errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", self._went_wrong)

    def _went_wrong(self, error: Any) -> None:
        told = f"{error}\n{error.stack}"
        # JupyterLab removes its splash screen twice when a theme comes while it fades.
        if not ("removeChild" in told and "jlab_core" in told):
            self.console_errors.append(told)

    def start(self, path: str = "/lab?reset") -> None:
        """Load the application in the light theme; JupyterLab begins with an empty workspace."""
        self.page.goto(f"{self.server.url}{path}{'&' if '?' in path else '?'}token={self.server.token}")
        self.page.wait_for_function("window.jupyterapp !== undefined")
        self._evaluate("() => within(jupyterapp.restored, 60)")
        self.theme("Light")

    def write(self, name: str, *cells: str) -> Path:
        """Create a notebook of code cells in the server's folder and open it."""
        notebook = new_notebook(cells=[new_code_cell(source) for source in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = self.server.root / name
        nbformat.write(notebook, path)
        self.open(name)
        return path

    def open(self, name: str) -> None:
        """Open a notebook that lies in the server's folder, and wait for its kernel."""
        if self.classic:  # there, a notebook is a page of its own
            self.start(f"/notebooks/{name}")
        else:
            self._evaluate(
                """async ([name]) => {
                    await jupyterapp.commands.execute('docmanager:open', {path: name, factory: 'Notebook'});
                }""",
                name,
            )
        self.page.wait_for_function("() => jupyterapp.shell.currentWidget?.sessionContext")
        self._evaluate(
            """async () => {
                const panel = jupyterapp.shell.currentWidget;
                await within(Promise.all([panel.context.ready, panel.revealed, panel.sessionContext.ready]), 60);
                await within(panel.sessionContext.session.kernel.info, 60);
            }"""
        )

    def run(self, index: int, *, wait: bool = True, timeout: float = 120) -> None:
        """Run one cell; without `wait`, return while it runs."""
        self._evaluate(
            """async ([index, wait, timeout]) => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.deselectAll();
                notebook.activeCellIndex = index;
                const done = jupyterapp.commands.execute('notebook:run-cell');
                if (wait) await within(done, timeout);
            }""",
            index,
            wait,
            timeout,
        )

    def run_all(self, timeout: float = 300) -> None:
        """Run every cell and wait for the last, or for the first that fails."""
        self._evaluate("([timeout]) => within(jupyterapp.commands.execute('notebook:run-all-cells'), timeout)", timeout)
        self.wait_idle(timeout)

    def wait_idle(self, timeout: float = 120) -> None:
        """Wait until no cell waits for the kernel and the kernel has nothing left to do."""
        idle = """() => {
            const {content, sessionContext} = jupyterapp.shell.currentWidget;
            return sessionContext.session?.kernel?.status === 'idle'
                && !content.widgets.some(cell => cell.promptNode?.textContent.includes('*'));
        }"""
        self.page.wait_for_function(idle, timeout=timeout * 1000)

    def interrupt(self) -> None:
        """Press stop."""
        self._evaluate("() => jupyterapp.commands.execute('notebook:interrupt-kernel')")

    def restart(self) -> None:
        """Restart the kernel, with no question asked."""
        self._evaluate("() => within(jupyterapp.shell.currentWidget.sessionContext.restartKernel(), 60)")

    def edit(self, index: int, source: str) -> None:
        """Replace the text of a cell."""
        self._evaluate(
            """([index, source]) => {
                jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source);
            }""",
            index,
            source,
        )

    def save(self) -> None:
        """Save the notebook to its file."""
        self._evaluate("() => within(jupyterapp.shell.currentWidget.context.save(), 30)")

    def cell(self, index: int) -> Locator:
        """Find a cell of the open notebook."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook-cell").nth(index)

    def output(self, index: int) -> Locator:
        """Find the whole output area of a cell."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    def theme(self, name: Literal["Light", "Dark"]) -> None:
        """Switch JupyterLab's theme and wait until it shows."""
        self._evaluate(
            "([name]) => jupyterapp.commands.execute('apputils:change-theme', {theme: name})", f"JupyterLab {name}"
        )
        light = "true" if name == "Light" else "false"
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{light}'")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def size(self, width: int, height: int = 900) -> None:
        """Resize the window; 1280 is a laptop, 700 is half of one."""
        self.page.set_viewport_size({"width": width, "height": height})

    def side_bars(self, shown: bool) -> None:
        """Show or hide the file browser, to leave the width to the notebook."""
        self._evaluate("([shown]) => jupyterapp.shell[shown ? 'expandLeft' : 'collapseLeft']()", shown)

    def screenshot(self, name: str, target: Locator | None = None) -> Path:
        """Take a picture of the window, or of one element, into build/screenshots/NAME.png."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        (target or self.page).screenshot(path=path)
        return path

    def _evaluate(self, function: str, *arguments: object) -> Any:
        return self.page.evaluate(f"(given) => {{ {WITHIN} return ({function})(given); }}", list(arguments))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all browser tests."""
    server = Server(tmp_path_factory.mktemp("jupyter"))
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def lab(server: Server, chromium: Browser) -> Iterator[Lab]:
    """Give a test its own page on JupyterLab, 1280 wide, light, with no kernel running."""
    with _page(server, chromium) as page:
        lab = Lab(page, server)
        lab.start()
        yield lab


@pytest.fixture
def notebook7(server: Server, chromium: Browser) -> Iterator[Lab]:
    """Give the same for Jupyter Notebook 7, where it is installed."""
    pytest.importorskip("notebook", reason="Jupyter Notebook 7 is not installed (it is optional)")
    with _page(server, chromium) as page:
        yield Lab(page, server, classic=True)


@contextmanager
def _page(server: Server, chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()
        server.end_kernels()
