"""Text as people hand it over: a text itself, a file of it, or the bytes of one."""

from __future__ import annotations

import codecs
import contextlib
import re
from pathlib import Path

from genart_nb.errors import OptionError
from genart_nb.options import shown
from genart_nb.recipe import PROMPT_MAX, clean_text

FILES = (".txt", ".md", ".markdown", ".text", ".rst")
"""Endings that a text file is known by; one of another ending is read as well, if it is there."""
MUSIC = (".mid", ".midi", ".abc", ".musicxml", ".mxl", ".wav", ".flac", ".ogg", ".mp3")

_LOOK = 4096  # bytes by which a file is known
_USE = "name a text file, or a variable that holds a text, or give one of several words"
_ENDING = re.compile(r"\.[A-Za-z]\w{0,9}$")
_ABC = re.compile(r"^X:\s*\d+[^\n]*\n(?:.*\n)*?K:", re.M)
_HEADING = re.compile(r"^ {0,3}(?:#{1,6}(?:\s.*)?|([-*_=])(?: ?\1){2,}|(?:```|~~~).*)$", re.M)


def read(value: object, flag: str) -> str:
    """The text that a str, a path or bytes are, with one kind of line end.

    A str is the name of a file where there is one of that name, and a text where it does not look like a name: one with
    a space, or with more than one line. From a .md file headings, rules and fences are left out. Raises OptionError for
    what is missing, too long, empty, or no text.
    """
    path = file_of(value)
    if isinstance(value, bytes | bytearray):
        text = decoded(bytes(value), "the upload", flag)
    elif path is not None:
        text = decoded(_bytes(path, flag), path.name, flag)
        text = _HEADING.sub("", text) if path.suffix.lower() in (".md", ".markdown") else text
    elif isinstance(value, str) and not looks_named(value):
        text = value
    else:
        named = isinstance(value, str | Path)
        what = f"there is no file and no variable {shown(str(value))}" if named else f"this is a {type(value).__name__}"
        raise OptionError(f"{flag}: {what}.", _USE)
    return checked(clean_text(text), flag)


def checked(text: str, flag: str) -> str:
    """The text as it is; raises OptionError for one that is empty, or too long."""
    if not text.strip():
        raise OptionError(f"{flag}: the text is empty.", "give one of a line at least")
    if len(text) > PROMPT_MAX:
        raise OptionError(f"{flag}: that text has {len(text):,} characters.", f"give one of at most {PROMPT_MAX:,}")
    return text


def head(value: Path | str, flag: str) -> bytes:
    """The first bytes of a file, or of a text."""
    if isinstance(value, Path):
        try:
            with value.open("rb") as file:
                return file.read(_LOOK)
        except OSError as error:
            raise _unreadable(value, error, flag) from None
    return value[:_LOOK].encode("utf-8", "replace")


def file_of(value: object) -> Path | None:
    """The file that a str or path names, if it is there."""
    if isinstance(value, str | Path) and len(str(value)) <= 4096 and "\n" not in str(value):
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # too long a name, a NUL, nobody's home
            path = Path(value).expanduser()
            return path if path.is_file() else None
    return None


def looks_named(text: str) -> bool:
    """Whether a str is meant as the name of a variable or a file: `verse`, `a poem.txt`, `poems/one`."""
    if "\n" in text or not text.strip():
        return False
    ending = _ENDING.search(text.strip())
    if ending and ending[0].lower() in (*FILES, *MUSIC, ".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4"):
        return True
    return not re.search(r"\s", text.strip()) and bool(
        ending or "/" in text or "\\" in text or (text.isascii() and text.isidentifier())
    )


def is_music(name: str, content: bytes) -> bool:
    """Whether a file is a song: by its ending, its first bytes, or ABC and MusicXML by their text."""
    if Path(name).suffix.lower() in MUSIC or content[:4] in (b"MThd", b"OggS", b"fLaC") or content[:3] == b"ID3":
        return True
    wave = content[:4] == b"RIFF" and content[8:12] == b"WAVE"
    text = content[:_LOOK].decode("utf-8", "replace").replace("\r\n", "\n")
    return wave or bool(_ABC.search(text)) or "<score-partwise" in text


def decoded(content: bytes, name: str, flag: str) -> str:
    """The text in UTF-8, or UTF-16 with its mark; raises OptionError for other bytes."""
    wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        text = content.decode("utf-16" if wide else "utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise OptionError(f"{flag}: {name[:80]} is no text that can be read.", "save it as plain text in UTF-8")
    return text


def _bytes(path: Path, flag: str) -> bytes:
    try:
        if path.stat().st_size > 4 * PROMPT_MAX:
            raise OptionError(f"{flag}: {path.name[:80]} is too long.", f"give at most {PROMPT_MAX:,} characters")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error, flag) from None


def _unreadable(path: Path, error: OSError, flag: str) -> OptionError:
    return OptionError(f"{flag}: {path.name[:80]} cannot be read: {error.strerror}.", "check its rights")
