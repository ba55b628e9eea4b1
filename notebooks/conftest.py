"""Make nbval see a cell's outputs as a reader does: after updates and clearings, and pictures as the eye sees them.

The bits of a picture may differ on another CPU. Where recipe and thumbnail agree, the rest is taken as the same.
"""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable
from copy import deepcopy
from types import MethodType
from typing import Any

import pytest

MIME = "application/vnd.genart.v1+json"
CLOSE = 2.0  # grey levels of 255 that two thumbnails may differ in the mean
DRAWN = ("text/html", "image/svg+xml", "image/png", "image/jpeg", "image/webp")

Message = dict[str, Any]
OUTPUTS = ("display_data", "execute_result", "stream", "error")


def fold(messages: list[Message]) -> list[Message]:
    """Apply each `update_display_data` and `clear_output` to the outputs before it, and drop it."""
    folded: list[Message] = []
    clear_at_next = False
    for message in messages:
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            clear_at_next = True
            if content.get("wait"):
                continue
        if clear_at_next and (kind in OUTPUTS or kind == "clear_output"):
            folded = [kept for kept in folded if kept["msg_type"] not in OUTPUTS]
            clear_at_next = False
        if kind == "update_display_data":
            for shown in folded:
                if _display(shown) and _display(shown) == _display(message):
                    shown["content"] |= {"data": content["data"], "metadata": content["metadata"]}
        elif kind != "clear_output":
            folded.append(message)
    return folded


def _display(message: Message) -> str | None:
    identity: str | None = message["content"].get("transient", {}).get("display_id")
    return identity


def _ends_cell(message: Message) -> bool:
    return (
        message["msg_type"] == "status"
        and message["content"]["execution_state"] == "idle"
        and message["parent_header"].get("msg_type") == "execute_request"
    )


def folding(receive: Callable[..., Message]) -> Callable[..., Message]:
    """Wrap nbval's reader so that it holds a cell's messages until the last has come."""
    ready: deque[Message] = deque()

    def read(timeout: float | None = None, stream: str = "iopub") -> Message:
        if stream != "iopub":
            return receive(timeout=timeout, stream=stream)
        if not ready:
            held = [receive(timeout=timeout)]
            while not _ends_cell(held[-1]):
                held.append(receive(timeout=timeout))
            ready.extend(fold(held))
        return ready.popleft()

    return read


def seen_alike(made: list[Message], stored: list[Message]) -> list[Message]:
    """The outputs just made, with the stored look and fingerprint wherever a picture is the same to the eye."""
    made = deepcopy(made)
    for new, old in zip(made, stored, strict=False):
        now, then = (output.get("data", {}).get(MIME, {}) for output in (new, old))
        if now.get("digest") == then.get("digest") and _close(_thumbnails(now), _thumbnails(then)):
            now["fingerprint"] = then["fingerprint"]
            new["data"] |= {name: old["data"][name] for name in DRAWN if name in new["data"] and name in old["data"]}
    return made


def _thumbnails(record: Message) -> list[bytes]:
    fingerprint = record.get("fingerprint", {})
    held = fingerprint.get("thumbnails") or [fingerprint.get("thumbnail")]
    return [base64.b64decode(each) for each in held if each]


def _close(now: list[bytes], then: list[bytes]) -> bool:
    pairs = list(zip(now, then, strict=False))
    alike = all(sum(abs(a - b) for a, b in zip(*pair, strict=True)) <= CLOSE * len(pair[0]) for pair in pairs)
    return bool(pairs) and len(now) == len(then) and alike


def pytest_itemcollected(item: pytest.Item) -> None:
    """Give every cell that nbval runs the eye's comparison."""
    compare = getattr(item, "compare_outputs", None)
    if compare:

        def compare_outputs(self: Any, test: list[Message], ref: list[Message], skip_compare: Any = None) -> bool:
            return bool(compare(seen_alike(test, ref), ref, skip_compare))

        item.compare_outputs = MethodType(compare_outputs, item)  # type: ignore[attr-defined]


@pytest.hookimpl
def pytest_collectstart(collector: pytest.Collector) -> None:
    """Give every notebook that nbval collects the folding reader."""
    if type(collector).__name__ == "IPyNbFile":
        notebook: Any = collector
        notebook.get_kernel_message = folding(notebook.get_kernel_message)
