"""Which work stands for a page, on its card and where it is shared: telling, and not the same as another page's.

1. The work of the cell that the author tagged `cover`.
2. Else a picture before words, of the art form that the page has most of, that no page before it took and that is not
   the only one of another; of those the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from genart_nb.publishing.site import songs
from genart_nb.publishing.site.plates import Plate, Plates
from genart_nb.publishing.site.works import Found

TAG = "cover"

Picture = Callable[[], tuple[str, tuple[int, int]]]


@dataclass(frozen=True)
class Candidate:
    """A work that may be a cover: `key` is the same for the same work elsewhere, `words` are what a text begins with.

    `picture` puts its picture among the site's files and returns path and size; None for words.
    """

    key: str
    art: str
    picture: Picture | None = None
    words: str = ""
    chosen: bool = False


class Covered(Protocol):
    """What has a cover."""

    candidates: list[Candidate]
    cover: str
    cover_size: tuple[int, int]
    words: str


def candidate(plate: Plate, found: Found, plates: Plates, chosen: bool = False) -> Candidate | None:
    """A work as a cover; None for one of which nothing is left to show."""
    work = found.work
    art = work.recipe.art if work else plate.art
    key = str(work.fingerprint["sha256"]) if work else plate.id
    shown = plate.view or (plate.tiles[0][0] if plate.tiles else "")
    if shown and not shown.endswith(".svg"):
        return Candidate(key, art, lambda: (shown, (plate.width, plate.height)), chosen=chosen)
    if work is None:
        return None
    if isinstance(work.data, str):
        return Candidate(key, art, words=work.data[:400], chosen=chosen)
    still = _still(work.medium_name, work.data)
    return Candidate(key, art, lambda: plates.cover(plate.id, still(), work), chosen=chosen) if still else None


def choose(pages: Sequence[Covered]) -> None:
    """Set the cover of every page that has works, those with a choice of the author's first."""
    ranked = [_ranked(page.candidates) for page in pages]
    taken = {found[0].key for found in ranked if found and found[0].chosen}
    only = Counter(next(iter(keys)) for found in ranked if len(keys := {each.key for each in found}) == 1)
    for page, found in zip(pages, ranked, strict=True):
        if not found:
            continue
        cover = found[0]
        if not cover.chosen:
            alone = len({each.key for each in found}) == 1
            free = [each for each in found if each.key not in taken]
            cover = next((each for each in free if alone or not only[each.key]), next(iter(free), cover))
        taken.add(cover.key)
        if cover.picture is None:
            page.words = cover.words
        else:
            page.cover, page.cover_size = cover.picture()


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Best first; a work that stands twice on a page counts once."""
    first = list({each.key: each for each in reversed(candidates)}.values())[::-1]
    many = Counter(each.art for each in first if each.picture is not None)
    return sorted(first, key=lambda each: (not each.chosen, each.picture is None, -many[each.art]))


def _still(medium: str, data: Any) -> Callable[[], Any] | None:
    """What makes the picture of a song, a clip or a drawing."""
    if medium == "song":
        return lambda: songs.cover(data)
    if medium.startswith("clip"):
        return lambda: data.frames[len(data.frames) // 2]
    return (lambda: data.picture) if medium == "vector" else None
