"""PNG: `genart` and `parameters` as text chunks, and an XMP packet (https://www.w3.org/TR/png-3/)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from genart_nb.marks import xmp
from genart_nb.marks.base import Found, inflated, text_of

if TYPE_CHECKING:
    from genart_nb.marks.mark import Mark

KEY = b"genart"
PARAMETERS = b"parameters"

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP = b"XML:com.adobe.xmp"
_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
_WORTH_PACKING = 2048  # bytes


class Png:
    """A PNG file, animated or not."""

    suffixes = (".png",)

    def knows(self, content: bytes) -> bool:
        """Its signature."""
        return content.startswith(_SIGNATURE)

    def put(self, content: bytes, mark: Mark) -> bytes:
        """Right after the header, so that readers who stop at the pixels find it."""
        at = next((end for kind, _, end in _chunks(content) if kind == b"IHDR"), 0)
        if not at:
            raise ValueError("the file has no header")
        theirs = any(key == _XMP for key, _ in _texts(content))
        packet = b"" if theirs else _international(_XMP, mark.xmp(record=False), pack=False)
        try:
            shown = _chunk(b"tEXt", PARAMETERS + b"\0" + mark.parameters.encode("latin-1"))
        except UnicodeEncodeError:
            shown = _international(PARAMETERS, mark.parameters.encode())
        return content[:at] + _international(KEY, mark.json) + shown + packet + content[at:]

    def find(self, content: bytes) -> Found:
        """The text chunks that we know."""
        texts = dict(reversed(list(_texts(content))))
        packet = texts.get(_XMP, b"")
        software = texts.get(b"Software", b"")
        return Found(
            texts.get(KEY, xmp.record(packet)),
            text_of(texts.get(PARAMETERS, b"")),
            text_of(software) or xmp.tool(packet),
            text_of(texts.get(b"Comment", texts.get(b"Description", b""))),
        )

    def strip(self, content: bytes) -> bytes:
        """Without the chunks that `put` writes; another program's `parameters` stay."""
        if not any(key == KEY for key, _ in _texts(content)):
            return content
        kept = [
            content[begin:end]
            for kind, begin, end in _chunks(content)
            if not (kind in _TEXTS and _is_ours(*_text(kind, content[begin + 8 : end - 4])))
        ]
        whole = len(_SIGNATURE) + sum(end - begin for _, begin, end in _chunks(content))
        return _SIGNATURE + b"".join(kept) + content[whole:]


def _is_ours(key: bytes, text: bytes) -> bool:
    return key in (KEY, PARAMETERS) or (key == _XMP and xmp.is_ours(text))


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, begin and end of each chunk."""
    at = len(_SIGNATURE)
    while at < len(content):
        end = at + 12 + int.from_bytes(content[at : at + 4])
        if end > len(content):
            raise ValueError("the file ends in the middle of a chunk")
        kind = content[at + 4 : at + 8]
        yield kind, at, end
        if kind == b"IEND":
            return
        at = end


def _texts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    for kind, begin, end in _chunks(content):
        if kind in _TEXTS:
            yield _text(kind, content[begin + 8 : end - 4])


def _text(kind: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Keyword and text; the text is empty where it does not unpack."""
    key, _, rest = data.partition(b"\0")
    packed = kind == b"zTXt"
    if packed:
        rest = rest[1:]
    elif kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
    try:
        return key, inflated(rest) if packed else rest
    except ValueError:
        return key, b""


def _international(key: bytes, text: bytes, *, pack: bool = True) -> bytes:
    packed = pack and len(text) > _WORTH_PACKING
    data = zlib.compress(text, 6) if packed else text
    return _chunk(b"iTXt", key + (b"\0\1\0\0\0" if packed else b"\0\0\0\0\0") + data)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
