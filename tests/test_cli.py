"""`genart` in a shell: works on standard output, the rest on standard error, and an honest exit status."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from genart_nb import cli, plugins
from genart_nb.studio import Studio, studio

DOUBLES = Path(__file__).parent / "magics"
RUN = f"""
import sys
sys.path.insert(0, {str(DOUBLES)!r})
import doubles
doubles.offer()
from genart_nb.cli import main
sys.exit(main(sys.argv[1:]))
"""
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def desk(genart_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.syspath_prepend(str(DOUBLES))
    monkeypatch.setattr(plugins, "offered", plugins.offered)
    importlib.import_module("doubles").offer()
    studio.cache_clear()
    yield studio()
    studio().close()
    studio.cache_clear()


def start(*arguments: str, **more: Any) -> subprocess.Popen[str]:
    def hear() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in a shell's background is born deaf to Ctrl-C

    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=hear, **more,
    )  # fmt: skip


def test_a_work_and_its_colophon(capsys: Said) -> None:
    assert cli.main(["ode", "the sea", "--seed", "7", "--lines=2"]) == cli.DONE
    said = capsys.readouterr()
    assert said.out == "the sea 7\nthe sea 8\n"
    assert "seed 7" in said.err and "the sea" not in said.err


def test_words_need_no_quotes(capsys: Said) -> None:
    assert cli.main(["ode", "--lines", "1", "the", "sea", "--seed", "7", "-5", "degrees"]) == cli.DONE
    assert capsys.readouterr().out == "the sea -5 degrees 7\n"
    assert cli.main(["ode", "--seed", "7", "--lines", "1", "--", "--form", "haiku"]) == cli.DONE
    assert capsys.readouterr().out == "--form haiku 7\n"
    assert cli.main(["ode", "--seed", "7", "--lines", "1", "--the sea", "{{x}} “y”"]) == cli.DONE
    assert capsys.readouterr().out == "--the sea {{x}} “y” 7\n"


def test_the_prompt_from_a_pipe(monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("a lighthouse\n"))
    assert cli.main(["ode", "-", "--lines", "1", "--seed", "1"]) == cli.DONE
    assert capsys.readouterr().out == "a lighthouse 1\n"


def test_to_a_file(tmp_path: Path, capsys: Said) -> None:
    assert cli.main(["ode", "sea", "--seed", "1", "--lines", "2", "-o", str(tmp_path / "x.txt")]) == cli.DONE
    assert (tmp_path / "x.txt").read_text() == "sea 1\nsea 2"
    assert capsys.readouterr().out == ""
    assert cli.main(["ode", "sea", "--out", str(tmp_path / f"{'x' * 300}.txt")]) == cli.FAILED
    assert "the work is kept: " in capsys.readouterr().err


def test_a_work_that_the_gallery_cannot_keep_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GENART_HOME", str(tmp_path / "file"))
    studio.cache_clear()
    assert cli.main(["ode", "sea", "--seed", "1", "--lines", "1"]) == cli.DONE
    said = capsys.readouterr()
    assert said.out == "sea 1\n"
    assert "Not kept in the gallery" in said.err and "Fix: " in said.err and "GENART_HOME" in said.err


def test_as_json(capsys: Said) -> None:
    assert cli.main(["ode", "sea", "--seed", "1", "--lines", "1", "--json"]) == cli.DONE
    told = json.loads(capsys.readouterr().out)
    assert told["work"] == "sea 1" and told["recipe"]["seed"] == 1 and len(told["fingerprint"]["sha256"]) == 64


def test_help_is_generated(capsys: Said) -> None:
    for given in ([], ["--help"], ["help"]):
        assert cli.main(given) == cli.DONE
        said = capsys.readouterr().out
        assert " poem," in said and "genart doctor" in said and "genart lab [NOTEBOOK]" in said
        assert max(map(len, said.splitlines())) <= 120
    assert cli.main(["ode", "--help"]) == cli.DONE
    said = capsys.readouterr().out
    assert "--form" in said and "free|haiku|sonnet" in said and "--json" in said
    assert cli.main(["--version"]) == cli.DONE


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        (["peom", "x"], 2, "did you mean `genart poem`"),
        (["ode"], 2, "needs a prompt"),
        (["ode", "  "], 2, "needs a prompt"),
        (["ode", "x", "--fom", "haiku"], 2, "did you mean --form"),
        (["ode", "x", "--lines", "0"], 2, "1..1000"),
        (["ode", "x", "--seed"], 2, "--seed needs a value"),
        (["ode", "x", "--seed", "-3"], 2, "--seed"),
        (["rough", "fail"], 1, "the pen broke"),
        (["story", "x", "--model", "no-such"], 1, "no-such"),
        (["gallery", "--open", "9"], 1, "no work 9"),
        (["models", "--fre", "x"], 2, "did you mean --free"),
        (["bench", "no-such"], None, "enchmark"),
        (["lab", "no-such.ipynb"], 2, "no-such.ipynb"),
        (["remake"], 2, "`%genart remake` there"),
        (["ode", "x", "-o", "."], 2, "is a folder"),
        (["ode", "x", "-o", "no-such-folder/x.txt"], 2, "mkdir -p no-such-folder"),
        (["ode", "x", "-o", "x.png"], 2, "the work is kept"),
    ],
)
def test_refusals(given: list[str], status: int | None, told: str, capsys: Said) -> None:
    got = cli.main(given)
    assert got == status or (status is None and got != 0)
    said = capsys.readouterr()
    assert told in said.err and "Fix: " in said.err and "Traceback" not in said.err


def test_questions(capsys: Said) -> None:
    cli.main(["ode", "blue sea", "--seed", "4"])
    capsys.readouterr()
    for given, told in (
        (["gallery"], "blue sea"), (["gallery", "--open", "1"], "blue sea 4"), (["models"], "smollm2-135m"),
        (["doctor"], "Packages"), (["models", "--help"], "--free"),
    ):  # fmt: skip
        assert cli.main(given) == cli.DONE
        assert told in capsys.readouterr().out


def test_every_command_has_help_in_a_shells_words(capsys: Said) -> None:
    for name in cli.COMMANDS:
        with contextlib.suppress(SystemExit):  # argparse leaves so
            assert cli.main([name, "--help"]) == cli.DONE
        said = capsys.readouterr()
        assert f"genart {name}" in said.out and f"%genart {name}" not in said.out and not said.err


def test_lab_and_bench_hand_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    called: list[list[str]] = []

    def execv(path: str, arguments: list[str]) -> None:
        called.append(arguments)
        raise SystemExit  # as far as this program is concerned

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(cli, "HOME", tmp_path)
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "text.py").write_text("")
    with pytest.raises(SystemExit):
        cli.main(["bench", "text", "--short"])
    assert called[0][1:] == [str(tmp_path / "benchmarks" / "text.py"), "--short"]
    notebook = tmp_path / "a.ipynb"
    notebook.write_text("{}")
    with pytest.raises(SystemExit):
        cli.main(["lab", str(notebook)])
    assert called[1][1:4] == ["-m", "jupyter", "lab"] and called[1][-1] == str(notebook)
    with pytest.raises(SystemExit):
        cli.main(["lab", "--port", "9999"])
    assert called[2][-2:] == ["--port", "9999"]


def test_ctrl_c_stops_and_says_so() -> None:
    process = start("ode", "sea", "--seed", "1", "--lines", "1000", "--pause", "0.05")
    assert process.stdout and process.stdout.readline() == "sea 1\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=20)
    assert process.returncode == cli.INTERRUPTED
    assert "sea 2" in out and "stopped" in error and "Traceback" not in error


def test_a_reader_that_closes_early_is_no_failure() -> None:
    process = start("ode", "sea", "--lines", "200", "--pause", "0.01")
    assert process.stdout and process.stdout.readline()
    process.stdout.close()
    assert process.wait(20) == cli.DONE
    assert process.stderr and "Traceback" not in process.stderr.read()


def test_a_terminal_that_cannot_show_it() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    process = start("ode", "the sea 🌊", "--lines", "1", "--seed", "1", env=environment)
    out, error = process.communicate(timeout=20)
    assert process.returncode == cli.DONE and out == "the sea ? 1\n", error
