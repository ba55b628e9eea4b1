"""A small SoundFont out of a large one: only the instruments wanted, every sample as it was.

SoundFont 2.04, http://www.synthfont.com/sfspec24.pdf; .sf3 is the same with each sample an Ogg Vorbis stream, whose
place in `smpl` is counted in bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from genart_nb.media.song import INSTRUMENTS

_SIZES = {"phdr": 38, "pbag": 4, "pmod": 10, "pgen": 4, "inst": 22, "ibag": 4, "imod": 10, "igen": 4, "shdr": 46}
_INSTRUMENT, _SAMPLE = 41, 53  # generators that name an instrument and a sample
_KEYS = 43
_STRUCK = ((36, 5600), (37, 1000), (38, -1200), (54, 1))
"""How a piano string sounds: it dies away in 25 s (timecents), to nothing (decibels / 10), let go in half a second."""
_COMPRESSED = 0x10


Tables = dict[str, list[bytes]]


@dataclass
class Font:
    """The records of a SoundFont by table, its samples' bytes and its info chunk."""

    tables: Tables
    samples: bytes
    info: bytes


def read(path: Path) -> Font:
    """Take a .sf2 or .sf3 apart."""
    data = path.read_bytes()
    tables: Tables = {}
    samples = info = b""
    for _, start, length in _chunks(data, 12, len(data)):
        kind = data[start : start + 4]
        if kind == b"INFO":
            info = data[start : start + length]
        for name, at, size in _chunks(data, start + 4, start + length):
            if name == "smpl":
                samples = data[at : at + size]
            elif name in _SIZES:
                each = _SIZES[name]
                tables[name] = [data[at + step : at + step + each] for step in range(0, size, each)]
    return Font(tables, samples, info)


def _chunks(data: bytes, at: int, end: int) -> Iterator[tuple[str, int, int]]:
    while at + 8 <= end:
        name, length = data[at : at + 4].decode("latin-1"), struct.unpack("<I", data[at + 4 : at + 8])[0]
        yield name, at + 8, length
        at += 8 + length
        at += bool(length % 2) and data[at : at + 1] == b"\0"  # not every writer pads odd chunks


def subset(font: Font, programs: Iterable[int], light: Mapping[int, tuple[str, ...]] | None = None) -> Font:
    """The bank 0 presets of these programs, with what they need; those in `light` from the samples named alone."""
    old, wanted = font.tables, set(programs)
    new: Tables = {name: [] for name in _SIZES}
    presets = [at for at, row in enumerate(old["phdr"][:-1]) if struct.unpack_from("<HH", row, 20) in
               {(program, 0) for program in wanted}]  # fmt: skip
    instruments: dict[int, int] = {}
    for at in presets:
        new["phdr"].append(_pointed(old["phdr"][at], 24, len(new["pbag"])))
        first, last = (struct.unpack_from("<H", old["phdr"][each], 24)[0] for each in (at, at + 1))
        _zones(old, new, "p", range(first, last), instruments, _INSTRUMENT)
    samples: dict[int, int] = {}
    for at in list(instruments):
        new["inst"].append(_pointed(old["inst"][at], 20, len(new["ibag"])))
        first, last = (struct.unpack_from("<H", old["inst"][each], 20)[0] for each in (at, at + 1))
        _zones(old, new, "i", range(first, last), samples, _SAMPLE)
    for program, names in (light or {}).items():
        _plain(old, new, samples, program, names)
    data = bytearray()
    for at in samples:
        new["shdr"].append(_moved(old["shdr"][at], font.samples, data))
    _close(old, new)
    return Font(new, bytes(data), font.info)


def _plain(old: Tables, new: Tables, samples: dict[int, int], program: int, names: tuple[str, ...]) -> None:
    """A preset of one layer: each sample for the keys that are nearer to its pitch than to the others'."""
    named = {row[:20].rstrip(b"\0").decode("latin-1"): at for at, row in enumerate(old["shdr"])}
    chosen = sorted((old["shdr"][named[name]][40], named[name]) for name in names)
    new["phdr"].append(struct.pack("<20sHHHIII", b"light", program, 0, len(new["pbag"]), 0, 0, 0))
    new["pbag"].append(struct.pack("<HH", len(new["pgen"]), len(new["pmod"])))
    new["pgen"].append(struct.pack("<HH", _INSTRUMENT, len(new["inst"])))
    new["inst"].append(struct.pack("<20sH", b"light", len(new["ibag"])))
    low = 0
    for place, (pitch, at) in enumerate(chosen):
        high = (pitch + chosen[place + 1][0]) // 2 if place + 1 < len(chosen) else 127
        new["ibag"].append(struct.pack("<HH", len(new["igen"]), len(new["imod"])))
        sample = samples.setdefault(at, len(samples))
        for operator, amount in ((_KEYS, low | high << 8), *_STRUCK, (_SAMPLE, sample)):
            new["igen"].append(struct.pack("<HH", operator, amount & 0xFFFF))
        low = high + 1


def _zones(old: Tables, new: Tables, letter: str, zones: range, found: dict[int, int], key: int) -> None:
    """Copy zones with their modulators and generators, numbering anew what the generator `key` points to."""
    for zone in zones:
        bags = [struct.unpack("<HH", old[f"{letter}bag"][each]) for each in (zone, zone + 1)]
        new[f"{letter}bag"].append(struct.pack("<HH", len(new[f"{letter}gen"]), len(new[f"{letter}mod"])))
        for row in old[f"{letter}gen"][bags[0][0] : bags[1][0]]:
            operator, amount = struct.unpack("<HH", row)
            if operator == key:
                amount = found.setdefault(amount, len(found))
            new[f"{letter}gen"].append(struct.pack("<HH", operator, amount))
        new[f"{letter}mod"] += old[f"{letter}mod"][bags[0][1] : bags[1][1]]


def _pointed(row: bytes, at: int, index: int) -> bytes:
    return row[:at] + struct.pack("<H", index) + row[at + 2 :]


def _moved(row: bytes, samples: bytes, data: bytearray) -> bytes:
    """One sample's header, its bytes appended to `data`; a stereo partner is let go, both play as they are."""
    start, end, loop, until = struct.unpack_from("<IIII", row, 20)
    rate, pitch, correction, _, kind = struct.unpack_from("<IBbHH", row, 36)
    packed = bool(kind & _COMPRESSED)
    per = 1 if packed else 2
    begin = len(data) // per
    data += samples[start * per : end * per]
    length = end - start
    if not packed:
        data += bytes(2 * 46)  # silence that the specification wants between samples
        loop, until = loop - start + begin, until - start + begin
    data += bytes(len(data) % 2)
    kind = _COMPRESSED | 1 if packed else 1
    return row[:20] + struct.pack("<IIIIIBbHH", begin, begin + length, loop, until, rate, pitch, correction, 0, kind)


def _close(old: Tables, new: Tables) -> None:
    """The records that end each table."""
    new["phdr"].append(_pointed(old["phdr"][-1], 24, len(new["pbag"])))
    new["inst"].append(_pointed(old["inst"][-1], 20, len(new["ibag"])))
    for letter in "pi":
        new[f"{letter}bag"].append(struct.pack("<HH", len(new[f"{letter}gen"]), len(new[f"{letter}mod"])))
        new[f"{letter}gen"].append(bytes(4))
        new[f"{letter}mod"].append(bytes(10))
    new["shdr"].append(old["shdr"][-1])


PIANO = tuple(f"Piano MF {name}(L)" for name in ("B0", "A1", "E2", "C3", "A3", "G4"))


def make(source: Path, target: Path) -> int:
    """Write the small SoundFont that ships, from MuseScore_General_Lite.sf3; returns its bytes."""
    programs = [program for program in INSTRUMENTS.values() if program]
    write(subset(read(source), programs, {0: PIANO}), target)
    return target.stat().st_size


def write(font: Font, path: Path) -> None:
    """Put a SoundFont together."""
    tables = b"".join(_chunk(name, b"".join(font.tables[name])) for name in _SIZES)
    body = _chunk("LIST", font.info) + _chunk("LIST", b"sdta" + _chunk("smpl", font.samples))
    body += _chunk("LIST", b"pdta" + tables)
    path.write_bytes(_chunk("RIFF", b"sfbk" + body))


def _chunk(name: str, data: bytes) -> bytes:
    return name.encode() + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
