"""`genart train NAME`: each small model by one seeded command that goes on where it stopped."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
from collections.abc import Callable, Sequence

from genart_nb.errors import GenartError, UsageError

NAMES = {
    "painter-data": "fetch, render and caption the pictures; draw the scenes",
    "painter-autoencoder": "pictures <-> latents (about 8 minutes on 2 CPU cores)",
    "painter-upscaler": "128 -> 256 px (about 7 minutes)",
    "painter-denoiser": "latents from noise and words (hours; the longer the better)",
    "painter-redrawer": "the same shown a drawing, to draw it in another style (an hour); it fills the bank",
    "painter-distil": "a student of it with guidance as an input: one pass a step (hours)",
    "judge": "a picture-text encoder that only measures (about 8 minutes)",
    "painter-export": "write what ships: weights, graphs, bank, card",
    "painter": "all of it, in that order, but for the student",
    "composer": "notes from a style, a key, a mood and a form (35 minutes on 2 CPU cores with AMX)",
}
NEEDED = {"torch": "genart_nb[train]", "diffusers": "genart_nb[train]", "safetensors": "genart_nb[train]"}


def run(arguments: Sequence[str]) -> int:
    """Run one training; returns 0. Raises UsageError for what it does not know, GenartError for what is missing."""
    parser = _parser()
    try:
        given = parser.parse_args(list(arguments))
    except SystemExit as leaving:
        if not leaving.code:
            return 0
        raise UsageError("These arguments were not understood.", "genart train --help") from None
    for module, package in NEEDED.items():
        if importlib.util.find_spec(module) is None:
            raise GenartError(f"Training needs {module}.", f"pip install '{package}'")
    if given.minutes is not None and not 0 < given.minutes <= 100_000:
        raise UsageError(f"{given.minutes} is no number of minutes.", "write --minutes 60")
    _ready(given.device, given.threads)
    if given.from_shipped:
        _lay_out(given.name)
    for step in STEPS if given.name == "painter" else (given.name,):
        RUNS[step](given)
    return 0


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:22}{what}" for name, what in NAMES.items())
    parser = argparse.ArgumentParser(
        "genart train",
        description=f"Train a small model.\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=list(NAMES), metavar="NAME")
    parser.add_argument(
        "--minutes", type=float, default=None, help="how long at most; the default depends on the model"
    )
    parser.add_argument("--steps", type=int, default=None, help="length of the learning-rate schedule, in steps")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same run")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:N")
    parser.add_argument("--student", action="store_true", help="painter-export: with the student for a denoiser")
    parser.add_argument(
        "--from-shipped", action="store_true", help="go on from the weights that ship, where no checkpoint is kept"
    )
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 leaves it to torch")
    return parser


def _lay_out(name: str) -> None:
    from genart_nb.training import shipped

    if name == "composer":
        shipped.lay_out_composer()
    elif name.startswith("painter"):
        shipped.lay_out_painter()
    else:
        raise UsageError(f"No weights of {name} ship.", "leave --from-shipped out")


def _ready(device: str, threads: int) -> None:
    import torch

    if device.startswith("cuda") and not torch.cuda.is_available():
        raise UsageError("There is no CUDA device here.", "use --device cpu")
    if threads:
        torch.set_num_threads(threads)
    torch.set_flush_denormal(True)


def _options(given: argparse.Namespace) -> dict[str, object]:
    chosen = {name: getattr(given, name) for name in ("minutes", "steps") if getattr(given, name) is not None}
    return {"seed": given.seed, "device": given.device, **chosen}


def _data(given: argparse.Namespace) -> None:
    from genart_nb.training import data, latents

    data.prepare()
    latents.draw(given.seed)
    latents.read()


def _trained(name: str) -> Callable[[argparse.Namespace], None]:
    def command(given: argparse.Namespace) -> None:
        importlib.import_module(f"genart_nb.training.{name}").train(**_options(given))

    return command


def _composer(given: argparse.Namespace) -> None:
    from genart_nb.training import composer

    composer.run(given)


def _export(given: argparse.Namespace) -> None:
    from genart_nb.training import bank, card, export

    print(bank.build(), "reference pictures")
    for graph, difference in export.export(student=given.student).items():
        print(f"{graph}: ONNX Runtime is within {difference:.1e} of torch")
    made = card.update(export.HOME, export.revision(given.student))
    print(f"revision {made['revision']}, {made['size'] / 1e6:.1f} MB")


STEPS = ("painter-data", "painter-autoencoder", "painter-upscaler", "painter-denoiser", "painter-redrawer",
         "painter-export")  # fmt: skip
RUNS: dict[str, Callable[[argparse.Namespace], None]] = {
    "painter-data": _data,
    "painter-autoencoder": _trained("autoencoder"),
    "painter-upscaler": _trained("upscaler"),
    "painter-denoiser": _trained("denoiser"),
    "painter-redrawer": _trained("redrawer"),
    "painter-distil": _trained("distil"),
    "judge": _trained("judge"),
    "painter-export": _export,
    "composer": _composer,
}
