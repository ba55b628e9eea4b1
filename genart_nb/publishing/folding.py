"""A cell's messages as a reader sees their outcome: updates and clearings are applied, as in a stored notebook."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

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
            _update(folded, message)
        elif kind != "clear_output":
            folded.append(message)
    return folded


def folding(receive: Callable[..., Message]) -> Callable[..., Message]:
    """Wrap the `get_message` of nbval's kernel so that a cell's messages are held until the last has come."""
    ready: deque[Message] = deque()

    def read(stream: str, timeout: float | None = None) -> Message:
        if stream != "iopub":
            return receive(stream, timeout=timeout)
        if not ready:
            held = [receive(stream, timeout=timeout)]
            while not _ends_cell(held[-1]):
                held.append(receive(stream, timeout=timeout))
            ready.extend(fold(held))
        return ready.popleft()

    return read


def _update(folded: list[Message], message: Message) -> None:
    content = message["content"]
    for shown in folded:
        if _display(shown) and _display(shown) == _display(message):
            shown["content"] |= {"data": content["data"], "metadata": content["metadata"]}


def _display(message: Message) -> str | None:
    identity: str | None = message["content"].get("transient", {}).get("display_id")
    return identity


def _ends_cell(message: Message) -> bool:
    idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
    return bool(idle and message["parent_header"].get("msg_type") == "execute_request")
