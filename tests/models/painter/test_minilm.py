"""The text encoder: shapes, meaning, and prompts that try to be more than text."""

from __future__ import annotations

import numpy as np
import pytest

from genart_nb.models.painter.minilm import MiniLM


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_near_meanings_are_near(minilm: MiniLM) -> None:
    states, pooled = minilm.encode(["a red fox", "an orange vixen", "a tax declaration"])
    assert states.shape == (3, 20, 384)
    assert pooled.dtype == states.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(pooled, axis=1), 1, rtol=1e-6)
    near, far = pooled[0] @ pooled[1], pooled[0] @ pooled[2]
    assert near > far + 0.2


def test_states_end_where_the_text_does(minilm: MiniLM) -> None:
    states, pooled = minilm.encode(["fox", ""])
    assert [int(np.abs(state).sum(axis=1).astype(bool).sum()) for state in states] == [3, 2]  # [CLS] fox [SEP]
    mean = states[0, :3].mean(axis=0)
    np.testing.assert_allclose(pooled[0], mean / np.linalg.norm(mean), atol=1e-6)


def test_a_text_reads_the_same_in_any_company(minilm: MiniLM) -> None:
    alone = minilm.encode(["a red fox"])
    among = minilm.encode(["rain", "a red fox", "the quick brown fox jumps over the lazy dog " * 9])
    assert np.array_equal(alone[0][0], among[0][1])
    assert np.array_equal(alone[1][0], among[1][1])


def test_hostile_text_is_text(minilm: MiniLM) -> None:
    states, pooled = minilm.encode(["x" * 100_000, "[SEP]" * 30, "\ud800 \x00 \u202e", "狐" * 10_000, " " * 10_000])
    assert np.isfinite(states).all() and np.isfinite(pooled).all()
    spelt, ended = minilm.encode(["[SEP]"])[0][0], minilm.encode([""])[0][0]
    assert np.abs(spelt).sum(axis=1).astype(bool).sum() > np.abs(ended).sum(axis=1).astype(bool).sum()
