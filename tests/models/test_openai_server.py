"""The OpenAI-compatible client: against servers that misbehave, and against a real one (`transformers serve`)."""

from __future__ import annotations

import importlib.util
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tiny_models import write_transformers

from genart_nb.errors import ServerError
from genart_nb.models.language import ChatServer, Message
from genart_nb.models.openai_server import OpenAIServer

TALK: list[Message] = [{"role": "user", "content": "Sing. 🦊 \ud800"}]
HOW: dict[str, Any] = {"seed": 2**40 + 5, "temperature": 0.5, "top_p": 0.9, "max_tokens": 16}

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    answers: dict[str, Answer]
    asked: list[tuple[dict[str, Any], str | None]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((body, self.headers.get("Authorization")))
        self.answers[self.path.split("/")[1]](self)

    def log_message(self, format: str, *args: object) -> None: ...

    def say(self, status: int, kind: str, *parts: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()


def event(content: str | None = None, finish: str | None = None) -> bytes:
    delta = {} if content is None else {"content": content}
    return b"data: " + json.dumps({"choices": [{"delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"
SSE = "text/event-stream; charset=utf-8"


def stall(handler: Handler) -> None:
    handler.say(200, SSE, event("a"))
    time.sleep(1.5)


def cut(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", SSE)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(event("a"))


ANSWERS: dict[str, Answer] = {
    "good": lambda h: h.say(200, SSE, b": hello\n\n", event(), event("La "), event("lü🦊"), event(None, "stop"), DONE),
    "nodone": lambda h: h.say(200, SSE, event("La"), event(None, "length")),
    "usage": lambda h: h.say(200, SSE, event("La"), b'data: {"choices": [], "usage": {}}\n\n', DONE),
    "whole": lambda h: h.say(200, "application/json", b'{"choices": [{"message": {"content": "La"}}]}'),
    "html": lambda h: h.say(200, "text/html", b"<html>"),
    "junk": lambda h: h.say(200, SSE, b"data: {nope\n\n"),
    "list": lambda h: h.say(200, SSE, b"data: [1]\n\n"),
    "early": lambda h: h.say(200, SSE, event("La")),
    "fails": lambda h: h.say(200, SSE, event("La"), b'data: {"error": {"message": "out of memory"}}\n\n'),
    "e401": lambda h: h.say(401, "application/json", b'{"error": {"message": "bad key"}}'),
    "e404": lambda h: h.say(404, "application/json", b'{"detail": "no such model"}'),
    "e404html": lambda h: h.say(404, "text/html", b"<html>lost</html>"),
    "e429": lambda h: h.say(429, "application/json", b"{}"),
    "e500": lambda h: h.say(500, "text/plain", b"boom"),
    "stall": stall,
    "cut": cut,
}


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    Handler.answers, Handler.asked = ANSWERS, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def tell(base: str, path: str, **settings: Any) -> list[str]:
    server = OpenAIServer(f"{base}/{path}/v1", "tiny", **settings)
    assert isinstance(server, ChatServer)
    return list(server.stream(TALK, **HOW))


def test_a_reply_streams(base: str) -> None:
    assert tell(base, "good", api_key="k") == ["La ", "lü🦊"]
    asked, key = Handler.asked[-1]
    assert key == "Bearer k"
    assert asked["stream"] is True
    assert asked["messages"][0]["content"] == TALK[0]["content"]
    assert 0 <= asked["seed"] < 2**31


@pytest.mark.parametrize("path", ["nodone", "usage", "whole"])
def test_what_servers_do_differently(base: str, path: str) -> None:
    assert tell(base, path) == ["La"]


@pytest.mark.parametrize(
    ("path", "said", "fix"),
    [
        ("html", "web page", "/v1"), ("junk", "not a chat completion", "OpenAI-compatible"),
        ("list", "not a chat completion", "OpenAI-compatible"), ("early", "before it was whole", "log"),
        ("fails", "out of memory", "log"), ("e401", "401 .* bad key", "key"), ("e404", "no such model", "/models"),
        ("e404html", "404 .* a web page", "/v1"), ("e429", "429", "wait"), ("e500", "500 .* boom", "log"),
        ("stall", "no answer in time", "again"), ("cut", "broke off|before it was whole", "log"),
    ],
)  # fmt: skip
def test_misbehaviour_is_explained(base: str, path: str, said: str, fix: str) -> None:
    with pytest.raises(ServerError, match=said) as failure:
        tell(base, path, timeout=0.5)
    assert fix in failure.value.fix


def test_no_server_and_no_address() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    with pytest.raises(ServerError, match=r"cannot be reached.*refused"):
        tell(f"http://127.0.0.1:{port}", "x")
    for address in ("localhost:8000", "file:///etc/passwd", "", "http://"):
        with pytest.raises(ServerError, match="not an http address"):
            OpenAIServer(address, "x")


def test_a_loop_may_be_abandoned(base: str) -> None:
    server = OpenAIServer(f"{base}/stall/v1", "x", timeout=5)
    loop = server.stream(TALK, **HOW)
    assert next(loop) == "a"
    began = time.monotonic()
    loop.close()  # type: ignore[attr-defined]
    server.close()
    assert time.monotonic() - began < 1


@pytest.mark.slow
@pytest.mark.skipif(
    not all(importlib.util.find_spec(name) for name in ("transformers", "fastapi", "uvicorn", "openai")),
    reason='"transformers serve" lacks its parts: pip install "transformers[serving]"',
)
def test_a_real_server(tmp_path: Path) -> None:
    model = write_transformers(tmp_path / "tiny")
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    command = [str(Path(sys.executable).with_name("transformers")), "serve", "--host", "127.0.0.1", "--port", str(port)]
    log = (tmp_path / "log").open("w")
    calm = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=calm)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2).close()
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.5)
        server = OpenAIServer(f"http://127.0.0.1:{port}/v1", str(model))
        spoken = [{"role": "user", "content": "sing"}]
        pieces = list(server.stream(spoken, **HOW))  # type: ignore[arg-type]
        assert "".join(pieces)
        with pytest.raises(ServerError):
            list(OpenAIServer(f"http://127.0.0.1:{port}/v2", str(model)).stream(spoken, **HOW))  # type: ignore[arg-type]
    finally:
        process.terminate()
        process.wait(20)
        log.close()
