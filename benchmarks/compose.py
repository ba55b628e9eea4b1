"""`genart bench compose`: what the composer writes, beside the corpus it learnt from and a Markov chain; and how fast.

    python benchmarks/compose.py [--songs 40] [--card]

Every measure is of `genart_nb.arts.music_measures`. The Markov chain draws, voice by voice, the next pitch and length
from the two notes before (it knows style and mode, and nothing of bars or of other voices). Speed stands beside plain
`generate` of transformers: the same blocks as a LlamaModel, one token after another, no rules, in the same run.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import compose_markov
import numpy as np

from genart_nb.arts import music_measures as measures
from genart_nb.media import song_sound
from genart_nb.media.song import Note, Song, bar_ticks, by_bar
from genart_nb.models.composer.copies import MOST, Seen, prints
from genart_nb.models.composer.form import lettered
from genart_nb.models.composer.grammar import Condition
from genart_nb.models.composer.reading import written
from genart_nb.models.composer.rules import Habits
from genart_nb.models.composer.runtime import Composer
from genart_nb.models.music import MusicBrief
from genart_nb.models.weights import STARTER
from genart_nb.training import composer_data
from genart_nb.training.composer_corpus import Piece

FOLDER = STARTER / "composer"
BARS = 8
FORM, FORM_BARS = "AABA", 16
HELD = composer_data.HELD_OUT


def main() -> None:
    """Measure and print; with --card, write `evaluation.json` beside the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=40, help="songs of each style")
    parser.add_argument("--card", action="store_true", help="write the figures beside the weights")
    given = parser.parse_args()
    composer = Composer.load(FOLDER)
    habits = Habits.read(json.loads((FOLDER / "composer.json").read_text()))
    found, _, _ = composer_data.prepared()
    by_style: dict[str, list[Piece]] = defaultdict(list)
    for piece in found:
        by_style[piece.style].append(piece)
    report: dict[str, Any] = {}
    for style, pieces in by_style.items():
        corpus = [as_song(piece) for piece in pieces]
        rest = Seen(np.concatenate([prints(song.voices[0]) for at, song in enumerate(corpus) if at % HELD]))
        held = [song for at, song in enumerate(corpus) if at % HELD == 0]
        whole = Seen(np.concatenate([prints(song.voices[0]) for song in corpus]))
        written = [song_of(composer, style, seed) for seed in range(given.songs)]
        chain = compose_markov.Chain(corpus)
        drawn = [chain.song(corpus[seed % len(corpus)], BARS, seed) for seed in range(given.songs)]
        rows = {"corpus": (held, rest), "composer": (written, whole), "Markov": (drawn, whole)}
        report[style] = {name: row(songs, corpus, seen, habits.ranges[style]) for name, (songs, seen) in rows.items()}
        show(style, report[style])
    report["held out, nats a token"] = held_out()
    report["form kept"] = {style: round(form_kept(composer, style, given.songs), 4) for style in by_style}
    report["sound"] = listened([song_of(composer, style, 900) for style in by_style])
    report["speed"] = speed(composer)
    print(json.dumps({name: row for name, row in report.items() if name not in by_style}, indent=1))
    if given.card:
        (FOLDER / "evaluation.json").write_text(json.dumps(report, indent=1) + "\n")


def as_song(piece: Piece) -> Song:
    """A piece of the corpus as a Song."""
    voices = tuple(tuple(Note(*note) for note in voice) for voice in piece.voices)
    bars = max(voice[-1].end for voice in voices) // bar_ticks(piece.metre)
    return Song(voices, piece.tonic, piece.mode, piece.metre, bars=bars)


def song_of(composer: Composer, style: str, seed: int, bars: int = BARS, form: str = "") -> Song:
    """One song as the magic asks for it: key and mode by the seed, no mood."""
    mode = "minor" if seed % 8 < 3 else "major"
    tonic = (2, 7, 9, 0)[seed % 4]
    brief = MusicBrief(style, tonic, mode, composer.styles[style][0], bars, seed, form=form)
    return list(composer.compose(brief))[-1].song()


def form_kept(composer: Composer, style: str, songs: int) -> float:
    """Of the bars that FORM has come back, the share that do, note for note; the last is a cadence, and not counted."""
    plan = lettered(FORM, FORM_BARS)
    kept = []
    for seed in range(songs):
        song = song_of(composer, style, seed, FORM_BARS, FORM)
        inside = by_bar(song.voices[0], song.bar, song.bars)
        kept += [inside[at] == inside[at - back] for at, back in enumerate(plan[:-1]) if back]
    return mean(kept)


def held_out() -> dict[str, dict[str, float]]:
    """What pieces that were never learnt from cost the weights that ship, by style, their form told and untold."""
    from safetensors.torch import load_file

    from genart_nb.training import composer as training
    from genart_nb.training.composer_model import Composer as Torch

    model = Torch().eval()
    model.load_state_dict({name: value.float() for name, value in load_file(FOLDER / "model.safetensors").items()})
    told, free = (training.held_out(model, form=form) for form in (True, False))
    return {style: {"form told": round(told[style], 4), "untold": round(free[style], 4)} for style in told}


def row(songs: list[Song], corpus: list[Song], seen: Seen, ranges: list[list[int]]) -> dict[str, float]:
    """The measures of one set of songs."""
    runs = [seen.longest(song.voices[0]) for song in songs]
    found = {
        "in key": mean(measures.in_key(song) for song in songs),
        "bars filled": mean(measures.bars_filled(song) for song in songs),
        "out of range": mean(measures.out_of_range(song, ranges) for song in songs),
        "cadence": mean(measures.cadence(song) for song in songs),
        "bars that return": mean(measures.returning(song, BARS) for song in songs),
        "longest copied run": max(runs),
        "mean copied run": mean(runs),
        "over the bar": mean(run > MOST + 1 for run in runs),
        "pitch classes apart": apart(measures.pitch_classes, songs, corpus),
        "intervals apart": apart(measures.intervals, songs, corpus),
    }
    if len(corpus[0].voices) > 1:
        found["parallels per 100 chords"] = mean(measures.parallels(song) for song in songs)
        found["crossings"] = mean(measures.crossings(song) for song in songs)
    return {name: round(float(value), 4) for name, value in found.items()}


def apart(measure: Any, songs: list[Song], corpus: list[Song]) -> float:
    """Distance of two mean histograms, major and minor each beside its own, weighted by songs."""
    total = 0.0
    for mode in ("major", "minor"):
        ours = [measure(song) for song in songs if song.mode == mode]
        theirs = [measure(song) for song in corpus if song.mode == mode]
        if ours and theirs:
            total += len(ours) * measures.distance(np.mean(ours, 0).tolist(), np.mean(theirs, 0).tolist())
    return total / len(songs)


def mean(values: Iterable[float]) -> float:
    """Of numbers or truths."""
    return float(np.mean(list(values)))


def listened(songs: list[Song]) -> dict[str, Any]:
    """What the sound itself says: its peak, its softest second, and whether it ends in silence."""
    peaks, softest, ends = [], [], []
    for song in songs:
        samples = song_sound.rendered(song).mean(0)
        inside = samples[: round(song.seconds * song_sound.RATE)]
        windows = np.array_split(inside, max(1, round(song.seconds)))
        peaks.append(float(np.abs(song_sound.rendered(song)).max()))
        softest.append(min(float(np.sqrt((part**2).mean())) for part in windows))
        ends.append(float(np.abs(samples[-50:]).max()))
    return {
        "loudest sample": round(max(peaks), 4), "softest second, rms": round(min(softest), 4),
        "last sample": round(max(ends), 4), "clipped": any(peak >= 1 for peak in peaks),
    }  # fmt: skip


def speed(composer: Composer) -> dict[str, float]:
    """8 bars of chorale: seconds of music a second, and tokens a second beside plain `generate`."""
    brief = MusicBrief("chorale", 7, "major", "4/4", BARS, 3)
    list(composer.compose(brief))
    begun = time.process_time(), time.perf_counter()
    song = list(composer.compose(brief))[-1].song()
    spent, waited = time.process_time() - begun[0], time.perf_counter() - begun[1]
    tokens = len(written(Condition("chorale", "major", "4/4", 7), song.voices, song.bars)[0])
    plain, plain_cpu = compose_markov.generate_plainly(FOLDER, tokens)
    seconds = song.ticks / 24 * 60 / 84
    return {
        "seconds of music": round(seconds, 1), "seconds to write": round(waited, 2), "cpu seconds": round(spent, 2),
        "times real time": round(seconds / waited, 1), "tokens": tokens, "plain generate, seconds": round(plain, 2),
        "plain generate, cpu seconds": round(plain_cpu, 2), "ratio to plain generate": round(plain / waited, 2),
        "ratio of cpu time": round(plain_cpu / spent, 2),
    }  # fmt: skip


def show(style: str, table: dict[str, dict[str, float]]) -> None:
    """One style as a table."""
    print(f"\n{style:28}" + "".join(f"{name:>12}" for name in table))
    for measure in table["composer"]:
        print(f"  {measure:26}" + "".join(f"{rows[measure]:12.3f}" for rows in table.values()))


if __name__ == "__main__":
    main()
