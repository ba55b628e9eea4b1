"""Half precision only where it is faster."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from genart_nb.training import muon, precision  # noqa: E402


def test_networks_run_at_the_precision_that_suits_the_processor() -> None:
    layer, given = torch.nn.Linear(4, 4), torch.ones(2, 4)
    with precision.mixed("cpu"):
        assert layer(given).dtype is precision.dtype("cpu")
    assert precision.dtype("cuda") is torch.bfloat16


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_muon_finds_orthogonal_matrices_at_either(kind: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "dtype", lambda device: kind)
    given = torch.randn(3, 8, 5, generator=torch.Generator().manual_seed(0))
    found = muon.orthogonal(given)
    assert found.dtype is kind
    values = torch.linalg.svdvals(found.float())
    assert ((values > 0.6) & (values < 1.3)).all()
