"""Whether a work made again is the work that was stored: the verdict, what is expected of it, and every reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from genart_nb import environment
from genart_nb.artwork import MIME
from genart_nb.media import distances
from genart_nb.media.likeness import DRIFTED, Comparison, Verdict, anything
from genart_nb.publishing.elsewhere import excuse
from genart_nb.publishing.stored import Work, faults

__all__ = ["Comparison", "Judgement", "Tier", "Verdict", "changes", "compare", "judge"]

SHORT = 200
"""Characters of a changed prompt that are shown."""


class Tier(StrEnum):
    """How alike a work made again has to be."""

    AUTO = "auto"
    """In the environment it was made in: the same. In another: drifted at most, or excused, which is told."""
    EXACT = "exact"
    CLOSE = "close"
    PERCEPTUAL = "perceptual"

    def allows(self, verdict: Verdict) -> bool:
        """Whether a verdict is good enough."""
        return verdict <= _MOST[self]


_MOST = {
    Tier.EXACT: Verdict.SAME, Tier.CLOSE: Verdict.CLOSE, Tier.PERCEPTUAL: Verdict.DRIFTED, Tier.AUTO: Verdict.DRIFTED,
}  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """What came of comparing one stored work with the one made again."""

    old: Work
    new: Work
    comparison: Comparison
    tier: Tier
    passed: bool
    recipe: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = field(default=())
    """What differs between the two environments."""
    abroad: bool = False
    """Whether it was made in another environment, as both tell, and no tier was asked for that holds everywhere."""
    excuse: str = ""
    """Why it passes though it differs: made elsewhere, it may."""

    @property
    def moved(self) -> bool:
        """Whether it was made elsewhere and came out otherwise, so that what follows from it will too."""
        return self.passed and self.abroad and self.comparison.verdict is not Verdict.SAME

    @property
    def reasons(self) -> list[str]:
        """Everything that speaks against sameness, the weightiest first."""
        changed = [f"recipe: {line}" for line in self.recipe]
        return [*self.faults, *changed, *self.comparison.reasons]


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Compare two works: mime bundles of ours, or bare records (then without their stills and texts).

    The verdict is of the content. Where both say which recipe they came of and the recipes differ, it is DIFFERENT,
    whatever the content: the distances still tell of it.
    """
    one, other = (Work.of({"data": each if MIME in each else {MIME: each}}) for each in (old, new))
    if one is None or other is None:
        return Comparison(Verdict.DIFFERENT, {}, ("one of them is no work",))
    found = _content(one, other)
    if one.digest and other.digest and one.digest != other.digest:
        told = "the recipes differ" + (", though the content is the same" if found.verdict is Verdict.SAME else "")
        return replace(found, verdict=Verdict.DIFFERENT, reasons=(told, *found.reasons))
    return found


def judge(old: Work, new: Work, tier: Tier = Tier.AUTO, *, moved: bool = False) -> Judgement:
    """Hold a work made again against the stored one, and the stored one against itself.

    `moved`: a work before it in the notebook was made elsewhere and came out otherwise.
    """
    comparison = compare(old.bundle, new.bundle)
    kin = environment.like(old.environment, new.environment)
    asked = (Tier.EXACT if kin == "same" else Tier.AUTO) if tier is Tier.AUTO else tier
    within = tuple([*faults(old), *_beside(old, new, comparison, kin)])
    recipe = tuple(changes(old.record.get("recipe"), new.record.get("recipe"))) if old.digest != new.digest else ()
    elsewhere = tuple(environment.differences(old.environment, new.environment)) if kin != "same" else ()
    passed = asked.allows(comparison.verdict) and not within
    abroad = tier is Tier.AUTO and kin in ("place", "device")
    why = excuse(old, new, moved) if abroad and not (passed or within) else ""
    return Judgement(old, new, comparison, asked, passed or bool(why), recipe, within, elsewhere, abroad, why)


def changes(old: Any, new: Any, at: str = "") -> Iterator[str]:
    """What differs between two recipes, one line for each part."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys([*old, *new]):
            yield from changes(old.get(name), new.get(name), f"{at}.{name}" if at else str(name))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, pair in enumerate(zip(old, new, strict=True)):
            yield from changes(*pair, f"{at}[{place}]")
    elif old != new:
        yield f"{at or 'recipe'}: {_brief(old)} -> {_brief(new)}"


def _content(one: Work, other: Work) -> Comparison:
    """The verdict of the works' medium, or where it has none, whether they are equal."""
    if one.record.get("medium") != other.record.get("medium"):
        told = f"medium {one.record.get('medium')!r} then, {other.record.get('medium')!r} now"
        return Comparison(Verdict.DIFFERENT, {}, (told,))
    if bool(one.record.get("partial")) != bool(other.record.get("partial")):
        return Comparison(Verdict.DIFFERENT, {}, ("one of the two was stopped early",))
    found: Comparison = getattr(one.medium, "compare", anything)(one.shown, other.shown)
    return found


def _beside(old: Work, new: Work, comparison: Comparison, kin: str) -> Iterator[str]:
    """What is shown beside the work: nothing may be lacking, and nobody may have put something else there."""
    if old.digest != new.digest or comparison.verdict > Verdict.DRIFTED:
        return
    if lost := sorted(set(new.bundle) - set(old.bundle)):
        yield f"the stored output lacks {', '.join(lost)}"
    if comparison.verdict is Verdict.SAME and kin == "same":
        for name in sorted(set(old.bundle) & set(new.bundle) - {MIME}):
            if old.bundle[name] != new.bundle[name]:
                yield f"the stored {name} is not what this work is shown as"
        if old.record.get("facts") != new.record.get("facts"):
            told = "; ".join(list(changes(old.record.get("facts"), new.record.get("facts"), "facts"))[:5])
            yield f"what was measured of it differs: {told}"
    elif "thumbnail" in old.shown.fingerprint or "thumbnails" in old.shown.fingerprint:
        yield from _pages(old, new)


def _pages(old: Work, new: Work) -> Iterator[str]:
    """Pictures within two pages, pair by pair; encoders differ, so these are held to the widest bound."""
    from genart_nb.media.picture import thumbnail

    for one, other in zip(old.pictures(), new.pictures(), strict=False):
        if distances.grey_levels_apart(thumbnail(one), thumbnail(other)) > 2 * DRIFTED["grey"]:
            yield "the stored text/html shows another picture"
            return


def _brief(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= SHORT else f"{told[:SHORT]}... ({len(told)} characters)"
