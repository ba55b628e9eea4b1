"""The inline player of songs: a piano roll, a line that follows the sound, and the browser's own controls.

It works in a notebook, in a saved page and where scripts are forbidden, for then the controls still play.
"""

from __future__ import annotations

import base64

from genart_nb.media import song_engraving, song_form, song_roll, song_sound
from genart_nb.media.song import Song
from genart_nb.media.song_midi import VOICES
from genart_nb.media.typeset import escape
from genart_nb.media.typeset.frame import hue

SCORED = 40
"""Bars of the longest song whose score is shown inline."""

CSS = """
&{padding:0;background:none;max-width:46rem}
& .genart-roll{position:relative;border-radius:6px;overflow:hidden;background:var(--genart-tint);cursor:pointer}
& .genart-roll svg{display:block;width:100%;height:clamp(120px,28vw,220px)}
& .genart-black{fill:currentColor;opacity:.05}
& .genart-bar{stroke:currentColor;stroke-width:1;opacity:.18;vector-effect:non-scaling-stroke}
& .genart-form{display:flex;margin:0 0 .25em;font:600 .78em/1.5 system-ui,sans-serif}
& .genart-form span{box-sizing:border-box;min-width:0;overflow:hidden;padding:0 .35em;opacity:.8;
border-inline-start:2px solid var(--genart-line)}
& .genart-head{position:absolute;top:0;bottom:0;left:0;width:2px;background:currentColor;opacity:.75}
& audio{display:block;width:100%;height:2.4em;margin:.5em 0 .2em}
[data-jp-theme-light="false"] & audio{color-scheme:dark}
& .genart-legend{font:.78em/1.5 system-ui,sans-serif;opacity:.85;display:flex;flex-wrap:wrap;gap:.2em 1em}
& .genart-legend b{font-weight:600}
& details{margin:.4em 0 0;font:.82em/1.5 system-ui,sans-serif}
& summary{cursor:pointer}
& details img{display:block;width:100%;background:#fff;border-radius:6px;margin:.4em 0 0}
& figcaption{border:0;margin-top:.4em;padding:0;max-width:34rem}
"""

# The line is moved at every frame while it plays, and once wherever the hand puts it.
_FOLLOW = (
    "var a=this,h=a.parentElement.querySelector('.genart-head'),s=+a.dataset.seconds;"
    "(function f(){h.style.left=Math.min(100,100*a.currentTime/s)+'%';a.paused||requestAnimationFrame(f)})()"
)
_SEEK = (
    "var a=this.parentElement.querySelector('audio'),r=this.getBoundingClientRect();"
    "a.currentTime=(event.clientX-r.left)/r.width*a.dataset.seconds"
)


def player(song: Song, alt: str) -> str:
    """HTML that plays a song and shows its score; `alt` is said by screen readers and is escaped."""
    told = escape(" ".join(alt[:300].split()))
    sound = base64.b64encode(song_sound.inline(song)).decode()
    roll = f'<div class="genart-roll" onclick="{_SEEK}">{song_roll.svg(song)}<i class="genart-head"></i></div>'
    audio = (
        f'<audio controls preload="auto" aria-label="{told}" data-seconds="{song.seconds:.3f}" onplay="{_FOLLOW}" '
        f'onseeked="{_FOLLOW}" src="data:audio/mpeg;base64,{sound}"></audio>'
    )
    return f'<div class="genart-song">{_form(song)}{roll}{audio}</div>{legend(song)}{_score(song, told)}'


def _form(song: Song) -> str:
    """The letters of its phrases, each above where it sounds."""
    letters = "".join(f'<span style="flex:{each.bars} 0 0">{each}</span>' for each in song_form.phrases(song))
    return f'<div class="genart-form" aria-hidden="true">{letters}</div>' if letters else ""


def growing(song: Song) -> str:
    """HTML of a song that is still being written: its roll so far."""
    return f'<div class="genart-song"><div class="genart-roll">{song_roll.svg(song)}</div></div>{legend(song)}'


def legend(song: Song) -> str:
    """One line: the voices by colour, key, metre, tempo, length, instrument, and the form if anything comes back."""
    names = VOICES.get(len(song.voices), ())
    voices = "".join(f'<b style="color:{hue(at)}">{name}</b>' for at, name in enumerate(names))
    facts = f"{song.key} · {song.metre} · ♩ = {song.tempo:.0f} · {song.bars} bars · {song.seconds:.0f} s"
    form = " ".join(map(str, song_form.phrases(song)))
    told = f"<span>form {form}</span>" if form else ""
    return f'<div class="genart-legend">{voices}<span>{escape(facts)} · {escape(song.instrument)}</span>{told}</div>'


def _score(song: Song, told: str) -> str:
    if song.bars > SCORED or not song_engraving.available():
        return ""
    drawn = base64.b64encode(song_engraving.svg(song).encode()).decode()
    image = f'<img alt="Score: {told}" src="data:image/svg+xml;base64,{drawn}">'
    return f"<details><summary>Score</summary>{image}</details>"
