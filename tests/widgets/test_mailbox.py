"""One slot, latest wins; at most two frames on the way."""

from __future__ import annotations

import threading
from typing import Any

from genart_nb.widgets.mailbox import Mailbox
from genart_nb.widgets.outbox import UNACKNOWLEDGED, Outbox, Parcel


def test_the_newest_letter_takes_the_place_of_the_others() -> None:
    box = Mailbox()
    assert [box.put(text) for text in "abc"] == [1, 2, 3]
    letter = box.take(0)
    assert letter and (letter.generation, letter.text) == (3, "c")
    assert box.take(0) is None


def test_settled_means_taken_and_dealt_with() -> None:
    box = Mailbox()
    assert box.settles(0)
    box.put("a")
    assert not box.settles(0)
    box.take(0)
    assert not box.settles(0)  # somebody is at it
    box.take(0)
    assert box.settles(0)


def test_a_waiting_taker_wakes_at_once_and_leaves_when_it_is_closed() -> None:
    box, got = Mailbox(), []
    taker = threading.Thread(target=lambda: [got.append(box.take(10)) for _ in range(2)])
    taker.start()
    box.put("a")
    while box.stirs() or not got:
        pass
    box.close()
    taker.join(5)
    assert got[0].text == "a" and got[1] is None and box.closed and box.stirs()


def test_clearing_tells_how_far_it_had_come() -> None:
    box = Mailbox()
    box.put("a")
    assert box.clear() == 1 and not box.stirs() and box.settles(0)


class Post:
    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.outbox = Outbox(lambda content, buffers: self.sent.append(content))

    def offer(self, name: str) -> None:
        self.outbox.offer(Parcel({"name": name}, [b"12345"]))

    @property
    def names(self) -> list[str]:
        return [content["name"] for content in self.sent]


def test_two_frames_go_the_newest_of_the_rest_waits() -> None:
    post = Post()
    for name in "abcde":
        post.offer(name)
    assert post.names == ["a", "b"] and post.outbox.underway == UNACKNOWLEDGED == 2
    post.outbox.acknowledge(1)
    assert post.names == ["a", "b", "e"] and [content["number"] for content in post.sent] == [1, 2, 3]
    assert post.outbox.bytes == 15


def test_an_acknowledgement_counts_once_and_cannot_run_ahead() -> None:
    post = Post()
    post.offer("a")
    for number in (99, 1, 1):
        post.outbox.acknowledge(number)
    assert post.outbox.underway == 0
    for name in "bcd":
        post.offer(name)
    assert post.names == ["a", "b", "c"]


def test_what_waits_is_dropped_when_it_is_stale_and_sent_to_a_new_front_end() -> None:
    post = Post()
    for name in "abc":
        post.offer(name)
    post.outbox.drop()
    post.outbox.acknowledge(2)
    assert post.names == ["a", "b"]
    for name in "def":
        post.offer(name)
    post.outbox.reset()
    assert post.names == ["a", "b", "d", "e", "f"]
