"""Residency: what leaves memory, what stays, and that a model is loaded once however many ask."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from genart_nb.models import residency as residency_module
from genart_nb.models.card import Folder, ModelCard
from genart_nb.models.registry import Progress
from genart_nb.models.residency import Residency


class Model:
    def __init__(self, nbytes: int) -> None:
        self.nbytes, self.closed = nbytes, 0

    def close(self) -> None:
        self.closed += 1


class Shelf:
    """A loader that remembers what it loaded."""

    def __init__(self, before: Callable[[ModelCard], None] = lambda card: None) -> None:
        self.loaded: list[tuple[str, Model]] = []
        self.before = before

    def __call__(self, card: ModelCard, progress: Progress) -> Model:
        progress("loading", 0.5)
        self.before(card)
        model = Model(card.size)
        self.loaded.append((card.id, model))
        return model

    @property
    def open(self) -> list[str]:
        return [id for id, model in self.loaded if not model.closed]


def card(id: str, size: int = 10, revision: str = "") -> ModelCard:
    return ModelCard(id=id, kind="text", title=id, loader="x", source=Folder(path="/"), size=size, revision=revision)


def use(residency: Residency, *ids: str) -> None:
    for id in ids:
        with residency.borrow(card(id)):
            pass


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def residency(shelf: Shelf) -> Residency:
    return Residency(budget=30, load=shelf)


def held(residency: Residency) -> list[str]:
    return [tenant.id for tenant in residency.tenants()]


def test_the_least_recently_used_leaves_first(residency: Residency, shelf: Shelf) -> None:
    use(residency, "a", "b", "c", "a", "d")
    assert held(residency) == ["c", "a", "d"] == [id for id in ["c", "a", "d"] if id in shelf.open]
    assert residency.nbytes == 30
    use(residency, "b")
    assert held(residency) == ["a", "d", "b"]
    assert [model.closed for _, model in shelf.loaded] == [0, 1, 1, 0, 0]


def test_room_is_made_before_loading(residency: Residency, shelf: Shelf) -> None:
    use(residency, "a", "b", "c")
    shelf.before = lambda card: seen.append(residency.nbytes)
    seen: list[int] = []
    with residency.borrow(card("big", size=25)):
        pass
    assert seen == [0] and held(residency) == ["big"]


def test_a_size_that_the_card_did_not_know_counts(residency: Residency) -> None:
    use(residency, "a", "b")
    with residency.borrow(card("big", size=0)) as model:
        model.nbytes = 15
    use(residency, "c")
    assert residency.nbytes <= 30 and "c" in held(residency)


def test_one_too_big_for_the_budget_is_still_lent(residency: Residency) -> None:
    use(residency, "a")
    with residency.borrow(card("huge", size=99)) as model:
        assert model.nbytes == 99
    assert held(residency) == ["huge"]


def test_one_in_use_never_leaves(residency: Residency, shelf: Shelf) -> None:
    with residency.borrow(card("a")) as model:
        use(residency, "b", "c", "d", "e")
        assert "a" in held(residency) and not model.closed
        assert not residency.free("a")
        assert [tenant.in_use for tenant in residency.tenants()] == [True, False, False]
    assert residency.free("a") and model.closed == 1
    assert not residency.free("a")


def test_one_pinned_stays_whatever_comes(residency: Residency) -> None:
    assert not residency.pin("a")
    use(residency, "a")
    assert residency.pin("a")
    use(residency, "b", "c", "d", "e")
    assert held(residency) == ["a", "d", "e"]
    assert [tenant.pinned for tenant in residency.tenants()] == [True, False, False]
    assert residency.pin("a", False)
    use(residency, "f")
    assert "a" not in held(residency)


def test_revisions_are_different_models(residency: Residency, shelf: Shelf) -> None:
    for revision in ("1", "2", "1"):
        with residency.borrow(card("a", revision=revision)):
            pass
    assert held(residency) == ["a", "a"] and len(shelf.loaded) == 2
    assert residency.free("a") and held(residency) == []


def test_a_failed_load_leaves_nothing(residency: Residency, shelf: Shelf) -> None:
    def fail(card: ModelCard) -> None:
        raise MemoryError

    shelf.before = fail
    for _ in range(2):
        with pytest.raises(MemoryError), residency.borrow(card("a")):
            pass
    assert held(residency) == []
    shelf.before = lambda card: None
    use(residency, "a")
    assert held(residency) == ["a"]


def test_a_job_that_fails_gives_its_model_back(residency: Residency) -> None:
    with pytest.raises(ValueError), residency.borrow(card("a")):
        raise ValueError
    assert [tenant.in_use for tenant in residency.tenants()] == [False]


def test_a_progress_that_raises_stops_the_load(residency: Residency, shelf: Shelf) -> None:
    def stop(what: str, fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError), residency.borrow(card("a"), stop):
        pass
    assert held(residency) == [] == shelf.loaded


def test_many_ask_and_it_is_loaded_once(shelf: Shelf) -> None:
    shelf.before = lambda card: time.sleep(0.02)
    residency, together = Residency(budget=100, load=shelf), threading.Barrier(8)

    def ask(_: int) -> int:
        together.wait(5)
        with residency.borrow(card("a")) as model:
            return id(model)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert len(shelf.loaded) == 1


def test_a_slow_load_hides_nothing(shelf: Shelf) -> None:
    gate = threading.Event()
    residency = Residency(budget=100, load=shelf)
    use(residency, "a")
    shelf.before = lambda card: gate.wait(5) and None
    loading = threading.Thread(target=use, args=(residency, "slow"))
    loading.start()
    start = time.perf_counter()
    assert held(residency) == ["a"] and residency.pin("a") and residency.free("a")
    assert time.perf_counter() - start < 1
    gate.set()
    loading.join(5)


def test_storm(shelf: Shelf) -> None:
    """Borrowing, freeing and pinning from many threads never closes a model in use."""
    residency, faults = Residency(budget=30, load=shelf), []

    def hand(name: int) -> None:
        for turn in range(200):
            id = "abcdef"[(name * 7 + turn * 5) % 6]
            with residency.borrow(card(id)) as model:
                residency.free("abcdef"[turn % 6])
                if model.closed:  # type: ignore[attr-defined]
                    faults.append((id, turn))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(hand, range(6)))
    assert not faults
    assert all(not tenant.in_use for tenant in residency.tenants()) and residency.nbytes <= 60
    residency.close()
    assert shelf.open == [] and all(model.closed == 1 for _, model in shelf.loaded)


def test_one_that_will_not_close_harms_no_other(residency: Residency, shelf: Shelf) -> None:
    def stuck() -> None:
        raise RuntimeError

    use(residency, "a")
    shelf.loaded[0][1].close = stuck  # type: ignore[method-assign]
    use(residency, "b", "c", "d")
    assert held(residency) == ["b", "c", "d"]


def test_close_lets_go_of_everything_in_the_end(residency: Residency, shelf: Shelf) -> None:
    use(residency, "a")
    with residency.borrow(card("b")):
        residency.close()
        assert held(residency) == ["b"]
    assert held(residency) == [] and shelf.open == []


def test_the_budget_is_half_of_the_memory_unless_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Residency().budget > 100_000_000
    for limit, budget in (("2000000000\n", 1_000_000_000), ("max\n", Residency().budget)):
        (tmp_path / "memory.max").write_text(limit)
        monkeypatch.setattr(residency_module, "_CONTAINER_LIMIT", tmp_path / "memory.max")
        assert Residency().budget == budget
        monkeypatch.undo()
    assert Residency(budget=0).budget == 0
