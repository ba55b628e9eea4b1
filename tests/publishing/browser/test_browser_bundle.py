"""What is packed for a page: graphs without loss, starts for every order of styles, and refusals."""

from __future__ import annotations

import base64
import gzip
import hashlib
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from genart_nb.errors import GenartError, ModelNotFoundError, OptionError, UsageError, WeightsError
from genart_nb.models import weights
from genart_nb.models.card import ModelCard
from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Schedule
from genart_nb.publishing.browser import assets, bundle, easels, graphs
from genart_nb.publishing.browser.starts import Starts
from genart_nb.recipe import Recipe
from genart_nb.studio import Studio
from tests.models.painter.tiny_painter import make

RUNTIME = Path(assets.__file__).parent / "runtime"
STYLES = ("shaded", "flat", "3d", "bold")


def registered(path: Path) -> dict[str, str]:
    facts: dict[str, str] = json.loads(path.read_text().partition(" = ")[2].rstrip(";\n"))
    return facts


def test_a_site_gets_a_client_and_parts_of_one_make(shelf: Path, card: ModelCard) -> None:
    names = {path.name for path in shelf.glob("*.js")}
    assert names == {f"{name}.js" for name in ("client", "worker", "wasm", *graphs.NAMES)}
    made = {registered(path)["made"] for path in shelf.glob("*.js") if path.name != "client.js"}
    assert made == {assets.identity(card)}
    assert assets.identity(card.model_copy(update={"revision": "another"})) not in made
    for path in shelf.glob("*.js"):
        text = path.read_text(encoding="ascii")
        assert "</" not in text.replace("</script>", "</") or path.name == "client.js"
        assert "sourceMappingURL" not in text


def test_the_runtime_is_the_published_one() -> None:
    told = (RUNTIME / "README.md").read_text()
    for path in (path for path in RUNTIME.iterdir() if path.name != "README.md"):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert f"| `{path.name.removesuffix('.gz')}` | `{hashlib.sha256(content).hexdigest()}` |" in told


def test_a_packed_graph_says_what_the_graph_says(card: ModelCard, shelf: Path) -> None:
    """The weights are the very same; only the order of sums may differ."""
    packed = gzip.decompress(base64.b64decode(registered(shelf / "decoder.js")["base64"]))
    latents = np.random.default_rng(0).standard_normal((1, 8, 16, 16)).astype(np.float32)
    sessions = [onnxruntime.InferenceSession(each, providers=["CPUExecutionProvider"])
                for each in (packed, str(weights.locate(card) / "autoencoder" / "decoder.onnx"))]  # fmt: skip
    ours, theirs = (session.run(None, {"latents": latents})[0] for session in sessions)
    assert np.abs(ours - theirs).max() < 1e-4 < np.abs(theirs).max()
    stored = [each for each in onnx.load_from_string(packed).graph.initializer if len(each.raw_data) > 256]
    assert stored and {each.data_type for each in stored} == {onnx.TensorProto.FLOAT16}


def test_numbers_that_float16_does_not_hold_stay_as_they_are() -> None:
    values = {"whole": np.arange(64), "fine": np.arange(64) + 1e-5, "huge": np.full(64, 1e6), "few": np.arange(4)}
    held = [onnx.numpy_helper.from_array(each.astype(np.float32), name) for name, each in values.items()]
    graph = onnx.helper.make_graph([], "weights", [], [], held)
    graphs.halved(graph)
    assert [tensor.name for tensor in graph.initializer] == ["whole.half", "fine", "huge", "few"]
    assert [(node.op_type, *node.input, *node.output) for node in graph.node] == [("Cast", "whole.half", "whole")]


def test_a_folder_that_is_not_whole_is_refused(tmp_path: Path) -> None:
    folder = make(tmp_path / "tiny")
    assert graphs.packed(folder, "unet")
    (folder / "unet" / "unet.safetensors").write_bytes(b"")
    with pytest.raises(WeightsError, match=r"unet/model\.onnx"):
        graphs.packed(folder, "unet")


@pytest.fixture(scope="module")
def painter(card: ModelCard) -> Painter:
    return Painter.load(weights.locate(card), defaults=card.defaults)


@pytest.mark.parametrize("prompt", ["a fox on a hill", "a wizard riding a skateboard", "a hedgehog in a teapot"])
def test_every_order_of_styles_finds_the_collage_that_python_composes(painter: Painter, prompt: str) -> None:
    starts, brief = Starts(painter), Brief(prompt, seed=7)
    tree = starts.arrangement(brief, 12, STYLES)
    orders = [order for many in range(4) for order in itertools.permutations(STYLES, many)]
    met = set()
    for order, heaviest in itertools.product(orders, (0.9, 0.45)):
        node = tree
        for name in order:
            node = node.get("styles", {}).get(name, node)
        place = node.get("mild", node["start"]) if heaviest < 0.5 else node["start"]
        named = tuple((name, Schedule.constant(heaviest - at / 9)) for at, name in enumerate(order))
        made = painter.compose(Brief(prompt, seed=7, styles=named, extras={"arrangement": 12}))
        assert made is not None and starts.row(made.picture) == place, (order, heaviest)
        met.add(place)
    assert len(met) > 1


def test_an_easel_is_json_of_moderate_size(desk: Studio, recipe: Callable[..., Recipe]) -> None:
    data = bundle.easel(recipe("a cat </script><b> wearing a top hat"), desk)
    text = json.dumps(data, allow_nan=False)
    assert len(text) < 900_000 and "script" not in text
    assert len(data["arrangements"]) == 1 + bundle.ARRANGEMENTS and data["arrangement"] == "7"
    assert {row["id"] for row in data["controls"]} >= {"freedom", "guidance", "steps", "style:flat", "arrangement"}
    assert data == bundle.easel(recipe("a cat </script><b> wearing a top hat"), desk)


def test_there_are_fewer_compositions_where_each_is_large(
    desk: Studio, recipe: Callable[..., Recipe], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(easels, "ROOM", 100_000)
    data = bundle.easel(recipe(), desk)
    assert 1 < len(data["arrangements"]) < 1 + bundle.ARRANGEMENTS and "7" in data["arrangements"]
    monkeypatch.setattr(easels, "ROOM", 0)
    data = bundle.easel(recipe(), desk)
    assert list(data["arrangements"]) == ["7"]
    assert "arrangement" not in {row["id"] for row in data["controls"]}


@pytest.mark.parametrize(("options", "said"), [
    ({"count": 3}, "--count"), ({"grid": "seeds"}, "--grid"), ({"svg": True}, "--svg"), ({"upscale": 3}, "--upscale"),
    ({"aspect": "3:2"}, "--aspect"), ({"size": 200}, "200 by 200"),
])  # fmt: skip
def test_what_a_browser_does_not_paint_is_refused(
    desk: Studio, recipe: Callable[..., Recipe], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        bundle.easel(recipe(**options), desk)


def changed(recipe: Recipe, **changes: Any) -> Recipe:
    return Recipe.read({**recipe.model_dump(), **changes})


@pytest.mark.parametrize(("changes", "error"), [
    ({"art": "poem"}, UsageError), ({"revision": "of old"}, ModelNotFoundError), ({"model": "nobody"}, GenartError),
    ({"options": {"stile": "flat"}}, OptionError), ({"options": {"style": "cubist"}}, UsageError),
    ({"options": {"schedule": "style.cubist=0:1"}}, UsageError), ({"options": {"init": "gone.png"}}, GenartError),
    ({"options": {"references": "no such thing"}}, OptionError),
])  # fmt: skip
def test_other_recipes_are_refused(
    desk: Studio, recipe: Callable[..., Recipe], changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        bundle.easel(changed(recipe(), **changes), desk)


def test_a_model_that_is_not_ours_is_refused(
    desk: Studio, recipe: Callable[..., Recipe], monkeypatch: pytest.MonkeyPatch, card: ModelCard
) -> None:
    from genart_nb.models import registry

    other = card.model_copy(update={"loader": "diffusers", "title": "a large one"})
    monkeypatch.setattr(registry, "card", lambda *_: other)
    with pytest.raises(UsageError, match="a large one is too large for a browser"):
        bundle.easel(changed(recipe(), model="other"), desk)
