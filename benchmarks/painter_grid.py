"""A sheet of prompts by styles, to look at: python benchmarks/painter_grid.py FILE [--freedom 0.6] [--model FOLDER]."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageDraw

from genart_nb.models.painter.runtime import Painter
from genart_nb.models.pictures import Brief, Schedule
from genart_nb.models.weights import STARTER

PROMPTS = (
    "a fox", "a cat", "a dog", "an owl", "a penguin", "an elephant", "a whale", "a butterfly", "a turtle", "a dragon",
    "an apple", "a banana", "a pizza", "a birthday cake", "an ice cream", "a cup of coffee", "a mushroom", "a cactus",
    "a tree", "a sunflower", "a car", "a bus", "a bicycle", "a rocket", "a sailboat", "a train", "an airplane",
    "a house", "a castle", "a tent", "a volcano", "a beach", "a rainbow", "the moon", "a snowman", "a ghost", "a robot",
    "an astronaut", "a crown", "an umbrella", "a guitar", "a camera", "a key", "a balloon", "a gift",
    "a cat wearing a top hat", "a dog in a car", "a fox beside a tree", "a penguin wearing sunglasses",
    "a bird on a house",
    "a boat on the beach", "a rocket above a mountain", "a house under a rainbow", "a bear and a honey pot",
    "a rabbit in a basket", "a blue fox", "a red car", "a purple mushroom", "a frog on a yellow background",
    "a robot on a pink background",
)  # fmt: skip
CELL, LABEL = 96, 14


def main() -> None:
    """Paint and paste."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--freedom", type=float, default=None)
    parser.add_argument("--model", type=Path, default=STARTER / "painter")
    parser.add_argument("--styles", default="flat,3d,shaded,bold")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    painter = Painter.load(given.model, threads=given.threads)
    prompts, styles = PROMPTS[:: given.every], given.styles.split(",")
    across = 3 if len(prompts) > 20 else 1  # prompts side by side
    rows = -(-len(prompts) // across)
    sheet = Image.new("RGB", (across * (len(styles) * CELL + 8), rows * (CELL + LABEL)), "white")
    pen = ImageDraw.Draw(sheet)
    for place, prompt in enumerate(prompts):
        left, top = (place // rows) * (len(styles) * CELL + 8), (place % rows) * (CELL + LABEL)
        pen.text((left + 2, top + CELL), prompt, fill="#333")
        for column, style in enumerate(styles):
            brief = Brief(prompt, given.seed, styles=((style, Schedule.constant(1.0)),), freedom=given.freedom)
            made = next(frame for frame in painter.paint(brief) if frame.final).decode()
            sheet.paste(made.resize((CELL, CELL), Image.Resampling.LANCZOS), (left + column * CELL, top))
    sheet.save(given.file)


if __name__ == "__main__":
    main()
