"""The routes as a browser meets them: refused without a token, and right while a cell runs."""

from __future__ import annotations

import json
import time
from http.cookiejar import CookieJar
from typing import Any
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from real_server import Answer, Kernel, Server

NOBODY = "00000000-0000-0000-0000-000000000000"
SLOW = "%%ode --lines 40 --pause 0.25 --seed 7\nthe sea"


def refusal(server: Server, path: str, method: str = "GET", **given: Any) -> int:
    with pytest.raises(Answer) as refused:
        server.ask(path, method, **given)
    return refused.value.status


@pytest.mark.parametrize("token", ["", "wrong"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/genart/vocabulary"),
        ("GET", "/genart/status"),
        ("GET", f"/genart/kernels/{NOBODY}/vocabulary"),
        ("GET", f"/genart/kernels/{NOBODY}/names"),
        ("POST", f"/genart/kernels/{NOBODY}/cancel"),
    ],
)
def test_without_the_token_nothing_is_told(jupyter: Server, method: str, path: str, token: str) -> None:
    body = {"job": "all"} if method == "POST" else None
    assert refusal(jupyter, path, method, body=body, token=token) == 403


def test_a_cookie_alone_cannot_cancel(jupyter: Server, kernel: Kernel) -> None:
    jar = CookieJar()
    opener = build_opener(HTTPCookieProcessor(jar))
    opener.open(f"{jupyter.url}/api/status?token={jupyter.token}").read()
    cookies = "; ".join(f"{each.name}={each.value}" for each in jar)
    path = f"/genart/kernels/{kernel.id}/cancel"
    assert opener.open(Request(f"{jupyter.url}/genart/status")).status == 200, "the cookie is good for looking"
    assert refusal(jupyter, path, "POST", body={"job": "all"}, token="", Cookie=cookies) == 403


def test_an_unknown_kernel_is_not_found(jupyter: Server) -> None:
    assert refusal(jupyter, f"/genart/kernels/{NOBODY}/names") == 404
    assert refusal(jupyter, "/genart/kernels/..%2f..%2fetc%2fpasswd/names") == 404


@pytest.mark.parametrize("body", [b"not json", b"[]", b"{}", b'{"job": 7}', b'{"job": ""}'])
def test_a_malformed_cancel_is_refused(jupyter: Server, kernel: Kernel, body: bytes) -> None:
    assert refusal(jupyter, f"/genart/kernels/{kernel.id}/cancel", "POST", body=body) == 400


def test_the_vocabulary_is_that_of_the_kernel(jupyter: Server, kernel: Kernel) -> None:
    of_server, of_kernel = jupyter.ask("/genart/vocabulary"), kernel.ask("vocabulary")
    assert "ode" not in of_server["magics"]
    lines = of_kernel["magics"]["ode"]["schema"]["properties"]["lines"]
    assert lines == {
        "type": "integer", "description": "how many lines", "flag": "--lines", "domain": "1..1000",
        "default": 4, "minimum": 1, "maximum": 1000,
    }  # fmt: skip
    assert of_kernel["magics"]["ode"]["schema"]["properties"]["form"]["enum"] == ["free", "haiku", "sonnet"]
    assert {"paint", "poem", "easel"} <= set(of_server["magics"])
    assert "seed" in of_server["common"]["properties"]
    assert "free" in of_server["genart"]["models"]["schema"]["properties"]


def test_names_are_told_and_none_of_them_private(kernel: Kernel) -> None:
    kernel.run("title = 'x'; _hidden = 1\n%genart alias epic ode --form sonnet")
    kernel.run("%%ode -o fox --seed 3\nthe sea")
    names = kernel.ask("names")
    assert [each["name"] for each in names["works"]] == ["fox"]
    assert names["works"][0]["mark"].startswith("<genart ode seed=3")
    assert "title" in names["others"] and "_hidden" not in names["others"] and "get_ipython" not in names["others"]
    assert {"name": "epic", "art": "ode"} in names["aliases"]


def test_a_job_is_seen_and_stopped_while_its_cell_runs(kernel: Kernel) -> None:
    kernel.run(SLOW, wait=False)
    job = seen(kernel)
    assert (job["art"], job["prompt"], job["seed"]) == ("ode", "the sea", 7)
    deadline = time.monotonic() + 10
    while not job["left"] and time.monotonic() < deadline:
        time.sleep(0.2)
        job = seen(kernel)
    assert 0 < job["fraction"] < 1 and 0 < job["left"] < 60
    begun = time.monotonic()
    assert kernel.ask("cancel", "POST", {"job": job["id"]}) == {"stopped": [job["id"]]}
    while kernel.state()["jobs"]:
        assert time.monotonic() - begun < 5
        time.sleep(0.05)
    assert kernel.run("print('free again')") == "free again\n"
    assert kernel.ask("cancel", "POST", {"job": job["id"]}) == {"stopped": []}


def test_a_kernel_without_us_is_silent(jupyter: Server) -> None:
    other = Kernel(jupyter)
    try:
        assert other.ask("names") is None and other.ask("vocabulary") is None
        assert other.ask("cancel", "POST", {"job": "all"}) == {"stopped": []}
        assert other.id not in [each["kernel"] for each in jupyter.ask("/genart/status")["kernels"]]
    finally:
        other.close()


def test_a_kernel_that_died_is_silent(jupyter: Server) -> None:
    other = Kernel(jupyter)
    try:
        other.run("%load_ext genart_nb")
        assert other.state()["jobs"] == []
        other.run("import os; os._exit(1)", wait=False)
        deadline = time.monotonic() + 15
        while other.id in [each["kernel"] for each in jupyter.ask("/genart/status")["kernels"]]:
            assert time.monotonic() < deadline, "a dead kernel is still shown"
            time.sleep(0.2)
    finally:
        other.close()


def seen(kernel: Kernel) -> dict[str, Any]:
    """The kernel's first job, as soon as there is one."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        jobs = kernel.state()["jobs"]
        if jobs:
            found: dict[str, Any] = jobs[0]
            return found
        time.sleep(0.05)
    raise AssertionError(json.dumps(kernel.state()))
