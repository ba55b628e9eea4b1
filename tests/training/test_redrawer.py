"""What fills the bank: pairs of drawings laid alike, a denoiser that is shown one, and what it makes of it."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

torch = pytest.importorskip("torch")

from genart_nb.training import bank, colouring, data, denoiser, icons, loop, pairs, redrawer, redrawn  # noqa: E402
from genart_nb.training.vocabulary import CATEGORIES, STYLES  # noqa: E402

SMALL = {**denoiser.CONFIG, "block_out_channels": (32, 32), "attention_head_dim": 4}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(denoiser, "CONFIG", SMALL)
    monkeypatch.setenv("GENART_CACHE", str(tmp_path))


def entry(code: str, style: str, name: str = "") -> data.Entry:
    return data.Entry(f"set/{code}-{style}", code, name or code, (), (), "object", style, "noto", "MIT")


def drawing(colour: str = "red") -> Image.Image:
    picture = Image.new("RGBA", (256, 256))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 90, 200, 170), fill=colour)
    pen.rectangle((80, 110, 120, 150), fill="white")
    return picture


def test_without_a_redrawer_what_ships_is_taken() -> None:
    name = ("lighthouse",)
    icon = data.Entry("game-icons/lighthouse", *name, *name, name, (), "place", "ink", icons.KEY, icons.SET.licence)
    found = redrawn.load([(icon, drawing("black"))])
    assert {entry.style for entry in found.entries} == set(STYLES) - {"ink"}
    assert {entry.source for entry in found.entries} == {icon.id}
    for file in found.files:
        picture = Image.open(io.BytesIO(file))
        assert picture.size == (128, 128) and picture.mode == "RGBA"


def test_drawings_of_a_thing_are_laid_alike_whatever_their_frames() -> None:
    wide = Image.new("RGBA", (300, 300))
    wide.paste(drawing().resize((128, 128)), (160, 10))
    for number in range(pairs.PLACES):
        at = pairs.place("kite", number)
        assert at == pairs.place("kite", number)
        one, other = (np.asarray(pairs.laid(each, at), np.int16) for each in (drawing(), wide))
        assert np.abs(one - other).mean() < 3
        assert (one < 128).any(axis=2).mean() > 0.05
    assert pairs.place("kite", 1) != pairs.place("kite", 2)


@pytest.mark.parametrize("seed", range(8))
def test_black_and_white_keeps_the_shape_and_no_colour(seed: int) -> None:
    found = np.asarray(pairs.plain(drawing(), random.Random(seed)))
    assert set(np.unique(found)) <= {0, 255}
    black = (found[..., 0] == 0) & (found[..., 3] > 0)
    assert black.any() and not black[:80].any() and not black[180:].any()
    assert not black[104:156, 74:126].all()  # the white square inside is seen


def test_it_begins_as_the_denoiser_whatever_it_is_shown() -> None:
    knows = denoiser.build()
    with torch.no_grad():
        knows.conv_out.weight.normal_(generator=torch.Generator().manual_seed(1))
    denoiser.folder().mkdir(parents=True)
    loop.write(denoiser.folder(), {f"ema.{name}": value for name, value in knows.state_dict().items()}, loop.State(1))
    sees = redrawer.beginning()
    noisy, shown = torch.randn(2, 2, 8, 16, 16)
    states, labels = torch.randn(2, 20, denoiser.WIDTH), torch.randn(2, denoiser.CLASS_WIDTH)
    told: dict[str, Any] = {"encoder_hidden_states": states, "class_labels": labels}
    times = torch.tensor([300.0, 700.0])
    with torch.no_grad():
        wanted = knows(noisy, times, **told).sample
        found = sees(torch.cat([noisy, shown], 1), times, **told).sample
    torch.testing.assert_close(found, wanted)


def made(codes: int = 3) -> pairs.Pairs:
    """Latents that say which drawing they are of: style in the whole, thing in units, black and white negative."""
    entries = [entry(str(code), style) for code in range(codes) for style in STYLES[: 2 + code % 2]]
    latents = np.zeros((len(entries), pairs.PLACES, 2, 8, 16, 16), np.int8)
    for row, each in enumerate(entries):
        latents[row, :, 0] = 10 * (1 + STYLES.index(each.style)) + int(each.code)
        latents[row, :, 1] = -latents[row, :, 0]
        latents[row, :, :, 0, 0, 0] = np.arange(pairs.PLACES)[:, None]
    states, pooled = np.ones((codes, 20, 384), np.float16), np.ones((codes, 384), np.float16)
    return pairs.Pairs(latents, entries, states, pooled, [[int(each.code)] for each in entries])


def test_lessons_show_the_same_thing_in_the_same_place_or_itself_in_black_and_white() -> None:
    lessons = redrawer.Lessons(made(), 500)
    wanted, states, labels, times, shown = lessons.draw(torch.Generator().manual_seed(2))
    level = (wanted[:, 1, 1, 1] * 24).round().long()
    seen = (shown[:, 1, 1, 1] * 24).round().long()
    own, none = seen == -level, (shown == 0).flatten(1).all(1)
    other = ~own & ~none
    assert (level[other] % 10 == seen[other] % 10).all() and (level[other] != seen[other]).all()
    assert 0.04 < none.float().mean() < 0.2 and 0.25 < own.float().mean() < 0.55
    kept = ~none
    assert (wanted[kept, 0, 0, 0] == shown[kept, 0, 0, 0]).all()  # laid alike
    styles = labels[:, denoiser.WIDTH : denoiser.WIDTH + 8]
    told = styles.sum(1) > 0
    assert (styles[told].argmax(1) == level[told] // 10 - 1).all() and 0.85 < told.float().mean() < 0.98
    assert 0.7 < (states.abs().sum((1, 2)) > 0).float().mean() < 0.9
    assert times.min() > 0 and times.max() < 1


def test_what_is_missing_is_redrawn_from_the_nearest_style() -> None:
    drawn = [(entry("kite", style), drawing()) for style in ("flat", "ink")]
    drawn += [(entry("lamp", style), drawing()) for style in STYLES]
    found = redrawn.tasks(drawn)
    assert {task.style: task.source.style for task in found} == {
        "3d": "flat", "shaded": "flat", "bold": "flat", "outline": "flat"
    }  # fmt: skip
    assert found[0].entry.id == "set/kite-flat/3d" and found[0].entry.source == "set/kite-flat"
    assert bank.describe(found[0].entry) == {"id": "set/kite-flat/3d", "style": "3d", "source": "set/kite-flat"}
    assert "source" not in bank.describe(drawn[0][0])


def test_an_icon_keeps_its_lines_and_takes_the_colours_of_a_guess() -> None:
    icon = Image.new("RGBA", (128, 128))
    pen = ImageDraw.Draw(icon)
    for left in (20, 65):  # two halves with a thin line between them, the right one with a window
        pen.rectangle((left, 30, left + 41, 97), fill="black")
    pen.rectangle((80, 50, 94, 70), fill=(0, 0, 0, 0))
    guess = np.ones((3, 128, 128), np.float32)
    guess[:, 25:100, 15:60], guess[:, 25:100, 60:110] = [[[1.0]], [[-1.0]], [[-1.0]]], [[[-1.0]], [[-1.0]], [[1.0]]]
    found = np.asarray(colouring.coloured(icon, guess), np.int16)
    red, blue, line, window = found[60, 30], found[90, 100], found[60, 63], found[60, 87]
    assert red[0] > 150 > 2 * red[2] and blue[2] > 150 > 2 * blue[0]
    assert line[:3].sum() < 0.75 * red[:3].sum() and line[3] == 255
    assert window[:3].min() > 150 and window[2] == 255 and window[3] == 255
    assert not found[:28, :, 3].any() and not found[:, 112:, 3].any()
    empty = Image.new("RGBA", (128, 128))
    assert colouring.coloured(empty, guess) is empty


def test_icons_are_named_plainly_and_each_once() -> None:
    named = [(category, *icons._named(text)) for category, texts in icons.CHOSEN.items() for text in texts.split()]
    assert {category for category, _, _ in named} <= {*CATEGORIES.values(), "hat", "scene", "person"}
    assert len({name for _, _, name in named}) == len({icon for _, icon, _ in named}) == len(named) > 350
    assert all(name == name.lower() and name.replace(" ", "").isalpha() for _, _, name in named)


def test_the_black_icon_licence_is_told() -> None:
    rows = [data.Entry("game-icons/anvil", "anvil", "anvil", (), (), "object", "ink", icons.KEY, icons.SET.licence)]
    told = bank.attribution(rows)
    assert "Lorc, Delapouite" in told and "Attribution 3.0" in told and bank.describe(rows[0])["set"] == "Game Icons"
