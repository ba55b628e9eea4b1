"""Magics in real kernels: what a saved notebook holds, stopping, restarting."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from genart_nb.artwork import MIME

HERE = Path(__file__).parent
SETUP = f"import sys\nsys.path.insert(0, {str(HERE)!r})\nimport doubles\ndoubles.offer()\n%load_ext genart_nb"

Output = dict[str, Any]


class Kernel:
    """A kernel that loads the magics when it starts."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self.manager.client()
        self.client.start_channels()
        self.begin()

    def begin(self) -> None:
        """Wait until it answers, then load."""
        self.client.wait_for_ready(timeout=60)
        assert self.run(SETUP) == []

    def run(self, code: str, interrupt: tuple[float, ...] = ()) -> list[Output]:
        """Run a cell; each number is seconds from the first output that shows words to an interrupt."""
        request = self.client.execute(code)
        outputs: list[Output] = []
        pending, begun, deadline = list(interrupt), 0.0, time.monotonic() + 60
        while time.monotonic() < deadline:
            if begun and pending and time.monotonic() - begun > pending[0]:
                self.manager.interrupt_kernel()
                pending.pop(0)
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "status" and content["execution_state"] == "idle":
                return outputs
            if kind not in ("status", "execute_input"):
                outputs.append({"kind": kind, **content})
                if not begun and content.get("data"):
                    begun = time.monotonic()
        raise AssertionError(f"the cell did not end: {code}")

    def restart(self) -> None:
        """End it at once and start another in its place."""
        self.manager.restart_kernel(now=True)
        self.begin()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    kernel = Kernel()
    yield kernel
    kernel.close()


def execute(*sources: str) -> list[list[Output]]:
    """Outputs of each cell, as they would be saved; a failing cell does not stop the others."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in (SETUP, *sources)])
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    nbformat.validate(notebook)
    return [cell.outputs for cell in notebook.cells[1:]]


def test_what_is_saved() -> None:
    cell, line, failed, background, _ = execute(
        "%%ode --lines 8 --pause 0.05 --seed 1\nsea",
        "print('before')\nx = %ode --lines 2 --pause 0.05 sea\nprint('after')",
        "%%ode --lnes 8\nsea",
        "%%ode --bg --lines 4 --pause 0.05 --seed 1 -o later\nsea",
        "while not hasattr(later, 'data'):\n    import time; time.sleep(0.05)",
    )
    assert [output.output_type for output in cell] == ["execute_result"]
    assert cell[0].data["text/plain"].startswith("sea 1\nsea 2") and cell[0].data[MIME]["digest"]
    assert "aria-busy" not in cell[0].data["text/html"]
    assert [output.get("text", output.get("data")) for output in line] == ["before\n", {}, "after\n"]
    assert [output.output_type for output in failed] == ["error"]
    assert len(failed[0].traceback) == 1 and "did you mean --lines" in failed[0].traceback[0]
    assert background[0].data["text/plain"].startswith("sea 1") and MIME in background[0].data


@pytest.mark.slow
def test_nbval_agrees(tmp_path: Path) -> None:
    """Frames leave nothing that a comparison of outputs would see."""
    sources = ["%%ode --lines 5 --pause 0.1 --seed 1\nsea", "print('a')\nx = %ode --seed 1 sea\nprint('b')"]
    notebook = new_notebook(cells=[new_code_cell(source) for source in (SETUP, *sources)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    path = tmp_path / "odes.ipynb"
    for expected, change in ((0, ("", "")), (1, ("sea 1", "sea 9"))):
        text = nbformat.writes(notebook).replace(*change) if change[0] else nbformat.writes(notebook)
        path.write_text(text)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", str(path)]
        done = subprocess.run(command, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, check=False)
        assert done.returncode == expected, done.stdout


def test_stop_keeps_the_part_and_the_next_cell_works(kernel: Kernel) -> None:
    began = time.monotonic()
    outputs = kernel.run("%%ode --lines 1000 --pause 0.1 --seed 1 -o part\nsea", interrupt=(0.5,))
    assert time.monotonic() - began < 10
    assert outputs[-1]["kind"] == "error" and outputs[-1]["ename"] == "JobCancelledError"
    shown = outputs[-2]["data"]
    assert shown["text/plain"].startswith("sea 1\n") and "partial" in shown["text/plain"] and shown[MIME]["partial"]
    said = kernel.run("print(part.partial, str(part).startswith('sea 1'))")
    assert said[0]["text"] == "True True\n"
    assert kernel.run("%%ode --lines 1 --seed 5\nnext")[-1]["data"]["text/plain"].startswith("next 5")


def test_stopping_twice_gives_the_cell_back_at_once(kernel: Kernel) -> None:
    began = time.monotonic()
    outputs = kernel.run("%%ode --lines 1000 --pause 4 --seed 1\nsea", interrupt=(0.2, 0.6))
    assert time.monotonic() - began < 3.5
    assert outputs[-1]["ename"] == "JobCancelledError"
    assert kernel.run("%%ode --lines 1 --seed 5\nnext")[-1]["data"]["text/plain"].startswith("next 5")


def test_restart_in_the_middle_of_a_job(kernel: Kernel) -> None:
    kernel.run("%%ode --bg --lines 1000 --pause 0.1\nsea")
    kernel.restart()
    assert kernel.run("%%ode --lines 1 --seed 5\nnext")[-1]["data"]["text/plain"].startswith("next 5")


def test_twins_in_a_loop_keep_what_was_printed(kernel: Kernel) -> None:
    outputs = kernel.run("import genart_nb\nfor seed in range(3): print(genart_nb.ode('x', lines=1, seed=seed))")
    assert {output["kind"] for output in outputs} == {"stream"}
    assert "".join(output["text"] for output in outputs) == "x 0\nx 1\nx 2\n"


def test_completion_and_help_over_the_wire(kernel: Kernel) -> None:
    def reply(request: str) -> Any:
        while True:
            message = kernel.client.get_shell_msg(timeout=30)
            if message["parent_header"]["msg_id"] == request:
                return message["content"]

    text = "%%ode --form so"
    content = reply(kernel.client.complete(text, len(text)))
    assert content["matches"] == ["sonnet"] and content["cursor_start"] == len("%%ode --form ")
    content = reply(kernel.client.inspect("%%ode", 5))
    assert content["found"] and "how many lines" in content["data"]["text/plain"]
