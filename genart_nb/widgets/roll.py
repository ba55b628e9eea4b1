"""The Roll: a song under the hand. It plays, follows, loops, and tells Python where it is.

roll = genart_nb.widgets.roll.Roll(song)      roll.playing = True      roll.position
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from genart_nb.artwork import Artwork
from genart_nb.errors import UsageError
from genart_nb.media import song_player, song_roll, song_sound
from genart_nb.media.song import Song

_HERE = Path(__file__).parent


class Roll(anywidget.AnyWidget):  # type: ignore[misc]
    """Play a song: `Roll(artwork)` or `Roll(song)`; raises UsageError for what is no song.

    `position` is in seconds and moves with the sound, four times a second at most; setting it seeks. `playing` starts
    and stops it, `loop` lets it begin again.
    """

    _esm = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in ("player.js", "roll.js"))
    _css = (_HERE / "roll.css").read_text(encoding="utf-8")
    picture = traitlets.Unicode("").tag(sync=True)
    legend = traitlets.Unicode("").tag(sync=True)
    sound = traitlets.Bytes(b"").tag(sync=True)
    seconds = traitlets.Float(0.0).tag(sync=True)
    bar = traitlets.Float(1.0).tag(sync=True)
    position = traitlets.Float(0.0).tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    loop = traitlets.Bool(False).tag(sync=True)

    def __init__(self, work: Artwork | Song, /) -> None:
        song = work.data if isinstance(work, Artwork) else work
        if not isinstance(song, Song):
            raise UsageError(f"A roll plays songs, not a {type(song).__name__}.", "give it what %%compose made")
        super().__init__(
            picture=song_roll.svg(song), legend=song_player.legend(song), sound=song_sound.inline(song),
            seconds=song.seconds, bar=song.seconds / song.bars,
        )  # fmt: skip
        self._mark = f"<genart roll {song!r}>"

    @traitlets.validate("position")
    def _inside(self, proposal: Any) -> float:
        return min(max(0.0, float(proposal["value"])), self.seconds)

    def __repr__(self) -> str:
        """One stable line, without a memory address."""
        return self._mark
