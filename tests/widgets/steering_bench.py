"""An easel's steering and worker without a front end: what would be sent is written down."""

from __future__ import annotations

from typing import Any

from genart_nb.recipe import Recipe
from genart_nb.studio import Studio
from genart_nb.widgets.mailbox import Mailbox
from genart_nb.widgets.steering import Steering
from genart_nb.widgets.worker import Worker


class Bench:
    """An easel's steering with its worker, and everything it said."""

    def __init__(self, desk: Studio, recipe: Recipe, key: str = "easel") -> None:
        self.said: list[tuple[dict[str, Any], list[bytes]]] = []
        self.mailbox = Mailbox()
        self.steering = Steering(desk, recipe, key, self.hear)
        self.worker = Worker(self.steering, self.mailbox)
        self.acknowledges = True

    def hear(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.said.append((content, buffers))

    def put(self, text: str) -> None:
        self.mailbox.put(text)
        self.worker.wake()

    def settle(self, seconds: float = 30) -> None:
        assert self.mailbox.settles(seconds)

    def acknowledge(self) -> None:
        self.steering.outbox.acknowledge(10**9)

    def frames(self, tier: str = "") -> list[dict[str, Any]]:
        return [said for said, _ in self.said if said["type"] == "frame" and tier in ("", said["tier"])]

    def states(self) -> list[str]:
        return [said["state"] for said, _ in self.said if said["type"] == "status"]

    def close(self) -> None:
        self.mailbox.close()
        self.worker.halt()
