"""EXIF with a UserComment: where galleries look for `parameters` in JPEG and WebP.

A TIFF directory (https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E); big-endian, since
readers take its UNICODE comments for UTF-16 of that order.
"""

from __future__ import annotations

import struct
import warnings

_SOFTWARE, _EXIF_IFD, _USER_COMMENT = 0x0131, 0x8769, 0x9286
_ASCII, _LONG, _UNDEFINED = 2, 4, 7
_ENTRY = struct.Struct(">HHLL")
_CODES = {b"UNICODE\0": "utf-16-be", b"ASCII\0\0\0": "latin-1", b"\0" * 8: "utf-8"}


def block(comment: str, software: str) -> bytes:
    """A TIFF block, without the `Exif\\0\\0` that goes before it in JPEG."""
    told = software.encode("ascii", "replace") + b"\0"
    told += b"\0" * (len(told) % 2)
    text = b"UNICODE\0" + comment.encode("utf-16-be")
    first, second = 8, 8 + 2 + 2 * 12 + 4 + len(told)
    entries = (
        _ENTRY.pack(_SOFTWARE, _ASCII, len(told), first + 2 + 2 * 12 + 4)
        + _ENTRY.pack(_EXIF_IFD, _LONG, 1, second)
    )  # fmt: skip
    comments = _ENTRY.pack(_USER_COMMENT, _UNDEFINED, len(text), second + 2 + 12 + 4)
    return (
        b"MM\0*" + first.to_bytes(4) + (2).to_bytes(2) + entries + bytes(4) + told
        + (1).to_bytes(2) + comments + bytes(4) + text
    )  # fmt: skip


def comment(content: bytes) -> tuple[str, str]:
    """UserComment and Software of a TIFF block, whoever wrote it; empty where there are none."""
    from PIL import Image

    exif = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a cut directory: what it still has is read
            exif.load(content)
            raw = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT, b"")
            software = str(exif.get(_SOFTWARE, ""))
    except Exception:  # whatever a broken directory does to its reader, it has no comment
        return "", ""
    if not isinstance(raw, bytes):
        return str(raw), software
    return raw[8:].decode(_code(raw, little=content[:2] == b"II"), "replace").strip("\0 "), software


def _code(raw: bytes, *, little: bool) -> str:
    code = _CODES.get(raw[:8], "latin-1")
    # The standard leaves the order open: most write big-endian whatever the file, some the file's own.
    looks_little = raw[9:10] == b"\0" and raw[8:9] != b"\0"
    return "utf-16-le" if code == "utf-16-be" and little and looks_little else code
