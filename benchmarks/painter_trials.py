"""What might make the denoiser better, one thing at a time, trained for equally long and judged alike.

    python benchmarks/painter_trials.py NAME [--minutes 6] [--seed 0] [--grid FILE]

`further` and what stands beside it begin as the shipped denoiser (`genart train` lays it out with --from-shipped):

    as-it-is    not trained at all
    further     as it was trained before
    attention   with attention at 16x16 too, whose last layers begin at zero
    aligned     its middle drawn towards what a frozen MobileNetV2 sees in the scene (Yu et al.,
                https://arxiv.org/abs/2410.06940); the network is the starter restyler's reader of styles

and two begin from nothing:

    anew        the denoiser as it is, on latents
    pixels      a transformer on patches of 8x8 pixels that says what the clean picture is (Li and He,
                https://arxiv.org/abs/2511.13720)

A trial's learning rate falls to its end within the minutes, however fast its steps are. Then the judge looks at what
it paints from noise alone: the benchmark's 200 named things and 100 held-out pairs. `loss` is the flow loss on those
pairs.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import painter as judged
import torch
import torch.nn.functional as F
from _denoiser_trials import TRIALS, Trial
from PIL import Image
from torch import Tensor

from genart_nb.models.painter.minilm import MiniLM
from genart_nb.training import autoencoder, data, denoiser, export, judge, latents, loop
from genart_nb.training.vocabulary import SLOTS, STYLES, phrase

CHUNK = 50
"""Pictures painted at once."""


def train(trial: Trial, folder: Path, minutes: float, seed: int, workers: int) -> loop.State:
    """Time a few steps, then train anew for as many as the minutes hold."""
    common: dict[str, Any] = {"lr": trial.lr, "warmup": 40, "ema": 0.99, "seed": seed, "muon": trial.plain}
    before = {name: value.clone() for name, value in trial.model.state_dict().items()}
    with tempfile.TemporaryDirectory() as scratch:
        warm, paced = (
            loop.train(trial.model, trial.loss, loop.Plan(Path(scratch), 24, stop=stop, workers=workers, **common))
            for stop in (8, 24)
        )
    steps = round(minutes * 60 * (paced.step - warm.step) / (paced.seconds - warm.seconds))
    trial.model.load_state_dict(before)
    shutil.rmtree(folder, ignore_errors=True)
    found = loop.train(trial.model, trial.loss, loop.Plan(folder, steps, 2 * minutes, workers=workers, **common))
    trial.model.load_state_dict(loop.weights(folder))
    return found


def asked(cases: list[judged.Case]) -> tuple[Tensor, Tensor]:
    """Token states (n, 20, 384) and labels of what is to be painted."""
    read = MiniLM().encode([case.prompt for case in cases], latents.TOKENS)
    states, pooled = (torch.from_numpy(each).float() for each in read)
    styles = F.one_hot(torch.tensor([STYLES.index(case.style) for case in cases]), SLOTS).float()
    return states, denoiser.conditions(pooled, styles)


def encoded(pictures: np.ndarray[Any, np.dtype[np.uint8]]) -> Tensor:
    """Normalised latents of pictures (n, 128, 128, 3)."""
    batch = torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1
    latent: Tensor = export.Encoder(autoencoder.load(), *export.normalisation())(batch)
    return latent


@torch.no_grad()  # type: ignore[untyped-decorator]
def judgement(trial: Trial, seed: int, grid: Path | None) -> list[str]:
    """Its loss on the held-out pairs, then R@5, R@20 and style of what it paints of them, and of the named things."""
    entries, pictures = data.load(128)
    names = sorted({entry.name for entry in entries})
    verdicts = judge.Verdicts(names, MiniLM().encode([phrase(name) for name in names])[1])
    sets, generator = judged.cases(entries, few=False), torch.Generator().manual_seed(seed)
    where = {(entry.name, entry.style): index for index, entry in enumerate(entries)}
    real = [judged.on_white(pictures[where[case.name, case.style]]) for case in sets["held out"]]
    miss = trial.miss(encoded(np.stack([np.asarray(each) for each in real])), *asked(sets["held out"]), generator)
    row = ["" if miss is None else f"{miss:.4f}"]
    for name in ("held out", "named"):
        states, labels = asked(sets[name])
        chunks = zip(states.split(CHUNK), labels.split(CHUNK), strict=True)
        made = torch.cat([trial.paint(*chunk, generator) for chunk in chunks])
        shown = ((made.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        found = judged.score(verdicts, [Image.fromarray(each) for each in shown], sets[name])
        row += [f"{found.r5:.3f}", f"{found.r20:.3f}", f"{found.style:.2f}"]
    if grid:
        Image.fromarray(np.vstack([np.hstack(list(shown[at : at + 10])) for at in range(0, 40, 10)])).save(grid)
    return row


def main() -> None:
    """Train one, and print what came of it as a row of a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=list(TRIALS))
    parser.add_argument("--minutes", type=float, default=6.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--grid", type=Path, help="a sheet of the first 40 named things")
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    trial, state = TRIALS[given.name](given.workers), loop.State()
    if given.name != "as-it-is":
        state = train(trial, data.home() / "trials" / given.name, given.minutes, given.seed, given.workers)
    torch.set_num_threads(given.workers)
    row = [given.name, f"{state.step}", f"{state.pictures}", f"{state.seconds / 60:.1f}"]
    row += judgement(trial, given.seed, given.grid)
    print("| trial | steps | pictures | minutes | loss | held out R@5 | R@20 | style | named R@5 | R@20 | style |")
    print("| " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()
