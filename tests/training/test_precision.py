"""Half precision only where it is faster."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from genart_nb.training import denoiser, muon, precision  # noqa: E402


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


def test_norms_are_wide_whatever_they_are_given_and_change_nothing_else() -> None:
    from diffusers import UNet2DConditionModel

    torch.manual_seed(0)
    small = {**denoiser.CONFIG, "block_out_channels": (32, 32), "cross_attention_dim": 8, "class_embed_type": None}
    model = UNet2DConditionModel(**small, norm_eps=1e-5).eval()
    given = torch.randn(2, 8, 16, 16), torch.tensor([10, 500]), torch.randn(2, 3, 8)
    before = model(*given).sample
    seen = []
    suited = precision.suited(model, "cpu")
    norm = next(layer for layer in suited.modules() if isinstance(layer, torch.nn.GroupNorm))
    norm.register_forward_hook(lambda _, given, made: seen.append(made.dtype))
    assert torch.allclose(suited(*given).sample, before, atol=1e-5)
    with torch.autocast("cpu", torch.bfloat16):
        suited(*given)
    assert set(seen) == {torch.float32}


@pytest.mark.parametrize(("mixed", "kind"), [(1.0, torch.bfloat16), (3.0, torch.float32)])
def test_a_processor_that_is_slower_in_half_precision_stays_whole(
    mixed: float, kind: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.ops.mkldnn, "_is_mkldnn_bf16_supported", lambda: True)
    monkeypatch.setattr(precision, "_pass", lambda half: mixed if half else 2.0)
    assert precision.dtype.__wrapped__("cpu") is kind


def test_timing_uses_up_no_chance() -> None:
    before = torch.random.get_rng_state()
    assert precision._pass(False) > 0
    assert torch.equal(before, torch.random.get_rng_state())
