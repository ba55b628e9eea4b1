"""The composer's training: pieces become windows that read back, a run resumes, what is written loads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from genart_nb.media.song import TICKS
from genart_nb.models.composer.grammar import BEGIN, FIELDS
from genart_nb.training import composer, composer_corpus, composer_data, composer_export, composer_soundfont
from genart_nb.training.composer_corpus import Piece
from genart_nb.training.composer_model import Composer, Size

TINY = Size(width=16, layers=2, heads=2, hidden=24)


def tune(seed: int, style: str = "reel", metre: str = "4/4", voices: int = 1) -> Piece:
    chance = np.random.default_rng(seed)
    made = [
        tuple((at * 12, 12, 72 - 7 * voice + int(chance.integers(-4, 5))) for at in range(64))
        for voice in range(voices)
    ]
    return Piece(f"{style}{seed}", style, 2, "major", metre, 0, tuple(made))


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Piece]]:
    monkeypatch.setenv("GENART_CACHE", str(tmp_path))
    made = [tune(seed) for seed in range(30)] + [tune(seed, "chorale", voices=4) for seed in range(12)]
    path = composer_corpus.place()
    path.parent.mkdir(parents=True)
    path.write_text("".join(json.dumps({n: getattr(p, n) for n in Piece.__slots__}) + "\n" for p in made))
    composer_data.prepared.cache_clear()
    yield made
    composer_data.prepared.cache_clear()


def test_pieces_come_back_as_they_were(corpus: list[Piece]) -> None:
    assert composer_corpus.pieces() == corpus
    assert composer_corpus.read_corpus() == len(corpus)


def test_windows_follow_from_seed_and_step(corpus: list[Piece]) -> None:
    batches = composer_data.Batches()
    first, again = (batches.draw(8, np.random.default_rng(3)) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    for tokens, context, targets in first:
        assert tokens.shape == targets.shape == context.shape[:2] and context.shape[2] == FIELDS
        told = targets >= 0
        assert (tokens[:, 1:][told[:, 1:]] == targets[:, :-1][told[:, 1:]]).all()
        assert (tokens[:, 0] == BEGIN).any()


def test_what_is_held_out_is_never_learnt(corpus: list[Piece]) -> None:
    learnt = {piece.name for piece in composer_data.Batches().pieces}
    held = {piece.name for piece in composer_data.Batches(held_out=True).pieces}
    assert held and not learnt & held


def test_keys_keep_voices_in_their_ranges(corpus: list[Piece]) -> None:
    piece = composer_data.fitted(tune(0))
    assert piece
    pitches = [note[2] for note in piece.voices[0]]
    for tonic in composer_data.keys(piece, [[60, 80]]):
        shift = (60 + (tonic + 6) % 12 - 6) - 62
        assert min(pitches) + shift >= 60 and max(pitches) + shift <= 80


def test_dances_in_two_are_written_in_four() -> None:
    fitted = composer_data.fitted(tune(1, metre="2/4"))
    assert fitted and fitted.metre == "4/4" and fitted.voices[0][1][0] == TICKS
    assert composer_data.fitted(tune(1, "jig", "2/4")) is None


def test_cached_keys_and_values_change_nothing() -> None:
    torch.manual_seed(0)
    model = Composer(TINY).eval()
    tokens, context = torch.randint(0, 80, (1, 9)), torch.randint(0, 700, (1, 9, FIELDS))
    whole, _ = model(tokens, context)
    head, past = model(tokens[:, :5], context[:, :5])
    tail, _ = model(tokens[:, 5:], context[:, 5:], past)
    assert torch.allclose(whole, torch.cat([head, tail], 1), atol=1e-5)


def test_a_run_goes_on_where_it_stopped_and_what_it_writes_loads(
    corpus: list[Piece], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composer, "Composer", lambda size=None: Composer(TINY))
    composer.train(minutes=5, steps=6, rows=4)
    straight = composer.trained().state_dict()
    (composer.home() / "checkpoint.safetensors").unlink()
    composer.train(minutes=5, steps=6, rows=4, stop=3)
    composer.train(minutes=5, steps=6, rows=4)
    resumed = composer.trained().state_dict()
    assert all(torch.equal(straight[name], resumed[name]) for name in straight)
    assert composer_export.export(tmp_path / "shipped") < 1e-4
    from genart_nb.models.composer.runtime import Composer as Runtime
    from genart_nb.models.music import MusicBrief

    drafts = list(Runtime.load(tmp_path / "shipped").compose(MusicBrief("reel", 2, "major", "4/4", 2, 1)))
    assert drafts[-1].song().bars == 2
    card = json.loads((tmp_path / "shipped" / "card.json").read_text())
    assert set(card["sha256"]) == {"composer.json", "model.onnx", "model.safetensors", "seen.safetensors"}


def test_a_cut_soundfont_is_whole() -> None:
    """The shipped one, cut again to one instrument, keeps that instrument's samples and nothing else."""
    from genart_nb.media.song_sound import soundfont

    font = composer_soundfont.read(soundfont())
    flute = composer_soundfont.subset(font, [73])
    assert 0 < len(flute.samples) < len(font.samples) / 10
    assert len(flute.tables["phdr"]) == 2
    named = {row[:20].rstrip(b"\0") for row in font.tables["shdr"]}
    assert {row[:20].rstrip(b"\0") for row in flute.tables["shdr"]} <= named
