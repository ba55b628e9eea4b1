"""The registry: every way to name a model, and what is said when there is none."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import time
from pathlib import Path

import drill
import pytest

from genart_nb.errors import ModelNotFoundError, UsageError, WeightsError
from genart_nb.models import registry
from genart_nb.models.card import Folder, Hub, Server

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def drills(monkeypatch: pytest.MonkeyPatch) -> None:
    drill.offer(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "my model"
    place.mkdir()
    (place / "model.safetensors").write_bytes(b"weights")
    return place


def test_ours_come_first_and_broken_ones_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    registry._left_out.cache_clear()
    with caplog.at_level(logging.WARNING):
        ids = [card.id for _ in range(3) for card in registry.cards()]
    assert len(caplog.records) == 2, "told once, not at every look"
    assert set(ids[:4]) == {"composer", "painter", "restyler", "smollm2-135m"}
    assert {"drill-slow", "drill-quick"} < set(ids)
    assert "drill-broken" in caplog.text and "drill-no-card" in caplog.text
    assert {card.kind for card in registry.cards("drill")} == {"drill"}


def test_by_id() -> None:
    assert registry.card("smollm2-135m").title.startswith("SmolLM2")
    assert registry.card("drill-quick", "drill").loader == "drill"


def test_by_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = registry.card(str(folder))
    assert (card.id, card.title, card.source) == (str(folder), "my model", Folder(path=str(folder)))
    assert card.loader == "transformers"
    monkeypatch.chdir(folder.parent)
    assert registry.card("my model").id == str(folder) == registry.card("./my model").id
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    assert registry.card("~/my model").id == str(folder)


def test_by_url() -> None:
    card = registry.card("http://127.0.0.1:8000/v1#org/model")
    assert card.source == Server(url="http://127.0.0.1:8000/v1", model="org/model") and card.loader == "openai"
    assert registry.card("https://host/v1").source == Server(url="https://host/v1", model="")
    assert registry.pinned(card) == card


def test_by_hub_id() -> None:
    card = registry.card("owner/name")
    assert (card.id, card.source, card.revision) == ("owner/name", Hub(repo="owner/name"), "main")
    assert registry.card("owner/name@v1.0").revision == "v1.0"
    assert registry.card("owner/name", revision=COMMIT).revision == COMMIT
    assert registry.pinned(registry.card(f"owner/name@{COMMIT}")).revision == COMMIT


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("smolm2-135m", "did you mean smollm2-135m?"),
        ("zzz", "%genart models"),
        ("", "no model ''"),
        ("a b/c", "no model"),
        ("a/b/c", "no model"),
        ("../no/such", "no model"),
        ("/no/such", "no model"),
        ("~nobody-here/x", "no model"),
        ("x" * 100_000, "no model"),
        ("a\x00b", "no model"),
        ("\ud800", "no model"),
        ("drill-quick", "makes drill, not text"),
    ],
)
def test_no_such_model(name: str, says: str) -> None:
    with pytest.raises(ModelNotFoundError) as caught:
        registry.card(name)
    assert says in str(caught.value) and len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("name", "says"), [("drill-broken", "cannot be imported"), ("drill-no-card", "not a ModelCard")]
)
def test_a_broken_model_says_so_when_asked_for(name: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        registry.card(name, "drill")


def test_no_loader_of_that_kind(folder: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="No loader reads sculpture models"):
        registry.card(str(folder), "sculpture")


def test_a_changed_folder_is_noticed(folder: Path) -> None:
    pinned = registry.pinned(registry.card(str(folder)))
    assert pinned.revision and registry.card(str(folder), revision=pinned.revision) == pinned
    (folder / "model.safetensors").write_bytes(b"weighty")
    with pytest.raises(ModelNotFoundError, match=f"at {pinned.revision}") as caught:
        registry.card(str(folder), revision=pinned.revision)
    assert "write the work anew" in caught.value.fix
    assert registry.pinned(registry.card(str(folder))).revision != pinned.revision


def test_other_weights_than_the_recipe_names_are_refused() -> None:
    assert registry.card("drill-quick", "drill", "1").revision == "1"
    with pytest.raises(ModelNotFoundError, match=r"made with drill-quick at 0\.9; what is here is 1"):
        registry.card("drill-quick", "drill", "0.9")


def test_load_goes_through_the_loader() -> None:
    told: list[tuple[str, float]] = []
    model = registry.load(registry.card("drill-quick", "drill"), lambda what, fraction: told.append((what, fraction)))
    assert model.nbytes == 10 and told == [("a slow model", 0.0)]
    odd = registry.card("drill-quick", "drill").model_copy(update={"loader": "dril"})
    with pytest.raises(UsageError, match="no loader named 'dril'"):
        registry.load(odd, lambda what, fraction: None)


def test_a_folder_of_pickles_is_refused_before_anything_is_imported(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin is a pickle"):
        registry.load(registry.card(str(folder)), lambda what, fraction: None)
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(WeightsError, match="no weights"):
        registry.load(registry.card(str(folder)), lambda what, fraction: None)


OFFLINE = """
import sys, time
from genart_nb.errors import ModelNotFoundError
from genart_nb.models import registry
registry._HUB_WAIT = 2.0
start = time.perf_counter()
try:
    registry.pinned(registry.card("owner/no-such-model"))
except ModelNotFoundError as error:
    print(time.perf_counter() - start, error)
"""


@pytest.mark.parametrize("way", ["switched off", "refused", "silent"])
def test_without_a_network_the_hub_fails_fast_and_in_words(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("huggingface_hub")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if way == "silent":
            server.listen()  # takes the connection and never answers
        monkeypatch.setenv("HF_HUB_OFFLINE", "1" if way == "switched off" else "0")
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, timeout=60)
    assert "owner/no-such-model is not on this machine and the hub did not give it" in done.stdout, done.stderr
    assert "smollm2-135m" in done.stdout and "Traceback" not in done.stdout
    assert float(done.stdout.split()[0]) < 15 and time.perf_counter() - start < 30


def test_what_the_hub_left_here_needs_no_network(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    refs = tmp_path / "hub" / "models--owner--name" / "refs"
    refs.mkdir(parents=True)
    (refs / "main").write_text(COMMIT + "\n")
    code = "from genart_nb.models import registry; print(registry.pinned(registry.card('owner/name')).revision)"
    env = {"HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == COMMIT, done.stderr
