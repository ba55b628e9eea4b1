"""The starter composer as art forms use it (the `MusicModel` protocol)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from genart_nb.errors import OptionError, WeightsError
from genart_nb.media.song import Note, Song
from genart_nb.models.composer import form
from genart_nb.models.composer.copies import MOST, Seen
from genart_nb.models.composer.grammar import (
    FIRST_LENGTH,
    FIRST_PITCH,
    LENGTHS,
    Condition,
    Walk,
    is_pitch,
    pitch_of,
)
from genart_nb.models.composer.network import AGAIN, Network, OnnxNetwork, Thread
from genart_nb.models.composer.reading import Line, ahead
from genart_nb.models.composer.rules import Habits, Mask, allowed
from genart_nb.models.music import Draft, MusicBrief
from genart_nb.models.sampling import Sampler

MIN_P = 0.02
"""Of the likeliest token's probability: below it lie the wrong notes. https://arxiv.org/abs/2407.01082"""


class Composer:
    """Writes note by note; every rule of `rules` is kept whatever the network says."""

    def __init__(
        self, network: Network, habits: Habits, seen: Seen, styles: Mapping[str, tuple[str, ...]],
        forms: Mapping[str, Sequence[form.Plan]] | None = None,
    ) -> None:  # fmt: skip
        self._network, self._habits, self._seen = network, habits, seen
        self.styles, self._forms = styles, forms or {}
        self.nbytes = network.nbytes

    @classmethod
    def load(cls, folder: Path) -> Composer:
        """Load a folder; raises WeightsError where it is not whole."""
        from safetensors.numpy import load_file

        try:
            facts = json.loads((folder / "composer.json").read_text(encoding="utf-8"))
            seen = Seen(load_file(folder / "seen.safetensors")["runs"])
            styles = {name: tuple(metres) for name, metres in facts["styles"].items()}
            forms = {name: [tuple(plan) for plan in plans] for name, plans in facts["forms"].items()}
            return cls(OnnxNetwork(folder), Habits.read(facts), seen, styles, forms)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsError(f"{folder} does not hold a whole composer: {error!r}", AGAIN) from error

    def compose(self, brief: MusicBrief) -> Iterator[Draft]:
        """Yield a draft after every note; see `MusicModel.compose`."""
        self._refuse(brief)
        condition = Condition(
            brief.style, brief.mode, brief.metre, brief.tonic, brief.density, brief.leaps, brief.register
        )
        writer = Writer(condition, brief, self._network, self._habits, self._seen, self._plan(brief))
        while not writer.walk.done:
            writer.note()
            if not writer.walk.done:
                yield Draft(min(writer.walk.time, writer.walk.end), writer.walk.end, writer.song)
        facts = {"longest copied run": self._seen.longest(writer.walk.notes[0])}
        yield Draft(writer.walk.end, writer.walk.end, writer.song, facts, final=True)

    def close(self) -> None:
        """Free the memory."""
        self._network.close()

    def _plan(self, brief: MusicBrief) -> form.Plan:
        """The form of all bars: of what is given as it turns out to be, of the rest as asked for, else as pieces go."""
        if brief.melody:
            return form.heard(brief.melody.voices[0], brief.melody.bar, brief.bars)
        given = brief.before.bars if brief.before else 0
        bars = given + brief.bars
        if brief.form:
            rest = form.lettered(brief.form, brief.bars)
        else:
            rest = form.drawn(self._forms.get(brief.style, ()), bars, brief.seed)[given:]
        return (form.heard(brief.before.voices[0], brief.before.bar, given) if brief.before else ()) + rest

    def _refuse(self, brief: MusicBrief) -> None:
        if brief.style not in self.styles:
            raise OptionError(f"There is no style {brief.style!r}.", f"use one of {', '.join(self.styles)}")
        if brief.metre not in self.styles[brief.style]:
            known = ", ".join(self.styles[brief.style])
            raise OptionError(f"This composer knows no {brief.style} in {brief.metre}.", f"use --metre {known}")
        if brief.melody and Condition(brief.style, "major", brief.metre, 0).voices == 1:
            raise OptionError(f"A {brief.style} has one voice: there is nothing to add.", "use --style chorale")


class Writer:
    """One piece being written."""

    def __init__(
        self, condition: Condition, brief: MusicBrief, network: Network, habits: Habits, seen: Seen, plan: form.Plan
    ) -> None:
        self._thread, self._habits, self._seen = Thread(network), habits, seen
        self._sampler = Sampler(seed=brief.seed, temperature=brief.temperature, min_p=MIN_P)
        before = brief.before
        self._kept = before.ticks if before else 0
        bars = brief.bars + (before.bars if before else 0)
        self.walk = Walk(condition, bars, plan=plan)
        self._before = [Line(voice, condition.base) for voice in before.voices] if before else []
        self._melody = Line(brief.melody.voices[0], condition.base) if brief.melody else None
        self._drawn = 0

    def note(self) -> None:
        """Write one note or rest: its head, then its length."""
        self._write()
        self._write()

    def song(self) -> Song:
        """What there is so far, in the brief's key and metre."""
        told = self.walk.condition
        voices = tuple(tuple(voice) for voice in self.walk.notes)
        return Song(voices, told.tonic, told.mode, told.metre, bars=self.walk.end // self.walk.bar)

    def _write(self) -> None:
        walk = self.walk
        seen = ahead(self._melody, walk.time) if self._melody else ()
        self._thread.push(walk.tokens[-1], walk.context(seen))
        given = self._given()
        walk.push(self._chosen() if given is None else given)

    def _given(self) -> int | None:
        """The token that is given here, by the song before or by the melody."""
        walk = self.walk
        line = self._melody if walk.voice == 0 else None
        if walk.time < self._kept:
            line = self._before[walk.voice]
        if line is None:
            return None
        return line.length(walk.time, walk.bar) if walk.pending else line.token(walk.time)

    def _chosen(self) -> int:
        mask = allowed(self.walk, self._habits)
        if not self.walk.pending and self.walk.voice == 0 and not self._melody:
            mask = self._own(mask)
        self._drawn += 1
        if mask.sum() == 1:
            return int(mask.argmax())
        [token] = self._sampler(self._thread.logits()[None], self._drawn, (), [mask])
        return token

    def _own(self, mask: Mask) -> Mask:
        """Without the pitches that would copy more than MOST notes of a piece it learnt from."""
        notes = self.walk.notes[0]
        if len(notes) < MOST or self._seen.current(notes) < MOST:
            return mask
        free = mask.copy()
        base = self.walk.condition.base
        for token in np.flatnonzero(mask):
            if is_pitch(int(token)) and self._seen.leads_on(notes, pitch_of(int(token), base), LENGTHS):
                free[token] = False
        return free if free.any() else mask


def with_facts(song: Song, **changes: Any) -> Song:
    """The song with other facts beside its notes: tempo, instrument, title."""
    return replace(song, **changes)


__all__ = ["FIRST_LENGTH", "FIRST_PITCH", "Composer", "Note", "Writer"]
