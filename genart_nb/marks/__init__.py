"""Marks: what a file says of itself, so that whoever has the picture can make it again.

`write` puts the recipe into PNG, WebP, JPEG, GIF, SVG, MP4, WAV and MIDI files, `read` reads it back, `strip` takes it
out. Pixels, frames and samples are never touched: only blocks that viewers and players pass over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genart_nb.marks.base import MARK_MAX, Carrier, Found
from genart_nb.marks.carriers import CARRIERS, carrier_of
from genart_nb.marks.mark import Mark, source_type, understood

__all__ = ["MARK_MAX", "Carrier", "Found", "belies", "find", "public", "read", "source_type", "strip", "write"]


def write(content: bytes, suffix: str, record: Mapping[str, Any]) -> bytes:
    """The file with its record in it: the recipe, digest, fingerprint, and what it was drawn from.

    `record` is `Artwork.record`. Equal arguments give equal bytes. A file that is not of the kind its `suffix` names,
    is broken, or has no place for a mark, comes back as it is: a work is never lost for want of its mark.
    """
    carrier = carrier_of(content)
    if carrier is None or suffix.lower() not in carrier.suffixes:
        return content
    try:
        return carrier.put(carrier.strip(content), Mark.of(record))
    except (AttributeError, KeyError, TypeError, ValueError):  # a broken file, or a record that is no record
        return content


def belies(content: bytes, suffix: str) -> bool:
    """Whether a name with that ending promises another kind of file than this is: words in a `.png`."""
    carrier, ending = carrier_of(content), suffix.lower()
    known = any(ending in each.suffixes for each in CARRIERS)
    return known and (carrier is None or ending not in carrier.suffixes)


def public(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record as `write` puts it into a file: no path, password, time or machine, and no more than MARK_MAX."""
    return Mark.of(record).payload


def read(content: bytes) -> dict[str, Any] | None:
    """The record that `write` put there, or None for a file without.

    Raises MarkError for a record that is broken, or of a version that is not known here. Nothing is believed: compare
    `digest` with the recipe's own, and `fingerprint` with the content's.
    """
    found = find(content)
    return understood(found.record) if found.record is not None else None


def find(content: bytes) -> Found:
    """Everything a file says of itself, ours or another program's, unread; empty for an unknown or broken file."""
    carrier = carrier_of(content)
    try:
        return carrier.find(content) if carrier else Found()
    except ValueError:
        return Found()


def strip(content: bytes) -> bytes:
    """The file without our marks; those of other programs, and what a reader needs to show it, stay."""
    carrier = carrier_of(content)
    try:
        return carrier.strip(content) if carrier else content
    except ValueError:
        return content
