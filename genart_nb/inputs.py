"""What goes into a work: a work, a file or what is in memory becomes a name that a recipe can keep.

The name is `picture:` and the first 16 hex digits of the SHA-256 of the pixels (of the notes for `song:`, of UTF-8 for
`text:`), so a recipe does not change when a file is moved, and does when it is edited. What it was is copied to
`GENART_HOME/inputs`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genart_nb.artwork import Artwork
from genart_nb.errors import OptionError
from genart_nb.media import Medium, medium, picture_reading
from genart_nb.options import Options, OptionSpec, shown
from genart_nb.paths import data_home
from genart_nb.recipe import Recipe

if TYPE_CHECKING:
    from PIL.Image import Image

    from genart_nb.media.clip import Clip

_NAMED = re.compile(r"\b([a-z][a-z0-9-]*?)[:-]([0-9a-f]{16})\b")
_ANY = re.compile(r"([a-z][a-z0-9-]*):([0-9a-f]{16})")
_PICTURED = (*picture_reading.FILES, ".svg", ".mp4", ".m4v", ".mov", ".webm")
_SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")


def held(table: type[Options], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Recipe]]:
    """`values` with every picture, song and text replaced by its name, and the recipes of those that are works.

    Raises OptionError for what is none.
    """
    named, recipes = dict(values), []
    for row in table.table():
        value = values.get(row.name)
        if not row.takes or value is None or (isinstance(value, str) and not value):
            continue
        if row.takes == "pictures":
            named[row.name], used = _hold_blend(row, value)
            recipes += used
            continue
        if isinstance(value, Artwork):
            recipes.append(value.recipe)
        if not isinstance(value, str) or not _ANY.fullmatch(value):
            keep = {"picture": _hold, "moving": _hold_moving, "subject": _hold_subject}.get(row.takes, _hold_other)
            named[row.name] = keep(row, value)
    return named, recipes


def blended(text: str, find: Callable[[str], Any]) -> str | list[tuple[Any, float | None]]:
    """A blend such as `fox:0.6,waves:0.4` with what `find` knows in the place of names; the text where it knows none.

    Only pictures count: a name that stands for anything else is left as it is.
    """
    parts = [(find(name), name, weight) for name, weight in _parts(text)]
    if not any(_is_picture(found) for found, _, _ in parts):
        return text
    return [(found if _is_picture(found) else name, weight) for found, name, weight in parts]


def picture(name: str) -> Image:
    """The RGB picture of a name given by `held`; raises OptionError when it is not on this machine."""
    found: Image = content(name if name.startswith("picture:") else "")
    return found


def content(name: str) -> Any:
    """What `held` named, of any medium; raises OptionError when it is not on this machine."""
    kind, path = _place(name)
    if kind is None or path is None:
        fix = "make the work it came from again with `%genart remake`, or give it anew"
        raise OptionError(f"What the recipe starts from, {shown(name)}, is not on this machine.", fix)
    return kind.load(path.read_bytes())


def keep(table: type[Options], work: Artwork) -> None:
    """Keep a work on this machine under every name that an option of the table would give it."""
    for row in filter(lambda row: row.takes, table.table()):
        with contextlib.suppress(OptionError):  # of another medium
            held(table, {row.name: work})


def missing(table: type[Options], values: Mapping[str, Any]) -> bool:
    """Whether anything that a recipe's options name by `held` is not on this machine."""
    texts = [str(values.get(row.name) or "") for row in table.table() if row.takes]
    return any(_place(f"{kind}:{digits}")[1] is None for text in texts for kind, digits in _NAMED.findall(text))


def _place(name: str) -> tuple[Medium | None, Path | None]:
    """The medium of a name, and the file that keeps it; a work of the gallery that is the same is as good."""
    found = _ANY.fullmatch(name)
    if found is None:
        return None, None
    kind = medium(found[1])
    works = (data_home() / "gallery" / "works").glob(f"*-{found[2][:8]}{kind.suffix}")
    path = _inputs() / f"{found[2]}{kind.suffix}"
    return kind, path if path.is_file() else next(works, None)


def _moving(row: OptionSpec, value: object) -> Clip | None:
    """The clip that a work, a file or an upload is; None where it holds one picture, or is no file."""
    from genart_nb.media import clip

    data = value.data if isinstance(value, Artwork) else value
    if isinstance(data, clip.Clip):
        return data
    name, content = _uploaded(data) or ("", b"")
    if isinstance(data, str | Path) and (path := Path(data).expanduser()).is_file():
        name, content = path.name, path.read_bytes()
    if content[4:8] != b"ftyp" and content[:3] != b"GIF" and content[:4] != b"RIFF":
        return None
    try:
        found = clip.read(content)
    except ValueError as error:
        raise OptionError(
            f"{row.flag}: {name[:80]} is no clip that can be read: {error}.", picture_reading.USE
        ) from None
    return found if len(found.frames) > 1 or found.format == "mp4" else None


def _hold_moving(row: OptionSpec, value: object) -> str:
    from genart_nb.media.clip import MEDIA

    clip = _moving(row, value)
    if clip is None:
        return _hold(row, value)
    kind = MEDIA[clip.format]
    return _stored(kind, clip, kind.fingerprint(clip)["sha256"][:16])


def _hold_subject(row: OptionSpec, value: object) -> str:
    """Keep what a work is made after: by its first bytes a picture or a clip, or else a text."""
    from genart_nb.media import text_reading
    from genart_nb.media.text import TEXT

    data: Any = value.data if isinstance(value, Artwork) else value
    name, content = _uploaded(data) or ("", None)
    path = None if isinstance(value, Artwork) else text_reading.file_of(data)
    head = content if content is not None else text_reading.head(path or (data if type(data) is str else ""), row.flag)
    if type(data).__name__ == "Song" or text_reading.is_music(path.name if path else name, head):
        fix = "`--continue` goes on from a song, `--harmonise` writes voices below one; both take .mid and .abc files"
        raise OptionError(f"{row.flag} takes a text, a picture or a clip, and this is a song.", fix)
    if path is None and (isinstance(data, Path) or (type(value) is str and text_reading.looks_named(value))):
        fix = "name a text, a picture or a clip file, or a variable that holds one, or a work"
        raise OptionError(f"{row.flag}: there is no file and no variable {shown(str(data))}.", fix)
    if content is not None:
        data = {"name": name, "content": content}  # an open file can be read once
    drawn = (path or Path(name)).suffix.lower() in _PICTURED or head.startswith(_SIGNS) or head[4:8] == b"ftyp"
    if drawn or not (content is not None or isinstance(data, str | Path)):
        return _hold_moving(row, value if isinstance(value, Artwork) else data)
    if isinstance(value, Artwork):
        text = text_reading.checked(data, row.flag)
    else:
        text = TEXT.taken(data if content is None else content, row.flag)
    return _stored(TEXT, text, TEXT.fingerprint(text)["sha256"][:16])


def _hold_blend(row: OptionSpec, value: Any) -> tuple[str, list[Recipe]]:
    """A blend as text: names with weights, pictures as `picture-` and their digits; and the recipes of works."""
    if isinstance(value, str):
        parts: list[tuple[Any, float | None]] = list(_parts(value))
    elif isinstance(value, Mapping) and "content" not in value:  # what was uploaded is a mapping too
        parts = list(value.items())
    elif isinstance(value, list) and value and all(isinstance(each, tuple) and len(each) == 2 for each in value):
        parts = value
    else:
        parts = [(value, None)]
    names = []
    for each, _ in parts:
        given = not isinstance(each, str) or "/" in each or Path(each).suffix.lower() in picture_reading.FILES
        names.append(_hold(row, each).replace(":", "-") if given else each)
    if isinstance(value, str) and names == [each for each, _ in parts]:
        return value, []
    weighed = zip(names, (weight for _, weight in parts), strict=True)
    text = ",".join(name if weight is None else f"{name}:{weight:g}" for name, weight in weighed)
    return text, [each.recipe for each, _ in parts if isinstance(each, Artwork)]


def _parts(text: str) -> Iterator[tuple[str, float | None]]:
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, colon, number = part.rpartition(":")
        try:
            yield (name.strip(), float(number)) if colon else (part, None)
        except ValueError:
            yield part, None


def _is_picture(value: object) -> bool:
    return isinstance(value, Artwork | Path) or hasattr(value, "__array_interface__")


def _hold_other(row: OptionSpec, value: object) -> str:
    """Keep what is no picture, by its medium's own reader."""
    kind: Any = medium(row.takes)
    data = kind.taken(value.data if isinstance(value, Artwork) else value, row.flag)
    return _stored(kind, data, kind.fingerprint(data)["sha256"][:16])


def _stored(kind: Any, data: Any, name: str) -> str:
    path = _inputs() / f"{name}{kind.suffix}"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(kind.dump(data))
        part.replace(path)
    return f"{kind.name}:{name}"


def _hold(row: OptionSpec, value: object) -> str:
    from genart_nb.media.picture import PICTURE

    image = picture_reading.fitted(_opened(row, value))
    return _stored(PICTURE, image, PICTURE.fingerprint(image)["sha256"][:16])


def _opened(row: OptionSpec, value: object) -> Image:
    from PIL import Image

    if isinstance(value, Artwork):
        value = getattr(value.data, "picture", value.data)  # what a drawing was traced from
    if isinstance(value, Image.Image):
        return value
    if isinstance(value, str | Path):
        return picture_reading.read_file(Path(value).expanduser(), row.flag)
    if uploaded := _uploaded(value):
        return picture_reading.decoded(*uploaded, row.flag)
    if hasattr(value, "__array_interface__"):
        return picture_reading.from_array(value, row.flag)
    raise OptionError(f"{row.flag} cannot start from a {type(value).__name__}.", picture_reading.USE)


def _uploaded(value: object) -> tuple[str, bytes] | None:
    """Name and bytes of an uploaded file: bytes, an ipywidgets FileUpload or its value, or an open file."""
    value = getattr(value, "value", value)
    if isinstance(value, tuple) and value:
        value = value[0]
    if isinstance(value, Mapping) and "content" in value:
        return str(value.get("name") or "the upload"), bytes(value["content"])
    if isinstance(value, bytes | bytearray | memoryview):
        return "the upload", bytes(value)
    content = value.read() if hasattr(value, "read") else None
    return (str(getattr(value, "name", "the file")), content) if isinstance(content, bytes) else None


def _inputs() -> Path:
    return data_home() / "inputs"
