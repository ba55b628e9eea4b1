"""What every decoder must do; each loader's test class inherits this and provides `model`."""

from __future__ import annotations

import numpy as np
import pytest

from genart_nb.errors import UsageError
from genart_nb.models.language import LanguageModel, Logits


class DecoderContract:
    """`tolerance` bounds the rounding between two ways to feed the same tokens, in standard deviations (rms)."""

    tolerance = 1e-4

    def close(self, ours: Logits, theirs: Logits) -> None:
        assert ours.shape == theirs.shape
        assert ours.dtype == np.float32
        assert np.sqrt(((ours - theirs) ** 2).mean()) <= self.tolerance * theirs.std()

    def prompt(self, model: LanguageModel) -> list[int]:
        return model.tokenizer.encode("the quick brown fox jumps over the lazy dog and the moon sings")

    def test_all_at_once_is_one_by_one(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        once = model.start(64).append([ids], every=True)
        assert once.shape == (1, len(ids), model.tokenizer.size)
        slow = model.start(64)
        self.close(np.stack([slow.append([[token]])[0] for token in ids]), once[0])
        assert slow.length == len(ids)

    def test_every_ends_with_what_is_said_without_it(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        self.close(model.start(64).append([ids], every=True)[:, -1], model.start(64).append([ids]))

    def test_rewind_forgets(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        decoder = model.start(64)
        decoder.append([ids[:4]])
        first = decoder.append([ids[4:]])
        decoder.rewind(4)
        decoder.append([ids[:6]])
        decoder.rewind(4)
        assert decoder.length == 4
        np.testing.assert_array_equal(decoder.append([ids[4:]]), first)
        decoder.rewind(0)
        decoder.append([ids[:4]])
        np.testing.assert_array_equal(decoder.append([ids[4:]]), first)

    def test_select_moves_copies_and_drops_rows(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        decoder = model.start(64)
        decoder.append([ids])
        decoder.select([0, 0, 0])
        apart = decoder.append([[5], [6], [7]])
        assert decoder.rows == 3
        decoder.select([2, 0])
        again = decoder.append([[9], [9]])
        alone = model.start(64)
        alone.append([ids])
        self.close(alone.append([[7]])[0], apart[2])
        self.close(alone.append([[9]])[0], again[0])
        decoder.select([1, 1, 0, 1, 0])
        assert decoder.append([[3]] * 5).shape == (5, model.tokenizer.size)
        decoder.select([4])
        self.close(decoder.append([[4]]), self.replay(model, [*ids, 7, 9, 3], [4]))

    def replay(self, model: LanguageModel, before: list[int], last: list[int]) -> Logits:
        decoder = model.start(64)
        decoder.append([before])
        return decoder.append([last])

    def test_many_tokens_for_many_rows(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        decoder = model.start(64)
        decoder.append([ids])
        decoder.select([0, 0])
        found = decoder.append([[5, 6, 7], [8, 9, 10]], every=True)
        assert found.shape == (2, 3, model.tokenizer.size)
        for row, tail in enumerate(([5, 6, 7], [8, 9, 10])):
            alone = model.start(64)
            alone.append([ids])
            self.close(alone.append([tail], every=True)[0], found[row])

    def test_capacity_is_a_limit_with_an_error(self, model: LanguageModel) -> None:
        decoder = model.start(4)
        decoder.append([[5, 6, 7]])
        with pytest.raises(UsageError, match="5 tokens do not fit the 4"):
            decoder.append([[5, 6]])
        decoder.append([[8]])
        assert decoder.length == 4
        for capacity in (0, model.context + 1):
            with pytest.raises(UsageError, match="this model reads"):
                model.start(capacity)

    def test_nonsense_is_refused(self, model: LanguageModel) -> None:
        decoder = model.start(8)
        decoder.append([[5]])
        for tokens in ([], [[]], [[1], [2]], [[-1]], [[model.tokenizer.size]]):
            with pytest.raises(ValueError, match=r"rows|ids|shape|tokens"):
                decoder.append(tokens)
        for rows in ([], [1], [-1]):
            with pytest.raises(ValueError, match="rows"):
                decoder.select(rows)
        for length in (-1, 2):
            with pytest.raises(ValueError, match="rewind"):
                decoder.rewind(length)

    def test_nothing_that_ran_before_matters(self, model: LanguageModel) -> None:
        ids = self.prompt(model)
        first = model.start(64).append([ids])
        other = model.start(32)
        other.append([[3, 4, 5]])
        other.select([0, 0, 0, 0])
        other.append([[1]] * 4)
        np.testing.assert_array_equal(model.start(48).append([ids]), first)

    def test_logits_given_are_the_callers_own(self, model: LanguageModel) -> None:
        decoder = model.start(8)
        first = decoder.append([[5]])
        kept = first.copy()
        decoder.append([[6]])
        np.testing.assert_array_equal(first, kept)
