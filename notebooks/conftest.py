"""Make nbval see a cell's outputs as a reader does: after updates and clearings, not before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import pytest

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


@pytest.hookimpl
def pytest_collectstart(collector: pytest.Collector) -> None:
    """Give every notebook that nbval collects the folding reader."""
    if type(collector).__name__ == "IPyNbFile":
        notebook: Any = collector
        notebook.get_kernel_message = folding(notebook.get_kernel_message)
