"""Which models stay in memory: least recently used leave first, by bytes; one in use or pinned never does."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from genart_nb.models.card import ModelCard
from genart_nb.models.registry import Loaded, Progress, load

log = logging.getLogger(__name__)

_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")

Load = Callable[[ModelCard, Progress], Loaded]


@dataclass(slots=True)
class _Resident:
    card: ModelCard
    model: Loaded
    users: int = 0
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Tenant:
    """A model in memory, as shown to people."""

    id: str
    nbytes: int
    pinned: bool
    in_use: bool


class Residency:
    """Keeps models between jobs, within `budget` bytes (half of this machine's memory unless given)."""

    def __init__(self, budget: int | None = None, load: Load = load) -> None:
        self.budget = budget if budget is not None else _half_of_memory()
        self._load = load
        self._residents: OrderedDict[str, _Resident] = OrderedDict()
        self._lock = threading.RLock()
        self._loading = threading.RLock()
        self._closed = False

    @contextlib.contextmanager
    def borrow(self, card: ModelCard, progress: Progress = lambda what, fraction: None) -> Iterator[Loaded]:
        """Hold a model for the length of a `with`; it is loaded first if it is not here."""
        resident = self._take(card, progress)
        try:
            yield resident.model
        finally:
            with self._lock:
                resident.users -= 1
                if self._closed:
                    self.free(card.id)

    def pin(self, id: str, pinned: bool = True) -> bool:
        """Keep a resident model whatever comes, or let it go again; False if it is not here."""
        with self._lock:
            found = [each for each in self._residents.values() if each.card.id == id]
            for resident in found:
                resident.pinned = pinned
            return bool(found)

    def free(self, id: str) -> bool:
        """Drop a resident model now; False if it is not here or in use."""
        with self._lock:
            keys = [key for key, each in self._residents.items() if each.card.id == id and not each.users]
            for key in keys:
                self._evict(key)
            return bool(keys)

    def tenants(self) -> list[Tenant]:
        """What is in memory, least recently used first."""
        with self._lock:
            return [
                Tenant(each.card.id, each.model.nbytes, each.pinned, each.users > 0)
                for each in self._residents.values()
            ]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(tenant.nbytes for tenant in self.tenants())

    def close(self) -> None:
        """Drop everything; what is in use goes when its user is done."""
        self._closed = True
        for tenant in self.tenants():
            self.free(tenant.id)

    def _take(self, card: ModelCard, progress: Progress) -> _Resident:
        key = _key(card)
        with self._loading:  # held apart from _lock, so that a slow load never blocks a look at what is here
            with self._lock:
                resident = self._residents.get(key)
                if resident:
                    return self._hold(key, resident)
                self._make_room(card.size)
            model = self._load(card, progress)
            with self._lock:
                return self._hold(key, _Resident(card, model))

    def _hold(self, key: str, resident: _Resident) -> _Resident:
        resident.users += 1
        self._residents[key] = resident
        self._residents.move_to_end(key)
        self._make_room(0)
        return resident

    def _make_room(self, wanted: int) -> None:
        for key, resident in list(self._residents.items()):
            if self.nbytes + wanted <= self.budget:
                return
            if not resident.users and not resident.pinned:
                self._evict(key)

    def _evict(self, key: str) -> None:
        try:
            self._residents.pop(key).model.close()
        except Exception:
            log.exception("%s could not be closed", key)


def _key(card: ModelCard) -> str:
    return f"{card.id}@{card.revision}"


def _half_of_memory() -> int:
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, AttributeError, OSError):
        whole = 8 << 30
    with contextlib.suppress(OSError, ValueError):  # a container may have less than its machine
        whole = min(whole, int(_CONTAINER_LIMIT.read_text()))
    return whole // 2
