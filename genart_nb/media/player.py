"""The inline player of clips: one element that holds the whole file, and a switch; no script is needed.

Where people ask for less motion, a clip stands still until they start it. Where styles are stripped, it just plays.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from genart_nb.media.picture import encoded
from genart_nb.media.reels import webp
from genart_nb.media.typeset import escape

if TYPE_CHECKING:
    from PIL.Image import Image

    from genart_nb.media.clip import Clip

EMBEDDED = 1_000_000
"""Bytes of the largest file that a notebook holds as it is; of a larger one it holds a lighter copy."""

_LIGHT_SIDE = 512  # pixels of the longer side of a lighter copy
_LIGHT_FRAMES = 240
_TITLES = {"webp": "WebP", "gif": "GIF", "mp4": "MP4"}
_SHOWN = 256  # CSS pixels that a small clip is enlarged to

CSS = """
&{padding:0;background:none;max-width:none;width:fit-content}
& .genart-screen{position:relative;max-width:100%;border-radius:6px;overflow:hidden;background-size:100% 100%}
& img,& video{display:block;width:100%;max-width:100%;height:auto;margin:0;border-radius:6px}
& .genart-caret{display:none!important}
& .genart-reel{display:flex;gap:.8em;align-items:baseline;margin:.45em 0 0;font:.78em/1.5 system-ui,sans-serif}
& .genart-reel label{cursor:pointer;position:relative;min-width:3.4em;padding:.15em .7em;border-radius:99px;
text-align:center;border:1px solid var(--genart-line)}
& .genart-reel label:focus-within{outline:2px solid currentColor;outline-offset:2px}
& .genart-reel input{position:absolute;opacity:0;margin:0;inset:0;cursor:pointer}
& .genart-reel b{font-weight:600}
& .genart-reel span{opacity:.8}
& .genart-reel progress{width:100%;height:.5em;accent-color:currentColor}
& figcaption{border:0;margin-top:.3em;padding:0;max-width:34rem}
@media(prefers-reduced-motion:no-preference){&:has(input:checked) .genart-moving{visibility:hidden}
& input:checked~.genart-pause{display:none}& input:checked~.genart-play[hidden]{display:inline}}
@media(prefers-reduced-motion:reduce){& .genart-moving{visibility:hidden}
&:has(input:checked) .genart-moving{visibility:visible}
& input:not(:checked)~.genart-pause{display:none}& input:not(:checked)~.genart-play[hidden]{display:inline}}
"""

# Pressing play is all that is left to do where a page forbids scripts or a person asked for less motion.
_START = "if(!matchMedia('(prefers-reduced-motion: reduce)').matches)this.play()"


def player(clip: Clip, alt: str) -> str:
    """HTML that plays a clip; `alt` is said by screen readers and is escaped."""
    light = len(clip.file) > EMBEDDED
    content, kind = (_lighter(clip), "webp") if light else (clip.file, clip.format)
    width, height = _shown(clip)
    told = escape(" ".join(alt[:300].split()))
    still = f"data:image/webp;base64,{base64_of(_small(clip.frames[0]))}"
    facts = f"{len(clip.frames)} frames · {clip.seconds:.3g} s · {_TITLES[clip.format]} {_bytes(len(clip.file))}"
    facts += f" (a lighter copy of {_bytes(len(content))} is shown here)" if light else ""
    source = base64_of(content)
    if kind == "mp4":
        loop = " loop" if clip.loop else ""
        body = (
            f'<video controls{loop} muted playsinline preload="auto" width="{width}" height="{height}" '
            f'poster="{still}" aria-label="{told}" src="data:video/mp4;base64,{source}" '
            f'onloadeddata="{_START}"></video>'
        )
        return f'<div class="genart-screen" style="width:{width}px">{body}</div>{_reel("", facts)}'
    screen = f"width:{width}px;background-image:url({still})"
    body = _img(f"image/{kind};base64,{source}", told, (width, height), ' class="genart-moving"')
    switch = (
        '<label><input type="checkbox"><b class="genart-pause">Stop</b><b class="genart-play" hidden>Play</b></label>'
    )
    return f'<div class="genart-screen" style="{screen}">{body}</div>{_reel(switch, facts)}'


def newest(clip: Clip, alt: str) -> str:
    """HTML of a clip that is still being made: its newest frame, where the whole will be."""
    width, height = _shown(clip)
    source = base64_of(_small(clip.frames[-1]))
    told = escape(" ".join(alt[:300].split()))
    picture = _img(f"image/webp;base64,{source}", told, (width, height))
    done, total = len(clip.frames), int(clip.info.get("total", 0))
    bar = f'<progress value="{done}" max="{total}">{done} of {total}</progress>' if total else ""
    return f'<div class="genart-screen" style="width:{width}px">{picture}</div><div class="genart-reel">{bar}</div>'


def base64_of(content: bytes) -> str:
    """Base64, as text."""
    return base64.b64encode(content).decode()


def _img(data: str, alt: str, size: tuple[int, int], more: str = "") -> str:
    return f'<img{more} src="data:{data}" alt="{alt}" width="{size[0]}" height="{size[1]}">'


def _reel(switch: str, facts: str) -> str:
    return f'<div class="genart-reel">{switch}<span>{facts}</span></div>'


def _shown(clip: Clip) -> tuple[int, int]:
    """CSS pixels: small clips are enlarged by a whole number, so that their controls have room."""
    times = max(1, -(-_SHOWN // max(clip.size)))
    return clip.size[0] * times, clip.size[1] * times


def _small(frame: Image) -> bytes:
    return encoded(frame, "WEBP", quality=80, method=2)


def _lighter(clip: Clip) -> bytes:
    """A copy that a notebook can carry: smaller, lossy, and with fewer frames where there are very many."""
    every = -(-len(clip.frames) // _LIGHT_FRAMES)
    scale = min(1.0, _LIGHT_SIDE / max(clip.size))
    size = (max(1, round(clip.size[0] * scale)), max(1, round(clip.size[1] * scale)))
    frames = [frame if frame.size == size else frame.resize(size) for frame in clip.frames[::every]]
    return webp(frames, clip.fps / every, clip.loop, quality=80)


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
