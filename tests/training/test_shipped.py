"""Training on from the weights that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from genart_nb.errors import UsageError  # noqa: E402
from genart_nb.training import commands, composer, denoiser, loop, shipped  # noqa: E402
from genart_nb.training.composer_model import Composer  # noqa: E402


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GENART_CACHE", str(tmp_path))
    return tmp_path


def test_the_shipped_composer_becomes_a_checkpoint_that_goes_on() -> None:
    shipped.lay_out_composer()
    model = Composer()
    model.load_state_dict(loop.weights(composer.home()))
    last = (composer.home() / "curve.csv").read_text().split()[-1].split(",")
    plan = loop.Plan(composer.home(), int(last[0]) + 2, lr=1e-3, ema=0.99, muon=composer.PLAIN)

    def loss(step: int, generator: torch.Generator) -> tuple[torch.Tensor, int]:
        return sum(value.square().mean() for value in model.parameters()), 1

    state = loop.train(model, loss, plan)
    assert state.step == int(last[0]) + 2 and state.pictures == int(last[1]) + 2
    assert state.seconds > float(last[2])


def test_the_shipped_painter_becomes_checkpoints(cache: Path) -> None:
    shipped.lay_out_painter()
    weights = loop.weights(denoiser.folder())
    assert weights["conv_in.weight"].dtype == torch.float32
    denoiser.build().load_state_dict(weights)
    assert (denoiser.folder() / "curve.csv").exists()


def test_a_checkpoint_that_is_kept_stays(tmp_path: Path) -> None:
    one, other = {"a": torch.ones(2)}, {"a": torch.zeros(2)}
    assert shipped.lay_out(tmp_path / "run", one) and not shipped.lay_out(tmp_path / "run", other)
    assert torch.equal(loop.weights(tmp_path / "run")["a"], one["a"])


def test_what_does_not_ship_is_told() -> None:
    with pytest.raises(UsageError, match="No weights of judge ship"):
        commands.run(["judge", "--from-shipped"])
