import os
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from genart_nb.errors import GenartError  # noqa: E402
from genart_nb.training import loop, team  # noqa: E402


@pytest.mark.parametrize(("muon", "workers"), [(None, 1), (("3.",), 1), (("3.",), 2)])
def test_a_run_that_was_stopped_goes_on_bit_for_bit(tmp_path: Path, muon: tuple[str, ...] | None, workers: int) -> None:
    whole = _run(tmp_path / "whole", muon, [12], workers)
    halves = _run(tmp_path / "halves", muon, [6, 12], workers)
    assert whole.keys() == halves.keys()
    for name, value in whole.items():
        assert torch.equal(value, halves[name]), name


def _run(folder: Path, muon: tuple[str, ...] | None, stops: list[int], workers: int = 1) -> dict[str, torch.Tensor]:
    """Train to each stop with fresh objects, as new processes would."""

    def loss(step: int, generator: torch.Generator) -> tuple[torch.Tensor, int]:
        given = torch.randn(8, 4, generator=generator)
        return (model(given) - given.flip(1)).pow(2).mean(), 8

    layers = torch.nn
    for start, stop in enumerate(stops):
        torch.manual_seed(3 + 90 * start)  # a later start must not depend on its own seed
        model = layers.Sequential(layers.Linear(4, 16), layers.SiLU(), layers.Dropout(0.2), layers.Linear(16, 4))
        if start == 0:
            first = {name: value.clone() for name, value in model.state_dict().items()}
        plan = loop.Plan(folder, 12, lr=1e-2, warmup=2, ema=0.9, log_every=3, muon=muon, stop=stop, workers=workers)
        loop.train(model, loss, plan)
    now = model.state_dict()
    assert not torch.equal(first["0.weight"], now["0.weight"])
    return loop.weights(folder) | {f"now.{name}": value for name, value in now.items()}


def test_the_curve_is_written_once(tmp_path: Path) -> None:
    _run(tmp_path, None, [6, 12])
    rows = (tmp_path / "curve.csv").read_text().splitlines()
    assert rows[0] == "step,pictures,seconds,loss,lr"
    assert [row.split(",")[0] for row in rows[1:]] == ["3", "6", "9", "12"]
    assert rows[-1].split(",")[1] == "96"


def test_the_rate_rises_then_falls_to_its_floor() -> None:
    plan = loop.Plan(Path(), 100, lr=1.0, warmup=10, floor=0.1)
    rates = [loop.rate(plan, step) for step in range(101)]
    assert rates[0] == pytest.approx(0.1) and max(rates) == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[100] == pytest.approx(0.1)


def test_a_tail_goes_on_at_the_floor(tmp_path: Path) -> None:
    model = torch.nn.Linear(2, 2)
    plan = loop.Plan(tmp_path, 4, lr=1.0, warmup=1, floor=0.25, tail=2, log_every=1)
    state = loop.train(model, lambda step, _: (model(torch.ones(1, 2)).pow(2).sum(), 1), plan)
    assert state.step == 6
    rows = [row.split(",") for row in (tmp_path / "curve.csv").read_text().splitlines()[1:]]
    assert [float(row[4]) for row in rows[-2:]] == [0.25, 0.25] < [float(rows[-3][4])]


def test_two_processes_train_as_one_would_on_both_their_batches(tmp_path: Path) -> None:
    given = torch.randn(2, 8, 4, generator=torch.Generator().manual_seed(1))

    def run(folder: Path, workers: int) -> dict[str, torch.Tensor]:
        def loss(step: int, generator: torch.Generator) -> tuple[torch.Tensor, int]:
            rows = given.flatten(0, 1) if workers == 1 else given[teams[-1].rank]
            return (model(rows) - rows.flip(1)).pow(2).mean(), len(rows)

        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Linear(4, 16), torch.nn.SiLU(), torch.nn.Linear(16, 4))
        loop.train(
            model, loss, loop.Plan(folder, 8, lr=1e-2, warmup=2, ema=0.9, muon=("2.",), workers=workers, clip=0.1)
        )
        return loop.weights(folder)

    teams: list[team.Team] = []
    made = team.Team.__enter__

    def entered(self: team.Team) -> team.Team:
        teams.append(self)
        return made(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(team.Team, "__enter__", entered)
        one, two = run(tmp_path / "one", 1), run(tmp_path / "two", 2)
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=2e-2, atol=2e-3)


@pytest.mark.parametrize("all_fail", [True, False])
def test_a_process_that_fails_takes_the_run_down_with_it(tmp_path: Path, all_fail: bool) -> None:
    first = os.getpid()

    def loss(step: int, generator: torch.Generator) -> tuple[torch.Tensor, int]:
        if step == 2 and (all_fail or os.getpid() != first):
            raise ValueError("no more")
        return model(torch.randn(2, 2, generator=generator)).pow(2).mean(), 2

    model = torch.nn.Linear(2, 2)
    heard = (ValueError, GenartError) if all_fail else GenartError  # of its own failure, or of the other's before it
    with pytest.raises(heard, match=r"no more|Another process"):
        loop.train(model, loss, loop.Plan(tmp_path, 9, muon=(), workers=2))
