"""TeX in Markdown as MathML, set while the page is made: a reader's browser needs no script and no font from elsewhere.

What is TeX: `$…$` (no space just inside, no digit right after, as Pandoc has it), `$$…$$`, and the environments of
amsmath. latex2mathml (https://github.com/roniemartinez/latex2mathml) reads it; what it cannot read stays as typed.
"""

from __future__ import annotations

import functools
import importlib.util
import re
import unicodedata
from html import unescape
from typing import Any
from xml.etree import ElementTree as Tree

from genart_nb.publishing.outcome import INSTALL

MOST = 4000
"""Characters of the longest formula that is set."""
LONG = 8
"""Parts of a formula among words from which on its line may be broken."""
MISSING = f"TeX stands as it was typed: setting it needs latex2mathml ({INSTALL})"

TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover", "none",
}  # fmt: skip
"""Elements of MathML that a page may have."""
ATTRIBUTES = {
    "accent", "accentunder", "columnalign", "columnspan", "depth", "display", "displaystyle", "fence", "form", "height",
    "largeop", "linethickness", "lspace", "mathcolor", "mathvariant", "maxsize", "minsize", "movablelimits", "notation",
    "rowspan", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
}  # fmt: skip
"""Attributes that they may have, if their value is `plain`."""

_FORMULA = rf"(?:\\.|[^$\\]){{1,{MOST}}}?"
_ENVIRONMENT = (
    r"\\begin\{(?P<environment>(?:align|alignat|equation|eqnarray|gather|multline)\*?)\}"
    rf"[\s\S]{{0,{MOST}}}?\\end\{{(?P=environment)\}}"
)
_DISPLAY = rf"\$\$(?P<display>{_FORMULA})\$\$"
_WORDS = rf"(?:\\.|[^$\\`]){{1,{MOST}}}?"
_INLINE = rf"\$(?![\s$])(?P<inline>{_WORDS})(?<!\s)\$(?![\d$])"
_BLOCK = rf"^ {{0,3}}(?s:\$\$(?P<block>{_FORMULA})\$\$|(?P<whole>{_ENVIRONMENT}))[ \t]*(?:\n|$)"
_ALONE = re.compile(rf"(?s:\$\$(?P<display>{_FORMULA})\$\$|(?P<whole>{_ENVIRONMENT})|\$(?P<inline>{_FORMULA})\$)")
_BREAKS = {*"=+−-<>≤≥≈≡∼∈⊂⊆→⇒⇔"}
_BLANK = re.compile(r"\n[ \t]*\n")
# A formula may not define commands: ten of them that name one another twice would fill the memory.
_DEFINES = re.compile(r"\\(?:[gex]?def|let|(?:re)?new\w+|providecommand|DeclareMath\w+)(?![A-Za-z])")
# What the library sets in columns; JupyterLab shows equations without numbers, and so do pages.
_KNOWN = {
    "align": "split", "aligned": "split", "alignat": "split", "alignedat": "split", "eqnarray": "split",
    "gather": "matrix", "gathered": "matrix", "multline": "matrix", "equation": "equation*",
}  # fmt: skip
_NAMED = re.compile(rf"\\(begin|end)\{{({'|'.join(_KNOWN)})\*?\}}(?:(?<=at\}})\{{\d+\}}|(?<=at\*\}})\{{\d+\}})?")
_VALUE = re.compile(
    r"-?\d{0,2}(?:\.\d{1,4})?(?:[a-z]{2}|%)?|#[0-9A-Fa-f]{3,8}|[A-Za-z][A-Za-z0-9-]{0,30}(?: [a-z]{1,20}){0,3}"
)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Browsers know one `mathvariant` only; every other is a letter of its own in Unicode.
_VARIANTS = {
    "bold": "BOLD", "italic": "ITALIC", "bold-italic": "BOLD ITALIC", "double-struck": "DOUBLE-STRUCK",
    "script": "SCRIPT", "bold-script": "BOLD SCRIPT", "fraktur": "FRAKTUR", "bold-fraktur": "BOLD FRAKTUR",
    "sans-serif": "SANS-SERIF", "bold-sans-serif": "SANS-SERIF BOLD", "monospace": "MONOSPACE",
}  # fmt: skip


@functools.cache
def available() -> bool:
    """Whether latex2mathml is here."""
    return importlib.util.find_spec("latex2mathml") is not None


def mathml(source: str, display: bool = False) -> str:
    """TeX as MathML, every text in it escaped; empty where it cannot be set."""
    if not source.strip() or len(source) > MOST or _DEFINES.search(source):
        return ""
    from latex2mathml.converter import convert_to_element

    source = _NAMED.sub(lambda found: f"\\{found[1]}{{{_KNOWN[found[2]]}}}", _UNWRITABLE.sub("\ufffd", source))
    try:
        made = convert_to_element(source, display="block" if display else "inline")
        for each in made.iter():
            # The library keeps its symbols as references, and would write an author's text as it is.
            each.text = _varied(unescape(each.text or ""), each)
        parts = [made] if display else _parted(made)
        return "".join(Tree.tostring(each, encoding="unicode", short_empty_elements=False) for each in parts)
    except Exception:  # it raises many kinds, RecursionError among them
        return ""


def plain(value: str) -> bool:
    """Whether an attribute's value is a word, a colour or a length of less than a hundred."""
    return _VALUE.fullmatch(value) is not None


def alone(text: str) -> tuple[str, bool, str] | None:
    """The formula, whether it is a line of its own, and the whole, where a text is nothing but one; else None."""
    found = _ALONE.fullmatch(text.strip())
    return (*_told(found), found[0]) if found else None


def plugin(md: Any) -> None:
    """Teach mistune what is TeX; the renderer's `formula` and `block_formula` set it."""
    md.block.register("block_formula", _BLOCK, _block, before="list")
    for rules in (md.block.list_rules, md.block.block_quote_rules):
        md.block.insert_rule(rules, "block_formula", before="list")
    pattern = rf"(?P<whole>{_ENVIRONMENT})|{_DISPLAY}|{_INLINE}"
    md.inline.register("formula", rf"(?s:{pattern})", _inline, before="codespan")


def _block(block: Any, found: re.Match[str], state: Any) -> int | None:
    source = found["block"] or found["whole"]
    if found["block"] and _BLANK.search(source.strip("\n")):
        return None
    attributes = {"typed": found[0].strip()}
    state.append_token({"type": "block_formula", "raw": source.strip(), "attrs": attributes})
    return found.end()


def _inline(inline: Any, found: re.Match[str], state: Any) -> int | None:
    source, display = _told(found)
    if _BLANK.search(source):
        return None
    state.append_token({"type": "formula", "raw": source, "attrs": {"display": display, "typed": found[0]}})
    return found.end()


def _told(found: re.Match[str]) -> tuple[str, bool]:
    held = found.groupdict()
    return (str(held["inline"]), False) if held["inline"] else (str(held["display"] or held["whole"]), True)


def _parted(made: Any) -> list[Any]:
    """A long formula among words as several, each ending with a relation or a sign, so that its line can be broken."""
    row = made[0] if len(made) == 1 and made[0].tag == "mrow" else None
    if row is None or len(row) < LONG:
        return [made]
    parts: list[list[Any]] = [[]]
    for each in row:
        parts[-1].append(each)
        if each.tag == "mo" and each.text in _BREAKS and len(parts[-1]) > 1:
            parts.append([])
    found = []
    for children in filter(None, parts):
        found.append(Tree.Element("math", made.attrib))
        Tree.SubElement(found[-1], "mrow").extend(children)
    return found


def _varied(text: str, element: Any) -> str:
    """Letters and digits in the alphabet that `mathvariant` names."""
    variant = element.attrib.get("mathvariant")
    if variant not in _VARIANTS:
        return text
    del element.attrib["mathvariant"]
    return "".join(_letter(each, _VARIANTS[variant]) for each in text)


def _letter(letter: str, variant: str) -> str:
    name = unicodedata.name(letter, "").replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    for prefix in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{prefix}{variant} {name}")
        except KeyError:
            continue
    return letter
