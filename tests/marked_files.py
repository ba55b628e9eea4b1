"""Small real files of every format that carries marks, and readers of what is shown or heard of them."""

from __future__ import annotations

import functools
import io
import struct
import wave
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image, ImageSequence

from genart_nb.artwork import Artwork
from genart_nb.media.clip import MEDIA, Clip
from genart_nb.media.picture import encoded_as
from genart_nb.media.vector import VECTOR, Vector
from genart_nb.recipe import Recipe

PROMPT = "a cat 海🌊 & café,\nNegative prompt: none </script> <b> \"quoted\" ]]> 'x' é"
SVG = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="32" height="24">'
    '<path d="M0 0h32v24z" fill="#246"/></svg>'
)
REFERENCES = [{"id": "noto/1f431", "licence": "Apache-2.0", "name": "cat face", "set": "noto", "style": "shaded"}]


def picture(seed: int = 1, width: int = 32, height: int = 24) -> Image.Image:
    """Smooth colours, so that lossy formats keep them closely."""
    small = np.random.default_rng(seed).integers(0, 256, (3, 4, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def clip() -> Clip:
    return Clip(tuple(picture(seed) for seed in (1, 1, 2, 3)), fps=10)


def recipe(prompt: str = PROMPT, **more: Any) -> Recipe:
    options = {"steps": 8, "guidance": 3.5, "negative": "fog, rain", **more.pop("options", {})}
    usual = {"art": "paint", "model": "painter", "revision": "307k", "seed": 7}
    return Recipe(**usual | {"prompt": prompt, "options": options} | more)


def work(prompt: str = PROMPT, **more: Any) -> Artwork:
    return Artwork(recipe(prompt, **more), picture(), "picture", facts={"form": "paint", "references": REFERENCES})


def film(prompt: str = PROMPT, format: str = "webp") -> Artwork:
    return Artwork(recipe(prompt, art="animate"), clip(), MEDIA[format].name)


def drawing() -> Artwork:
    return Artwork(recipe(), Vector(SVG, picture()), "vector")


def wav() -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(np.arange(801, dtype="<i2").tobytes())
    return target.getvalue()


def midi() -> bytes:
    notes = b"\x00\xff\x03\x04song\x00\x90\x3c\x40\x60\x80\x3c\x40\x00\xff\x2f\x00"
    tempo = b"\x00\xff\x51\x03\x07\xa1\x20\x00\xff\x2f\x00"
    tracks = b"".join(b"MTrk" + struct.pack(">L", len(each)) + each for each in (tempo, notes))
    return b"MThd" + struct.pack(">LHHH", 6, 1, 2, 96) + tracks


@functools.cache  # an Ogg stream is numbered at random
def sound(format: str, subtype: str) -> bytes:
    import soundfile

    target = io.BytesIO()
    wave = (np.sin(np.arange(22050) / 20) * 0.3).astype(np.float32)
    soundfile.write(target, wave, 22050, format=format, subtype=subtype)
    return target.getvalue()


SCORE = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="4.0"><work><work-title>song</work-title></work>'
    b'<part-list><score-part id="P1"><part-name /></score-part></part-list><part id="P1"></part></score-partwise>'
)

FILES: dict[str, Callable[[], bytes]] = {
    ".png": lambda: encoded_as(picture(), ".png"),
    ".webp": lambda: encoded_as(picture(), ".webp"),
    ".jpg": lambda: encoded_as(picture(), ".jpg"),
    ".gif": lambda: MEDIA["gif"].dump(clip()),
    "moving.webp": lambda: MEDIA["webp"].dump(clip()),
    ".mp4": lambda: MEDIA["mp4"].dump(clip()),
    ".svg": lambda: VECTOR.dump(Vector(SVG, picture())),
    ".wav": wav,
    ".mid": midi,
    ".mp3": lambda: sound("MP3", "MPEG_LAYER_III"),
    ".flac": lambda: sound("FLAC", "PCM_16"),
    ".ogg": lambda: sound("OGG", "VORBIS"),
    ".musicxml": lambda: SCORE,
}


def suffix(kind: str) -> str:
    return "." + kind.rsplit(".", 1)[1]


def shown(content: bytes, kind: str) -> Any:
    """What a viewer shows, or a player plays, of a file."""
    if kind == ".wav":
        with wave.open(io.BytesIO(content)) as file:
            return file.getparams(), file.readframes(10**6)
    if kind == ".mid":
        import mido

        tracks = mido.MidiFile(file=io.BytesIO(content)).tracks
        return [[str(event) for event in track if event.type != "text"] for track in tracks]
    if kind in (".mp3", ".flac", ".ogg"):
        import soundfile

        samples, rate = soundfile.read(io.BytesIO(content), dtype="float32")
        return samples.tobytes(), rate
    if kind == ".musicxml":
        import xml.etree.ElementTree as Tree

        root = Tree.fromstring(content)
        root[:] = [child for child in root if child.tag != "identification"]
        return Tree.tostring(root)
    if kind == ".svg":
        return VECTOR.load(content).picture.tobytes()
    if kind == ".mp4":
        import av

        with av.open(io.BytesIO(content)) as file:
            return [frame.to_ndarray().tobytes() for frame in file.decode(video=0)]
    with Image.open(io.BytesIO(content)) as image:
        return [(frame.convert("RGB").tobytes(), frame.info.get("duration")) for frame in ImageSequence.Iterator(image)]


def text_png(**texts: str) -> bytes:
    """A PNG as another program would write it."""
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    target = io.BytesIO()
    picture().save(target, "PNG", pnginfo=info)
    return target.getvalue()


