"""The student: it begins as its teacher, and is told guidance where it was led by two passes before."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from genart_nb.models.painter import words  # noqa: E402
from genart_nb.training import denoiser, distil, export, latents, loop  # noqa: E402

SMALL = {**denoiser.CONFIG, "block_out_channels": (32, 32), "attention_head_dim": 4}


class Told:
    """A teacher that answers with its first word: what it was told is in every number it says."""

    def __call__(self, noisy: Any, times: Any, encoder_hidden_states: Any, class_labels: Any) -> Any:
        assert not class_labels[:, distil.GUIDANCE :].any()  # the teacher knows nothing of guidance
        styles = class_labels[:, denoiser.WIDTH : distil.GUIDANCE].sum(1)
        said = encoder_hidden_states[:, 0, 0] + class_labels[:, 0] + styles
        return SimpleNamespace(sample=said[:, None, None, None].expand_as(noisy).clone())


def drawn(count: int = 64) -> tuple[Any, Any, Any, Any]:
    """Clean latents, states and labels of `count` pictures, and a generator."""
    generator = torch.Generator().manual_seed(5)
    pooled = torch.randn(count, denoiser.WIDTH, generator=generator)
    styles = torch.nn.functional.one_hot(torch.arange(count) % 6, 8).float()
    states = torch.randn(count, 20, denoiser.WIDTH, generator=generator)
    return torch.randn(count, 8, 16, 16), states, denoiser.conditions(pooled, styles), generator


def test_the_slot_is_the_one_that_the_painter_fills() -> None:
    assert distil.GUIDANCE == words.GUIDANCE and denoiser.CLASS_WIDTH == words.LABELS


def test_a_lesson_is_guidance_by_two_passes_and_the_plain_model_without() -> None:
    clean, states, labels, generator = drawn()
    taught = distil.lesson(Told(), clean, states, labels, generator)
    guidance = taught.labels[:, distil.GUIDANCE]
    plain = guidance == 0
    assert plain.sum() == round(distil.PLAIN * 64)
    assert guidance[~plain].min() >= distil.LEAST and guidance.max() <= distil.MOST
    bare = taught.labels.clone()
    bare[:, distil.GUIDANCE] = 0
    said = Told()(taught.noisy, taught.times, taught.states, bare).sample  # and nothing, where nothing is told
    torch.testing.assert_close(taught.target[plain], said[plain])
    torch.testing.assert_close(taught.target[~plain], guidance[~plain, None, None, None] * said[~plain])
    assert 0 < int((taught.labels[plain].abs().sum(1) == 0).sum()) < int(plain.sum())


def test_what_is_asked_is_often_not_what_is_there() -> None:
    _, states, labels, generator = drawn(2000)
    asked, told = distil.ask(states, labels, generator)
    styles = told[:, denoiser.WIDTH : distil.GUIDANCE]
    weights = styles.sum(1)
    assert bool(((weights - 1).abs() < 1e-5).logical_or(weights == 0).all()) and not told[:, distil.GUIDANCE :].any()
    same = (told[:, : denoiser.WIDTH] == labels[:, : denoiser.WIDTH]).all(1)
    assert 0.6 < float(same.float().mean()) < 0.8
    assert torch.equal(same, (asked == states).all(2).all(1))
    assert 0.1 < float(((styles > 0).sum(1) == 2).float().mean()) < 0.3


def test_times_are_those_of_redrawing_and_of_the_samplers_grid() -> None:
    found = distil.times(4000, torch.Generator().manual_seed(0))
    assert float(found.min()) >= 0 and float(found.max()) < 1
    assert 0.4 < float((found < distil.REDRAWN).float().mean()) < 0.55
    assert 0.1 < float((found > 0.8).float().mean()) < 0.3


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small teacher in a home of its own, with eight prepared pictures."""
    monkeypatch.setenv("GENART_CACHE", str(tmp_path))
    monkeypatch.setattr(denoiser, "CONFIG", SMALL)
    monkeypatch.setattr(distil, "BATCH", 8)
    torch.manual_seed(0)
    teacher = denoiser.build()
    torch.nn.init.normal_(teacher.conv_out.weight, std=1.0)
    plan = loop.Plan(denoiser.folder(), 1, ema=0.5)
    loop.save(_made(plan.folder), teacher, loop.stepper(teacher, plan), {}, loop.State(1, 8))
    rows = np.random.default_rng(0)
    prepared = latents.Prepared(
        rows.integers(-60, 60, (8, 8, 16, 16), np.int8), np.arange(8) % 6, ["plain"] * 8, [[i] for i in range(8)],
        ["a fox"] * 8, rows.standard_normal((8, 20, 384)).astype(np.float16),
        rows.standard_normal((8, 384)).astype(np.float16), np.zeros(8, np.float32), np.ones(8, np.float32),
    )  # fmt: skip
    monkeypatch.setattr(latents, "load", lambda: prepared)
    return tmp_path


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def test_the_student_begins_as_the_teacher_whatever_the_guidance(home: Path) -> None:
    clean, states, labels, _ = drawn(2)
    guided, times = labels.clone(), torch.tensor([0.2, 0.9])
    guided[:, distil.GUIDANCE] = torch.tensor([0.0, 7.0])
    with torch.no_grad():
        student = distil.answer(distil.student(), clean, times, states, guided)
        teacher = distil.answer(denoiser.load(), clean, times, states, labels)
    torch.testing.assert_close(student, teacher)


def test_training_goes_on_where_it_stopped_and_leaves_the_teacher_alone(home: Path) -> None:
    with pytest.raises(FileNotFoundError):
        distil.load()
    before = loop.weights(denoiser.folder())
    state = distil.train(steps=2, workers=1)
    assert (state.step, state.pictures) == (2, 16)
    first = loop.weights(distil.folder())
    state = distil.train(steps=4, workers=1)
    assert (state.step, state.pictures) == (4, 32)
    assert not torch.equal(first["conv_in.weight"], distil.load().state_dict()["conv_in.weight"])
    assert all(torch.equal(value, before[name]) for name, value in loop.weights(denoiser.folder()).items())


def test_a_student_learns_what_guidance_does(home: Path) -> None:
    clean, states, labels, generator = drawn(8)
    taught = distil.lesson(denoiser.load(), clean, states, labels, generator)
    model = distil.student().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4)
    missed = []
    for _ in range(16):
        loss = distil.miss(model, taught)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        missed.append(float(loss.detach()))
    assert missed[-1] < 0.8 * missed[0]


def test_the_revision_names_what_both_have_seen(home: Path) -> None:
    assert export.revision(student=True) == "untrained"
    for place, seen in ((denoiser.folder(), 307_200), (_made(distil.folder()), 58_880)):
        (place / "curve.csv").write_text(f"step,pictures\n9,{seen}\n")
    assert export.revision() == f"307k-{export.EDITION}"
    assert export.revision(student=True) == f"307k+58k-{export.EDITION}"
