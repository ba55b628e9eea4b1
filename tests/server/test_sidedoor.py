"""The side door by itself: who may ask, what a fault says, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from genart_nb.errors import EngineError, UsageError
from genart_nb.server.kernels import Kernels
from genart_nb.sidedoor import Door, address, ask


def _fail(question: Any) -> None:
    raise UsageError("It is wrong.", "do it right")


@pytest.fixture
def connection(tmp_path: Path) -> Path:
    return tmp_path / "kernel-1.json"


@pytest.fixture
def door(connection: Path) -> Iterator[Door]:
    answers = {
        "echo": lambda question: question["word"],
        "fail": _fail,
        "break": lambda question: 1 // 0,
        "sleep": lambda question: time.sleep(0.5),
    }
    door = Door(connection, answers)
    yield door
    door.close()


def asked(connection: Path, what: str, **question: Any) -> Any:
    with ThreadPoolExecutor(1) as thread:  # a browser test before this one may have left a running loop here
        return thread.submit(asyncio.run, ask(connection, what, **question)).result()


def raw(connection: Path, line: bytes) -> bytes:
    port = json.loads(address(connection).read_text())["port"]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        try:
            caller.sendall(line)
            caller.shutdown(socket.SHUT_WR)
            return caller.makefile("rb").read()
        except OSError:  # the door need not read to the end of what is too long
            return b""


def test_it_answers(door: Door, connection: Path) -> None:
    assert asked(connection, "echo", word="größer") == "größer"


@pytest.mark.parametrize(
    ("what", "said"), [("fail", "It is wrong"), ("break", "ZeroDivisionError"), ("nothing", "KeyError")]
)
def test_a_fault_is_told(door: Door, connection: Path, what: str, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        asked(connection, what)


def test_slow_answers_are_given_up(door: Door, connection: Path) -> None:
    with pytest.raises(EngineError, match="did not answer"):
        asked(connection, "sleep", timeout=0.1)


def test_a_wrong_token_learns_nothing(door: Door, connection: Path) -> None:
    answer = raw(connection, b'{"ask": "echo", "word": "x", "token": "guessed"}\n')
    assert b"answer" not in answer and b"token" in answer


@pytest.mark.parametrize("line", [b"", b"\n", b"{}\n", b"[1]\n", b"\xff\xfe\n", b"x" * 70_000, b'{"ask":'])
def test_noise_does_no_harm(door: Door, connection: Path, line: bytes) -> None:
    assert b"answer" not in raw(connection, line)
    assert asked(connection, "echo", word=1) == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_its_owner_can_read_the_address(door: Door, connection: Path) -> None:
    file = address(connection)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_closed_door_leaves_nothing(door: Door, connection: Path) -> None:
    place = address(connection).read_text()
    door.close()
    assert not address(connection).exists()
    assert asked(connection, "echo", word=1) is None
    address(connection).write_text(place)  # a kernel that was killed cannot take its address away
    assert asked(connection, "echo", word=1) is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"port": "x", "token": "y"}', '{"port": 1}'])
def test_a_broken_address_is_no_door(connection: Path, content: str) -> None:
    address(connection).parent.mkdir()
    address(connection).write_text(content)
    assert asked(connection, "echo") is None


def test_opening_one_imports_nothing_heavy() -> None:
    code = (
        "import sys, genart_nb.magics.door\n"
        "print([name for name in ('torch', 'pydantic', 'onnxruntime', 'numpy', 'http') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_vocabulary_may_take_longer(connection: Path) -> None:
    """Its first answer imports every art form, which takes a slow machine seconds."""

    def late(question: Mapping[str, Any]) -> str:
        time.sleep(2.5)
        return "told"

    door = Door(connection, {"vocabulary": late, "names": late})
    manager = SimpleNamespace(get_kernel=lambda id: SimpleNamespace(connection_file=str(connection)))
    kernels: Any = Kernels(manager, None)
    try:
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(asyncio.run, kernels.ask("x", "vocabulary")).result() == "told"
            with pytest.raises(EngineError):
                thread.submit(asyncio.run, kernels.ask("x", "names")).result()
    finally:
        door.close()
