"""Cards for people: a character sheet, and a conversation."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from genart_nb.media.base import Sheet
from genart_nb.media.typeset.frame import MONO, SANS, escape, figure
from genart_nb.media.typeset.markup import running

RAW = f"& pre{{margin:0;padding:0;background:none;color:inherit;font:.85em/1.5 {MONO};white-space:pre-wrap}}"

PROFILE = f"""
& .genart-name{{margin:0;font-size:1.7em;font-weight:600;line-height:1.2;text-align:start}}
& .genart-role{{margin:.15em 0 0;color:var(--genart-quiet);font-style:italic}}
& ul{{display:flex;flex-wrap:wrap;gap:.4em;list-style:none;margin:.9em 0 0;padding:0}}
& li{{margin:0;padding:.1em .75em;border:1px solid var(--genart-line);border-radius:1em;
font:.78em/1.6 {SANS}}}
& dl{{margin:1.1em 0 0;padding:0}}
& dl>div{{display:flex;flex-wrap:wrap;gap:0 1.1em;margin:0;padding:.45em 0;border-top:1px solid var(--genart-line)}}
& dl dt{{flex:1 0 10em;float:none;margin:0;padding-top:.35em;font:600 .72em/1.5 {SANS};letter-spacing:.07em;
text-transform:uppercase;color:var(--genart-quiet);text-align:start}}
& dl dd{{flex:999 1 16em;float:none;width:auto;margin:0;text-align:start;unicode-bidi:plaintext}}
"""

CHAT = f"""
& dl{{margin:0;padding:0}}
& dl dt{{float:none;margin:0 0 .1em;font:600 .72em/1.6 {SANS};color:var(--genart-quiet);text-align:start}}
& dl dd{{float:none;margin:0 0 1.1em;padding:0;text-align:start}}
& dl:last-child>dd:last-child,& dd>:last-child{{margin-bottom:0}}
& dd.genart-said{{padding:.5em .9em;border-radius:.2em .9em .9em .9em;
background:color-mix(in srgb,currentColor 9%,transparent);
width:fit-content}}
& .genart-past{{color:var(--genart-quiet)}}
& dd.genart-past{{font-size:.86em;line-height:1.45;margin-bottom:.7em}}
& hr{{margin:1em 0;border:0;border-top:1px solid var(--genart-line);height:0}}
& ol,& ul{{margin:0 0 .8em;padding-inline-start:1.6em}}
"""

KEPT_TURNS = 4
KEPT_CHARACTERS = 400
_HEADLINE = ("name", "role", "occupation", "age", "traits")


def profile(sheet: Sheet) -> str:
    """A character sheet from a JSON object; text that is not (yet) one is shown as it stands."""
    facts = None if sheet.live else _object(sheet.data)
    if facts is None:
        return figure(f'<pre dir="auto">{escape(sheet.data)}</pre>', sheet, RAW)
    if _flat(facts.get("name") or "") == sheet.title:
        sheet = replace(sheet, title="")
    head = [f'<h4 class="genart-name tocSkip">{escape(_flat(facts["name"]))}</h4>'] if facts.get("name") else []
    known = [_flat(facts[key]) for key in ("role", "occupation", "age") if facts.get(key)]
    head += [f'<p class="genart-role">{escape(", ".join(known))}</p>'] if known else []
    traits = facts.get("traits")
    chips = [_flat(trait) for trait in (traits if isinstance(traits, list) else [traits]) if trait]
    head += [f'<ul role="list">{"".join(f"<li>{escape(chip)}</li>" for chip in chips)}</ul>'] if chips else []
    rows = "".join(
        f"<div><dt>{escape(key.replace('_', ' '))}</dt><dd>{escape(_flat(value))}</dd></div>"
        for key, value in facts.items()
        if key not in _HEADLINE and value not in (None, "", [], {})
    )
    body = "".join(head) + (f"<dl>{rows}</dl>" if rows else "")
    return figure(f'<div class="genart-text" dir="auto">{body}</div>', sheet, PROFILE)


def chat(sheet: Sheet) -> str:
    """The last few turns dimmed, then what was said now and its answer."""
    turns = _past(sheet.facts.get("turns"))
    earlier = len(turns) - KEPT_TURNS
    rows = [f'<dd class="genart-past">… {earlier} more before</dd>'] if earlier > 0 else []
    for role, content in turns[-KEPT_TURNS:]:
        short = content if len(content) <= KEPT_CHARACTERS else content[:KEPT_CHARACTERS].rstrip() + " …"
        rows.append(_turn(role, short, "genart-past"))
    past = f"<dl>{''.join(rows)}</dl><hr>" if rows else ""
    now = (_turn("user", sheet.prompt, "genart-said") if sheet.prompt.strip() else "") + _turn("assistant", sheet.data)
    return figure(f'<div class="genart-text">{past}<dl>{now}</dl></div>', sheet, CHAT)


def _turn(role: str, content: str, kind: str = "") -> str:
    who = {"user": "You", "assistant": "Reply"}.get(role, role.capitalize())
    attribute = f' class="{kind}"' if kind else ""
    return f'<dt{attribute}>{escape(who)}</dt><dd{attribute} dir="auto">{running(content)}</dd>'


def _past(turns: Any) -> list[tuple[str, str]]:
    kept = [turn for turn in turns if isinstance(turn, dict)] if isinstance(turns, list | tuple) else []
    return [(str(turn.get("role")), str(turn.get("content", ""))) for turn in kept if turn.get("role") != "system"]


def _object(text: str) -> dict[str, Any] | None:
    """The JSON object in `text`, or None."""
    # Nobody has so many facts; and nesting that deep would exhaust the stack when written again.
    if text.count("[") + text.count("{") > 300:
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value else None


def _flat(value: Any) -> str:
    """A JSON value as a phrase: lists joined, a nested object as its JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in value)
    return json.dumps(value, ensure_ascii=False)
