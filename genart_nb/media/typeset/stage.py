"""Words for the stage: screenplays and dialogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.frame import HUES, MONO, SANS, clean, escape, figure, hue
from genart_nb.media.typeset.markup import inline

# A screenplay page in tenths of an inch, one character each: dialogue starts 10 in from the action, parentheses
# 16, names 22. The percentages take over where the page is narrow.
SCREENPLAY = f"""
& .genart-text{{max-width:61ch;font:.88em/1.35 {MONO};overflow-wrap:break-word}}
& .genart-text :is(h4,p,blockquote){{margin:0 0 1.1em;padding:0;border:0;font:inherit;letter-spacing:0}}
& .genart-text>:last-child{{margin-bottom:0}}
& .genart-text h4{{font-weight:700;text-transform:uppercase;margin-top:1.8em}}
& .genart-text>h4:first-child{{margin-top:0}}
& .genart-text blockquote{{margin-inline:min(10ch,12%) 0;max-width:36ch;color:inherit}}
& b{{display:block;font-weight:400;padding-inline-start:min(12ch,26%)}}
& i{{display:block;font-style:normal;padding-inline-start:min(6ch,13%);max-width:24ch}}
& :is(b,i)+br,& br:has(+i){{display:none}}
& .genart-cut{{text-align:end}}
& .genart-centre{{text-align:center}}
"""

DIALOGUE = f"""
& dl{{margin:0;padding:0}}
& dl>div{{display:flex;flex-wrap:wrap;gap:0 1.1em;margin:0 0 .6em}}
& dl dt{{flex:1 0 6.5em;float:none;width:auto;margin:0;padding-top:.32em;font:600 .84em/1.35 {SANS};text-align:start}}
& dl dd{{flex:999 1 16em;float:none;width:auto;margin:0;text-align:start;unicode-bidi:plaintext}}
& p{{font-style:italic;color:var(--genart-quiet)}}
"""

_SCENE = re.compile(r"(?:(?:INT|EXT|EST|I/E|INT\./EXT|INT/EXT)[. ]|\.(?=[^.\s]))\s*\S", re.IGNORECASE)
_CUT = re.compile(r"(?:[A-Z ]{2,30}TO|FADE (?:IN|OUT)|FADE TO BLACK|THE END)\s*[:.]?\Z")
_EXTENSION = re.compile(r"\s*\([^()]{1,40}\)\s*\^?\Z")
_TURN = re.compile(
    r"[*_]{0,3}([^\s:*_(][^:*_(]{0,39}?)[*_ ]{0,4}(?:\(([^()]{1,60})\))?[*_ ]{0,4}[::](?!//)[*_]{0,3}(.*)"
)
_NOT_A_NAME = re.compile(r"[?!,;\"“”«»<>=/]|(?:\S+\s+){4}")


def screenplay(sheet: Sheet) -> str:
    """Fountain-like text: scene headings, action, CUES with (parentheses) and dialogue, transitions."""
    lines = [line.strip().removeprefix("**").removesuffix("**") for line in clean(sheet.data).split("\n")]
    blocks = [list(group) for filled, group in groupby(lines, key=bool) if filled]
    pieces = [piece for block in blocks for piece in _pieces(block)]
    # While the text grows, a last line in capitals is a name whose speech is yet to come.
    parts = [_piece(piece, sheet.live and piece is pieces[-1]) for piece in pieces]
    return figure(f'<div class="genart-text" dir="auto">{"".join(parts)}</div>', sheet, SCREENPLAY)


def dialogue(sheet: Sheet) -> str:
    """Lines `Name: speech`, a column of names beside the speeches, stacked where the page is narrow."""
    speakers: dict[str, int] = {}
    html: list[str] = []
    for spoken, group in groupby(_turns(clean(sheet.data)), key=lambda turn: bool(turn[0])):
        if not spoken:
            html.extend(f"<p>{'<br>'.join(map(inline, lines))}</p>" for _, _, lines in group)
            continue
        html.append("<dl>")
        for name, manner, lines in group:
            colour = speakers.setdefault(name.casefold(), len(speakers)) % len(HUES)
            aside = f"<em>({inline(manner)})</em> " if manner else ""
            said = "<br>".join(map(inline, lines))
            html.append(f'<div><dt class="genart-s{colour}" dir="auto">{escape(name)}</dt><dd>{aside}{said}</dd></div>')
        html.append("</dl>")
    colours = "".join(f"& .genart-s{n}{{color:{hue(n)}}}" for n in range(min(len(speakers), len(HUES))))
    return figure(f'<div class="genart-text" dir="auto">{"".join(html)}</div>', sheet, DIALOGUE + colours)


def _pieces(block: list[str]) -> Iterator[list[str]]:
    """Lines between blank ones, cut where a heading, transition or name stands: models forget the blank line."""
    piece: list[str] = []
    for at, line in enumerate(block):
        # A line in capitals is a name only if something follows, and never right after another name.
        cue = _is_cue(line) and at + 1 < len(block) and not (len(piece) == 1 and _is_cue(piece[0]))
        alone = bool(piece) and _is_alone(piece[0])
        if piece and (cue or alone or _is_alone(line)):
            yield piece
            piece = []
        piece.append(line)
    yield piece


def _piece(lines: list[str], growing: bool) -> str:
    if _is_alone(lines[0]):
        return _scene_line(lines[0])
    if _is_cue(lines[0]) and (len(lines) > 1 or growing):
        return _speech(lines[0], lines[1:])
    return f"<p>{'<br>'.join(map(inline, lines))}</p>"


def _is_alone(line: str) -> bool:
    return line.startswith(">") or bool(_SCENE.match(line) or _CUT.fullmatch(line))


def _scene_line(line: str) -> str:
    if line.startswith(">"):
        text = line.lstrip("> ")
        kind = "centre" if text.endswith("<") else "cut"
        return f'<p class="genart-{kind}">{inline(text.rstrip("< "))}</p>'
    if _CUT.fullmatch(line):
        opens = line.startswith("FADE IN")  # the one transition that stands at the left margin
        return f"<p>{inline(line)}</p>" if opens else f'<p class="genart-cut">{inline(line)}</p>'
    heading = line[1:] if line.startswith(".") else line
    return f'<h4 class="tocSkip">{inline(heading)}</h4>'


def _speech(cue: str, lines: list[str]) -> str:
    said = [f"<i>{inline(line)}</i>" if line.startswith("(") else inline(line) for line in lines]
    name = f"<b>{inline(cue.lstrip('@').rstrip('^ '))}</b>"
    return f"<blockquote>{'<br>'.join([name, *said])}</blockquote>"


def _is_cue(line: str) -> bool:
    if line.startswith("@"):
        return True
    name = _EXTENSION.sub("", line) if len(line) < 80 else ""
    return 0 < len(name) <= 38 and name == name.upper() and name != name.lower() and name[-1] not in ".!?:,"


def _turns(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """(name, manner, lines) of each speech; narration has an empty name."""
    turn: tuple[str, str, list[str]] | None = None
    for line in filter(None, map(str.strip, text.split("\n"))):
        found = _TURN.fullmatch(line)
        if found and not _NOT_A_NAME.search(found[1]):
            if turn:
                yield turn
            turn = (found[1].strip(), found[2] or "", [found[3].strip()])
        elif turn is None or line[0] in "([" or line.startswith("*("):
            if turn:
                yield turn
            yield ("", "", [line])
            turn = None
        else:
            turn[2].append(line)
    if turn:
        yield turn
