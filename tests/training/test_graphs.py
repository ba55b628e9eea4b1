from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
st = pytest.importorskip("safetensors.torch")

from torch import nn  # noqa: E402

from genart_nb.training import graphs, muon, upscaler  # noqa: E402


class _Net(nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.mix = nn.Conv2d(3, 6, 3, padding=1), nn.Linear(6, 5)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        return self.mix(nn.functional.silu(self.conv(picture)).mean((2, 3)))


def _ship(folder: Path, model: nn.Module) -> Path:
    """Weights in two shards and the graph beside them."""
    import onnx

    state = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    names = sorted(state)
    for index, part in enumerate((names[:2], names[2:])):
        st.save_file({name: state[name] for name in part}, folder / f"part{index}.safetensors", {"format": "pt"})
    graph = graphs.trace(
        model, {"picture": torch.zeros(2, 3, 8, 8)}, "found", {"picture": {0: "batch"}, "found": {0: "batch"}}
    )
    shards = {file.name: file for file in folder.glob("*.safetensors")}
    onnx.save(graphs.point(graph, shards), str(folder / "model.onnx"))
    return folder / "model.onnx"


def test_the_graph_reads_its_weights_from_the_safetensors(tmp_path: Path) -> None:
    model = _Net().half().float()
    path = _ship(tmp_path, model)
    assert graphs.difference(path, model, {"picture": torch.randn(5, 3, 8, 8)}) < 1e-5
    assert path.stat().st_size < 4000


def test_other_weights_in_the_same_file_change_what_the_graph_says(tmp_path: Path) -> None:
    model = _Net().half().float()
    path = _ship(tmp_path, model)
    state = st.load_file(tmp_path / "part0.safetensors")
    st.save_file({name: value * 2 for name, value in state.items()}, tmp_path / "part0.safetensors", {"format": "pt"})
    assert graphs.difference(path, model, {"picture": torch.randn(1, 3, 8, 8)}) > 1e-3


def test_spans_are_where_the_bytes_are(tmp_path: Path) -> None:
    state = {"a": torch.arange(6).half(), "b": torch.arange(4).half() - 2}
    st.save_file(state, tmp_path / "x.safetensors")
    raw = (tmp_path / "x.safetensors").read_bytes()
    for name, (start, length) in graphs.spans(tmp_path / "x.safetensors").items():
        assert np.frombuffer(raw[start : start + length], np.float16).tolist() == state[name].tolist()


def test_pixel_unshuffle_is_torchs_own() -> None:
    picture = torch.randn(3, 5, 8, 12)
    assert torch.equal(graphs.pixel_unshuffle(picture, 2), nn.functional.pixel_unshuffle(picture, 2))


def test_an_untrained_upscaler_only_interpolates() -> None:
    picture = torch.rand(1, 3, 16, 16) * 2 - 1
    model = upscaler.Upscaler().eval()
    with torch.no_grad():
        model.last.bias.zero_()
        made = model(picture)
    assert made.shape == (1, 3, 32, 32)
    torch.testing.assert_close(made, nn.functional.interpolate(picture, scale_factor=2, mode="bilinear"))
    assert sum(value.numel() for value in model.parameters()) <= 400_000


@pytest.mark.parametrize("shape", [(2, 8, 24), (1, 24, 8), (3, 16, 16)])
def test_orthogonal_matrices_have_singular_values_near_one(shape: tuple[int, int, int]) -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(muon.orthogonal(torch.randn(shape)).float())
    assert values.min() > 0.4 and values.max() < 1.4
