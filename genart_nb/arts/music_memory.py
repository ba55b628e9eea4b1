"""Pieces that were just written, kept so that a change which only sounds otherwise writes no note again.

A tempo, an instrument or a title is not part of what the model is asked for. A recipe that has been made before is
written anew, though: `%genart remake` is to prove something.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from weakref import WeakKeyDictionary

from genart_nb.media.song import Song
from genart_nb.models.music import Draft, MusicBrief, MusicModel

MOST = 16
"""Pieces kept of each model."""


@dataclass
class _Piece:
    draft: Draft
    digests: set[str]  # of the recipes that it was given for


_written: WeakKeyDictionary[MusicModel, OrderedDict[MusicBrief, _Piece]] = WeakKeyDictionary()


def written(model: MusicModel, brief: MusicBrief, digest: str) -> Iterator[Draft]:
    """What `model.compose(brief)` yields; its last draft alone, where another recipe than `digest` has had it."""
    pieces = _written.setdefault(model, OrderedDict())
    piece = pieces.get(brief)
    if piece and digest not in piece.digests:
        pieces.move_to_end(brief)
        piece.digests.add(digest)
        yield piece.draft
        return
    for draft in model.compose(brief):
        if draft.final:
            song = draft.song()
            draft = replace(draft, song=partial(_same, song))
            pieces[brief] = _Piece(draft, {digest, *(piece.digests if piece else ())})
            pieces.move_to_end(brief)
            while len(pieces) > MOST:
                pieces.popitem(last=False)
        yield draft


def _same(song: Song) -> Song:
    return song
