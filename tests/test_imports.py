"""Importing the package, and loading its extension, stays cheap."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import pytest

HEAVY = ("torch", "transformers", "diffusers", "onnxruntime", "onnx", "gguf", "tokenizers")
SHELL = "from IPython.core.interactiveshell import InteractiveShell; shell = InteractiveShell.instance()"
LOAD = (
    "import genart_nb; problem = shell.extension_manager.load_extension('genart_nb'); assert problem is None, problem"
)
LIMIT = 0.4  # seconds beyond IPython itself


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "code", ["import genart_nb", f"{SHELL}; {LOAD}", "import genart_nb.cli", "import genart_nb.doctor"]
)
def test_imports_nothing_heavy(code: str) -> None:
    loaded = json.loads(run(f"{code}; import json, sys; print(json.dumps(sorted(sys.modules)))").splitlines()[-1])
    assert not set(loaded) & set(HEAVY)


def seconds(code: str) -> float:
    began = time.perf_counter()
    run(code)
    return time.perf_counter() - began


def test_loads_fast() -> None:
    """Median of 5 pairs; a busy machine gets more chances, a slow import fails them all."""
    seconds(f"{SHELL}; {LOAD}")  # warms the file cache and the compiled modules
    beyond = []
    for _ in range(4):
        pairs = [(seconds(SHELL), seconds(f"{SHELL}; {LOAD}")) for _ in range(5)]
        beyond.append(statistics.median(loaded - bare for bare, loaded in pairs))
        if beyond[-1] < LIMIT:
            return
        time.sleep(3)
    pytest.fail(f"loading the extension takes {min(beyond):.2f} s beyond IPython; the limit is {LIMIT} s")
