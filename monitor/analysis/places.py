"""Which place an ambiguous name means, judged by what else the story names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from monitor.analysis.gazetteer import NAME_LANGUAGES, GazetteerPlace
from monitor.analysis.text import boundaries, fold

if TYPE_CHECKING:
    from monitor.analysis.reading import Match


def resolve(matches: list[Match], plain: str, language: str) -> list[Match]:
    """``matches`` with one place at most at every span, and without ambiguous names that nothing supports.

    ``plain`` is the story's folded text, ``language`` its language.

    A name supports another when it is the place's province, district or facing place, or lies in the same
    province or district; a word of the place's own context list supports it too.
    """
    spans: dict[tuple[str, int, int], list[GazetteerPlace]] = {}
    for match in matches:
        if isinstance(match.entry, GazetteerPlace):
            spans.setdefault((match.part, match.start, match.end), []).append(match.entry)
    if not spans:
        return matches
    named = {place.id: place for places in spans.values() for place in places if _certain(places, language)}
    words = f" {plain} "
    chosen: dict[tuple[str, int, int], GazetteerPlace | None] = {}
    for span, places in spans.items():
        chosen[span] = places[0] if _certain(places, language) else _best(places, named, words, language)
    return [
        match
        for match in matches
        if not isinstance(match.entry, GazetteerPlace) or chosen[(match.part, match.start, match.end)] is match.entry
    ]


def _certain(places: list[GazetteerPlace], language: str) -> bool:
    return len(places) == 1 and not _ambiguous(places[0], language)


def _ambiguous(place: GazetteerPlace, language: str) -> bool:
    """Whether the place's names mean something else in ``language``, or in any if that is unknown."""
    return language in place.ambiguous or (language not in NAME_LANGUAGES and bool(place.ambiguous))


def _best(
    places: list[GazetteerPlace], named: dict[str, GazetteerPlace], words: str, language: str
) -> GazetteerPlace | None:
    """The candidate the rest of the story speaks for most; None when it speaks for none."""
    scored = [
        (_support(place, named.values(), words), not _ambiguous(place, language), place.border, place)
        for place in places
    ]
    score, plain, _, place = max(scored, key=lambda row: row[:3])
    return place if score > 0 or plain else None


def _support(place: GazetteerPlace, named: Iterable[GazetteerPlace], words: str) -> int:
    score = 2 * any(f" {boundaries(fold(word)).strip()} " in words for word in place.context)
    for other in named:
        if other.id == place.id or place.name == other.name:
            continue
        if other.id == place.faces or other.faces == place.id:
            score += 2
        elif other.kind == "province":
            score += 2 * (other.name in place.admin1)
        elif set(other.admin2) & set(place.admin2):
            score += 3
        elif set(other.admin1) & set(place.admin1):
            score += 1
    return score
