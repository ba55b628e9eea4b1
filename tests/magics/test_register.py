"""Loading, reloading and unloading the extension."""

from __future__ import annotations

import json
import subprocess
import sys

from IPython.core.interactiveshell import InteractiveShell
from test_cells import run

from genart_nb.magics import register
from genart_nb.magics.bare import Bare

TIMED = """
import json, sys, time
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
began = time.process_time()
shell.extension_manager.load_extension("genart_nb")
print(json.dumps([time.process_time() - began, [name for name in sys.modules if name.startswith("genart_nb.arts.")]]))
"""


def matchers(shell: InteractiveShell) -> list[object]:
    return [each for each in shell.Completer.custom_matchers if getattr(each, "matcher_identifier", "") == "genart"]


def transforms(shell: InteractiveShell) -> list[object]:
    return [each for each in shell.input_transformer_manager.cleanup_transforms if isinstance(each, Bare)]


def test_twice_is_once(shell: InteractiveShell) -> None:
    register(shell)
    assert len(transforms(shell)) == 1
    shell.extension_manager.reload_extension("genart_nb")
    assert len(matchers(shell)) == 1
    assert str(run(shell, "%ode sea --lines 1 --seed 1")) == "sea 1"


def test_unloading_leaves_nothing(shell: InteractiveShell) -> None:
    shell.extension_manager.unload_extension("genart_nb")
    assert not matchers(shell) and not transforms(shell)
    for kind in shell.magics_manager.magics.values():
        assert not {"ode", "poem", "genart"} & set(kind)
    shell.extension_manager.load_extension("genart_nb")
    assert "ode" in shell.magics_manager.magics["cell"] and "genart" in shell.magics_manager.magics["line"]


def test_loading_is_quick_and_imports_no_art_form() -> None:
    """Seconds of work, best of 5, so that a busy machine does not fail it."""
    told = [json.loads(subprocess.check_output([sys.executable, "-c", TIMED], text=True)) for _ in range(5)]
    assert min(seconds for seconds, _ in told) < 0.15  # 0.03 on a Zen 5, 0.08 on a Zen 3
    assert not told[0][1]
