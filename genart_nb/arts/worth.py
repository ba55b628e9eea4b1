"""What drafts are judged by, so that the best of several is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from genart_nb.arts.mending import content_words
from genart_nb.arts.slots import count_words

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def sums_up(source: str, said: str, sentence: str) -> float:
    """How much of the source a sentence adds to a summary, for its length; what the source does not say costs."""
    known, told, words = content_words(source), content_words(said), content_words(sentence)
    fresh, strange = (words & known) - told, words - known
    invented = set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(source))
    return len(fresh) - 2 * len(strange) - 5 * len(invented) - 0.2 * count_words(sentence)


def retold(source: str, sentence: str) -> float:
    """How much of the source is kept, in other words than its own and not many more."""
    known, words = content_words(source), content_words(sentence)
    kept = len(known & words) / max(1, len(known))
    same = _letters(source) == _letters(sentence)
    stretched = max(0.0, count_words(sentence) / max(1, count_words(source)) - 1.5)
    return kept - (0.6 if same else 0.0) - stretched - repetition(sentence)


def says_more(subject: str, said: Sequence[str], speech: str) -> float:
    """How little a speech repeats what was said, with a little for keeping to the subject."""
    words = content_words(speech)
    if not words:
        return -1.0
    again = max((len(words & content_words(other)) / len(words) for other in said), default=0.0)
    near = len(words & content_words(subject)) > 0
    shouted = sum(word.isupper() and len(word) > 1 for word in speech.split())
    return 0.3 * near + 0.08 * min(len(words), 6) - again - repetition(speech) - 0.5 * shouted


def names_new(subject: str, named: Sequence[str], label: str) -> float:
    """How new a title, a place or a thing is, and how near the subject."""
    words = content_words(label)
    used = set().union(*map(content_words, named)) if named else set()
    if not words or label.casefold() in map(str.casefold, named):
        return -2.0
    return 0.5 * bool(words & content_words(subject)) - len(words & used) / len(words) - repetition(label)


def entitles(subject: str, title: str) -> float:
    """How much a line looks like a title, words with capitals, and not like the prompt again."""
    words = [word for word in title.split() if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words) / len(words) if words else 0.0
    return capitals - 0.5 * (_letters(title) in _letters(subject)) - repetition(title)


def repetition(text: str) -> float:
    """Share of words that stand in `text` more than once, function words of one to three letters aside."""
    words = [word for word in re.findall(r"\w+", text.lower()) if len(word) > 3]
    return 1 - len(set(words)) / len(words) if words else 0.0


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))
