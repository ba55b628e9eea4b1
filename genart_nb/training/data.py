"""Captioned pictures for the starter painter: fetched from npm packages, filtered by licence, rendered once.

Every picture remembers the set it came from, its licence, author and homepage.
"""

from __future__ import annotations

import io
import json
import random
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from genart_nb.errors import ModelNotFoundError, WeightsError
from genart_nb.paths import cache_home
from genart_nb.training import vocabulary

SIDE = 256
"""Pixels of a rendered side; training halves it."""

ALLOWED = ("Apache-2.0", "MIT", "CC-BY-4.0")
HELD_OUT = 100


@dataclass(frozen=True)
class Set:
    """One set of drawings: where it comes from, whose it is, and how it looks (`style`, empty: for the judge only)."""

    package: str
    version: str
    style: str
    licence: str
    author: str
    homepage: str


SETS = {
    "fluent-flat": Set("@iconify-json/fluent-emoji-flat", "1.2.6", "flat", "MIT", "Microsoft Corporation", "https://github.com/microsoft/fluentui-emoji"),
    "fluent-3d": Set("@lobehub/fluent-emoji-3d", "1.1.0", "3d", "MIT", "Microsoft Corporation, packaged by LobeHub", "https://github.com/microsoft/fluentui-emoji"),
    "noto": Set("@iconify-json/noto", "1.2.9", "shaded", "Apache-2.0", "Google Inc", "https://github.com/googlefonts/noto-emoji"),
    "twemoji": Set("@iconify-json/twemoji", "1.2.5", "bold", "CC-BY-4.0", "Twitter, Inc and other contributors", "https://github.com/jdecked/twemoji"),
    "fluent-ink": Set("@iconify-json/fluent-emoji-high-contrast", "1.2.6", "ink", "MIT", "Microsoft Corporation", "https://github.com/microsoft/fluentui-emoji"),
    "streamline": Set("@iconify-json/streamline-emojis", "1.2.4", "outline", "CC-BY-4.0", "Streamline", "https://github.com/webalys-hq/streamline-vectors"),
    "noto-v1": Set("@iconify-json/noto-v1", "1.2.5", "", "Apache-2.0", "Google Inc", "https://github.com/googlefonts/noto-emoji"),
    "emojione": Set("@iconify-json/emojione", "1.2.3", "", "CC-BY-4.0", "Emoji One, kept by EmojiTwo", "https://github.com/EmojiTwo/emojitwo"),
}  # fmt: skip
TITLES = {
    **dict.fromkeys(("fluent-flat", "fluent-3d", "fluent-ink"), "Fluent Emoji"), "noto": "Noto Emoji",
    "noto-v1": "Noto Emoji (v1)", "twemoji": "Twemoji", "streamline": "Streamline Emojis", "emojione": "EmojiOne",
}  # fmt: skip
"""What the sets are called where people read of them."""

WORDS = {"emoji-datasource": "16.0.0", "emojilib": "4.0.3"}  # names and keywords, both MIT


@dataclass(frozen=True)
class Entry:
    """One picture: what it shows, in which style, and whose it is."""

    id: str
    code: str
    name: str
    names: tuple[str, ...]
    keywords: tuple[str, ...]
    category: str
    style: str
    set: str
    licence: str
    held_out: bool = False
    source: str = ""
    """The drawing that it was redrawn from, if nobody drew it."""


def home() -> Path:
    """Where prepared data and checkpoints live."""
    return cache_home() / "training" / "painter"


def fetch(package: str, version: str) -> Path:
    """Folder of an npm package, downloaded by npm if need be."""
    at = home() / "npm"
    stem = f"{package.lstrip('@').replace('/', '-')}-{version}"
    if not (at / stem / "package").is_dir():
        at.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "pack", "--silent", f"{package}@{version}"], cwd=at, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise ModelNotFoundError(f"npm could not fetch {package} {version}: {done.stderr[:200]}", "npm ping")
        with tarfile.open(at / f"{stem}.tgz") as archive:
            archive.extractall(at / stem, filter="data")
    return at / stem / "package"


def concepts() -> dict[str, dict[str, Any]]:
    """Code point -> name, category and keywords, for every concept of the vocabulary."""
    rows = json.loads((fetch("emoji-datasource", WORDS["emoji-datasource"]) / "emoji.json").read_text())
    keywords = json.loads((fetch("emojilib", WORDS["emojilib"]) / "dist" / "emoji-en-US.json").read_text())
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda each: each["sort_order"]):
        code = bare(row["unified"])
        if vocabulary.kept(row["subcategory"], row["short_name"], code):
            character = "".join(chr(int(part, 16)) for part in row["unified"].split("-"))
            words = keywords.get(character) or keywords.get(character.replace("\ufe0f", "")) or []
            found[code] = {
                "short": row["short_name"].replace("_", " ").replace("-", " "),
                "category": vocabulary.category(row["subcategory"], row["short_name"]),
                "keywords": tuple(word.replace("_", " ") for word in words if word[:1].isalpha()),
            }
    return found


def bare(code: str) -> str:
    """A code point sequence without variation selectors, in lower case."""
    return "-".join(part for part in code.lower().split("-") if part != "fe0f")


def collect() -> Iterator[tuple[Entry, bytes]]:
    """Every kept picture with its source, SVG or WebP, set by set."""
    known = concepts()
    cldr, codes = _names(known)
    for key, origin in SETS.items():
        if origin.licence not in ALLOWED:
            raise WeightsError(f"{key} is under {origin.licence}, which is not allowed here.", "leave the set out")
        seen: set[str] = set()
        for code, source in _drawings(origin, codes):
            if code not in known or code in seen or code not in cldr:
                continue
            seen.add(code)
            name = vocabulary.called(cldr[code])
            words = known[code]
            names = tuple(dict.fromkeys([name, cldr[code].replace("-", " "), words["short"]]))
            kind = words["category"]
            row = Entry(f"{key}/{code}", code, name, names, words["keywords"], kind, origin.style, key, origin.licence)
            yield row, source


def _names(known: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Code point -> CLDR name, and any icon name -> code point."""
    cldr: dict[str, str] = {}
    codes: dict[str, str] = {}
    for key in ("twemoji", "noto", "fluent-flat"):
        for code, name in json.loads((fetch(SETS[key].package, SETS[key].version) / "chars.json").read_text()).items():
            if (plain := bare(code)) in known:
                cldr[plain] = name
                codes[name] = plain
    return cldr, codes


def _drawings(origin: Set, codes: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    folder = fetch(origin.package, origin.version)
    if not (folder / "icons.json").exists():
        for path in sorted((folder / "assets").glob("*.webp")):
            yield bare(path.stem), path.read_bytes()
        return
    icons = json.loads((folder / "icons.json").read_text())
    chars = folder / "chars.json"
    by_name = {name: bare(code) for code, name in json.loads(chars.read_text()).items()} if chars.exists() else {}
    for name, icon in icons["icons"].items():
        code = by_name.get(name) or codes.get(name) or codes.get(name.rstrip("0123456789").rstrip("-"))
        if code:
            box = {side: icon.get(side, icons.get(side, 16)) for side in ("width", "height")}
            view = f"{icon.get('left', 0)} {icon.get('top', 0)} {box['width']} {box['height']}"
            head = (
                f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{view}">'
            )
            yield code, f"{head}{icon['body']}</svg>".encode()


def render(source: bytes, side: int = SIDE) -> NDArray[np.uint8]:
    """RGBA, (side, side, 4), of an SVG or WebP, centred with a small margin."""
    from PIL import Image

    inner = side - side // 16
    if source.startswith(b"<svg"):
        import resvg_py

        drawn = bytes(resvg_py.svg_to_bytes(svg_string=source.decode(), width=inner, skip_system_fonts=True))
        picture = Image.open(io.BytesIO(drawn)).convert("RGBA")
    else:
        picture = Image.open(io.BytesIO(source)).convert("RGBA")
    picture.thumbnail((inner, inner), Image.Resampling.LANCZOS)
    canvas = Image.new("RGBA", (side, side))
    canvas.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return np.asarray(canvas)


def hold_out(entries: list[Entry], count: int = HELD_OUT, seed: int = 0) -> list[Entry]:
    """The same entries, some marked held out: pairs of style and concept whose concept is seen in other styles."""
    styles: dict[str, set[str]] = {}
    for entry in entries:
        if entry.style:
            styles.setdefault(entry.code, set()).add(entry.style)
    pairs = [entry.id for entry in entries if entry.style and entry.style != "outline" and len(styles[entry.code]) >= 4]
    drawn = set(random.Random(seed).sample(sorted(pairs), min(count, len(pairs))))
    return [Entry(**{**asdict(entry), "held_out": entry.id in drawn}) for entry in entries]


def prepare() -> list[Entry]:
    """Render everything into `pictures.safetensors` (lossless WebP) and `pictures.json`; returns the entries."""
    from safetensors.numpy import save_file

    entries, files = [], []
    for entry, source in collect():
        picture = render(source)
        if picture[..., 3].max() < 128:
            continue
        entries.append(entry)
        files.append(webp(picture))
    entries = hold_out(entries)
    save_file(packed(files), home() / "pictures.safetensors")
    (home() / "pictures.json").write_text(json.dumps([asdict(entry) for entry in entries]))
    return entries


def packed(files: list[bytes]) -> dict[str, NDArray[Any]]:
    """Files end to end, and where each begins and the last one ends, as tensors."""
    offsets = np.cumsum([0, *map(len, files)]).astype(np.int64)
    return {"webp": np.frombuffer(b"".join(files), np.uint8), "offsets": offsets}


def webp(picture: NDArray[np.uint8], quality: int = 0) -> bytes:
    """A picture with alpha as WebP, lossless where no quality (1 to 100) is given."""
    from PIL import Image

    manner = {"quality": quality, "alpha_quality": 80, "method": 4} if quality else {"quality": 20, "method": 2}
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "WEBP", lossless=not quality, **manner)
    return buffer.getvalue()


def load(side: int = SIDE) -> tuple[list[Entry], NDArray[np.uint8]]:
    """Entries and their RGBA pictures, (n, side, side, 4); prepared first if they are not there."""
    from PIL import Image
    from safetensors.numpy import load_file

    entries = listed()
    stored = load_file(home() / "pictures.safetensors")
    at, data = stored["offsets"], stored["webp"].tobytes()
    pictures = np.empty((len(entries), side, side, 4), np.uint8)
    for index in range(len(entries)):
        picture = Image.open(io.BytesIO(data[at[index] : at[index + 1]])).convert("RGBA")
        pictures[index] = resized(picture, side)
    return entries, pictures


def listed() -> list[Entry]:
    """Entries alone; prepared first if they are not there."""
    if not (home() / "pictures.json").exists():
        prepare()
    return [read(row) for row in json.loads((home() / "pictures.json").read_text())]


def read(row: dict[str, Any]) -> Entry:
    """An entry as it was written."""
    return Entry(**{**row, "names": tuple(row["names"]), "keywords": tuple(row["keywords"])})


def resized(picture: Any, side: int) -> NDArray[np.uint8]:
    """A PIL picture as RGBA (side, side, 4), by premultiplied alpha: edges take no colour from what is unseen."""
    from PIL import Image

    if picture.size == (side, side):
        return np.asarray(picture)
    return np.asarray(picture.convert("RGBa").resize((side, side), Image.Resampling.BOX).convert("RGBA"))
