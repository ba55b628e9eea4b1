"""Moving pictures as files: WebP and GIF through Pillow, MP4 (H.264) through PyAV.

Every file carries a comment with its frame rate and number of frames, because GIF and WebP keep frames that are alike
as one long frame, and GIF counts time in hundredths of a second.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from genart_nb.errors import OptionError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

Frames = tuple["Image", ...]

FORMATS = ("webp", "gif", "mp4")
LOSSLESS = frozenset({"webp"})
GIF_FASTEST = 50
"""Frames per second; browsers play anything quicker at 10."""

_PALETTE_FRAMES, _PALETTE_SIDE = 16, 64  # so many frames, so small, are looked at for the colours of a GIF
_PLAIN = 4  # colours of a GIF that are the most frequent ones, unchanged
_CHUNK = 1 << 15
_NOTE = re.compile(r"genart fps=([\d.]+) frames=(\d+) size=(\d+)x(\d+) loop=([01])")
_BT709 = 1  # the number of ITU-R BT.709 in H.264's tables of primaries, transfer curves and matrices


def encode(frames: Sequence[Image], fps: float, format: str, loop: bool) -> bytes:
    """The bytes of a file; `frames` are RGB of one size. Raises OptionError where MP4 has no encoder here."""
    note = f"genart fps={fps:g} frames={len(frames)} size={frames[0].width}x{frames[0].height} loop={int(loop)}"
    if format == "mp4":
        return _mp4(frames, fps, note)
    return _gif(frames, fps, loop, note) if format == "gif" else webp(frames, fps, loop, note=note)


def decode(content: bytes) -> tuple[Frames, float, str, bool]:
    """Frames as RGB, frames per second, format and loop of a file; raises ValueError for what is none."""
    if content[4:8] == b"ftyp":
        return _read_mp4(content)
    if content[:4] == b"RIFF" or content[:3] == b"GIF":
        return _read_stills(content)
    raise ValueError("it is neither WebP, GIF nor MP4")


def needs_video() -> None:
    """Raise OptionError with the command that helps when MP4 cannot be written here."""
    try:
        import av  # noqa: F401
    except ImportError:
        fix = "pip install 'genart_nb[video]', or use --format webp"
        raise OptionError("MP4 needs PyAV, which is not installed.", fix) from None


def webp(frames: Sequence[Image], fps: float, loop: bool, *, note: str = "", quality: int | None = None) -> bytes:
    """An animated WebP: lossless, or lossy of a `quality` in 0..100."""
    how: dict[str, Any] = {"lossless": True, "quality": 20, "method": 1}
    if quality is not None:
        how = {"quality": quality, "method": 3}
    target = io.BytesIO()
    frames[0].save(
        target, "WEBP", save_all=True, append_images=list(frames[1:]), duration=_durations(len(frames), fps, 1),
        loop=0 if loop else 1, xmp=note.encode(), **how,
    )  # fmt: skip
    return target.getvalue()


def _gif(frames: Sequence[Image], fps: float, loop: bool, note: str) -> bytes:
    palette = _palette(frames)
    # Dithering would crawl over the picture from frame to frame; with 256 colours of its own, a clip does without.
    drawn = [_drawn(frame, palette) for frame in frames]
    target = io.BytesIO()
    repeat = {"loop": 0} if loop else {}
    drawn[0].save(
        target, "GIF", save_all=True, append_images=drawn[1:], duration=_durations(len(drawn), fps, 10),
        comment=note.encode(), optimize=False, **repeat,
    )  # fmt: skip
    return target.getvalue()


def _palette(frames: Sequence[Image]) -> NDArray[np.float32]:
    """256 colours (256, 3) that suit all frames, from a sheet of some of them; plain grounds keep their very colour."""
    import numpy as np
    from PIL import Image
    from PIL.Image import Quantize

    count = min(len(frames), _PALETTE_FRAMES)
    chosen = [frames[round(at * (len(frames) - 1) / max(1, count - 1))] for at in range(count)]
    width, height = frames[0].size
    shrink = min(1.0, _PALETTE_SIDE / max(width, height))
    small = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    sheet = Image.new("RGB", (small[0], small[1] * count))
    for at, frame in enumerate(chosen):
        sheet.paste(frame.resize(small, Image.Resampling.NEAREST), (0, at * small[1]))
    shared = sheet.quantize(256 - _PLAIN, method=Quantize.MEDIANCUT, kmeans=1)
    counted: list[Any] = sorted(sheet.getcolors(sheet.width * sheet.height) or (), reverse=True)
    colours = np.full((256, 3), counted[0][1], np.float32)
    plain = [colour for _, colour in counted[:_PLAIN]]
    others = np.reshape(shared.getpalette() or [], (-1, 3))[: 256 - _PLAIN]
    colours[: len(plain)] = plain
    colours[len(plain) : len(plain) + len(others)] = others
    return colours


def _drawn(frame: Image, palette: NDArray[np.float32]) -> Image:
    """The frame in the colours of a palette (256, 3), each pixel in the nearest.

    Pillow looks them up in steps of 4 and is off by as much, so that white shows as a pink box on a white page.
    """
    import numpy as np
    from PIL import Image

    pixels = np.asarray(frame).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, places = np.unique(pixels, return_inverse=True)
    nearest = np.empty(len(found), np.uint8)
    for at in range(0, len(found), _CHUNK):
        packed = found[at : at + _CHUNK, None] >> np.array([16, 8, 0], np.uint32) & 255
        # The square of the distance, less what is the same for every colour of the palette.
        nearest[at : at + _CHUNK] = (np.square(palette).sum(1) - 2 * packed.astype(np.float32) @ palette.T).argmin(1)
    drawn = Image.fromarray(nearest[places].reshape(pixels.shape), "P")
    drawn.putpalette(palette.astype(np.uint8).tobytes())
    return drawn


def _durations(count: int, fps: float, tick: int) -> list[int]:
    """Milliseconds of each frame, whole ticks, so that no rounding adds up."""
    times = [round(at * 1000 / fps / tick) * tick for at in range(count + 1)]
    return [end - begin for begin, end in pairwise(times)]


def _read_stills(content: bytes) -> tuple[Frames, float, str, bool]:
    from PIL import Image, ImageSequence, UnidentifiedImageError

    frames: list[Image.Image] = []
    ends: list[int] = []
    try:
        with Image.open(io.BytesIO(content)) as file:
            format = str(file.format).lower()
            loop = file.info.get("loop", 1 if format == "gif" else 0) == 0
            note = _NOTE.search(_text(file.info.get("comment") or file.info.get("xmp") or b""))
            for frame in ImageSequence.Iterator(file):
                frames.append(frame.convert("RGB"))
                ends.append((ends[-1] if ends else 0) + (int(frame.info.get("duration") or 0) or 100))
    except (UnidentifiedImageError, OSError, SyntaxError, EOFError) as error:
        raise ValueError(f"the file is broken: {error}") from None
    if note is None:
        return tuple(frames), round(1000 * len(frames) / ends[-1], 2), format, loop
    fps, count = float(note[1]), int(note[2])
    tick = 10 if format == "gif" else 1
    times = [round(at * 1000 / fps / tick) * tick for at in range(count)]
    told = [next((n for n, end in enumerate(ends) if end > time), len(ends) - 1) for time in times]
    return tuple(frames[at] for at in told), fps, format, loop


def _text(comment: bytes | str) -> str:
    return comment.decode("latin-1") if isinstance(comment, bytes) else comment


def _mp4(frames: Sequence[Image], fps: float, note: str) -> bytes:
    needs_video()
    import av

    target = io.BytesIO()
    width, height = (side + side % 2 for side in frames[0].size)
    with av.open(target, "w", format="mp4", options={"fflags": "bitexact"}) as file:
        file.metadata["comment"] = note
        stream = file.add_stream(name := _encoder(), rate=Fraction(fps).limit_denominator(1000))
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        # One thread, and none that looks ahead: the bytes must not depend on how threads take turns.
        alone = "threads=1:lookahead-threads=1:sync-lookahead=0"
        stream.options = {"crf": "16", "preset": "medium"} | ({"x264-params": alone} if name == "libx264" else {})
        context = stream.codec_context
        context.thread_count = 1
        context.color_primaries = context.color_trc = context.colorspace = _BT709
        context.color_range = 1  # "limited", the only one that every browser reads rightly
        for image in frames:
            planes = _planes(_even(image, (width, height)))
            file.mux(stream.encode(av.VideoFrame.from_ndarray(planes, format="yuv420p")))
        file.mux(stream.encode())
    return target.getvalue()


def _planes(image: Image) -> NDArray[np.uint8]:
    """Luma and halved chroma (h * 3 / 2, w) by ITU-R BT.709, limited range; swscale's differ from run to run."""
    import numpy as np

    rgb = np.asarray(image, np.float64) / 255
    luma = rgb @ np.array([0.2126, 0.7152, 0.0722])
    small = rgb.reshape(image.height // 2, 2, image.width // 2, 2, 3).mean((1, 3))
    grey = small @ np.array([0.2126, 0.7152, 0.0722])
    chroma = [(small[..., 2] - grey) / 1.8556, (small[..., 0] - grey) / 1.5748]
    parts = [16 + 219 * luma, *(128 + 224 * each for each in chroma)]
    whole = np.concatenate([part.reshape(-1) for part in parts]).round().astype(np.uint8)
    return whole.reshape(image.height * 3 // 2, image.width)


def _encoder() -> str:
    import av

    for name in ("libx264", "libopenh264"):
        if name in av.codecs_available:
            return name
    raise OptionError("This PyAV was built without an H.264 encoder.", "pip install --force-reinstall av")


def _even(image: Image, size: tuple[int, int]) -> Image:
    """The picture with its last row and column repeated where H.264 wants an even number of them."""
    if image.size == size:
        return image
    from PIL import Image

    whole = Image.new("RGB", size)
    for left, top in ((1, 1), (1, 0), (0, 1), (0, 0)):
        whole.paste(image, (left * (size[0] - image.width), top * (size[1] - image.height)))
    return whole


def _read_mp4(content: bytes) -> tuple[Frames, float, str, bool]:
    needs_video()
    import av

    try:
        with av.open(io.BytesIO(content)) as file:
            rate = float(file.streams.video[0].average_rate or 1)
            note = _NOTE.search(file.metadata.get("comment", ""))
            size = (int(note[3]), int(note[4])) if note else None
            frames = []
            for frame in file.decode(video=0):
                image = frame.reformat(format="rgb24", src_colorspace="ITU709").to_image()
                frames.append(image.crop((0, 0, *size)) if size else image)
    except (av.error.FFmpegError, IndexError) as error:
        raise ValueError(f"the file is broken: {error}") from None
    return tuple(frames), float(note[1]) if note else round(rate, 2), "mp4", bool(note and note[5] == "1")
