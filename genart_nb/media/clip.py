"""Clips as a medium: moving pictures kept as WebP, GIF or MP4, with a player and a film strip in notebooks.

What is kept is what identifies a clip: its fingerprint is taken of the frames as the file gives them back, so that a
clip read again has the fingerprint it was stored with. In WebP these are the very frames that were painted; GIF has
256 colours, and MP4 is H.264, close to them but not the same.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import Any

from genart_nb.errors import UsageError
from genart_nb.media import likeness, reels
from genart_nb.media.base import Sheet, sha256
from genart_nb.media.distances import phash
from genart_nb.media.picture import card, encoded, pixels_sha256, thumbnail
from genart_nb.media.player import CSS, base64_of, newest, player
from genart_nb.media.reels import Frames

STRIP_FRAMES = 6
_STRIP_HEIGHT = 160  # pixels; where only a still can be shown
_STRIP_WIDTH = 1280


@dataclass(frozen=True)
class Clip:
    """Moving pictures: `frames` are PIL images, RGB, of one size; `fps` counts them per second; `loop`: it repeats.

    `content` is the file it was read from, if there is one; `info["facts"]`, what was learnt while it was made, and
    `info["total"]`, how many frames it is to have. Raises ValueError for no frames, frames of several sizes, or a
    format that is none of `reels.FORMATS`.
    """

    frames: Frames
    fps: float = 12.0
    format: str = "webp"
    loop: bool = True
    content: bytes = field(default=b"", repr=False, compare=False)
    info: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.frames or len({frame.size for frame in self.frames}) > 1:
            raise ValueError("a clip is one or more frames of one size")
        if not self.fps > 0 or self.format not in reels.FORMATS:
            raise ValueError(f"no clip has {self.fps} frames per second in {self.format!r}")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.frames[0].size

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.frames) / self.fps

    @functools.cached_property
    def file(self) -> bytes:
        """The bytes that keep it."""
        return self.content or reels.encode(self.frames, self.fps, self.format, self.loop)

    @functools.cached_property
    def kept(self) -> Clip:
        """The clip as its file gives it back."""
        if self.content or self.format in reels.LOSSLESS:
            return self
        return replace(read(self.file), info=self.info)

    def __repr__(self) -> str:
        """One stable line, without a memory address."""
        width, height = self.size
        return f"<clip {len(self.frames)} frames {width}x{height} {self.fps:g} fps {self.format}>"


def read(content: bytes) -> Clip:
    """The clip in a file; raises ValueError for one that is broken."""
    return Clip(*reels.decode(content), content=content)


class ClipMedium:
    """Clips kept in one file format: `data` is a Clip."""

    def __init__(self, name: str, format: str) -> None:
        self.name = name
        self.format = format
        self.suffix = f".{format}"

    def dump(self, data: Clip) -> bytes:
        """The file, in this medium's format."""
        return self._own(data).file

    def encode(self, data: Clip, suffix: str) -> bytes:
        """The clip as .webp, .gif or .mp4, or its film strip as .png; raises UsageError for another suffix."""
        if suffix == ".png":
            return encoded(strip(data), "PNG")
        if suffix.removeprefix(".") not in MEDIA:
            raise UsageError(f"A clip cannot be saved as {suffix}.", f"use {', '.join(f'.{each}' for each in MEDIA)}")
        return MEDIA[suffix[1:]].dump(data)

    def load(self, content: bytes) -> Clip:
        """The clip in a file of any of the formats."""
        return read(content)

    def fingerprint(self, data: Clip) -> dict[str, Any]:
        """SHA-256 of the frames as kept, their number, size and rate; of four, hashes and grey thumbnails."""
        clip = self._own(data).kept
        width, height = clip.size
        head = f"{len(clip.frames)}x{width}x{height}@{clip.fps:g}:".encode()
        return {
            "sha256": sha256(head + b"".join(frame.tobytes() for frame in clip.frames)),
            "frames": len(clip.frames),
            "width": width,
            "height": height,
            "fps": clip.fps,
            "phashes": [phash(frame) for frame in _spread(clip.frames, 4)],
            "thumbnails": [thumbnail(frame) for frame in _spread(clip.frames, 4)],
            "still": pixels_sha256(strip(clip)),
        }

    def compare(self, old: likeness.Shown, new: likeness.Shown) -> likeness.Comparison:
        """Compare two clips by four of their frames and their film strips."""
        return likeness.pictures(old, new, shape=("frames", "width", "height", "fps"))

    def bundle(self, sheet: Sheet) -> dict[str, Any]:
        """The stable line, a film strip as PNG, and a player; while it grows, only its newest frame."""
        clip: Clip = self._own(sheet.data)
        alt = _told(sheet)
        if sheet.live:
            return {"text/plain": sheet.mark, "text/html": card(newest(clip, alt), sheet, CSS)}
        return {
            "text/plain": sheet.mark,
            "image/png": base64_of(encoded(strip(clip.kept), "PNG")),
            "text/html": card(player(clip, alt), sheet, CSS),
        }

    def _own(self, data: Clip) -> Clip:
        return data if data.format == self.format else replace(data, format=self.format, content=b"")


def strip(clip: Clip) -> Any:
    """A film strip: up to six frames side by side, as one picture."""
    from PIL import Image

    frames = _spread(clip.frames, STRIP_FRAMES)
    scale = min(_STRIP_HEIGHT / clip.size[1], _STRIP_WIDTH / len(frames) / clip.size[0])
    width, height = (max(1, round(side * scale)) for side in clip.size)
    sheet = Image.new("RGB", (width * len(frames) + 4 * (len(frames) - 1), height), "white")
    for at, frame in enumerate(frames):
        sheet.paste(frame.resize((width, height), Image.Resampling.LANCZOS), (at * (width + 4), 0))
    return sheet


WEBP = ClipMedium("clip", "webp")
GIF = ClipMedium("clip-gif", "gif")
MP4 = ClipMedium("clip-mp4", "mp4")
MEDIA = {"webp": WEBP, "gif": GIF, "mp4": MP4}
"""The medium of each format."""


def _spread(frames: Frames, count: int) -> Frames:
    """Up to `count` frames, evenly apart, the first and the last among them."""
    last = len(frames) - 1
    count = min(count, len(frames))
    return tuple(frames[round(at * last / max(1, count - 1))] for at in range(count))


def _told(sheet: Sheet) -> str:
    """What a screen reader says."""
    keyframes = [str(each) for each in sheet.facts.get("keyframes") or ()] or [sheet.prompt]
    return f"Animation: {', then '.join(keyframes)}"
